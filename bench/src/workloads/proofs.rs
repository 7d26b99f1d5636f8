//! Inclusion proofs in a large log. Its leaves are random hashes, put into the store through the same
//! steps that the sequencer takes; payloads are left out, because a proof reads tiles only. Every
//! proof is checked against the signed root.

use crate::Fault;
use crate::house;
use crate::load::Load;
use crate::report::{Goal, Report, Row};
use desk::clock::{Clock, MachineClock, id_at};
use ed25519_dalek::SigningKey;
use ledger::commitment::Hash;
use ledger::keys::LogKeys;
use ledger::store::{EntryStore, Head, Step, TileRow};
use ledger::tiles::WIDTH;
use ledger::{Ledger, Options, tree};
use model::ForceId;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use synth::random::Random;
use vault::provider::FileProvider;
use vault::sqlite::{SqliteKeys, SqliteStore};

/// Tiles written in one step.
const STEP: usize = 1024;

/// Makes the log, and proofs of random leaves in it.
///
/// # Errors
/// Faults of store and log, and a proof that does not lead to the root.
pub async fn run(work: Option<&Path>, leaves: u64, proofs: u64) -> Result<Report, Fault> {
    let folder = house::folder(work)?;
    let force = ForceId(id_at(MachineClock.now()));
    let store = Arc::new(SqliteStore::open(&folder.path().join("records.sqlite"), force).await?);
    let (provider, _) = FileProvider::create(&folder.path().join("provider"))?;
    let keys = Arc::new(SqliteKeys::create(&folder.path().join("keys.sqlite"), force, provider).await?);
    // A log that has begun must have its key for new entries.
    keys.create("ledger/pending/0").await?;
    let began = Instant::now();
    grow(&store, leaves).await?;
    let grown = began.elapsed();
    let options = Options::new("measured.example/bluelamp");
    let ledger =
        Ledger::open(store, keys, SigningKey::from_bytes(&[7; 32]), options, MachineClock.now()).await?;
    let first = prove(&ledger, leaves, proofs, "first").await?;
    let again = prove(&ledger, leaves, proofs, "again").await?;
    Ok(Report::new(format!("proofs --leaves {leaves} --proofs {proofs}"))
        .setting("leaves", leaves)
        .setting("proofs, each checked against the root", proofs)
        .setting("callers", 1)
        .setting("seconds to make the log", format!("{:.1}", grown.as_secs_f64()))
        .row(Row::new("inclusion proof, first run, p50", "ms", first.at(0.5)))
        .row(Row::new("inclusion proof, first run, p99", "ms", first.at(0.99)).goal(Goal::AtMost(0.2)))
        .row(Row::new("inclusion proof, second run, p50", "ms", again.at(0.5)))
        .row(Row::new("inclusion proof, second run, p99", "ms", again.at(0.99)).goal(Goal::AtMost(0.2)))
        .row(Row::new("proofs", "proofs/s", again.rate())))
}

/// Writes all tiles of a tree of random leaves, level by level.
async fn grow(store: &SqliteStore, leaves: u64) -> Result<(), Fault> {
    let fence = store.take_lease().await?;
    let mut random = Random::part(leaves, "leaves");
    let mut hashes: Vec<Hash> = (0..leaves).map(|_| random_hash(&mut random)).collect();
    let root = root_of(&hashes);
    let head = Head { generation: 1, size: leaves, root, fence, ..Head::default() };
    let mut from_size = 0;
    for level in 0u8.. {
        let mut tiles = Vec::with_capacity(STEP);
        for (number, tile) in (0u64..).zip(hashes.chunks(WIDTH as usize)) {
            tiles.push(TileRow { level, number, hashes: tile.concat() });
            if tiles.len() == STEP {
                put(store, &head, from_size, std::mem::take(&mut tiles)).await?;
                from_size = leaves;
            }
        }
        put(store, &head, from_size, tiles).await?;
        from_size = leaves;
        hashes = hashes.chunks_exact(WIDTH as usize).map(tree::perfect_root).collect();
        if hashes.is_empty() {
            return Ok(());
        }
    }
    Ok(())
}

async fn put(store: &SqliteStore, head: &Head, from_size: u64, tiles: Vec<TileRow>) -> Result<(), Fault> {
    let step = Step { fence: head.fence, from_size, head: head.clone(), tiles, ..Step::default() };
    match store.integrate(step).await? {
        true => Ok(()),
        false => Err("the lease of the log was lost".into()),
    }
}

fn random_hash(random: &mut Random) -> Hash {
    let mut hash = [0; 32];
    for part in hash.as_chunks_mut::<8>().0 {
        *part = random.next().to_be_bytes();
    }
    hash
}

fn root_of(hashes: &[Hash]) -> Hash {
    let parts = tree::subtrees(0, hashes.len() as u64).into_iter().map(|(height, index)| {
        let from = (index << height) as usize;
        hashes.get(from..from + (1 << height)).map(tree::perfect_root).unwrap_or_default()
    });
    tree::fold_right(&parts.collect::<Vec<_>>())
}

async fn prove(ledger: &Ledger<SqliteStore>, leaves: u64, proofs: u64, run: &str) -> Result<Load, Fault> {
    let mut random = Random::part(proofs, run);
    let mut times = Vec::new();
    let mut took = Duration::ZERO;
    for _ in 0..proofs {
        let leaf = random.below(leaves);
        let began = Instant::now();
        let proof = ledger.inclusion_proof(leaf, leaves).await?;
        let time = began.elapsed();
        times.push(time);
        took += time;
        check(ledger, leaf, leaves, &proof).await?;
    }
    Ok(Load::of(times, took))
}

async fn check(ledger: &Ledger<SqliteStore>, leaf: u64, leaves: u64, proof: &[Hash]) -> Result<(), Fault> {
    let mut hash = ledger.leaf_hash(leaf).await?;
    let ranges = tree::inclusion_ranges(leaf, leaves);
    if ranges.len() != proof.len() {
        return Err(format!(
            "the proof of leaf {leaf} has {} hashes instead of {}",
            proof.len(),
            ranges.len()
        )
        .into());
    }
    for ((from, _), other) in ranges.iter().zip(proof) {
        hash = if *from > leaf { tree::node_hash(&hash, other) } else { tree::node_hash(other, &hash) };
    }
    match hash == ledger.head().root {
        true => Ok(()),
        false => Err(format!("the proof of leaf {leaf} does not lead to the root").into()),
    }
}
