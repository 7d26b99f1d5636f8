//! Versions, records, settings, items, and what the plain columns say.

use super::house::{draft, link_draft};
use super::{AT, Backend, Fault, House};
use crate::error::VaultError;
use crate::keys::KeyPlace;
use crate::store::{RecordStore, SeenRow, SourceId};
use law::access::Action;
use ledger::Detail;
use ledger::store::EntryStore;
use model::kinds::stop_and_search as stop;
use model::{NotHeld, RecordId, VersionId};
use uuid::Uuid;

/// What is written comes back, also after a new start: plain columns, body, reference and order.
///
/// # Errors
/// Whatever fails.
pub async fn versions_keep_their_columns_and_bodies(backend: impl Backend) -> Result<(), Fault> {
    let house = House::open(&backend).await?;
    let first = draft(None, house.reference().await?, "seen at 02:10");
    let version = first.version;
    let _ = house.write(vec![first]).await?;
    let second = draft(Some((version, 1)), 1, "seen at 02:20");
    let newest = second.version;
    let _ = house.write(vec![second]).await?;
    let row = house.store.versions(&[version.version]).await?.pop().ok_or("the version is missing")?;
    assert_eq!((row.version, row.reference, row.ordinal), (version, 1, 1));
    assert_eq!((row.happened, row.written), (Some(AT - 3_600_000_000), AT));
    assert_eq!(row.review_due, jiff::civil::date(2032, 11, 24));
    assert_eq!(row.labels, model::Labels::default().canonical());
    assert_eq!(house.read(version).await?.get(stop::GROUNDS).as_deref(), Some("seen at 02:10"));
    drop(house);
    let again = House::open(&backend).await?;
    assert_eq!(again.read(version).await?.get(stop::GROUNDS).as_deref(), Some("seen at 02:10"));
    let heads = again.store.heads(&[version.record]).await?;
    assert_eq!(heads.iter().map(|head| head.version).collect::<Vec<_>>(), vec![newest]);
    let history = again.store.history(version.record).await?;
    assert_eq!(history.iter().map(|row| row.ordinal).collect::<Vec<_>>(), vec![1, 2]);
    assert!(again.store.check().await?.is_empty());
    Ok(())
}

/// Many rows at once, in every size of statement, come back in the order asked; missing ones are
/// left out.
///
/// # Errors
/// Whatever fails.
pub async fn many_versions_come_in_the_order_asked(backend: impl Backend) -> Result<(), Fault> {
    let house = House::open(&backend).await?;
    let drafts: Vec<_> = (1..=151).map(|number| draft(None, number, &format!("stop {number}"))).collect();
    let mut versions: Vec<_> = drafts.iter().map(|draft| draft.version).collect();
    let _ = house.write(drafts).await?;
    versions.reverse();
    for count in [0, 1, 2, 5, 17, 64, 65, 151] {
        let mut ids: Vec<VersionId> = versions[..count].iter().map(|version| version.version).collect();
        let found = house.store.versions(&ids).await?;
        assert!(found.iter().map(|row| row.version).eq(versions[..count].iter().copied()), "{count}");
        ids.insert(count / 2, VersionId(Uuid::now_v7()));
        assert_eq!(house.store.versions(&ids).await?.len(), count);
        let records: Vec<RecordId> = versions[..count].iter().map(|version| version.record).collect();
        let heads = house.store.heads(&records).await?;
        assert!(heads.iter().map(|row| row.version).eq(versions[..count].iter().copied()), "{count}");
    }
    assert_eq!(house.store.count(stop::KIND.number).await?, 151);
    assert_eq!(house.store.by_reference(stop::KIND.number, 151).await?, Some(versions[0].record));
    assert_eq!(house.store.by_reference(stop::KIND.number, 152).await?, None);
    let mut walked = Vec::new();
    while let Some(page) =
        Some(house.store.versions_after(walked.last().copied(), 40).await?).filter(|page| !page.is_empty())
    {
        walked.extend(page.iter().map(|row| row.version.version));
    }
    assert_eq!(walked.len(), 151);
    assert!(walked.is_sorted());
    Ok(())
}

