//! `bluelamp search`.

use crate::arguments::Arguments;
use crate::output::{self, Complaint, grouped};
use crate::session::at_door;
use ::search::Form;
use desk::find::{Answers, Found, Group, Wanted};
use serde_json::json;
use std::path::Path;
use web::shapes::{AnswerCounts, Results};

/// What is searched for.
pub enum Sought<'a> {
    /// A query.
    Query(&'a str),
    /// The advanced form in this file.
    Form(&'a Path),
}

pub async fn run(arguments: &Arguments, sought: Sought<'_>, wanted: Wanted) -> Result<(), Complaint> {
    let (query, answers) = match sought {
        Sought::Query(query) => {
            let answers =
                at_door(arguments, async |desk, who| Ok(desk.search(who, query, wanted.clone()).await?))
                    .await?;
            (query.to_owned(), answers)
        }
        Sought::Form(file) => {
            let form = read(file)?;
            at_door(arguments, async |desk, who| Ok(desk.search_form(who, &form, wanted.clone()).await?))
                .await?
        }
    };
    if arguments.json {
        return output::json(&json!(Results::of(&answers)));
    }
    print(&answers, &query, wanted.page.offset)
}

fn read(file: &Path) -> Result<Form, Complaint> {
    let shown = file.display();
    let text = std::fs::read_to_string(file)
        .map_err(|error| Complaint::new(format!("cannot read {shown}: {error}"), "Name a text file."))?;
    serde_json::from_str(&text).map_err(|error| {
        Complaint::new(
            format!("{shown} is no form of a search: {error}"),
            "Write it as in docs/search.md: {\"all_words\": \"knife\", \"kinds\": [\"stop-and-search\"]}.",
        )
    })
}

/// The answers as people read them.
pub fn print(answers: &Answers, query: &str, offset: usize) -> Result<(), Complaint> {
    if answers.found.is_empty() && answers.total > 0 {
        output::line(&format!("{} in all; none shown from {} on", grouped(answers.total), offset + 1))?;
        return print_restricted(answers);
    }
    if answers.found.is_empty() {
        output::line(&format!("Nothing found for “{query}” among the records that you may read."))?;
        output::line(&format!("  searched: {}", answers.scope.kinds.join(", ").to_lowercase()))?;
        output::line(&format!("  not searched: {}", answers.scope.not_searched.join("; ")))?;
        return print_restricted(answers);
    }
    let shown = answers.found.len() as u64;
    let millis = answers.took.as_secs_f64() * 1000.0;
    output::line(&format!("{} of {} in {millis:.1} ms", grouped(shown), grouped(answers.total)))?;
    if let Some(part) = ["one part", "two parts", "three parts"].get(answers.lacking.wrapping_sub(1)) {
        output::line(&match answers.whole {
            0 => format!("No record holds all of what you asked for. These hold all but {part} of it:"),
            whole => {
                format!("{} hold all of what you asked for, and the others all but {part}:", grouped(whole))
            }
        })?;
    }
    if answers.reached > 0 {
        let reached = grouped(answers.reached);
        output::line(&format!(
            "{reached} of them are linked with what you asked for, and do not say it themselves."
        ))?;
    }
    answers.groups.iter().try_for_each(|group| print_group(group, answers))?;
    print_counts(answers)?;
    print_restricted(answers)
}

fn print_counts(answers: &Answers) -> Result<(), Complaint> {
    let Some(counts) = answers.counts.as_ref().map(AnswerCounts::of) else { return Ok(()) };
    let line = |what: &str, each: Vec<String>| match each.is_empty() {
        true => Ok(()),
        false => output::line(&format!("By {what}: {}", each.join(", "))),
    };
    line("kind", counts.kinds.iter().map(|(kind, count)| format!("{kind} {}", grouped(*count))).collect())?;
    line("year", counts.years.iter().map(|(year, count)| format!("{year} {}", grouped(*count))).collect())
}

/// A person, vehicle or place with what each of its records adds.
fn print_group(group: &Group, answers: &Answers) -> Result<(), Complaint> {
    let is_answer = group.found.iter().any(|(_, link)| link.is_none());
    if !is_answer {
        output::line(&format!("  {:<16} {}", group.head.reference, group.head.name))?;
    }
    for (found, link) in group.found.iter().filter_map(|(at, link)| Some((answers.found.get(*at)?, link))) {
        let (indent, link) = match link {
            Some(link) => ("  ", format!("{link}: ")),
            None => ("", String::new()),
        };
        output::line(&format!("  {indent}{:<16} {link}{}{}", found.reference, found.name, likely(found)))?;
        if !found.why.is_empty() {
            output::line(&format!("  {indent}{:<16}   {}", "", found.why.join("; ")))?;
        }
    }
    Ok(())
}

/// How likely it is the one meant, where that says something.
fn likely(found: &Found) -> String {
    match found.probability {
        Some(probability) if probability >= 0.01 => format!("  ({:.0} %)", probability * 100.0),
        _ => String::new(),
    }
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
