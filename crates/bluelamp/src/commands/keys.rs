//! `bluelamp keys`.

use crate::arguments::{Arguments, KeysCommand};
use crate::output::{self, Complaint, counted};
use crate::session::at_door;
use serde_json::json;
use vault::provider::EscrowState;

pub async fn run(arguments: &Arguments, command: &KeysCommand) -> Result<(), Complaint> {
    match command {
        KeysCommand::Turn { copy } => {
            let report =
                at_door(arguments, async |desk, who| Ok(desk.turn_keys(who, copy.as_deref()).await?)).await?;
            if arguments.json {
                return output::json(&json!(report));
            }
            output::line(&format!(
                "epoch {} began; re-wrapped: {}",
                report.epoch,
                counted(report.buckets, "bucket", "buckets")
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
            print_escrows(arguments, &escrows, &[])
        }
        KeysCommand::Escrows => {
            let (escrows, removed) =
                at_door(arguments, async |desk, who| Ok(desk.escrows(who).await?)).await?;
            print_escrows(arguments, &escrows, &removed)
        }
        KeysCommand::Unregister { name, ground } => {
            at_door(arguments, async |desk, who| Ok(desk.remove_escrow(who, name, ground).await?)).await?;
            if arguments.json {
                return output::json(&json!({ "unregistered": name }));
            }
            output::line(&format!(
                "“{name}” is off the register; turns no longer look for it, and certificates of erasure name it"
            ))
        }
    }
}

fn print_escrows(
    arguments: &Arguments,
    escrows: &[EscrowState],
    removed: &[EscrowState],
) -> Result<(), Complaint> {
    if arguments.json {
        return output::json(&json!({ "escrows": escrows, "removed": removed }));
    }
    if escrows.is_empty() {
        output::line("no escrow copy is registered")?;
    }
    output::lines(
        escrows.iter().map(|e| format!("{}: {} (epoch {})", e.name, e.path.display(), e.confirmed)),
    )?;
    output::lines(removed.iter().filter_map(|e| {
        let removal = e.removed.as_ref()?;
        Some(format!(
            "{}: off the register since {}, by {} ({}); it held epoch {}",
            e.name, removal.on, removal.by, removal.ground, e.confirmed
        ))
    }))
}
