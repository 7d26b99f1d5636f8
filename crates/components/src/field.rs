//! What controls share: the group with its label or legend, the hint and the error.

#![expect(clippy::duplicated_attributes, reason = "the same field of each component is named to the derive")]

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::classes::{classes, or, when};
use crate::{
    CharacterCount, Checkboxes, Content, DateInput, ErrorMessage, Fieldset, FileUpload, Hint, Input, Label,
    Legend, PasswordInput, Radios, Select, Textarea,
};

/// What a control with one label has. Its setters are those of each such control.
#[derive(Debug, Clone, Default, Setters)]
#[setters(
    into,
    generate_delegates(ty = "CharacterCount", field = "field"),
    generate_delegates(ty = "FileUpload", field = "field"),
    generate_delegates(ty = "Input", field = "field"),
    generate_delegates(ty = "PasswordInput", field = "field"),
    generate_delegates(ty = "Select", field = "field"),
    generate_delegates(ty = "Textarea", field = "field")
)]
pub(crate) struct Field {
    #[setters(skip)]
    pub(crate) name: String,
    #[setters(skip)]
    pub(crate) label: Label,
    /// Id of the control; its name where none is given.
    id: String,
    /// Help with the answer.
    pub(crate) hint: Content,
    /// What is wrong with the answer; nothing where all is well.
    pub(crate) error: Content,
    /// Ids of what else describes the control, with a space between them.
    described_by: String,
    /// Further classes of the control.
    pub(crate) classes: String,
    /// Further classes of the group around it.
    group_classes: String,
    /// What stands before the control.
    pub(crate) before: Content,
    /// What stands after the control.
    pub(crate) after: Content,
    /// Whether it cannot be used. Prefer to leave it out: those who cannot use it are not told why.
    pub(crate) disabled: bool,
}

/// What a script finds on the group of a control.
#[derive(Debug, Clone, Default)]
pub(crate) struct Module {
    pub(crate) name: Option<&'static str>,
    pub(crate) limit: Option<u32>,
    pub(crate) counts: Option<&'static str>,
    pub(crate) threshold: Option<u8>,
}

impl Field {
    pub(crate) fn new(name: impl Into<String>, label: impl Into<Label>) -> Self {
        Self { name: name.into(), label: label.into(), ..Self::default() }
    }

    /// Id of the control.
    pub(crate) fn own_id(&self) -> &str {
        or(&self.id, &self.name)
    }

    pub(crate) fn has_error(&self) -> bool {
        !self.error.is_nothing()
    }

    /// Ids of all that describes the control.
    pub(crate) fn all_described_by(&self) -> Option<String> {
        described_by(&self.described_by, self.own_id(), &self.hint, &self.error)
    }

    /// The group: label, hint and error, then the control.
    pub(crate) fn group(&self, class: &str, module: &Module, control: &Markup) -> Markup {
        let error_class = when(self.has_error(), "govuk-form-group--error");
        html! {
            div class=(classes(&["govuk-form-group", error_class, class, &self.group_classes]))
                data-module=[module.name]
                data-maxlength=[module.limit]
                data-threshold=[module.threshold]
                data-count-type=[module.counts] {
                (self.label.of(self.own_id()))
                (hint_and_error(self.own_id(), &self.hint, &self.error))
                (control)
            }
        }
    }
}

/// What controls that answer one question together have. Its setters are those of each such component.
#[derive(Debug, Clone, Default, Setters)]
#[setters(
    into,
    generate_delegates(ty = "Checkboxes", field = "group"),
    generate_delegates(ty = "DateInput", field = "group"),
    generate_delegates(ty = "Radios", field = "group")
)]
pub(crate) struct Group {
    #[setters(skip)]
    pub(crate) name: String,
    #[setters(skip)]
    pub(crate) legend: Legend,
    /// What the ids of the controls begin with; the name where none is given.
    id_prefix: String,
    /// Help with the answer.
    hint: Content,
    /// What is wrong with the answer; nothing where all is well.
    pub(crate) error: Content,
    /// Ids of what else describes the controls, with a space between them.
    described_by: String,
    /// Further classes of the element around the controls.
    pub(crate) classes: String,
    /// Further classes of the whole group.
    group_classes: String,
    /// What stands before the controls.
    pub(crate) before: Content,
    /// What stands after the controls.
    pub(crate) after: Content,
}

impl Group {
    pub(crate) fn new(name: impl Into<String>, legend: impl Into<Legend>) -> Self {
        Self { name: name.into(), legend: legend.into(), ..Self::default() }
    }

    /// What the ids of the controls begin with.
    pub(crate) fn prefix(&self) -> &str {
        or(&self.id_prefix, &self.name)
    }

    /// Ids of all that describes the controls.
    pub(crate) fn all_described_by(&self) -> Option<String> {
        described_by(&self.described_by, self.prefix(), &self.hint, &self.error)
    }

    /// Hint and error, then the controls; in a fieldset where there is a legend.
    pub(crate) fn around(&self, role: &'static str, controls: &Markup) -> Markup {
        let error_class = when(!self.error.is_nothing(), "govuk-form-group--error");
        let inner = html! {
            (hint_and_error(self.prefix(), &self.hint, &self.error))
            (controls)
        };
        html! {
            div class=(classes(&["govuk-form-group", error_class, &self.group_classes])) {
                @if self.legend.is_nothing() {
                    (inner)
                } @else {
                    (self.fieldset(role, inner))
                }
            }
        }
    }

    fn fieldset(&self, role: &'static str, inner: Markup) -> Markup {
        let describing = self.all_described_by().unwrap_or_default();
        Fieldset::new(self.legend.clone(), inner).role(role).described_by(describing).render()
    }
}

/// The ids of hint and error, after those that are given.
fn described_by(first: &str, id: &str, hint: &Content, error: &Content) -> Option<String> {
    let hint_id = if hint.is_nothing() { String::new() } else { format!("{id}-hint") };
    let error_id = if error.is_nothing() { String::new() } else { format!("{id}-error") };
    let all = classes(&[first, &hint_id, &error_id]);
    (!all.is_empty()).then_some(all)
}

/// The hint and the error that belong to the control of this id.
fn hint_and_error(id: &str, hint: &Content, error: &Content) -> Markup {
    html! {
        @if !hint.is_nothing() { (Hint::new(hint.clone()).id(format!("{id}-hint"))) }
        @if !error.is_nothing() { (ErrorMessage::new(error.clone()).id(format!("{id}-error"))) }
    }
}
