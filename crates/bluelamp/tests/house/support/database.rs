//! Somebody with the files of a deployment and a database tool, who goes behind its back.

use super::at_the_door;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row, SqliteConnection};
use std::path::Path;

/// Runs a statement; gives how many rows it changed.
pub(crate) fn execute(file: &Path, sql: &str) -> u64 {
    at(file, async |connection| {
        sqlx::query(AssertSqlSafe(sql.to_owned())).execute(connection).await.unwrap().rows_affected()
    })
}

/// One number.
pub(crate) fn query_number(file: &Path, sql: &str) -> i64 {
    at(file, async |connection| {
        sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_one(connection).await.unwrap().get(0)
    })
}

/// One run of octets.
pub(crate) fn query_blob(file: &Path, sql: &str) -> Vec<u8> {
    at(file, async |connection| {
        sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_one(connection).await.unwrap().get(0)
    })
}

fn at<T>(file: &Path, work: impl AsyncFnOnce(&mut SqliteConnection) -> T) -> T {
    at_the_door(async {
        let options = SqliteConnectOptions::new().filename(file).create_if_missing(false);
        let mut connection = options.connect().await.unwrap();
        let done = work(&mut connection).await;
        connection.close().await.unwrap();
        done
    })
}
