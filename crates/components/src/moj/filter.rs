//! What narrows a list, beside the list.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::classes::or;
use crate::{Button, Content};

/// A filter that is set, and the way to take it off.
#[derive(Debug, Clone, Default)]
pub struct FilterTag {
    href: String,
    text: String,
}

impl FilterTag {
    /// A filter that reads `text` and is taken off at `href`.
    pub fn new(href: impl Into<String>, text: impl Into<String>) -> Self {
        Self { href: href.into(), text: text.into() }
    }
}

/// The filters that are set.
#[derive(Debug, Clone, Default)]
pub struct SelectedFilters {
    clear_href: String,
    categories: Vec<(String, Vec<FilterTag>)>,
}

impl SelectedFilters {
    /// The filters by what they narrow; all are taken off at `clear_href`.
    pub fn new(
        clear_href: impl Into<String>,
        categories: impl IntoIterator<Item = (String, Vec<FilterTag>)>,
    ) -> Self {
        Self { clear_href: clear_href.into(), categories: categories.into_iter().collect() }
    }
}

impl Render for SelectedFilters {
    fn render(&self) -> Markup {
        html! {
            div class="moj-filter__selected" {
                div class="moj-filter__selected-heading" {
                    div class="moj-filter__heading-title" {
                        h3 class="govuk-heading-m" { "Selected filters" }
                    }
                    div class="moj-filter__heading-action" {
                        p {
                            a class="govuk-link govuk-link--no-visited-state" href=(self.clear_href) { "Clear filters" }
                        }
                    }
                }
                @for (name, tags) in &self.categories {
                    h4 class="govuk-heading-s govuk-!-margin-bottom-0" { (name) }
                    ul class="moj-filter-tags" {
                        @for tag in tags {
                            li {
                                a class="moj-filter__tag" href=(tag.href) {
                                    span class="govuk-visually-hidden" { "Remove this filter" } " " (tag.text)
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What narrows a list: a form that is sent with GET, so that the address says what is seen.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct Filter {
    #[setters(skip)]
    action: String,
    #[setters(skip)]
    options: Markup,
    /// Heading; “Filter” where nothing is given.
    heading: Content,
    /// The filters that are set.
    selected: Option<SelectedFilters>,
    /// What the button says; “Apply filters” where nothing is given.
    submit: String,
}

impl Filter {
    /// A form with the controls `options`, sent to `action`.
    pub fn new(action: impl Into<String>, options: Markup) -> Self {
        Self { action: action.into(), options, ..Self::default() }
    }
}

impl Render for Filter {
    fn render(&self) -> Markup {
        html! {
            div class="moj-filter" {
                div class="moj-filter__header" {
                    div class="moj-filter__header-title" {
                        h2 class="govuk-heading-m" {
                            @if self.heading.is_nothing() { "Filter" } @else { (self.heading) }
                        }
                    }
                }
                div class="moj-filter__content" {
                    (self.selected.as_ref().map(Render::render).unwrap_or_default())
                    form class="moj-filter__options" action=(self.action) method="get" {
                        (Button::new(or(&self.submit, "Apply filters")))
                        (self.options)
                    }
                }
            }
        }
    }
}

/// A filter beside the list that it narrows; above it on a narrow screen, where scripts let it be hidden.
#[derive(Debug, Clone)]
pub struct FilterLayout {
    filter: Filter,
    list: Markup,
}

impl FilterLayout {
    /// `list`, narrowed by `filter`.
    pub fn new(filter: Filter, list: Markup) -> Self {
        Self { filter, list }
    }
}

impl Render for FilterLayout {
    fn render(&self) -> Markup {
        html! {
            div class="moj-filter-layout" {
                div class="moj-filter-layout__filter" data-module="bluelamp-filter" { (self.filter) }
                div class="moj-filter-layout__content" { (self.list) }
            }
        }
    }
}
