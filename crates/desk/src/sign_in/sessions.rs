//! Sessions: begun by a proof, looked at with each request, ended.

use super::attempt::Proved;
use super::limits::{Limits, MINUTE};
use super::password::random;
use super::{Secret, SessionFacts, SignedIn, Sitting, Strength};
use crate::Desk;
use crate::accounts::Account;
use crate::error::DeskError;
use crate::session::Session;
use ledger::LogIn;
use sha2::{Digest, Sha256};
use vault::sign_in::{PasswordRow, SecretDigest, SessionRow};
use vault::store::RecordStore;
use zeroize::Zeroizing;

/// Longest text about what somebody signs in from, in characters.
const LONGEST_DEVICE: usize = 200;
/// A use is noted when the last one is so long ago: a page with many parts is not many writes.
const NOTED_EVERY: i64 = MINUTE;

/// A session that is open, with whose it is.
pub(super) struct Open {
    pub row: SessionRow,
    pub account: Account,
    pub password: PasswordRow,
}

impl<S: RecordStore> Desk<S> {
    /// How long sessions last here.
    #[must_use]
    pub fn sign_in_limits(&self) -> Limits {
        self.places.settings().sign_in
    }

    /// The session that a secret proves at this moment, for a request; `None` where it proves none: it was
    /// ended, its time is over, or the account was locked. Roles and groups are those of now. The request
    /// counts as a use. What is then done has entries of its own.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn sitting_of(&self, secret: &str) -> Result<Option<Sitting>, DeskError> {
        let Some(mut open) = self.open_session(secret).await? else { return Ok(None) };
        let now = self.clock.now();
        if now.saturating_sub(open.row.last_seen) >= NOTED_EVERY {
            let mut tx = self.vault.store.begin().await?;
            self.vault.store.note_session_used(&mut tx, &open.row.digest, now).await?;
            self.vault.store.commit(tx).await?;
            open.row.last_seen = now;
        }
        self.sitting(open).await.map(Some)
    }

    /// The same without counting as a use: for what a page asks by itself while nobody works at it.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn glance_at_sitting(&self, secret: &str) -> Result<Option<Sitting>, DeskError> {
        match self.open_session(secret).await? {
            Some(open) => self.sitting(open).await.map(Some),
            None => Ok(None),
        }
    }

    /// Whoever a secret proves at this moment, for every use case, as [`Desk::sitting_of`]; `None` too while
    /// the password must be changed first.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn session_of(&self, secret: &str) -> Result<Option<Session>, DeskError> {
        Ok(self.sitting_of(secret).await?.and_then(Sitting::into_who))
    }

    /// Signs out. `false` where the session was over already.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn end_session(&self, secret: &str) -> Result<bool, DeskError> {
        let mut tx = self.vault.store.begin().await?;
        let ended = self.vault.store.end_session(&mut tx, &digest(secret)).await?;
        self.vault.store.commit(tx).await?;
        Ok(ended)
    }

    /// Begins a session for somebody who was proved, under a new secret, and enters that they signed in.
    pub(super) async fn begin_session(
        &self,
        proved: Proved<S>,
        from: &str,
        strength: Strength,
        how: &str,
    ) -> Result<SignedIn, DeskError> {
        let Proved { mut tx, account, row: password, now } = proved;
        let secret = Secret(Zeroizing::new(hex::encode(random()?.expose())));
        let digest = digest(secret.expose());
        let device = self.devices_key().await?.seal(&digest, device_text(from).as_bytes());
        let row = SessionRow {
            digest,
            account: account.actor,
            began: now,
            last_seen: now,
            ends: now + self.sign_in_limits().absolute(),
            stepped_up_until: 0,
            strength: strength as u8,
            device: device.map_err(|error| DeskError::damaged(error.to_string()))?,
        };
        self.vault.store.add_session(&mut tx, &row).await?;
        let sitting = self.sitting(Open { row, account, password }).await?;
        let context = sitting.session.at(now);
        let log_in = LogIn::By { context: &context, how: Some(how) };
        let pending = self.ledger.record_log_in_in(&mut tx, log_in).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        Ok(SignedIn { secret, sitting })
    }

    /// The session of a secret, where it is open.
    pub(super) async fn open_session(&self, secret: &str) -> Result<Option<Open>, DeskError> {
        let Some(row) = self.vault.store.session(&digest(secret)).await? else { return Ok(None) };
        if self.is_over(&row) {
            return Ok(None);
        }
        let Some(name) = self.account_name(row.account).await? else { return Ok(None) };
        let account = self.account(&name).await?;
        let Some(account) = account.filter(Account::may_have_password) else { return Ok(None) };
        let password = self.vault.store.password(account.actor).await?;
        Ok(password.map(|password| Open { row, account, password }))
    }

    /// Whether its time is over. The limits are those of now: where a force shortened them, they count for
    /// what was begun before too.
    pub(super) fn is_over(&self, row: &SessionRow) -> bool {
        let (now, limits) = (self.clock.now(), self.sign_in_limits());
        let end = row.ends.min(row.began + limits.absolute());
        now >= end || now >= row.last_seen + limits.idle()
    }

    async fn sitting(&self, open: Open) -> Result<Sitting, DeskError> {
        let facts = self.facts(&open.row).await?;
        let must_change_password = open.password.must_change;
        let session = self.as_they_may_act(open.account).await?.by_password(&facts.device);
        Ok(Sitting { facts, must_change_password, session })
    }

    /// What is known of a session.
    pub(super) async fn facts(&self, row: &SessionRow) -> Result<SessionFacts, DeskError> {
        let damaged = |what: &str| {
            DeskError::damaged(format!(
                "sessions, column {what}: it was altered. Sign in again; run `bluelamp doctor`"
            ))
        };
        let device =
            self.devices_key().await?.open(&row.digest, &row.device).map_err(|_| damaged("device"))?;
        let limits = self.sign_in_limits();
        let now = self.clock.now();
        Ok(SessionFacts {
            name: name_of(&row.digest),
            began: row.began,
            last_seen: row.last_seen,
            idle_end: row.last_seen + limits.idle(),
            end: row.ends.min(row.began + limits.absolute()),
            device: String::from_utf8(device).map_err(|_| damaged("device"))?,
            strength: Strength::of(row.strength).ok_or_else(|| damaged("strength"))?,
            stepped_up_until: Some(row.stepped_up_until).filter(|until| *until > now),
        })
    }

    /// Deletes the sessions whose time is over. It happens by itself about once a minute; until then they
    /// open nothing.
    pub(crate) async fn sweep_sessions(&self) -> Result<(), DeskError> {
        let now = self.clock.now();
        let mut tx = self.vault.store.begin().await?;
        self.vault.store.sweep_sessions(&mut tx, now, now - self.sign_in_limits().idle()).await?;
        Ok(self.vault.store.commit(tx).await?)
    }
}

/// By what a session is kept and found.
pub(super) fn digest(secret: &str) -> SecretDigest {
    Sha256::digest(secret.as_bytes()).into()
}

/// How lists name a session.
pub(super) fn name_of(digest: &SecretDigest) -> String {
    let mut name = hex::encode(digest);
    name.truncate(16);
    name
}

/// One line of at most so many characters.
fn device_text(from: &str) -> String {
    let line: String = from.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    line.trim().chars().take(LONGEST_DEVICE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_signs_in_from_is_one_short_line() {
        assert_eq!(device_text(" Firefox\r\non Windows\u{7}"), "Firefox  on Windows");
        assert_eq!(device_text(&"ł".repeat(500)).chars().count(), 200);
        assert_eq!(device_text(""), "");
    }

    #[test]
    fn the_name_in_a_list_is_no_secret() {
        let name = name_of(&digest("a secret"));
        assert_eq!(name.len(), 16);
        assert_ne!(digest("a secret"), digest("another"));
    }
}
