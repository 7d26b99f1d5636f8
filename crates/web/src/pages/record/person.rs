//! A person: what an officer at the door must know comes first and needs no scrolling on a phone;
//! below it where they live, how they are reached, what they drive, whom they are with.

use super::Shown;
use super::fields;
use super::linked::how;
use super::timeline::OfPerson;
use components::{Cell, Markup, Table, Tag, TagColour, html};
use desk::linked::Linked;
use jiff::civil::Date;
use model::derived::{Fields, show};
use model::kinds::nominal::{self, address, date_of_birth, name, phone, warning};
use model::value::PartialDate;
use model::{Body, Type, Value};

/// Roles that one looks for first.
const FIRST_ROLES: usize = 6;

/// Warnings, who this is and was, and in what they are involved.
pub(super) fn at_the_door(shown: &Shown<'_>, around: &OfPerson, today: Date) -> Markup {
    html! {
        div class="bluelamp-door" {
            (warnings(&shown.body, today))
            (who(&shown.body, today))
            (roles(&around.events.linked))
        }
    }
}

fn rows_of(body: &Body, number: u16) -> &[Body] {
    match body.value(number) {
        Some(Value::Rows(rows)) => rows,
        _ => &[],
    }
}

fn warnings(body: &Body, today: Date) -> Markup {
    let rows = rows_of(body, nominal::WARNINGS.number());
    html! {
        section class="bluelamp-warnings" aria-label="Warnings" {
            @if rows.is_empty() {
                p class="bluelamp-warnings__none" { "No warnings are recorded." }
            } @else {
                ul class="bluelamp-warnings__list" {
                    @for row in rows { (warning(row, today)) }
                }
            }
        }
    }
}

fn warning(row: &Body, today: Date) -> Markup {
    let marker = row
        .get(warning::MARKER)
        .map_or_else(|| "Warning".to_owned(), |code| show::code_label("warning-marker", &code.0));
    let source = row.get(warning::SOURCE).map(|code| show::code_label("information-source", &code.0));
    let review = row.get(warning::REVIEW);
    let is_overdue = review.and_then(PartialDate::whole).is_some_and(|review| review < today);
    html! {
        li class="bluelamp-warnings__one" {
            strong { (marker) }
            span class="bluelamp-warnings__source" {
                @if let Some(given) = row.get(warning::GIVEN) { " " (show::date(given)) }
                @if let Some(source) = source { ", " (source) }
            }
            @if is_overdue { " " (Tag::new("Review overdue").colour(TagColour::Red)) }
        }
    }
}

fn who(body: &Body, today: Date) -> Markup {
    let names = rows_of(body, nominal::NAMES.number());
    let births = rows_of(body, nominal::DATES_OF_BIRTH.number());
    let gender = body.get(nominal::GENDER).map(|code| show::code_label("gender", &code.0));
    html! {
        dl class="bluelamp-who" {
            @for row in births.iter().take(2) {
                @if let Some(date) = row.get(date_of_birth::DATE) {
                    div { dt { "Born" } dd { (show::date(date)) @if let Some(age) = age(date, today) { " (" (age) ")" } } }
                }
            }
            @if let Some(gender) = gender { div { dt { "Gender" } dd { (gender) } } }
            @if names.len() > 1 {
                div { dt { "Also" } dd { (names[1..].iter().map(name_of).collect::<Vec<_>>().join("; ")) } }
            }
            @if let Some(pnc) = body.get(nominal::PNC_ID) { div { dt { "PNCID" } dd { (pnc.0) } } }
        }
    }
}

fn name_of(row: &Body) -> String {
    let said = show::joined(
        [row.get(name::SURNAME).map(|name| name.to_uppercase()), row.get(name::FORENAMES)],
        "name not given",
    );
    match row.get(name::TYPE) {
        Some(code) => format!("{said} ({})", show::code_label("name-type", &code.0).to_lowercase()),
        None => said,
    }
}

/// `38 years`, or what it is at least and at most where the day is not known.
fn age(date: PartialDate, today: Date) -> Option<String> {
    let year = date.year?;
    let years = |born: Date| {
        let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
        i32::from(today.year()) - i32::from(born.year()) - i32::from(!had_birthday)
    };
    match date.whole() {
        Some(born) => Some(format!("{} years", years(born))),
        None => {
            let first = date.month.unwrap_or(1);
            let last = date.month.unwrap_or(12);
            let most = years(Date::new(year, first, 1).ok()?);
            let least = years(Date::new(year, last, 1).ok()?.last_of_month());
            Some(if least == most { format!("{most} years") } else { format!("{least} or {most} years") })
        }
    }
}

