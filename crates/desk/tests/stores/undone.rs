//! A deadlock on PostgreSQL: the server breaks one of two transactions off, and the desk begins it anew.

use crate::support::{House, On, car, reference};
use model::Labels;
use model::kinds::vehicle;
use sqlx::{Connection, PgConnection};
use std::time::{Duration, Instant};

/// A transaction of somebody else that is never the one to be broken off.
const PATIENT: &str = "BEGIN; SET LOCAL deadlock_timeout = '10min'; LOCK TABLE versions IN SHARE MODE";
const WAITING: &str = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'versions'::regclass";
/// What the desk has locked by then.
const CROSS: &str = "UPDATE counters SET value = value WHERE name LIKE 'reference/%'";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deadlocked_change_is_begun_anew_and_made_once() {
    let Some(house) = House::on(On::Postgres).await else { return };
    house.vehicle(1, Labels::default()).await;
    let url = house.servers.as_ref().unwrap().records.url("force");
    let mut other = PgConnection::connect(&url).await.unwrap();
    sqlx::raw_sql(PATIENT).execute(&mut other).await.unwrap();
    let (made, ()) = tokio::join!(house.make(&vehicle::KIND, car(2), Labels::default()), async {
        let mut looks_on = PgConnection::connect(&url).await.unwrap();
        let until = Instant::now() + Duration::from_secs(30);
        while sqlx::query_scalar::<_, i64>(WAITING).fetch_one(&mut looks_on).await.unwrap() == 0 {
            assert!(Instant::now() < until, "the desk does not wait for the table");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // Each now waits for the other, and the server breaks the desk's transaction off.
        sqlx::raw_sql(CROSS).execute(&mut other).await.unwrap();
        sqlx::raw_sql("COMMIT").execute(&mut other).await.unwrap();
    });
    let made = made.unwrap();
    let broken = "SELECT deadlocks FROM pg_stat_database WHERE datname = 'force'";
    let broken: i64 = sqlx::query_scalar(broken).fetch_one(&mut other).await.unwrap();
    assert_eq!(broken, 1, "the server says that there was a deadlock");
    let listed = house.desk().records_of(&house.officer, &vehicle::KIND, None, 20).await.unwrap();
    let listed: Vec<_> = listed.records.iter().map(|line| line.reference.as_str()).collect();
    assert_eq!(listed.len(), 2, "it was made once: {listed:?}");
    assert_eq!(listed[0], reference(&made));
    let history = house.desk().open_history(&house.officer, made.version.record).await.unwrap();
    assert_eq!(history.len(), 1);
}
