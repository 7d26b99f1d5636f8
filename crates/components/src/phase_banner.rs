//! That the service is not yet what it will be.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::classes::classes;
use crate::{Content, Tag};

/// That the service is not yet what it will be, or not the real one.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct PhaseBanner {
    #[setters(skip)]
    tag: Tag,
    #[setters(skip)]
    content: Content,
    /// Further classes.
    classes: String,
}

impl PhaseBanner {
    /// A banner with a word, and a sentence about it.
    pub fn new(tag: impl Into<Tag>, content: impl Into<Content>) -> Self {
        Self { tag: tag.into(), content: content.into(), ..Self::default() }
    }
}

impl Render for PhaseBanner {
    fn render(&self) -> Markup {
        html! {
            div class=(classes(&["govuk-phase-banner govuk-width-container", &self.classes])) {
                p class="govuk-phase-banner__content" {
                    (self.tag.clone().with_class("govuk-phase-banner__content__tag"))
                    " "
                    span class="govuk-phase-banner__text" { (self.content) }
                }
            }
        }
    }
}
