//! A mark on a record.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::Content;
use crate::classes::{classes, when};

/// Colour of a [`Badge`]. It never says anything that the word does not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "a colour is what it is called")]
pub enum BadgeColour {
    #[default]
    Blue,
    Black,
    Green,
    Grey,
    Purple,
    Red,
}

impl BadgeColour {
    fn class(self) -> &'static str {
        match self {
            BadgeColour::Blue => "moj-badge--blue",
            BadgeColour::Black => "moj-badge--black",
            BadgeColour::Green => "moj-badge--green",
            BadgeColour::Grey => "moj-badge--grey",
            BadgeColour::Purple => "moj-badge--purple",
            BadgeColour::Red => "moj-badge--red",
        }
    }
}

/// A mark on a record, such as a warning marker or a handling code.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct Badge {
    #[setters(skip)]
    content: Content,
    /// Colour.
    colour: BadgeColour,
    /// Whether it is larger.
    large: bool,
    /// Further classes.
    classes: String,
}

impl Badge {
    /// A mark that says `content`.
    pub fn new(content: impl Into<Content>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }
}

impl Render for Badge {
    fn render(&self) -> Markup {
        let large = when(self.large, "moj-badge--large");
        html! {
            span class=(classes(&["moj-badge", self.colour.class(), large, &self.classes])) { (self.content) }
        }
    }
}
