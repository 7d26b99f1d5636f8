//! The page of a form: what is wrong first, then the sections, then the buttons.

use super::controls::{self, Filled, words_of};
use super::sections::sections;
use super::{once, roadside};
use crate::pages::sheet::{Sheet, hidden};
use crate::pages::visitor::Visitor;
use components::{Button, Details, ErrorLink, ErrorSummary, Markup, Textarea, html};
use model::Kind;
use model::derived::Fields;
use model::derived::validate::Problem;
use uuid::Uuid;

/// A form about a record.
pub(super) struct FormPage<'a> {
    /// Kind of the record.
    pub kind: &'static Kind,
    /// The draft under which it is kept until it is saved.
    pub draft: Uuid,
    /// How it goes on without a network, where it does.
    pub roadside: Option<&'static str>,
    /// Reference and ordinal of the version that it changes.
    pub of: Option<(&'a str, u32)>,
    /// Heading.
    pub title: String,
    /// What is filled in.
    pub filled: Filled<'a>,
    /// What is wrong with no single field.
    pub general: Option<String>,
    /// Controls that carry what the form is about.
    pub carried: Vec<(&'static str, String)>,
    /// The reason, where one is asked for.
    pub reason: Option<&'a str>,
    /// What stands above the form.
    pub above: Markup,
}

/// What the script of the form carries from one control to others.
fn carry(kind: &Kind) -> Option<String> {
    once::carried(kind).map(|carried| {
        serde_json::json!({ "from": carried.from, "rows": carried.rows, "to": carried.to }).to_string()
    })
}

impl FormPage<'_> {
    /// The page.
    pub(super) fn sheet(&self, visitor: &Visitor) -> Sheet {
        let has_errors = self.general.is_some() || !self.filled.problems.is_empty();
        let main = html! {
            div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds-from-desktop" {
                @if has_errors { (self.summary()) }
                span class="govuk-caption-l" { (self.kind.title) }
                h1 class="govuk-heading-l" { (self.title) }
                (self.above)
                form class="bluelamp-form" action=(self.filled.action.as_str()) method="post" novalidate data-form=(self.kind.name) data-carry=[carry(self.kind)] data-roadside=[self.roadside] data-worker=[self.roadside.map(|_| assets::path_of(roadside::WORKER))] {
                    (hidden(&visitor.token))
                    input type="hidden" name="draft" value=(self.draft);
                    input type="hidden" name="kind" value=(self.kind.name);
                    @if let Some((reference, version)) = self.of {
                        input type="hidden" name="of" value=(reference);
                        input type="hidden" name="version" value=(version);
                    }
                    @for (name, value) in &self.carried { input type="hidden" name=(name) value=(value); }
                    // Whoever presses Enter in a control saves, and adds no row.
                    button class="govuk-visually-hidden" type="submit" name="do" value="save" tabindex="-1" aria-hidden="true" { "Save" }
                    (self.sections())
                    @if let Some(reason) = self.reason { (self.reason_control(reason)) }
                    div class="govuk-button-group" {
                        (Button::new("Save").name("do").value("save").prevent_double_click(true))
                        (Button::secondary("Save for later").name("do").value("draft"))
                    }
                    p class="govuk-body-s" data-draft-state="" role="status" {}
                }
            } }
        };
        let sheet = Sheet::new(self.title.clone(), main).script("form.js");
        if has_errors { sheet.with_errors() } else { sheet }
    }

    fn summary(&self) -> ErrorSummary {
        let fields = Fields::of(self.kind);
        let link = |problem: &Problem| {
            let target = if problem.field == "reason" {
                "reason".to_owned()
            } else {
                controls::anchor(fields, &problem.field)
            };
            ErrorLink::new(format!("#{target}"), format!("{}: {}", problem.label, words_of(problem)))
        };
        let general = self.general.iter().map(ErrorLink::general);
        let links: Vec<ErrorLink> =
            general.chain(controls::one_each(self.filled.problems).into_iter().map(link)).collect();
        ErrorSummary::new(links).description("Nothing was saved. What you typed is still here.")
    }

    fn sections(&self) -> Markup {
        let fields = Fields::of(self.kind);
        html! {
            @for section in sections(self.kind) {
                @let decls: Vec<_> = section.fields.iter().filter_map(|number| fields.number(*number)).collect();
                @let inner = html! { @for decl in &decls { (controls::control(&self.filled, fields, decl, "")) } };
                @if section.folded {
                    @let is_open = decls.iter().any(|decl| self.filled.says(&decl.name()));
                    (Details::new(section.title, inner).open(is_open))
                } @else {
                    @if !section.title.is_empty() { h2 class="govuk-heading-m" { (section.title) } }
                    (inner)
                }
            }
        }
    }

    fn reason_control(&self, reason: &str) -> Textarea {
        let problem = self.filled.problems.iter().find(|problem| problem.field == "reason");
        Textarea::new("reason", "Why do you change it?")
            .value(reason)
            .rows(2u16)
            .hint("It stands in the history, for instance “told us the new address”")
            .error(problem.map(words_of))
    }
}
