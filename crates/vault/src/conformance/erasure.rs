//! Destroying payloads of the log, generations, and what a kill in the middle leaves.

use super::house::signing_key;
use super::{Backend, Fault, House, oracle};
use crate::store::RecordStore;
use law::access::{Act, Action};
use ledger::note::Checkpoint;
use ledger::store::{EntryStore, PayloadRun};
use ledger::{Against, Detail, LedgerError, tags};
use sealing::SecretKey;

const BUNDLE: &str = "ledger/bundle/0";

/// Enters a search and gives its leaf.
async fn search<B: Backend>(house: &House<B>, query: &str) -> Result<u64, Fault> {
    let version = house.new_record("seen").await?;
    let permit = house.permit(Action::View, &[version])?;
    let detail = Detail { query: Some(query.to_owned()), ..Detail::default() };
    let receipt = house.ledger.record(vec![(permit, detail)]).await?;
    Ok(house.ledger.position(receipt.entry()).await?)
}

/// One field of a payload goes, then all of it; the tree is the same, the rest still opens, the
/// authorising entry says which leaf, and what other absences rest on cannot go.
///
/// # Errors
/// Whatever fails.
pub async fn payloads_are_destroyed_and_the_tree_stays(backend: impl Backend) -> Result<(), Fault> {
    let house = House::open(&backend).await?;
    let (first, second) = (search(&house, "smith").await?, search(&house, "jones").await?);
    let before = house.ledger.settle().await?;
    let touched = house.store.touches_by_actor(house.context.actor, 100).await?.len();
    let pending = house.keys.names("ledger/pending/").await?;
    let permit = house.act(Act::EraseLog)?;
    let authorised = house.ledger.erase_payload(first, tags::QUERY, &permit, "s.47 request 7").await?;
    let opening = house.payload(first).await?.ok_or("the payload is missing")?;
    assert!(opening.is_erased(tags::QUERY) && opening.value(tags::QUERY).is_none());
    assert_eq!(opening.value(tags::OPERATION), Some(b"consultation".as_slice()));
    assert_eq!(house.ledger.leaf_hash(first).await?, oracle::leaf(&opening.commitment()));
    let said = house.payload(authorised).await?.ok_or("the authorisation is missing")?;
    let leaf_field = [first.to_be_bytes().as_slice(), &tags::QUERY.to_be_bytes()].concat();
    assert_eq!(said.value(tags::ERASES_LEAVES), Some(leaf_field.as_slice()));
    assert_eq!(said.value(tags::GROUND), Some(b"s.47 request 7".as_slice()));
    house.ledger.erase_payload(first, 0, &permit, "s.47 request 7").await?;
    assert!(house.payload(first).await?.is_none());
    assert_eq!(house.payload(second).await?.ok_or("missing")?.value(tags::QUERY), Some(b"jones".as_slice()));
    let touches = house.store.touches_by_actor(house.context.actor, 100).await?;
    assert!(touches.iter().all(|touch| touch.leaf != first) && touches.len() == touched - 1);
    for (leaf, tag) in
        [(second, tags::TIME), (second, tags::OPERATION), (authorised, 0), (authorised, tags::GROUND)]
    {
        let refused = house.ledger.erase_payload(leaf, tag, &permit, "no ground").await;
        assert!(matches!(refused, Err(LedgerError::Permanent(_))), "leaf {leaf}, field {tag}");
    }
    assert!(matches!(
        house.ledger.erase_payload(9999, 0, &permit, "x").await,
        Err(LedgerError::NoSuchLeaf { .. })
    ));
    assert_eq!(house.ledger.root(before.size).await?, before.root);
    let renewed = house.keys.names("ledger/pending/").await?;
    assert!(renewed.len() == 1 && renewed != pending, "an old pending key was kept: {renewed:?}");
    drop(house);
    let again = House::open(&backend).await?;
    assert!(again.payload(first).await?.is_none());
    assert_eq!(again.payload(second).await?.ok_or("missing")?.value(tags::QUERY), Some(b"jones".as_slice()));
    assert_eq!(again.keys.names("ledger/").await?.len(), 2);
    Ok(())
}

