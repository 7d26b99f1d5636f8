//! What a verification found, for machines and for people.

use crate::fault::Fault;
use crate::words::{counted, grouped, shown, shown_run};
use serde::Serialize;
use std::fmt;

/// How many payloads were open, and how many absent with authority.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct PayloadCount {
    /// Openings that gave their entry, some of their fields perhaps erased.
    pub open: u64,
    /// Payloads erased whole, each authorised by a later entry.
    pub erased_whole: u64,
    /// Fields erased from payloads, each authorised by a later entry.
    pub erased_fields: u64,
}

/// How many versions were held, and how many erased with authority.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct VersionCount {
    /// Readable rows of versions that an entry committed.
    pub held: u64,
    /// Versions erased whole, each authorised by a later entry.
    pub erased: u64,
    /// Fields erased from versions, each authorised by a later entry.
    pub erased_fields: u64,
}

/// What came of comparing the tree with a checkpoint held outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It is the beginning of this tree, as it should be.
    Prefix,
    /// Its end was lost, and the log itself says so.
    Gap,
    /// It shows more than the loss that the log states.
    BeyondGap,
    /// It shows more than this tree has.
    Rewind,
    /// It shows another history.
    Fork,
    /// It could not be compared; a fault says why.
    NotCompared,
}

/// One checkpoint held outside, compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// Where it came from, in words.
    pub place: String,
    /// Its origin.
    pub origin: String,
    /// How many entries it shows.
    pub size: u64,
    /// What came of it.
    pub outcome: Outcome,
}

/// A loss that the log itself states, after a database was restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// The generation that began with the loss.
    pub generation: u64,
    /// The leaf of the entry that states it.
    pub leaf: u64,
    /// The first lost leaf.
    pub first_lost: u64,
    /// The end of the lost leaves, not included.
    pub end_of_lost: u64,
}

/// The answer to one verification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether everything is good.
    pub good: bool,
    /// The origin that the checkpoint states.
    pub origin: Option<String>,
    /// How many entries the checkpoint states.
    pub size: Option<u64>,
    /// The root that the checkpoint states, in hexadecimal.
    pub root: Option<String>,
    /// The generation of the log.
    pub generation: Option<u64>,
    /// Entries that were read.
    pub entries: u64,
    /// Payloads.
    pub payloads: PayloadCount,
    /// Versions.
    pub versions: VersionCount,
    /// Checkpoints held outside, and what came of each.
    pub compared_with: Vec<Comparison>,
    /// Losses that the log itself states.
    pub gaps: Vec<Gap>,
    /// The faults, the first by leaf first; at most 1,000.
    pub faults: Vec<Fault>,
    /// How many faults there are in all.
    pub fault_count: u64,
    /// Whether the key was taken from the export itself, on trust.
    pub first_use: bool,
    /// The memory file that now holds this checkpoint; none where it was not remembered.
    pub remembered_in: Option<String>,
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_log(out)?;
        self.write_checked(out)?;
        self.write_past(out)?;
        self.write_faults(out)?;
        match &self.remembered_in {
            Some(file) => writeln!(out, "Remembered for next time in {}. Keep a copy of it.", shown(file))?,
            None => writeln!(out, "Not remembered: what was held before stays as it was.")?,
        }
        writeln!(
            out,
            "What this cannot prove: that a read never entered did not happen, that a purpose typed was \
             true, or anything before the first checkpoint kept outside (docs/formats/ledger.md, section 8)."
        )?;
        writeln!(out, "{}", if self.good { "GOOD" } else { "NOT GOOD" })
    }
}

impl Report {
    fn write_log(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(origin) = &self.origin else {
            return writeln!(out, "Log: unknown, because the checkpoint cannot be read.");
        };
        let size = self.size.unwrap_or_default();
        writeln!(out, "Log: {}, {}.", shown(origin), counted(size, "entry", "entries"))?;
        if let Some(root) = &self.root {
            writeln!(out, "Root: {root}.")?;
        }
        if self.first_use {
            writeln!(
                out,
                "First use: the key was taken from this export itself, on trust. Compare the file `vkey` \
                 with what the force published elsewhere, or give the key with --key."
            )?;
        }
        Ok(())
    }

    fn write_checked(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (payloads, versions) = (&self.payloads, &self.versions);
        writeln!(
            out,
            "Checked: {} against the tree and the signature{}.",
            counted(self.entries, "entry", "entries"),
            match self.size {
                Some(size) if size > self.entries => format!(
                    ", of {} that the checkpoint states; the others could not be, see the faults",
                    grouped(size)
                ),
                _ => String::new(),
            }
        )?;
        writeln!(
            out,
            "Payloads: {} open; erased with authority: {} whole, {}.",
            grouped(payloads.open),
            grouped(payloads.erased_whole),
            counted(payloads.erased_fields, "field", "fields")
        )?;
        writeln!(
            out,
            "Versions of records: {} held; erased with authority: {} whole, {}.",
            grouped(versions.held),
            grouped(versions.erased),
            counted(versions.erased_fields, "field", "fields")
        )
    }

    fn write_past(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for gap in &self.gaps {
            let lost = shown_run(gap.first_lost, gap.end_of_lost.saturating_sub(1));
            writeln!(
                out,
                "Gap: the entry at leaf {} says that {lost} of the generations before {} were lost.",
                gap.leaf, gap.generation
            )?;
            if gap.first_lost < gap.leaf {
                let replaced = shown_run(gap.first_lost, gap.leaf.saturating_sub(1));
                writeln!(out, "  Of these {replaced} were replaced: something was entered after a restore.")?;
            }
        }
        if self.compared_with.is_empty() {
            writeln!(out, "Compared with: nothing held from before, so a rewind or fork could not be seen.")?;
        }
        for comparison in &self.compared_with {
            let outcome = match comparison.outcome {
                Outcome::Prefix => "this log continues it",
                Outcome::Gap => "its end is among the lost leaves that the log states",
                Outcome::BeyondGap => "it shows more than the stated loss",
                Outcome::Rewind => "REWIND",
                Outcome::Fork => "FORK",
                Outcome::NotCompared => "not comparable",
            };
            let size = counted(comparison.size, "entry", "entries");
            let (place, origin) = (shown(&comparison.place), shown(&comparison.origin));
            writeln!(out, "Compared with: {place} ({origin}, {size}): {outcome}.")?;
        }
        Ok(())
    }

    fn write_faults(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.fault_count == 0 {
            return Ok(());
        }
        writeln!(out, "{}, in the order of the log:", counted(self.fault_count, "fault", "faults"))?;
        for fault in &self.faults {
            let leaf =
                fault.leaf.map_or_else(|| "the log as a whole".to_owned(), |leaf| format!("leaf {leaf}"));
            let version = fault.version.map(|id| format!(", version {}", crate::fault::uuid_text(&id)));
            let follows = if fault.consequence { " (This may only follow from another fault.)" } else { "" };
            writeln!(out, "  {leaf}{}: {}.{follows}", version.unwrap_or_default(), shown(&fault.what))?;
        }
        let unkept = self.fault_count.saturating_sub(self.faults.len() as u64);
        match unkept {
            0 => Ok(()),
            _ => writeln!(out, "  and {} more.", grouped(unkept)),
        }
    }
}
