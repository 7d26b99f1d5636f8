//! Puts the bundles together to one tree, and says which side is wrong where entries and tiles differ.

use crate::block::{Bundle, Side, in_file, leaf_hashes};
use crate::error::{Unusable, settle};
use crate::fault::{Faults, Kind};
use crate::framed::read_exactly;
use crate::inventory::{Inventory, Series};
use crate::tree::{BUNDLE, Peaks, Tree};
use tlog_tiles::Hash;

const HASH: u64 = 32;

/// Which side is taken where entries and tiles differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Choice {
    /// The side that the openings agree with, bundle by bundle.
    Openings,
    /// The entries throughout.
    Entries,
    /// The tiles throughout.
    Tiles,
}

impl Choice {
    fn side(self, bundle: &Bundle) -> Side {
        let for_tiles = |disagreement: &crate::block::Disagreement| disagreement.opening == Some(Side::Tiles);
        match self {
            Self::Openings if bundle.disagreements.is_empty() => Side::Entries,
            Self::Openings if bundle.disagreements.iter().all(for_tiles) => Side::Tiles,
            Self::Openings | Self::Entries => Side::Entries,
            Self::Tiles => Side::Tiles,
        }
    }

    /// The peaks of a bundle by this choice, or those of the other side where there are no others.
    fn peaks(self, bundle: &Bundle) -> Option<(Side, &Peaks)> {
        let entries = bundle.entries.as_ref().map(|peaks| (Side::Entries, peaks));
        let tile = bundle.tile.as_ref().map(|peaks| (Side::Tiles, peaks));
        match self.side(bundle) {
            Side::Entries => entries.or(tile),
            Side::Tiles => tile.or(entries),
        }
    }
}

/// The tree of the export.
pub(crate) struct Assembled {
    tree: Tree,
    sides: Vec<Side>,
    size: u64,
    complete: bool,
    agrees: bool,
}

impl Assembled {
    /// Puts the bundles together so that they give the signed root, if they can.
    pub fn new(bundles: &[Bundle], size: u64, root: [u8; 32]) -> Self {
        let first_choice = Self::by(Choice::Openings, bundles, size, root);
        if first_choice.agrees || bundles.iter().all(|bundle| bundle.disagreements.is_empty()) {
            return first_choice;
        }
        let others = [Choice::Entries, Choice::Tiles];
        let better =
            others.into_iter().map(|choice| Self::by(choice, bundles, size, root)).find(|tree| tree.agrees);
        better.unwrap_or(first_choice)
    }

    fn by(choice: Choice, bundles: &[Bundle], size: u64, root: [u8; 32]) -> Self {
        let mut tree = Tree::default();
        let mut sides = Vec::new();
        for (number, bundle) in (0_u64..).zip(bundles) {
            let Some((side, peaks)) = choice.peaks(bundle).filter(|_| bundle.number == number) else { break };
            tree.push(peaks);
            sides.push(side);
        }
        let complete = sides.len() as u64 == size.div_ceil(BUNDLE);
        let agrees = complete && tree.root().0 == root;
        Self { tree, sides, size, complete, agrees }
    }

    /// Names where entries and level-0 tiles differ, and whether the whole gives the signed root.
    pub fn name_faults(&self, bundles: &[Bundle], signed: bool, faults: &mut Faults) {
        for bundle in bundles {
            bundle.disagreements.iter().for_each(|at| self.name_disagreement(bundle.number, *at, faults));
        }
        if !self.complete || self.agrees {
            return;
        }
        let what = match signed {
            true => {
                "the entries and tiles do not give the root that the checkpoint signs: the log in this \
                 export is not the one that was signed"
            }
            false => "the entries and tiles do not give the root that the checkpoint states",
        };
        faults.general(Kind::WrongRoot, what);
    }

    fn name_disagreement(&self, bundle: u64, at: crate::block::Disagreement, faults: &mut Faults) {
        let chosen = usize::try_from(bundle).ok().and_then(|place| self.sides.get(place));
        let sure = self.agrees || at.opening.is_some();
        let (kind, what) = match chosen {
            _ if !sure => (Kind::AlteredEntry, "the entry and the tile do not agree: one of them is altered"),
            Some(Side::Tiles) => (Kind::AlteredEntry, "the entry is altered: it does not hash to its leaf"),
            Some(Side::Entries) | None => {
                (Kind::AlteredTile, "the level-0 tile is altered: it does not hold the hash of this entry")
            }
        };
        faults.at(at.leaf, kind, what);
    }

    /// Compares every tile above level 0 with the nodes under it.
    pub fn check_tiles(&self, inventory: &Inventory, faults: &mut Faults) -> Result<(), Unusable> {
        let levels = self.tree.levels();
        for (level, nodes) in (1_u8..).zip(&levels) {
            for number in inventory.numbers(Series::Tile(level)) {
                check_tile(level, *number, nodes, inventory, faults)?;
            }
        }
        Ok(())
    }

    /// The root of the first `size` leaves; none where the tree could not be computed so far.
    pub fn root_at(&self, size: u64, inventory: &Inventory) -> Result<Option<[u8; 32]>, Unusable> {
        if size == self.size {
            return Ok(self.complete.then(|| self.tree.root().0));
        }
        let (bundle, rest) = (size / BUNDLE, size % BUNDLE);
        let side = usize::try_from(bundle).ok().and_then(|place| self.sides.get(place).copied());
        let after = match (rest, side) {
            (0, _) => Vec::new(),
            (_, None) => return Ok(None),
            (_, Some(side)) => leaf_hashes(bundle, side, inventory)?.unwrap_or_default(),
        };
        let rest = usize::try_from(rest).unwrap_or(usize::MAX);
        let leaves: Option<&[Hash]> = after.get(..rest);
        Ok(leaves.and_then(|leaves| self.tree.root_of_prefix(bundle, leaves)).map(|root| root.0))
    }
}

fn check_tile(
    level: u8,
    number: u64,
    nodes: &[Hash],
    inventory: &Inventory,
    faults: &mut Faults,
) -> Result<(), Unusable> {
    let (path, width) = inventory.place(Series::Tile(level), number);
    let file = inventory.name(Series::Tile(level), number);
    let first = number.saturating_mul(BUNDLE);
    let leaf_of = |node: u64| node.saturating_mul(BUNDLE.saturating_pow(u32::from(level)));
    let octets = match settle(read_exactly(&path, width.saturating_mul(HASH)))? {
        Ok(octets) => octets,
        Err(malformed) => {
            let node = first.saturating_add((malformed.offset / HASH).min(width.saturating_sub(1)));
            faults.at(leaf_of(node), Kind::MalformedFile, in_file(&file, &malformed));
            return Ok(());
        }
    };
    let below = nodes.get(usize::try_from(first).unwrap_or(usize::MAX)..).unwrap_or_default();
    let stored = octets.as_chunks::<32>().0;
    for (node, (stored, computed)) in (first..u64::MAX).zip(stored.iter().zip(below)) {
        if *stored != computed.0 {
            let what =
                format!("the tile {file} is altered: its hash for the leaves from here on is not theirs");
            faults.at(leaf_of(node), Kind::AlteredTile, what);
        }
    }
    Ok(())
}