/// A kill between making the new key, sealing the bundle under it and putting it in the old one's
/// place: the next start finishes or drops it, and no key is left over.
///
/// # Errors
/// Whatever fails.
pub async fn a_resealing_cut_in_two_is_cleared_up(backend: impl Backend) -> Result<(), Fault> {
    let next_name = format!("{BUNDLE}/next");
    let house = House::open(&backend).await?;
    let leaf = search(&house, "smith").await?;
    let end = house.ledger.settle().await?.size;
    house.keys.create(&next_name).await?;
    drop(house);
    let house = House::open(&backend).await?;
    assert_eq!(house.payload(leaf).await?.ok_or("missing")?.value(tags::QUERY), Some(b"smith".as_slice()));
    assert_eq!(house.keys.names(&next_name).await?, Vec::<String>::new());
    let end = house.ledger.settle().await?.size.max(end);
    let old = house.keys.get(BUNDLE).await?.ok_or("the bundle has no key")?;
    let next = house.keys.create(&next_name).await?;
    let runs = house.store.payloads(0, end).await?;
    let resealed = runs.into_iter().map(|run| reseal(run, &old, &next)).collect::<Result<Vec<_>, Fault>>()?;
    house.store.replace_payloads(resealed).await?;
    drop(house);
    let house = House::open(&backend).await?;
    assert_eq!(house.payload(leaf).await?.ok_or("missing")?.value(tags::QUERY), Some(b"smith".as_slice()));
    assert_eq!(house.keys.names(&next_name).await?, Vec::<String>::new());
    let kept = house.keys.get(BUNDLE).await?.ok_or("the bundle has no key")?;
    assert_eq!(kept.expose(), next.expose());
    let wrong = PayloadRun { first: 5_000_000, count: 1, commitments: vec![0; 32], sealed: vec![0; 4] };
    assert!(house.store.replace_payloads(vec![wrong]).await.is_err());
    Ok(())
}

fn reseal(mut run: PayloadRun, old: &SecretKey, next: &SecretKey) -> Result<PayloadRun, Fault> {
    let mut rest = run.sealed.as_slice();
    let mut sealed = Vec::new();
    for leaf in run.first..run.first + u64::from(run.count) {
        let (length, after) = rest.split_first_chunk::<4>().ok_or("a run is cut short")?;
        let (part, after) = after.split_at(u32::from_be_bytes(*length) as usize);
        rest = after;
        let identity = format!("{BUNDLE}/leaf/{leaf}");
        let part = next.seal(identity.as_bytes(), &old.open(identity.as_bytes(), part)?)?;
        sealed.extend((part.len() as u32).to_be_bytes());
        sealed.extend(part);
    }
    run.sealed = sealed;
    Ok(run)
}

/// After an older database was restored, a new generation begins with the last checkpoint that is
/// known outside and the lost leaves.
///
/// # Errors
/// Whatever fails.
pub async fn a_restored_log_begins_a_new_generation(backend: impl Backend) -> Result<(), Fault> {
    let house = House::open(&backend).await?;
    search(&house, "smith").await?;
    let held = house.ledger.settle().await?;
    let outside = |origin: &str, size| {
        Checkpoint { origin: format!("lampshire.example/bluelamp/{origin}"), size, root: [9; 32] }
            .sign(&signing_key())
    };
    let permit = house.act(Act::EraseLog)?;
    let elsewhere = Checkpoint { origin: "other.example/log/g1".into(), size: held.size + 7, root: [9; 32] };
    for wrong in [elsewhere.sign(&signing_key()), held.checkpoint.clone(), "no note".to_owned()] {
        let refused = house.ledger.begin_generation(&permit, &[wrong], "restored").await;
        assert!(matches!(refused, Err(LedgerError::BadCheckpoint(_))));
    }
    let known = outside("g1", held.size + 7);
    let seen = [held.checkpoint.clone(), known.clone()];
    let begun = house.ledger.begin_generation(&permit, &seen, "restored from Tuesday").await?;
    assert_eq!((begun.leaf, begun.lost, begun.replaced), (held.size, (held.size, held.size + 7), false));
    let head = begun.head;
    assert_eq!((head.generation, head.size), (2, held.size + 1));
    assert_eq!(
        Checkpoint::open(&head.checkpoint, &signing_key().verifying_key())?.origin,
        "lampshire.example/bluelamp/g2"
    );
    let said = house.payload(held.size).await?.ok_or("the entry is missing")?;
    assert_eq!(said.value(tags::EARLIER_CHECKPOINT), Some(known.as_bytes()));
    let range = [held.size.to_be_bytes(), (held.size + 7).to_be_bytes()].concat();
    assert_eq!(said.value(tags::LOST_LEAVES), Some(range.as_slice()));
    drop(house);
    let again = House::open(&backend).await?;
    assert_eq!(again.ledger.head().generation, 2);
    search(&again, "jones").await?;
    assert_eq!(again.ledger.settle().await?.generation, 2);
    assert!(again.store.check().await?.is_empty());
    Ok(())
}

