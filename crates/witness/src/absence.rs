//! Every absent payload and erased field against the entry that authorises it (format page, section 6 point 6).

use crate::block::open_payloads;
use crate::error::{Trouble, Unusable, settle};
use crate::fault::{Faults, Kind};
use crate::framed::Framed;
use crate::inventory::{BLOCK, Inventory, Series};
use crate::note::Origin;
use crate::opening::Opening;
use crate::report::PayloadCount;
use crate::statement::{KEPT_FOR_EVER, LeafAuthority, Statements};

/// Says why an absence at a leaf is not authorised, or nothing where it is. Each word over it is the leaf of
/// the entry, and whether that entry is of operation `erasure` and states a ground.
pub(crate) fn judge(leaf: u64, words: impl Iterator<Item = (u64, bool)>) -> Option<String> {
    let mut found = None;
    for (by, sound) in words {
        match (by > leaf, sound) {
            (true, true) => return None,
            (true, false) => {
                found = Some(format!(
                    "the entry at leaf {by} that names it is no authority: it is not an erasure with a stated ground"
                ));
            }
            (false, _) => {
                found = found.or(Some(format!(
                    "the entry at leaf {by} that names it is no authority: it is not later than this leaf"
                )));
            }
        }
    }
    Some(found.unwrap_or_else(|| "no later entry authorises its erasure".to_owned()))
}

/// Checks all absences, and counts those that are authorised.
pub(crate) fn check_absences(statements: &Statements, faults: &mut Faults) -> PayloadCount {
    let mut count = PayloadCount { open: statements.open, ..PayloadCount::default() };
    for (leaf, tag) in &statements.absent {
        check_absence(*leaf, *tag, &statements.over_leaves, &mut count, faults);
    }
    count
}

fn check_absence(leaf: u64, tag: u16, over: &[LeafAuthority], count: &mut PayloadCount, faults: &mut Faults) {
    let from = over.partition_point(|authority| authority.target < (leaf, tag));
    let words = over.iter().skip(from).take_while(|authority| authority.target == (leaf, tag));
    let flaw = judge(leaf, words.map(|authority| (authority.by, authority.sound)));
    match (tag, flaw) {
        (0, None) => count.erased_whole = count.erased_whole.saturating_add(1),
        (0, Some(flaw)) => faults.at(leaf, Kind::MissingPayload, format!("the payload is missing, and {flaw}")),
        (tag, _) if KEPT_FOR_EVER.contains(&tag) => {
            let what = format!("field {tag} of the payload is erased; this field may never be erased");
            faults.at(leaf, Kind::ErasedField, what);
        }
        (_, None) => count.erased_fields = count.erased_fields.saturating_add(1),
        (tag, Some(flaw)) => {
            faults.at(leaf, Kind::ErasedField, format!("field {tag} of the payload is erased, and {flaw}"));
        }
    }
}

/// Names what an entry says is erased from the log and is still there.
pub(crate) fn check_still_there(
    statements: &Statements,
    inventory: &Inventory,
    origin: &Origin,
    size: u64,
    faults: &mut Faults,
) -> Result<(), Unusable> {
    let gone = |target: &(u64, u16)| statements.absent.binary_search(target).is_ok();
    let mut payloads = ForwardPayloads { inventory, origin, size, open: None };
    let mut last = None;
    for authority in &statements.over_leaves {
        let (leaf, tag) = authority.target;
        let in_force = authority.sound && authority.by > leaf && last != Some(authority.target);
        if !in_force || gone(&authority.target) || gone(&(leaf, 0)) {
            continue;
        }
        last = Some(authority.target);
        let by = authority.by;
        if payloads.holds(leaf, tag)? {
            let part = if tag == 0 { "the payload".to_owned() } else { format!("field {tag} of the payload") };
            let what = format!("{part} was erased, says the entry at leaf {by}, but is still there");
            faults.at(leaf, Kind::StillThere, what);
        }
    }
    Ok(())
}

/// Reads single payloads in ascending order of leaf, going forward only.
struct ForwardPayloads<'i> {
    inventory: &'i Inventory,
    origin: &'i Origin,
    size: u64,
    open: Option<Place>,
}

/// Where the reading stands: the file, the leaf of the payload read last, and that payload.
struct Place {
    file: Framed,
    next: u64,
    octets: Vec<u8>,
}

impl ForwardPayloads<'_> {
    /// Whether the payload of a leaf is there (tag 0) or has an open field. What cannot be read is named elsewhere.
    fn holds(&mut self, leaf: u64, tag: u16) -> Result<bool, Unusable> {
        let Ok(octets) = settle(self.payload(leaf))? else { return Ok(false) };
        let Ok(opening) = Opening::parse(octets) else { return Ok(false) };
        Ok(tag == 0 || opening.open(tag).is_some())
    }

    fn payload(&mut self, leaf: u64) -> Result<&[u8], Trouble> {
        let number = leaf / BLOCK;
        if !self.inventory.has(Series::Payloads, number) {
            return Ok(&[]);
        }
        let first = number.saturating_mul(BLOCK);
        let here = self.open.take().filter(|place| place.next > first && place.next <= leaf.saturating_add(1));
        let mut place = match here {
            Some(place) => place,
            None => self.start(first)?,
        };
        while place.next < leaf {
            place.file.skip("an opening")?;
            place.next = place.next.saturating_add(1);
        }
        if place.next == leaf {
            place.file.counted(&mut place.octets, "an opening")?;
            place.next = leaf.saturating_add(1);
        }
        Ok(&self.open.insert(place).octets)
    }

    fn start(&self, first: u64) -> Result<Place, Trouble> {
        let end = first.saturating_add(BLOCK).min(self.size);
        let file = open_payloads(self.inventory, self.origin, first, end)?;
        Ok(Place { file, next: first, octets: Vec::new() })
    }
}
