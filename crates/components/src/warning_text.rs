//! What may follow from what is done here.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::Content;
use crate::classes::{classes, or};

/// What may follow from what is done here, in law or in fact.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct WarningText {
    #[setters(skip)]
    content: Content,
    /// What stands for the sign for those who do not see it; “Warning” where nothing is given.
    icon_text: String,
    /// Further classes.
    classes: String,
}

impl WarningText {
    /// A warning that says `content`.
    pub fn new(content: impl Into<Content>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }
}

impl Render for WarningText {
    fn render(&self) -> Markup {
        html! {
            div class=(classes(&["govuk-warning-text", &self.classes])) {
                span class="govuk-warning-text__icon" aria-hidden="true" { "!" }
                " "
                strong class="govuk-warning-text__text" {
                    span class="govuk-visually-hidden" { (or(&self.icon_text, "Warning")) }
                    " " (self.content)
                }
            }
        }
    }
}
