//! `bluelamp completeness`.

use super::record::named_kind;
use crate::arguments::Arguments;
use crate::output::{self, Complaint, grouped};
use crate::session::at_door;
use serde_json::json;
use web::shapes::Completeness;

pub async fn run(arguments: &Arguments, kind: &str, check: bool) -> Result<(), Complaint> {
    let kind = named_kind(kind)?;
    let figures = at_door(arguments, async |desk, who| {
        let figures = desk.completeness(who, kind).await?;
        let drift = match check {
            true => Some(desk.check_completeness(who, kind).await?),
            false => None,
        };
        Ok(Completeness::of(figures, drift))
    })
    .await?;
    if arguments.json {
        return output::json(&json!(figures));
    }
    output::line(&format!(
        "{}: {} records, of these {} possible repeats",
        kind.plural,
        grouped(figures.records),
        grouped(figures.possible_repeats)
    ))?;
    output::line(&format!(
        "  {:<42} {:>9} {:>9} {:>11} {:>13}",
        "rule", "applies", "missing", "placeholder", "not in source"
    ))?;
    for row in &figures.rows {
        output::line(&format!(
            "  {:<42} {:>9} {:>9} {:>11} {:>13}",
            row.rule,
            grouped(row.records),
            grouped(row.missing),
            grouped(row.placeholder),
            grouped(row.not_in_source)
        ))?;
    }
    let drift = figures.drift.unwrap_or_default();
    if check && drift.is_empty() {
        output::line("A full pass over the records gives the same figures.")?;
    }
    match drift.is_empty() {
        true => Ok(()),
        false => Err(Complaint::new(
            format!(
                "a full pass over the records differs in {} term(s), for instance {:?}",
                drift.len(),
                drift[0]
            ),
            "Run `bluelamp rebuild-index`.",
        )),
    }
}
