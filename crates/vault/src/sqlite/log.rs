//! The log's tables.

use super::database::Tx;
use super::multi::{Multi, Query};
use super::store::SqliteStore;
use crate::cells::Reading;
use crate::rows::{self, signed};
use crate::sql;
use futures::TryStreamExt;
use ledger::store::{FeedItem, Head, PayloadRun, PendingBatch, Step, TileRow, Touch};
use sqlx::SqliteConnection;
use std::sync::LazyLock;
use uuid::Uuid;

static DROP_PENDING: LazyLock<Multi> =
    LazyLock::new(|| Multi::list("DELETE FROM ledger_pending WHERE force_id = ? AND batch IN (", ")"));
static PUT_PAYLOADS: LazyLock<Multi> = LazyLock::new(|| {
    Multi::rows("INSERT INTO ledger_payloads (force_id, first, count, commitments, sealed) VALUES ", 5, "")
});
static PUT_TILES: LazyLock<Multi> = LazyLock::new(|| {
    let tail = " ON CONFLICT (force_id, level, number) DO UPDATE SET hashes = excluded.hashes";
    Multi::rows("INSERT INTO ledger_tiles (force_id, level, number, hashes) VALUES ", 4, tail)
});
/// One entry may name two versions of one record: that is one touch.
static PUT_TOUCHES: LazyLock<Multi> = LazyLock::new(|| {
    let head = "INSERT INTO touches (force_id, record_id, leaf, operation, actor, time) VALUES ";
    Multi::rows(head, 6, " ON CONFLICT (force_id, leaf, record_id) DO NOTHING")
});
static PUT_FEED: LazyLock<Multi> = LazyLock::new(|| {
    Multi::rows("INSERT INTO feed (force_id, leaf, place, record_id, version_id) VALUES ", 5, "")
});
const APPEND: &str =
    "INSERT INTO ledger_pending (force_id, batch, key, count, sealed) VALUES (?, ?, ?, ?, ?)";
/// In the order in which they were committed, which the row's own number keeps.
const PENDING: &str =
    "SELECT batch, key, count, sealed FROM ledger_pending WHERE force_id = ? ORDER BY rowid LIMIT ?";

/// Why a step of the sequencer was not carried out.
pub(super) enum Refused {
    /// Another sequencer has taken the lease.
    Lease,
    /// The log is not where the step began.
    Moved(String),
}

impl SqliteStore {
    pub(super) async fn insert_batch(&self, tx: &mut Tx, batch: &PendingBatch) -> sqlx::Result<()> {
        self.append_query(batch).execute(tx.connection()?).await.map(drop)
    }

    /// Outside a transaction a statement is one by itself: one way to the connection's thread and
    /// back instead of three.
    pub(super) async fn insert_batch_alone(&self, batch: &PendingBatch) -> sqlx::Result<()> {
        let mut writer = self.database().alone().await?;
        self.append_query(batch).execute(writer.connection()).await?;
        self.database().written();
        Ok(())
    }

