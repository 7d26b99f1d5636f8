//! `bluelamp completeness`.

use super::record::named_kind;
use super::search::print as print_answers;
use crate::arguments::Arguments;
use crate::output::{self, Complaint, counted, grouped};
use crate::session::at_door;
use desk::completeness::{Ask, Drift, Figures, STATES};
use model::Kind;
use search::{Page, Within};
use serde_json::json;
use web::shapes::{Completeness, Results};

/// Arguments of `completeness`.
#[derive(Debug, clap::Args)]
pub struct CompletenessArguments {
    /// The kind.
    pub kind: String,
    /// Only records of this unit, as it is written in them.
    #[arg(long)]
    pub unit: Option<String>,
    /// Only events of this year or month, for instance 2024 or 2024-03.
    #[arg(long, value_parser = period)]
    pub period: Option<search::Period>,
    /// Break figures down: unit, month or year, or unit and one of these.
    #[arg(long, value_delimiter = ',', value_parser = part)]
    pub by: Vec<search::By>,
    /// List the records behind a figure, as RULE:STATE; the state is applies, answered, missing,
    /// placeholder or not-in-source.
    #[arg(long, value_name = "RULE:STATE", conflicts_with_all = ["by", "check"])]
    pub behind: Option<String>,
    /// Records of that list, at most.
    #[arg(long, default_value_t = 20, requires = "behind")]
    pub limit: usize,
    /// Records of that list to pass over.
    #[arg(long, default_value_t = 0, requires = "behind")]
    pub offset: usize,
    /// Check all figures of the kind, by unit and month, against a full pass over the records.
    #[arg(long)]
    pub check: bool,
}

fn period(text: &str) -> Result<search::Period, String> {
    search::Period::parse(text).ok_or_else(|| "give a year or a month, such as 2024 or 2024-03".to_owned())
}

fn part(text: &str) -> Result<search::By, String> {
    match text.trim() {
        "unit" => Ok(search::By::Unit),
        "month" => Ok(search::By::Month),
        "year" => Ok(search::By::Year),
        _ => Err("choose unit, month or year".to_owned()),
    }
}

pub async fn run(arguments: &Arguments, asked: &CompletenessArguments) -> Result<(), Complaint> {
    let kind = named_kind(&asked.kind)?;
    let within = Within { unit: asked.unit.clone(), period: asked.period };
    if let Some(figure) = &asked.behind {
        let page = Page { offset: asked.offset, limit: asked.limit };
        return behind(arguments, kind, figure, &within, page).await;
    }
    let ask = Ask { within, by: asked.by.clone() };
    let (figures, drift) = at_door(arguments, async |desk, who| {
        let figures = desk.completeness(who, kind, &ask).await?;
        let drift = if asked.check { Some(desk.check_completeness(who, kind).await?) } else { None };
        Ok((figures, drift))
    })
    .await?;
    if arguments.json {
        return output::json(&json!(Completeness::of(figures, drift)));
    }
    print(kind, &figures, !ask.by.is_empty())?;
    drift.map_or(Ok(()), |drift| told(&drift))
}

/// Lists the records behind a figure.
async fn behind(
    arguments: &Arguments,
    kind: &'static Kind,
    figure: &str,
    within: &Within,
    page: Page,
) -> Result<(), Complaint> {
    let (rule, state) = figure.split_once(':').ok_or_else(|| {
        let form = format!("Write RULE:STATE; the state is one of {}.", STATES.join(", "));
        Complaint::new(format!("“{figure}” names no figure"), form)
    })?;
    let figure = (rule.trim(), state.trim());
    let answers =
        at_door(arguments, async |desk, who| Ok(desk.behind_figure(who, kind, figure, within, page).await?))
            .await?;
    match arguments.json {
        true => output::json(&json!(Results::of(&answers))),
        false => print_answers(&answers, &format!("{rule}:{state}"), page.offset),
    }
}

fn print(kind: &Kind, figures: &Figures, by_part: bool) -> Result<(), Complaint> {
    output::line(&format!(
        "{}: {}, of these {}",
        kind.plural,
        counted(figures.records, "record", "records"),
        counted(figures.possible_repeats, "possible repeat", "possible repeats")
    ))?;
    output::line(&format!(
        "  {:<42} {:>9} {:>9} {:>9} {:>11} {:>13}",
        "rule", "applies", "answered", "missing", "placeholder", "not in source"
    ))?;
    let mut part = None;
    for row in &figures.rows {
        let of = (row.unit.as_str(), row.period.as_str());
        if by_part && part != Some(of) {
            let parts: Vec<&str> = [of.0, of.1].into_iter().filter(|name| !name.is_empty()).collect();
            output::line(&format!(" {}", parts.join(", ")))?;
            part = Some(of);
        }
        output::line(&format!(
            "  {:<42} {:>9} {:>9} {:>9} {:>11} {:>13}",
            row.rule,
            grouped(row.records),
            grouped(row.answered),
            grouped(row.missing),
            grouped(row.placeholder),
            grouped(row.not_in_source)
        ))?;
    }
    Ok(())
}

fn told(drift: &[Drift]) -> Result<(), Complaint> {
    let Some(first) = drift.first() else {
        return output::line("A full pass over the records gives the same figures, by unit and month.");
    };
    Err(Complaint::new(
        format!(
            "a full pass over the records differs in {} figure(s), for instance {} ({} {}): {} by the index, {} by the pass",
            drift.len(),
            first.term,
            first.unit,
            first.period,
            first.index,
            first.pass
        ),
        "Run `bluelamp rebuild-index`.",
    ))
}
