//! What a record is linked with in time: the newest on its page, and all of it, narrowed by kind, role and period,
//! on a page of its own. A role that somebody is said to have had is told apart from what happened.

use super::fields::class_tag;
use super::linked::{how, table, when};
use super::{Shown, heading, unknown_kind};
use crate::house::House;
use crate::pages::search::date;
use crate::pages::sheet::{Part, Sheet};
use crate::pages::turned::Turned;
use crate::pages::visitor::Working;
use crate::pages::words;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;
use components::{
    BackLink, Button, ErrorLink, ErrorSummary, Input, Level, Markup, PageStep, Pagination, Select,
    SelectItem, Timeline, TimelineItem, Width, html,
};
use desk::linked::{Around, Chapter, FARTHEST, Linked, Told};
use desk::{DeskError, Session};
use jiff::civil::Date;
use model::derived::Fields;
use model::derived::show::LONDON;
use model::kinds::{self, link, nominal, vehicle};
use model::{PartialDate, RecordId, codes};
use serde::Deserialize;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new().route("/records/{reference}/timeline", get(page::<S>))
}

/// Events that the page of a person shows.
const FIRST: usize = 12;
/// People, vehicles and things that it shows.
const LASTING: usize = 100;
/// Events of one page of the timeline.
const PAGE: usize = 50;

/// What the page of a record shows of what it is linked with.
pub(super) enum Beside {
    /// Of a person.
    Person(OfPerson),
    /// Of anything else.
    Other(Around),
}

/// What a person is linked with.
pub(super) struct OfPerson {
    /// What happened.
    pub events: Told,
    /// People, vehicles and other things that last.
    pub lasting: Told,
}

pub(super) async fn of_person<S: RecordStore>(
    house: &House<S>,
    who: &Session,
    record: RecordId,
) -> Result<OfPerson, DeskError> {
    let events = Chapter { happened: Some(true), limit: FIRST, ..Chapter::default() };
    let lasting = Chapter { happened: Some(false), limit: LASTING, ..Chapter::default() };
    let mut told = house.desk().timeline(who, record, &[events, lasting]).await?.into_iter();
    Ok(OfPerson { events: told.next().unwrap_or_default(), lasting: told.next().unwrap_or_default() })
}

/// The newest events, on the page of a person.
pub(super) fn section(shown: &Shown<'_>, events: &Told) -> Markup {
    html! {
        @if events.total > 0 {
            h2 class="govuk-heading-m" id="timeline" { "Timeline" }
            (line_of_time(&events.linked, Level::Three))
            @if events.total > events.linked.len() {
                p class="govuk-body" {
                    a class="govuk-link" href={ (shown.path()) "/timeline" } { "The whole timeline: " (words::count(events.total as u64, "event")) }
                }
            }
        }
    }
}

/// Vehicles, other people, and what else lasts.
pub(super) fn lasting(shown: &Shown<'_>, lasting: &Told) -> Markup {
    let of_kind = |number: u16| {
        let name = kinds::by_number(number).map_or("", |kind| kind.name);
        lasting.linked.iter().filter(move |linked| linked.kind == name).collect::<Vec<_>>()
    };
    let (vehicles, people) = (of_kind(vehicle::KIND.number), of_kind(nominal::KIND.number));
    let known = [vehicle::KIND.name, nominal::KIND.name];
    let others: Vec<&Linked> = lasting.linked.iter().filter(|linked| !known.contains(&linked.kind)).collect();
    html! {
        @for (title, lines) in [("Vehicles", vehicles), ("Associates and relations", people), ("Also linked with", others)] {
            @if !lines.is_empty() {
                h2 class="govuk-heading-m" { (title) }
                (table(lines))
            }
        }
        p class="govuk-body" id="linked" {
            a class="govuk-link" href={ (shown.path()) "/linked" } { "All that this person is linked with" }
        }
    }
}

fn line_of_time(linked: &[Linked], level: Level) -> Timeline {
    Timeline::new(linked.iter().map(item)).level(level)
}

fn item(linked: &Linked) -> TimelineItem {
    let role = Fields::of(&link::KIND).number(link::TYPE.number());
    let tag = role.and_then(|role| class_tag(role.class));
    let title = html! { (how(linked)) @if let Some(tag) = tag { " " (tag) } };
    let said = when(linked);
    let said = if said.is_empty() { "Time not known".to_owned() } else { said };
    let content = html! {
        p class="govuk-body govuk-!-margin-bottom-1" {
            a class="govuk-link" href={ "/records/" (linked.reference) } { (linked.name) }
        }
        p class="bluelamp-result__what" {
            (words::kind_title(linked.kind)) " " (linked.reference)
            @if let Some(source) = &linked.source { ". Source: " (source) }
            ". " a class="govuk-link bluelamp-reference" href={ "/records/" (linked.link) } { "Link " (linked.link) }
        }
    };
    TimelineItem::new(title, linked.happened.map(words::machine_time).unwrap_or_default(), said)
        .content(content)
}

/// What of a timeline is looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    kind: String,
    role: String,
    from: String,
    to: String,
    page: Option<usize>,
}

impl Asked {
    fn page(&self) -> usize {
        self.page.unwrap_or(1).clamp(1, FARTHEST)
    }

