//! Any of a few answers.

use derive_setters::Setters;
use maud::{Markup, Render};

use crate::choice::{Kind, choices};
use crate::field::Group;
use crate::{Choice, Legend};

/// Any of a few answers, all of which are seen.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct Checkboxes {
    #[setters(skip)]
    pub(crate) group: Group,
    #[setters(skip)]
    choices: Vec<Choice>,
    /// Values of the answers that are chosen.
    values: Vec<String>,
}

impl Checkboxes {
    /// Answers that the form sends as `name`. Without a legend there is no fieldset around them.
    pub fn new(
        name: impl Into<String>,
        legend: impl Into<Legend>,
        choices: impl IntoIterator<Item = Choice>,
    ) -> Self {
        Self { group: Group::new(name, legend), choices: choices.into_iter().collect(), values: Vec::new() }
    }
}

impl Render for Checkboxes {
    fn render(&self) -> Markup {
        let kind = Kind { block: "govuk-checkboxes", input: "checkbox" };
        self.group.around("", &choices(&kind, &self.group, &self.choices, &self.values))
    }
}
