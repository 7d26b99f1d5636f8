//! `bluelamp doctor` and `rebuild-index`.

use crate::arguments::Arguments;
use crate::output::{self, Complaint};
use desk::Deployment;
use desk::clock::MachineClock;
use desk::health::examine;
use serde_json::json;
use std::sync::Arc;

pub async fn run(arguments: &Arguments) -> Result<(), Complaint> {
    let findings = examine(&arguments.data, Arc::new(MachineClock)).await;
    let ill = findings.iter().filter(|finding| !finding.well).count();
    if arguments.json {
        output::json(&json!({ "well": ill == 0, "findings": findings }))?;
    } else {
        for finding in &findings {
            let mark = if finding.well { "well" } else { "ILL " };
            output::line(&format!("{mark}  {:<10} {}", finding.part, finding.says))?;
            if !finding.mend.is_empty() {
                output::line(&format!("      {:<10} → {}", "", finding.mend))?;
            }
        }
    }
    match ill {
        0 => Ok(()),
        count => Err(Complaint::new(format!("{count} part(s) need attention"), "")),
    }
}

pub async fn rebuild_index(arguments: &Arguments) -> Result<(), Complaint> {
    let started = std::time::Instant::now();
    let deployment = Deployment::open_rebuilding(&arguments.data, Arc::new(MachineClock)).await?;
    deployment.close().await?;
    let seconds = started.elapsed().as_secs_f64();
    if arguments.json {
        return output::json(&json!({ "rebuilt": true, "seconds": seconds }));
    }
    output::line(&format!("the index was built anew in {seconds:.1} s"))
}
