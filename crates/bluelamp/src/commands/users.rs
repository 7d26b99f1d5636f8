//! `bluelamp users`.

use crate::arguments::Arguments;
use crate::output::{self, Complaint};
use crate::session::{Door, at_door};
use clap::Subcommand;
use desk::Session;
use desk::accounts::{Account, NewAccount};
use serde_json::json;
use web::shapes::{NewUser, User, Users};

/// Commands of `users`.
#[derive(Debug, Subcommand)]
pub enum UsersCommand {
    /// Add an account; its token is shown once.
    #[command(after_help = "Example: bluelamp users add 'PC 1234' --role officer")]
    Add {
        /// The name.
        name: String,
        /// Its roles.
        #[arg(long = "role", required = true)]
        roles: Vec<String>,
    },
    /// Say of which unit somebody is: what they record from then on is of it.
    #[command(after_help = "Example: bluelamp users unit 'PC 1234' 'Response A'")]
    Unit {
        /// The account.
        name: String,
        /// The unit; empty for none.
        unit: String,
    },
    /// Add an account for another system; its token is shown once, and ends.
    #[command(
        after_help = "Example: bluelamp users add-machine 'command and control' --role officer --until 2027-03-31T00:00:00Z"
    )]
    AddMachine {
        /// The name.
        name: String,
        /// Its roles.
        #[arg(long = "role", required = true)]
        roles: Vec<String>,
        /// When its token ends, within 366 days.
        #[arg(long)]
        until: jiff::Timestamp,
    },
    /// Give an account another token; the one before proves nobody.
    #[command(after_help = "Example: bluelamp users renew-token 'PC 1234'")]
    RenewToken {
        /// The name.
        name: String,
        /// When it ends; only for machines.
        #[arg(long)]
        until: Option<jiff::Timestamp>,
    },
    /// Revoke an account's token; the account stays.
    #[command(after_help = "Example: bluelamp users revoke-token 'command and control'")]
    RevokeToken {
        /// The name.
        name: String,
    },
    /// Give an account other roles; what is not named goes.
    #[command(after_help = "Example: bluelamp users roles 'PC 1234' --role officer --role supervisor")]
    Roles {
        /// The name.
        name: String,
        /// Its roles.
        #[arg(long = "role", required = true)]
        roles: Vec<String>,
    },
    /// Lock an account: its token proves nobody from now on.
    #[command(after_help = "Example: bluelamp users lock 'PC 1234'")]
    Lock {
        /// The name.
        name: String,
    },
    /// Unlock an account; its new token is shown once.
    #[command(after_help = "Example: bluelamp users unlock 'PC 1234'")]
    Unlock {
        /// The name.
        name: String,
    },
    /// List the accounts.
    #[command(after_help = "Example: bluelamp users list")]
    List,
}

pub async fn run(arguments: &Arguments, command: &UsersCommand) -> Result<(), Complaint> {
    match command {
        UsersCommand::Add { name, roles } => {
            let roles = words(roles);
            let add = async |desk: &Door, who: &Session| Ok(desk.add_account(who, name, &roles).await?);
            shown_once(arguments, &at_door(arguments, add).await?)
        }
        UsersCommand::AddMachine { name, roles, until } => {
            let (roles, end) = (words(roles), until.as_microsecond());
            let add = async |desk: &Door, who: &Session| Ok(desk.add_machine(who, name, &roles, end).await?);
            shown_once(arguments, &at_door(arguments, add).await?)
        }
        UsersCommand::RenewToken { name, until } => {
            let end = until.map(|until| until.as_microsecond());
            let renew = async |desk: &Door, who: &Session| Ok(desk.renew_token(who, name, end).await?);
            shown_once(arguments, &at_door(arguments, renew).await?)
        }
        UsersCommand::RevokeToken { name } => {
            let revoke = async |desk: &Door, who: &Session| Ok(desk.revoke_token(who, name).await?);
            changed(arguments, &at_door(arguments, revoke).await?)
        }
        UsersCommand::Roles { name, roles } => {
            let roles = words(roles);
            let change = async |desk: &Door, who: &Session| Ok(desk.change_roles(who, name, &roles).await?);
            changed(arguments, &at_door(arguments, change).await?)
        }
        UsersCommand::Unit { name, unit } => {
            at_door(arguments, async |desk, who| Ok(desk.put_in_unit(who, name, unit).await?)).await?;
            if arguments.json {
                return output::json(&json!({ "name": name, "unit": unit.trim() }));
            }
            output::line(&format!("{name} is of the unit “{}”", unit.trim()))
        }
        UsersCommand::Unlock { name } => {
            let unlock = async |desk: &Door, who: &Session| Ok(desk.unlock_account(who, name).await?);
            shown_once(arguments, &at_door(arguments, unlock).await?)
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
                return output::json(&json!(Users { users: accounts.iter().map(User::of).collect() }));
            }
            output::lines(accounts.iter().map(line))
        }
    }
}

fn words(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

fn line(account: &Account) -> String {
    let user = User::of(account);
    let mut text = format!("{:<20} {:<24} {}", user.name, user.roles.join(", "), account.actor);
    match (user.locked, user.has_token) {
        (true, _) => text.push_str("  LOCKED"),
        (false, false) => text.push_str("  (no token)"),
        (false, true) => {}
    }
    if let Some(end) = user.expires {
        text.push_str(&format!("  (machine, until {end})"));
    }
    text
}

fn shown_once(arguments: &Arguments, made: &NewAccount) -> Result<(), Complaint> {
    if arguments.json {
        return output::json(&json!(NewUser::of(made)));
    }
    output::line(&format!("{}: the token is shown only now", made.account.name))?;
    output::line(&made.token)
}

fn changed(arguments: &Arguments, account: &Account) -> Result<(), Complaint> {
    if arguments.json {
        return output::json(&json!(User::of(account)));
    }
    output::line(&line(account))
}