/// Two people edit one record: the second is told, and nothing of theirs is written.
///
/// # Errors
/// Whatever fails.
pub async fn the_second_of_two_editors_is_told(backend: impl Backend) -> Result<(), Fault> {
    let house = House::open(&backend).await?;
    let first = house.new_record("as found").await?;
    let _ = house.write(vec![draft(Some((first, 1)), 1, "by the first")]).await?;
    let size = house.ledger.settle().await?.size;
    let late = draft(Some((first, 1)), 1, "by the second");
    let lost = late.version.version;
    let fault = house.write(vec![draft(None, 77, "in the same save"), late]).await;
    let fault = fault.err().ok_or("the second editor was not told")?;
    assert!(matches!(fault.downcast_ref(), Some(VaultError::Conflict { present: 2 })), "{fault}");
    assert!(house.store.versions(&[lost]).await?.is_empty());
    assert_eq!(house.store.by_reference(stop::KIND.number, 77).await?, None);
    assert_eq!(house.ledger.settle().await?.size, size);
    let twice = draft(None, 78, "new");
    let mut same = draft(None, 79, "new again");
    same.version.record = first.record;
    let fault = house.write(vec![twice, same]).await.err().ok_or("a record was made twice")?;
    assert!(matches!(fault.downcast_ref(), Some(VaultError::Conflict { present: 2 })), "{fault}");
    assert_eq!(house.store.by_reference(stop::KIND.number, 78).await?, None);
    Ok(())
}

/// A transaction that is dropped leaves nothing, and the next one is not held up. A change and its
/// entry commit together or not at all.
///
/// # Errors
/// Whatever fails.
pub async fn a_dropped_transaction_leaves_nothing(backend: impl Backend) -> Result<(), Fault> {
    let house = House::open(&backend).await?;
    let size = house.ledger.settle().await?.size;
    let dropped = draft(None, 1, "never committed");
    let version = dropped.version;
    let prepared = house.vault.prepare(vec![dropped]).await?;
    let permit = house.permit(Action::Create, &[version])?;
    let detail = Detail { commitments: prepared.commitments.clone(), ..Detail::default() };
    let mut tx = house.store.begin().await?;
    house.vault.add(&mut tx, &prepared).await?;
    house.store.put_setting(&mut tx, "job", "state", "half").await?;
    let pending = house.ledger.record_in(&mut tx, &[(&permit, detail)]).await?;
    drop((tx, pending));
    // A future that is dropped in the middle of a transaction.
    let store = std::sync::Arc::clone(&house.store);
    let stuck = tokio::spawn(async move {
        let mut tx = store.begin().await?;
        store.put_setting(&mut tx, "job", "state", "stuck").await?;
        std::future::pending::<()>().await;
        store.commit(tx).await
    });
    tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    stuck.abort();
    let _ = stuck.await;
    let mut tx = house.store.begin().await?;
    house.store.put_setting(&mut tx, "job", "other", "whole").await?;
    house.store.commit(tx).await?;
    assert_eq!(house.store.setting("job", "state").await?, None);
    assert_eq!(house.store.setting("job", "other").await?.as_deref(), Some("whole"));
    assert!(house.store.versions(&[version.version]).await?.is_empty());
    assert_eq!(house.store.count(stop::KIND.number).await?, 0);
    assert_eq!(house.ledger.settle().await?.size, size);
    Ok(())
}

