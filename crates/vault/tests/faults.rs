//! Faults of files: each is named with what to do, and loses nothing.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod common;

use common::{FORCE, Sqlite};
use model::ForceId;
use sqlx::{ConnectOptions, SqliteConnection};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use vault::VaultError;
use vault::conformance::{Backend, Fault, House};
use vault::provider::FileProvider;
use vault::sqlite::{SqliteKeys, SqliteStore};
use vault::store::RecordStore;

async fn tamper(file: &Path) -> SqliteConnection {
    sqlx::sqlite::SqliteConnectOptions::new().filename(file).connect().await.unwrap()
}

fn said<T>(result: Result<T, impl std::fmt::Display>) -> String {
    match result {
        Ok(_) => "nothing".to_owned(),
        Err(fault) => fault.to_string(),
    }
}

#[tokio::test]
async fn a_keystore_whose_making_was_killed_is_made_by_its_next_opening() -> Result<(), Fault> {
    let backend = Sqlite::fresh();
    let keys = backend.dir.join("keys.sqlite");
    drop(backend.open().await?);
    let mut connection = tamper(&keys).await;
    for table in ["keys", "key_names", "buckets", "keystore"] {
        let sql = sqlx::AssertSqlSafe(format!("DELETE FROM {table}"));
        sqlx::query(sql).execute(&mut connection).await?;
    }
    sqlx::Connection::close(connection).await?;
    let fault = said(SqliteKeys::open(&keys, FORCE, backend.provider()).await);
    assert!(fault.contains("holds no force's keys"), "{fault}");
    drop(SqliteKeys::open_new(&keys, FORCE, backend.provider()).await?);
    drop(SqliteKeys::open(&keys, FORCE, backend.provider()).await?);
    Ok(())
}

#[tokio::test]
async fn a_keystore_that_is_missing_or_anothers_is_named() -> Result<(), Fault> {
    let backend = Sqlite::fresh();
    let keys = backend.dir.join("keys.sqlite");
    drop(backend.open().await?);
    let other = ForceId(uuid::Uuid::from_u128(99));
    let fault = said(SqliteKeys::open(&keys, other, backend.provider()).await);
    assert!(
        fault.contains("belongs to the force") && fault.contains("put this force's own keystore"),
        "{fault}"
    );
    let fault = said(SqliteKeys::create(&keys, FORCE, backend.provider()).await);
    assert!(fault.contains("already"), "{fault}");
    // Another provider's key of the same epoch.
    let wrong = backend.dir.join("wrong");
    let (wrong, _) = FileProvider::create(&wrong)?;
    let fault = said(SqliteKeys::open(&keys, FORCE, wrong.clone()).await);
    assert!(fault.contains("Put the provider's file that belongs to this keystore in place"), "{fault}");
    // Another provider's key of a later epoch.
    wrong.finish_turn(&wrong.prepare_turn(1)?)?;
    let fault = said(SqliteKeys::open(&keys, FORCE, wrong).await);
    assert!(fault.contains("do not belong together"), "{fault}");
    let fault = said(SqliteKeys::open(&keys, FORCE, FileProvider::new(&backend.dir.join("none"))).await);
    assert!(fault.contains("Put the provider's folder in place"), "{fault}");
    std::fs::rename(&keys, backend.dir.join("away"))?;
    let fault = said(SqliteKeys::open(&keys, FORCE, backend.provider()).await);
    assert!(fault.contains("is missing") && fault.contains("newest copy"), "{fault}");
    assert!(!keys.exists(), "an empty keystore was put in the missing one's place");
    std::fs::rename(backend.dir.join("away"), &keys)?;
    assert!(SqliteKeys::open(&keys, FORCE, backend.provider()).await.is_ok());
    Ok(())
}

#[tokio::test]
async fn a_second_process_is_told() -> Result<(), Fault> {
    let backend = Sqlite::fresh();
    let (store, keys) = backend.open().await?;
    let (records, keyfile) = (backend.dir.join("records.sqlite"), backend.dir.join("keys.sqlite"));
    let (again, keys_again) = tokio::join!(
        SqliteStore::open(&records, FORCE),
        SqliteKeys::open(&keyfile, FORCE, backend.provider()),
    );
    for fault in [said(again), said(keys_again)] {
        assert!(
            fault.contains("in use by another process") && fault.contains("stop that one first"),
            "{fault}"
        );
    }
    drop((store, keys));
    assert!(backend.open().await.is_ok());
    Ok(())
}

