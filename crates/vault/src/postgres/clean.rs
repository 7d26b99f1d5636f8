//! Cleaning tables of what was deleted, and checking their structure.
//!
//! VACUUM gives space back and leaves the octets in it: on a page whose last row went, they stand until
//! another row takes their place. So tables from which something had to go are written anew (VACUUM FULL).
//! That blocks their readers for as long as it takes, about a minute for ten gigabytes; therefore each
//! deletion is counted, and what nothing was deleted from is left alone.

use super::cluster::Database;
use sqlx::{AssertSqlSafe, PgConnection, Row};

/// Writes a table and its indexes anew.
pub(super) async fn rewrite(connection: &mut PgConnection, table: &str) -> sqlx::Result<()> {
    let sql = format!("VACUUM FULL {table}");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(drop)
}

/// What the server itself finds wrong with the indexes. It can say so only where its extension
/// `amcheck` is installed; without it a page that does not read is found when it is read.
pub(super) async fn integrity(database: &Database) -> sqlx::Result<Vec<String>> {
    let mut connection = database.readers().acquire().await?;
    let installed = sqlx::query("SELECT 1 FROM pg_extension WHERE extname = 'amcheck'");
    if installed.fetch_optional(&mut *connection).await?.is_none() {
        return Ok(Vec::new());
    }
    let sql = "SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
               JOIN pg_am a ON a.oid = c.relam WHERE a.amname = 'btree' AND c.relnamespace = current_schema()::regnamespace \
               AND i.indisvalid";
    let indexes = sqlx::query(sql).fetch_all(&mut *connection).await?;
    let mut faults = Vec::new();
    for index in &indexes {
        let name: String = index.try_get(0)?;
        let check = sqlx::query("SELECT bt_index_check($1::regclass)").bind(&name);
        match check.execute(&mut *connection).await {
            Ok(_) => {}
            Err(sqlx::Error::Database(fault)) => faults.push(format!("index {name}: {fault}")),
            Err(error) => return Err(error),
        }
    }
    Ok(faults)
}
