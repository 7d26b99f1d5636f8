//! Proving a password, and what failures lead to.
//!
//! Every attempt is one hash and one transaction with one entry, whatever comes of it, so that neither the
//! answer nor the time tells whether a name has an account, whether that is locked, or what is wrong.

use super::password::NotHashed;
use super::{SignInRefused, SignedIn, Strength};
use crate::accounts::Account;
use crate::clock::moment_text;
use crate::error::DeskError;
use crate::{Desk, sign_in::limits::MINUTE};
use ledger::LogIn;
use vault::sign_in::PasswordRow;
use vault::store::RecordStore;

/// Failures in a row that lock a password. Whoever forgot theirs tries a few; whoever guesses has ten of
/// more than can be counted (NIST SP 800-63B, §5.2.2, allows a hundred).
const FAILURES: u32 = 10;
/// How long it is locked then; each further failure doubles it.
const FIRST_LOCK: i64 = 15 * MINUTE;
/// The longest lock: a shift. A longer one would rather serve whoever wants to keep somebody out.
const LONGEST_LOCK: i64 = 8 * 60 * MINUTE;

/// A password that proved somebody, in the transaction that says so: whoever has it commits it.
pub(super) struct Proved<S: RecordStore> {
    pub tx: S::Tx,
    pub account: Account,
    pub row: PasswordRow,
    /// When.
    pub now: i64,
}

impl<S: RecordStore> Desk<S> {
    /// Signs somebody in by name and password; `from` says what they sign in from, for their own list of
    /// sessions. The password is taken as it was typed. Success and failure are entered in the log, the
    /// password never.
    ///
    /// Failures in a row lock the password for a time that grows ([`SignInRefused::NotProved`] is the answer
    /// then too); sessions that are open stay open, so that nobody outside can end them.
    ///
    /// # Errors
    /// [`SignInRefused`].
    pub async fn sign_in_with_password(
        &self,
        name: &str,
        password: &str,
        from: &str,
    ) -> Result<SignedIn, SignInRefused> {
        let account = self.account(name.trim()).await?;
        let proved = self.prove_password(account, password).await?;
        Ok(self.begin_session(proved, from, Strength::Password, "by password").await?)
    }

    /// Proves a password. What came of it is in the transaction where it proves somebody, and committed
    /// otherwise.
    pub(super) async fn prove_password(
        &self,
        account: Option<Account>,
        password: &str,
    ) -> Result<Proved<S>, SignInRefused> {
        let account = account.filter(Account::may_have_password);
        let name = account.as_ref().map(|account| account.name.clone());
        let held = async { Ok(self.open_password(name.as_deref()).await?.map(|(_, row)| row.hash)) };
        let proved = self.proved_hash(password, held).await?;
        let tx = self.vault.store.begin_alone().await.map_err(DeskError::from)?;
        // Whoever holds the transaction is alone: another attempt may have come between.
        let now = self.clock.now();
        match self.open_password(name.as_deref()).await? {
            Some((account, row)) if proved.is_some_and(|hash| hash == row.hash) => {
                Ok(self.proved(tx, account, row, now).await?)
            }
            open => Err(self.not_proved(tx, name, open.map(|(_, row)| row), now).await?),
        }
    }

    /// The password of an account that may be tried now.
    async fn open_password(&self, name: Option<&str>) -> Result<Option<(Account, PasswordRow)>, DeskError> {
        let Some(name) = name else { return Ok(None) };
        let account = self.account(name).await?.filter(Account::may_have_password);
        let Some(account) = account else { return Ok(None) };
        let row = self.vault.store.password(account.actor).await?;
        let now = self.clock.now();
        Ok(row.filter(|row| row.locked_until <= now).map(|row| (account, row)))
    }

    async fn proved(
        &self,
        mut tx: S::Tx,
        account: Account,
        row: PasswordRow,
        now: i64,
    ) -> Result<Proved<S>, DeskError> {
        let cleared = PasswordRow { failures: 0, locked_until: 0, ..row.clone() };
        if cleared != row {
            self.vault.store.put_password(&mut tx, &cleared).await?;
        }
        Ok(Proved { tx, account, row: cleared, now })
    }

    /// Counts a failure where there is something to count, and enters it.
    async fn not_proved(
        &self,
        mut tx: S::Tx,
        name: Option<String>,
        open: Option<PasswordRow>,
        now: i64,
    ) -> Result<SignInRefused, DeskError> {
        let counted = open.map(|row| after_failure(row, now));
        if let Some(row) = &counted {
            self.vault.store.put_password(&mut tx, row).await?;
        }
        let account = name.map(|name| said_of_failure(&name, counted.as_ref(), now));
        let failed = LogIn::Failed {
            ground: "the password proves nobody",
            account: account.as_deref(),
            whom: counted.as_ref().map(|row| row.account),
            locks: counted.as_ref().is_some_and(|row| row.locked_until > now),
            at: now,
        };
        let pending = self.ledger.record_log_in_in(&mut tx, failed).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        Ok(SignInRefused::NotProved)
    }
}

/// The row after one more failure.
fn after_failure(row: PasswordRow, now: i64) -> PasswordRow {
    let failures = row.failures.saturating_add(1);
    let locked_until = match failures.checked_sub(FAILURES) {
        None => 0,
        Some(further) => now + FIRST_LOCK.saturating_mul(1 << further.min(10)).min(LONGEST_LOCK),
    };
    PasswordRow { failures, locked_until, ..row }
}

/// What the entry says of the account; `counted` where the failure counts.
fn said_of_failure(name: &str, counted: Option<&PasswordRow>, now: i64) -> String {
    match counted {
        None => format!("account {name}, which has no password, or whose password is locked"),
        Some(row) if row.locked_until > now => format!(
            "account {name}: failure {} in a row; its password is locked until {}",
            row.failures,
            moment_text(row.locked_until)
        ),
        Some(row) => format!("account {name}: failure {} in a row", row.failures),
    }
}

impl From<NotHashed> for SignInRefused {
    fn from(why: NotHashed) -> Self {
        match why {
            NotHashed::Busy => Self::Busy,
            NotHashed::Fault(error) => Self::Fault(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_begin_with_the_tenth_failure_and_grow_to_a_shift() {
        let account = model::ActorId(uuid::Uuid::from_u128(1));
        let mut row = PasswordRow {
            account,
            hash: String::new(),
            set_at: 0,
            must_change: false,
            failures: 0,
            locked_until: 0,
        };
        let mut locks = Vec::new();
        for _ in 0..60 {
            row = after_failure(row, 1_000);
            locks.push(if row.locked_until == 0 { 0 } else { (row.locked_until - 1_000) / MINUTE });
        }
        assert_eq!(locks[..9], [0; 9]);
        assert_eq!(locks[9..15], [15, 30, 60, 120, 240, 480]);
        assert!(locks[15..].iter().all(|minutes| *minutes == 480));
    }
}
