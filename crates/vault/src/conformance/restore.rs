//! An older copy of the records in the place of the newest: places are given a second time, and nothing
//! may be sealed alike or signed twice.

use super::{AT, Backend, Fault, House, oracle};
use crate::keys::KeyStore;
use crate::store::RecordStore;
use law::access::Act;
use ledger::store::{EntryStore, Head, Step, TileRow};
use ledger::{LedgerError, tree};
use std::sync::Arc;

/// Leaves of one bundle.
const BUNDLE: u64 = 65_536;
/// Octets of a nonce, in front of what is sealed.
const NONCE: usize = 12;

/// Enters so many entries, and gives them places.
async fn enter<B: Backend>(house: &House<B>, count: u64) -> Result<Head, Fault> {
    let entries = (0..count).map(|_| house.ledger.record_machine("conformance", &[], AT));
    futures::future::try_join_all(entries).await?;
    Ok(house.ledger.settle().await?)
}

/// Makes a log that has so many leaves already, of which it holds the edge of the tree and no payload: a
/// log with the end of a bundle in sight.
async fn begin_with<S: RecordStore>(store: &S, keys: &dyn KeyStore, size: u64) -> Result<(), Fault> {
    let fence = store.take_lease().await?;
    let leaves = vec![oracle::leaf(&[5; 32]); size as usize];
    let (tiles, open) = leaves.as_chunks::<256>();
    let full: Vec<[u8; 32]> = tiles.iter().map(|tile| tree::perfect_root(tile)).collect();
    let tile = |level, hashes: &[[u8; 32]]| TileRow { level, number: 0, hashes: hashes.concat() };
    let last = TileRow { number: size / 256, ..tile(0, open) };
    let head =
        Head { generation: 1, size, root: oracle::root(&leaves), last_time: AT, fence, ..Head::default() };
    let step = Step { fence, from_size: 0, head, tiles: vec![last, tile(1, &full)], ..Step::default() };
    assert!(store.integrate(step).await?);
    keys.create("ledger/bundle/0").await?;
    keys.create("ledger/pending/0").await?;
    Ok(())
}

/// The sealed payloads of leaves, each as it is stored.
async fn sealed<S: EntryStore>(store: &S, first: u64, end: u64) -> Result<Vec<Vec<u8>>, Fault> {
    let mut parts = Vec::new();
    for run in store.payloads(first, end).await? {
        let mut rest = run.sealed.as_slice();
        for leaf in run.first..run.first + u64::from(run.count) {
            let (length, after) = rest.split_first_chunk::<4>().ok_or("a run is cut short")?;
            let (part, after) = after.split_at(u32::from_be_bytes(*length) as usize);
            rest = after;
            if (first..end).contains(&leaf) {
                parts.push(part.to_vec());
            }
        }
    }
    Ok(parts)
}

/// The key of a leaf's bundle, and the nonce under which a part was sealed with it: that it opens so
/// shows that it was.
async fn key_and_nonce(
    keys: &dyn KeyStore,
    leaf: u64,
    part: &[u8],
) -> Result<([u8; 32], [u8; NONCE]), Fault> {
    let bundle = format!("ledger/bundle/{}", leaf / BUNDLE);
    let key = keys.get(&bundle).await?.ok_or("the bundle has no key")?;
    key.open(format!("{bundle}/leaf/{leaf}").as_bytes(), part)?;
    Ok((*key.expose(), *part.first_chunk().ok_or("a part is cut short")?))
}

/// Places on both sides of a bundle's end are filled, lost, and filled with other texts after the
/// restore; the copy ends before the end of a bundle, or just at it.
///
/// # Errors
/// Whatever fails.
pub async fn no_place_of_a_later_bundle_seals_two_texts_under_one_nonce<B: Backend>(
    backend: B,
) -> Result<(), Fault> {
    let (store, keys) = backend.open().await?;
    begin_with(&*store, &*keys, BUNDLE - 2).await?;
    drop((store, keys));
    for kept in [BUNDLE - 2, BUNDLE] {
        let house = House::open(&backend).await?;
        let held = house.ledger.settle().await?.size;
        enter(&house, kept - held).await?;
        drop(house);
        backend.keep_records().await?;
        let house = House::open(&backend).await?;
        let outside = enter(&house, 5).await?;
        let lost = used(&house, kept, outside.size).await?;
        drop(house);
        backend.put_records().await?;
        let (store, keys) = backend.open().await?;
        let house = House::<B>::held(store, keys).await?;
        assert_eq!(house.ledger.head().size, kept);
        let permit = house.act(Act::EraseLog)?;
        let begun = house.ledger.begin_generation(&permit, &[outside.checkpoint], "restored").await?;
        assert_eq!((begun.leaf, begun.lost, begun.replaced), (kept, (kept, outside.size), false));
        let now = enter(&house, 4).await?;
        assert_eq!(now.size, outside.size);
        for (leaf, instead) in (kept..).zip(used(&house, kept, now.size).await?) {
            assert!(!lost.contains(&instead), "leaf {leaf} has sealed two texts under one key and nonce");
            assert!(house.payload(leaf).await?.is_some());
        }
        drop(house);
        // The second copy is of this log before the first loss.
        backend.put_records().await?;
    }
    Ok(())
}

