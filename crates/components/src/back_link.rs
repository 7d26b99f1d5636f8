//! The way back.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::Content;
use crate::classes::classes;

/// The way back to the page before, at the top of a page.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct BackLink {
    #[setters(skip)]
    href: String,
    /// What it says; “Back” where nothing is given.
    text: Content,
    /// Further classes.
    classes: String,
}

impl BackLink {
    /// A link to the page at `href`.
    pub fn new(href: impl Into<String>) -> Self {
        Self { href: href.into(), ..Self::default() }
    }
}

impl Render for BackLink {
    fn render(&self) -> Markup {
        html! {
            a href=(self.href) class=(classes(&["govuk-back-link", &self.classes])) {
                @if self.text.is_nothing() { "Back" } @else { (self.text) }
            }
        }
    }
}
