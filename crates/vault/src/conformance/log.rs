//! The log over a store: entries, proofs, positions, feed, touches, lease and clock.

use super::house::{draft, signing_key};
use super::{AT, Backend, Fault, House, oracle};
use crate::store::RecordStore;
use futures::future::try_join_all;
use law::access::Action;
use ledger::note::Checkpoint;
use ledger::store::{EntryStore, Step};
use ledger::{Detail, LedgerError, tags};
use model::VersionRef;

/// Appends `count` entries.
async fn append<B: Backend>(house: &House<B>, count: u64) -> Result<(), Fault> {
    let entries = (0..count).map(|_| house.ledger.record_machine("conformance", &[], AT));
    try_join_all(entries).await?;
    Ok(())
}

/// The leaves' hashes, from the commitments beside the payloads and not from the tiles.
async fn leaves<B: Backend>(house: &House<B>, size: u64) -> Result<Vec<[u8; 32]>, Fault> {
    let runs = house.store.payloads(0, size).await?;
    let commitments = runs.iter().flat_map(|run| run.commitments.as_chunks::<32>().0.to_vec());
    Ok(commitments.map(|commitment| oracle::leaf(&commitment)).collect())
}

/// Inclusion and consistency proofs verify by other code, around the edges of tiles and elsewhere.
///
/// # Errors
/// Whatever fails.
pub async fn proofs_verify_by_another_hand(backend: impl Backend) -> Result<(), Fault> {
    let house = House::open(&backend).await?;
    let sizes = [1u64, 2, 3, 100, 255, 256, 257, 300, 511, 512, 513, 1000, 1291];
    let mut roots = vec![];
    for size in sizes {
        append(&house, size - house.ledger.settle().await?.size).await?;
        let head = house.ledger.settle().await?;
        assert_eq!(head.size, size);
        let checkpoint = Checkpoint::open(&head.checkpoint, &signing_key().verifying_key())?;
        assert_eq!((checkpoint.size, checkpoint.root), (size, head.root));
        assert_eq!(checkpoint.origin, "lampshire.example/bluelamp/g1");
        roots.push((size, head.root));
    }
    let leaves = leaves(&house, 1291).await?;
    for (size, root) in &roots {
        assert_eq!(oracle::root(&leaves[..*size as usize]), *root, "size {size}");
        assert_eq!(house.ledger.root(*size).await?, *root, "size {size}");
        let some = [0, 1, size / 3, size / 2, 254, 255, 256, 257, size.saturating_sub(2), size - 1];
        for leaf in some.into_iter().filter(|leaf| leaf < size) {
            let proof = house.ledger.inclusion_proof(leaf, *size).await?;
            let hash = leaves[leaf as usize];
            assert_eq!(house.ledger.leaf_hash(leaf).await?, hash);
            assert!(oracle::includes(leaf, *size, &proof, &hash, root), "leaf {leaf} of {size}");
            assert!(!oracle::includes(leaf, *size, &proof, &[0; 32], root));
        }
        for (old, old_root) in roots.iter().filter(|(old, _)| old <= size) {
            let proof = house.ledger.consistency_proof(*old, *size).await?;
            assert!(oracle::extends(*old, *size, &proof, old_root, root), "{old} to {size}");
            assert!(!oracle::extends(*old, *size, &proof, &[0; 32], root));
        }
    }
    let beyond = house.ledger.inclusion_proof(1291, 1291).await;
    assert!(matches!(beyond, Err(LedgerError::NoSuchLeaf { leaf: 1291, size: 1291 })));
    drop(house);
    let again = House::open(&backend).await?;
    append(&again, 9).await?;
    assert_eq!(again.ledger.settle().await?.root, oracle::root(&self::leaves(&again, 1300).await?));
    assert!(again.store.check().await?.is_empty());
    Ok(())
}

/// A receipt's entry gets a leaf, and that leaf says who did what to which version.
///
/// # Errors
/// Whatever fails.
pub async fn a_position_leads_to_what_was_entered(backend: impl Backend) -> Result<(), Fault> {
    let house = House::open(&backend).await?;
    let version = house.new_record("seen").await?;
    let permit = house.permit(Action::View, &[version])?;
    let detail = Detail { query: Some("smith".to_owned()), ..Detail::default() };
    let receipt = house.ledger.record(vec![(permit, detail)]).await?;
    assert!(receipt.covers(&version));
    let leaf = house.ledger.position(receipt.entry()).await?;
    let opening = house.payload(leaf).await?.ok_or("the payload is missing")?;
    assert_eq!(opening.value(tags::OPERATION), Some(b"consultation".as_slice()));
    assert_eq!(opening.value(tags::QUERY), Some(b"smith".as_slice()));
    let records = ledger::entry::read_records(opening.value(tags::RECORDS).unwrap_or_default());
    assert_eq!(records, vec![version]);
    let commitment = opening.commitment();
    assert_eq!(house.ledger.leaf_hash(leaf).await?, oracle::leaf(&commitment));
    let collection = house.payload(0).await?.ok_or("the payload is missing")?;
    let held = house.vault.versions(&[version.version]).await?.pop().ok_or("the version is missing")?;
    let machine = house.ledger.record_machine("conformance", &[version], AT).await?;
    let held = held.work(&machine)?.opening().commitment();
    assert_eq!(collection.value(tags::COMMITMENTS), Some(held.as_slice()));
    Ok(())
}