#[tokio::test]
async fn files_are_for_this_user_only() -> Result<(), Fault> {
    let backend = Sqlite::fresh();
    let house = House::open(&backend).await?;
    house.new_record("private").await?;
    house.keys.copy_to(&backend.dir.join("copy.sqlite")).await?;
    for entry in std::fs::read_dir(&backend.dir)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            let mode = entry.metadata()?.permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{}", entry.path().display());
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_file_that_is_no_database_is_named() -> Result<(), Fault> {
    let dir = tempfile::tempdir()?;
    let file = dir.path().join("records.sqlite");
    std::fs::write(&file, "this is a letter, not a database. ".repeat(300))?;
    let fault = said(SqliteStore::open(&file, FORCE).await);
    assert!(
        fault.contains("corrupt or no database") && fault.contains("restore the newest backup"),
        "{fault}"
    );
    let fault = said(SqliteStore::open(&dir.path().join("no/such/folder.sqlite"), FORCE).await);
    assert!(fault.contains("cannot be opened") && fault.contains("Make its folder"), "{fault}");
    Ok(())
}

#[tokio::test]
async fn a_newer_schema_is_left_alone() -> Result<(), Fault> {
    let backend = Sqlite::fresh();
    drop(backend.open().await?);
    let file = backend.dir.join("records.sqlite");
    let mut raw = tamper(&file).await;
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (99, 'newer', 1, x'00', 1)";
    sqlx::query(newer).execute(&mut raw).await?;
    drop(raw);
    let fault = said(SqliteStore::open(&file, FORCE).await);
    assert!(fault.contains("written by a newer program"), "{fault}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn altered_rows_are_named_by_table_column_and_row() -> Result<(), Fault> {
    let backend = Sqlite::fresh();
    let house = House::open(&backend).await?;
    let (author, labels, body) =
        (house.new_record("one").await?, house.new_record("two").await?, house.new_record("three").await?);
    let mut raw = tamper(&backend.dir.join("records.sqlite")).await;
    let alter = [
        ("UPDATE versions SET author = x'0011' WHERE version_id = ?", author),
        ("UPDATE versions SET labels = '{\"covert\":true}' WHERE version_id = ?", labels),
        ("UPDATE versions SET body = x'00112233445566778899aabbccddeeff00' WHERE version_id = ?", body),
    ];
    for (sql, version) in alter {
        sqlx::query(sql).bind(version.version.octets().to_vec()).execute(&mut raw).await?;
    }
    let fault = said(house.read(author).await);
    let wanted = format!("table versions, column author, row {}: 2 octets instead of 16", author.version);
    assert!(fault.contains(&wanted), "{fault}");
    let fault = house.read(labels).await.err().ok_or("altered labels were not noticed")?;
    assert!(
        matches!(fault.downcast_ref(), Some(VaultError::PlainAltered(version)) if *version == labels.version)
    );
    let fault = house.read(body).await.err().ok_or("an altered body opened")?;
    assert!(
        matches!(fault.downcast_ref(), Some(VaultError::Seal { version, .. }) if *version == body.version)
    );
    sqlx::query("DELETE FROM versions WHERE version_id = ?")
        .bind(body.version.octets().to_vec())
        .execute(&mut raw)
        .await?;
    house.ledger.settle().await?;
    sqlx::query("DELETE FROM ledger_tiles").execute(&mut raw).await?;
    let found = house.store.check().await?;
    assert!(found.iter().any(|fault| fault.contains("records have no newest version")), "{found:?}");
    assert!(found.iter().any(|fault| fault.contains("not in its tiles")), "{found:?}");
    Ok(())
}

/// Each chief officer is a separate controller (DPA 2018 s.30), so the force leads every key.
#[test]
fn the_force_leads_every_key() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut keys = 0;
    for kind in std::fs::read_dir(folder).unwrap() {
        for file in std::fs::read_dir(kind.unwrap().path()).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            let lines = text.lines().map(str::trim).filter(|line| !line.starts_with("--"));
            for line in lines.filter(|line| {
                ["PRIMARY KEY", " INDEX ", "UNIQUE", "REFERENCES"].iter().any(|word| line.contains(word))
            }) {
                let columns = line.split_once('(').map(|(_, columns)| columns).unwrap_or_default();
                assert!(columns.starts_with("force_id"), "this key is not led by the force: {line}");
                keys += 1;
            }
        }
    }
    assert!(keys > 20, "only {keys} keys were read");
}
