//! Writing, erasing, and looking for what is left.

use ledger::store::EntryStore;
use model::VersionRef;
use std::path::{Path, PathBuf};
use vault::Traces;
use vault::conformance::{Backend, Fault, House, draft};
use vault::store::RecordStore;

/// What every body says.
pub const TOKEN: &str = "Zebedee Quillfeather";

/// Every file below a folder.
pub fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() { found.extend(files(&entry)) } else { found.push(entry) }
    }
    found
}

/// How many of the needles stand in the files of a folder.
pub fn scan(dir: &Path, needles: &[Vec<u8>]) -> usize {
    let searcher = aho_corasick::AhoCorasick::new(needles).unwrap();
    let mut found = std::collections::BTreeSet::new();
    for file in files(dir) {
        // A server's file may go away in the meantime.
        let Ok(octets) = std::fs::read(file) else { continue };
        found.extend(searcher.find_overlapping_iter(&octets).map(|found| found.pattern()));
    }
    found.len()
}

/// Writes `count` records; some are longer than a page of the file.
pub async fn fill<B: Backend>(house: &House<B>, count: u64) -> Result<Vec<VersionRef>, Fault> {
    let mut versions = Vec::new();
    for first in (1..=count).step_by(50) {
        let drafts: Vec<_> = (first..(first + 50).min(count + 1))
            .map(|number| {
                let padding = "x".repeat(if number % 9 == 0 { 9_000 } else { (number % 7 * 40) as usize });
                draft(None, number, &format!("{TOKEN} {number} {padding}"))
            })
            .collect();
        versions.extend(drafts.iter().map(|draft| draft.version));
        let _ = house.write(drafts).await?;
    }
    Ok(versions)
}

/// Erases a record; gives what it would leave behind.
pub async fn erase<B: Backend>(house: &House<B>, version: VersionRef) -> Result<Traces, Fault> {
    let traces = house.vault.traces(&house.vault.history(version.record).await?).await?;
    let places: Vec<_> =
        house.vault.key_places(version.record).await?.into_iter().map(|(_, place)| place).collect();
    let mut tx = house.store.begin().await?;
    house.store.delete_record(&mut tx, version.record).await?;
    house.store.commit(tx).await?;
    house.keys.shred(&places).await?;
    Ok(traces)
}
