//! Help with one question.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::Content;
use crate::classes::{classes, given};

/// Help with one question, in one short sentence.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct Hint {
    #[setters(skip)]
    content: Content,
    /// Id, by which a control says that the hint describes it.
    id: String,
    /// Further classes.
    classes: String,
}

impl Hint {
    /// A hint that says `content`.
    pub fn new(content: impl Into<Content>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }
}

impl Render for Hint {
    fn render(&self) -> Markup {
        html! {
            div id=[given(&self.id)] class=(classes(&["govuk-hint", &self.classes])) { (self.content) }
        }
    }
}
