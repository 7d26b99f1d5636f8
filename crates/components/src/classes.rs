//! Lists of classes, sizes of type, levels of headings.

use maud::{Markup, html};

use crate::Content;

/// The classes that are there, with one space between them.
pub(crate) fn classes(parts: &[&str]) -> String {
    let present: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    present.join(" ")
}

/// The class where the condition holds.
pub(crate) fn when(condition: bool, class: &'static str) -> &'static str {
    if condition { class } else { "" }
}

/// An attribute's value where there is one.
pub(crate) fn given(value: &str) -> Option<&str> {
    (!value.is_empty()).then_some(value)
}

/// The value, or what stands for it where none was given.
pub(crate) fn or<'a>(value: &'a str, default: &'a str) -> &'a str {
    if value.is_empty() { default } else { value }
}

/// Size of a heading, a label or a legend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// 19 pixels on a wide screen.
    Small,
    /// 24 pixels.
    Medium,
    /// 36 pixels.
    Large,
    /// 48 pixels.
    ExtraLarge,
}

impl Size {
    /// The modifier of a block for this size, such as `govuk-label--m`.
    pub(crate) fn of(self, block: &str) -> String {
        let letter = match self {
            Size::Small => "s",
            Size::Medium => "m",
            Size::Large => "l",
            Size::ExtraLarge => "xl",
        };
        format!("{block}--{letter}")
    }
}

/// Level of a heading in the outline of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The heading of the page.
    One,
    /// A section of the page.
    Two,
    /// A part of a section.
    Three,
    /// A part of that.
    Four,
}

/// A heading of the level.
pub(crate) fn heading(level: Level, class: &str, id: Option<&str>, content: &Content) -> Markup {
    match level {
        Level::One => html! { h1 class=(class) id=[id] { (content) } },
        Level::Two => html! { h2 class=(class) id=[id] { (content) } },
        Level::Three => html! { h3 class=(class) id=[id] { (content) } },
        Level::Four => html! { h4 class=(class) id=[id] { (content) } },
    }
}