/// A receipt opens what it covers and nothing else, for every pair of some versions.
///
/// # Errors
/// Whatever fails.
pub async fn a_receipt_for_one_never_opens_another(backend: impl Backend) -> Result<(), Fault> {
    let house = House::open(&backend).await?;
    let drafts: Vec<_> = (1..=6).map(|number| draft(None, number, &format!("stop {number}"))).collect();
    let versions: Vec<_> = drafts.iter().map(|draft| draft.version).collect();
    let _ = house.write(drafts).await?;
    for covered in &versions {
        let permit = house.permit(Action::View, &[*covered])?;
        let receipt = house.ledger.record(vec![(permit, Detail::default())]).await?;
        let machine = house.ledger.record_machine("conformance", &[*covered], AT).await?;
        let ids: Vec<VersionId> = versions.iter().map(|version| version.version).collect();
        for sealed in house.vault.versions(&ids).await? {
            let version = sealed.version();
            let opened = sealed.open(&receipt);
            assert_eq!(opened.is_ok(), version == *covered);
            if let Err(fault) = opened {
                assert!(matches!(fault, VaultError::NotCovered(named) if named == version.version));
            }
        }
        for sealed in house.vault.versions(&ids).await? {
            let version = sealed.version();
            let worked = sealed
                .work(&machine)
                .and_then(|working| working.look(|body| body.get(stop::GROUNDS).is_some()));
            assert_eq!(worked.is_ok(), version == *covered);
        }
    }
    Ok(())
}

/// A field that was erased reads as such in every version, and the commitment is the same.
///
/// # Errors
/// Whatever fails.
pub async fn an_erased_field_keeps_its_commitment(backend: impl Backend) -> Result<(), Fault> {
    let house = House::open(&backend).await?;
    let first = house.new_record("as found").await?;
    let _ = house.write(vec![draft(Some((first, 1)), 1, "corrected")]).await?;
    let before = commitments(&house, first.record).await?;
    let mut tx = house.store.begin().await?;
    let (held, old) = house.vault.erase_field_in(&mut tx, first.record, stop::NAME.number()).await?;
    assert_eq!((held.len(), old.len()), (2, 2));
    house.store.commit(tx).await?;
    house.keys.shred(&old).await?;
    assert_eq!(commitments(&house, first.record).await?, before);
    assert!(house.keys.open(&old).await?.iter().all(Option::is_none));
    let plain = house.read(first).await?;
    assert_eq!(plain.not_held(stop::NAME.number()), Some(NotHeld::Erased));
    assert_eq!(plain.get(stop::NAME), None);
    assert_eq!(plain.get(stop::GROUNDS).as_deref(), Some("as found"));
    let mut tx = house.store.begin().await?;
    let (again, _) = house.vault.erase_field_in(&mut tx, first.record, stop::NAME.number()).await?;
    assert!(again.is_empty());
    let missing =
        house.store.replace_bodies(&mut tx, &[(VersionId(Uuid::now_v7()), old[0], Vec::new())]).await;
    assert!(missing.is_err(), "a version that is not there was replaced");
    Ok(())
}

async fn commitments<B: Backend>(house: &House<B>, record: RecordId) -> Result<Vec<[u8; 32]>, Fault> {
    let rows = house.vault.history(record).await?;
    let versions: Vec<_> = rows.iter().map(crate::Sealed::version).collect();
    let receipt = house.ledger.record_machine("conformance", &versions, AT).await?;
    let mut found = Vec::new();
    for sealed in rows {
        found.push(sealed.work(&receipt)?.opening().commitment());
    }
    Ok(found)
}

