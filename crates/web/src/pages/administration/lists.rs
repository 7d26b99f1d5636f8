//! Reference data: the code lists with their sources, the force's own among them, and the identifiers that are
//! checked. They show no record, so whoever works here may read them.

use super::access::day;
use super::{Sub, beside, labelled, stacked};
use crate::house::House;
use crate::pages::sheet::{Part, Sheet};
use crate::pages::turned::Turned;
use crate::pages::visitor::Visitor;
use crate::pages::words;
use crate::problem::Problem;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use components::{BackLink, Cell, Markup, Row, SummaryList, html};
use model::codes::{self, CodeEntry, CodeList};
use model::identifiers::IdentifierKind;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new()
        .route("/administration/lists", get(all::<S>))
        .route("/administration/lists/{list}", get(one::<S>))
}

async fn all<S: RecordStore>(State(house): State<House<S>>, visitor: Visitor) -> Response {
    let main = html! {
        (beside(&house, &visitor, Sub::Lists))
        h1 class="govuk-heading-l" { "Code lists" }
        p class="govuk-body" { "What people choose from in forms. The lists are part of the program, and some may be the force’s own; a code never changes its meaning." }
        (lists())
        h2 class="govuk-heading-m" { "Identifiers" }
        p class="govuk-body" { "What does not pass its check is kept all the same, marked as unverified, with a warning." }
        (identifiers())
    };
    Sheet::new("Code lists", main).wide().shown(&house, &visitor, Part::Administration)
}

fn lists() -> Markup {
    let rows = codes::all().map(|list| {
        vec![
            Cell::new(
                html! { a class="govuk-link" href={ "/administration/lists/" (list.id) } { (list.title) } },
            ),
            labelled("Source", list.source.as_str()),
            labelled("How sure", sure(list)),
            labelled("Codes", words::number(list.codes.len() as u64)),
        ]
    });
    html! { (stacked(["List", "Source", "How sure", "Codes"], rows).caption("Code lists").caption_hidden(true)) }
}

/// How sure a list is, in words.
fn sure(list: &CodeList) -> &str {
    match list.sure.as_str() {
        "read" => "Read from the source",
        "recalled" => "From memory, to be confirmed",
        "force policy" => "The force decides it",
        other => other,
    }
}

async fn one<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Path(list): Path<String>,
) -> Result<Response, Turned> {
    let list = codes::list(&list).ok_or_else(Problem::not_found)?;
    let rows = list.codes.iter().map(row);
    let main = html! {
        span class="govuk-caption-l" { "Code list" }
        h1 class="govuk-heading-l" { (list.title) }
        (SummaryList::new([
            Row::new("Name", html! { code { (list.id) } }),
            Row::new("Source", list.source.as_str()),
            Row::new("How sure", sure(list)),
        ]))
        (stacked(["What people see", "Code", "May be chosen", "Also read as"], rows).caption("Codes"))
    };
    let sheet = Sheet::new(list.title.clone(), main);
    let sheet = sheet.before(BackLink::new("/administration/lists").text("Code lists"));
    Ok(sheet.shown(&house, &visitor, Part::Administration))
}

fn row(entry: &CodeEntry) -> Vec<Cell> {
    let when = match (entry.from, entry.until) {
        (None, None) => "At any time".to_owned(),
        (Some(from), None) => format!("From {}", day(from)),
        (None, Some(until)) => format!("Until {}", day(until)),
        (Some(from), Some(until)) => format!("{} to {}", day(from), day(until)),
    };
    vec![
        Cell::new(html! {
            (entry.label)
            @if entry.placeholder { " " span class="bluelamp-not-held" { "(says nothing)" } }
        }),
        labelled("Code", html! { code { (entry.code) } }),
        labelled("May be chosen", when),
        labelled("Also read as", entry.aliases.join("; ")),
    ]
}

fn identifiers() -> Markup {
    let rows = IdentifierKind::ALL.into_iter().map(|kind| {
        let (title, form, check) = described(kind);
        vec![
            Cell::new(title),
            labelled("How it is written", html! { code { (form) } }),
            labelled("What is checked", check),
        ]
    });
    let head = ["Identifier", "How it is written", "What is checked"];
    html! { (stacked(head, rows).caption("Identifiers").caption_hidden(true)) }
}

/// What an identifier is called, how it is written, and what a reading of it checks.
fn described(kind: IdentifierKind) -> (&'static str, &'static str, &'static str) {
    const FORM: &str = "Form";
    const LETTER: &str = "Form and check letter";
    match kind {
        IdentifierKind::PncId => ("PNCID of a person", "2001/1234567L", LETTER),
        IdentifierKind::Cro => ("CRO number", "123456/01L or SF01/123L", LETTER),
        IdentifierKind::Asn => ("Arrest/summons number", "01/01AB/01/12345678901L", LETTER),
        IdentifierKind::Vrm => ("Vehicle registration mark", "AB12 CDE", "Form; none is ever refused"),
        IdentifierKind::Phone => ("Telephone number", "+447700900123", FORM),
        IdentifierKind::Postcode => ("Postcode", "SW1A 1AA", FORM),
        IdentifierKind::Uprn => ("Unique property reference number", "Up to 12 digits", FORM),
        IdentifierKind::GridReference => ("National Grid reference", "TQ3002080390", FORM),
        IdentifierKind::Nino => {
            ("National Insurance number", "QQ123456C", "Form, and letters that are never given out")
        }
        IdentifierKind::NhsNumber => ("NHS number", "10 digits", "Form and check digit"),
        IdentifierKind::DriverNumber => {
            ("Driver number", "16 letters and digits", "Form; the last two letters only DVLA can check")
        }
        IdentifierKind::Imei => ("IMEI of a handset", "15 digits", "Form and check digit"),
        IdentifierKind::CaseUrn => ("URN of a police case", "Force, unit, number and year", FORM),
        IdentifierKind::CourtCase => ("Case of a magistrates’ court", "As the court writes it", FORM),
        IdentifierKind::CrownCourtCase => ("Case of the Crown Court", "As the court writes it", FORM),
    }
}
