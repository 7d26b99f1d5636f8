//! Faults of PostgreSQL: each is named with what to do, and loses nothing.

mod common;

use common::proxy::{Cut, Proxy};
use common::{FORCE, Postgres};
use ledger::store::{EntryStore, PendingBatch};
use model::kinds::stop_and_search as stop;
use std::sync::Arc;
use std::time::{Duration, Instant};
use vault::conformance::{Backend, Fault, House, draft};
use vault::postgres::{Address, PostgresKeys, PostgresStore, apart};
use vault::store::RecordStore;

fn said<T>(result: Result<T, impl std::fmt::Display>) -> String {
    match result {
        Ok(_) => "nothing".to_owned(),
        Err(fault) => fault.to_string(),
    }
}

/// Puts one setting in a transaction of its own.
async fn put(store: &PostgresStore, name: &str) -> Result<(), Fault> {
    let mut tx = store.begin().await?;
    store.put_setting(&mut tx, "test", name, "held").await?;
    Ok(store.commit(tx).await?)
}

#[test]
fn no_message_shows_a_password() {
    let address: Address = "postgres://force:hunter2@db.example:5433/records".parse().unwrap();
    for shown in [address.to_string(), format!("{address:?}")] {
        assert!(shown.contains("records") && shown.contains("db.example:5433"), "{shown}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }
    for bad in ["records", "postgres://force:hunter2@[/records", "mysql://x/y"] {
        let fault = said(bad.parse::<Address>());
        assert!(fault.contains("must read postgres://") && !fault.contains("hunter2"), "{fault}");
    }
}

#[tokio::test]
async fn what_cannot_be_reached_or_used_is_named() -> Result<(), Fault> {
    let Some(backend) = Postgres::fresh() else { return Ok(()) };
    let away: Address = "postgres:///force?host=/nowhere/at/all&user=postgres".parse()?;
    let fault = said(PostgresStore::open(&away, FORCE).await);
    assert!(fault.contains("cannot be reached") && fault.contains("Start the server"), "{fault}");
    let none: Address = backend.pair.lock().unwrap().records.url("no_such").parse()?;
    let fault = said(PostgresStore::open(&none, FORCE).await);
    assert!(fault.contains("there is no database") && fault.contains("createdb"), "{fault}");
    drop(backend.open().await?);
    let other = model::ForceId(uuid::Uuid::from_u128(99));
    let fault = said(PostgresKeys::open(&backend.keys, other, backend.provider()).await);
    assert!(
        fault.contains("belongs to the force") && fault.contains("put this force's own keystore"),
        "{fault}"
    );
    let fault = said(PostgresKeys::create(&backend.keys, FORCE, backend.provider()).await);
    assert!(fault.contains("already"), "{fault}");
    Ok(())
}

#[tokio::test]
async fn records_and_keys_on_one_cluster_are_refused() -> Result<(), Fault> {
    let Some(backend) = Postgres::fresh() else { return Ok(()) };
    apart(&backend.records, &backend.keys).await?;
    let same = {
        let pair = backend.pair.lock().unwrap();
        pair.records.create_database("keys_beside")?;
        pair.records.url("keys_beside").parse()?
    };
    let fault = said(apart(&backend.records, &same).await);
    assert!(fault.contains("are on one cluster") && fault.contains("cluster of its own"), "{fault}");
    Ok(())
}

#[tokio::test]
async fn a_server_that_does_not_keep_what_it_acknowledges_is_refused() -> Result<(), Fault> {
    let Some(programs) = servers::Programs::find_or_pass_over()? else { return Ok(()) };
    let folder = tempfile::tempdir()?;
    programs.give(folder.path())?;
    let programs = Arc::new(programs);
    let cluster = servers::Cluster::start_with(&programs, &folder.path().join("c"), &["fsync=off"])?;
    let fault = said(PostgresStore::open(&cluster.url("postgres").parse()?, FORCE).await);
    assert!(fault.contains("fsync") && fault.contains("switch both on"), "{fault}");
    Ok(())
}

/// A transaction that begins early and commits late, one that is rolled back, and the gaps that both
/// leave in the server's sequences: the feed has every change that was committed, once, in the order of
/// the leaves.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_commit_is_never_lost_from_the_feed() -> Result<(), Fault> {
    let Some(backend) = Postgres::fresh() else { return Ok(()) };
    let house = House::open(&backend).await?;
    let (early, late) = (draft(None, 1, "begun first"), draft(None, 2, "begun second"));
    let (first, second) = (early.version, late.version);
    let prepared = house.vault.prepare(vec![early]).await?;
    let permit = house.permit(law::access::Action::Create, &[first])?;
    let detail = ledger::Detail { commitments: prepared.commitments.clone(), ..ledger::Detail::default() };
    let mut tx = house.store.begin().await?;
    house.vault.add(&mut tx, &prepared).await?;
    let pending = house.ledger.record_in(&mut tx, &[(&permit, detail)]).await?;

    let dropped = house.vault.prepare(vec![draft(None, 3, "never committed")]).await?;
    let mut gone = house.store.begin().await?;
    house.vault.add(&mut gone, &dropped).await?;
    let lost = PendingBatch { id: uuid::Uuid::now_v7(), key: 0, count: 1, sealed: vec![1] };
    house.store.append(&mut gone, &lost).await?;
    drop(gone);

    let _ = house.write(vec![late]).await?;
    let before = house.ledger.settle().await?;
    let seen = house.ledger.feed(None, 100).await?;
    assert_eq!(seen.iter().map(|item| item.version).collect::<Vec<_>>(), vec![second.version]);
    let receipt = house.ledger.commit(tx, pending).await?;
    let leaf = house.ledger.position(receipt.entry()).await?;
    assert!(leaf >= before.size, "a place that was given stays given");
    let after = seen.last().map(|item| item.leaf);
    let rest = house.ledger.feed(after, 100).await?;
    assert_eq!(rest.iter().map(|item| item.version).collect::<Vec<_>>(), vec![first.version]);
    assert_eq!(house.store.check().await?, Vec::<String>::new());
    Ok(())
}

/// The order in which batches were first seen stays, whatever is committed later: a step that a crash
/// undid comes to the same places.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_pending_keeps_its_order() -> Result<(), Fault> {
    let Some(backend) = Postgres::fresh() else { return Ok(()) };
    let store = PostgresStore::open(&backend.records, FORCE).await?;
    let batch =
        |n: u128, count| PendingBatch { id: uuid::Uuid::from_u128(n), key: 0, count, sealed: vec![0; 40] };
    let ids = async |entries| {
        let batches = store.pending(entries).await?;
        Ok::<_, Fault>(batches.iter().map(|batch| batch.id.as_u128()).collect::<Vec<_>>())
    };
    let mut early = store.begin().await?;
    store.append(&mut early, &batch(1, 2)).await?;
    store.append_alone(&batch(7, 2)).await?;
    store.append_alone(&batch(5, 3)).await?;
    assert_eq!(ids(100).await?, vec![5, 7]);
    store.commit(early).await?;
    store.append_alone(&batch(3, 1)).await?;
    assert_eq!(ids(100).await?, vec![5, 7, 1, 3]);
    // As many as hold the entries that are asked for, and at least one.
    assert_eq!((ids(3).await?, ids(4).await?, ids(0).await?), (vec![5], vec![5, 7], vec![5]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_must_be_alone_waits_for_the_others_and_they_for_it() -> Result<(), Fault> {
    let Some(backend) = Postgres::fresh() else { return Ok(()) };
    let store = Arc::new(PostgresStore::open(&backend.records, FORCE).await?);
    let mut beside = store.begin().await?;
    put(&store, "two write at a time").await?;
    store.put_setting(&mut beside, "test", "beside", "held").await?;
    let alone = {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            let tx = store.begin_alone().await?;
            let seen = store.setting("test", "beside").await?;
            tokio::time::sleep(Duration::from_millis(200)).await;
            let meanwhile = store.setting("test", "meanwhile").await?;
            store.commit(tx).await?;
            Ok::<_, Fault>((seen, meanwhile))
        })
    };
    tokio::time::sleep(Duration::from_millis(100)).await;
    store.commit(beside).await?;
    tokio::time::sleep(Duration::from_millis(50)).await;
    put(&store, "meanwhile").await?;
    let (seen, meanwhile) = alone.await??;
    assert_eq!((seen.as_deref(), meanwhile), (Some("held"), None));
    Ok(())
}

/// Two transactions that each hold what the other wants: one goes through, the other is told that
/// nothing of it was kept, and can be done again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_that_block_each_other_one_is_told() -> Result<(), Fault> {
    let Some(backend) = Postgres::fresh() else { return Ok(()) };
    let store = Arc::new(PostgresStore::open(&backend.records, FORCE).await?);
    put(&store, "a").await?;
    put(&store, "b").await?;
    let both = async |first: &'static str, second: &'static str| {
        let mut tx = store.begin().await?;
        store.put_setting(&mut tx, "test", first, first).await?;
        tokio::time::sleep(Duration::from_millis(150)).await;
        store.put_setting(&mut tx, "test", second, first).await?;
        store.commit(tx).await
    };
    let (one, other) = tokio::join!(both("a", "b"), both("b", "a"));
    assert!(one.is_ok() != other.is_ok(), "one of two goes through");
    let fault = said(one.and(other));
    assert!(fault.contains("got in each other's way") && fault.contains("do it again"), "{fault}");
    both("a", "b").await?;
    Ok(())
}

