//! `bluelamp users`.

use crate::arguments::{Arguments, UsersCommand};
use crate::output::{self, Complaint};
use crate::session::at_door;
use serde_json::json;

pub async fn run(arguments: &Arguments, command: &UsersCommand) -> Result<(), Complaint> {
    match command {
        UsersCommand::Add { name, roles, groups } => {
            let made = at_door(arguments, async |desk, who| {
                let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
                let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
                Ok(desk.add_account(who, name, &roles, &groups).await?)
            })
            .await?;
            if arguments.json {
                return output::json(
                    &json!({ "name": name, "roles": made.account.roles, "token": *made.token }),
                );
            }
            output::line(&format!("{name}: the token is shown only now"))?;
            output::line(&made.token)
        }
        UsersCommand::Unit { name, unit } => {
            at_door(arguments, async |desk, who| Ok(desk.put_in_unit(who, name, unit).await?)).await?;
            if arguments.json {
                return output::json(&json!({ "name": name, "unit": unit.trim() }));
            }
            output::line(&format!("{name} is of the unit “{}”", unit.trim()))
        }
        UsersCommand::Lock { name } => {
            at_door(arguments, async |desk, who| Ok(desk.lock_account(who, name).await?)).await?;
            if arguments.json {
                return output::json(&json!({ "locked": name }));
            }
            output::line(&format!("{name} is locked; the token proves nobody any more"))
        }
        UsersCommand::List => {
            let accounts = at_door(arguments, async |desk, who| Ok(desk.accounts(who).await?)).await?;
            if arguments.json {
                let rows: Vec<_> = accounts
                    .iter()
                    .map(|a| json!({ "name": a.name, "roles": a.roles, "groups": a.groups, "unit": a.unit, "locked": a.locked }))
                    .collect();
                return output::json(&json!({ "users": rows }));
            }
            output::lines(accounts.iter().map(|account| {
                let roles: Vec<&str> = account.roles.iter().map(String::as_str).collect();
                let locked = if account.locked { "  (locked)" } else { "" };
                format!("{:<20} {}{locked}", account.name, roles.join(", "))
            }))
        }
    }
}
