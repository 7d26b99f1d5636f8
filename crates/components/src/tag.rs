//! The state of something.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::Content;
use crate::classes::classes;

/// Colour of a [`Tag`]. It never says anything that the word does not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "a colour is what it is called")]
pub enum TagColour {
    #[default]
    Blue,
    Grey,
    Green,
    Teal,
    Purple,
    Magenta,
    Red,
    Orange,
    Yellow,
}

impl TagColour {
    fn class(self) -> &'static str {
        match self {
            TagColour::Blue => "",
            TagColour::Grey => "govuk-tag--grey",
            TagColour::Green => "govuk-tag--green",
            TagColour::Teal => "govuk-tag--teal",
            TagColour::Purple => "govuk-tag--purple",
            TagColour::Magenta => "govuk-tag--magenta",
            TagColour::Red => "govuk-tag--red",
            TagColour::Orange => "govuk-tag--orange",
            TagColour::Yellow => "govuk-tag--yellow",
        }
    }
}

/// The state of something, in a word or two. Plain text becomes one with `into()`.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct Tag {
    #[setters(skip)]
    content: Content,
    /// Colour.
    colour: TagColour,
    /// Further classes.
    classes: String,
}

impl Tag {
    /// A tag that says `content`.
    pub fn new(content: impl Into<Content>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }

    /// The tag with a further class, for the component that it stands in.
    pub(crate) fn with_class(mut self, class: &str) -> Self {
        self.classes = classes(&[class, &self.classes]);
        self
    }
}

impl<T: Into<Content>> From<T> for Tag {
    fn from(content: T) -> Self {
        Tag::new(content)
    }
}

impl Render for Tag {
    fn render(&self) -> Markup {
        html! {
            strong class=(classes(&["govuk-tag", self.colour.class(), &self.classes])) { (self.content) }
        }
    }
}
