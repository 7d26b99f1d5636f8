//! Views of one thing, one of which is seen.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::Content;
use crate::classes::{classes, given, or, when};

/// One view. Without scripts all are seen, one under the other.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct Tab {
    #[setters(skip)]
    label: String,
    #[setters(skip)]
    content: Content,
    /// Id of the panel; made of the prefix and its place where none is given.
    id: String,
}

impl Tab {
    /// A view called `label`.
    pub fn new(label: impl Into<String>, content: impl Into<Content>) -> Self {
        Self { label: label.into(), content: content.into(), ..Self::default() }
    }
}

/// Views of one thing, one of which is seen.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct Tabs {
    #[setters(skip)]
    tabs: Vec<Tab>,
    #[setters(skip)]
    id_prefix: String,
    /// Heading of the list, which is seen without scripts; “Contents” where nothing is given.
    title: String,
    /// Id.
    id: String,
    /// Further classes.
    classes: String,
}

impl Tabs {
    /// The views, whose ids begin with `id_prefix`.
    pub fn new(id_prefix: impl Into<String>, tabs: impl IntoIterator<Item = Tab>) -> Self {
        Self { id_prefix: id_prefix.into(), tabs: tabs.into_iter().collect(), ..Self::default() }
    }

    fn panel_id(&self, place: usize, tab: &Tab) -> String {
        if tab.id.is_empty() { format!("{}-{}", self.id_prefix, place + 1) } else { tab.id.clone() }
    }

    fn list(&self) -> Markup {
        html! {
            ul class="govuk-tabs__list" {
                @for (place, tab) in self.tabs.iter().enumerate() {
                    @let selected = when(place == 0, "govuk-tabs__list-item--selected");
                    li class=(classes(&["govuk-tabs__list-item", selected])) {
                        a class="govuk-tabs__tab" href=(format!("#{}", self.panel_id(place, tab))) { (tab.label) }
                    }
                }
            }
        }
    }

    fn panel(&self, place: usize, tab: &Tab) -> Markup {
        let hidden = when(place > 0, "govuk-tabs__panel--hidden");
        html! {
            div class=(classes(&["govuk-tabs__panel", hidden])) id=(self.panel_id(place, tab)) {
                @match &tab.content {
                    Content::Text(text) => p class="govuk-body" { (text) },
                    other => (other),
                }
            }
        }
    }
}

impl Render for Tabs {
    fn render(&self) -> Markup {
        html! {
            div id=[given(&self.id)] class=(classes(&["govuk-tabs", &self.classes])) data-module="govuk-tabs" {
                h2 class="govuk-tabs__title" { (or(&self.title, "Contents")) }
                @if !self.tabs.is_empty() {
                    (self.list())
                    @for (place, tab) in self.tabs.iter().enumerate() { (self.panel(place, tab)) }
                }
            }
        }
    }
}
