//! Signing in with a password, and what follows: sessions, which are rows of the store.
//!
//! A person gives name and password once and gets a [`Secret`], 256 random bits. The store keeps only its
//! SHA-256, so that it gives nobody a way in. At each request the secret is shown again
//! ([`Desk::sitting_of`]), and whether the account is locked and which roles it has is looked up anew, as
//! for a token ([`crate::accounts`]). A session ends by itself after a time without use and after a time
//! whatever its use ([`Limits`]); when its owner signs out; and with all others of its account when the
//! password is changed or given anew, or the account is locked.
//!
//! By file: `password` (what a password must be, and how it is hashed), `attempt` (proving one, and the lock
//! after failures), `sessions` (the rows), `own` (what a person does with their own password and sessions),
//! `manage` and `people` (what an administrator does), `limits` (how long).
//!
//! [`Desk::sitting_of`]: crate::Desk::sitting_of

mod attempt;
mod limits;
mod manage;
mod own;
mod password;
mod people;
mod sessions;

pub use limits::Limits;
pub use manage::{GivenPassword, NewPerson, SessionsOf, Unlocked};
pub(crate) use password::Doorkeeper;
pub use password::{LONGEST_PASSWORD, PasswordFault, SHORTEST_PASSWORD};
pub use people::{AccountsAsked, AccountsFound};

use crate::error::DeskError;
use crate::session::Session;
use zeroize::Zeroizing;

/// What proves a session: 256 random bits, as 64 hexadecimal digits. It is new at each sign-in, shown to
/// nobody but the browser that signed in, never kept and never printed.
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The digits, for a cookie.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

/// Somebody who has just signed in, or changed their password.
#[derive(Debug)]
pub struct SignedIn {
    /// What proves the session from now on. Whatever secret the browser had before is to be forgotten.
    pub secret: Secret,
    /// The session.
    pub sitting: Sitting,
}

/// A session at the moment of a request.
#[derive(Debug, Clone)]
pub struct Sitting {
    /// Its times, its strength and where it is.
    pub facts: SessionFacts,
    /// Whether the password must be changed before anything else is done: it was given by an administrator.
    pub must_change_password: bool,
    session: Session,
}

impl Sitting {
    /// Whoever is at the door, for every use case; `None` while the password must be changed first.
    #[must_use]
    pub fn who(&self) -> Option<&Session> {
        (!self.must_change_password).then_some(&self.session)
    }

    /// The same, taken out.
    #[must_use]
    pub fn into_who(self) -> Option<Session> {
        (!self.must_change_password).then_some(self.session)
    }

    /// Name of the account, also while the password must be changed first.
    #[must_use]
    pub fn account(&self) -> &str {
        self.session.name()
    }
}

/// What is known of a session. Moments are microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionFacts {
    /// How lists name it: 16 hexadecimal digits, which prove nothing.
    pub name: String,
    /// When its owner signed in.
    pub began: i64,
    /// When it was last used, to about a minute.
    pub last_seen: i64,
    /// When it ends if it is not used until then.
    pub idle_end: i64,
    /// When it ends whatever its use.
    pub end: i64,
    /// What the person signed in from, as the pages described it then.
    pub device: String,
    /// How they proved who they are.
    pub strength: Strength,
    /// Until when the proof that they gave once more counts; `None` where it does not count now.
    pub stepped_up_until: Option<i64>,
}

/// How somebody proved who they are. The numbers stand in the store and are never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Strength {
    /// By a password.
    Password = 1,
}

impl Strength {
    fn of(number: u8) -> Option<Self> {
        (number == Self::Password as u8).then_some(Self::Password)
    }
}

/// A session in the list of its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSession {
    /// What is known of it.
    pub facts: SessionFacts,
    /// Whether it is the one that asks.
    pub is_this: bool,
}

/// Why nobody was signed in, or a proof did not count. Nothing was opened.
#[derive(Debug, thiserror::Error)]
pub enum SignInRefused {
    /// One answer for an unknown name, a wrong password, an account without a password, and one that is
    /// locked: whoever tries learns nothing from it.
    #[error(
        "The name or the password is wrong, or the account is locked. After several failures an account is locked \
         for a time: try again later, or ask an administrator."
    )]
    NotProved,
    /// So many passwords are being checked that this one would wait too long; none was looked at.
    #[error("Too many people are signing in at this moment. Try again in a few seconds.")]
    Busy,
    /// The store or the log failed.
    #[error(transparent)]
    Fault(#[from] DeskError),
}

/// Why a person's own password was not changed. It stays as it was.
#[derive(Debug, thiserror::Error)]
pub enum ChangeRefused {
    /// The session is over.
    #[error("You are not signed in any more. Sign in again, then change your password.")]
    SignedOut,
    /// The old password is wrong, or the account is locked for a time after several failures.
    #[error("Old password: it is not the one that this account has. Type it again.")]
    Old,
    /// The new password breaks a rule.
    #[error("New password: {0}")]
    New(PasswordFault),
    /// So many passwords are being checked that this one would wait too long; none was looked at.
    #[error("Too many people are signing in at this moment. Try again in a few seconds.")]
    Busy,
    /// The store or the log failed.
    #[error(transparent)]
    Fault(#[from] DeskError),
}
