//! A file to be sent.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::Label;
use crate::classes::{classes, given, when};
use crate::field::{Field, Module};

/// A file to be sent. The form around it must be `enctype="multipart/form-data"`.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct FileUpload {
    #[setters(skip)]
    pub(crate) field: Field,
    /// Whether several files may be chosen.
    multiple: bool,
    /// Whether a file may be dropped on it, where scripts run.
    drop_zone: bool,
    /// Types and endings of files that the browser offers, with commas between them. The server judges.
    accept: String,
}

impl FileUpload {
    /// A file that the form sends as `name`.
    pub fn new(name: impl Into<String>, label: impl Into<Label>) -> Self {
        Self { field: Field::new(name, label), ..Self::default() }
    }

    fn input(&self) -> Markup {
        let error = when(self.field.has_error(), "govuk-file-upload--error");
        html! {
            input class=(classes(&["govuk-file-upload", &self.field.classes, error]))
                id=(self.field.own_id())
                name=(self.field.name)
                type="file"
                accept=[given(&self.accept)]
                disabled[self.field.disabled]
                multiple[self.multiple]
                aria-describedby=[self.field.all_described_by()];
        }
    }

    fn control(&self) -> Markup {
        html! {
            (self.field.before)
            @if self.drop_zone {
                div class="govuk-file-upload-wrapper" data-module="govuk-file-upload" { (self.input()) }
            } @else {
                (self.input())
            }
            (self.field.after)
        }
    }
}

impl Render for FileUpload {
    fn render(&self) -> Markup {
        self.field.group("", &Module::default(), &self.control())
    }
}
