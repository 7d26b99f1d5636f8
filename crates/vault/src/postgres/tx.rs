//! A transaction, and what becomes of it where the answer to its commit is lost.

use sqlx::{PgConnection, Postgres, Transaction};
use uuid::Uuid;

/// A write transaction. Dropped without commit it is rolled back at once, also where the future that
/// held it was dropped.
pub struct Tx {
    inner: Transaction<'static, Postgres>,
    /// A batch of the log that is in it: by that it is recognised where the answer to its commit is lost.
    batch: Option<Uuid>,
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tx")
    }
}

impl Tx {
    pub(super) fn over(inner: Transaction<'static, Postgres>) -> Self {
        Self { inner, batch: None }
    }

    /// The connection.
    pub(super) fn connection(&mut self) -> &mut PgConnection {
        &mut self.inner
    }

    /// Notes a batch of the log that is in it.
    pub(super) fn holds(&mut self, batch: Uuid) {
        self.batch = Some(batch);
    }

    /// The batch by which it is recognised.
    pub(super) fn batch(&self) -> Option<Uuid> {
        self.batch
    }

    /// Commits; durable on return.
    pub(super) async fn commit(self) -> sqlx::Result<()> {
        self.inner.commit().await
    }
}
