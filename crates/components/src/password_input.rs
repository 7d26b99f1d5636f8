//! A password.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::classes::{classes, or};
use crate::field::{Field, Module};
use crate::{Input, Label};

/// A password, which the person may look at while typing it.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct PasswordInput {
    #[setters(skip)]
    pub(crate) field: Field,
    /// What a browser may fill in: `current-password` where none is given, `new-password` for a new one.
    autocomplete: String,
}

impl PasswordInput {
    /// A password that the form sends as `name`.
    pub fn new(name: impl Into<String>, label: impl Into<Label>) -> Self {
        Self { field: Field::new(name, label), ..Self::default() }
    }

    fn toggle(&self) -> Markup {
        html! {
            button type="button"
                class="govuk-button govuk-button--secondary govuk-password-input__toggle govuk-js-password-input-toggle"
                data-module="govuk-button"
                aria-controls=(self.field.own_id())
                aria-label="Show password"
                hidden { "Show" }
        }
    }
}

impl Render for PasswordInput {
    fn render(&self) -> Markup {
        let own = "govuk-password-input__input govuk-js-password-input-input";
        let after = html! { (self.toggle()) (self.field.after) };
        let mut input = Input::of(self.field.clone())
            .classes(classes(&[own, &self.field.classes]))
            .after(after)
            .kind("password")
            .spellcheck(false)
            .autocapitalize("none")
            .autocomplete(or(&self.autocomplete, "current-password"));
        input.group_class = "govuk-password-input";
        input.wrapper_class = "govuk-password-input__wrapper";
        input.module = Module { name: Some("govuk-password-input"), ..Module::default() };
        input.render()
    }
}
