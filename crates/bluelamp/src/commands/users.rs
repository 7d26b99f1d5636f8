//! `bluelamp users`.

use crate::arguments::Arguments;
use crate::output::{self, Complaint, counted};
use crate::session::{Door, at_door};
use clap::Subcommand;
use desk::Session;
use desk::accounts::{Account, NewAccount};
use desk::sign_in::Unlocked;
use serde_json::json;
use web::shapes::{NewUser, UnlockedUser, User, UserSessions, UserWithPassword, Users};

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
    /// Give an account a password for the pages; it is shown once, and must be changed at the first sign-in.
    /// The one before proves nobody, and open sessions end.
    #[command(after_help = "Example: bluelamp users password 'PC 1234'")]
    Password {
        /// The name.
        name: String,
    },
    /// Count the sessions in which somebody is signed in to the pages, or end them.
    #[command(after_help = "Example: bluelamp users sessions 'PC 1234' --end")]
    Sessions {
        /// The name.
        name: String,
        /// Sign them out everywhere.
        #[arg(long)]
        end: bool,
    },
    /// Lock an account: its token proves nobody from now on, its password is gone, and its sessions end.
    #[command(after_help = "Example: bluelamp users lock 'PC 1234'")]
    Lock {
        /// The name.
        name: String,
    },
    /// Unlock an account; its new token is shown once. Where failures locked its password, that proves its
    /// owner again, and the token stays as it is.
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
            unlocked(arguments, &at_door(arguments, unlock).await?)
        }
        UsersCommand::Password { name } => {
            let give = async |desk: &Door, who: &Session| Ok(desk.give_password(who, name).await?);
            let given = at_door(arguments, give).await?;
            if arguments.json {
                return output::json(&json!(UserWithPassword::of(&given)));
            }
            output::line(&format!(
                "{}: the password is shown only now, and must be changed at the first sign-in",
                given.account.name
            ))?;
            output::line(&given.password)
        }
        UsersCommand::Sessions { name, end } => sessions(arguments, name, *end).await,
        UsersCommand::Lock { name } => {
            at_door(arguments, async |desk, who| Ok(desk.lock_account(who, name).await?)).await?;
            if arguments.json {
                return output::json(&json!({ "locked": name }));
            }
            output::line(&format!(
                "{name} is locked; token and password prove nobody any more, and every session is ended"
            ))
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

fn unlocked(arguments: &Arguments, unlocked: &Unlocked) -> Result<(), Complaint> {
    match unlocked {
        _ if arguments.json => output::json(&json!(UnlockedUser::of(unlocked))),
        Unlocked::WithToken(made) => shown_once(arguments, made),
        Unlocked::SignsInAgain(account) => output::line(&format!(
            "{}: the password is no longer locked, and is the one from before",
            account.name
        )),
    }
}

async fn sessions(arguments: &Arguments, name: &str, end: bool) -> Result<(), Complaint> {
    if end {
        let end = async |desk: &Door, who: &Session| Ok(desk.end_sessions_of(who, name).await?);
        let ended = at_door(arguments, end).await?;
        if arguments.json {
            return output::json(&json!({ "name": name, "ended": ended }));
        }
        return output::line(&format!("{name}: {} ended", counted(ended, "session is", "sessions are")));
    }
    let count = async |desk: &Door, who: &Session| Ok(desk.sessions_of(who, name).await?);
    let found = UserSessions::of(&at_door(arguments, count).await?);
    if arguments.json {
        return output::json(&json!(found));
    }
    output::line(&format!("{name}: {} open", counted(found.open, "session is", "sessions are")))?;
    if let Some(at) = found.newest_use {
        output::line(&format!("  the last was used at {at}"))?;
    }
    match found.password_locked_until {
        Some(until) => output::line(&format!("  failures have locked the password until {until}")),
        None => Ok(()),
    }
}

fn changed(arguments: &Arguments, account: &Account) -> Result<(), Complaint> {
    if arguments.json {
        return output::json(&json!(User::of(account)));
    }
    output::line(&line(account))
}
