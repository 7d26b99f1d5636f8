//! Linking two records: how, since when, and by what source. A role that a person has in an event is such a link.

use super::controls::{self, Filled};
use super::{said_beside, typed_of};
use crate::house::House;
use crate::pages::record::{Shown, unknown_kind};
use crate::pages::sheet::{Part, Sheet, hidden};
use crate::pages::turned::{Turned, see};
use crate::pages::typed::Typed;
use crate::pages::visitor::{Visitor, Working};
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use components::{
    BackLink, Button, Choice, Details, ErrorLink, ErrorSummary, Input, Legend, Radios, Width, html,
};
use desk::clock::london_day;
use desk::{DeskError, Session};
use model::derived::Fields;
use model::derived::form::{self, Texts};
use model::derived::validate::Problem;
use model::kinds::link;
use model::{Body, Labels, RecordId};
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new().route("/records/{reference}/link", get(begin::<S>).post(save::<S>))
}

/// Control that names the other record by its reference.
const OTHER: &str = "other";
/// Control that says which way the link goes.
const WAY: &str = "way";

/// What somebody typed into the form of a link.
struct Asked {
    other: String,
    way: String,
    typed: Texts,
}

impl Asked {
    fn of(typed: Texts) -> Self {
        let take = |name: &str| typed.get(name).cloned().unwrap_or_default();
        let (other, way) = (take(OTHER), take(WAY));
        let typed = typed.into_iter().filter(|(name, _)| ![OTHER, WAY].contains(&name.as_str())).collect();
        Self { other, way, typed }
    }
}

async fn begin<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Path(reference): Path<String>,
) -> Result<Response, Turned> {
    let record = house.desk().resolve(&who, &reference).await?;
    let plain = house.desk().open_record(&who, record).await?;
    let shown = Shown::of(&plain).ok_or_else(unknown_kind)?;
    let asked = Asked { other: String::new(), way: "from".to_owned(), typed: Texts::new() };
    Ok(sheet(&house, &visitor, &shown, &asked, &[], None).shown(&house, &visitor, Part::Records))
}

fn sheet<S: RecordStore>(
    house: &House<S>,
    visitor: &Visitor,
    shown: &Shown<'_>,
    asked: &Asked,
    problems: &[Problem],
    general: Option<String>,
) -> Sheet {
    let fields = Fields::of(&link::KIND);
    let on = london_day(house.desk().now());
    let filled =
        Filled { typed: &asked.typed, problems, on, today: on, one_more: None, action: String::new() };
    let needed = [link::TYPE.number(), link::SOURCE.number()];
    let further = [link::SINCE, link::UNTIL].map(|field| field.number()).into_iter();
    let local = fields.iter().filter(|decl| decl.is_local() && filled.asks(decl)).map(|decl| decl.number);
    let further = further.chain([link::SOURCE_DETAIL.number(), link::NOTE.number()]).chain(local);
    let control =
        |number: u16| fields.number(number).map(|decl| controls::control(&filled, fields, decl, ""));
    let more = html! { @for number in further { @if let Some(control) = control(number) { (control) } } };
    let error = |name: &str| {
        problems.iter().find(|problem| problem.field == name).map(|problem| problem.mend.clone())
    };
    let has_errors = general.is_some() || !problems.is_empty();
    let links = problems.iter().map(|problem| {
        ErrorLink::new(
            format!("#{}", controls::anchor(fields, &problem.field)),
            format!("{}: {}", problem.label, problem.mend),
        )
    });
    let summary = ErrorSummary::new(general.iter().map(ErrorLink::general).chain(links).collect::<Vec<_>>());
    let ways = [
        Choice::new(
            "from",
            html! { "From this record: “" (shown.name) "” is the suspect, driver or resident of the other" },
        ),
        Choice::new(
            "to",
            html! { "To this record: the other is the suspect, driver or resident of “" (shown.name) "”" },
        ),
    ];
    let main = html! {
        div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
            @if has_errors { (summary) }
            span class="govuk-caption-l" { (shown.kind.title) " " (shown.reference) }
            h1 class="govuk-heading-l" { "Link with another record" }
            p class="govuk-body-l" { (shown.name) }
            form method="post" novalidate {
                (hidden(&visitor.token))
                (Input::new(OTHER, "Reference of the other record").value(asked.other.as_str()).width(Width::Twenty)
                    .hint("For instance N-0000017-T").error(error(OTHER)).autocapitalize("characters").spellcheck(false))
                @for number in needed { @if let Some(control) = control(number) { (control) } }
                (Radios::new(WAY, Legend::new("Which way the link goes"), ways).value(asked.way.clone()).classes("govuk-radios--small"))
                (Details::new("Dates, source in words and a note", more).open(has_errors))
                (Button::new("Link them").prevent_double_click(true))
            }
        } }
    };
    let sheet = Sheet::new("Link with another record", main).before(BackLink::new(shown.path()));
    if has_errors { sheet.with_errors() } else { sheet }
}

async fn save<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Path(reference): Path<String>,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    let record = house.desk().resolve(&who, &reference).await?;
    let plain = house.desk().open_record(&who, record).await?;
    let shown = Shown::of(&plain).ok_or_else(unknown_kind)?;
    let asked = Asked::of(typed_of(&sent));
    match linked(&house, &who, record, &asked).await {
        Ok(()) => Ok(see(&format!("{}?done=linked", shown.path()))),
        Err(error) => {
            let (problems, general) = said_beside(error)?;
            Ok(sheet(&house, &visitor, &shown, &asked, &problems, general).shown(
                &house,
                &visitor,
                Part::Records,
            ))
        }
    }
}

async fn linked<S: RecordStore>(
    house: &House<S>,
    who: &Session,
    record: RecordId,
    asked: &Asked,
) -> Result<(), DeskError> {
    let other = match house.desk().resolve(who, &asked.other).await {
        Ok(other) => other,
        Err(DeskError::NotFound) => return Err(no_other("There is no such record: check the reference.")),
        Err(DeskError::Unusable(_)) => {
            return Err(no_other("Give the reference of the other record, as N-0000017-T."));
        }
        Err(error) => return Err(error),
    };
    let mut body = form::body_of(Fields::of(&link::KIND), &Body::default(), &asked.typed)
        .map_err(DeskError::Problems)?;
    let (from, to) = if asked.way == "to" { (other, record) } else { (record, other) };
    body.set(link::FROM, from.0).set(link::TO, to.0);
    house.desk().create_record(who, &link::KIND, body, Labels::default()).await.map(|_| ())
}

fn no_other(mend: &str) -> DeskError {
    DeskError::Problems(vec![Problem {
        field: OTHER.to_owned(),
        label: "Reference of the other record".to_owned(),
        rule: "reference",
        law: String::new(),
        mend: mend.to_owned(),
        stops: true,
    }])
}
