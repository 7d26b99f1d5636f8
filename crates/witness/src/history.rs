//! The tree against what was seen before: rewinds, forks and gaps (format page, section 6 points 3 and 4).

use crate::assembly::Assembled;
use crate::error::Unusable;
use crate::export::HeldCheckpoint;
use crate::fault::{Faults, Kind};
use crate::inventory::Inventory;
use crate::note::{Origin, PublicKey, SignedCheckpoint};
use crate::report::{Comparison, Gap, Outcome};
use crate::statement::GenerationEntry;
use crate::words::shown_run;

/// Where a generation begins in the tree, and what was lost before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Beginning {
    generation: u64,
    leaf: u64,
    first_lost: u64,
    end_of_loss: u64,
}

/// The present tree and the beginnings of its generations.
pub(crate) struct History<'e> {
    /// The present origin.
    pub origin: &'e Origin,
    /// How many leaves the checkpoint states.
    pub size: u64,
    /// The pinned key.
    pub key: Option<&'e PublicKey>,
    /// The recomputed tree.
    pub tree: &'e Assembled,
    /// The files.
    pub inventory: &'e Inventory,
}

/// What the history gives for the report.
#[derive(Debug, Default)]
pub(crate) struct Past {
    /// Each checkpoint held, and what came of it.
    pub comparisons: Vec<Comparison>,
    /// Losses that the log itself states.
    pub gaps: Vec<Gap>,
}