/// A record is deleted with all its versions and its links, and nothing else is.
///
/// # Errors
/// Whatever fails.
pub async fn a_record_goes_whole_and_alone(backend: impl Backend) -> Result<(), Fault> {
    let house = House::open(&backend).await?;
    let gone = house.new_record("goes").await?;
    let _ = house.write(vec![draft(Some((gone, 1)), 1, "goes too")]).await?;
    let stays = house.new_record("stays").await?;
    let link = link_draft(gone.record, stays.record, house.reference().await?);
    let link_version = link.version;
    let _ = house.write(vec![link]).await?;
    assert_eq!(house.store.links_of(gone.record).await?, vec![link_version.record]);
    assert_eq!(house.store.links_of(stays.record).await?, vec![link_version.record]);
    let row = house.store.versions(&[link_version.version]).await?.pop().ok_or("the link is missing")?;
    assert_eq!(row.link.map(|link| (link.from, link.to)), Some((gone.record, stays.record)));
    assert!(house.read(link_version).await.is_ok(), "the plain columns of a link were sealed with it");
    for record in [link_version.record, gone.record] {
        let mut tx = house.store.begin().await?;
        house.store.delete_record(&mut tx, record).await?;
        house.store.commit(tx).await?;
    }
    assert!(house.store.history(gone.record).await?.is_empty());
    assert!(house.store.heads(&[gone.record]).await?.is_empty());
    assert!(house.store.links_of(stays.record).await?.is_empty());
    assert_eq!(house.store.by_reference(stop::KIND.number, 1).await?, None);
    assert_eq!(house.store.history(stays.record).await?.len(), 1);
    assert!(house.store.check().await?.is_empty());
    Ok(())
}

/// Settings and sealed items: put, replaced, listed, deleted; an item opens under its own name.
///
/// # Errors
/// Whatever fails.
pub async fn settings_and_items_are_kept_by_name(backend: impl Backend) -> Result<(), Fault> {
    let house = House::open(&backend).await?;
    let store = &house.store;
    let things: Vec<(String, Vec<u8>)> =
        (0..20).map(|n| (format!("{n:02}"), format!("row {n}").into_bytes())).collect();
    let items = house.vault.seal_items("reject", &things).await?;
    let mut tx = store.begin().await?;
    store.put_setting(&mut tx, "account", "b", "1").await?;
    store.put_setting(&mut tx, "account", "a", "2").await?;
    store.put_setting(&mut tx, "account", "b", "3").await?;
    store.put_items(&mut tx, &items).await?;
    store.commit(tx).await?;
    let settings = store.settings("account").await?;
    assert_eq!(settings, vec![("a".to_owned(), "2".to_owned()), ("b".to_owned(), "3".to_owned())]);
    let page = store.items("reject", "04", 3).await?;
    assert_eq!(page.iter().map(|item| item.name.as_str()).collect::<Vec<_>>(), vec!["05", "06", "07"]);
    assert_eq!(house.vault.open_item(&page[0]).await?, b"row 5");
    let mut moved = page[0].clone();
    moved.name = "06".to_owned();
    assert!(house.vault.open_item(&moved).await.is_err(), "an item opened under another name");
    let again = house.vault.seal_items("reject", &[("05".to_owned(), b"reworked".to_vec())]).await?;
    let mut tx = store.begin().await?;
    store.put_items(&mut tx, &again).await?;
    store.delete_item(&mut tx, "reject", "06").await?;
    store.delete_setting(&mut tx, "account", "a").await?;
    store.commit(tx).await?;
    let item = store.item("reject", "05").await?.ok_or("the item is missing")?;
    assert_eq!(house.vault.open_item(&item).await?, b"reworked");
    assert!(store.item("reject", "06").await?.is_none());
    assert_eq!(store.setting("account", "a").await?, None);
    house.keys.shred(&[item.key]).await?;
    assert!(house.vault.open_item(&item).await.is_err(), "an item opened without its key");
    Ok(())
}

/// What a source has been seen to hold is read and written in the same transaction.
///
/// # Errors
/// Whatever fails.
pub async fn seen_rows_are_kept_by_content(backend: impl Backend) -> Result<(), Fault> {
    let house = House::open(&backend).await?;
    let store = &house.store;
    let row = |n: u8, seen| SeenRow { content: [n; 16], held: 2, run: 7, seen };
    let mut tx = store.begin().await?;
    let rows: Vec<SeenRow> = (0..100).map(|n| row(n, 1)).collect();
    store.put_seen_rows(&mut tx, "met/2024-01", &rows).await?;
    store.put_seen_rows(&mut tx, "met/2024-01", &[row(3, 2)]).await?;
    let wanted = [[3; 16], [99; 16], [200; 16]];
    let mut found = store.seen_rows(&mut tx, "met/2024-01", &wanted).await?;
    found.sort_by_key(|row| row.content);
    assert_eq!(found, vec![row(3, 2), row(99, 1)]);
    assert!(store.seen_rows(&mut tx, "met/2024-02", &wanted).await?.is_empty());
    store.commit(tx).await?;
    Ok(())
}

