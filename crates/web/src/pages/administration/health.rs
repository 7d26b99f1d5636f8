//! What `bluelamp doctor` says of a deployment that is open: each part looked at, what is wrong, and the mend.

use super::{Sub, beside, labelled, stacked};
use crate::house::House;
use crate::pages::sheet::{Part, Sheet};
use crate::pages::turned::Turned;
use crate::pages::visitor::Visitor;
use crate::pages::words;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use components::{Alert, AlertKind, Button, Cell, Tag, TagColour, html};
use desk::health::Finding;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new().route("/administration/health", get(look::<S>))
}

async fn look<S: RecordStore>(State(house): State<House<S>>, visitor: Visitor) -> Result<Response, Turned> {
    let mut findings = house.desk().health(&visitor.who).await?;
    let ill = findings.iter().filter(|finding| !finding.well).count();
    findings.sort_by_key(|finding| finding.well);
    let alert = match ill {
        0 => Alert::new("All is well", "Every part is well.").kind(AlertKind::Success),
        1 => Alert::new("Something is wrong", "One part is not well. What to do stands beside it.")
            .kind(AlertKind::Error),
        ill => Alert::new(
            "Something is wrong",
            format!("{ill} parts are not well. What to do stands beside each."),
        )
        .kind(AlertKind::Error),
    };
    let rows = findings.iter().map(row);
    let main = html! {
        (beside(&house, &visitor, Sub::Health))
        h1 class="govuk-heading-l" { "Health" }
        (alert)
        p class="govuk-body" { "Looked at " (words::moment(house.desk().now())) "." }
        (stacked(["Part", "State", "What was seen", "What to do"], rows).caption("Parts of the system").caption_hidden(true))
        (Button::secondary("Look again").href("/administration/health"))
        p class="govuk-body" {
            "What does not open at all is looked at from outside, at the machine: " code { "bluelamp doctor" }
        }
    };
    Ok(Sheet::new("Health", main).wide().shown(&house, &visitor, Part::Administration))
}

fn row(finding: &Finding) -> Vec<Cell> {
    let state = match finding.well {
        true => Tag::new("Well").colour(TagColour::Green),
        false => Tag::new("Not well").colour(TagColour::Red),
    };
    vec![
        Cell::new(html! { strong { (part_of(finding)) } }),
        Cell::new(html! { (state) }),
        labelled("Seen", finding.says.as_str()),
        labelled("What to do", finding.mend.as_str()),
    ]
}

fn part_of(finding: &Finding) -> &'static str {
    match finding.part {
        "clock" => "Clock",
        "disk" => "Disk",
        "keys" => "Keys",
        "store" => "Store of the records",
        "ledger" => "Log",
        "index" => "Search index",
        "erasures" => "Erasures",
        "glass" => "Restricted records opened for a risk to life",
        "attachments" => "Attached files",
        other => other,
    }
}
