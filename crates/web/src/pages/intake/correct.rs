//! A rejected row that somebody corrected: judged first, then taken in as a file of its own; the rejected
//! row goes once the corrected one became a record.

use super::reject::{ByRow, Reworking, control, name_of};
use crate::house::House;
use crate::pages::sheet::{Part, done};
use crate::pages::turned::Turned;
use crate::pages::typed::{Sent, Typed};
use crate::pages::visitor::Working;
use crate::problem::{Problem, Sort};
use crate::runs::{self, Brought, Run, Taking};
use axum::extract::{Path, State};
use axum::response::Response;
use desk::Session;
use desk::intake::Reject;
use intake::{Table, rework};
use uuid::Uuid;
use vault::store::RecordStore;

pub(super) async fn correct<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Path(row): Path<ByRow>,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    house.desk().check_may_take_in(&who).await?;
    let reject = house.desk().reject(&who, &name_of(&row)).await?;
    let mut reworking = Reworking::of(&reject);
    let Some((table, fields)) = &mut reworking.fields else { return Err(not_known(&reject).into()) };
    *fields = typed(table, &sent);
    reworking.why = sent.text("why").trim().to_owned();
    reworking.wrong = match what_is_wrong(table, fields, &reworking.why) {
        Some(wrong) => Some(wrong),
        None => take_in(&house, &who, &reject, (table, fields)).await?.map(|words| (String::new(), words)),
    };
    if reworking.wrong.is_none() {
        let ground = format!("corrected and taken in: {}", reworking.why);
        house.desk().discard_reject(&who, &reject.name, &ground).await?;
        return Ok(done("/intake/rejects", "corrected"));
    }
    Ok(reworking.sheet(&house, &visitor).shown(&house, &visitor, Part::Intake))
}

fn not_known(reject: &Reject) -> Problem {
    let detail = format!("“{}” is of no sort of file that this release reads.", reject.file);
    Problem::new(Sort::Unusable, detail)
}

fn typed(table: &Table, sent: &Sent) -> Vec<String> {
    (0..table.columns.len()).map(|place| sent.text(&control(place)).trim().to_owned()).collect()
}

/// The control at fault, and what is wrong with it.
fn what_is_wrong(table: &Table, fields: &[String], why: &str) -> Option<(String, String)> {
    if let Err(fault) = rework::judge(table, fields) {
        return Some((fault.field.clone().into_owned(), format!("{}: {}", fault.field, fault.reason)));
    }
    why.is_empty().then(|| ("why".to_owned(), "Say why you correct it, and how you know.".to_owned()))
}

/// Takes the corrected row in; gives why it did not become a record.
async fn take_in<S: RecordStore>(
    house: &House<S>,
    who: &Session,
    reject: &Reject,
    (table, fields): (&Table, &[String]),
) -> Result<Option<String>, Problem> {
    let brought = Brought::place(house, rework::base_name(&reject.file))?;
    let content = rework::file_of_one(table, fields);
    let fault = |error| Problem::fault(&format!("exchange folder: {error}"));
    tokio::fs::write(&brought.file, content).await.map_err(fault)?;
    let what = format!("Line {} of {}, corrected", reject.line, reject.file);
    let (run, ended) = runs::begin(house, who.clone(), Taking::of_brought(what, brought))?;
    ended.await.map_err(|_| Problem::fault("a step was broken off"))?;
    let run = run.run.parse::<Uuid>().ok().and_then(|name| house.runs().of(who, name));
    Ok(run.map_or_else(|| Some("What became of it is not known.".to_owned()), |run| why_not(&run)))
}

fn why_not(run: &Run) -> Option<String> {
    let Some(report) = &run.report else {
        return Some(run.why.clone().unwrap_or_else(|| "It was broken off.".to_owned()));
    };
    match (report.totals.accepted, report.totals.repeated) {
        (1.., _) => None,
        (0, 1..) => Some(
            "A row that says just this is held already. Discard the rejected row where it speaks of the same event.".to_owned(),
        ),
        _ => {
            let refused = report.refused.iter().map(|file| file.reason.clone());
            let rejected = report.files.iter().flat_map(|file| file.reasons.keys().cloned());
            Some(refused.chain(rejected).next().unwrap_or_else(|| "It was not taken in.".to_owned()))
        }
    }
}