    fn append_query(&self, batch: &PendingBatch) -> Query<'static> {
        sqlx::query(APPEND)
            .bind(self.key())
            .bind(batch.id.as_bytes().to_vec())
            .bind(signed(batch.key))
            .bind(i64::from(batch.count))
            .bind(batch.sealed.clone())
    }

    pub(super) async fn read_head(&self) -> sqlx::Result<Head> {
        let query = sqlx::query(sql::HEAD).bind(self.key());
        Ok(self.one(query, rows::head).await?.unwrap_or_default())
    }

    pub(super) async fn raise_fence(&self) -> sqlx::Result<u64> {
        let mut tx = self.database().begin().await?;
        let query = sqlx::query(sql::LEASE).bind(self.key()).bind(vec![0u8; 32]);
        let row = query.fetch_one(tx.connection()?).await?;
        let fence = Reading { table: "ledger_heads", row: &row, key: 0 }.number(0, "fence")?;
        self.database().commit(tx).await?;
        Ok(fence)
    }

    /// The oldest batches until they hold `entries` entries; at least one where there is any.
    pub(super) async fn read_pending(&self, entries: u32) -> sqlx::Result<Vec<PendingBatch>> {
        let mut reader = self.database().read().await?;
        let query = sqlx::query(PENDING).bind(self.key()).bind(entries.max(1));
        let mut found = query.fetch(reader.connection()?);
        let (mut batches, mut held) = (Vec::new(), 0);
        while let Some(row) = found.try_next().await? {
            let batch = rows::batch(&row)?;
            held += batch.count;
            batches.push(batch);
            if held >= entries {
                break;
            }
        }
        Ok(batches)
    }

    /// Carries out a step in one transaction. The fence and the size that it rests on are checked
    /// in that transaction, and nothing is written where they are others.
    ///
    /// It does not wait for the disk: where a power cut undoes it, its batches are pending again and
    /// come to the same places. A checkpoint is committed after it in the usual way.
    pub(super) async fn take_step(&self, step: Step) -> sqlx::Result<Result<(), Refused>> {
        let mut tx = self.database().begin_repeatable().await?;
        let connection = tx.connection()?;
        let row = sqlx::query(sql::HEAD).bind(self.key()).fetch_optional(&mut *connection).await?;
        let head = row.as_ref().map(rows::head).transpose()?.unwrap_or_default();
        if head.fence != step.fence {
            return Ok(Err(Refused::Lease));
        }
        if head.size != step.from_size {
            let why = format!("the log has {} entries, and the step began at {}", head.size, step.from_size);
            return Ok(Err(Refused::Moved(why)));
        }
        let dropped = self.drop_pending(connection, &step.batches).await?;
        if dropped != step.batches.len() as u64 {
            let why = "a batch of the step is no longer pending".to_owned();
            return Ok(Err(Refused::Moved(why)));
        }
        self.put_head(connection, &step).await?;
        self.put_payloads(connection, step.payloads).await?;
        self.put_tiles(connection, step.tiles).await?;
        self.put_touches(connection, step.touches).await?;
        self.put_feed(connection, step.feed).await?;
        self.database().commit(tx).await?;
        Ok(Ok(()))
    }

    async fn drop_pending(&self, connection: &mut SqliteConnection, batches: &[Uuid]) -> sqlx::Result<u64> {
        let lead = |query: Query<'static>| query.bind(self.key());
        let bind = |query: Query<'static>, batch: &Uuid| query.bind(batch.as_bytes().to_vec());
        DROP_PENDING.write_listed(connection, batches, lead, bind).await
    }

    async fn put_head(&self, connection: &mut SqliteConnection, step: &Step) -> sqlx::Result<()> {
        let query = sqlx::query(sql::SET_HEAD)
            .bind(self.key())
            .bind(signed(step.fence))
            .bind(signed(step.from_size))
            .bind(i64::from(step.head.generation))
            .bind(signed(step.head.size))
            .bind(step.head.root.to_vec())
            .bind(step.head.last_time)
            .bind(signed(step.head.pending_key));
        query.execute(connection).await.map(drop)
    }

    async fn put_payloads(
        &self,
        connection: &mut SqliteConnection,
        runs: Vec<PayloadRun>,
    ) -> sqlx::Result<()> {
        let bind = |query: Query<'static>, run: PayloadRun| {
            query
                .bind(self.key())
                .bind(signed(run.first))
                .bind(i64::from(run.count))
                .bind(run.commitments)
                .bind(run.sealed)
        };
        PUT_PAYLOADS.write(connection, runs, bind).await.map(drop)
    }

    async fn put_tiles(&self, connection: &mut SqliteConnection, tiles: Vec<TileRow>) -> sqlx::Result<()> {
        let bind = |query: Query<'static>, tile: TileRow| {
            query.bind(self.key()).bind(i64::from(tile.level)).bind(signed(tile.number)).bind(tile.hashes)
        };
        PUT_TILES.write(connection, tiles, bind).await.map(drop)
    }

    async fn put_touches(&self, connection: &mut SqliteConnection, touches: Vec<Touch>) -> sqlx::Result<()> {
        let bind = |query: Query<'static>, touch: Touch| {
            query
                .bind(self.key())
                .bind(touch.record.octets().to_vec())
                .bind(signed(touch.leaf))
                .bind(i64::from(touch.operation))
                .bind(touch.actor.octets().to_vec())
                .bind(touch.time)
        };
        PUT_TOUCHES.write(connection, touches, bind).await.map(drop)
    }

    async fn put_feed(&self, connection: &mut SqliteConnection, feed: Vec<FeedItem>) -> sqlx::Result<()> {
        let bind = |query: Query<'static>, (place, item): (i64, FeedItem)| {
            query
                .bind(self.key())
                .bind(signed(item.leaf))
                .bind(place)
                .bind(item.record.octets().to_vec())
                .bind(item.version.octets().to_vec())
        };
        PUT_FEED.write(connection, rows::with_places(feed), bind).await.map(drop)
    }

    /// Gives whether the fence and the size were still the newest.
    pub(super) async fn write_checkpoint(&self, head: &Head) -> sqlx::Result<bool> {
        let mut tx = self.database().begin().await?;
        let query = sqlx::query(sql::SET_CHECKPOINT)
            .bind(self.key())
            .bind(signed(head.fence))
            .bind(signed(head.size))
            .bind(i64::from(head.generation))
            .bind(signed(head.pending_key))
            .bind(head.checkpoint.clone())
            .bind(signed(head.checkpoint_size));
        let done = query.execute(tx.connection()?).await?;
        self.database().commit(tx).await?;
        Ok(done.rows_affected() == 1)
    }

    pub(super) async fn read_tile(&self, level: u8, number: u64) -> sqlx::Result<Option<Vec<u8>>> {
        let query = sqlx::query(sql::TILE).bind(self.key()).bind(i64::from(level)).bind(signed(number));
        self.one(query, |row| Reading { table: "ledger_tiles", row, key: 1 }.column(0, "hashes")).await
    }

    pub(super) async fn read_payloads(&self, first: u64, end: u64) -> sqlx::Result<Vec<PayloadRun>> {
        let query = sqlx::query(sql::PAYLOADS).bind(self.key()).bind(signed(first)).bind(signed(end));
        self.all(query, rows::payloads).await
    }

    /// Gives the first leaf of a run that is not there.
    pub(super) async fn write_payloads(&self, runs: Vec<PayloadRun>) -> sqlx::Result<Option<u64>> {
        let mut tx = self.database().begin().await?;
        for run in runs {
            let query = sqlx::query(sql::REPLACE_PAYLOADS)
                .bind(self.key())
                .bind(signed(run.first))
                .bind(i64::from(run.count))
                .bind(run.commitments)
                .bind(run.sealed);
            if query.execute(tx.connection()?).await?.rows_affected() != 1 {
                return Ok(Some(run.first));
            }
        }
        self.database().commit(tx).await?;
        Ok(None)
    }

    pub(super) async fn drop_touches(&self, leaf: u64) -> sqlx::Result<()> {
        let mut tx = self.database().begin().await?;
        let query = sqlx::query(sql::DROP_TOUCHES);
        query.bind(self.key()).bind(signed(leaf)).execute(tx.connection()?).await?;
        self.database().commit(tx).await
    }

    /// The feed after a leaf. A leaf is never cut in two: the reader goes on after it.
    pub(super) async fn read_feed(&self, after: Option<u64>, limit: u32) -> sqlx::Result<Vec<FeedItem>> {
        let after = after.map_or(-1, signed);
        let query = sqlx::query(sql::FEED).bind(self.key()).bind(after).bind(limit);
        let mut found = self.all(query, rows::feed).await?;
        if found.len() < limit as usize {
            return Ok(found.into_iter().map(|(_, item)| item).collect());
        }
        if let Some((place, last)) = found.last() {
            let query = sqlx::query(sql::REST_OF_LEAF).bind(self.key()).bind(signed(last.leaf)).bind(*place);
            let rest = self.all(query, rows::feed).await?;
            found.extend(rest);
        }
        Ok(found.into_iter().map(|(_, item)| item).collect())
    }
}
