//! The control of each field, by its type: what stands in it is what was typed, and beside it stands what is
//! wrong with it.

use super::dates;
use super::reveal;
use components::{
    Button, Checkboxes, Choice, DateInput, Details, ErrorMessage, Fieldset, Hint, Input, Legend, Markup,
    Radios, Select, SelectItem, Size, Textarea, Width, html,
};
use jiff::civil::Date;
use model::codes::CodeList;
use model::derived::Fields;
use model::derived::form::{self, Texts};
use model::derived::validate::Problem;
use model::{About, Class, FieldDecl, Group, SearchAs, Type};

/// Most codes that are shown side by side; a longer list is chosen from.
const MOST_RADIOS: usize = 7;

/// A form as it is filled in.
pub(super) struct Filled<'a> {
    /// What was typed.
    pub typed: &'a Texts,
    /// What is wrong with it.
    pub problems: &'a [Problem],
    /// The day by which codes are offered.
    pub on: Date,
    /// The day on which it is filled in.
    pub today: Date,
    /// Field to which a row is added.
    pub one_more: Option<&'a str>,
    /// Where the form is sent to.
    pub action: String,
}

impl Filled<'_> {
    fn text(&self, path: &str) -> &str {
        self.typed.get(path).map_or("", String::as_str)
    }

    fn error(&self, path: &str) -> Option<String> {
        // The last rule of a field is the most particular one: what it asks for answers those before it.
        let problem = self.problems.iter().rfind(|problem| problem.field == path)?;
        Some(words_of(problem))
    }

    /// Whether a field is asked: what a force has ended, only where it was answered.
    pub(super) fn asks(&self, decl: &FieldDecl) -> bool {
        decl.is_open_on(self.today) || self.says(&decl.name())
    }

    /// Whether anything is said of a field or of its parts.
    pub(super) fn says(&self, name: &str) -> bool {
        let is_of = |path: &str| {
            path.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        self.typed.iter().any(|(path, text)| is_of(path) && !text.trim().is_empty())
            || self.problems.iter().any(|problem| is_of(&problem.field))
    }
}

/// The problems as the summary names them: one for each control, in the order of the form.
pub(super) fn one_each(problems: &[Problem]) -> Vec<&Problem> {
    let is_last = |(at, problem): &(usize, &Problem)| {
        problems[at + 1..].iter().all(|later| later.field != problem.field)
    };
    problems.iter().enumerate().filter(is_last).map(|(_, problem)| problem).collect()
}

/// What is wrong, and by what law where it is a law that asks.
pub(super) fn words_of(problem: &Problem) -> String {
    match problem.law.as_str() {
        "" | "Every field has one name and one type" => problem.mend.clone(),
        law => format!("{} ({law})", problem.mend),
    }
}

/// The control of a field, shown only when its condition holds.
pub(super) fn control(filled: &Filled<'_>, fields: Fields<'_>, decl: &FieldDecl, before: &str) -> Markup {
    let path = format!("{before}{}", decl.name());
    let inner = match decl.row_group {
        Some(group) if is_waiting(filled, decl, &path) => html! {
            (Details::new(format!("{} (optional)", decl.label), answers(filled, fields, decl, group, &path)))
        },
        Some(group) => answers(filled, fields, decl, group, &path),
        None => one(filled, fields, decl, &path),
    };
    let condition = reveal::condition(fields, decl, before);
    html! { div class="bluelamp-field" data-reveal=[condition] { (inner) } }
}

/// Whether rows need not be there and are not: they wait behind their name, so that a form stays short.
fn is_waiting(filled: &Filled<'_>, decl: &FieldDecl, path: &str) -> bool {
    decl.rules.is_empty() && filled.one_more != Some(path) && !filled.says(path)
}

/// The label; what need not be answered says so.
fn label(fields: Fields<'_>, decl: &FieldDecl) -> String {
    let is_needed = fields.rules(decl).next().is_some();
    if is_needed { decl.label.to_owned() } else { format!("{} (optional)", decl.label) }
}

