//! All that is wrong with a form.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::Content;
use crate::classes::classes;

/// One thing that is wrong, with the way to it.
#[derive(Debug, Clone, Default)]
pub struct ErrorLink {
    href: Option<String>,
    text: Content,
}

impl ErrorLink {
    /// What is wrong with the control at `href`, such as `#surname`: the words that stand beside it too.
    pub fn new(href: impl Into<String>, text: impl Into<Content>) -> Self {
        Self { href: Some(href.into()), text: text.into() }
    }

    /// What is wrong with no single control.
    pub fn general(text: impl Into<Content>) -> Self {
        Self { href: None, text: text.into() }
    }
}

/// All that is wrong with a form, above it.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct ErrorSummary {
    #[setters(skip)]
    errors: Vec<ErrorLink>,
    /// Heading; “There is a problem” where nothing is given.
    title: Content,
    /// A sentence before the list.
    description: Content,
    /// Whether the page stays where it is instead of going to the summary.
    #[setters(strip_option)]
    disable_auto_focus: Option<bool>,
    /// Further classes.
    classes: String,
}

impl ErrorSummary {
    /// The errors in the order of the form.
    pub fn new(errors: impl IntoIterator<Item = ErrorLink>) -> Self {
        Self { errors: errors.into_iter().collect(), ..Self::default() }
    }

    fn list(&self) -> Markup {
        html! {
            ul class="govuk-list govuk-error-summary__list" {
                @for error in &self.errors {
                    li {
                        @if let Some(href) = &error.href { a href=(href) { (error.text) } }
                        @else { (error.text) }
                    }
                }
            }
        }
    }
}

impl Render for ErrorSummary {
    fn render(&self) -> Markup {
        html! {
            div class=(classes(&["govuk-error-summary", &self.classes]))
                data-disable-auto-focus=[self.disable_auto_focus.map(|disable| disable.to_string())]
                data-module="govuk-error-summary" {
                // Apart from the element that scripts focus, or screen readers lose what it says.
                div role="alert" {
                    h2 class="govuk-error-summary__title" {
                        @if self.title.is_nothing() { "There is a problem" } @else { (self.title) }
                    }
                    div class="govuk-error-summary__body" {
                        @if !self.description.is_nothing() { p { (self.description) } }
                        @if !self.errors.is_empty() { (self.list()) }
                    }
                }
            }
        }
    }
}