/// The server breaks acts off that it cannot put in an order; those that can be repeated whole are.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_server_broke_off_is_done_again_where_it_can_be() -> Result<(), Fault> {
    let Some(backend) = Postgres::alone() else { return Ok(()) };
    let house = House::open(&backend).await?;
    let refuse = |table: &str| {
        format!(
            "CREATE SEQUENCE tries; CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             IF nextval('tries') <= 3 THEN RAISE EXCEPTION 'not in order' USING ERRCODE = '40001'; END IF; RETURN NEW; END $$; \
             CREATE TRIGGER refuse BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()"
        )
    };
    {
        let pair = backend.pair.lock().unwrap();
        pair.keys.execute(backend.name(), &refuse("keys"))?;
        pair.records.execute(backend.name(), &refuse("settings"))?;
    }
    assert_eq!(house.keys.make(3).await?.len(), 3);
    for _ in 0..3 {
        let fault = said(put(&house.store, "name").await);
        assert!(
            fault.contains("got in each other's way") && fault.contains("Nothing of it was kept"),
            "{fault}"
        );
    }
    put(&house.store, "name").await?;
    Ok(())
}

/// A connection that is lost in the middle of a commit: what was kept counts as kept, so that nobody
/// does it twice; what was not is said; and what cannot be known is said too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_answer_is_lost_is_found_or_known_to_be_lost() -> Result<(), Fault> {
    let Some(backend) = Postgres::fresh() else { return Ok(()) };
    let url = backend.pair.lock().unwrap().records.url("?");
    let folder = url.split_once("host=").and_then(|(_, rest)| rest.split_once('&')).unwrap().0;
    let proxy = Proxy::start(folder.as_ref())?;
    let name = backend.name();
    let through = format!("postgres:///{name}?host={}&user=postgres", proxy.folder().display());
    drop(backend.open().await?);
    let (_, keys) = backend.open().await?;
    let store = Arc::new(PostgresStore::open(&through.parse()?, FORCE).await?);
    let vault = vault::Vault::new(Arc::clone(&store), keys).await?;
    let write = async |reference, batch: u128| {
        let prepared = vault.prepare(vec![draft(None, reference, "cut off")]).await?;
        let mut tx = store.begin().await?;
        vault.add(&mut tx, &prepared).await?;
        let batch = PendingBatch { id: uuid::Uuid::from_u128(batch), key: 0, count: 1, sealed: vec![0; 40] };
        store.append(&mut tx, &batch).await?;
        Ok::<_, Fault>(tx)
    };
    let tx = write(1, 1).await?;
    proxy.cut_next(Cut::After);
    store.commit(tx).await?;
    assert_eq!(store.count(stop::KIND.number).await?, 1, "what was kept counts as kept");
    let tx = write(2, 2).await?;
    proxy.cut_next(Cut::Before);
    let fault = said(store.commit(tx).await);
    assert!(fault.contains("nothing of it was kept") && fault.contains("do it again"), "{fault}");
    assert_eq!(store.count(stop::KIND.number).await?, 1);
    let tx = write(2, 3).await?;
    store.commit(tx).await?;
    assert_eq!(store.count(stop::KIND.number).await?, 2);
    // Nothing by which it could be recognised: then it is said that it is not known.
    let mut tx = store.begin().await?;
    store.put_setting(&mut tx, "test", "unknown", "held").await?;
    proxy.cut_next(Cut::After);
    let fault = said(store.commit(tx).await);
    assert!(
        fault.contains("it is not known whether it was kept") && fault.contains("look before"),
        "{fault}"
    );
    assert_eq!(store.setting("test", "unknown").await?.as_deref(), Some("held"));
    proxy.cut_next(Cut::Nowhere);
    Ok(())
}

