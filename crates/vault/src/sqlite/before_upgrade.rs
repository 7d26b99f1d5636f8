//! A file whose schema is that of an earlier release is copied before it is brought up to date, so that there
//! is a way back.

use super::fault::explain;
use super::keys::copy::read_copy;
use super::open::create_private;
use sqlx::migrate::Migrator;
use sqlx::{Connection, SqliteConnection};
use std::fs::File;
use std::path::Path;

const LOOKING: &str = "its schema cannot be read";
const COPYING: &str = "it could not be copied before the upgrade, and was not upgraded";

/// The schema of a file where a later one is to take its place; `None` where the file is new, or as this
/// release has it.
///
/// # Errors
/// In words, what stands in the way of reading it.
pub(super) async fn schema_before(path: &Path, migrations: &Migrator) -> Result<Option<i64>, String> {
    if !std::fs::metadata(path).is_ok_and(|file| file.len() > 0) {
        return Ok(None);
    }
    let fault = |error: sqlx::Error| explain(path, LOOKING, &error);
    let mut connection = read_copy(path).await.map_err(fault)?;
    let schema = schema(&mut connection).await.map_err(fault)?;
    connection.close().await.map_err(fault)?;
    let newest = migrations.iter().map(|step| step.version).max();
    Ok(schema.filter(|schema| newest.is_some_and(|newest| *schema < newest)))
}

async fn schema(connection: &mut SqliteConnection) -> sqlx::Result<Option<i64>> {
    let held = "SELECT COUNT(*) FROM sqlite_schema WHERE name = '_sqlx_migrations'";
    let held: i64 = sqlx::query_scalar(held).fetch_one(&mut *connection).await?;
    match held {
        0 => Ok(None),
        _ => sqlx::query_scalar("SELECT MAX(version) FROM _sqlx_migrations").fetch_one(connection).await,
    }
}

/// Writes a copy of a file that nobody writes to, durable on return, for this user alone.
///
/// # Errors
/// In words, where the copy could not be made.
pub async fn copy_file(path: &Path, copy: &Path) -> Result<(), String> {
    let fault = |error: sqlx::Error| explain(path, COPYING, &error);
    let broken = |error: std::io::Error| format!("{}: {COPYING}: {error}", copy.display());
    create_private(copy).map_err(broken)?;
    let into = copy.to_str().ok_or_else(|| format!("{}: the path is not UTF-8", copy.display()))?;
    let mut connection = read_copy(path).await.map_err(fault)?;
    sqlx::query("VACUUM INTO ?").bind(into.to_owned()).execute(&mut connection).await.map_err(fault)?;
    connection.close().await.map_err(fault)?;
    File::open(copy).and_then(|file| file.sync_all()).map_err(broken)
}
