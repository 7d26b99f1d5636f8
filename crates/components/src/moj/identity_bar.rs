//! Whose record it is.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::classes::classes;
use crate::{Button, Content};

/// Whose record it is, above each page of that record, with what can be done with it.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct IdentityBar {
    #[setters(skip)]
    title: Content,
    /// What can be done with the record.
    actions: Vec<Button>,
    /// Further classes.
    classes: String,
}

impl IdentityBar {
    /// A bar that names the record.
    pub fn new(title: impl Into<Content>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    fn actions_markup(&self) -> Markup {
        html! {
            @if !self.actions.is_empty() {
                div class="moj-identity-bar__actions" {
                    @for action in &self.actions {
                        div class="moj-identity-bar__menu" { (action) }
                    }
                }
            }
        }
    }
}

impl Render for IdentityBar {
    fn render(&self) -> Markup {
        html! {
            div class=(classes(&["moj-identity-bar", &self.classes])) {
                div class="moj-identity-bar__container" {
                    div class="moj-identity-bar__details" {
                        span class="moj-identity-bar__title" { (self.title) }
                    }
                    (self.actions_markup())
                }
            }
        }
    }
}
