//! Where a page stands among the others.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::Content;
use crate::classes::{classes, or, when};

/// A page on the way to this one, or this one.
#[derive(Debug, Clone, Default)]
pub struct Crumb {
    href: Option<String>,
    text: Content,
}

impl Crumb {
    /// A page above this one.
    pub fn new(href: impl Into<String>, text: impl Into<Content>) -> Self {
        Self { href: Some(href.into()), text: text.into() }
    }

    /// This page.
    pub fn here(text: impl Into<Content>) -> Self {
        Self { href: None, text: text.into() }
    }
}

/// Where a page stands among the others.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct Breadcrumbs {
    #[setters(skip)]
    crumbs: Vec<Crumb>,
    /// Whether a narrow screen shows only the first and the last.
    collapse_on_mobile: bool,
    /// Name of the landmark; “Breadcrumb” where nothing is given.
    label: String,
    /// Further classes.
    classes: String,
}

impl Breadcrumbs {
    /// The pages from the highest to this one.
    pub fn new(crumbs: impl IntoIterator<Item = Crumb>) -> Self {
        Self { crumbs: crumbs.into_iter().collect(), ..Self::default() }
    }
}

impl Render for Breadcrumbs {
    fn render(&self) -> Markup {
        let collapse = when(self.collapse_on_mobile, "govuk-breadcrumbs--collapse-on-mobile");
        html! {
            nav class=(classes(&["govuk-breadcrumbs", &self.classes, collapse]))
                aria-label=(or(&self.label, "Breadcrumb")) {
                ol class="govuk-breadcrumbs__list" {
                    @for crumb in &self.crumbs {
                        @if let Some(href) = &crumb.href {
                            li class="govuk-breadcrumbs__list-item" {
                                a class="govuk-breadcrumbs__link" href=(href) { (crumb.text) }
                            }
                        } @else {
                            li class="govuk-breadcrumbs__list-item" aria-current="page" { (crumb.text) }
                        }
                    }
                }
            }
        }
    }
}
