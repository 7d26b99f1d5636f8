//! One of a list.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::Label;
use crate::classes::{classes, when};
use crate::field::{Field, Module};

/// One entry of a [`Select`].
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct SelectItem {
    #[setters(skip)]
    value: String,
    #[setters(skip)]
    text: String,
    /// Whether it is chosen, whatever the value of the select is.
    #[setters(strip_option)]
    selected: Option<bool>,
    /// Whether it cannot be chosen.
    disabled: bool,
}

impl SelectItem {
    /// An entry that reads `text` and is sent as `value`.
    pub fn new(value: impl Into<String>, text: impl Into<String>) -> Self {
        Self { value: value.into(), text: text.into(), ..Self::default() }
    }
}

/// One of a list. Prefer radios where the list is short.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct Select {
    #[setters(skip)]
    pub(crate) field: Field,
    #[setters(skip)]
    items: Vec<SelectItem>,
    /// Value of the entry that is chosen.
    #[setters(strip_option)]
    value: Option<String>,
}

impl Select {
    /// A list that the form sends as `name`.
    pub fn new(
        name: impl Into<String>,
        label: impl Into<Label>,
        items: impl IntoIterator<Item = SelectItem>,
    ) -> Self {
        Self { field: Field::new(name, label), items: items.into_iter().collect(), value: None }
    }

    fn is_chosen(&self, item: &SelectItem) -> bool {
        item.selected.unwrap_or_else(|| self.value.as_ref() == Some(&item.value))
    }

    fn control(&self) -> Markup {
        let error = when(self.field.has_error(), "govuk-select--error");
        html! {
            (self.field.before)
            select class=(classes(&["govuk-select", &self.field.classes, error]))
                id=(self.field.own_id())
                name=(self.field.name)
                disabled[self.field.disabled]
                aria-describedby=[self.field.all_described_by()] {
                @for item in &self.items {
                    option value=(item.value) selected[self.is_chosen(item)] disabled[item.disabled] { (item.text) }
                }
            }
            (self.field.after)
        }
    }
}

impl Render for Select {
    fn render(&self) -> Markup {
        self.field.group("", &Module::default(), &self.control())
    }
}
