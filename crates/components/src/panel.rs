//! That something is done, or a stop before it is.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::classes::{classes, heading};
use crate::{Button, ButtonKind, Content, Level};

/// That something is done, at the end of it; or, as an interruption, a stop before it goes on.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct Panel {
    #[setters(skip)]
    title: Content,
    #[setters(skip)]
    is_interruption: bool,
    #[setters(skip)]
    actions: Vec<PanelAction>,
    /// What stands under the title.
    content: Content,
    /// Level of the title; the first where none is given.
    #[setters(strip_option)]
    level: Option<Level>,
    /// Further classes.
    classes: String,
}

/// What can be done at an interruption.
#[derive(Debug, Clone)]
pub enum PanelAction {
    /// A button, which becomes one for a dark ground.
    Button(Button),
    /// A link.
    Link {
        /// Where it leads.
        href: String,
        /// What it says.
        text: String,
    },
}

impl Panel {
    /// A panel that says that something is done.
    pub fn new(title: impl Into<Content>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    /// A panel that stops a person and offers ways on.
    pub fn interruption(title: impl Into<Content>, actions: impl IntoIterator<Item = PanelAction>) -> Self {
        Self { is_interruption: true, actions: actions.into_iter().collect(), ..Self::new(title) }
    }
}

impl Render for PanelAction {
    fn render(&self) -> Markup {
        match self {
            PanelAction::Button(button) => button.clone().kind(ButtonKind::Inverse).render(),
            PanelAction::Link { href, text } => {
                html! { a class="govuk-link govuk-link--inverse" href=(href) { (text) } }
            }
        }
    }
}

impl Render for Panel {
    fn render(&self) -> Markup {
        let kind =
            if self.is_interruption { "govuk-panel--interruption" } else { "govuk-panel--confirmation" };
        let level = self.level.unwrap_or(Level::One);
        html! {
            div class=(classes(&["govuk-panel", kind, &self.classes])) {
                (heading(level, "govuk-panel__title", None, &self.title))
                @if !self.content.is_nothing() {
                    div class="govuk-panel__body" { (self.content) }
                }
                @if !self.actions.is_empty() {
                    div class="govuk-panel__actions" {
                        div class="govuk-button-group" { @for action in &self.actions { (action) } }
                    }
                }
            }
        }
    }
}