/// Keys and nonces under which leaves are sealed.
async fn used<B: Backend>(
    house: &House<B>,
    first: u64,
    end: u64,
) -> Result<Vec<([u8; 32], [u8; NONCE])>, Fault> {
    let parts = sealed(&*house.store, first, end).await?;
    assert_eq!(parts.len() as u64, end - first);
    let mut used = Vec::with_capacity(parts.len());
    for (leaf, part) in (first..).zip(&parts) {
        used.push(key_and_nonce(&*house.keys, leaf, part).await?);
    }
    Ok(used)
}

/// Copies the records, enters more, and puts the copy in their place; gives the head that was shown outside.
async fn go_on_and_put_back<B: Backend>(backend: &B, house: House<B>) -> Result<Head, Fault> {
    drop(house);
    backend.keep_records().await?;
    let house = House::open(backend).await?;
    let outside = enter(&house, 4).await?;
    drop(house);
    backend.put_records().await?;
    Ok(outside)
}

/// A copy in which an entry waits for its place: a log that must continue what was seen does not open
/// and leaves it waiting; one that is held for its new generation takes no entry, and signs nothing of
/// the old generation again.
///
/// # Errors
/// Whatever fails.
pub async fn a_copy_with_something_pending_enters_and_signs_nothing_by_itself<B: Backend>(
    backend: B,
) -> Result<(), Fault> {
    let house = House::open(&backend).await?;
    let kept = enter(&house, 3).await?;
    // Another has the lease and rests: this ledger may not give the entry its place.
    house.store.take_lease().await?;
    enter(&house, 1).await.err().ok_or("a ledger without its lease went on")?;
    let outside = go_on_and_put_back(&backend, house).await?;
    let (store, keys) = backend.open().await?;
    let refused = House::<B>::ledger_after(&store, &keys, &outside.checkpoint).await.err();
    assert!(matches!(refused, Some(LedgerError::Restored { entries: 3 })), "{refused:?}");
    let untouched = |head: &Head| (head.size, head.checkpoint.clone());
    assert_eq!(untouched(&store.head().await?), untouched(&kept));
    assert!(
        House::<B>::ledger_after(&store, &keys, &kept.checkpoint)
            .await
            .is_ok_and(|ledger| ledger.head().size == 4)
    );
    held_for_its_generation(&backend, store, keys, &kept, &outside).await
}

/// A kill after the first entry of a generation is durable, and before it has its place: the next attempt
/// finishes what was begun.
///
/// # Errors
/// Whatever fails.
pub async fn a_generation_that_was_cut_off_is_finished_by_the_next_attempt<B: Backend>(
    backend: B,
) -> Result<(), Fault> {
    let house = House::open(&backend).await?;
    enter(&house, 3).await?;
    let outside = go_on_and_put_back(&backend, house).await?;
    let (store, keys) = backend.open().await?;
    let house = House::<B>::held(store, keys).await?;
    let permit = house.act(Act::EraseLog)?;
    let seen = std::slice::from_ref(&outside.checkpoint);
    // Another has the lease: this ledger may not give the entry its place.
    house.store.take_lease().await?;
    house.ledger.begin_generation(&permit, seen, "restored").await.err().ok_or("it was not cut off")?;
    drop(house);
    let (store, keys) = backend.open().await?;
    let house = House::<B>::held(store, keys).await?;
    let begun = house.ledger.begin_generation(&permit, seen, "restored").await?;
    assert_eq!((begun.leaf, begun.lost, begun.replaced), (3, (3, outside.size), false));
    assert_eq!((begun.head.generation, begun.head.size), (2, 4));
    house.new_record("after the restore").await?;
    assert!(house.store.check().await?.is_empty());
    Ok(())
}

/// The same copy once more, held for its new generation.
async fn held_for_its_generation<B: Backend>(
    backend: &B,
    store: Arc<B::Store>,
    keys: Arc<dyn KeyStore>,
    kept: &Head,
    outside: &Head,
) -> Result<(), Fault> {
    drop((store, keys));
    backend.put_records().await?;
    let (store, keys) = backend.open().await?;
    let house = House::<B>::held(store, keys).await?;
    assert!(house.ledger.is_restored());
    for refused in [house.new_record("too early").await.err(), enter(&house, 1).await.err()] {
        let refused = refused.ok_or("a log that is held took an entry")?;
        assert!(refused.to_string().contains("an older copy was restored"), "{refused}");
    }
    assert!(matches!(house.ledger.settle().await, Err(LedgerError::Restored { entries: 3 })));
    assert_eq!(house.store.head().await?.checkpoint, kept.checkpoint);
    let permit = house.act(Act::EraseLog)?;
    let seen = std::slice::from_ref(&outside.checkpoint);
    let begun = house.ledger.begin_generation(&permit, seen, "restored").await?;
    // What was pending has its place before the generation's own entry, and whether it is the old one
    // nobody can say.
    assert_eq!((begun.leaf, begun.lost, begun.replaced), (4, (3, outside.size), true));
    assert_eq!((begun.head.generation, begun.head.size, begun.head.checkpoint_size), (2, 5, 5));
    assert!(!house.ledger.is_restored());
    house.new_record("after the restore").await?;
    assert!(house.store.check().await?.is_empty());
    Ok(())
}
