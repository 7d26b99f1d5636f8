//! More for those who want it.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::Content;
use crate::classes::{classes, given};

/// More for those who want it, behind a line that says what it is.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct Details {
    #[setters(skip)]
    summary: Content,
    #[setters(skip)]
    content: Content,
    /// Whether it is open.
    open: bool,
    /// Id.
    id: String,
    /// Further classes.
    classes: String,
}

impl Details {
    /// `content` behind the line `summary`.
    pub fn new(summary: impl Into<Content>, content: impl Into<Content>) -> Self {
        Self { summary: summary.into(), content: content.into(), ..Self::default() }
    }
}

impl Render for Details {
    fn render(&self) -> Markup {
        html! {
            details id=[given(&self.id)] class=(classes(&["govuk-details", &self.classes])) open[self.open] {
                summary class="govuk-details__summary" {
                    span class="govuk-details__summary-text" { (self.summary) }
                }
                div class="govuk-details__text" { (self.content) }
            }
        }
    }
}
