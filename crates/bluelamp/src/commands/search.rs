//! `bluelamp search`.

use crate::arguments::Arguments;
use crate::output::{self, Complaint, grouped};
use crate::session::at_door;
use desk::find::Answers;
use search::Page;
use serde_json::json;
use web::shapes::Results;

pub async fn run(arguments: &Arguments, query: &str, limit: usize, offset: usize) -> Result<(), Complaint> {
    let answers =
        at_door(arguments, async |desk, who| Ok(desk.search(who, query, Page { offset, limit }).await?))
            .await?;
    if arguments.json {
        return output::json(&json!(Results::of(&answers)));
    }
    print(&answers, query, offset)
}

/// The answers as people read them.
pub fn print(answers: &Answers, query: &str, offset: usize) -> Result<(), Complaint> {
    if answers.found.is_empty() && answers.total > 0 {
        output::line(&format!("{} in all; none shown from {} on", grouped(answers.total), offset + 1))?;
        return print_restricted(answers);
    }
    if answers.found.is_empty() {
        let scope = match answers.restricted.is_empty() {
            true => {
                " Records that are restricted to others were searched by name, date of birth and number only."
            }
            false => "",
        };
        output::line(&format!("Nothing found for “{query}” among the records that you may read.{scope}"))?;
        return print_restricted(answers);
    }
    let shown = answers.found.len() as u64;
    let millis = answers.took.as_secs_f64() * 1000.0;
    output::line(&format!("{} of {} in {millis:.1} ms", grouped(shown), grouped(answers.total)))?;
    for found in &answers.found {
        output::line(&format!("  {:<16} {}", found.reference, found.name))?;
        if !found.why.is_empty() {
            output::line(&format!("  {:<16}   {}", "", found.why.join("; ")))?;
        }
    }
    print_restricted(answers)
}

fn print_restricted(answers: &Answers) -> Result<(), Complaint> {
    for restricted in &answers.restricted {
        let ask = match &restricted.ask {
            Some(name) => format!("ask {name}"),
            None => "ask a supervisor who may read it".to_owned(),
        };
        output::line(&format!("  {:<16} restricted {}: {ask}", restricted.reference, restricted.kind))?;
    }
    Ok(())
}