fn one(filled: &Filled<'_>, fields: Fields<'_>, decl: &FieldDecl, path: &str) -> Markup {
    let (label, text, error) = (label(fields, decl), filled.text(path), filled.error(path));
    let hint = (!decl.help.is_empty()).then_some(decl.help);
    let input =
        || Input::new(path, label.clone()).value(text).hint(hint).error(error.clone()).autocomplete("off");
    match decl.kind {
        Type::Bool => yes_or_no(filled, decl, path, &label),
        Type::Code => code(filled, decl, path, &label),
        Type::Text if is_account(decl, text) => {
            html! { (Textarea::new(path, label).value(text).hint(hint).error(error).rows(4u16)) }
        }
        Type::Text if decl.search_as == SearchAs::Name => {
            html! { (input().width(Width::Thirty).spellcheck(false)) }
        }
        Type::Text => html! { (input()) },
        Type::Number => html! { (input().width(Width::Five).inputmode("numeric").spellcheck(false)) },
        Type::Identifier => {
            html! { (input().width(Width::Twenty).autocapitalize("characters").spellcheck(false)) }
        }
        Type::Record => html! { (input().width(Width::Twenty).spellcheck(false)) },
        Type::Instant => instant(filled, decl, path, &label),
        Type::Date => html! {
            // The declaration says how a date is written as one text; here it stands in three.
            (DateInput::new(path, Legend::new(label)).values(dates::parts(text).each_ref().map(String::as_str))
                .hint(hint.map(|_| "Leave empty what is not known")).error(error))
        },
        Type::Place => place(filled, decl, path, &label),
        Type::Rows => Markup::default(),
    }
}

/// Whether a text has room for sentences: what somebody believes or says takes more words than a fact.
fn is_account(decl: &FieldDecl, text: &str) -> bool {
    decl.is_long || text.contains('\n') || (decl.class != Class::Fact && decl.search_as == SearchAs::Words)
}

/// A date and time on London's clocks. What the control of a browser cannot hold is typed as text.
fn instant(filled: &Filled<'_>, decl: &FieldDecl, path: &str, label: &str) -> Markup {
    let (text, error) = (filled.text(path), filled.error(path));
    let fits = text.is_empty() || (text.len() <= 19 && text.parse::<jiff::civil::DateTime>().is_ok());
    let hint = if fits {
        decl.help
    } else {
        "For instance 2024-01-02T03:04, and +01:00 after it where clocks showed it twice"
    };
    let input = Input::new(path, label).value(text).error(error).hint((!hint.is_empty()).then_some(hint));
    html! { (input.kind(if fits { "datetime-local" } else { "text" }).classes("bluelamp-input--moment")) }
}

fn yes_or_no(filled: &Filled<'_>, decl: &FieldDecl, path: &str, label: &str) -> Markup {
    radios(filled, decl, path, label, vec![Choice::new("yes", "Yes"), Choice::new("no", "No")])
}

fn radios(filled: &Filled<'_>, decl: &FieldDecl, path: &str, label: &str, choices: Vec<Choice>) -> Markup {
    let hint = (!decl.help.is_empty()).then_some(decl.help);
    html! {
        (Radios::new(path, Legend::new(label), choices).value(filled.text(path).to_owned()).hint(hint)
            .error(filled.error(path)).classes("govuk-radios--small bluelamp-radios"))
    }
}

/// Why there is no answer to what only the person could tell of themselves, and need not.
fn not_held(decl: &FieldDecl) -> Vec<Choice> {
    let is_told = decl.about == About::Own && decl.class == Class::Fact && decl.is_sensitive;
    if !is_told || decl.rules.is_empty() {
        return Vec::new();
    }
    vec![
        Choice::new("not-held:declined", "Asked and declined"),
        Choice::new("not-held:not-known", "Asked and not known"),
    ]
}

fn code(filled: &Filled<'_>, decl: &FieldDecl, path: &str, label: &str) -> Markup {
    let Some(list) = decl.code_list.and_then(model::codes::list) else { return Markup::default() };
    let chosen = filled.text(path);
    let offered = offered(list, filled.on, chosen);
    if offered.len() <= MOST_RADIOS {
        let choices = offered.iter().map(|(code, label)| Choice::new(code.as_str(), label.as_str()));
        return radios(filled, decl, path, label, choices.chain(not_held(decl)).collect());
    }
    let items = offered.into_iter().map(|(code, label)| SelectItem::new(code, label));
    let others = [("not-held:declined", "Asked and declined"), ("not-held:not-known", "Asked and not known")];
    let others = others
        .into_iter()
        .filter(|_| !not_held(decl).is_empty())
        .map(|(code, label)| SelectItem::new(code, label));
    let items = std::iter::once(SelectItem::new("", "Choose")).chain(items).chain(others);
    let hint = (!decl.help.is_empty()).then_some(decl.help);
    html! { (Select::new(path, label, items).value(chosen.to_owned()).hint(hint).error(filled.error(path))) }
}

