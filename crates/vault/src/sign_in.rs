//! What the vault keeps of those who sign in: the password of an account, and sessions. Neither is a
//! record, and neither has anything that opens one: a session is known by the SHA-256 of its secret, and
//! where it is used from is sealed by whoever asks the store to keep it.

use async_trait::async_trait;
use ledger::store::{EntryStore, StoreError};
use model::ActorId;

/// SHA-256 of a session's secret.
pub type SecretDigest = [u8; 32];

/// The password of an account. Moments are microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordRow {
    /// The account, by who it is in the log.
    pub account: ActorId,
    /// The hash as a PHC string, with its parameters and salt. It was made with a key of the keystore, so
    /// that whoever has the store alone cannot test a guess.
    pub hash: String,
    /// When it was set.
    pub set_at: i64,
    /// Whether it must be changed before anything else is done.
    pub must_change: bool,
    /// Failures in a row since it last proved somebody.
    pub failures: u32,
    /// Until when it proves nobody, however right it is; 0 where nothing holds it.
    pub locked_until: i64,
}

/// A session. Moments are microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// By what it is found.
    pub digest: SecretDigest,
    /// Whose it is, by who they are in the log.
    pub account: ActorId,
    /// When its owner signed in.
    pub began: i64,
    /// When it was last used, to about a minute.
    pub last_seen: i64,
    /// When it ends whatever its use.
    pub ends: i64,
    /// Until when a proof that was given once more counts; 0 where none was.
    pub stepped_up_until: i64,
    /// How its owner proved who they are, by number.
    pub strength: u8,
    /// What it is used from, sealed.
    pub device: Vec<u8>,
}

/// The passwords and sessions of one force, in the same database as its log: a sign-in and its entry
/// commit together or not at all.
#[async_trait]
pub trait SignInStore: EntryStore {
    /// Puts or replaces the password of an account.
    async fn put_password(&self, tx: &mut Self::Tx, row: &PasswordRow) -> Result<(), StoreError>;
    /// The password of an account.
    async fn password(&self, account: ActorId) -> Result<Option<PasswordRow>, StoreError>;
    /// Deletes the password of an account, where it has one.
    async fn delete_password(&self, tx: &mut Self::Tx, account: ActorId) -> Result<(), StoreError>;

    /// Adds a session.
    async fn add_session(&self, tx: &mut Self::Tx, row: &SessionRow) -> Result<(), StoreError>;
    /// A session, whether or not it has ended by time.
    async fn session(&self, digest: &SecretDigest) -> Result<Option<SessionRow>, StoreError>;
    /// The sessions of an account, the last used first.
    async fn sessions_of(&self, account: ActorId) -> Result<Vec<SessionRow>, StoreError>;
    /// Notes that a session was used, never earlier than what is noted; nothing where it is gone.
    async fn note_session_used(
        &self,
        tx: &mut Self::Tx,
        digest: &SecretDigest,
        at: i64,
    ) -> Result<(), StoreError>;
    /// Notes until when a session's proof that was given once more counts; `false` where it is gone.
    async fn step_session_up(
        &self,
        tx: &mut Self::Tx,
        digest: &SecretDigest,
        until: i64,
    ) -> Result<bool, StoreError>;
    /// Deletes a session; `false` where it is gone already.
    async fn end_session(&self, tx: &mut Self::Tx, digest: &SecretDigest) -> Result<bool, StoreError>;
    /// Deletes all sessions of an account; gives how many.
    async fn end_sessions_of(&self, tx: &mut Self::Tx, account: ActorId) -> Result<u64, StoreError>;
    /// Deletes the sessions of all accounts that end by `now`, or were last used by `unused_since`; gives
    /// how many.
    async fn sweep_sessions(&self, tx: &mut Self::Tx, now: i64, unused_since: i64)
    -> Result<u64, StoreError>;
    /// How many sessions of all accounts end after `now` and were used after `unused_since`.
    async fn count_sessions(&self, now: i64, unused_since: i64) -> Result<u64, StoreError>;
}
