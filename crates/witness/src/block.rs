//! One block of 65,536 leaves: its entries, its level-0 tiles and its payloads, each read once.

use crate::error::{Malformed, Unusable, settle};
use crate::fault::{Faults, Kind};
use crate::framed::{Framed, read_exactly};
use crate::inventory::{BLOCK, Inventory, Series};
use crate::note::Origin;
use crate::opening::Opening;
use crate::statement::Statements;
use crate::tree::{BUNDLE, Peaks};
use crate::words::{shown, shown_run};
use tlog_tiles::{Hash, record_hash};

const ENTRY: usize = 33;
const ENTRY_IN_BUNDLE: usize = ENTRY + 2;
const HASH: usize = 32;

/// A leaf at which the entry and the tile do not agree. The root decides which of them was altered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Disagreement {
    /// The leaf.
    pub leaf: u64,
    /// Which of them the opening agrees with.
    pub opening: Option<Side>,
}

/// One of the two places where a leaf is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// The entries.
    Entries,
    /// The level-0 tiles.
    Tiles,
}

/// What one bundle and its tile give.
#[derive(Debug, Default)]
pub(crate) struct Bundle {
    /// The number of the bundle.
    pub number: u64,
    /// The peaks of its entries, where all could be read.
    pub entries: Option<Peaks>,
    /// The peaks of the tile, where it could be read.
    pub tile: Option<Peaks>,
    /// Where they do not agree.
    pub disagreements: Vec<Disagreement>,
}

/// What a block gives.
#[derive(Debug, Default)]
pub(crate) struct Block {
    /// Its bundles, in order, those left out for which neither entries nor tile are there.
    pub bundles: Vec<Bundle>,
    /// What its entries say.
    pub statements: Statements,
    /// What is wrong in it.
    pub faults: Faults,
}

/// The two leaf hashes of one bundle; `None` where the file is missing or the place malformed.
struct Leaves {
    entries: Vec<Option<Hash>>,
    tile: Vec<Option<Hash>>,
}

/// Reads one block.
pub(crate) fn read_block(
    number: u64,
    inventory: &Inventory,
    origin: &Origin,
    size: u64,
) -> Result<Block, Unusable> {
    let mut block = Block::default();
    let first = number.saturating_mul(BLOCK);
    let end = first.saturating_add(BLOCK).min(size);
    let mut payloads = Payloads::open(inventory, origin, first, end, &mut block.faults)?;
    for bundle in (first / BUNDLE)..end.div_ceil(BUNDLE) {
        block.read_bundle(bundle, inventory, &mut payloads)?;
    }
    payloads.end(end, &mut block.faults)?;
    if payloads.file.is_none() {
        block.statements.note_unreadable(end.saturating_sub(1));
    }
    Ok(block)
}

impl Block {
    fn read_bundle(
        &mut self,
        number: u64,
        inventory: &Inventory,
        payloads: &mut Payloads,
    ) -> Result<(), Unusable> {
        let leaves = self.read_leaves(number, inventory)?;
        let first = number.saturating_mul(BUNDLE);
        let mut bundle = Bundle { number, ..Bundle::default() };
        for (leaf, (entry, tile)) in
            (first..u64::MAX).zip(leaves.entries.iter().copied().zip(leaves.tile.iter().copied()))
        {
            let opening = self.read_payload(leaf, entry, tile, payloads)?;
            if let (Some(entry), Some(tile)) = (entry, tile)
                && entry != tile
            {
                bundle.disagreements.push(Disagreement { leaf, opening });
            }
        }
        bundle.entries = peaks(&leaves.entries);
        bundle.tile = peaks(&leaves.tile);
        if bundle.entries.is_some() || bundle.tile.is_some() {
            self.bundles.push(bundle);
        }
        Ok(())
    }

