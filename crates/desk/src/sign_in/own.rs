//! What a person does with their own password and their own sessions.

use super::attempt::Proved;
use super::limits::MINUTE;
use super::password::{NotHashed, check_new};
use super::sessions::name_of;
use super::{ChangeRefused, OwnSession, SignInRefused, SignedIn, Strength};
use crate::Desk;
use crate::error::DeskError;
use ledger::LogIn;
use vault::sign_in::{PasswordRow, SessionRow};
use vault::store::RecordStore;

/// How long a proof that was given once more counts: long enough for one piece of work, short enough that a
/// screen somebody has left is not worth finding.
const STEPPED_UP: i64 = 10 * MINUTE;

impl<S: RecordStore> Desk<S> {
    /// Proves once more that it is the owner who is at the session, before something that asks for it. Gives
    /// until when it counts, in microseconds since 1970-01-01T00:00:00Z. A failure counts as one of signing
    /// in does.
    ///
    /// # Errors
    /// [`SignInRefused::NotProved`] also where the session is over.
    pub async fn step_up(&self, secret: &str, password: &str) -> Result<i64, SignInRefused> {
        let open = self.open_session(secret).await?.ok_or(SignInRefused::NotProved)?;
        let device = self.facts(&open.row).await?.device;
        let Proved { mut tx, account, now, .. } = self.prove_password(Some(open.account), password).await?;
        let until = now + STEPPED_UP;
        let stepped = self.vault.store.step_session_up(&mut tx, &open.row.digest, until).await;
        if !stepped.map_err(DeskError::from)? {
            return Err(SignInRefused::NotProved);
        }
        let context = self.as_they_may_act(account).await?.by_password(&device).at(now);
        let log_in = LogIn::By { context: &context, how: Some("by password, once more in a session") };
        let pending = self.ledger.record_log_in_in(&mut tx, log_in).await.map_err(DeskError::from)?;
        let _receipt = self.ledger.commit(tx, pending).await.map_err(DeskError::from)?;
        Ok(until)
    }

    /// Gives a person the password that they chose. All their sessions end, and a new one begins under a new
    /// secret. It is kept as it was typed.
    ///
    /// # Errors
    /// [`ChangeRefused`]. A wrong old password counts as a failure of signing in does.
    pub async fn change_password(
        &self,
        secret: &str,
        old: &str,
        new: &str,
    ) -> Result<SignedIn, ChangeRefused> {
        let open = self.open_session(secret).await?.ok_or(ChangeRefused::SignedOut)?;
        check_new(new, old, &open.account.name).map_err(ChangeRefused::New)?;
        let device = self.facts(&open.row).await?.device;
        // Before the transaction, beside which nobody writes, and so for nothing where the old one is wrong.
        let hash = self.hash_password(new).await?;
        let Proved { mut tx, account, row, now } =
            self.prove_password(Some(open.account), old).await.map_err(old_not_proved)?;
        let row = PasswordRow { hash, set_at: now, must_change: false, ..row };
        self.replace_password(&mut tx, &row).await?;
        let proved = Proved { tx, account, row, now };
        let how = "by password, which they changed: every session before is ended";
        Ok(self.begin_session(proved, &device, Strength::Password, how).await?)
    }

    /// Puts a password in place of whatever was there, and ends every session of the account.
    pub(super) async fn replace_password(&self, tx: &mut S::Tx, row: &PasswordRow) -> Result<u64, DeskError> {
        self.vault.store.put_password(tx, row).await?;
        Ok(self.vault.store.end_sessions_of(tx, row.account).await?)
    }

    /// A person's own open sessions, the last used first; none where the one that asks is over.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn own_sessions(&self, secret: &str) -> Result<Vec<OwnSession>, DeskError> {
        let Some(asking) = self.open_session(secret).await? else { return Ok(Vec::new()) };
        let mut own = Vec::new();
        for row in self.open_rows(&asking.row).await? {
            let is_this = row.digest == asking.row.digest;
            own.push(OwnSession { facts: self.facts(&row).await?, is_this });
        }
        Ok(own)
    }

    /// Ends one of a person's own sessions by its name in their list. `false` where there is none of that
    /// name, or the one that asks is over.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn end_own_session(&self, secret: &str, named: &str) -> Result<bool, DeskError> {
        let Some(asking) = self.open_session(secret).await? else { return Ok(false) };
        let rows = self.open_rows(&asking.row).await?;
        let Some(row) = rows.into_iter().find(|row| name_of(&row.digest) == named) else { return Ok(false) };
        let mut tx = self.vault.store.begin().await?;
        let ended = self.vault.store.end_session(&mut tx, &row.digest).await?;
        self.vault.store.commit(tx).await?;
        Ok(ended)
    }

    /// Signs a person out everywhere, here too; gives how many sessions that were open are ended by it.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn end_own_sessions(&self, secret: &str) -> Result<u64, DeskError> {
        let Some(asking) = self.open_session(secret).await? else { return Ok(0) };
        let open = self.open_rows(&asking.row).await?.len() as u64;
        let mut tx = self.vault.store.begin().await?;
        self.vault.store.end_sessions_of(&mut tx, asking.row.account).await?;
        self.vault.store.commit(tx).await?;
        Ok(open)
    }

    /// The rows of the open sessions of whoever has this one.
    async fn open_rows(&self, of: &SessionRow) -> Result<Vec<SessionRow>, DeskError> {
        let mut rows = self.vault.store.sessions_of(of.account).await?;
        rows.retain(|row| !self.is_over(row));
        Ok(rows)
    }
}

fn old_not_proved(why: SignInRefused) -> ChangeRefused {
    match why {
        SignInRefused::NotProved => ChangeRefused::Old,
        SignInRefused::Busy => ChangeRefused::Busy,
        SignInRefused::Fault(error) => ChangeRefused::Fault(error),
    }
}

impl From<NotHashed> for ChangeRefused {
    fn from(why: NotHashed) -> Self {
        match why {
            NotHashed::Busy => Self::Busy,
            NotHashed::Fault(error) => Self::Fault(error),
        }
    }
}
