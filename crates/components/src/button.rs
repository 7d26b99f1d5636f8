//! Something to be done.

use derive_setters::Setters;
use maud::{Markup, PreEscaped, Render, html};

use crate::Content;
use crate::classes::{classes, given, or, when};

/// How much a button weighs among those of a page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The main thing to do on a page; one a page.
    #[default]
    Primary,
    /// Something else that can be done.
    Secondary,
    /// What destroys or cannot be taken back.
    Warning,
    /// On a dark ground.
    Inverse,
}

/// Something to be done: a button of a form, or with an address a link that looks like one.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct Button {
    #[setters(skip)]
    content: Content,
    /// How much it weighs.
    kind: ButtonKind,
    /// Whether it starts a service, with an arrow.
    start: bool,
    /// The page that it leads to; where none is given it is a button of a form.
    href: String,
    /// Type of the HTML element: `button` or `reset`; `submit` where none is given.
    button_type: String,
    /// Name that the form sends.
    name: String,
    /// Value that the form sends.
    value: String,
    /// Address that the form is sent to, where this button sends it elsewhere.
    form_action: String,
    /// Whether it cannot be used. Prefer to leave it out: those who cannot use it are not told why.
    disabled: bool,
    /// Whether a second click within a second is swallowed, where scripts run.
    #[setters(strip_option)]
    prevent_double_click: Option<bool>,
    /// Id.
    id: String,
    /// Further classes.
    classes: String,
}

const START_ICON: PreEscaped<&str> = PreEscaped(concat!(
    r#"<svg class="govuk-button__start-icon" xmlns="http://www.w3.org/2000/svg" width="17.5" height="19" "#,
    r#"viewBox="0 0 33 40" aria-hidden="true" focusable="false">"#,
    r#"<path fill="currentColor" d="M0 0h13l20 20-20 20H0l20-20z"/></svg>"#
));

impl Button {
    /// A button that says `content`.
    pub fn new(content: impl Into<Content>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }

    /// A button for something else that can be done.
    pub fn secondary(content: impl Into<Content>) -> Self {
        Self::new(content).kind(ButtonKind::Secondary)
    }

    /// A button for what destroys or cannot be taken back.
    pub fn warning(content: impl Into<Content>) -> Self {
        Self::new(content).kind(ButtonKind::Warning)
    }

    fn all_classes(&self) -> String {
        let kind = match self.kind {
            ButtonKind::Primary => "",
            ButtonKind::Secondary => "govuk-button--secondary",
            ButtonKind::Warning => "govuk-button--warning",
            ButtonKind::Inverse => "govuk-button--inverse",
        };
        let start = when(self.start, "govuk-button--start");
        classes(&["govuk-button", kind, &self.classes, start])
    }

    fn inside(&self) -> Markup {
        html! {
            // The arrow makes a flex box of the button, which drops spaces between elements in it.
            @if self.start && matches!(self.content, Content::Html(_)) {
                span { (self.content) }
            } @else {
                (self.content)
            }
            @if self.start { (START_ICON) }
        }
    }

    fn link(&self) -> Markup {
        html! {
            a href=(self.href)
                role="button"
                draggable="false"
                class=(self.all_classes())
                data-module="govuk-button"
                id=[given(&self.id)] { (self.inside()) }
        }
    }
}

impl Render for Button {
    fn render(&self) -> Markup {
        if !self.href.is_empty() {
            return self.link();
        }
        html! {
            button type=(or(&self.button_type, "submit"))
                value=[given(&self.value)]
                name=[given(&self.name)]
                formaction=[given(&self.form_action)]
                disabled[self.disabled]
                aria-disabled=[self.disabled.then_some("true")]
                data-prevent-double-click=[self.prevent_double_click.map(|prevent| prevent.to_string())]
                class=(self.all_classes())
                data-module="govuk-button"
                id=[given(&self.id)] { (self.inside()) }
        }
    }
}