/// The codes that may be chosen for that day, and the one that is chosen, whatever its days are.
fn offered(list: &CodeList, on: Date, chosen: &str) -> Vec<(String, String)> {
    let codes = list.codes.iter().filter(|entry| entry.holds_on(on) || entry.code == chosen);
    codes.map(|entry| (entry.code.clone(), entry.label.clone())).collect()
}

fn place(filled: &Filled<'_>, decl: &FieldDecl, path: &str, label: &str) -> Markup {
    let part = |name: &str| format!("{path}.{name}");
    let input = |name: &str, label: &str| {
        Input::new(part(name), label)
            .value(filled.text(&part(name)))
            .error(filled.error(&part(name)))
            .spellcheck(false)
    };
    let position = html! {
        div class="bluelamp-position" {
            (input("latitude", "Latitude").width(Width::Ten).inputmode("decimal"))
            (input("longitude", "Longitude").width(Width::Ten).inputmode("decimal"))
        }
    };
    let is_given = filled.says(&part("latitude")) || filled.says(&part("longitude"));
    let error = filled.error(path);
    let controls = html! {
        @if !decl.help.is_empty() { (Hint::new(decl.help)) }
        @if let Some(error) = &error { (ErrorMessage::new(error.as_str())) }
        (input("words", "Address, or the place in words"))
        (input("postcode", "Postcode").width(Width::Ten).autocapitalize("characters"))
        (Details::new("Point on the map", position).open(is_given))
    };
    let class = if error.is_some() {
        "govuk-form-group govuk-form-group--error bluelamp-place"
    } else {
        "govuk-form-group bluelamp-place"
    };
    html! { div class=(class) data-place=(path) { (Fieldset::new(Legend::new(label), controls)) } }
}

/// Several answers to one question: any of a few codes, or rows of controls.
fn answers(
    filled: &Filled<'_>,
    fields: Fields<'_>,
    decl: &FieldDecl,
    group: &'static Group,
    path: &str,
) -> Markup {
    match only_code(group) {
        Some(code) => any_of(filled, &label(fields, decl), decl, code, path),
        None => rows(filled, decl, group, path),
    }
}

