//! Copies of the keystore: each is a file in the form of the embedded keystore, whatever the backend. It
//! is checked by opening it, and it can be put into an empty database again.

use super::PostgresKeys;
use crate::cells::Reading;
use crate::postgres::cluster::Address;
use crate::postgres::fault::explain;
use crate::ring::{self, Bucket, Wrapped};
use crate::rows::{place_number, signed};
use crate::sql;
use crate::sqlite::copy::{CopyFile, read_copy, read_counts};
use crate::sqlite::{Multi, Query};
use ledger::keys::KeyError;
use model::ForceId;
use sqlx::{AssertSqlSafe, PgConnection, SqliteConnection};
use std::path::Path;
use std::sync::LazyLock;

static FILE_BUCKETS: LazyLock<Multi> =
    LazyLock::new(|| Multi::rows("INSERT INTO buckets (force_id, bucket, used, wrapped) VALUES ", 4, ""));
static FILE_KEYS: LazyLock<Multi> =
    LazyLock::new(|| Multi::rows("INSERT INTO keys (force_id, place, wrapped) VALUES ", 3, ""));
static FILE_NAMES: LazyLock<Multi> =
    LazyLock::new(|| Multi::rows("INSERT INTO key_names (force_id, name, place) VALUES ", 3, ""));
const STANDING: &str = "SELECT epoch, mark FROM keystore WHERE force_id = $1";
const SOME_KEYS: &str =
    "SELECT place, wrapped FROM keys WHERE force_id = $1 AND place > $2 ORDER BY place LIMIT 4096";
const SOME_NAMES: &str =
    "SELECT place, name FROM key_names WHERE force_id = $1 AND name > $2 ORDER BY name LIMIT 4096";
const PUT_BUCKETS: &str = "INSERT INTO buckets (force_id, bucket, used, wrapped) \
     SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::bytea[])";
const PUT_KEYS: &str =
    "INSERT INTO keys (force_id, place, wrapped) SELECT $1, * FROM unnest($2::bigint[], $3::bytea[])";
const PUT_NAMES: &str =
    "INSERT INTO key_names (force_id, name, place) SELECT $1, * FROM unnest($2::text[], $3::bigint[])";
const TABLES: [&str; 4] = ["keystore", "buckets", "keys", "key_names"];

/// Reads all rows of a statement page by page and hands each page on.
macro_rules! pages {
    ($from:expr, $sql:expr, $force:expr, $first:expr, $read:expr, $next:expr, $page:ident => $put:expr) => {{
        let mut after = $first;
        loop {
            let rows = sqlx::query($sql).bind($force.octets().to_vec()).bind(after.clone());
            let rows = rows.fetch_all(&mut *$from).await?;
            let $page = rows.iter().map($read).collect::<sqlx::Result<Vec<_>>>()?;
            let Some(last) = $page.last() else { break };
            after = $next(last);
            $put;
        }
    }};
}

fn name_of<R: crate::cells::Cells>(row: &R) -> sqlx::Result<(String, i64)> {
    let reading = Reading { table: "key_names", row, key: 0 };
    Ok((reading.column(1, "name")?, reading.column(0, "place")?))
}

fn standing<R: crate::cells::Cells>(row: &R) -> sqlx::Result<(u64, u64)> {
    let reading = Reading { table: "keystore", row, key: 0 };
    Ok((reading.number(0, "epoch")?, reading.number(1, "mark")?))
}

fn last_bucket(bucket: &Bucket) -> i64 {
    i64::from(bucket.bucket)
}

fn last_key(key: &Wrapped) -> i64 {
    place_number(key.place)
}

fn last_name(name: &(String, i64)) -> String {
    name.0.clone()
}

impl PostgresKeys {
    /// Writes a copy as of one moment, checks it, and puts it in the target's place.
    pub(super) async fn copy(&self, target: &Path) -> Result<(), KeyError> {
        let epoch = self.epoch.read().await;
        let copy = CopyFile::beside(target, self.force)?;
        let mut file = copy.fill().await?;
        let here = self.pour(&mut file).await.map_err(self.fault("the keystore could not be copied"))?;
        let closed = sqlx::Connection::close(file).await;
        closed.map_err(self.fault("the copy of the keystore could not be written"))?;
        copy.finish(&epoch, here).await
    }

