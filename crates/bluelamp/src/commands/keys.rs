//! `bluelamp keys`.

use crate::arguments::{Arguments, KeysCommand};
use crate::output::{self, Complaint, grouped};
use crate::session::at_door;
use serde_json::json;

pub async fn run(arguments: &Arguments, command: &KeysCommand) -> Result<(), Complaint> {
    match command {
        KeysCommand::Turn { copy } => {
            let report =
                at_door(arguments, async |desk, who| Ok(desk.turn_keys(who, copy.as_deref()).await?)).await?;
            if arguments.json {
                return output::json(&json!(report));
            }
            output::line(&format!(
                "epoch {} began; {} buckets were re-wrapped",
                report.epoch,
                grouped(report.buckets)
            ))?;
            output::line(&match report.escrows_unconfirmed.as_slice() {
                [] => "every registered escrow copy followed; older copies of the keystore open nothing"
                    .to_owned(),
                names => format!("escrow copies that could not be reached: {}", names.join(", ")),
            })
        }
        KeysCommand::Restore { copy, older } => {
            let mark = desk::deployment::restore_keys(&arguments.data, copy, *older).await?;
            if arguments.json {
                return output::json(&json!({ "mark": mark }));
            }
            output::line(&format!("the copy is in place (mark {mark}); run `bluelamp doctor`"))
        }
        KeysCommand::Escrow { name, path } => {
            let escrows =
                at_door(arguments, async |desk, who| Ok(desk.add_escrow(who, name, path).await?)).await?;
            if arguments.json {
                return output::json(&json!({ "escrows": escrows }));
            }
            output::lines(
                escrows.iter().map(|e| format!("{}: {} (epoch {})", e.name, e.path.display(), e.confirmed)),
            )
        }
    }
}
