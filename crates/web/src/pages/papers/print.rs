//! Printing: a form of the page of a record, or of answers, and the paper that it is answered with.

use super::view::View;
use crate::house::House;
use crate::pages::turned::Turned;
use crate::pages::typed::Typed;
use crate::pages::visitor::{FormToken, Working};
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::post;
use components::{Button, Markup, html};
use desk::Session;
use desk::find::Wanted;
use desk::papers::{PaperKind, Printed};
use model::kinds::stop_and_search;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new()
        .route("/records/{reference}/print", post(record::<S>))
        .route("/records/{reference}/receipt", post(receipt::<S>))
}

/// The buttons of the page of a record.
pub(in crate::pages) fn buttons(token: &FormToken, path: &str, kind: u16) -> Markup {
    let is_stop = kind == stop_and_search::KIND.number;
    html! {
        form action={ (path) "/print" } method="post" {
            (crate::pages::sheet::hidden(token))
            (Button::secondary("Print"))
            @if is_stop { " " (Button::secondary("Receipt for the person").form_action(format!("{path}/receipt"))) }
        }
    }
}

async fn record<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, .. }: Working,
    Path(reference): Path<String>,
    Typed(_): Typed,
) -> Result<Response, Turned> {
    let record = house.desk().resolve(&who, &reference).await?;
    let printed = house.desk().print_record(&who, record).await?;
    Ok(shown(&house, &reference, &printed))
}

async fn receipt<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, .. }: Working,
    Path(reference): Path<String>,
    Typed(_): Typed,
) -> Result<Response, Turned> {
    let record = house.desk().resolve(&who, &reference).await?;
    let printed = house.desk().print_stop_receipt(&who, record).await?;
    Ok(shown(&house, &reference, &printed))
}

fn shown<S: RecordStore>(house: &House<S>, reference: &str, printed: &Printed) -> Response {
    // The receipt goes to the person: how the police mark their own papers is nothing to them.
    let (marking, handling_conditions) = match printed.kind {
        PaperKind::StopReceipt => ("", false),
        _ => (printed.marking, printed.handling_conditions),
    };
    let view = View {
        force: house.desk().force_name(),
        kind: printed.kind,
        marking,
        handling_conditions,
        paper: &printed.paper,
        sections: &printed.sections,
        back: &format!("/records/{reference}"),
    };
    view.shown()
}

/// Answers to a search that somebody made, on paper.
pub(in crate::pages) async fn paper_of_answers<S: RecordStore>(
    house: &House<S>,
    who: &Session,
    (query, wanted): (&str, Wanted),
    back: &str,
) -> Result<Response, Turned> {
    let printed = house.desk().print_answers(who, query, wanted).await?;
    let view = View {
        force: house.desk().force_name(),
        kind: PaperKind::Answers,
        marking: "OFFICIAL",
        handling_conditions: false,
        paper: &printed.paper,
        sections: &printed.sections,
        back,
    };
    Ok(view.shown())
}
