//! What a reader sees at some place: text, which is escaped, or markup, which is not.

use maud::{Markup, Render};

/// Text or markup, or nothing.
///
/// Every part of a page that shows something takes `impl Into<Content>`. A `&str` or a `String` is
/// text and is escaped; only a [`Markup`], which `maud::html!` made, goes into the page as it is. An
/// `Option` stands for itself: `None` is nothing, as is an empty text.
#[derive(Debug, Clone, Default)]
pub enum Content {
    /// Nothing is shown.
    #[default]
    Nothing,
    /// Text, escaped when it is shown.
    Text(String),
    /// Markup, shown as it is.
    Html(Markup),
}

impl Content {
    /// Whether nothing would be shown.
    pub fn is_nothing(&self) -> bool {
        match self {
            Content::Nothing => true,
            Content::Text(text) => text.is_empty(),
            Content::Html(markup) => markup.0.is_empty(),
        }
    }
}

impl Render for Content {
    fn render_to(&self, page: &mut String) {
        match self {
            Content::Nothing => {}
            Content::Text(text) => text.render_to(page),
            Content::Html(markup) => markup.render_to(page),
        }
    }
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        Content::Text(text.to_owned())
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Content::Text(text)
    }
}

impl From<&String> for Content {
    fn from(text: &String) -> Self {
        Content::Text(text.clone())
    }
}

impl From<Markup> for Content {
    fn from(markup: Markup) -> Self {
        Content::Html(markup)
    }
}

impl<T: Into<Content>> From<Option<T>> for Content {
    fn from(content: Option<T>) -> Self {
        content.map_or(Content::Nothing, Into::into)
    }
}
