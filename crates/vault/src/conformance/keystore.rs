//! The keystore: names, buckets, shredding, the turn and every point where a kill may cut it.

use super::{Backend, Fault, House};
use crate::error::VaultError;
use crate::keys::{BUCKET_KEYS, KeyPlace, KeyStore};
use std::collections::HashSet;
use std::sync::Arc;

type Keys = Arc<dyn KeyStore>;

async fn all_open(keys: &Keys, made: &[(KeyPlace, sealing::SecretKey)]) -> Result<bool, Fault> {
    let places: Vec<KeyPlace> = made.iter().map(|(place, _)| *place).collect();
    let opened = keys.open(&places).await?;
    let same = opened
        .iter()
        .zip(made)
        .all(|(opened, (_, key))| opened.as_ref().is_some_and(|opened| opened.expose() == key.expose()));
    Ok(same && opened.len() == made.len())
}

/// Names: made once, found, given another name, destroyed, listed.
///
/// # Errors
/// Whatever fails.
pub async fn names_lead_to_keys(backend: impl Backend) -> Result<(), Fault> {
    let (_store, keys) = backend.open().await?;
    let first = keys.create("index/a").await?;
    assert!(keys.create("index/a").await.is_err(), "a name was given twice");
    assert_eq!(keys.get("index/a").await?.map(|key| *key.expose()), Some(*first.expose()));
    assert!(keys.get("index/none").await?.is_none());
    let second = keys.create("index/b").await?;
    keys.create("indexes/c").await?;
    assert_eq!(keys.names("index/").await?, vec!["index/a".to_owned(), "index/b".to_owned()]);
    let place = keys.place_of("index/a").await?.ok_or("the name has no place")?;
    keys.rename("index/b", "index/a").await?;
    assert_eq!(keys.get("index/a").await?.map(|key| *key.expose()), Some(*second.expose()));
    assert!(keys.get("index/b").await?.is_none() && keys.open(&[place]).await?[0].is_none());
    assert!(keys.rename("index/none", "index/a").await.is_err());
    assert!(keys.get("index/a").await?.is_some(), "a failed renaming destroyed a key");
    keys.destroy("index/a").await?;
    keys.destroy("index/a").await?;
    assert_eq!(keys.names("index/").await?, Vec::<String>::new());
    assert!(keys.check().await?.is_empty());
    Ok(())
}

/// Many callers at once get keys of their own, which open, also after a new start.
///
/// # Errors
/// Whatever fails.
pub async fn many_callers_get_keys_of_their_own(backend: impl Backend) -> Result<(), Fault> {
    let (store, keys) = backend.open().await?;
    let before = keys.mark().await?;
    let tasks = (0..40).map(|n| {
        let keys = Arc::clone(&keys);
        tokio::spawn(async move { keys.make(n % 29).await })
    });
    let mut made = Vec::new();
    for (n, task) in tasks.collect::<Vec<_>>().into_iter().enumerate() {
        let some = task.await??;
        assert_eq!(some.len(), n % 29);
        made.extend(some);
    }
    let places: HashSet<KeyPlace> = made.iter().map(|(place, _)| *place).collect();
    assert_eq!(places.len(), made.len());
    assert!(places.iter().all(|place| place.slot < BUCKET_KEYS));
    assert!(places.iter().any(|place| place.bucket > 0), "more than one bucket was filled");
    assert!(keys.mark().await? > before);
    assert!(all_open(&keys, &made).await?);
    made.reverse();
    assert!(all_open(&keys, &made).await?, "keys come in the order asked");
    drop((store, keys));
    let (_store, keys) = backend.open().await?;
    assert!(all_open(&keys, &made).await?);
    Ok(())
}

/// A shredded key is gone, its place is never used again, every other key still opens, and the
/// bucket's key and all wrapped keys are others.
///
/// # Errors
/// Whatever fails.
pub async fn a_shredded_key_is_gone_and_the_rest_opens(backend: impl Backend) -> Result<(), Fault> {
    let (store, keys) = backend.open().await?;
    let made = keys.make(600).await?;
    let (gone, stay): (Vec<_>, Vec<_>) = made.into_iter().enumerate().partition(|(n, _)| n % 97 == 3);
    let gone: Vec<KeyPlace> = gone.into_iter().map(|(_, (place, _))| place).collect();
    let stay: Vec<_> = stay.into_iter().map(|(_, made)| made).collect();
    let near = stay[0].0;
    let (traces, near_before) = (keys.traces(&gone).await?, keys.traces(&[near]).await?);
    assert!(traces.material.len() > gone.len() && traces.wrapped.len() > gone.len());
    let before = keys.mark().await?;
    keys.shred(&gone).await?;
    assert!(keys.mark().await? > before);
    assert!(keys.open(&gone).await?.iter().all(Option::is_none));
    let none = keys.traces(&gone).await?;
    assert!(none.material.is_empty() && none.wrapped.is_empty());
    assert!(all_open(&keys, &stay).await?);
    let near_after = keys.traces(&[near]).await?;
    let kept = near_after.material.iter().filter(|octets| near_before.material.contains(octets)).count();
    assert_eq!(kept, 1, "only the raw key itself is the same");
    assert!(near_after.wrapped.iter().all(|octets| !near_before.wrapped.contains(octets)));
    let next = keys.make(10).await?;
    assert!(next.iter().all(|(place, _)| !gone.contains(place)));
    keys.shred(&gone).await?;
    drop((store, keys));
    let (_store, keys) = backend.open().await?;
    assert!(all_open(&keys, &stay).await? && keys.open(&gone).await?.iter().all(Option::is_none));
    assert!(keys.check().await?.is_empty());
    Ok(())
}