    fn read_leaves(&mut self, number: u64, inventory: &Inventory) -> Result<Leaves, Unusable> {
        let width = inventory.place(Series::Entries, number).1;
        let empty = vec![None; usize::try_from(width).unwrap_or_default()];
        let mut leaves = Leaves { entries: empty.clone(), tile: empty };
        let first = number.saturating_mul(BUNDLE);
        if let Some(octets) = self.read_file(Series::Entries, number, ENTRY_IN_BUNDLE, inventory)? {
            let file = inventory.name(Series::Entries, number);
            let entries = octets.as_chunks::<ENTRY_IN_BUNDLE>().0;
            leaves.entries =
                (0_u64..).zip(entries).map(|(at, entry)| self.entry(first, at, entry, &file)).collect();
        }
        if let Some(octets) = self.read_file(Series::Tile(0), number, HASH, inventory)? {
            leaves.tile = octets.as_chunks::<HASH>().0.iter().map(|hash| Some(Hash(*hash))).collect();
        }
        Ok(leaves)
    }

    /// Reads a bundle or tile; none where it is missing (named elsewhere) or of the wrong length.
    fn read_file(
        &mut self,
        series: Series,
        number: u64,
        item: usize,
        inventory: &Inventory,
    ) -> Result<Option<Vec<u8>>, Unusable> {
        if !inventory.has(series, number) {
            return Ok(None);
        }
        let (path, width) = inventory.place(series, number);
        let item = item as u64;
        match settle(read_exactly(&path, width.saturating_mul(item)))? {
            Ok(octets) => Ok(Some(octets)),
            Err(malformed) => {
                let file = inventory.name(series, number);
                let within = (malformed.offset / item).min(width.saturating_sub(1));
                let leaf = number.saturating_mul(BUNDLE).saturating_add(within);
                self.faults.at(leaf, Kind::MalformedFile, in_file(&file, &malformed));
                Ok(None)
            }
        }
    }

    fn entry(&mut self, first: u64, at: u64, octets: &[u8; ENTRY_IN_BUNDLE], file: &str) -> Option<Hash> {
        let (length, entry) = octets.split_at(2);
        if length == [0, ENTRY as u8] {
            if !entry.starts_with(&[1]) {
                let what = "the entry does not begin with octet 01, as every entry must";
                self.faults.at(first.saturating_add(at), Kind::AlteredEntry, what);
            }
            return Some(record_hash(entry));
        }
        let offset = at.saturating_mul(ENTRY_IN_BUNDLE as u64);
        let what = "the length before an entry should be 33".to_owned();
        self.faults.at(
            first.saturating_add(at),
            Kind::MalformedFile,
            in_file(file, &Malformed { offset, what }),
        );
        None
    }

    /// Reads the payload of a leaf and says which of entry and tile it agrees with.
    fn read_payload(
        &mut self,
        leaf: u64,
        entry: Option<Hash>,
        tile: Option<Hash>,
        payloads: &mut Payloads,
    ) -> Result<Option<Side>, Unusable> {
        let Some(octets) = payloads.next(leaf, &mut self.faults)? else { return Ok(None) };
        if octets.is_empty() {
            self.statements.absent.push((leaf, 0));
            return Ok(None);
        }
        let opening = match Opening::parse(octets) {
            Ok(opening) => opening,
            Err(malformed) => {
                let what =
                    format!("the payload is altered: at its octet {}, {}", malformed.offset, malformed.what);
                self.faults.at(leaf, Kind::AlteredPayload, what);
                self.statements.note_unreadable(leaf);
                return Ok(None);
            }
        };
        let side = agreement(&opening, entry, tile);
        if side.is_some() {
            self.statements.note(leaf, &opening, &mut self.faults);
            return Ok(side);
        }
        self.statements.note_altered(leaf, &opening);
        if entry.is_some() || tile.is_some() {
            let what = "the payload is altered: it does not give the entry that the log holds for it";
            self.faults.at(leaf, Kind::AlteredPayload, what);
        }
        Ok(None)
    }
}

