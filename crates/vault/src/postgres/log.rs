//! The log's tables.

use super::store::PostgresStore;
use super::tx::Tx;
use crate::cells::Reading;
use crate::rows::{self, signed};
use crate::sql;
use ledger::store::{FeedItem, Head, PayloadRun, PendingBatch, Step, TileRow, Touch};
use sqlx::PgConnection;
use sqlx::postgres::PgRow;
use uuid::Uuid;

const APPEND: &str =
    "INSERT INTO ledger_pending (force_id, batch, key, count, sealed) VALUES ($1, $2, $3, $4, $5)";
/// One statement is a transaction of its own; it takes part in the writers' lock as any other does.
const APPEND_ALONE: &str = "WITH held AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared($6)) \
     INSERT INTO ledger_pending (force_id, batch, key, count, sealed) SELECT $1, $2, $3, $4, $5 FROM held";
const STANDING: &str = "SELECT fence, size FROM ledger_heads WHERE force_id = $1 FOR UPDATE";
/// Gives a place in the order to what was committed and has none.
const GIVE_ORDER: &str = "INSERT INTO ledger_order (force_id, batch) SELECT p.force_id, p.batch FROM ledger_pending p \
     WHERE p.force_id = $1 AND NOT EXISTS (SELECT 1 FROM ledger_order o WHERE o.force_id = p.force_id AND o.batch = p.batch) \
     ORDER BY p.batch";
/// The first batches in order until they hold so many entries. What is pending is little and is sorted
/// first: the order also has what was integrated lately.
const PENDING: &str = "WITH waiting AS MATERIALIZED (SELECT p.batch, p.key, p.count, p.sealed, o.place \
     FROM ledger_pending p JOIN ledger_order o ON o.force_id = p.force_id AND o.batch = p.batch WHERE p.force_id = $1), \
     counted AS (SELECT batch, key, count, sealed, place, sum(count) OVER (ORDER BY place) - count AS before FROM waiting) \
     SELECT batch, key, count, sealed FROM counted WHERE before < $2::bigint ORDER BY place";
const DROP_PENDING: &str = "DELETE FROM ledger_pending WHERE force_id = $1 AND batch = ANY($2)";
/// Keeps the order of the last batches that were integrated, and of all that wait.
const FORGET_ORDER: &str = "DELETE FROM ledger_order o WHERE o.force_id = $1 \
     AND o.place < (SELECT max(place) - 65536 FROM ledger_order WHERE force_id = $1) \
     AND NOT EXISTS (SELECT 1 FROM ledger_pending p WHERE p.force_id = o.force_id AND p.batch = o.batch)";
const WAS_KEPT: &str = "SELECT (EXISTS (SELECT 1 FROM ledger_pending WHERE force_id = $1 AND batch = $2) \
     OR EXISTS (SELECT 1 FROM ledger_order WHERE force_id = $1 AND batch = $2))::int::bigint";
const PUT_PAYLOADS: &str = "INSERT INTO ledger_payloads (force_id, first, count, commitments, sealed) \
     SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::bytea[], $5::bytea[])";
const PUT_TILES: &str = "INSERT INTO ledger_tiles (force_id, level, number, hashes) \
     SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::bytea[]) \
     ON CONFLICT (force_id, level, number) DO UPDATE SET hashes = excluded.hashes";
/// One entry may name two versions of one record: that is one touch.
const PUT_TOUCHES: &str = "INSERT INTO touches (force_id, record_id, leaf, operation, actor, time) \
     SELECT $1, * FROM unnest($2::bytea[], $3::bigint[], $4::bigint[], $5::bytea[], $6::bigint[]) \
     ON CONFLICT (force_id, leaf, record_id) DO NOTHING";
const PUT_FEED: &str = "INSERT INTO feed (force_id, leaf, place, record_id, version_id) \
     SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::bytea[], $5::bytea[])";
/// A step and the order it rests on do not wait for the disk (docs/adr/0006): the server's log keeps
/// order, so whatever is committed later in the usual way makes both durable.
const BEGIN_REPEATABLE: &str = "BEGIN; SET LOCAL synchronous_commit = off";

/// Why a step of the sequencer was not carried out.
pub(super) enum Refused {
    /// Another sequencer has taken the lease.
    Lease,
    /// The log is not where the step began.
    Moved(String),
}

impl PostgresStore {
    pub(super) async fn insert_batch(&self, tx: &mut Tx, batch: &PendingBatch) -> sqlx::Result<()> {
        let query = sqlx::query(APPEND)
            .bind(self.key())
            .bind(batch.id.as_bytes().to_vec())
            .bind(signed(batch.key))
            .bind(i64::from(batch.count))
            .bind(batch.sealed.as_slice());
        query.execute(tx.connection()).await?;
        tx.holds(batch.id);
        Ok(())
    }

    pub(super) async fn insert_batch_alone(&self, batch: &PendingBatch) -> sqlx::Result<()> {
        let query = sqlx::query(APPEND_ALONE)
            .bind(self.key())
            .bind(batch.id.as_bytes().to_vec())
            .bind(signed(batch.key))
            .bind(i64::from(batch.count))
            .bind(batch.sealed.as_slice())
            .bind(self.writers_lock());
        query.execute(self.database().writers()).await.map(drop)
    }

