//! What the page must say before all else.

use derive_setters::Setters;
use maud::{Markup, PreEscaped, Render, html};

use crate::classes::{classes, heading, or, when};
use crate::{Content, Level};

/// What an [`Alert`] is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AlertKind {
    /// Something to be known.
    #[default]
    Information,
    /// Something was done.
    Success,
    /// Something may go wrong.
    Warning,
    /// Something went wrong.
    Error,
}

impl AlertKind {
    fn name(self) -> &'static str {
        match self {
            AlertKind::Information => "information",
            AlertKind::Success => "success",
            AlertKind::Warning => "warning",
            AlertKind::Error => "error",
        }
    }

    fn icon(self) -> PreEscaped<&'static str> {
        PreEscaped(match self {
            AlertKind::Information => {
                r#"<circle cx="15" cy="15" r="12.5"/><path class="moj-alert__sign" d="M13.7 13h2.6v9.4h-2.6zM13.4 7.6h3.2v3.2h-3.2z"/>"#
            }
            AlertKind::Success => r#"<path d="M11.3 24.7 2 15.4l2.6-2.6 6.7 6.6L25.4 5.3 28 8z"/>"#,
            AlertKind::Warning => {
                r#"<path d="M15 2.4 28.8 26.2H1.2z"/><path class="moj-alert__sign" d="M13.5 9.5h3l-.3 8.3h-2.4zM13.1 20h3.7v3.7h-3.7z"/>"#
            }
            AlertKind::Error => {
                r#"<path d="M20.2 2.5H9.8L2.5 9.8v10.4l7.3 7.3h10.4l7.3-7.3V9.8z"/><path class="moj-alert__sign" d="m10.9 8.9 4.1 4.1 4.1-4.1 2 2-4.1 4.1 4.1 4.1-2 2-4.1-4.1-4.1 4.1-2-2 4.1-4.1-4.1-4.1z"/>"#
            }
        })
    }
}

/// What the page must say before all else. It does not go away by itself and cannot be dismissed.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct Alert {
    #[setters(skip)]
    title: String,
    #[setters(skip)]
    content: Content,
    /// What it is about.
    kind: AlertKind,
    /// Whether the title is shown as a heading; without one it only names the landmark.
    show_title: bool,
    /// Level of that heading; the second where none is given.
    #[setters(strip_option)]
    level: Option<Level>,
    /// ARIA role; `region` where nothing is given, `alert` where it must be read out at once.
    role: String,
    /// Further classes.
    classes: String,
}

impl Alert {
    /// An alert that says `content` under the name `title`.
    pub fn new(title: impl Into<String>, content: impl Into<Content>) -> Self {
        Self { title: title.into(), content: content.into(), ..Self::default() }
    }

    fn title(&self) -> Markup {
        if self.show_title {
            heading(self.level.unwrap_or(Level::Two), "moj-alert__heading", None, &self.title.as_str().into())
        } else {
            Markup::default()
        }
    }
}

impl Render for Alert {
    fn render(&self) -> Markup {
        let kind = format!("moj-alert--{}", self.kind.name());
        let with_heading = when(self.show_title, "moj-alert--with-heading");
        html! {
            div role=(or(&self.role, "region"))
                class=(classes(&["moj-alert", &kind, with_heading, &self.classes]))
                aria-label=(format!("{}: {}", self.kind.name(), self.title)) {
                div {
                    svg class="moj-alert__icon"
                        role="presentation"
                        focusable="false"
                        xmlns="http://www.w3.org/2000/svg"
                        viewBox="0 0 30 30"
                        height="30"
                        width="30" { (self.kind.icon()) }
                }
                div class="moj-alert__content" { (self.title()) (self.content) }
            }
        }
    }
}
