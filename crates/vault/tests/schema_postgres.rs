//! The schema on PostgreSQL, as the server itself describes it.

mod common;

use common::Postgres;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::path::Path;
use vault::conformance::{Backend, Fault};

/// Every column with its type, and every index with its columns.
const SCHEMA: &str = "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || \
     coalesce(collation_name, '') || ' ' || coalesce(column_default, '') || ' ' || coalesce(identity_generation, '') \
     FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations' \
     UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> '_sqlx_migrations' ORDER BY 1";
/// Keys that are not led by the force, and the columns that lead them.
const LED_BY_OTHERS: &str = "SELECT i.indexrelid::regclass::text || ': ' || a.attname FROM pg_index i \
     JOIN pg_class t ON t.oid = i.indrelid JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] \
     WHERE t.relnamespace = 'public'::regnamespace AND t.relname <> '_sqlx_migrations' AND a.attname <> 'force_id'";
const FOREIGN_KEYS: &str = "SELECT count(*) FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid \
     AND a.attnum = c.conkey[1] WHERE c.contype = 'f' AND a.attname <> 'force_id'";

async fn described(url: &str) -> Result<Vec<String>, Fault> {
    let mut connection = PgConnection::connect(url).await?;
    Ok(sqlx::query_scalar(SCHEMA).fetch_all(&mut connection).await?)
}

/// A fresh database, which the program brings up to date, is the same as one to which every step was
/// applied in its order.
#[tokio::test]
async fn a_fresh_install_equals_the_replay() -> Result<(), Fault> {
    let Some(backend) = Postgres::fresh() else { return Ok(()) };
    drop(backend.open().await?);
    let urls = {
        let pair = backend.pair.lock().unwrap();
        pair.records.create_database("replayed")?;
        pair.keys.create_database("replayed")?;
        [(&pair.records, "postgres-records"), (&pair.keys, "postgres-keys")]
            .map(|(cluster, kind)| (cluster.url(backend.name()), cluster.url("replayed"), kind))
    };
    for (fresh, replayed, kind) in urls {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(kind);
        let mut steps: Vec<_> = std::fs::read_dir(folder)?.map(|entry| entry.unwrap().path()).collect();
        steps.sort();
        let mut connection = PgConnection::connect(&replayed).await?;
        for step in steps {
            let sql = AssertSqlSafe(std::fs::read_to_string(step)?);
            sqlx::raw_sql(sql).execute(&mut connection).await?;
        }
        let (fresh, replayed) = (described(&fresh).await?, described(&replayed).await?);
        assert!(fresh.len() > 10);
        assert_eq!(fresh, replayed);
    }
    Ok(())
}

/// Each chief officer is a separate controller (DPA 2018 s.30), so the force leads every key; and so the
/// tables can be spread by force (Citus).
#[tokio::test]
async fn the_force_leads_every_key_that_the_server_knows() -> Result<(), Fault> {
    let Some(backend) = Postgres::fresh() else { return Ok(()) };
    drop(backend.open().await?);
    let urls = {
        let pair = backend.pair.lock().unwrap();
        [pair.records.url(backend.name()), pair.keys.url(backend.name())]
    };
    for url in urls {
        let mut connection = PgConnection::connect(&url).await?;
        let others: Vec<String> = sqlx::query_scalar(LED_BY_OTHERS).fetch_all(&mut connection).await?;
        assert_eq!(others, Vec::<String>::new());
        let foreign: i64 = sqlx::query_scalar(FOREIGN_KEYS).fetch_one(&mut connection).await?;
        assert_eq!(foreign, 0);
    }
    Ok(())
}