fn agreement(opening: &Opening<'_>, entry: Option<Hash>, tile: Option<Hash>) -> Option<Side> {
    let mut octets = [1; ENTRY];
    octets.split_at_mut(1).1.copy_from_slice(&opening.commitment());
    let leaf = record_hash(&octets);
    if entry == Some(leaf) {
        return Some(Side::Entries);
    }
    (tile == Some(leaf)).then_some(Side::Tiles)
}

fn peaks(leaves: &[Option<Hash>]) -> Option<Peaks> {
    let leaves: Option<Vec<Hash>> = leaves.iter().copied().collect();
    leaves.map(|leaves| Peaks::of_leaves(&leaves))
}

/// Malformed content of a file, for people.
pub(crate) fn in_file(file: &str, malformed: &Malformed) -> String {
    format!("the file {file} breaks the format at octet {}: {}", malformed.offset, shown(&malformed.what))
}

/// The payload file of a block, while it can be read.
struct Payloads {
    file: Option<Framed>,
    name: String,
    opening: Vec<u8>,
    last: u64,
}

impl Payloads {
    fn open(
        inventory: &Inventory,
        origin: &Origin,
        first: u64,
        end: u64,
        faults: &mut Faults,
    ) -> Result<Self, Unusable> {
        let number = first / BLOCK;
        let name = inventory.name(Series::Payloads, number);
        let mut payloads = Self { file: None, name, opening: Vec::new(), last: end.saturating_sub(1) };
        if !inventory.has(Series::Payloads, number) {
            return Ok(payloads);
        }
        match settle(open_payloads(inventory, origin, first, end))? {
            Ok(file) => payloads.file = Some(file),
            Err(malformed) => payloads.give_up(first, &malformed, faults),
        }
        Ok(payloads)
    }

    /// The octets of the next opening, empty where it is absent; none where the file cannot be read so far.
    fn next(&mut self, leaf: u64, faults: &mut Faults) -> Result<Option<&[u8]>, Unusable> {
        let Some(file) = &mut self.file else { return Ok(None) };
        if let Err(malformed) = settle(file.counted(&mut self.opening, "an opening"))? {
            self.give_up(leaf, &malformed, faults);
            return Ok(None);
        }
        Ok(Some(&self.opening))
    }

    fn end(&mut self, end: u64, faults: &mut Faults) -> Result<(), Unusable> {
        let Some(file) = &self.file else { return Ok(()) };
        if let Err(malformed) = settle(file.end())? {
            let name = &self.name;
            faults.at(end.saturating_sub(1), Kind::MalformedFile, in_file(name, &malformed));
        }
        Ok(())
    }

    fn give_up(&mut self, leaf: u64, malformed: &Malformed, faults: &mut Faults) {
        self.file = None;
        let beyond = shown_run(leaf, self.last);
        let what = format!("{}; the payloads of {beyond} cannot be read", in_file(&self.name, malformed));
        faults.at(leaf, Kind::MalformedFile, what);
    }
}

/// Opens a payload file and checks its heading.
pub(crate) fn open_payloads(
    inventory: &Inventory,
    origin: &Origin,
    first: u64,
    end: u64,
) -> Result<Framed, crate::error::Trouble> {
    let mut file = Framed::open(&inventory.place(Series::Payloads, first / BLOCK).0)?;
    file.expect_line("bluelamp payloads 1", "the first line")?;
    file.expect_line(&origin.to_string(), "the origin")?;
    file.expect_line(&first.to_string(), "the first leaf")?;
    file.expect_line(&end.saturating_sub(first).to_string(), "the count of payloads")?;
    Ok(file)
}

/// The leaf hashes of one bundle, read anew from one side.
pub(crate) fn leaf_hashes(
    number: u64,
    side: Side,
    inventory: &Inventory,
) -> Result<Option<Vec<Hash>>, Unusable> {
    let mut scratch = Block::default();
    let leaves = scratch.read_leaves(number, inventory)?;
    let chosen = match side {
        Side::Entries => leaves.entries,
        Side::Tiles => leaves.tile,
    };
    Ok(chosen.into_iter().collect())
}
