//! What stands in the way of a record that is typed here: wrong types, unknown fields, codes not
//! of the day, impossible places and dates, and the rules of law. Intake never asks here: what
//! comes in from elsewhere is kept as it is, and its gaps are index terms.

use super::fields::Fields;
use super::placeholder;
use crate::body::{Body, NotHeld, Slot};
use crate::field::{About, FieldDecl, Rule, SearchAs};
use crate::kind::Kind;
use crate::value::Value;
use jiff::civil::Date;

mod value;

pub(crate) use value::LONGEST_TEXT;

#[cfg(test)]
mod tests;

/// Something wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Path of the field: `more-thorough-search[1].place`. Rows count from 1.
    pub field: String,
    /// Label that people see.
    pub label: String,
    /// Short name of the rule, or of the check (`type`, `code`, `place-bounds` …).
    pub rule: &'static str,
    /// The statute, code or policy; for checks of form, why the form matters.
    pub law: String,
    /// What the person can do about it.
    pub mend: String,
    /// Whether it stops the saving.
    pub stops: bool,
}

/// How a rule stands in one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The rule does not apply: by its condition, its dates, or because law took the answer away.
    DoesNotApply,
    /// The field answers it.
    Answered,
    /// Nothing is said.
    Missing,
    /// Something is said that answers nothing.
    Placeholder,
    /// The source that the record came from does not carry the field.
    NotInSource,
}

/// One rule of a kind, and how it stands in one record.
#[derive(Debug, Clone)]
pub struct RuleState {
    /// Path of the field.
    pub field: String,
    /// Label that people see.
    pub label: String,
    /// The rule.
    pub rule: Rule,
    /// How it stands.
    pub state: State,
}

impl RuleState {
    fn is_of(&self, other: &Self) -> bool {
        self.field == other.field && self.rule.name == other.rule.name
    }

    fn applies(&self) -> bool {
        self.state != State::DoesNotApply
    }
}

/// Everything that is wrong with a record typed here, for an event of the day `on`.
#[must_use]
pub fn problems(kind: &Kind, body: &Body, on: Date) -> Vec<Problem> {
    problems_in(Fields::of(kind), body, on)
}

/// [`problems`] with a force's own fields.
#[must_use]
pub fn problems_in(fields: Fields<'_>, body: &Body, on: Date) -> Vec<Problem> {
    let mut problems = Vec::new();
    value::check_body(fields, body, "", on, &mut problems);
    let is_from_elsewhere = has_provenance(fields, body);
    problems.extend(
        unmet_in(fields, body, on).iter().filter_map(|state| unmet_problem(state, is_from_elsewhere)),
    );
    problems
}

/// What is wrong after a change. What was wrong before is told too but stops nobody: who corrects
/// an outcome need not know the place that a publication left out.
#[must_use]
pub fn problems_of_change(kind: &Kind, before: &Body, after: &Body, on: Date) -> Vec<Problem> {
    problems_of_change_in(Fields::of(kind), before, after, on)
}

/// [`problems_of_change`] with a force's own fields.
#[must_use]
pub fn problems_of_change_in(fields: Fields<'_>, before: &Body, after: &Body, on: Date) -> Vec<Problem> {
    let old = problems_in(fields, before, on);
    let rules_before = unmet_in(fields, before, on);
    let was_there = |new: &Problem| old.iter().any(|old| old.field == new.field && old.rule == new.rule);
    let mut problems = Vec::new();
    value::check_body(fields, after, "", on, &mut problems);
    let is_from_elsewhere = has_provenance(fields, after);
    let applied = |new: &RuleState| rules_before.iter().any(|old| old.is_of(new) && old.applies());
    for state in unmet_in(fields, after, on) {
        // A source that is silent excuses what it did not carry. Where somebody here has just said that
        // makes the rule apply, they know of it, and the source's silence is no answer any more.
        problems.extend(unmet_problem(&state, is_from_elsewhere && applied(&state)));
    }
    for problem in &mut problems {
        problem.stops = problem.stops && !was_there(problem);
    }
    problems
}

/// One rule that a kind declares, with the field that it is about.
#[derive(Debug, Clone)]
pub struct DeclaredRule {
    /// Path of the field without row numbers: `more-thorough-search.place`.
    pub field: String,
    /// Label that people see, with those of the rows that it stands in.
    pub label: String,
    /// The rule.
    pub rule: Rule,
}

/// Every rule that a kind declares, those of its rows included: the lines of a completeness table,
/// whose figures are counts of the index terms with the rules' names.
#[must_use]
pub fn rules(kind: &Kind) -> Vec<DeclaredRule> {
    rules_in(Fields::of(kind))
}

/// [`rules`] with a force's own.
#[must_use]
pub fn rules_in(fields: Fields<'_>) -> Vec<DeclaredRule> {
    let mut rules = Vec::new();
    add_rules(fields, "", "", &mut rules);
    rules
}

fn add_rules(fields: Fields<'_>, path: &str, label: &str, rules: &mut Vec<DeclaredRule>) {
    for decl in fields.iter() {
        let (path, label) = (format!("{path}{}", decl.name()), format!("{label}{}", decl.label));
        let declared = fields.rules(decl);
        rules.extend(declared.map(|rule| DeclaredRule {
            field: path.clone(),
            label: label.clone(),
            rule: *rule,
        }));
        if let Some(group) = decl.row_group {
            add_rules(Fields::of_group(group), &format!("{path}."), &format!("{label}: "), rules);
        }
    }
}

