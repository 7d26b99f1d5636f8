//! A date that somebody knows, or knows in part.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::classes::{classes, given, or, when};
use crate::field::Group;
use crate::{Label, Legend};

/// One part of a date, as day, month or year.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct DatePart {
    #[setters(skip)]
    name: String,
    /// What it is called; its name with a capital where nothing is given.
    label: String,
    /// What stands in it.
    value: String,
    /// Whether this part is wrong. Where no part says so, an error is that of all parts.
    #[setters(strip_option)]
    wrong: Option<bool>,
    /// What a browser may fill in, as HTML names it: `bday-day`.
    autocomplete: String,
    /// Further classes.
    classes: String,
}

impl DatePart {
    /// A part of this name: `day`, `month` or `year`. A year is four characters wide, others two.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    fn shown_label(&self) -> String {
        let mut letters = or(&self.label, &self.name).chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    }

    fn width(&self) -> &'static str {
        match (self.classes.contains("govuk-input--width-"), self.name.ends_with("year")) {
            (true, _) => "",
            (false, true) => "govuk-input--width-4",
            (false, false) => "govuk-input--width-2",
        }
    }
}

/// A date that somebody knows, or knows in part. The form sends `NAME-day`, `NAME-month` and
/// `NAME-year`, as text that was typed.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct DateInput {
    #[setters(skip)]
    pub(crate) group: Group,
    /// The parts; day, month and year where nothing is given.
    parts: Vec<DatePart>,
}

impl DateInput {
    /// A date that the form sends in parts whose names begin with `name`.
    pub fn new(name: impl Into<String>, legend: impl Into<Legend>) -> Self {
        let parts = ["day", "month", "year"].map(DatePart::new).to_vec();
        Self { group: Group::new(name, legend), parts }
    }

    /// What stands in day, month and year.
    #[must_use]
    pub fn values(mut self, values: [&str; 3]) -> Self {
        for (part, value) in self.parts.iter_mut().zip(values) {
            part.value = value.to_owned();
        }
        self
    }

    fn part(&self, part: &DatePart, is_wrong: bool) -> Markup {
        let id = format!("{}-{}", self.group.prefix(), part.name);
        let name = match self.group.name.as_str() {
            "" => part.name.clone(),
            prefix => format!("{prefix}-{}", part.name),
        };
        let error = when(is_wrong, "govuk-input--error");
        let all = ["govuk-input govuk-date-input__input", error, part.width(), &part.classes];
        html! {
            div class="govuk-date-input__item" {
                div class="govuk-form-group" {
                    (Label::new(part.shown_label()).classes("govuk-date-input__label").of(&id))
                    input class=(classes(&all))
                        id=(id)
                        name=(name)
                        type="text"
                        value=[given(&part.value)]
                        autocomplete=[given(&part.autocomplete)]
                        inputmode="numeric";
                }
            }
        }
    }

    fn is_wrong(&self, part: &DatePart) -> bool {
        let some_are_named = self.parts.iter().any(|part| part.wrong == Some(true));
        let all_are = !self.group.error.is_nothing() && !some_are_named;
        part.wrong.unwrap_or(all_are)
    }
}

impl Render for DateInput {
    fn render(&self) -> Markup {
        let controls = html! {
            div class=(classes(&["govuk-date-input", &self.group.classes])) id=(self.group.prefix()) {
                (self.group.before)
                @for part in &self.parts { (self.part(part, self.is_wrong(part))) }
                (self.group.after)
            }
        };
        // Without the role JAWS does not announce what describes a fieldset of text inputs.
        self.group.around("group", &controls)
    }
}