    /// Whether a batch was committed, asked once every writer that was under way has ended.
    pub(super) async fn was_kept(&self, batch: Uuid) -> sqlx::Result<bool> {
        let mut tx = self.begin_exclusive().await?;
        let query = sqlx::query(WAS_KEPT).bind(self.key()).bind(batch.as_bytes().to_vec());
        let row = query.fetch_one(tx.connection()).await?;
        let kept: i64 = Reading { table: "ledger_order", row: &row, key: 0 }.column(0, "kept")?;
        Ok(kept == 1)
    }

    pub(super) async fn read_head(&self) -> sqlx::Result<Head> {
        let found = self.all(|| sqlx::query(sql::HEAD).bind(self.key()), rows::head).await?;
        Ok(found.into_iter().next().unwrap_or_default())
    }

    pub(super) async fn raise_fence(&self) -> sqlx::Result<u64> {
        let query = sqlx::query(sql::LEASE).bind(self.key()).bind(vec![0u8; 32]);
        let row = query.fetch_one(self.database().sequencer()).await?;
        Reading { table: "ledger_heads", row: &row, key: 0 }.number(0, "fence")
    }

    /// The oldest batches until they hold `entries` entries; at least one where there is any. Their
    /// order is that in which they were first seen here, and is kept: a transaction that began early
    /// and was committed late comes after what was integrated meanwhile, and none is passed over.
    pub(super) async fn read_pending(&self, entries: u32) -> sqlx::Result<Vec<PendingBatch>> {
        let database = self.database();
        let mut tx = database.begin(database.sequencer(), BEGIN_REPEATABLE).await?;
        let lock = sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(self.order_lock());
        lock.execute(tx.connection()).await?;
        sqlx::query(GIVE_ORDER).bind(self.key()).execute(tx.connection()).await?;
        let query = sqlx::query(PENDING).bind(self.key()).bind(i64::from(entries.max(1)));
        let found = query.fetch_all(tx.connection()).await?;
        tx.commit().await?;
        found.iter().map(rows::batch).collect()
    }

    /// Carries out a step in one transaction. The fence and the size that it rests on are checked
    /// under the lock of the row that holds them, and nothing is written where they are others.
    pub(super) async fn take_step(&self, step: &Step) -> sqlx::Result<Result<(), Refused>> {
        let database = self.database();
        let mut tx = database.begin(database.sequencer(), BEGIN_REPEATABLE).await?;
        let connection = tx.connection();
        let row = sqlx::query(STANDING).bind(self.key()).fetch_optional(&mut *connection).await?;
        let standing = row.as_ref().map(|row| {
            let reading = Reading { table: "ledger_heads", row, key: 0 };
            Ok::<(u64, u64), sqlx::Error>((reading.number(0, "fence")?, reading.number(1, "size")?))
        });
        let (fence, size) = standing.transpose()?.unwrap_or_default();
        if fence != step.fence {
            return Ok(Err(Refused::Lease));
        }
        if size != step.from_size {
            let why = format!("the log has {size} entries, and the step began at {}", step.from_size);
            return Ok(Err(Refused::Moved(why)));
        }
        let batches: Vec<Vec<u8>> = step.batches.iter().map(|batch| batch.as_bytes().to_vec()).collect();
        let query = sqlx::query(DROP_PENDING).bind(self.key()).bind(batches);
        if query.execute(&mut *connection).await?.rows_affected() != step.batches.len() as u64 {
            return Ok(Err(Refused::Moved("a batch of the step is no longer pending".to_owned())));
        }
        self.put_head(connection, step).await?;
        self.put_payloads(connection, &step.payloads).await?;
        self.put_tiles(connection, &step.tiles).await?;
        self.put_touches(connection, &step.touches).await?;
        self.put_feed(connection, &step.feed).await?;
        sqlx::query(FORGET_ORDER).bind(self.key()).execute(connection).await?;
        tx.commit().await?;
        Ok(Ok(()))
    }

