//! Passwords and sessions in the database.

use super::store::{PostgresStore, Query, READ, WRITE};
use super::tx::Tx;
use crate::cells::Reading;
use crate::rows;
use crate::sign_in::{PasswordRow, SecretDigest, SessionRow, SignInStore};
use crate::sql;
use async_trait::async_trait;
use ledger::store::StoreError;
use model::ActorId;
use sqlx::postgres::PgRow;

impl PostgresStore {
    /// A statement about an account or a session of this force.
    fn about(&self, sql: &'static str, key: &[u8]) -> Query {
        sqlx::query(sql).bind(self.key()).bind(key.to_vec())
    }

    /// Carries out a statement; gives how many rows it touched.
    async fn touched(&self, tx: &mut Tx, statement: Query) -> Result<u64, StoreError> {
        let connection = tx.connection();
        let done = statement.execute(connection).await.map_err(self.fault(WRITE))?;
        Ok(done.rows_affected())
    }
}

#[async_trait]
impl SignInStore for PostgresStore {
    async fn put_password(&self, tx: &mut Tx, row: &PasswordRow) -> Result<(), StoreError> {
        let statement = self
            .about(sql::PUT_PASSWORD, &row.account.octets())
            .bind(row.hash.clone())
            .bind(row.set_at)
            .bind(i64::from(row.must_change))
            .bind(i64::from(row.failures))
            .bind(row.locked_until);
        self.touched(tx, statement).await.map(drop)
    }

    async fn password(&self, account: ActorId) -> Result<Option<PasswordRow>, StoreError> {
        let query = || self.about(sql::PASSWORD, &account.octets());
        Ok(self.all(query, rows::password).await.map_err(self.fault(READ))?.pop())
    }

    async fn delete_password(&self, tx: &mut Tx, account: ActorId) -> Result<(), StoreError> {
        self.touched(tx, self.about(sql::DELETE_PASSWORD, &account.octets())).await.map(drop)
    }

    async fn add_session(&self, tx: &mut Tx, row: &SessionRow) -> Result<(), StoreError> {
        let statement = self
            .about(sql::ADD_SESSION, &row.digest)
            .bind(row.account.octets().to_vec())
            .bind(row.began)
            .bind(row.last_seen)
            .bind(row.ends)
            .bind(row.stepped_up_until)
            .bind(i64::from(row.strength))
            .bind(row.device.clone());
        self.touched(tx, statement).await.map(drop)
    }

    async fn session(&self, digest: &SecretDigest) -> Result<Option<SessionRow>, StoreError> {
        let query = || self.about(sql::SESSION, digest);
        Ok(self.all(query, rows::session).await.map_err(self.fault(READ))?.pop())
    }

    async fn sessions_of(&self, account: ActorId) -> Result<Vec<SessionRow>, StoreError> {
        let query = || self.about(sql::SESSIONS_OF, &account.octets());
        self.all(query, rows::session).await.map_err(self.fault(READ))
    }

    async fn note_session_used(&self, tx: &mut Tx, digest: &SecretDigest, at: i64) -> Result<(), StoreError> {
        self.touched(tx, self.about(sql::NOTE_SESSION_USED, digest).bind(at)).await.map(drop)
    }

    async fn step_session_up(
        &self,
        tx: &mut Tx,
        digest: &SecretDigest,
        until: i64,
    ) -> Result<bool, StoreError> {
        Ok(self.touched(tx, self.about(sql::STEP_SESSION_UP, digest).bind(until)).await? > 0)
    }

    async fn end_session(&self, tx: &mut Tx, digest: &SecretDigest) -> Result<bool, StoreError> {
        Ok(self.touched(tx, self.about(sql::END_SESSION, digest)).await? > 0)
    }

    async fn end_sessions_of(&self, tx: &mut Tx, account: ActorId) -> Result<u64, StoreError> {
        self.touched(tx, self.about(sql::END_SESSIONS_OF, &account.octets())).await
    }

    async fn sweep_sessions(&self, tx: &mut Tx, now: i64, unused_since: i64) -> Result<u64, StoreError> {
        let statement = sqlx::query(sql::SWEEP_SESSIONS).bind(self.key()).bind(now).bind(unused_since);
        self.touched(tx, statement).await
    }

    async fn count_sessions(&self, now: i64, unused_since: i64) -> Result<u64, StoreError> {
        let query = || sqlx::query(sql::COUNT_SESSIONS).bind(self.key()).bind(now).bind(unused_since);
        let read = |row: &PgRow| Reading { table: "sessions", row, key: 0 }.number(0, "count");
        Ok(self.all(query, read).await.map_err(self.fault(READ))?.pop().unwrap_or(0))
    }
}