/// Where something was entered after the restore, the largest checkpoint that agrees says from where on
/// the log is another.
///
/// # Errors
/// Whatever fails.
pub async fn a_log_that_went_on_after_a_restore_says_how_far_it_is_known(
    backend: impl Backend,
) -> Result<(), Fault> {
    let house = House::open(&backend).await?;
    search(&house, "smith").await?;
    let agrees = house.ledger.settle().await?;
    search(&house, "jones").await?;
    search(&house, "brown").await?;
    let held = house.ledger.settle().await?;
    let seen = |size| {
        Checkpoint { origin: "lampshire.example/bluelamp/g1".into(), size, root: [9; 32] }
            .sign(&signing_key())
    };
    assert_eq!(house.ledger.against(&agrees.checkpoint).await?, Against::Continues);
    assert_eq!(house.ledger.against(&seen(held.size)).await?, Against::Other);
    assert_eq!(house.ledger.against(&seen(held.size + 1)).await?, Against::Shorter);
    let permit = house.act(Act::EraseLog)?;
    let outside = [seen(held.size + 3), agrees.checkpoint.clone(), seen(held.size)];
    let begun = house.ledger.begin_generation(&permit, &outside, "restored").await?;
    assert_eq!((begun.leaf, begun.lost, begun.replaced), (held.size, (agrees.size, held.size + 3), true));
    Ok(())
}

/// An entry that waits in an open transaction keeps its key until it is committed, although the
/// pending key is turned meanwhile.
///
/// # Errors
/// Whatever fails.
pub async fn a_key_stays_while_a_transaction_holds_it(backend: impl Backend) -> Result<(), Fault> {
    let house = House::open(&backend).await?;
    let leaf = search(&house, "smith").await?;
    let version = house.new_record("written meanwhile").await?;
    let permit = house.permit(Action::View, &[version])?;
    let mut tx = house.store.begin().await?;
    let pending = house.ledger.record_in(&mut tx, &[(&permit, Detail::default())]).await?;
    let ledger = house.ledger.clone();
    let erase = house.act(Act::EraseLog)?;
    let erasing =
        tokio::spawn(async move { ledger.erase_payload(leaf, tags::QUERY, &erase, "a request").await });
    tokio::time::sleep(std::time::Duration::from_millis(40)).await;
    let receipt = house.ledger.commit(tx, pending).await?;
    erasing.await??;
    let leaf = house.ledger.position(receipt.entry()).await?;
    assert!(house.payload(leaf).await?.is_some());
    Ok(())
}

/// A keystore that lacks a key of the log is named, and no new key takes its place.
///
/// # Errors
/// Whatever fails.
pub async fn a_missing_key_of_the_log_is_named(backend: impl Backend) -> Result<(), Fault> {
    let house = House::open(&backend).await?;
    let leaf = search(&house, "smith").await?;
    house.ledger.settle().await?;
    house.keys.destroy(BUNDLE).await?;
    drop(house);
    let house = House::open(&backend).await?;
    let fault = house.payload(leaf).await.err().ok_or("a payload opened without its key")?;
    assert!(fault.to_string().contains("ledger"), "{fault}");
    assert!(house.keys.get(BUNDLE).await?.is_none());
    house.keys.destroy("ledger/pending/0").await?;
    drop(house);
    let fault = House::open(&backend).await.err().ok_or("the log opened without its pending key")?;
    assert!(fault.to_string().contains("newest copy of the keystore"), "{fault}");
    Ok(())
}
