//! A line of text.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::classes::{classes, given, or, when};
use crate::field::{Field, Module};
use crate::{Content, Label};

/// How many characters an input shows, which tells people how much is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// Two characters, as a day.
    Two,
    /// Three characters.
    Three,
    /// Four characters, as a year.
    Four,
    /// Five characters.
    Five,
    /// Ten characters, as a postcode or a registration mark.
    Ten,
    /// Twenty characters, as a telephone number or a reference.
    Twenty,
    /// Thirty characters, as a name.
    Thirty,
}

impl Width {
    fn class(self) -> &'static str {
        match self {
            Width::Two => "govuk-input--width-2",
            Width::Three => "govuk-input--width-3",
            Width::Four => "govuk-input--width-4",
            Width::Five => "govuk-input--width-5",
            Width::Ten => "govuk-input--width-10",
            Width::Twenty => "govuk-input--width-20",
            Width::Thirty => "govuk-input--width-30",
        }
    }
}

/// A line of text.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct Input {
    #[setters(skip)]
    pub(crate) field: Field,
    /// What stands in it.
    value: String,
    /// Type of the HTML element, such as `search` or `email`; `text` where none is given.
    kind: String,
    /// How many characters it shows; the whole line where none is given.
    #[setters(strip_option)]
    width: Option<Width>,
    /// What a browser may fill in, as HTML names it.
    autocomplete: String,
    /// How a device turns letters into capitals.
    autocapitalize: String,
    /// Which keyboard a device shows, such as `numeric`.
    inputmode: String,
    /// A regular expression, for devices that choose a keyboard by it. The server judges.
    pattern: String,
    /// Whether a browser checks spelling; `false` for names, marks and references.
    #[setters(strip_option)]
    spellcheck: Option<bool>,
    /// What stands before the value, such as £. It is not read out: say it in the label too.
    prefix: Content,
    /// What stands after the value, such as a unit. It is not read out: say it in the label too.
    suffix: Content,
    #[setters(skip)]
    pub(crate) module: Module,
    #[setters(skip)]
    pub(crate) group_class: &'static str,
    #[setters(skip)]
    pub(crate) wrapper_class: &'static str,
}

impl Input {
    /// An input that the form sends as `name`.
    pub fn new(name: impl Into<String>, label: impl Into<Label>) -> Self {
        Self::of(Field::new(name, label))
    }

    /// An input for a component that is more than one.
    pub(crate) fn of(field: Field) -> Self {
        Self { field, ..Self::default() }
    }

    fn control(&self) -> Markup {
        let width = self.width.map(Width::class).unwrap_or_default();
        let error = when(self.field.has_error(), "govuk-input--error");
        html! {
            input class=(classes(&["govuk-input", width, &self.field.classes, error]))
                id=(self.field.own_id())
                name=(self.field.name)
                type=(or(&self.kind, "text"))
                spellcheck=[self.spellcheck.map(|checked| checked.to_string())]
                value=[given(&self.value)]
                disabled[self.field.disabled]
                aria-describedby=[self.field.all_described_by()]
                autocomplete=[given(&self.autocomplete)]
                autocapitalize=[given(&self.autocapitalize)]
                pattern=[given(&self.pattern)]
                inputmode=[given(&self.inputmode)];
        }
    }

    fn has_neighbours(&self) -> bool {
        [&self.prefix, &self.suffix, &self.field.before, &self.field.after]
            .iter()
            .any(|part| !part.is_nothing())
    }

    fn with_neighbours(&self) -> Markup {
        html! {
            div class=(classes(&["govuk-input__wrapper", self.wrapper_class])) {
                (self.field.before)
                @if !self.prefix.is_nothing() {
                    div class="govuk-input__prefix" aria-hidden="true" { (self.prefix) }
                }
                (self.control())
                @if !self.suffix.is_nothing() {
                    div class="govuk-input__suffix" aria-hidden="true" { (self.suffix) }
                }
                (self.field.after)
            }
        }
    }
}

impl Render for Input {
    fn render(&self) -> Markup {
        let control = if self.has_neighbours() { self.with_neighbours() } else { self.control() };
        self.field.group(self.group_class, &self.module, &control)
    }
}
