//! The pages of one record.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use super::NavLink;
use crate::classes::classes;

/// The pages of one record or of one part of the service, in a row.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct SubNavigation {
    #[setters(skip)]
    label: String,
    #[setters(skip)]
    links: Vec<NavLink>,
    /// Further classes.
    classes: String,
}

impl SubNavigation {
    /// The pages; `label` names the landmark.
    pub fn new(label: impl Into<String>, links: impl IntoIterator<Item = NavLink>) -> Self {
        Self { label: label.into(), links: links.into_iter().collect(), ..Self::default() }
    }
}

impl Render for SubNavigation {
    fn render(&self) -> Markup {
        html! {
            nav class=(classes(&["moj-sub-navigation", &self.classes])) aria-label=(self.label) {
                ul class="moj-sub-navigation__list" {
                    @for link in &self.links {
                        li class="moj-sub-navigation__item" {
                            a class="moj-sub-navigation__link"
                                aria-current=[link.current.then_some("page")]
                                href=(link.href) { (link.content) }
                        }
                    }
                }
            }
        }
    }
}
