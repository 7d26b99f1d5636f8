//! The export of the log for somebody outside, who checks it with the verifier.

use super::{Sub, beside, verifier};
use crate::api::log::export_into_exchange;
use crate::house::House;
use crate::pages::administration::Wrong;
use crate::pages::sheet::{Part, Sheet, hidden};
use crate::pages::turned::Turned;
use crate::pages::typed::{Sent, Typed};
use crate::pages::visitor::{Visitor, Working};
use crate::pages::words;
use crate::problem::{Problem, Sort};
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use components::{BackLink, Button, Input, Markup, Panel, Row, SummaryList, WarningText, Width, html};
use desk::oversight::Exported;
use law::access::Act;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new().route("/log/export", get(ask::<S>).post(export::<S>))
}

async fn ask<S: RecordStore>(
    State(house): State<House<S>>,
    Working { visitor, .. }: Working,
) -> Result<Response, Turned> {
    if !house.desk().may_do(&visitor.who, Act::ExportLog) {
        return Err(Problem::role(Act::ExportLog.words()).into());
    }
    let sheet = form(&house, &visitor, &Sent::default(), None);
    Ok(sheet.shown(&house, &visitor, Part::Log))
}

fn form<S: RecordStore>(house: &House<S>, visitor: &Visitor, sent: &Sent, wrong: Option<&Wrong>) -> Sheet {
    let main = html! {
        (beside(house, visitor, Sub::Export))
        (Wrong::above(wrong))
        div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
            h1 class="govuk-heading-l" { "Export the log" }
            p class="govuk-body" {
                "Whoever gets it checks with a program that is not ours to change, without asking us: that no entry was \
                 altered, taken out or put in since the checkpoints that they hold."
            }
            (WarningText::new("Who did what, what for and what they searched for stands in it in clear. Give it to nobody but those who may know (DPA 2018 s.62(4))."))
            @if house.options().exchange.is_some() {
                form action="/log/export" method="post" novalidate {
                    (hidden(&visitor.token))
                    (Input::new("recipient", "Who gets it").value(sent.text("recipient")).width(Width::Thirty)
                        .error(Wrong::beside(wrong, "recipient")))
                    (Input::new("folder", "Name of a new folder").value(sent.text("folder")).width(Width::Twenty)
                        .spellcheck(false).hint("It is made in the exchange folder of the server, for instance for-the-overseer")
                        .error(Wrong::beside(wrong, "folder")))
                    (Button::new("Export").prevent_double_click(true))
                }
            } @else {
                p class="govuk-body" { "This server has no exchange folder, so it is done at the machine." }
            }
            (at_the_machine())
        } }
    };
    Wrong::on(wrong, Sheet::new("Export the log", main))
}

fn at_the_machine() -> Markup {
    html! {
        h2 class="govuk-heading-m" { "At the machine" }
        p class="govuk-body" { "A large log takes long. There it is written with:" }
        pre class="bluelamp-text bluelamp-source" tabindex="0" {
            "bluelamp ledger export ./for-the-overseer --recipient 'the overseer' --purpose 'DPA 2018 s.62(4)(a)'"
        }
        p class="govuk-body" { "Whoever gets it checks it with:" }
        pre class="bluelamp-text bluelamp-source" tabindex="0" { "bluelamp-verify ./for-the-overseer" }
        p class="govuk-body" {
            "Or without installing anything: "
            a class="govuk-link" href=(verifier::PATH) download { "download the verifier" }
            ", one file that a browser opens from a disk, off the network; drop the export on it."
        }
    }
}

async fn export<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    let (folder, recipient) = (sent.text("folder"), sent.text("recipient"));
    match export_into_exchange(&house, &who, folder, recipient).await {
        Ok(exported) => Ok(done(&exported, folder.trim()).shown(&house, &visitor, Part::Log)),
        Err(problem) => {
            let wrong = wrong(problem)?;
            Ok(form(&house, &visitor, &sent, Some(&wrong)).shown(&house, &visitor, Part::Log))
        }
    }
}

/// What is said beside the form; other problems end the request.
fn wrong(problem: Problem) -> Result<Wrong, Problem> {
    if !matches!(problem.sort(), Sort::Unusable | Sort::NotNow) {
        return Err(problem);
    }
    let said = problem.details().detail();
    Ok(match said.strip_prefix("recipient: ") {
        Some(_) => Wrong::at("recipient", "Say who gets it (DPA 2018 s.62(2)(c))."),
        None => Wrong::at("folder", said),
    })
}

fn done(exported: &Exported, folder: &str) -> Sheet {
    let main = html! {
        div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
            (Panel::new("The log is exported").content(format!("In the exchange folder, under {folder}")))
            (SummaryList::new([
                Row::new("Entries", words::number(exported.entries)),
                Row::new("Versions of records", words::number(exported.versions)),
                Row::new("Verifier key", html! { code class="bluelamp-secret" { (exported.vkey) } }),
                Row::new("Code of this export as a paper", html! { code { (exported.paper) } }),
            ]))
            p class="govuk-body" {
                "Tell the verifier key to whoever gets it by another way than the export itself, and have them check: "
                code { "bluelamp-verify " (folder) }
            }
        } }
    };
    Sheet::new("The log is exported", main).before(BackLink::new("/log/export").text("Export the log"))
}