    async fn put_head(&self, connection: &mut PgConnection, step: &Step) -> sqlx::Result<()> {
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

    async fn put_payloads(&self, connection: &mut PgConnection, runs: &[PayloadRun]) -> sqlx::Result<()> {
        if runs.is_empty() {
            return Ok(());
        }
        let query = sqlx::query(PUT_PAYLOADS)
            .bind(self.key())
            .bind(runs.iter().map(|run| signed(run.first)).collect::<Vec<_>>())
            .bind(runs.iter().map(|run| i64::from(run.count)).collect::<Vec<_>>())
            .bind(runs.iter().map(|run| run.commitments.as_slice()).collect::<Vec<_>>())
            .bind(runs.iter().map(|run| run.sealed.as_slice()).collect::<Vec<_>>());
        query.execute(connection).await.map(drop)
    }

    async fn put_tiles(&self, connection: &mut PgConnection, tiles: &[TileRow]) -> sqlx::Result<()> {
        if tiles.is_empty() {
            return Ok(());
        }
        let query = sqlx::query(PUT_TILES)
            .bind(self.key())
            .bind(tiles.iter().map(|tile| i64::from(tile.level)).collect::<Vec<_>>())
            .bind(tiles.iter().map(|tile| signed(tile.number)).collect::<Vec<_>>())
            .bind(tiles.iter().map(|tile| tile.hashes.as_slice()).collect::<Vec<_>>());
        query.execute(connection).await.map(drop)
    }

    async fn put_touches(&self, connection: &mut PgConnection, touches: &[Touch]) -> sqlx::Result<()> {
        if touches.is_empty() {
            return Ok(());
        }
        let query = sqlx::query(PUT_TOUCHES)
            .bind(self.key())
            .bind(touches.iter().map(|touch| touch.record.octets().to_vec()).collect::<Vec<_>>())
            .bind(touches.iter().map(|touch| signed(touch.leaf)).collect::<Vec<_>>())
            .bind(touches.iter().map(|touch| i64::from(touch.operation)).collect::<Vec<_>>())
            .bind(touches.iter().map(|touch| touch.actor.octets().to_vec()).collect::<Vec<_>>())
            .bind(touches.iter().map(|touch| touch.time).collect::<Vec<_>>());
        query.execute(connection).await.map(drop)
    }

    async fn put_feed(&self, connection: &mut PgConnection, feed: &[FeedItem]) -> sqlx::Result<()> {
        if feed.is_empty() {
            return Ok(());
        }
        let (places, feed): (Vec<i64>, Vec<FeedItem>) = rows::with_places(feed.to_vec()).into_iter().unzip();
        let query = sqlx::query(PUT_FEED)
            .bind(self.key())
            .bind(feed.iter().map(|item| signed(item.leaf)).collect::<Vec<_>>())
            .bind(places)
            .bind(feed.iter().map(|item| item.record.octets().to_vec()).collect::<Vec<_>>())
            .bind(feed.iter().map(|item| item.version.octets().to_vec()).collect::<Vec<_>>());
        query.execute(connection).await.map(drop)
    }

    /// Gives whether the fence and the size were still the newest.
    pub(super) async fn write_checkpoint(&self, head: &Head) -> sqlx::Result<bool> {
        let query = sqlx::query(sql::SET_CHECKPOINT)
            .bind(self.key())
            .bind(signed(head.fence))
            .bind(signed(head.size))
            .bind(i64::from(head.generation))
            .bind(signed(head.pending_key))
            .bind(head.checkpoint.as_str())
            .bind(signed(head.checkpoint_size));
        Ok(query.execute(self.database().sequencer()).await?.rows_affected() == 1)
    }

    pub(super) async fn read_tile(&self, level: u8, number: u64) -> sqlx::Result<Option<Vec<u8>>> {
        let query = || sqlx::query(sql::TILE).bind(self.key()).bind(i64::from(level)).bind(signed(number));
        let read = |row: &PgRow| Reading { table: "ledger_tiles", row, key: 1 }.column(0, "hashes");
        Ok(self.all(query, read).await?.pop())
    }

    pub(super) async fn read_payloads(&self, first: u64, end: u64) -> sqlx::Result<Vec<PayloadRun>> {
        let query = || sqlx::query(sql::PAYLOADS).bind(self.key()).bind(signed(first)).bind(signed(end));
        self.all(query, rows::payloads).await
    }

    /// Gives the first leaf of a run that is not there.
    pub(super) async fn write_payloads(&self, runs: &[PayloadRun]) -> sqlx::Result<Option<u64>> {
        let mut tx = self.begin_shared().await?;
        for run in runs {
            let query = sqlx::query(sql::REPLACE_PAYLOADS)
                .bind(self.key())
                .bind(signed(run.first))
                .bind(i64::from(run.count))
                .bind(run.commitments.as_slice())
                .bind(run.sealed.as_slice());
            if query.execute(tx.connection()).await?.rows_affected() != 1 {
                return Ok(Some(run.first));
            }
        }
        tx.commit().await?;
        Ok(None)
    }

    pub(super) async fn drop_touches(&self, leaf: u64) -> sqlx::Result<()> {
        let query = sqlx::query(sql::DROP_TOUCHES).bind(self.key()).bind(signed(leaf));
        query.execute(self.database().writers()).await.map(drop)
    }

    /// The feed after a leaf. A leaf is never cut in two: the reader goes on after it.
    pub(super) async fn read_feed(&self, after: Option<u64>, limit: u32) -> sqlx::Result<Vec<FeedItem>> {
        let after = after.map_or(-1, signed);
        let query = || sqlx::query(sql::FEED).bind(self.key()).bind(after).bind(i64::from(limit));
        let mut found = self.all(query, rows::feed).await?;
        if found.len() == limit as usize
            && let Some((place, leaf)) = found.last().map(|(place, item)| (*place, item.leaf))
        {
            let query = || sqlx::query(sql::REST_OF_LEAF).bind(self.key()).bind(signed(leaf)).bind(place);
            found.extend(self.all(query, rows::feed).await?);
        }
        Ok(found.into_iter().map(|(_, item)| item).collect())
    }
}
