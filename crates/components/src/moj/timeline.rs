//! What happened, newest first.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::classes::{classes, given, heading};
use crate::{Content, Level};

/// One thing that happened.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct TimelineItem {
    #[setters(skip)]
    title: Content,
    #[setters(skip)]
    timestamp: String,
    #[setters(skip)]
    when: String,
    /// Who did it: stands after “by”.
    byline: Content,
    /// What more there is to say.
    content: Content,
    /// Further classes.
    classes: String,
}

impl TimelineItem {
    /// What happened at `timestamp`, which is read by machines (RFC 3339; empty where it is not known), and `when`
    /// in the words of people.
    pub fn new(title: impl Into<Content>, timestamp: impl Into<String>, when: impl Into<String>) -> Self {
        Self { title: title.into(), timestamp: timestamp.into(), when: when.into(), ..Self::default() }
    }

    fn render(&self, level: Level) -> Markup {
        html! {
            div class=(classes(&["moj-timeline__item", &self.classes])) {
                div class="moj-timeline__header" {
                    (heading(level, "moj-timeline__title", None, &self.title))
                    @if !self.byline.is_nothing() {
                        " " p class="moj-timeline__byline" { "by " (self.byline) }
                    }
                }
                p class="moj-timeline__date" { time datetime=[given(&self.timestamp)] { (self.when) } }
                @if !self.content.is_nothing() {
                    div class="moj-timeline__description" { (self.content) }
                }
            }
        }
    }
}

/// What happened, newest first.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct Timeline {
    #[setters(skip)]
    items: Vec<TimelineItem>,
    /// Level of the headings; the second where none is given.
    #[setters(strip_option)]
    level: Option<Level>,
    /// Further classes.
    classes: String,
}

impl Timeline {
    /// What happened, in the order given.
    pub fn new(items: impl IntoIterator<Item = TimelineItem>) -> Self {
        Self { items: items.into_iter().collect(), ..Self::default() }
    }
}

impl Render for Timeline {
    fn render(&self) -> Markup {
        html! {
            div class=(classes(&["moj-timeline", &self.classes])) {
                @for item in &self.items { (item.render(self.level.unwrap_or(Level::Two))) }
            }
        }
    }
}
