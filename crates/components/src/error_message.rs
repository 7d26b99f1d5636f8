//! What is wrong with one answer, beside it.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::Content;
use crate::classes::{classes, given};

/// What is wrong with one answer and how to mend it, beside that answer.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct ErrorMessage {
    #[setters(skip)]
    content: Content,
    /// Id, by which a control says that the message describes it.
    id: String,
    /// Further classes.
    classes: String,
}

impl ErrorMessage {
    /// A message that says `content`.
    pub fn new(content: impl Into<Content>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }
}

impl Render for ErrorMessage {
    fn render(&self) -> Markup {
        html! {
            p id=[given(&self.id)] class=(classes(&["govuk-error-message", &self.classes])) {
                span class="govuk-visually-hidden" { "Error:" } " " (self.content)
            }
        }
    }
}
