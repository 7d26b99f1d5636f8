//! Text that is set apart.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::Content;
use crate::classes::{classes, given};

/// Text that is set apart from what stands around it.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct InsetText {
    #[setters(skip)]
    content: Content,
    /// Id.
    id: String,
    /// Further classes.
    classes: String,
}

impl InsetText {
    /// Text that says `content`.
    pub fn new(content: impl Into<Content>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }
}

impl Render for InsetText {
    fn render(&self) -> Markup {
        html! {
            div id=[given(&self.id)] class=(classes(&["govuk-inset-text", &self.classes])) { (self.content) }
        }
    }
}
