//! `bluelamp users`.

use crate::arguments::{Arguments, UsersCommand};
use crate::output::{self, Complaint};
use crate::session::at_door;
use desk::accounts::{Account, NewAccount};
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
            print_token(arguments, &made)
        }
        UsersCommand::Unlock { name } => {
            let made = at_door(arguments, async |desk, who| Ok(desk.unlock_account(who, name).await?));
            print_token(arguments, &made.await?)
        }
        UsersCommand::Token { name } => {
            let made = at_door(arguments, async |desk, who| Ok(desk.renew_token(who, name).await?));
            print_token(arguments, &made.await?)
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
                    .map(|a| {
                        json!({
                            "name": a.name, "id": a.actor.to_string(), "roles": a.roles, "groups": a.groups,
                            "locked": a.locked,
                        })
                    })
                    .collect();
                return output::json(&json!({ "users": rows }));
            }
            output::lines(accounts.iter().map(line_of))
        }
    }
}

fn line_of(account: &Account) -> String {
    let words = |set: &std::collections::BTreeSet<String>| {
        set.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
    };
    let groups = match account.groups.is_empty() {
        true => String::new(),
        false => format!("  groups: {}", words(&account.groups)),
    };
    let locked = if account.locked { "  LOCKED" } else { "" };
    format!("{:<20} {:<24} {}{groups}{locked}", account.name, words(&account.roles), account.actor)
}

fn print_token(arguments: &Arguments, made: &NewAccount) -> Result<(), Complaint> {
    let name = &made.account.name;
    if arguments.json {
        return output::json(&json!({ "name": name, "roles": made.account.roles, "token": *made.token }));
    }
    output::line(&format!("{name}: the token is shown only now"))?;
    output::line(&made.token)
}