    async fn pour(&self, file: &mut SqliteConnection) -> sqlx::Result<[i64; 3]> {
        let force = self.force;
        let first = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        let mut tx = self.database.begin(self.database.readers(), first).await?;
        let from = tx.connection();
        let row = sqlx::query(STANDING).bind(self.key()).fetch_one(&mut *from).await?;
        let (epoch, mark) = standing(&row)?;
        let query = sqlx::query(sql::NEW_KEYSTORE).bind(self.key()).bind(signed(epoch)).bind(signed(mark));
        query.execute(&mut *file).await?;
        sqlx::query("BEGIN").execute(&mut *file).await?;
        pages!(from, sql::SOME_BUCKETS, force, -1i64, ring::bucket, last_bucket, page => {
            let bind = |query: Query<'static>, bucket: Bucket| {
                query
                    .bind(force.octets().to_vec())
                    .bind(i64::from(bucket.bucket))
                    .bind(i64::from(bucket.used))
                    .bind(bucket.wrapped)
            };
            FILE_BUCKETS.write(&mut *file, page, bind).await?;
        });
        pages!(from, SOME_KEYS, force, -1i64, ring::wrapped, last_key, page => {
            let bind = |query: Query<'static>, key: Wrapped| {
                query.bind(force.octets().to_vec()).bind(place_number(key.place)).bind(key.key)
            };
            FILE_KEYS.write(&mut *file, page, bind).await?;
        });
        pages!(from, SOME_NAMES, force, String::new(), name_of, last_name, page => {
            let bind = |query: Query<'static>, (name, place): (String, i64)| {
                query.bind(force.octets().to_vec()).bind(name).bind(place)
            };
            FILE_NAMES.write(&mut *file, page, bind).await?;
        });
        sqlx::query("COMMIT").execute(&mut *file).await?;
        let row = sqlx::query(sql::KEYSTORE_COUNTS).bind(self.key()).fetch_one(from).await?;
        read_counts(&row)
    }

    /// Puts a copy in the place of the keystore in a database, as somebody does who restores it. The
    /// program must not have it open. Gives the mark of what is there now.
    ///
    /// # Errors
    /// [`KeyError`] where the copy is of another force or does not read, or the database is newer than
    /// the copy and `older` does not allow that; then nothing is changed.
    pub async fn restore(
        address: &Address,
        force: ForceId,
        copy: &Path,
        older: bool,
    ) -> Result<u64, KeyError> {
        let (database, _) = super::open(address, force).await?;
        let fault = |error: sqlx::Error| {
            KeyError(explain(
                database.name(),
                "the copy could not be put in place; nothing was changed",
                &error,
            ))
        };
        let unread =
            |error: sqlx::Error| KeyError(format!("{} is no copy of a keystore: {error}", copy.display()));
        let mut file = read_copy(copy).await.map_err(unread)?;
        let row = sqlx::query(STANDING).bind(force.octets().to_vec()).fetch_optional(&mut file).await;
        let Some(row) = row.map_err(unread)? else {
            return Err(KeyError(crate::keys::anothers_keystore(&copy.display().to_string(), &[], force)));
        };
        let (epoch, mark) = standing(&row).map_err(unread)?;
        let mut tx = database.begin(database.writers(), "BEGIN").await.map_err(fault)?;
        let row = sqlx::query(STANDING).bind(force.octets().to_vec()).fetch_optional(tx.connection()).await;
        let there = row.map_err(fault)?.as_ref().map(standing).transpose().map_err(fault)?;
        if let Some((_, newer)) = there.filter(|(_, there)| *there > mark && !older) {
            return Err(KeyError(format!(
                "{} holds a keystore with mark {newer}, and the copy has {mark}: keys made since would be lost. \
                 Nothing was changed",
                database.name()
            )));
        }
        refill(tx.connection(), &mut file, force, (epoch, mark)).await.map_err(fault)?;
        tx.commit().await.map_err(fault)?;
        Ok(mark)
    }
}

async fn refill(
    into: &mut PgConnection,
    file: &mut SqliteConnection,
    force: ForceId,
    (epoch, mark): (u64, u64),
) -> sqlx::Result<()> {
    let key = || force.octets().to_vec();
    for table in TABLES {
        let delete = AssertSqlSafe(format!("DELETE FROM {table} WHERE force_id = $1"));
        sqlx::query(delete).bind(key()).execute(&mut *into).await?;
    }
    let query = sqlx::query(sql::NEW_KEYSTORE).bind(key()).bind(signed(epoch)).bind(signed(mark));
    query.execute(&mut *into).await?;
    pages!(file, sql::SOME_BUCKETS, force, -1i64, ring::bucket, last_bucket, page => {
        let query = sqlx::query(PUT_BUCKETS)
            .bind(key())
            .bind(page.iter().map(last_bucket).collect::<Vec<_>>())
            .bind(page.iter().map(|bucket| i64::from(bucket.used)).collect::<Vec<_>>())
            .bind(page.iter().map(|bucket| bucket.wrapped.as_slice()).collect::<Vec<_>>());
        query.execute(&mut *into).await?;
    });
    pages!(file, SOME_KEYS, force, -1i64, ring::wrapped, last_key, page => {
        let query = sqlx::query(PUT_KEYS)
            .bind(key())
            .bind(page.iter().map(last_key).collect::<Vec<_>>())
            .bind(page.iter().map(|wrapped| wrapped.key.as_slice()).collect::<Vec<_>>());
        query.execute(&mut *into).await?;
    });
    pages!(file, SOME_NAMES, force, String::new(), name_of, last_name, page => {
        let query = sqlx::query(PUT_NAMES)
            .bind(key())
            .bind(page.iter().map(last_name).collect::<Vec<_>>())
            .bind(page.iter().map(|(_, place)| *place).collect::<Vec<_>>());
        query.execute(&mut *into).await?;
    });
    Ok(())
}
