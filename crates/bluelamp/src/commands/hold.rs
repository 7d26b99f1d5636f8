//! `bluelamp hold`.

use crate::arguments::{Arguments, HoldCommand};
use crate::output::{self, Complaint};
use crate::session::at_door;
use serde_json::json;

pub async fn run(arguments: &Arguments, command: &HoldCommand) -> Result<(), Complaint> {
    match command {
        HoldCommand::Place { reference, reason } => {
            let hold =
                at_door(arguments, async |desk, who| Ok(desk.place_hold(who, reference, reason).await?))
                    .await?;
            if arguments.json {
                return output::json(&json!({ "hold": hold.name }));
            }
            output::line(&format!("held: nothing erases {reference} until hold {} is lifted", hold.name))
        }
        HoldCommand::List { reference } => {
            let holds =
                at_door(arguments, async |desk, who| Ok(desk.list_holds(who, reference).await?)).await?;
            if arguments.json {
                return output::json(&json!({ "holds": holds }));
            }
            if holds.is_empty() {
                return output::line(&format!("no hold stands on {reference}"));
            }
            output::lines(
                holds
                    .iter()
                    .map(|h| format!("{}  placed {} by {}: {}", h.name, h.placed, h.placed_by, h.reason)),
            )
        }
        HoldCommand::Lift { reference, name, reason } => {
            at_door(arguments, async |desk, who| Ok(desk.lift_hold(who, reference, name, reason).await?))
                .await?;
            if arguments.json {
                return output::json(&json!({ "lifted": name }));
            }
            output::line(&format!("hold {name} on {reference} is lifted"))
        }
    }
}
