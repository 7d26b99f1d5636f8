//! `bluelamp grant`.

use crate::arguments::Arguments;
use crate::output::{self, Complaint};
use crate::session::at_door;
use clap::Subcommand;
use desk::clock::moment_text;
use desk::grants::Grant;
use jiff::civil::Date;
use serde_json::json;
use web::shapes::Grants;

/// Commands of `grant`.
#[derive(Debug, Subcommand)]
pub enum GrantCommand {
    /// Propose that somebody belongs to a restriction group for a time; another approves.
    #[command(
        after_help = "Example: bluelamp grant propose 'PC 1234' op-lantern --until 2026-12-31 --ground 'seconded to the operation'"
    )]
    Propose {
        /// The account.
        account: String,
        /// The restriction group.
        group: String,
        /// First day, `2026-12-01`; today where it is not given.
        #[arg(long)]
        from: Option<Date>,
        /// Last day.
        #[arg(long)]
        until: Date,
        /// Why.
        #[arg(long)]
        ground: String,
    },
    /// Approve a grant, as somebody else than who proposed it and than who gets it.
    #[command(after_help = "Example: bluelamp grant approve G-1")]
    Approve {
        /// Its number, `G-1`.
        id: String,
    },
    /// Withdraw a grant at once.
    #[command(after_help = "Example: bluelamp grant withdraw G-1")]
    Withdraw {
        /// Its number.
        id: String,
    },
    /// List the grants.
    #[command(after_help = "Example: bluelamp grant list")]
    List,
}

pub async fn run(arguments: &Arguments, command: &GrantCommand) -> Result<(), Complaint> {
    let grants = match command {
        GrantCommand::Propose { account, group, from, until, ground } => {
            let days = (*from, *until);
            let proposed = at_door(arguments, async |desk, who| {
                Ok(desk.propose_grant(who, account, group, days, ground).await?)
            });
            vec![proposed.await?]
        }
        GrantCommand::Approve { id } => {
            vec![at_door(arguments, async |desk, who| Ok(desk.approve_grant(who, id).await?)).await?]
        }
        GrantCommand::Withdraw { id } => {
            vec![at_door(arguments, async |desk, who| Ok(desk.withdraw_grant(who, id).await?)).await?]
        }
        GrantCommand::List => at_door(arguments, async |desk, who| Ok(desk.grants(who).await?)).await?,
    };
    if arguments.json {
        return output::json(&json!(Grants::of(&grants)));
    }
    output::lines(grants.iter().map(text))
}

fn state(grant: &Grant) -> String {
    match (&grant.withdrawn, &grant.persons.approved) {
        (Some(by), _) => format!("withdrawn by {}", by.name),
        (None, Some(by)) => format!("approved by {}", by.name),
        (None, None) => "waits for a second person".to_owned(),
    }
}

fn text(grant: &Grant) -> String {
    format!(
        "{}  {} in group {} from {} until {}: {} (proposed by {}, {})",
        grant.id,
        grant.account,
        grant.group,
        moment_text(grant.from),
        moment_text(grant.until),
        grant.ground,
        grant.persons.proposed.name,
        state(grant)
    )
}