/// Keys open while other keys of the same bucket are shredded and the epoch turns.
///
/// # Errors
/// Whatever fails.
pub async fn keys_open_while_others_are_shredded(backend: impl Backend) -> Result<(), Fault> {
    let (_store, keys) = backend.open().await?;
    let mut made = keys.make(200).await?;
    let goes = made.split_off(150);
    let reading = {
        let keys = Arc::clone(&keys);
        tokio::spawn(async move {
            let mut rounds = 0;
            while Arc::strong_count(&keys) > 1 || rounds < 20 {
                if !all_open(&keys, &made).await? {
                    return Err(Fault::from("a key did not open"));
                }
                rounds += 1;
            }
            Ok(rounds)
        })
    };
    for (place, _) in goes {
        keys.shred(&[place]).await?;
    }
    crate::turn(&*keys, &backend.provider(), None).await?;
    drop(keys);
    assert!(reading.await?? >= 20);
    Ok(())
}

/// A turn: every key opens under the new epoch, the old epoch key is destroyed in provider and
/// escrow, the report says what was confirmed, and a checked copy is made.
///
/// # Errors
/// Whatever fails.
pub async fn a_turn_replaces_the_epoch_key_everywhere(backend: impl Backend) -> Result<(), Fault> {
    let (store, keys) = backend.open().await?;
    let made = keys.make(700).await?;
    let (near, far) = (backend.folder().join("near.key"), backend.folder().join("far.key"));
    backend.provider().add_escrow("safe", &near, 1)?;
    backend.provider().add_escrow("solicitor", &far, 1)?;
    let copies = backend.folder().join("copies");
    std::fs::create_dir_all(&copies)?;
    let report = crate::turn(&*keys, &backend.provider(), Some(&copies)).await?;
    assert_eq!((report.epoch, report.buckets), (2, 3));
    assert!(report.is_beyond_recovery() && report.confirmed.len() == 2);
    assert!(report.copy.as_ref().is_some_and(|copy| copy.exists()));
    assert!(all_open(&keys, &made).await?);
    std::fs::remove_file(&far)?;
    let report = crate::turn(&*keys, &backend.provider(), Some(&copies)).await?;
    assert_eq!((report.epoch, report.unconfirmed.as_slice()), (3, ["solicitor".to_owned()].as_slice()));
    assert!(!report.is_beyond_recovery());
    drop((store, keys));
    let (_store, keys) = backend.open().await?;
    assert_eq!(keys.epoch().await?, 3);
    assert!(all_open(&keys, &made).await?);
    assert!(backend.provider().key_for(2).is_err(), "an old epoch key is still there");
    Ok(())
}

/// A kill at each point of a turn: after the next key is made, and after the keystore turned.
///
/// # Errors
/// Whatever fails.
pub async fn a_turn_cut_in_two_recovers(backend: impl Backend) -> Result<(), Fault> {
    let (store, keys) = backend.open().await?;
    let made = keys.make(300).await?;
    backend.provider().prepare_turn(1)?;
    drop((store, keys));
    let (store, keys) = backend.open().await?;
    assert!(keys.epoch().await? == 1 && all_open(&keys, &made).await?);
    let next = backend.provider().prepare_turn(1)?;
    keys.turn(&next).await?;
    assert!(keys.turn(&next).await.is_err(), "an epoch was skipped or repeated");
    drop((store, keys));
    let (_store, keys) = backend.open().await?;
    assert!(keys.epoch().await? == 2 && all_open(&keys, &made).await?);
    assert!(backend.provider().key_for(1).is_err());
    let report = crate::turn(&*keys, &backend.provider(), None).await?;
    assert!(report.epoch == 3 && all_open(&keys, &made).await?);
    Ok(())
}

/// A copy opens as the keystore does; one that is older than the records is refused at the start,
/// and one from before a turn does not open at all.
///
/// # Errors
/// Whatever fails.
pub async fn an_older_copy_is_refused(backend: impl Backend) -> Result<(), Fault> {
    let house = House::open(&backend).await?;
    let first = house.new_record("first").await?;
    let (older, newest) = (backend.folder().join("older"), backend.folder().join("newest"));
    house.keys.copy_to(&older).await?;
    house.new_record("second").await?;
    house.keys.copy_to(&newest).await?;
    house.keys.copy_to(&newest).await?;
    drop(house);
    backend.put_keystore(&older).await?;
    let fault = House::open(&backend).await.err().ok_or("an older keystore was taken")?;
    assert!(matches!(fault.downcast_ref(), Some(VaultError::KeystoreOlder { .. })), "{fault}");
    backend.put_keystore(&newest).await?;
    let house = House::open(&backend).await?;
    assert!(house.read(first).await.is_ok());
    crate::turn(&*house.keys, &backend.provider(), None).await?;
    drop(house);
    backend.put_keystore(&newest).await?;
    let fault = House::open(&backend).await.err().ok_or("a keystore from before the turn opened")?;
    assert!(fault.to_string().contains("keystore and provider do not belong together"), "{fault}");
    Ok(())
}
