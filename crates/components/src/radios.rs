//! One of a few answers.

use derive_setters::Setters;
use maud::{Markup, Render};

use crate::choice::{Kind, choices};
use crate::field::Group;
use crate::{Choice, Legend};

/// One of a few answers, all of which are seen.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct Radios {
    #[setters(skip)]
    pub(crate) group: Group,
    #[setters(skip)]
    choices: Vec<Choice>,
    /// Value of the answer that is chosen.
    #[setters(strip_option)]
    value: Option<String>,
}

impl Radios {
    /// Answers that the form sends as `name`. Without a legend there is no fieldset around them.
    pub fn new(
        name: impl Into<String>,
        legend: impl Into<Legend>,
        choices: impl IntoIterator<Item = Choice>,
    ) -> Self {
        Self { group: Group::new(name, legend), choices: choices.into_iter().collect(), value: None }
    }
}

impl Render for Radios {
    fn render(&self) -> Markup {
        let kind = Kind { block: "govuk-radios", input: "radio" };
        self.group.around("", &choices(&kind, &self.group, &self.choices, self.value.as_slice()))
    }
}
