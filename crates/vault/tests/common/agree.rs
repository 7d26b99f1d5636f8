//! Whether log and vault agree, and hold what was acknowledged.

use law::access::Act;
use ledger::{Detail, tags};
use model::VersionId;
use std::collections::BTreeMap;
use vault::conformance::{AT, Backend, Fault, House};
use vault::store::RecordStore;

/// Says that everything acknowledged is held, that every version is in the log with its commitment and
/// every commitment of the log has its version, and that neither store finds a fault in itself.
pub async fn check<B: Backend>(
    house: &House<B>,
    acknowledged: &[VersionId],
    round: u64,
) -> Result<(), Fault> {
    let held = house.store.versions(acknowledged).await?;
    assert_eq!(held.len(), acknowledged.len(), "round {round}: an acknowledged version is lost");
    let (entered, stored) = (entered(house).await?, stored(house).await?);
    assert!(acknowledged.iter().all(|version| stored.contains_key(version)));
    assert_eq!(entered, stored, "round {round}: ledger and vault differ");
    assert_eq!(house.store.check().await?, Vec::<String>::new(), "round {round}");
    assert_eq!(house.keys.check().await?, Vec::<String>::new(), "round {round}");
    Ok(())
}

/// What the log says was written, from its payloads.
async fn entered<B: Backend>(house: &House<B>) -> Result<BTreeMap<VersionId, [u8; 32]>, Fault> {
    let size = house.ledger.settle().await?.size;
    let permit = house.act(Act::ReadLog)?;
    let receipt = house.ledger.record(vec![(permit, Detail::default())]).await?;
    let mut found = BTreeMap::new();
    for leaf in 0..size {
        let opening = house.ledger.payload(leaf, &receipt).await?.ok_or("a payload is missing")?;
        let Some(commitments) = opening.value(tags::COMMITMENTS) else { continue };
        let records = ledger::entry::read_records(opening.value(tags::RECORDS).unwrap_or_default());
        assert_eq!(records.len() * 32, commitments.len());
        for (version, commitment) in records.iter().zip(commitments.as_chunks::<32>().0) {
            assert!(found.insert(version.version, *commitment).is_none(), "a version was entered twice");
        }
    }
    Ok(found)
}

/// What the vault holds: every version is opened and its commitment computed again.
async fn stored<B: Backend>(house: &House<B>) -> Result<BTreeMap<VersionId, [u8; 32]>, Fault> {
    let mut found = BTreeMap::new();
    let mut after = None;
    loop {
        let rows = house.store.versions_after(after, 500).await?;
        let Some(last) = rows.last() else { return Ok(found) };
        after = Some(last.version.version);
        let versions: Vec<_> = rows.iter().map(|row| row.version).collect();
        let receipt = house.ledger.record_machine("check after a kill", &versions, AT).await?;
        for sealed in house.vault.with_keys(rows).await? {
            let version = sealed.version().version;
            found.insert(version, sealed.work(&receipt)?.opening().commitment());
        }
    }
}
