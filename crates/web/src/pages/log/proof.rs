//! The proof that an entry stands in the log.

use super::{Sub, beside};
use crate::house::House;
use crate::pages::administration::Wrong;
use crate::pages::sheet::{Part, Sheet};
use crate::pages::turned::{Turned, see};
use crate::pages::visitor::Visitor;
use crate::pages::words;
use crate::problem::Problem;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;
use components::{BackLink, Button, Input, Row, SummaryList, Width, html};
use desk::oversight::Proof;
use law::access::Act;
use serde::Deserialize;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new().route("/log/proof", get(ask::<S>)).route("/log/entries/{leaf}/proof", get(show::<S>))
}

/// The leaf that was typed.
#[derive(Debug, Deserialize)]
struct Asked {
    leaf: Option<String>,
}

async fn ask<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Query(Asked { leaf }): Query<Asked>,
) -> Result<Response, Turned> {
    if !house.desk().may_do(&visitor.who, Act::Checkpoint) {
        return Err(Problem::role(Act::Checkpoint.words()).into());
    }
    let (size, typed) = (house.desk().log_size(), leaf.as_deref().map(str::trim));
    let plain = typed.map(|typed| typed.replace([',', ' '], ""));
    let number = plain.as_deref().and_then(|plain| plain.parse::<u64>().ok());
    if let Some(leaf) = number.filter(|leaf| *leaf < size) {
        return Ok(see(&format!("/log/entries/{leaf}/proof")));
    }
    let wrong = typed.map(|_| {
        Wrong::at(
            "leaf",
            format!("Give the number of an entry, from 0 to {}.", words::number(size.saturating_sub(1))),
        )
    });
    let wrong = wrong.as_ref();
    let main = html! {
        (beside(&house, &visitor, Sub::Proof))
        (Wrong::above(wrong))
        h1 class="govuk-heading-l" { "Proof of an entry" }
        p class="govuk-body" {
            "Proves to somebody outside that an entry stands in the log, without showing it. They need the entry’s \
             number, this proof and a checkpoint."
        }
        form action="/log/proof" method="get" novalidate {
            (Input::new("leaf", "Number of the entry").value(typed.unwrap_or_default()).width(Width::Ten)
                .inputmode("numeric").spellcheck(false).error(Wrong::beside(wrong, "leaf"))
                .hint(format!("The first is 0; there are {} now", words::number(size))))
            (Button::new("Show the proof"))
        }
    };
    Ok(Wrong::on(wrong, Sheet::new("Proof of an entry", main)).shown(&house, &visitor, Part::Log))
}

async fn show<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Path(leaf): Path<String>,
) -> Result<Response, Turned> {
    let leaf = leaf.parse().map_err(|_| Problem::not_found())?;
    let proof = house.desk().proof(&visitor.who, leaf).await?;
    let title = format!("Proof of entry {}", words::number(leaf));
    let main = html! {
        h1 class="govuk-heading-l" { (title) }
        p class="govuk-body" {
            "The entry’s hash and those below, put together two by two, give the root that the checkpoint signs \
             (RFC 6962, section 2.1.1)."
        }
        (parts(&proof))
        h2 class="govuk-heading-s" id="note" { "The signed checkpoint" }
        pre class="bluelamp-text bluelamp-source" tabindex="0" aria-labelledby="note" { (proof.checkpoint) }
        p class="govuk-body" {
            "For a program: " code { "bluelamp ledger proof " (proof.leaf) " --json" }
        }
    };
    let sheet = Sheet::new(title, main).before(BackLink::new("/log/proof").text("Another entry"));
    Ok(sheet.shown(&house, &visitor, Part::Log))
}

fn parts(proof: &Proof) -> SummaryList {
    let hash = |hash: &str| html! { code class="bluelamp-secret" { (hash) } };
    let way = html! {
        @if proof.proof.is_empty() { "None: it is the only entry" }
        ol class="govuk-list govuk-list--number" { @for one in &proof.proof { li { (hash(one)) } } }
    };
    SummaryList::new([
        Row::new("Entries of the log", words::number(proof.size)),
        Row::new("Hash of the entry", hash(&proof.leaf_hash)),
        Row::new("Hashes on the way", way),
        Row::new("Root", hash(&proof.root)),
    ])
}
