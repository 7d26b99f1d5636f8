//! `bluelamp list`.

use super::record::named_kind;
use crate::arguments::Arguments;
use crate::output::{self, Complaint};
use crate::session::at_door;
use desk::listing::Listed;
use serde_json::json;

pub async fn run(
    arguments: &Arguments,
    kind: &str,
    before: Option<&str>,
    limit: u32,
) -> Result<(), Complaint> {
    let kind = named_kind(kind)?;
    let listed =
        at_door(arguments, async |desk, who| Ok(desk.records_of(who, kind, before, limit).await?)).await?;
    match arguments.json {
        true => output::json(&json!(listed)),
        false => print(&listed),
    }
}

fn print(listed: &Listed) -> Result<(), Complaint> {
    if listed.records.is_empty() {
        return output::line(&format!("No {} among the records that you may read.", listed.kind));
    }
    for line in &listed.records {
        output::line(&format!("  {:<16} {}", line.reference, line.name))?;
    }
    match &listed.next {
        Some(next) => output::line(&format!("Older ones: --before {next}")),
        None => Ok(()),
    }
}
