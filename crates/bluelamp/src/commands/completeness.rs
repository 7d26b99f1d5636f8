//! `bluelamp completeness`.

use super::record::named_kind;
use crate::arguments::Arguments;
use crate::output::{self, Complaint, counted, grouped};
use crate::session::at_door;
use serde_json::json;

pub async fn run(arguments: &Arguments, kind: &str, check: bool) -> Result<(), Complaint> {
    let kind = named_kind(kind)?;
    let (figures, drift) = at_door(arguments, async |desk, who| {
        let figures = desk.completeness(who, kind).await?;
        let drift = if check { desk.check_completeness(who, kind).await? } else { Vec::new() };
        Ok((figures, drift))
    })
    .await?;
    if arguments.json {
        let drift: Vec<_> = drift
            .iter()
            .map(|(term, index, pass)| json!({ "term": term, "index": index, "pass": pass }))
            .collect();
        let checked = check.then_some(drift);
        return output::json(&json!({
            "rows": figures.rows,
            "records": figures.records,
            "possible_repeats": figures.possible_repeats,
            "index_position": figures.position,
            "drift": checked,
        }));
    }
    output::line(&format!(
        "{}: {}, of these {}",
        kind.plural,
        counted(figures.records, "record", "records"),
        counted(figures.possible_repeats, "possible repeat", "possible repeats")
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