/// What one caller enters has leaves side by side, however many others enter something; the receipt is of the last.
///
/// # Errors
/// Whatever fails.
pub async fn what_one_caller_enters_stays_together(backend: impl Backend) -> Result<(), Fault> {
    let house = House::open(&backend).await?;
    let version = house.new_record("seen").await?;
    let entry = |query: String| {
        let detail = Detail { query: Some(query), ..Detail::default() };
        Ok::<_, Fault>((house.permit(Action::View, &[version])?, detail))
    };
    let mut callers = Vec::new();
    for caller in 0..8 {
        let entries = (0..3).map(|n| entry(format!("{caller} {n}"))).collect::<Result<Vec<_>, _>>()?;
        callers.push(house.ledger.record(entries));
    }
    for (caller, receipt) in try_join_all(callers).await?.iter().enumerate() {
        assert!(receipt.covers(&version));
        let last = house.ledger.position(receipt.entry()).await?;
        for (leaf, n) in (last - 2..=last).zip(0..) {
            let opening = house.payload(leaf).await?.ok_or("the payload is missing")?;
            assert_eq!(opening.value(tags::QUERY), Some(format!("{caller} {n}").as_bytes()));
        }
    }
    let nothing = house.ledger.record(Vec::new()).await;
    assert!(matches!(nothing, Err(LedgerError::Malformed("nothing to record"))));
    Ok(())
}

/// Many callers at once: each entry has its own leaf, and none is lost.
///
/// # Errors
/// Whatever fails.
pub async fn many_callers_each_get_their_own_leaf(backend: impl Backend) -> Result<(), Fault> {
    let house = House::open(&backend).await?;
    let before = house.ledger.settle().await?.size;
    let tasks = (0..64).map(|_| {
        let ledger = house.ledger.clone();
        tokio::spawn(async move {
            let mut found = Vec::new();
            for _ in 0..10 {
                let receipt = ledger.record_machine("conformance", &[], AT).await?;
                found.push(ledger.position(receipt.entry()).await?);
            }
            Ok::<Vec<u64>, LedgerError>(found)
        })
    });
    let mut found = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        found.extend(task.await??);
    }
    found.sort_unstable();
    assert_eq!(found, (before..before + 640).collect::<Vec<u64>>());
    assert_eq!(house.ledger.settle().await?.size, before + 640);
    let grown = house.ledger.heads().wait_for(|head| head.size >= before + 640).await?.size;
    assert_eq!(grown, before + 640);
    Ok(())
}

/// The feed names every change once, in the order of the leaves, and never cuts a leaf in two.
///
/// # Errors
/// Whatever fails.
pub async fn the_feed_is_whole_and_in_order(backend: impl Backend) -> Result<(), Fault> {
    let house = House::open(&backend).await?;
    let mut written: Vec<VersionRef> = Vec::new();
    for count in [3u64, 70, 1, 5] {
        let first = written.len() as u64 + 1;
        let drafts: Vec<_> = (0..count).map(|n| draft(None, first + n, "in bulk")).collect();
        written.extend(drafts.iter().map(|draft| draft.version));
        let _ = house.write(drafts).await?;
        append(&house, 2).await?;
    }
    house.ledger.settle().await?;
    for limit in [1u32, 2, 10, 69, 70, 71, 1000] {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = house.ledger.feed(after, limit).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.leaf);
            found.extend(page);
        }
        let versions = found.iter().map(|item| (item.record, item.version));
        assert!(
            versions.eq(written.iter().map(|version| (version.record, version.version))),
            "limit {limit}"
        );
        assert!(found.is_sorted_by_key(|item| item.leaf));
    }
    Ok(())
}