/// What they did or suffered, by the event in which they did: never a property of the person.
fn roles(events: &[Linked]) -> Markup {
    html! {
        @if !events.is_empty() {
            section class="bluelamp-roles" aria-label="Involved in" {
                ul class="govuk-list" {
                    @for event in events.iter().take(FIRST_ROLES) {
                        li { strong { (how(event)) } " " a class="govuk-link" href={ "/records/" (event.reference) } { (event.name) } }
                    }
                }
                @if events.len() > FIRST_ROLES { p class="govuk-body-s" { a class="govuk-link" href="#timeline" { "More below" } } }
            }
        }
        p class="govuk-body-s bluelamp-door__not" {
            "Warrants, custody and missing reports are not kept in this system yet: check them where they are."
        }
    }
}

/// Addresses and telephones in time, the newest first; then all else.
pub(super) fn below(shown: &Shown<'_>) -> Markup {
    let fields = Fields::of(shown.kind);
    let own = [nominal::NAMES, nominal::DATES_OF_BIRTH, nominal::WARNINGS].map(|field| field.number());
    let shown_above = |number: u16| {
        own.contains(&number) || [nominal::ADDRESSES.number(), nominal::PHONES.number()].contains(&number)
    };
    html! {
        (in_time(["Addresses", "Address"], rows_of(&shown.body, nominal::ADDRESSES.number()), address_line))
        (in_time(["Telephones", "Number"], rows_of(&shown.body, nominal::PHONES.number()), phone_line))
        h2 class="govuk-heading-m" { "Details" }
        (fields::answers(fields, &shown.body))
        @for decl in fields.iter().filter(|decl| decl.kind == Type::Rows && model::derived::form::is_typed(decl) && !shown_above(decl.number)) {
            (fields::rows(decl, &shown.body))
        }
        (components::Details::new("Names, dates of birth and warnings, with their sources", html! {
            @for number in own { @if let Some(decl) = fields.number(number) { (fields::rows(decl, &shown.body)) } }
        }))
    }
}

/// What a line of a table in time says: from, until, what, of what sort, by what source.
struct InTime {
    since: Option<PartialDate>,
    until: Option<PartialDate>,
    what: String,
    sort: Option<String>,
    source: Option<String>,
}

fn address_line(row: &Body) -> InTime {
    InTime {
        since: row.get(address::FROM),
        until: row.get(address::UNTIL),
        what: row.get(address::PLACE).map_or_else(String::new, |place| show::place(&place)),
        sort: row.get(address::TYPE).map(|code| show::code_label("address-type", &code.0)),
        source: row.get(address::SOURCE).map(|code| show::code_label("information-source", &code.0)),
    }
}

fn phone_line(row: &Body) -> InTime {
    InTime {
        since: row.get(phone::FROM),
        until: row.get(phone::UNTIL),
        what: row.get(phone::NUMBER).map_or_else(String::new, |number| number.0),
        sort: row.get(phone::TYPE).map(|code| show::code_label("phone-type", &code.0)),
        source: row.get(phone::SOURCE).map(|code| show::code_label("information-source", &code.0)),
    }
}

fn in_time([title, what]: [&'static str; 2], rows: &[Body], line: fn(&Body) -> InTime) -> Markup {
    let mut lines: Vec<InTime> = rows.iter().map(line).collect();
    let key = |date: Option<PartialDate>| date.map(|date| (date.year, date.month, date.day));
    // What stands without an end is present; then the newest first.
    lines.sort_by_key(|line| std::cmp::Reverse((line.until.is_none(), key(line.since))));
    let cells = lines.iter().map(|line| {
        let said = |text: &Option<String>| text.clone().unwrap_or_default();
        let date = |date: Option<PartialDate>| date.map(show::date).unwrap_or_default();
        vec![
            Cell::new(line.what.as_str()),
            Cell::new(said(&line.sort)),
            Cell::new(date(line.since)),
            Cell::new(date(line.until)),
            Cell::new(said(&line.source)),
        ]
    });
    let head = [what, "Sort", "From", "Until", "Source"].map(Cell::new);
    html! {
        @if !rows.is_empty() {
            h2 class="govuk-heading-m" { (title) }
            (Table::new(head, cells).caption(title).caption_hidden(true).classes("bluelamp-table--stacked"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> PartialDate {
        PartialDate::parse(text).unwrap()
    }

    #[test]
    fn an_age_is_said_as_far_as_it_is_known() {
        let today = Date::constant(2026, 11, 30);
        for (born, said) in [
            ("1988-11-30", "38 years"),
            ("1988-12-01", "37 years"),
            ("1988", "37 or 38 years"),
            ("1988-03", "38 years"),
            ("1988-11", "38 years"),
            ("1988-12", "37 years"),
        ] {
            assert_eq!(age(date(born), today).as_deref(), Some(said), "{born}");
        }
        assert_eq!(age(date("????-03-04"), today), None);
    }
}
