//! What is known about one thing, by name.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::classes::{classes, given, heading, when};
use crate::{Content, Level};

/// What can be done with a row or a card.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct Action {
    #[setters(skip)]
    href: String,
    #[setters(skip)]
    content: Content,
    /// What it is about, for those who do not see the row: “Change” becomes “Change name”.
    hidden_text: String,
    /// Further classes.
    classes: String,
}

impl Action {
    /// A link that says `content`.
    pub fn new(href: impl Into<String>, content: impl Into<Content>) -> Self {
        Self { href: href.into(), content: content.into(), ..Self::default() }
    }

    /// The link; in a card it names the card.
    fn link(&self, card: Option<&Card>) -> Markup {
        let needs_more = !self.hidden_text.is_empty() || card.is_some();
        html! {
            a class=(classes(&["govuk-link", &self.classes])) href=(self.href) {
                (self.content)
                @if needs_more {
                    span class="govuk-visually-hidden" {
                        @if !self.hidden_text.is_empty() { " " (self.hidden_text) }
                        @if let Some(card) = card { " (" (card.title) ")" }
                    }
                }
            }
        }
    }
}

/// One thing that is known.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct Row {
    #[setters(skip)]
    key: Content,
    #[setters(skip)]
    value: Content,
    /// What can be done with it.
    actions: Vec<Action>,
    /// Further classes.
    classes: String,
}

impl Row {
    /// That `key` is `value`.
    pub fn new(key: impl Into<Content>, value: impl Into<Content>) -> Self {
        Self { key: key.into(), value: value.into(), ..Self::default() }
    }

    fn render(&self, some_have_actions: bool, card: Option<&Card>) -> Markup {
        let without =
            when(some_have_actions && self.actions.is_empty(), "govuk-summary-list__row--no-actions");
        html! {
            div class=(classes(&["govuk-summary-list__row", without, &self.classes])) {
                dt class="govuk-summary-list__key" { (self.key) }
                dd class="govuk-summary-list__value" { (self.value) }
                @if !self.actions.is_empty() {
                    dd class="govuk-summary-list__actions" { (self.actions_markup(card)) }
                }
            }
        }
    }

    fn actions_markup(&self, card: Option<&Card>) -> Markup {
        html! {
            @if let [only] = self.actions.as_slice() {
                (only.link(card))
            } @else {
                ul class="govuk-summary-list__actions-list" {
                    @for action in &self.actions {
                        li class="govuk-summary-list__actions-list-item" { (action.link(card)) }
                    }
                }
            }
        }
    }
}

/// The frame around a summary list where a page has several.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct Card {
    #[setters(skip)]
    title: Content,
    /// Level of the title; the second where none is given.
    #[setters(strip_option)]
    level: Option<Level>,
    /// What can be done with the whole.
    actions: Vec<Action>,
    /// Further classes.
    classes: String,
}

impl Card {
    /// A frame with the heading `title`.
    pub fn new(title: impl Into<Content>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    fn actions_markup(&self) -> Markup {
        html! {
            @if let [only] = self.actions.as_slice() {
                div class="govuk-summary-card__actions" { (only.link(Some(self))) }
            } @else if !self.actions.is_empty() {
                ul class="govuk-summary-card__actions" {
                    @for action in &self.actions {
                        li class="govuk-summary-card__action" { (action.link(Some(self))) }
                    }
                }
            }
        }
    }

    fn around(&self, list: &Markup) -> Markup {
        let level = self.level.unwrap_or(Level::Two);
        html! {
            div class=(classes(&["govuk-summary-card", &self.classes])) {
                div class="govuk-summary-card__title-wrapper" {
                    (heading(level, "govuk-summary-card__title", None, &self.title))
                    (self.actions_markup())
                }
                div class="govuk-summary-card__content" { (list) }
            }
        }
    }
}

/// What is known about one thing, by name.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct SummaryList {
    #[setters(skip)]
    rows: Vec<Row>,
    /// The frame around it.
    #[setters(strip_option)]
    card: Option<Card>,
    /// Id.
    id: String,
    /// Further classes.
    classes: String,
}

impl SummaryList {
    /// The rows, in order.
    pub fn new(rows: impl IntoIterator<Item = Row>) -> Self {
        Self { rows: rows.into_iter().collect(), ..Self::default() }
    }
}

impl Render for SummaryList {
    fn render(&self) -> Markup {
        let some_have_actions = self.rows.iter().any(|row| !row.actions.is_empty());
        let card = self.card.as_ref();
        let list = html! {
            dl class=(classes(&["govuk-summary-list", &self.classes])) id=[given(&self.id)] {
                @for row in &self.rows { (row.render(some_have_actions, card)) }
            }
        };
        match card {
            Some(card) => card.around(&list),
            None => list,
        }
    }
}