/// Touches answer *by record* and *by officer*, newest first; one entry that shows two versions of
/// a record is one touch.
///
/// # Errors
/// Whatever fails.
pub async fn touches_answer_by_record_and_by_officer(backend: impl Backend) -> Result<(), Fault> {
    let house = House::open(&backend).await?;
    let first = house.new_record("as found").await?;
    let second = draft(Some((first, 1)), 1, "corrected");
    let newest = second.version;
    let _ = house.write(vec![second]).await?;
    let permit = house.permit(Action::View, &[first, newest])?;
    let receipt = house.ledger.record(vec![(permit, Detail::default())]).await?;
    let leaf = house.ledger.position(receipt.entry()).await?;
    let touches = house.store.touches_of_record(first.record, u64::MAX, 10).await?;
    assert_eq!(touches.iter().map(|touch| touch.leaf).collect::<Vec<_>>(), vec![leaf, 1, 0]);
    let older = house.store.touches_of_record(first.record, leaf, 10).await?;
    assert_eq!(older.iter().map(|touch| touch.leaf).collect::<Vec<_>>(), vec![1, 0]);
    let said: Vec<&str> =
        touches.iter().map(|touch| ledger::entry::OPERATIONS[usize::from(touch.operation)]).collect();
    assert_eq!(said, vec!["consultation", "collection", "collection"]);
    assert!(touches.iter().all(|touch| touch.actor == house.context.actor && touch.time == AT));
    let by_officer = house.store.touches_by_actor(house.context.actor, 2).await?;
    assert_eq!(by_officer.iter().map(|touch| touch.leaf).collect::<Vec<_>>(), vec![leaf, 1]);
    let by_leaf = house.store.touches(1, leaf + 1).await?;
    assert_eq!(by_leaf.iter().map(|touch| touch.leaf).collect::<Vec<_>>(), vec![1, leaf]);
    let machine = house.ledger.record_machine("conformance", &[], AT).await?;
    let size = house.ledger.settle().await?.size;
    assert_eq!(house.ledger.check_touches(0, size, &machine).await?, ledger::TouchFaults::default());
    house.store.forget_touches(leaf).await?;
    assert_eq!(house.store.touches_of_record(first.record, u64::MAX, 10).await?.len(), 2);
    assert_eq!(house.ledger.check_touches(0, size, &machine).await?.missing, 1);
    Ok(())
}

/// Only the newest sequencer writes: a step under another fence or from another size changes
/// nothing, and a ledger that lost its lease says so.
///
/// # Errors
/// Whatever fails.
pub async fn only_the_newest_sequencer_writes<B: Backend>(backend: B) -> Result<(), Fault> {
    let house = House::open(&backend).await?;
    append(&house, 3).await?;
    let head = house.ledger.settle().await?;
    let stale = Step { fence: head.fence - 1, from_size: head.size, head: head.clone(), ..Step::default() };
    assert!(!house.store.integrate(stale).await?);
    let elsewhere =
        Step { fence: head.fence, from_size: head.size - 1, head: head.clone(), ..Step::default() };
    assert!(house.store.integrate(elsewhere).await.is_err());
    assert_eq!(house.store.head().await?.size, 3);
    let second = House::<B>::ledger_over(&house.store, &house.keys, AT).await?;
    // The entry itself is durable; only its place is no longer for the first ledger to give.
    append(&house, 1).await?;
    let lost = house.ledger.settle().await;
    assert!(lost.is_err(), "a ledger without its lease went on");
    assert_eq!(second.settle().await?.size, 4);
    assert!(house.store.keep_checkpoint(&head).await.is_err(), "a stale fence kept a checkpoint");
    let receipt = second.record_machine("conformance", &[], AT).await?;
    assert_eq!(second.position(receipt.entry()).await?, second.settle().await?.size - 1);
    assert!(house.store.check().await?.is_empty());
    Ok(())
}

/// A clock that went back by more than a minute is refused; nothing is lost.
///
/// # Errors
/// Whatever fails.
pub async fn a_clock_set_back_is_refused(backend: impl Backend) -> Result<(), Fault> {
    let house = House::open(&backend).await?;
    append(&house, 1).await?;
    house.ledger.settle().await?;
    drop(house);
    let back = House::open_at(&backend, AT - 120_000_000).await.err().ok_or("the clock was not checked")?;
    assert!(matches!(back.downcast_ref(), Some(LedgerError::ClockWentBack { seconds: 120 })), "{back}");
    assert!(House::open_at(&backend, AT - 30_000_000).await?.ledger.head().size == 1);
    Ok(())
}

/// What was acknowledged is there after a start without settling, and takes its place.
///
/// # Errors
/// Whatever fails.
pub async fn nothing_acknowledged_is_lost(backend: impl Backend) -> Result<(), Fault> {
    let mut versions = Vec::new();
    for round in 1..=4u64 {
        let house = House::open(&backend).await?;
        for _ in 0..5 {
            versions.push(house.new_record("acknowledged").await?);
        }
        append(&house, 20).await?;
        drop(house);
        let again = House::open(&backend).await?;
        assert_eq!(again.ledger.head().size, round * 25 + (round - 1));
        let ids: Vec<_> = versions.iter().map(|version| version.version).collect();
        assert_eq!(again.store.versions(&ids).await?.len(), versions.len());
        append(&again, 1).await?;
        assert!(again.store.check().await?.is_empty());
    }
    Ok(())
}
