//! What an administrator does with the passwords and sessions of others. Each is entered in the log.

use super::password::{NotHashed, first_password};
use crate::Desk;
use crate::accounts::{Account, NewAccount};
use crate::error::DeskError;
use crate::session::Session;
use crate::tokens::not_their_own;
use law::access::Act;
use ledger::Detail;
use vault::sign_in::PasswordRow;
use vault::store::RecordStore;
use zeroize::Zeroizing;

/// A password that was made for an account, to be shown once.
#[derive(Debug)]
pub struct GivenPassword {
    /// The account.
    pub account: Account,
    /// Its password: 20 letters and digits in four groups.
    pub password: Zeroizing<String>,
}

/// The account of a person that was just made, with what signs them in, to be shown once.
#[derive(Debug)]
pub struct NewPerson {
    /// The account with its token.
    pub made: NewAccount,
    /// Its password.
    pub password: Zeroizing<String>,
}

/// What became of an account that was unlocked.
#[derive(Debug)]
pub enum Unlocked {
    /// It had been locked by somebody: it has a new token, shown once, and needs a new password.
    WithToken(NewAccount),
    /// Only its password had been locked, by failures: that proves its owner again.
    SignsInAgain(Account),
}

impl Unlocked {
    /// The account.
    #[must_use]
    pub fn account(&self) -> &Account {
        match self {
            Self::WithToken(made) => &made.account,
            Self::SignsInAgain(account) => account,
        }
    }

    /// Its new token, where it has one.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        match self {
            Self::WithToken(made) => Some(&made.token),
            Self::SignsInAgain(_) => None,
        }
    }
}

/// How an account signs in at present. Moments are microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionsOf {
    /// The account.
    pub account: Account,
    /// How many sessions are open.
    pub open: u64,
    /// When one of them was last used, to about a minute.
    pub newest_use: Option<i64>,
    /// Until when its password is locked after failures; `None` where it is not.
    pub locked_until: Option<i64>,
}

impl<S: RecordStore> Desk<S> {
    /// Makes a password for somebody who has none, or lost theirs: random, shown once, to be changed before
    /// anything else is done. Sessions that were open end, and a lock after failures is lifted. Nobody makes
    /// one for themselves who has one: that is changed with the old one.
    ///
    /// # Errors
    /// A refusal; an unknown name; a locked account; a machine, which is proved by its token alone.
    pub async fn give_password(&self, who: &Session, name: &str) -> Result<GivenPassword, DeskError> {
        let permit = self.permit_act(who, Act::ManageUsers).await?;
        check_may_have_password(&self.known_account(name).await?)?;
        let password = first_password()?;
        // Before the transaction, beside which nobody writes; what was looked at is looked at again there.
        let hash = self.hash_password(&password).await?;
        let mut tx = self.vault.store.begin_alone().await?;
        let mut account = self.known_account(name).await?;
        if account.has_password {
            not_their_own(who, &account)?;
        }
        check_may_have_password(&account)?;
        account.has_password = true;
        self.replace_password(&mut tx, &self.new_row(&account, hash, true)).await?;
        let token = account.token.clone();
        let subject = format!("account {}: new password, to be changed at the next sign-in", account.name);
        self.enter_account(tx, permit, &account, &token, ("password-given", subject)).await?;
        Ok(GivenPassword { account, password })
    }

    /// The row of a password that was just made.
    fn new_row(&self, account: &Account, hash: String, must_change: bool) -> PasswordRow {
        let set_at = self.clock.now();
        PasswordRow { account: account.actor, hash, set_at, must_change, failures: 0, locked_until: 0 }
    }

    /// Makes the first accounts of a deployment that has none, as [`Desk::first_accounts`], each with a
    /// password that is shown once; `must_change` says whether it must be changed at the first sign-in.
    ///
    /// # Errors
    /// Where there are accounts already.
    pub async fn first_accounts_with_passwords(
        &self,
        names: [(&str, &str); 3],
        must_change: bool,
    ) -> Result<Vec<(NewAccount, Zeroizing<String>)>, DeskError> {
        let mut passwords = Vec::new();
        for _ in &names {
            let password = first_password()?;
            passwords.push((self.hash_password(&password).await?, password));
        }
        let hashes = passwords.iter().map(|(hash, _)| hash.clone()).collect();
        let made = self.make_first_accounts(names, hashes, must_change).await?;
        Ok(made.into_iter().zip(passwords.into_iter().map(|(_, password)| password)).collect())
    }