    fn address(&self, path: &str, page: usize) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, text) in
            [("kind", &self.kind), ("role", &self.role), ("from", &self.from), ("to", &self.to)]
        {
            if !text.is_empty() {
                query.append_pair(name, text);
            }
        }
        query.append_pair("page", &page.to_string());
        format!("{path}/timeline?{}", query.finish())
    }

    /// # Errors
    /// Which of the two dates is none.
    fn chapter(&self) -> Result<Chapter<'_>, &'static str> {
        let day = |name: &'static str, text: &str| match text.trim() {
            "" => Ok(None),
            text => span(text).map(Some).ok_or(name),
        };
        let (from, to) = (day("from", &self.from)?, day("to", &self.to)?);
        Ok(Chapter {
            kind: kinds::by_name(&self.kind),
            happened: None,
            from: from.map(|(start, _)| start),
            before: to.map(|(_, end)| end),
            role: Some(self.role.as_str()).filter(|role| !role.is_empty()),
            offset: (self.page() - 1) * PAGE,
            limit: PAGE,
        })
    }
}

/// Where a day, month or year begins in London, and where the next does, in microseconds since 1970.
fn span(text: &str) -> Option<(i64, i64)> {
    let date = PartialDate::parse(&date(text)?)?;
    let first = Date::new(date.year?, date.month.unwrap_or(1), date.day.unwrap_or(1)).ok()?;
    let last = match (date.month, date.day) {
        (Some(_), Some(_)) => first,
        (Some(_), None) => first.last_of_month(),
        _ => first.last_of_year(),
    };
    let start = |day: Date| Some(day.to_zoned_datetime(LONDON).ok()?.timestamp().as_microsecond());
    Some((start(first)?, start(last.tomorrow().ok()?)?))
}

async fn page<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Path(reference): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Turned> {
    let record = house.desk().resolve(&who, &reference).await?;
    let plain = house.desk().open_record(&who, record).await?;
    let shown = Shown::of(&plain).ok_or_else(unknown_kind)?;
    let (told, wrong) = match asked.chapter() {
        Ok(chapter) => {
            (house.desk().timeline(&who, record, &[chapter]).await?.pop().unwrap_or_default(), None)
        }
        Err(control) => (Told::default(), Some(control)),
    };
    let words = "Write a day, a month or a year, as 27/3/2024, 2024-03 or 2024";
    let main = html! {
        @if let Some(control) = wrong { (ErrorSummary::new([ErrorLink::new(format!("#{control}"), words)])) }
        (heading(&shown))
        h2 class="govuk-heading-m" { "Timeline" }
        (filter(&shown, &asked, &told, wrong.map(|control| (control, words))))
        @if wrong.is_none() {
            p class="govuk-body" role="status" { (words::count(told.total as u64, "record")) ", the newest event first; what has no time comes last." }
            (line_of_time(&told.linked, Level::Three))
            (pages(&shown, &asked, &told))
        }
    };
    let sheet =
        Sheet::new(format!("Timeline of {}", shown.reference), main).before(BackLink::new(shown.path()));
    let sheet = if wrong.is_some() { sheet.with_errors() } else { sheet };
    Ok(sheet.shown(&house, &visitor, Part::Records))
}

fn filter(shown: &Shown<'_>, asked: &Asked, told: &Told, wrong: Option<(&str, &'static str)>) -> Markup {
    let present = told.kinds.iter().map(|(kind, count)| {
        SelectItem::new(*kind, format!("{} ({})", words::kind_title(kind), words::number(*count as u64)))
    });
    let all = std::iter::once(SelectItem::new("", "All kinds"));
    let codes = codes::list("link-type").map(|list| list.codes.as_slice()).unwrap_or_default();
    let roles = codes.iter().map(|code| SelectItem::new(code.code.as_str(), code.label.as_str()));
    let roles = std::iter::once(SelectItem::new("", "All roles")).chain(roles);
    let error = |control: &str| wrong.filter(|(at, _)| *at == control).map(|(_, words)| words);
    html! {
        form class="bluelamp-inline bluelamp-figures__filters" action={ (shown.path()) "/timeline" } method="get" novalidate {
            (Select::new("kind", "Kind", all.chain(present)).value(asked.kind.clone()))
            (Select::new("role", "Role or relation", roles).value(asked.role.clone()))
            (Input::new("from", "From").value(asked.from.as_str()).width(Width::Ten).error(error("from")).autocomplete("off"))
            (Input::new("to", "To").value(asked.to.as_str()).width(Width::Ten).error(error("to")).autocomplete("off"))
            (Button::secondary("Show"))
        }
    }
}

fn pages(shown: &Shown<'_>, asked: &Asked, told: &Told) -> Markup {
    let page = asked.page();
    let before = (page > 1).then(|| PageStep::new(asked.address(&shown.path(), page - 1)).text("Newer"));
    let after = (page * PAGE < told.total)
        .then(|| PageStep::new(asked.address(&shown.path(), page + 1)).text("Older"));
    html! {
        @if before.is_some() || after.is_some() {
            (Pagination::new([]).previous(before).next(after).label("Pages of the timeline"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_begins_and_ends_on_londons_clocks() {
        const HOUR: i64 = 3_600_000_000;
        let (start, end) = span("2024-06").unwrap();
        assert_eq!(words::machine_time(start), "2024-05-31T23:00:00Z");
        assert_eq!(end - start, 30 * 24 * HOUR);
        let (start, end) = span("31/3/2024").unwrap();
        assert_eq!(end - start, 23 * HOUR, "the day on which the clocks go forward");
        assert!(span("soon").is_none());
        let (start, end) = span("2023").unwrap();
        assert_eq!(end - start, 365 * 24 * HOUR);
    }
}