impl History<'_> {
    /// Checks the generations, then every checkpoint held outside.
    pub fn check(
        &self,
        entries: &[GenerationEntry],
        held: &[HeldCheckpoint],
        faults: &mut Faults,
    ) -> Result<Past, Unusable> {
        let mut beginnings = Vec::new();
        for entry in entries {
            beginnings.extend(self.beginning(entry, &beginnings, faults)?);
        }
        self.check_present_generation(&beginnings, faults);
        let lossy = beginnings.iter().filter(|beginning| beginning.end_of_loss > beginning.first_lost);
        let gaps = lossy.map(|beginning| Gap {
            generation: beginning.generation,
            leaf: beginning.leaf,
            first_lost: beginning.first_lost,
            end_of_lost: beginning.end_of_loss,
        });
        let mut past = Past { comparisons: Vec::new(), gaps: gaps.collect() };
        for held in held {
            let outcome = self.compare(&held.checkpoint, &beginnings, &held.place, faults)?;
            past.comparisons.push(Comparison {
                place: held.place.clone(),
                origin: held.checkpoint.origin().to_string(),
                size: held.checkpoint.size(),
                outcome,
            });
        }
        Ok(past)
    }

    fn check_present_generation(&self, beginnings: &[Beginning], faults: &mut Faults) {
        let present = self.origin.generation();
        let last = beginnings.last().map_or(1, |beginning| beginning.generation);
        if last != present {
            let what = format!(
                "the log calls itself generation {present}, but the last entry that begins a generation \
                     begins {last}: the entry that must state what was lost is not there"
            );
            faults.general(Kind::Gap, what);
        }
    }

    /// Reads one entry that begins a generation; none where it cannot be one.
    fn beginning(
        &self,
        entry: &GenerationEntry,
        before: &[Beginning],
        faults: &mut Faults,
    ) -> Result<Option<Beginning>, Unusable> {
        let leaf = entry.leaf;
        let mut wrong = |what: String| {
            faults.at(leaf, Kind::Gap, format!("the entry that begins a generation is wrong: {what}"));
        };
        let earlier = match SignedCheckpoint::parse(&entry.note) {
            Ok(earlier) => earlier,
            Err(why) => {
                wrong(format!("the earlier checkpoint in it cannot be read: {why}"));
                return Ok(None);
            }
        };
        if earlier.origin().base() != self.origin.base()
            || !self.key.is_none_or(|key| earlier.is_signed_by(key))
        {
            wrong("the earlier checkpoint in it is not signed by this log's key".to_owned());
            return Ok(None);
        }
        let (first, end) = entry.lost;
        if first > leaf || end < first {
            wrong(format!(
                "it states the lost leaves {first} to {end} (not included), but must begin at its own leaf or before"
            ));
        }
        let generation = earlier.origin().generation().saturating_add(1);
        if before.last().is_some_and(|last| generation <= last.generation) {
            wrong("it does not come after the generation before it".to_owned());
            return Ok(None);
        }
        let first_lost = first.min(leaf);
        let beginning = Beginning { generation, leaf, first_lost, end_of_loss: end.max(first_lost) };
        let outcome = self.against_beginning(&earlier, beginning)?;
        if matches!(outcome, Outcome::Fork | Outcome::BeyondGap) {
            wrong(
                "the earlier checkpoint in it does not fit this tree and the loss that it states".to_owned(),
            );
        }
        Ok(Some(beginning))
    }

    fn compare(
        &self,
        held: &SignedCheckpoint,
        beginnings: &[Beginning],
        place: &str,
        faults: &mut Faults,
    ) -> Result<Outcome, Unusable> {
        if held.origin().base() != self.origin.base() {
            faults.general(Kind::OtherLog, format!("{place} is of another log, {}", held.origin()));
            return Ok(Outcome::NotCompared);
        }
        if !self.key.is_none_or(|key| held.is_signed_by(key)) {
            let what = format!(
                "{place} is not signed by this log's key: it is of another log of the same name, and nothing of it was \
                 compared"
            );
            faults.general(Kind::OtherKey, what);
            return Ok(Outcome::NotCompared);
        }
        let generation = held.origin().generation();
        if generation > self.origin.generation() {
            faults.general(
                Kind::Rewind,
                format!(
                    "rewind: {place} is of generation {generation}; the log has gone back to generation {}",
                    self.origin.generation()
                ),
            );
            return Ok(Outcome::Rewind);
        }
        let beginning = beginnings.iter().find(|beginning| beginning.generation > generation);
        let outcome = match beginning {
            Some(beginning) => self.against_beginning(held, *beginning)?,
            // Its generation has no recorded end: that is named elsewhere, and the plain rule holds.
            None => self.against_tree(held)?,
        };
        self.name(outcome, held, beginning, place, faults);
        Ok(outcome)
    }

    fn against_beginning(&self, held: &SignedCheckpoint, beginning: Beginning) -> Result<Outcome, Unusable> {
        let size = held.size();
        if size <= beginning.first_lost {
            return self.against_tree(held);
        }
        // Of leaves that were lost and replaced some may still be what was shown.
        if size <= beginning.leaf && self.against_tree(held)? == Outcome::Prefix {
            return Ok(Outcome::Prefix);
        }
        Ok(if size <= beginning.end_of_loss { Outcome::Gap } else { Outcome::BeyondGap })
    }

    fn against_tree(&self, held: &SignedCheckpoint) -> Result<Outcome, Unusable> {
        if held.size() > self.size {
            return Ok(Outcome::Rewind);
        }
        Ok(match self.tree.root_at(held.size(), self.inventory)? {
            Some(root) if root == held.root() => Outcome::Prefix,
            Some(_) => Outcome::Fork,
            None => Outcome::NotCompared,
        })
    }

    fn name(
        &self,
        outcome: Outcome,
        held: &SignedCheckpoint,
        beginning: Option<&Beginning>,
        place: &str,
        faults: &mut Faults,
    ) {
        let size = held.size();
        match outcome {
            Outcome::Prefix | Outcome::Gap => {}
            Outcome::Rewind => {
                let lost = shown_run(self.size, size.saturating_sub(1));
                let what = format!(
                    "rewind: {place} shows {size} entries, the log now only {}; {lost} were dropped",
                    self.size
                );
                faults.at(self.size, Kind::Rewind, what);
            }
            Outcome::Fork => {
                let what = format!(
                    "fork: {place} shows another history of the first {size} entries than this export; one \
                     of the two was not what really happened"
                );
                faults.general(Kind::Fork, what);
            }
            Outcome::BeyondGap => {
                let leaf = beginning.map_or(self.size, |beginning| beginning.leaf);
                let what = format!(
                    "{place} shows {size} entries, more than the loss that this entry states accounts for"
                );
                faults.at(leaf, Kind::Gap, what);
            }
            Outcome::NotCompared => {
                let what =
                    format!("{place} could not be compared, because the tree cannot be computed so far");
                faults.general(Kind::MissingFile, what);
            }
        }
    }
}
