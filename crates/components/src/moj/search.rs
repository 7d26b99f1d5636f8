//! The box in which one searches.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::classes::{classes, or};
use crate::{Button, Content, Input, Label};

/// The box in which one searches: a form that is sent with GET.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct Search {
    #[setters(skip)]
    action: String,
    #[setters(skip)]
    label: Label,
    /// Name that the form sends; `q` where nothing is given.
    name: String,
    /// Id of the box; its name where none is given.
    id: String,
    /// What stands in the box.
    value: String,
    /// Help with the words.
    hint: Content,
    /// What is wrong with the words.
    error: Content,
    /// What the button says; “Search” where nothing is given.
    button: String,
    /// Further controls of the form, such as hidden ones, before the box.
    controls: Markup,
    /// Further classes.
    classes: String,
}

impl Search {
    /// A search that is answered at `action`.
    pub fn new(action: impl Into<String>, label: impl Into<Label>) -> Self {
        Self { action: action.into(), label: label.into(), ..Self::default() }
    }

    fn input(&self) -> Input {
        let button = Button::new(or(&self.button, "Search")).classes("moj-search__button");
        let mut input = Input::new(or(&self.name, "q"), self.label.clone().with_class("moj-search__label"))
            .id(self.id.as_str())
            .classes("moj-search__input")
            .kind("search")
            .value(self.value.as_str())
            .hint(self.hint.clone())
            .error(self.error.clone())
            .spellcheck(false)
            .after(button.render());
        input.wrapper_class = "moj-search__input-wrapper";
        input
    }
}

impl Render for Search {
    fn render(&self) -> Markup {
        html! {
            search class=(classes(&["moj-search", &self.classes])) {
                form action=(self.action) method="get" {
                    (self.controls)
                    (self.input())
                }
            }
        }
    }
}
