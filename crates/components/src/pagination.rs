//! The pages of a long list.

use derive_setters::Setters;
use maud::{Markup, PreEscaped, Render, html};

use crate::Content;
use crate::classes::{classes, or, when};

/// A page of a long list, or a gap between pages.
#[derive(Debug, Clone, Default)]
pub struct PageItem {
    number: String,
    href: String,
    hidden_text: Option<String>,
    is_current: bool,
    is_gap: bool,
}

impl PageItem {
    /// The page of this number.
    pub fn new(number: impl ToString, href: impl Into<String>) -> Self {
        Self { number: number.to_string(), href: href.into(), ..Self::default() }
    }

    /// The page of this number, which is the one that is seen.
    pub fn current(number: impl ToString, href: impl Into<String>) -> Self {
        Self { is_current: true, ..Self::new(number, href) }
    }

    /// Pages that are left out.
    pub fn gap() -> Self {
        Self { is_gap: true, ..Self::default() }
    }

    /// What those are told who do not see the page, instead of “Page” and its number.
    #[must_use]
    pub fn hidden_text(mut self, text: impl Into<String>) -> Self {
        self.hidden_text = Some(text.into());
        self
    }

    fn label(&self) -> String {
        self.hidden_text.clone().unwrap_or_else(|| format!("Page {}", self.number))
    }
}

impl Render for PageItem {
    fn render(&self) -> Markup {
        let current = when(self.is_current, "govuk-pagination__item--current");
        let gap = when(self.is_gap, "govuk-pagination__item--ellipsis");
        html! {
            li class=(classes(&["govuk-pagination__item", current, gap])) {
                @if self.is_gap {
                    "⋯"
                } @else {
                    a class="govuk-link govuk-pagination__link"
                        href=(self.href)
                        aria-label=(self.label())
                        aria-current=[self.is_current.then_some("page")] { (self.number) }
                }
            }
        }
    }
}

/// The way to the page before or after.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct PageStep {
    #[setters(skip)]
    href: String,
    /// What it says; “Previous page” or “Next page” where nothing is given.
    text: Content,
    /// What that page is about, where there are no numbers.
    label: String,
}

impl PageStep {
    /// The page at `href`.
    pub fn new(href: impl Into<String>) -> Self {
        Self { href: href.into(), ..Self::default() }
    }
}

/// The pages of a long list, or the page before and the one after.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct Pagination {
    #[setters(skip)]
    items: Vec<PageItem>,
    /// The page before, where there is one.
    previous: Option<PageStep>,
    /// The page after, where there is one.
    next: Option<PageStep>,
    /// Name of the landmark; “Pagination” where nothing is given.
    label: String,
    /// Further classes.
    classes: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Previous,
    Next,
}

const ARROW_PREVIOUS: PreEscaped<&str> = PreEscaped(concat!(
    r#"<svg class="govuk-pagination__icon govuk-pagination__icon--prev" xmlns="http://www.w3.org/2000/svg" "#,
    r#"height="13" width="15" aria-hidden="true" focusable="false" viewBox="0 0 15 13"><path d="m6.5938-0.0078125"#,
    r#"-6.7266 6.7266 6.7441 6.4062 1.377-1.449-4.1856-3.9768h12.896v-2h-12.984l4.2931-4.293-1.414-1.414z"></path></svg>"#
));

const ARROW_NEXT: PreEscaped<&str> = PreEscaped(concat!(
    r#"<svg class="govuk-pagination__icon govuk-pagination__icon--next" xmlns="http://www.w3.org/2000/svg" "#,
    r#"height="13" width="15" aria-hidden="true" focusable="false" viewBox="0 0 15 13"><path d="m8.107-0.0078125"#,
    r#"-1.4136 1.414 4.2926 4.293h-12.986v2h12.896l-4.1855 3.9766 1.377 1.4492 6.7441-6.4062-6.7246-6.7266z"></path></svg>"#
));

impl Pagination {
    /// The pages that are named by number; none where there is only a page before and one after.
    pub fn new(items: impl IntoIterator<Item = PageItem>) -> Self {
        Self { items: items.into_iter().collect(), ..Self::default() }
    }

    fn is_block(&self) -> bool {
        self.items.is_empty() && (self.previous.is_some() || self.next.is_some())
    }

    fn step(&self, step: &PageStep, direction: Direction) -> Markup {
        let (class, rel) = match direction {
            Direction::Previous => ("govuk-pagination__prev", "prev"),
            Direction::Next => ("govuk-pagination__next", "next"),
        };
        let arrow_first = self.is_block() || direction == Direction::Previous;
        html! {
            div class=(class) {
                a class="govuk-link govuk-pagination__link" href=(step.href) rel=(rel) {
                    @if arrow_first { (arrow(direction)) }
                    (self.step_title(step, direction))
                    @if !arrow_first { (arrow(direction)) }
                }
            }
        }
    }

    fn step_title(&self, step: &PageStep, direction: Direction) -> Markup {
        let decorated = self.is_block() && step.label.is_empty();
        let decoration = when(decorated, "govuk-pagination__link-title--decorated");
        let default = match direction {
            Direction::Previous => "Previous",
            Direction::Next => "Next",
        };
        html! {
            span class=(classes(&["govuk-pagination__link-title", decoration])) {
                @if step.text.is_nothing() {
                    (default) span class="govuk-visually-hidden" { " page" }
                } @else {
                    (step.text)
                }
            }
            @if !step.label.is_empty() && self.is_block() {
                " "
                span class="govuk-visually-hidden" { ":" }
                " "
                span class="govuk-pagination__link-label" { (step.label) }
            }
        }
    }
}

fn arrow(direction: Direction) -> PreEscaped<&'static str> {
    match direction {
        Direction::Previous => ARROW_PREVIOUS,
        Direction::Next => ARROW_NEXT,
    }
}

impl Render for Pagination {
    fn render(&self) -> Markup {
        let block = when(self.is_block(), "govuk-pagination--block");
        html! {
            nav class=(classes(&["govuk-pagination", block, &self.classes]))
                aria-label=(or(&self.label, "Pagination")) {
                @if let Some(previous) = &self.previous { (self.step(previous, Direction::Previous)) }
                @if !self.items.is_empty() {
                    ul class="govuk-pagination__list" { @for item in &self.items { (item) } }
                }
                @if let Some(next) = &self.next { (self.step(next, Direction::Next)) }
            }
        }
    }
}