/// While the keystore is away nobody reads; once it is back everybody does, without a new start.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_keystore_is_away_nobody_reads() -> Result<(), Fault> {
    let Some(backend) = Postgres::alone() else { return Ok(()) };
    let house = House::open(&backend).await?;
    let version = house.new_record("behind two locks").await?;
    backend.pair.lock().unwrap().keys.kill()?;
    let began = Instant::now();
    let fault = said(house.read(version).await);
    assert!(fault.contains("cannot be reached") && fault.contains("once it is back"), "{fault}");
    assert!(began.elapsed() < Duration::from_secs(60));
    assert!(house.new_record("without a key").await.is_err());
    backend.pair.lock().unwrap().keys.start_again()?;
    assert_eq!(house.read(version).await?.get(stop::GROUNDS).as_deref(), Some("behind two locks"));
    house.new_record("with a key again").await?;
    house.ledger.settle().await?;
    assert_eq!(house.keys.check().await?, Vec::<String>::new());
    Ok(())
}

/// A keystore that another process has open is not swept: a write of it may be under way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_of_another_process_are_not_swept() -> Result<(), Fault> {
    let Some(backend) = Postgres::fresh() else { return Ok(()) };
    let first = House::open(&backend).await?;
    let made = first.keys.make(5).await?;
    let second = PostgresKeys::open(&backend.keys, FORCE, backend.provider()).await?;
    assert_eq!(vault::KeyStore::settled(&second, 0).await?, None, "the first process has it open");
    drop(first);
    let settled = vault::KeyStore::settled(&second, 0).await?.ok_or("it is alone now")?;
    assert!(made.iter().all(|(place, _)| settled.contains(place)));
    Ok(())
}

#[tokio::test]
async fn a_newer_schema_is_left_alone() -> Result<(), Fault> {
    let Some(backend) = Postgres::fresh() else { return Ok(()) };
    drop(backend.open().await?);
    drop(backend.open().await?);
    let (records, keys) = {
        let pair = backend.pair.lock().unwrap();
        (pair.records.url(backend.name()), pair.keys.url(backend.name()))
    };
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (99, 'newer', true, '\\x00', 1)";
    backend.pair.lock().unwrap().records.execute(backend.name(), newer)?;
    let fault = said(PostgresStore::open(&records.parse()?, FORCE).await);
    assert!(fault.contains("written by a newer program"), "{fault}");
    assert!(PostgresKeys::open(&keys.parse()?, FORCE, backend.provider()).await.is_ok());
    Ok(())
}
