//! Every absent payload and erased field against the entry that authorises it (format page, section 6.6).

use crate::block::open_payloads;
use crate::error::{Trouble, Unusable, settle};
use crate::fault::{Faults, Kind};
use crate::framed::Framed;
use crate::inventory::{BLOCK, Inventory, Series};
use crate::note::Origin;
use crate::opening::Opening;
use crate::report::PayloadCount;
use crate::statement::{KEPT_FOR_EVER, Statements, Word};

/// Why an absence is not authorised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unauthorised {
    /// In words that go on after "and".
    pub why: String,
    /// Whether the authority may stand in a later payload that is altered or cannot be read.
    pub consequence: bool,
}

impl Unauthorised {
    fn certainly(why: String) -> Self {
        Self { why, consequence: false }
    }

    fn perhaps(why: String) -> Self {
        Self { why, consequence: true }
    }
}

/// Says why an absence at a leaf is not authorised, or nothing where it is. `words` are those of the entries
/// that name exactly what is absent, with their leaves.
pub(crate) fn judge(
    leaf: u64,
    words: impl Iterator<Item = (u64, Word)>,
    statements: &Statements,
) -> Result<(), Unauthorised> {
    let unreadable = statements.last_unreadable.filter(|last| *last > leaf);
    let mut flaw = match unreadable {
        Some(last) => Unauthorised::perhaps(format!(
            "no later entry that can be trusted authorises its erasure (payloads up to leaf {last} are \
             altered or missing)"
        )),
        None => Unauthorised::certainly("no later entry authorises its erasure".to_owned()),
    };
    for (by, word) in words {
        flaw = match (by > leaf, word) {
            (true, Word::Sound) => return Ok(()),
            (true, Word::Altered) => {
                let why = format!("the payload at leaf {by} that names it is altered, and so proves nothing");
                return Err(Unauthorised::perhaps(why));
            }
            (true, Word::Groundless) => Unauthorised::certainly(format!(
                "the entry at leaf {by} that names it is no authority: it is no erasure with a stated ground"
            )),
            (false, _) => Unauthorised::certainly(format!(
                "the entry at leaf {by} that names it is no authority: it is not later than this leaf"
            )),
        };
    }
    Err(flaw)
}

/// Checks all absences, and counts those that are authorised.
pub(crate) fn check_absences(statements: &Statements, faults: &mut Faults) -> PayloadCount {
    let mut count = PayloadCount { open: statements.open, ..PayloadCount::default() };
    for (leaf, tag) in &statements.absent {
        check_absence(*leaf, *tag, statements, &mut count, faults);
    }
    count
}

fn check_absence(
    leaf: u64,
    tag: u16,
    statements: &Statements,
    count: &mut PayloadCount,
    faults: &mut Faults,
) {
    if KEPT_FOR_EVER.contains(&tag) {
        let what = format!("field {tag} of the payload is erased; this field may never be erased");
        return faults.at(leaf, Kind::ErasedField, what);
    }
    let over = &statements.over_leaves;
    let from = over.partition_point(|authority| authority.target < (leaf, tag));
    let words = over.iter().skip(from).take_while(|authority| authority.target == (leaf, tag));
    let (kind, part, counter) = match tag {
        0 => (Kind::MissingPayload, "the payload is missing".to_owned(), &mut count.erased_whole),
        _ => (Kind::ErasedField, format!("field {tag} of the payload is erased"), &mut count.erased_fields),
    };
    match judge(leaf, words.map(|authority| (authority.by, authority.word)), statements) {
        Ok(()) => *counter = counter.saturating_add(1),
        Err(flaw) => faults.absence(leaf, None, kind, format!("{part}, and {}", flaw.why), flaw.consequence),
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
        let in_force = authority.word == Word::Sound && authority.by > leaf && last != Some(authority.target);
        if !in_force || gone(&authority.target) || gone(&(leaf, 0)) {
            continue;
        }
        last = Some(authority.target);
        let by = authority.by;
        if payloads.holds(leaf, tag)? {
            let part =
                if tag == 0 { "the payload".to_owned() } else { format!("field {tag} of the payload") };
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
    /// Whether the payload of a leaf is there (tag 0) or has an open field. What cannot be read is named
    /// elsewhere.
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
        let here =
            self.open.take().filter(|place| place.next > first && place.next <= leaf.saturating_add(1));
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
