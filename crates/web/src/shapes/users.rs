//! Accounts, what proves them, and how they are signed in.

use desk::accounts::{Account, NewAccount};
use desk::clock::moment_text;
use desk::sign_in::{GivenPassword, SessionsOf, Unlocked};
use schemars::JsonSchema;
use serde::Serialize;

/// An account.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct User {
    /// Its name.
    pub name: String,
    /// Its roles.
    pub roles: Vec<String>,
    /// Its unit, where that is known.
    pub unit: Option<String>,
    /// Whether it is locked.
    pub locked: bool,
    /// Whether it is another system and not a person.
    pub machine: bool,
    /// When its token ends; `null` where it has no end.
    pub expires: Option<String>,
    /// Whether a token proves it at all.
    pub has_token: bool,
    /// Whether it has a password, with which its owner signs in to the pages.
    pub has_password: bool,
}

impl User {
    /// Of the desk's account.
    #[must_use]
    pub fn of(account: &Account) -> Self {
        Self {
            name: account.name.clone(),
            roles: account.roles.iter().cloned().collect(),
            unit: account.unit.clone(),
            locked: account.locked,
            machine: account.machine,
            expires: account.expires.map(moment_text),
            has_token: account.has_token(),
            has_password: account.has_password,
        }
    }
}

/// All accounts by name.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Users {
    /// The accounts.
    pub users: Vec<User>,
}

/// An account with its token, which is shown only now.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NewUser {
    /// The account.
    #[serde(flatten)]
    pub user: User,
    /// Its token.
    pub token: String,
}

impl NewUser {
    /// Of what the desk made.
    #[must_use]
    pub fn of(made: &NewAccount) -> Self {
        Self { user: User::of(&made.account), token: made.token.to_string() }
    }
}

/// An account that was unlocked.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct UnlockedUser {
    /// The account.
    #[serde(flatten)]
    pub user: User,
    /// Its new token, which is shown only now; `null` where only its password had been locked, by failures.
    pub token: Option<String>,
}

impl UnlockedUser {
    /// Of what the desk did.
    #[must_use]
    pub fn of(unlocked: &Unlocked) -> Self {
        Self { user: User::of(unlocked.account()), token: unlocked.token().map(str::to_owned) }
    }
}

/// An account with its new password, which is shown only now.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct UserWithPassword {
    /// The account.
    #[serde(flatten)]
    pub user: User,
    /// Its password, to be changed at the next sign-in.
    pub password: String,
}

impl UserWithPassword {
    /// Of what the desk made.
    #[must_use]
    pub fn of(given: &GivenPassword) -> Self {
        Self { user: User::of(&given.account), password: given.password.to_string() }
    }
}

/// How an account is signed in at present.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct UserSessions {
    /// Name of the account.
    pub name: String,
    /// How many sessions are open.
    pub open: u64,
    /// When one of them was last used, to about a minute; `null` where none is open.
    pub newest_use: Option<String>,
    /// Until when its password is locked after failures; `null` where it is not.
    pub password_locked_until: Option<String>,
}

impl UserSessions {
    /// Of what the desk counted.
    #[must_use]
    pub fn of(sessions: &SessionsOf) -> Self {
        Self {
            name: sessions.account.name.clone(),
            open: sessions.open,
            newest_use: sessions.newest_use.map(moment_text),
            password_locked_until: sessions.locked_until.map(moment_text),
        }
    }
}