/// How each rule of the kind stands: those of the record, and those of each row that it has.
#[must_use]
pub fn unmet(kind: &Kind, body: &Body, on: Date) -> Vec<RuleState> {
    unmet_in(Fields::of(kind), body, on)
}

/// [`unmet`] with a force's own fields.
#[must_use]
pub fn unmet_in(fields: Fields<'_>, body: &Body, on: Date) -> Vec<RuleState> {
    let mut states = Vec::new();
    add_states(fields, body, "", on, &mut states);
    states
}

fn add_states(fields: Fields<'_>, body: &Body, path: &str, on: Date, states: &mut Vec<RuleState>) {
    for decl in fields.iter() {
        for rule in fields.rules(decl) {
            states.push(RuleState {
                field: format!("{path}{}", decl.name()),
                label: decl.label.to_owned(),
                rule: *rule,
                state: state(decl, rule, body, on),
            });
        }
        each_row(decl, body, &mut |at, group, row| {
            add_states(group, row, &format!("{path}{}[{at}].", decl.name()), on, states);
        });
    }
}

/// Calls `see` with number (from 1), fields and body of each row under a field.
pub(crate) fn each_row<'a>(
    decl: &FieldDecl,
    body: &'a Body,
    see: &mut dyn FnMut(usize, Fields<'static>, &'a Body),
) {
    let (Some(group), Some(Value::Rows(rows))) = (decl.row_group, body.value(decl.number)) else {
        return;
    };
    for (at, row) in (1..).zip(rows) {
        see(at, Fields::of_group(group), row);
    }
}

/// How one rule stands in one body.
#[must_use]
pub fn state(decl: &FieldDecl, rule: &Rule, body: &Body, on: Date) -> State {
    let in_force = rule.from <= on && rule.until.is_none_or(|until| on <= until);
    if !in_force || !rule.when.holds(body) {
        return State::DoesNotApply;
    }
    match body.slot(decl.number) {
        None => State::Missing,
        Some(Slot::NotHeld(why)) => not_held_state(decl, *why),
        Some(Slot::Held(value)) => held_state(decl, value, body),
    }
}

fn not_held_state(decl: &FieldDecl, why: NotHeld) -> State {
    match why {
        NotHeld::NotInSource => State::NotInSource,
        NotHeld::Erased => State::DoesNotApply,
        // Only a person can decline; that a place declined answers nothing.
        NotHeld::Declined if decl.about == About::Own => State::Answered,
        NotHeld::Declined | NotHeld::NotKnown => State::Placeholder,
    }
}

fn held_state(decl: &FieldDecl, value: &Value, body: &Body) -> State {
    match value {
        Value::Text(text) if text.trim().is_empty() => State::Missing,
        Value::Text(text) if is_filler(decl, text) => State::Placeholder,
        Value::Identifier(text) if text.trim().is_empty() => State::Missing,
        Value::Identifier(text) if placeholder::is_text(text) => State::Placeholder,
        Value::Place(place) if place.is_empty() => State::Missing,
        Value::Place(place) if !names_a_place(place) => State::Placeholder,
        Value::Code(code) if is_placeholder_code(decl, code) && !is_named(decl, body) => State::Placeholder,
        Value::Rows(rows) if rows.iter().all(Body::is_empty) => State::Missing,
        Value::Date(date) if date.year.is_none() && date.month.is_none() && date.day.is_none() => {
            State::Placeholder
        }
        _ => State::Answered,
    }
}

fn is_filler(decl: &FieldDecl, text: &str) -> bool {
    if decl.search_as == SearchAs::Name { placeholder::is_name(text) } else { placeholder::is_text(text) }
}

fn is_placeholder_code(decl: &FieldDecl, code: &str) -> bool {
    let entry = decl.code_list.and_then(crate::codes::list).and_then(|list| list.code(code));
    entry.is_some_and(|entry| entry.placeholder)
}

/// Whether the place that gives “other” its name is named.
fn is_named(decl: &FieldDecl, body: &Body) -> bool {
    let place = decl.named_in.and_then(|number| body.value(number));
    matches!(place, Some(Value::Place(place)) if names_a_place(place))
}

fn names_a_place(place: &crate::value::Place) -> bool {
    let is_said = |text: &Option<String>| text.as_deref().is_some_and(|text| !placeholder::is_place(text));
    let is_position = |(latitude, longitude)| !placeholder::is_position(latitude, longitude);
    place.latitude.zip(place.longitude).is_some_and(is_position)
        || is_said(&place.words)
        || is_said(&place.postcode)
}

/// Whether the record says where it came from: only then can something be *not in this source*.
fn has_provenance(fields: Fields<'_>, body: &Body) -> bool {
    let origin = crate::kinds::provenance::GROUP.name;
    let is_origin = |decl: &&FieldDecl| decl.row_group.is_some_and(|group| group.name == origin);
    let mut fields = fields.iter().filter(is_origin);
    fields.any(|decl| matches!(body.value(decl.number), Some(Value::Rows(rows)) if !rows.is_empty()))
}

fn unmet_problem(state: &RuleState, is_from_elsewhere: bool) -> Option<Problem> {
    let stops = match state.state {
        State::DoesNotApply | State::Answered => return None,
        State::Missing | State::Placeholder => state.rule.stops,
        State::NotInSource => state.rule.stops && !is_from_elsewhere,
    };
    Some(Problem {
        field: state.field.clone(),
        label: state.label.clone(),
        rule: state.rule.name,
        law: state.rule.law.to_owned(),
        mend: state.rule.mend.to_owned(),
        stops,
    })
}
