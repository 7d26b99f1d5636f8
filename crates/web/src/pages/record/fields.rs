//! All that a record says, as its kind declares it: answers in one list, and each group of rows below.

use super::Shown;
use components::{Card, Content, Details, Level, Markup, Row, SummaryList, Tag, TagColour, html};
use model::body::Slot;
use model::derived::{Fields, form, show};
use model::{Body, Class, FieldDecl, Type, Value};

/// Everything that is held.
pub(super) fn all(shown: &Shown<'_>) -> Markup {
    let fields = Fields::of(shown.kind);
    html! {
        (answers(fields, &shown.body))
        @for decl in fields.iter().filter(|decl| form::is_typed(decl)) { (rows(decl, &shown.body)) }
        (unknown(fields, &shown.body))
    }
}

/// The answers that are no rows.
pub(super) fn answers(fields: Fields<'_>, body: &Body) -> Markup {
    let held = fields.iter().filter(|decl| decl.kind != Type::Rows);
    let lines: Vec<Row> = held.filter_map(|decl| Some(line(fields, decl, body.slot(decl.number)?))).collect();
    html! { @if !lines.is_empty() { (SummaryList::new(lines)) } }
}

fn line(fields: Fields<'_>, decl: &FieldDecl, slot: &Slot) -> Row {
    Row::new(label(fields, decl), said(decl, slot))
}

/// The label, with what kind of statement it is where it is not plainly fact (DPA 2018 s.38(2)).
fn label(fields: Fields<'_>, decl: &FieldDecl) -> Content {
    html! {
        (decl.label)
        @if let Some(tag) = class_tag(decl.class) { " " (tag) }
        @if fields.is_sensitive(decl) { " " (Tag::new("Sensitive").colour(TagColour::Purple)) }
    }
    .into()
}

/// Says what is not fact.
pub(super) fn class_tag(class: Class) -> Option<Tag> {
    let colour = match class {
        Class::Fact => return None,
        Class::Opinion => TagColour::Yellow,
        Class::Allegation => TagColour::Orange,
        Class::Assessment => TagColour::Teal,
    };
    let word = class.word();
    Some(Tag::new(format!("{}{}", word[..1].to_uppercase(), &word[1..])).colour(colour))
}

/// What is held, as people read it.
pub(super) fn said(decl: &FieldDecl, slot: &Slot) -> Content {
    match slot {
        Slot::Held(Value::Record(id)) => {
            html! { a class="govuk-link" href={ "/record-of/" (id) } { "Open the record" } }.into()
        }
        Slot::Held(Value::Text(text)) if text.contains('\n') => {
            html! { div class="bluelamp-text" { (text) } }.into()
        }
        Slot::Held(_) => show::slot_text(decl, slot).into(),
        Slot::NotHeld(_) => html! { span class="bluelamp-not-held" { (show::slot_text(decl, slot)) } }.into(),
    }
}

/// The rows of one field.
pub(super) fn rows(decl: &FieldDecl, body: &Body) -> Markup {
    let (Some(group), Some(Value::Rows(rows))) = (decl.row_group, body.value(decl.number)) else {
        return not_held_rows(decl, body);
    };
    let fields = Fields::of_group(group);
    html! {
        h2 class="govuk-heading-m" { (decl.label) @if let Some(tag) = class_tag(decl.class) { " " (tag) } }
        @for (at, row) in (1..).zip(rows) {
            @let lines: Vec<Row> = fields.iter().filter_map(|field| Some(line(fields, field, row.slot(field.number)?))).collect();
            @let title = if rows.len() == 1 { group.title.to_owned() } else { format!("{} {at}", group.title) };
            (SummaryList::new(lines).card(Card::new(title).level(Level::Three)))
        }
    }
}

fn not_held_rows(decl: &FieldDecl, body: &Body) -> Markup {
    match body.slot(decl.number) {
        Some(slot @ Slot::NotHeld(_)) if decl.kind == Type::Rows => html! {
            h2 class="govuk-heading-m" { (decl.label) }
            p class="govuk-body bluelamp-not-held" { (show::slot_text(decl, slot)) }
        },
        _ => Markup::default(),
    }
}

/// What another release wrote is shown all the same: nothing held is hidden.
fn unknown(fields: Fields<'_>, body: &Body) -> Markup {
    let known = |number: u16| fields.number(number).is_some();
    let lines: Vec<Row> = body
        .slots()
        .filter(|(number, _)| !known(*number))
        .map(|(number, slot)| {
            Row::new(format!("Field {number}, unknown to this release"), show::undeclared_text(slot))
        })
        .collect();
    html! { @if !lines.is_empty() { (SummaryList::new(lines)) } }
}

/// Where a record that was not typed here came from.
pub(super) fn provenance(shown: &Shown<'_>) -> Markup {
    let origin = Fields::of(shown.kind).iter().filter(|decl| !form::is_typed(decl));
    let lines = html! { @for decl in origin { (rows(decl, &shown.body)) } };
    html! { @if !lines.0.is_empty() { (Details::new("Where this came from", lines)) } }
}
