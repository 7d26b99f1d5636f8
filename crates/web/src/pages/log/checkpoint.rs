//! The signed checkpoint: what it says, what it is for, and how far the log grew since one that was seen.

use super::{Sub, beside, verifier};
use crate::house::House;
use crate::pages::sheet::{Part, Sheet};
use crate::pages::turned::{Turned, see};
use crate::pages::visitor::Visitor;
use crate::pages::words;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use components::{Button, Markup, Row, SummaryList, html};
use law::access::Act;
use serde::Deserialize;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new().route("/log", get(newest::<S>)).route("/log/checkpoint", get(download::<S>))
}

/// The size of the checkpoint that was looked at before.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Seen {
    since: Option<u64>,
}

async fn newest<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Query(Seen { since }): Query<Seen>,
) -> Result<Response, Turned> {
    let may = |act| house.desk().may_do(&visitor.who, act);
    if !may(Act::Checkpoint) && may(Act::ReadLog) {
        return Ok(see("/log/touches"));
    }
    let note = house.desk().checkpoint(&visitor.who).await?;
    let at = house.desk().now();
    let size = size_of(&note);
    let again = size.map_or_else(|| "/log".to_owned(), |size| format!("/log?since={size}"));
    let main = html! {
        (beside(&house, &visitor, Sub::Checkpoint))
        h1 class="govuk-heading-l" { "The log" }
        p class="govuk-body" {
            "Whatever is done here is an entry of the log before it is shown or counts. Nothing is taken out of it \
             and nothing is put between: who tries leaves a log that does not fit its checkpoints any more."
        }
        (said(&note, size, at))
        (growth(since, size))
        div class="govuk-button-group" {
            (Button::new("Download the checkpoint").href("/log/checkpoint"))
            (Button::secondary("Look again").href(again))
        }
        (what_for())
    };
    Ok(Sheet::new("The log", main).shown(&house, &visitor, Part::Log))
}

fn said(note: &str, size: Option<u64>, at: i64) -> Markup {
    let entries = size.map_or_else(|| "It cannot be read".to_owned(), words::number);
    html! {
        (SummaryList::new([
            Row::new("Log", note.lines().next().unwrap_or_default()),
            Row::new("Entries", entries),
            Row::new("Signed", words::moment(at)),
            Row::new("Root of the tree", html! { code class="bluelamp-secret" { (note.lines().nth(2).unwrap_or_default()) } }),
        ]))
        h2 class="govuk-heading-s" id="note" { "The signed checkpoint" }
        pre class="bluelamp-text bluelamp-source" tabindex="0" aria-labelledby="note" { (note) }
    }
}

fn growth(since: Option<u64>, size: Option<u64>) -> Markup {
    let (Some(since), Some(size)) = (since, size) else { return Markup::default() };
    html! {
        p class="govuk-body" role="status" {
            @match size.checked_sub(since) {
                Some(more) => {
                    "Since the checkpoint of " (words::number(since)) " entries that you looked at, the log grew by "
                    strong { (words::number(more)) } ". Looking at it is an entry too."
                }
                None => {
                    strong { "The log is shorter than the checkpoint that you looked at. Tell the overseer at once." }
                }
            }
        }
    }
}

fn what_for() -> Markup {
    html! {
        h2 class="govuk-heading-m" { "What it is for" }
        p class="govuk-body" {
            "A checkpoint is a signed statement of how long the log is and what is in it, in a few lines. It tells \
             nothing of any record. Give it to somebody outside, who keeps it. Later they compare it with an export: \
             where a single entry from before was changed, taken out or put in, the two do not agree."
        }
        p class="govuk-body" { "Give one at least each month, and before and after any work on the server." }
        p class="govuk-body" {
            a class="govuk-link" href=(verifier::PATH) download { "Download the verifier" }
            ": one file that a browser opens from a disk. It checks an export, and papers by it, without a network."
        }
    }
}

/// How many entries a signed checkpoint speaks of: its second line (C2SP tlog-checkpoint).
fn size_of(note: &str) -> Option<u64> {
    note.lines().nth(1)?.parse().ok()
}

async fn download<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
) -> Result<Response, Turned> {
    let note = house.desk().checkpoint(&visitor.who).await?;
    let name = size_of(&note).map_or_else(|| "checkpoint".to_owned(), |size| format!("checkpoint-{size}"));
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.txt\"")),
    ];
    Ok((headers, note).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_and_a_log_that_is_shorter_are_told() {
        assert_eq!(size_of("lampshire.example/bluelamp\n1234\nroot\n\n— sig\n"), Some(1234));
        assert_eq!(size_of("nothing"), None);
        assert!(growth(Some(1000), Some(2234)).into_string().contains("1,234"));
        assert!(growth(Some(3), Some(2)).into_string().contains("shorter"));
        assert!(growth(None, Some(2)).into_string().is_empty());
    }
}