    /// Gives an account that is being made its first password.
    pub(crate) async fn put_first_password(
        &self,
        tx: &mut S::Tx,
        account: &mut Account,
        hash: String,
        must_change: bool,
    ) -> Result<(), DeskError> {
        account.has_password = true;
        Ok(self.vault.store.put_password(tx, &self.new_row(account, hash, must_change)).await?)
    }

    /// Takes from an account that is being locked what a person could sign in with or is signed in by.
    pub(crate) async fn take_password(&self, tx: &mut S::Tx, account: &mut Account) -> Result<(), DeskError> {
        account.has_password = false;
        self.vault.store.delete_password(tx, account.actor).await?;
        self.vault.store.end_sessions_of(tx, account.actor).await?;
        Ok(())
    }

    /// Lifts the lock that failures put on a password; `false` where there is none.
    pub(crate) async fn lift_password_lock(
        &self,
        tx: &mut S::Tx,
        account: &Account,
    ) -> Result<bool, DeskError> {
        let row = self.vault.store.password(account.actor).await?;
        let Some(row) = row.filter(|row| row.locked_until > self.clock.now()) else { return Ok(false) };
        self.vault.store.put_password(tx, &PasswordRow { failures: 0, locked_until: 0, ..row }).await?;
        Ok(true)
    }

    /// How many sessions of an account are open, and whether failures have locked its password.
    ///
    /// # Errors
    /// A refusal, or an unknown name.
    pub async fn sessions_of(&self, who: &Session, name: &str) -> Result<SessionsOf, DeskError> {
        let permit = self.permit_act(who, Act::ManageUsers).await?;
        let account = self.known_account(name).await?;
        let subject = Some(format!("sessions of account {}", account.name));
        let _receipt = self.ledger.record(vec![(permit, Detail { subject, ..Detail::default() })]).await?;
        self.signed_in_now(account).await
    }

    /// Signs somebody out everywhere; gives how many sessions were open.
    ///
    /// # Errors
    /// A refusal, or an unknown name.
    pub async fn end_sessions_of(&self, who: &Session, name: &str) -> Result<u64, DeskError> {
        let permit = self.permit_act(who, Act::ManageUsers).await?;
        let mut tx = self.vault.store.begin_alone().await?;
        let account = self.known_account(name).await?;
        let mut rows = self.vault.store.sessions_of(account.actor).await?;
        rows.retain(|row| !self.is_over(row));
        self.vault.store.end_sessions_of(&mut tx, account.actor).await?;
        let open = rows.len() as u64;
        let subject = Some(format!("account {}: signed out everywhere", account.name));
        let event = Some("sessions-ended");
        let detail = Detail { subject, count: Some(open), event, ..Detail::default() };
        let pending = self.ledger.record_in(&mut tx, &[(&permit, detail)]).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        Ok(open)
    }
}

fn check_may_have_password(account: &Account) -> Result<(), DeskError> {
    match account {
        Account { machine: true, name, .. } => Err(DeskError::not_now(format!(
            "“{name}” is another system and signs in with its token alone; for a new one: `bluelamp users renew-token`"
        ))),
        Account { locked: true, name, .. } => Err(DeskError::not_now(format!(
            "the account “{name}” is locked and gets no password; unlock it first: `bluelamp users unlock`"
        ))),
        _ => Ok(()),
    }
}

impl From<NotHashed> for DeskError {
    fn from(why: NotHashed) -> Self {
        match why {
            NotHashed::Busy => Self::not_now(
                "so many passwords are being checked that none can be made: try again in a few seconds",
            ),
            NotHashed::Fault(error) => error,
        }
    }
}
