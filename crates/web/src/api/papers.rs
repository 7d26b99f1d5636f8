//! Papers: a record printed with its receipt, papers checked, listed and recalled.

use super::of;
use super::records::ByReference;
use crate::ask::{Named, Sent, Who};
use crate::house::House;
use crate::problem::{Problem, Sort};
use crate::shapes::{Paper, PaperCheck, PapersOfRecord, PrintedRecord};
use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};
use axum::Json;
use axum::extract::State;
use desk::papers::{Brought, Which};
use schemars::JsonSchema;
use serde::Deserialize;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> ApiRouter<House<S>> {
    const TAG: &str = "papers";
    let print = "Puts a record on paper, with a receipt that is in the log before it is given";
    let check = "Says whether a paper is genuine, altered, superseded or recalled";
    ApiRouter::new()
        .api_route(
            "/records/{reference}/papers",
            get_with(list::<S>, of("listPapers", TAG, "Lists the papers of a record, the newest first"))
                .post_with(print_record::<S>, of("printRecord", TAG, print)),
        )
        .api_route("/papers/checks", post_with(check_paper::<S>, of("checkPaper", TAG, check)))
        .api_route("/papers/recalls", post_with(recall::<S>, of("recallPaper", TAG, "Recalls a paper")))
}

/// What is printed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Print {
    /// The receipt for the person who was searched, in place of the record.
    #[serde(default)]
    receipt: bool,
}

/// A code, and what of the paper is compared.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Check {
    /// The code on the paper.
    code: String,
    /// The number of a section, from 1, with `words` or `beside`.
    #[serde(default)]
    section: Option<u16>,
    /// All that the section says, from its title on.
    #[serde(default)]
    words: Option<String>,
    /// The four symbols beside the number of the section.
    #[serde(default)]
    beside: Option<String>,
    /// The whole file, where the paper is one.
    #[serde(default)]
    file: Option<String>,
}

impl Check {
    fn brought(&self) -> Result<Brought<'_>, Problem> {
        match (&self.file, self.section, &self.words, &self.beside) {
            (None, None, None, None) => Ok(Brought::Nothing),
            (Some(file), None, None, None) => Ok(Brought::File(file.as_bytes())),
            (None, Some(section), Some(words), None) => Ok(Brought::Section(section, words)),
            (None, Some(section), None, Some(beside)) => Ok(Brought::Beside(section, beside)),
            _ => Err(Problem::new(
                Sort::Unusable,
                "section: send `section` with either `words` or `beside`, or `file` alone, or none of them.",
            )),
        }
    }
}

/// Which paper is recalled, and why.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Recall {
    /// Its code, or the number of its entry in the log: both stand on it.
    paper: String,
    /// Why it counts no longer.
    reason: String,
}

async fn print_record<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(named): Named<ByReference>,
    Sent(print): Sent<Print>,
) -> Result<Json<PrintedRecord>, Problem> {
    let desk = house.desk();
    let record = desk.resolve(&who, &named.reference).await?;
    let printed = match print.receipt {
        true => desk.print_stop_receipt(&who, record).await?,
        false => desk.print_record(&who, record).await?,
    };
    Ok(Json(PrintedRecord::of(&printed, desk.force_name())))
}

async fn list<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(named): Named<ByReference>,
) -> Result<Json<PapersOfRecord>, Problem> {
    let papers = house.desk().papers_of(&who, &named.reference).await?;
    Ok(Json(PapersOfRecord::of(&papers, house.desk().force_name())))
}

async fn check_paper<S: RecordStore>(
    State(house): State<House<S>>,
    Who(_): Who,
    Sent(check): Sent<Check>,
) -> Result<Json<PaperCheck>, Problem> {
    let checked = house.desk().check_paper(&check.code, check.brought()?).await?;
    Ok(Json(PaperCheck::of(&checked, house.desk().force_name())))
}

async fn recall<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Sent(recall): Sent<Recall>,
) -> Result<Json<Paper>, Problem> {
    let which = Which::read(&recall.paper)?;
    let about = house.desk().recall_paper(&who, &which, &recall.reason).await?;
    Ok(Json(Paper::of(&about, house.desk().force_name())))
}