/// The code that is all that a row says.
fn only_code(group: &'static Group) -> Option<&'static FieldDecl> {
    match group.fields {
        [decl] if decl.kind == Type::Code => Some(decl),
        _ => None,
    }
}

/// Rows of one code each, as any of a few answers. What is held keeps its row, so that what nobody touched
/// stays as it is; each other answer would be a further row.
fn any_of(filled: &Filled<'_>, label: &str, decl: &FieldDecl, code: &FieldDecl, path: &str) -> Markup {
    let Some(list) = code.code_list.and_then(model::codes::list) else { return Markup::default() };
    let control = |row: usize| format!("{path}[{row}].{}", code.name());
    let held: Vec<&str> =
        (1..=form::rows(filled.typed, path)).map(|row| filled.text(&control(row))).collect();
    let row_of = |code: &str| held.iter().position(|held| *held == code).map(|before| before + 1);
    let mut free = held.len();
    let offered =
        list.codes.iter().filter(|entry| entry.holds_on(filled.on) || row_of(&entry.code).is_some());
    let choices = offered.map(|entry| {
        let row = row_of(&entry.code);
        free += usize::from(row.is_none());
        let name = control(row.unwrap_or(free));
        Choice::new(entry.code.as_str(), entry.label.as_str()).name(name).checked(row.is_some())
    });
    let choices: Vec<Choice> = choices.collect();
    let hint = if decl.help.is_empty() { "Choose all that apply" } else { decl.help };
    let inner = (1..=held.len()).find_map(|row| filled.error(&control(row)));
    html! {
        (Checkboxes::new(path, Legend::new(label), choices).hint(hint).error(filled.error(path).or(inner))
            .classes("govuk-checkboxes--small"))
    }
}

/// The rows of a field: those that are there, one to begin with, and one more where somebody asks for it.
fn rows(filled: &Filled<'_>, decl: &FieldDecl, group: &'static Group, path: &str) -> Markup {
    let there = form::rows(filled.typed, path);
    let shown = if filled.one_more == Some(path) { there + 1 } else { there.max(1) };
    let is_needed = !decl.rules.is_empty();
    let (error, fields) = (filled.error(path), Fields::of_group(group));
    let lower = group.title.to_lowercase();
    let suffix = if is_needed { "" } else { " (optional)" };
    // Rows that wait have their name above them.
    let heading = if is_waiting(filled, decl, path) { "govuk-visually-hidden" } else { "govuk-heading-s" };
    html! {
        section class="bluelamp-rows" aria-labelledby={ (path) "-rows" } {
            h3 class=(heading) id={ (path) "-rows" } { (decl.label) (suffix) }
            @if !decl.help.is_empty() { (Hint::new(decl.help)) }
            @if let Some(error) = &error { (ErrorMessage::new(error.as_str())) }
            @for at in 1..=shown { (row(filled, fields, group, &format!("{path}[{at}]"), at, shown)) }
            (Button::secondary(format!("Add another {lower}")).name("do").value(format!("add:{path}"))
                .form_action(format!("{}#{path}[{}]", filled.action, shown + 1)).classes("bluelamp-button--row"))
        }
    }
}

fn row(
    filled: &Filled<'_>,
    fields: Fields<'_>,
    group: &'static Group,
    path: &str,
    at: usize,
    of: usize,
) -> Markup {
    let (first, rest): (Vec<&FieldDecl>, Vec<&FieldDecl>) =
        group.fields.iter().partition(|decl| comes_first(group, decl));
    let before = format!("{path}.");
    let is_open = rest.iter().any(|decl| filled.says(&format!("{before}{}", decl.name())));
    let more = html! { @for decl in &rest { (control(filled, fields, decl, &before)) } };
    // One row alone has the heading above it.
    let legend = match of {
        1 => Legend::new(group.title).classes("govuk-visually-hidden"),
        _ => Legend::new(format!("{} {at}", group.title)).size(Size::Small),
    };
    let inner = html! {
        @for decl in &first { (control(filled, fields, decl, &before)) }
        @if !rest.is_empty() { (Details::new(format!("More about this {}", group.title.to_lowercase()), more).open(is_open)) }
        @if of > 1 {
            (Button::secondary(format!("Take {} {at} out", group.title.to_lowercase())).name("do").value(format!("remove:{path}"))
                .classes("bluelamp-button--row"))
        }
    };
    html! {
        div class="bluelamp-row" id=(path) {
            (Fieldset::new(legend, inner))
        }
    }
}

/// What one row must say is asked first; so is what people are recognised by.
fn comes_first(group: &Group, decl: &FieldDecl) -> bool {
    let needs_nothing = group.fields.iter().all(|decl| decl.rules.is_empty());
    needs_nothing || !decl.rules.is_empty() || decl.search_as == SearchAs::Name
}

/// The id of the control that a problem leads to.
pub(super) fn anchor(fields: Fields<'_>, path: &str) -> String {
    let (name, rest) = match (form::row_of(path), form::first_of(path)) {
        (Some((name, at, rest)), _) => {
            let group = fields.named(name).and_then(|decl| decl.row_group);
            if group.is_some_and(|group| only_code(group).is_some()) {
                return name.to_owned();
            }
            let inner = group.map_or_else(|| rest.to_owned(), |group| anchor(Fields::of_group(group), rest));
            return format!("{name}[{at}].{inner}");
        }
        (None, whole) => whole,
    };
    match (fields.named(name).map(|decl| (decl.kind, decl.row_group)), rest) {
        (Some((Type::Date, _)), None) => format!("{name}-day"),
        (Some((Type::Place, _)), None) => format!("{name}.words"),
        (Some((Type::Rows, Some(group))), None) if only_code(group).is_some() => name.to_owned(),
        (Some((Type::Rows, Some(group))), None) => {
            let first = group.fields.iter().find(|decl| comes_first(group, decl));
            let inner = first.map(|decl| anchor(Fields::of_group(group), &decl.name()));
            format!("{name}[1].{}", inner.unwrap_or_default())
        }
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::kinds::{nominal, stop_and_search};

    #[test]
    fn a_problem_leads_to_a_control_that_is_there() {
        let person = Fields::of(&nominal::KIND);
        assert_eq!(anchor(person, "names"), "names[1].forenames");
        assert_eq!(anchor(person, "dates-of-birth[2].date"), "dates-of-birth[2].date-day");
        assert_eq!(anchor(person, "addresses[1].place"), "addresses[1].place.words");
        let stop = Fields::of(&stop_and_search::KIND);
        assert_eq!(anchor(stop, "place"), "place.words");
        assert_eq!(anchor(stop, "grounds"), "grounds");
    }
}
