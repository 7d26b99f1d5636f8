//! One code list that was proposed, and the decision.

use super::{Done, FIELDS, LISTS, closed, said, tag_of_list, to_decide};
use crate::house::House;
use crate::pages::administration::access::day;
use crate::pages::administration::{Wrong, labelled, stacked};
use crate::pages::sheet::{Part, Sheet, done};
use crate::pages::turned::Turned;
use crate::pages::typed::Typed;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use components::{BackLink, Cell, Markup, Row, SummaryList, html};
use desk::DeskError;
use desk::local_fields::DeclaredList;
use model::codes::CodeEntry;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new()
        .route("/administration/local-lists/{list}", get(view::<S>))
        .route("/administration/local-lists/{list}/approve", post(approve::<S>))
        .route("/administration/local-lists/{list}/refuse", post(refuse::<S>))
}

async fn view<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Path(list): Path<String>,
    Query(done): Query<Done>,
) -> Result<Response, Turned> {
    let page = sheet(&house, &visitor, &list, &done.banner(), None).await?;
    Ok(page.shown(&house, &visitor, Part::Administration))
}

async fn sheet<S: RecordStore>(
    house: &House<S>,
    visitor: &Visitor,
    id: &str,
    banner: &Markup,
    wrong: Option<&Wrong>,
) -> Result<Sheet, Turned> {
    let all = house.desk().local_lists(&visitor.who).await?;
    let declared = all.iter().find(|declared| declared.id == id).ok_or_else(Problem::not_found)?;
    let (list, persons) = (&declared.list, &declared.persons);
    let waits = persons.approved.is_none() && declared.refused.is_none();
    let path = format!("{LISTS}/{}", declared.id);
    let mut facts = vec![
        Row::new("State", html! { (tag_of_list(declared)) }),
        Row::new("Name", html! { code { (list.id) } }),
        Row::new("Source", list.source.as_str()),
        Row::new("How sure", list.sure.as_str()),
        Row::new("Proposed by", said(&persons.proposed)),
        Row::new("Approved by", persons.approved.as_ref().map_or_else(|| "Nobody yet".to_owned(), said)),
    ];
    facts.extend(declared.refused.as_ref().map(|refused| Row::new("Refused by", closed(refused))));
    let rows = list.codes.iter().map(row);
    let main = html! {
        (Wrong::above(wrong))
        (banner)
        span class="govuk-caption-l" { "Code list of the force’s own" }
        h1 class="govuk-heading-l" { (list.title) }
        (SummaryList::new(facts))
        (stacked(["What people see", "Code", "First day", "Last day"], rows).caption("Codes"))
        @if waits { (to_decide(house, visitor, (&path, persons), wrong)) }
    };
    let sheet = Sheet::new(list.title.clone(), main).before(BackLink::new(FIELDS).text("Own fields"));
    Ok(Wrong::on(wrong, sheet))
}

fn row(entry: &CodeEntry) -> Vec<Cell> {
    vec![
        Cell::new(entry.label.as_str()),
        labelled("Code", html! { code { (entry.code) } }),
        labelled("First day", entry.from.map_or_else(String::new, day)),
        labelled("Last day", entry.until.map_or_else(String::new, day)),
    ]
}

async fn approve<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Path(list): Path<String>,
    Typed(_): Typed,
) -> Result<Response, Turned> {
    let approved = house.desk().approve_local_list(&visitor.who, &list).await;
    ends(&house, &visitor, &list, (approved, "approved")).await
}

async fn refuse<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Path(list): Path<String>,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    let refused = house.desk().refuse_local_list(&visitor.who, &list, sent.text("why")).await;
    ends(&house, &visitor, &list, (refused, "refused")).await
}

async fn ends<S: RecordStore>(
    house: &House<S>,
    visitor: &Visitor,
    id: &str,
    (ended, said): (Result<DeclaredList, DeskError>, &str),
) -> Result<Response, Turned> {
    let error = match ended {
        Ok(declared) => return Ok(done(&format!("{LISTS}/{}", declared.id), said)),
        Err(error) => error,
    };
    let wrong = Wrong::of(error, &[("why", "why")])?;
    let page = sheet(house, visitor, id, &Markup::default(), Some(&wrong)).await?;
    Ok(page.shown(house, visitor, Part::Administration))
}
