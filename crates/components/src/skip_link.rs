//! The way past what each page repeats.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::Content;
use crate::classes::classes;

/// The way past what each page repeats, for those who use the keyboard.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct SkipLink {
    #[setters(skip)]
    href: String,
    #[setters(skip)]
    content: Content,
    /// Further classes.
    classes: String,
}

impl SkipLink {
    /// A link to `href`, such as `#main-content`.
    pub fn new(href: impl Into<String>, content: impl Into<Content>) -> Self {
        Self { href: href.into(), content: content.into(), ..Self::default() }
    }
}

impl Render for SkipLink {
    fn render(&self) -> Markup {
        html! {
            a href=(self.href) class=(classes(&["govuk-skip-link", &self.classes])) data-module="govuk-skip-link" {
                (self.content)
            }
        }
    }
}
