//! The label of a control.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::classes::{classes, given, when};
use crate::{Content, Size};

/// The label of a control. Plain text becomes one with `into()`.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct Label {
    #[setters(skip)]
    content: Content,
    /// Size of its type; that of body text where none is given.
    #[setters(strip_option)]
    size: Option<Size>,
    /// Whether it is the heading of the page, which asks for nothing else.
    page_heading: bool,
    /// Whether only those who do not see the page need it.
    visually_hidden: bool,
    /// Further classes.
    classes: String,
    /// Id of the control that it belongs to; controls set their own.
    for_id: String,
}

impl Label {
    /// A label that says `content`.
    pub fn new(content: impl Into<Content>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }

    /// The label, belonging to the control of this id.
    pub(crate) fn of(&self, id: &str) -> Markup {
        self.clone().for_id(id).render()
    }

    /// The label with a further class, for the component that it stands in.
    pub(crate) fn with_class(mut self, class: &str) -> Self {
        self.classes = classes(&[class, &self.classes]);
        self
    }
}

impl<T: Into<Content>> From<T> for Label {
    fn from(content: T) -> Self {
        Label::new(content)
    }
}

impl Render for Label {
    fn render(&self) -> Markup {
        if self.content.is_nothing() {
            return Markup::default();
        }
        let size = self.size.map(|size| size.of("govuk-label")).unwrap_or_default();
        let hidden = when(self.visually_hidden, "govuk-visually-hidden");
        let label = html! {
            label class=(classes(&["govuk-label", &size, hidden, &self.classes])) for=[given(&self.for_id)] {
                (self.content)
            }
        };
        if self.page_heading {
            html! { h1 class="govuk-label-wrapper" { (label) } }
        } else {
            label
        }
    }
}