/// Ids of sources lead to records; an erased record leaves its id behind, without the record.
///
/// # Errors
/// Whatever fails.
pub async fn an_id_of_a_source_leads_to_its_record_until_that_is_erased(
    backend: impl Backend,
) -> Result<(), Fault> {
    let house = House::open(&backend).await?;
    let store = &house.store;
    let (kept, erased) = (house.new_record("kept").await?.record, house.new_record("goes").await?.record);
    let mut rows: Vec<SourceId> = (0..100).map(|n| SourceId { id: [n; 16], record: Some(kept) }).collect();
    let mut tx = store.begin().await?;
    store.put_source_ids(&mut tx, &rows).await?;
    store.put_source_ids(&mut tx, &[SourceId { id: [3; 16], record: Some(erased) }]).await?;
    store.commit(tx).await?;
    let mut tx = store.begin().await?;
    store.delete_record(&mut tx, erased).await?;
    store.commit(tx).await?;
    let mut tx = store.begin().await?;
    let wanted: Vec<[u8; 16]> = (0..=255).map(|n| [n; 16]).collect();
    let mut found = store.source_ids(&mut tx, &wanted).await?;
    found.sort_by_key(|row| row.id);
    rows[3].record = None;
    assert_eq!(found, rows);
    assert!(store.source_ids(&mut tx, &[]).await?.is_empty());
    Ok(())
}

/// References are unique and rise, also when many take them at once.
///
/// # Errors
/// Whatever fails.
pub async fn references_are_unique_and_rise(backend: impl Backend) -> Result<(), Fault> {
    let house = House::open(&backend).await?;
    let tasks = (0..16).map(|_| {
        let store = std::sync::Arc::clone(&house.store);
        tokio::spawn(async move {
            let mut tx = store.begin().await?;
            let first = store.take_references(&mut tx, 12, 3).await?;
            store.commit(tx).await?;
            Ok::<u64, ledger::store::StoreError>(first)
        })
    });
    let mut firsts = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        firsts.push(task.await??);
    }
    firsts.sort_unstable();
    assert_eq!(firsts, (0..16).map(|n| n * 3 + 1).collect::<Vec<u64>>());
    let mut tx = house.store.begin().await?;
    assert_eq!(house.store.take_references(&mut tx, 13, 1).await?, 1);
    Ok(())
}

/// Keys that no version and no item rests on are swept at the next start, and no others.
///
/// # Errors
/// Whatever fails.
pub async fn orphans_are_swept_and_nothing_else(backend: impl Backend) -> Result<(), Fault> {
    let house = House::open(&backend).await?;
    let kept = house.new_record("kept").await?;
    let item = house.vault.seal_items("job", &[("one".to_owned(), b"kept".to_vec())]).await?;
    let mut tx = house.store.begin().await?;
    house.store.put_items(&mut tx, &item).await?;
    house.store.commit(tx).await?;
    let orphans: Vec<KeyPlace> = house.keys.make(300).await?.into_iter().map(|(place, _)| place).collect();
    assert_eq!(house.vault.sweep_orphans().await?, 0, "keys of this start may be in use yet");
    drop(house);
    let again = House::open(&backend).await?;
    let fresh = again.keys.make(1).await?;
    assert_eq!(again.vault.sweep_orphans().await?, 300);
    assert_eq!(again.vault.sweep_orphans().await?, 0);
    assert!(again.keys.open(&orphans).await?.iter().all(Option::is_none));
    assert!(again.keys.open(&[fresh[0].0]).await?[0].is_some());
    assert!(again.read(kept).await.is_ok());
    assert_eq!(again.vault.open_item(&item[0]).await?, b"kept");
    Ok(())
}
