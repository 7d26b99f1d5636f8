//! The foot of each page.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::Content;
use crate::classes::{classes, or};

/// A link in the footer.
#[derive(Debug, Clone, Default)]
pub struct FooterLink {
    href: String,
    text: String,
}

impl FooterLink {
    /// A link that says `text`.
    pub fn new(href: impl Into<String>, text: impl Into<String>) -> Self {
        Self { href: href.into(), text: text.into() }
    }
}

/// A heading with links under it.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct FooterSection {
    #[setters(skip)]
    title: String,
    #[setters(skip)]
    links: Vec<FooterLink>,
    /// How much of the width it takes, as `one-third`; all of it where nothing is given.
    width: String,
    /// In how many columns the links stand, 2 or 3; in one where none is given.
    #[setters(into = false, strip_option)]
    columns: Option<u8>,
}

impl FooterSection {
    /// `links` under the heading `title`.
    pub fn new(title: impl Into<String>, links: impl IntoIterator<Item = FooterLink>) -> Self {
        Self { title: title.into(), links: links.into_iter().collect(), ..Self::default() }
    }

    fn list_classes(&self) -> String {
        let columns = self.columns.map(|columns| format!("govuk-footer__list--columns-{columns}"));
        classes(&["govuk-footer__list", &columns.unwrap_or_default()])
    }
}

impl Render for FooterSection {
    fn render(&self) -> Markup {
        let column = format!("govuk-grid-column-{}", or(&self.width, "full"));
        html! {
            div class=(classes(&["govuk-footer__section", &column])) {
                h2 class="govuk-footer__heading govuk-heading-m" { (self.title) }
                @if !self.links.is_empty() {
                    ul class=(self.list_classes()) {
                        @for link in &self.links {
                            li class="govuk-footer__list-item" {
                                a class="govuk-footer__link" href=(link.href) { (link.text) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The foot of each page. It has neither crown nor Crown copyright: this is no service of GOV.UK.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct Footer {
    #[setters(skip)]
    links: Vec<FooterLink>,
    /// Headings with links under them, above the rest.
    sections: Vec<FooterSection>,
    /// What those are told who do not see the page; “Support links” where nothing is given.
    hidden_title: String,
    /// What stands under the links.
    content: Content,
    /// Further classes.
    classes: String,
    /// Further classes of the container.
    container_classes: String,
}

impl Footer {
    /// `links` in one line.
    pub fn new(links: impl IntoIterator<Item = FooterLink>) -> Self {
        Self { links: links.into_iter().collect(), ..Self::default() }
    }

    fn meta(&self) -> Markup {
        html! {
            h2 class="govuk-visually-hidden" { (or(&self.hidden_title, "Support links")) }
            @if !self.links.is_empty() {
                ul class="govuk-footer__inline-list" {
                    @for link in &self.links {
                        li class="govuk-footer__inline-list-item" {
                            a class="govuk-footer__link" href=(link.href) { (link.text) }
                        }
                    }
                }
            }
            @if !self.content.is_nothing() {
                div class="govuk-footer__meta-custom" { (self.content) }
            }
        }
    }
}

impl Render for Footer {
    fn render(&self) -> Markup {
        html! {
            div class=(classes(&["govuk-footer", &self.classes])) {
                div class=(classes(&["govuk-width-container", &self.container_classes])) {
                    @if !self.sections.is_empty() {
                        div class="govuk-footer__navigation" {
                            @for section in &self.sections { (section) }
                        }
                        hr class="govuk-footer__section-break";
                    }
                    div class="govuk-footer__meta" {
                        div class="govuk-footer__meta-item govuk-footer__meta-item--grow" {
                            @if !self.links.is_empty() || !self.content.is_nothing() { (self.meta()) }
                        }
                    }
                }
            }
        }
    }
}
