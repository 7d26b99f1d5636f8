//! The papers of a record, and recalling one.

use crate::house::House;
use crate::pages::administration::{Wrong, labelled, stacked};
use crate::pages::sheet::{Part, Sheet, done, hidden};
use crate::pages::sign_in::Onward;
use crate::pages::turned::Turned;
use crate::pages::typed::{Sent, Typed};
use crate::pages::visitor::{Visitor, Working};
use crate::pages::words;
use crate::problem::Problem;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;
use components::{BackLink, Button, Input, NotificationBanner, Table, Textarea, Width, html};
use desk::papers::{Registered, Standing, Which};
use law::access::Act;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new()
        .route("/papers/recall", get(ask::<S>).post(recall::<S>))
        .route("/records/{reference}/papers", get(of_record::<S>))
}

async fn ask<S: RecordStore>(
    State(house): State<House<S>>,
    Working { visitor, .. }: Working,
    Query(onward): Query<Onward>,
) -> Result<Response, Turned> {
    if !house.desk().may_do(&visitor.who, Act::Disclose) {
        return Err(Problem::role(Act::Disclose.words()).into());
    }
    let sheet = page(&visitor, &Sent::default(), None, &onward.done);
    Ok(sheet.shown(&house, &visitor, Part::Records))
}

async fn recall<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    let recalled = match Which::read(sent.text("paper")) {
        Ok(which) => house.desk().recall_paper(&who, &which, sent.text("reason")).await,
        Err(unread) => Err(unread),
    };
    match recalled {
        Ok(_) => Ok(done("/papers/recall", "recalled")),
        Err(error) => {
            let wrong = Wrong::of(error, &[("reason", "reason"), ("code", "paper"), ("paper", "paper")])?;
            Ok(page(&visitor, &sent, Some(&wrong), "").shown(&house, &visitor, Part::Records))
        }
    }
}

fn page(visitor: &Visitor, sent: &Sent, wrong: Option<&Wrong>, done: &str) -> Sheet {
    let main = html! {
        (Wrong::above(wrong))
        @if done == "recalled" {
            (NotificationBanner::success("The paper is recalled. Whoever checks it hears that it counts no longer."))
        }
        div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
            h1 class="govuk-heading-l" { "Recall a paper" }
            p class="govuk-body" {
                "For a paper that was lost, went to the wrong person or says what is wrong. Your reason goes into the log; \
                 whoever checks the paper does not see it. A recall is not taken back: make a new paper."
            }
            form action="/papers/recall" method="post" novalidate {
                (hidden(&visitor.token))
                (Input::new("paper", "Code, or number of its entry in the log").value(sent.text("paper"))
                    .width(Width::Twenty).spellcheck(false).autocomplete("off")
                    .hint("Both stand at the top of the paper. Where you do not have it, the page of its record lists its papers.")
                    .error(Wrong::beside(wrong, "paper")))
                (Textarea::new("reason", "Why").value(sent.text("reason")).rows(3).error(Wrong::beside(wrong, "reason")))
                (Button::warning("Recall this paper").prevent_double_click(true))
            }
            p class="govuk-body" { a class="govuk-link" href="/papers" { "Check a paper" } }
        } }
    };
    Wrong::on(wrong, Sheet::new("Recall a paper", main))
}

async fn of_record<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Path(reference): Path<String>,
) -> Result<Response, Turned> {
    let papers = house.desk().papers_of(&who, &reference).await?;
    let title = format!("Papers of {}", reference.to_uppercase());
    let main = html! {
        h1 class="govuk-heading-l" { (title) }
        @if papers.is_empty() { p class="govuk-body" { "None was made." } } @else { (table(&papers)) }
        p class="govuk-body" { a class="govuk-link" href="/papers/recall" { "Recall a paper" } }
    };
    let back = BackLink::new(format!("/records/{reference}"));
    Ok(Sheet::new(title, main).before(back).wide().shown(&house, &visitor, Part::Records))
}

const HEADS: [&str; 5] = ["Entry of the log", "What it is", "Made", "Unit", "How it stands"];

fn table(papers: &[Registered]) -> Table {
    let rows = papers.iter().map(|paper| {
        let unit = paper.about.unit.clone().unwrap_or_else(|| "not said".to_owned());
        let [entry, what, made, by, stands] = HEADS;
        vec![
            labelled(entry, words::number(paper.leaf)),
            labelled(what, paper.about.kind.words()),
            labelled(made, words::moment(paper.about.made)),
            labelled(by, unit),
            labelled(stands, standing(paper)),
        ]
    });
    stacked(HEADS, rows).caption("Papers, the newest first").caption_hidden(true)
}

fn standing(paper: &Registered) -> String {
    let word = match paper.standing {
        Standing::Genuine => "Counts",
        Standing::Superseded => "Superseded",
        Standing::Recalled | Standing::Erased => "Recalled",
        Standing::Unknown => "Unknown",
    };
    match &paper.reason {
        Some(reason) => format!("{word}: {reason}"),
        None => word.to_owned(),
    }
}
