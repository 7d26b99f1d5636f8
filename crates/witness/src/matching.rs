//! Every committed version against its row (format page, section 6 point 7).

use crate::absence::{Unauthorised, judge};
use crate::block::in_file;
use crate::error::{Malformed, Trouble, Unusable, settle};
use crate::fault::{Faults, Kind};
use crate::framed::Framed;
use crate::inventory::{BLOCK, Inventory, Series};
use crate::note::Origin;
use crate::parallel::in_order;
use crate::report::VersionCount;
use crate::row::{Form, KIND_COLUMN, RECORD_COLUMN, Row, VERSION_COLUMN, VersionField};
use crate::statement::{Commitment, Statements, VersionAuthority, Word};
use std::cmp::{Ordering, Reverse};
use std::ops::Range;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

type VersionId = [u8; 16];

/// What one file gives.
#[derive(Default)]
struct FileResult {
    count: VersionCount,
    faults: Faults,
    first: Option<VersionId>,
    last: Option<VersionId>,
    rows: u64,
}

/// Compares the rows of all files with what the entries committed.
pub(crate) fn match_versions(
    inventory: &Inventory,
    origin: &Origin,
    statements: &Statements,
    faults: &mut Faults,
) -> Result<VersionCount, Unusable> {
    let matcher = Matcher::new(statements);
    let numbers = inventory.numbers(Series::Versions);
    let results = in_order(numbers, |number| matcher.read_file(*number, inventory, origin))?;
    check_order(numbers, &results, inventory, faults);
    let mut count = VersionCount::default();
    for result in results {
        count.held = count.held.saturating_add(result.count.held);
        count.erased_fields = count.erased_fields.saturating_add(result.count.erased_fields);
        faults.merge(result.faults);
    }
    count.erased = matcher.name_missing(faults);
    Ok(count)
}

fn check_order(numbers: &[u64], results: &[FileResult], inventory: &Inventory, faults: &mut Faults) {
    let mut last = None;
    for (place, (number, result)) in numbers.iter().zip(results).enumerate() {
        let file = inventory.name(Series::Versions, *number);
        if result.first.is_some() && last >= result.first {
            let what = format!("the rows of {file} do not come after those of the file before it");
            faults.general(Kind::MalformedFile, what);
        }
        last = result.last.or(last);
        let is_last = place.saturating_add(1) == results.len();
        let fits = result.rows == BLOCK || (is_last && (result.rows > 0 || place == 0));
        if !fits {
            let what = format!(
                "the file {file} has {} rows; only the last may have fewer than {BLOCK}",
                result.rows
            );
            faults.general(Kind::MalformedFile, what);
        }
    }
}

/// Every word of an entry over a version or field.
fn words_over(
    authorities: &[VersionAuthority],
    target: (VersionId, u16),
) -> impl Iterator<Item = &VersionAuthority> {
    let from = authorities.partition_point(|authority| authority.target < target);
    authorities.iter().skip(from).take_while(move |authority| authority.target == target)
}

struct Matcher<'s> {
    statements: &'s Statements,
    met: Vec<AtomicBool>,
    met_nameless: Vec<AtomicBool>,
}

impl<'s> Matcher<'s> {
    fn new(statements: &'s Statements) -> Self {
        let flags = |count: usize| std::iter::repeat_with(|| AtomicBool::new(false)).take(count).collect();
        let met = flags(statements.commitments.len());
        Self { statements, met, met_nameless: flags(statements.nameless.len()) }
    }

    fn read_file(&self, number: u64, inventory: &Inventory, origin: &Origin) -> Result<FileResult, Unusable> {
        let mut result = FileResult::default();
        if let Err(malformed) = settle(self.read_rows(number, inventory, origin, &mut result))? {
            let file = inventory.name(Series::Versions, number);
            let what = format!("{}; the rows from there on cannot be read", in_file(&file, &malformed));
            result.faults.general(Kind::MalformedFile, what);
        }
        Ok(result)
    }

    fn read_rows(
        &self,
        number: u64,
        inventory: &Inventory,
        origin: &Origin,
        result: &mut FileResult,
    ) -> Result<(), Trouble> {
        let mut file = Framed::open(&inventory.place(Series::Versions, number).0)?;
        file.expect_line("bluelamp versions 1", "the first line")?;
        file.expect_line(&origin.to_string(), "the origin")?;
        let count = file.number_line("the count of rows")?;
        if count > BLOCK {
            return Err(file.malformed(format!("a file has at most {BLOCK} rows, not {count}")));
        }
        result.rows = count;
        let mut octets = Vec::new();
        for _ in 0..count {
            let at = file.offset();
            file.counted(&mut octets, "a row")?;
            match Row::parse(&octets) {
                Ok(row) => self.check_row(&row, at, result),
                Err(malformed) => self.name_malformed(&octets, at, &malformed, result),
            }
        }
        file.end()
    }

    /// A row that cannot be read is named at the leaf that committed its version, where that can be told.
    fn name_malformed(&self, octets: &[u8], at: u64, malformed: &Malformed, result: &mut FileResult) {
        let what = format!("a row at octet {at} of `versions/` breaks the format: {}", malformed.what);
        let version = octets.first_chunk::<16>();
        let Some(version) = version else { return result.faults.general(Kind::MalformedFile, what) };
        let commitments = self.statements.commitments.get(self.committed(version));
        let leaf = commitments.and_then(<[Commitment]>::first).map(|commitment| commitment.leaf);
        result.faults.version(leaf, *version, Kind::MalformedFile, what);
    }

    fn check_row(&self, row: &Row<'_>, at: u64, result: &mut FileResult) {
        let places = self.committed(&row.version);
        let commitments = self.statements.commitments.get(places.clone()).unwrap_or_default();
        self.met.get(places).unwrap_or_default().iter().for_each(|met| met.store(true, Relaxed));
        let leaf = commitments.first().map(|commitment| commitment.leaf).or_else(|| self.nameless_leaf(row));
        match result.last.map(|last| last.cmp(&row.version)) {
            Some(Ordering::Equal) => {
                let what = format!("the row at octet {at} of its file in `versions/` stands there twice");
                return result.faults.version(leaf, row.version, Kind::MalformedFile, what);
            }
            Some(Ordering::Greater) => {
                let what = format!("the row at octet {at} of its file in `versions/` is out of order");
                result.faults.version(None, row.version, Kind::MalformedFile, what);
            }
            Some(Ordering::Less) | None => {}
        }
        result.first = result.first.or(Some(row.version));
        result.last = result.last.max(Some(row.version));
        let Some(leaf) = leaf else {
            let what =
                "`versions/` holds a version that no open entry commits: it was put there behind the ledger";
            return result.faults.version(None, row.version, Kind::UnknownVersion, what);
        };
        let mut check = RowCheck { row, leaf, statements: self.statements, result };
        check.against_commitments(commitments);
        check.fields();
    }

    fn committed(&self, version: &VersionId) -> Range<usize> {
        let commitments = &self.statements.commitments;
        let from = commitments.partition_point(|commitment| commitment.version < *version);
        let rest = commitments.get(from..).unwrap_or_default();
        let count = rest.iter().take_while(|commitment| commitment.version == *version).count();
        from..from.saturating_add(count)
    }

    /// The leaf that committed a row whose list of records was erased, found by the commitment itself.
    fn nameless_leaf(&self, row: &Row<'_>) -> Option<u64> {
        let hash = row.commitment()?;
        let place = self.statements.nameless.partition_point(|(committed, _)| *committed < hash);
        let (_, leaf) = self.statements.nameless.get(place).filter(|(committed, _)| *committed == hash)?;
        self.met_nameless.get(place)?.store(true, Relaxed);
        Some(*leaf)
    }

    /// Names the commitments that no row meets, and counts the versions that were erased with authority.
    fn name_missing(&self, faults: &mut Faults) -> u64 {
        let mut erased = 0_u64;
        let mut last = None;
        for (commitment, met) in self.statements.commitments.iter().zip(&self.met) {
            if met.load(Relaxed) || last.replace(commitment.version) == Some(commitment.version) {
                continue;
            }
            let Err(flaw) = self.judge_missing(commitment) else {
                erased = erased.saturating_add(1);
                continue;
            };
            let what = format!("the version that this entry committed is missing, and {}", flaw.why);
            let version = Some(commitment.version);
            faults.absence(commitment.leaf, version, Kind::MissingVersion, what, flaw.consequence);
        }
        erased.saturating_add(self.name_missing_nameless(faults))
    }

    fn judge_missing(&self, commitment: &Commitment) -> Result<(), Unauthorised> {
        let words = words_over(&self.statements.over_versions, (commitment.version, 0));
        judge(commitment.leaf, words.map(|found| (found.by, found.word)), self.statements)
    }

    /// A commitment without a name may have been erased by any later word over a version that no entry names.
    fn name_missing_nameless(&self, faults: &mut Faults) -> u64 {
        let is_excuse = |authority: &&VersionAuthority| {
            authority.word == Word::Sound
                && authority.target.1 == 0
                && self.committed(&authority.target.0).is_empty()
        };
        let mut excuses: Vec<_> = self.statements.over_versions.iter().filter(is_excuse).collect();
        excuses.dedup_by_key(|authority| authority.target.0);
        excuses.sort_by_key(|authority| authority.by);
        let both = self.statements.nameless.iter().zip(&self.met_nameless);
        let unmet = both.filter(|(_, met)| !met.load(Relaxed));
        let mut leaves: Vec<u64> = unmet.map(|((_, leaf), _)| *leaf).collect();
        leaves.sort_unstable_by_key(|leaf| Reverse(*leaf));
        let mut erased = 0_u64;
        for leaf in leaves {
            match excuses.pop_if(|authority| authority.by > leaf) {
                Some(_) => erased = erased.saturating_add(1),
                None => self.name_nameless(leaf, faults),
            }
        }
        erased
    }

    fn name_nameless(&self, leaf: u64, faults: &mut Faults) {
        if let Err(flaw) = judge(leaf, std::iter::empty(), self.statements) {
            let part = "a version that this entry committed is missing (its list of records is erased)";
            let what = format!("{part}, and {}", flaw.why);
            faults.absence(leaf, None, Kind::MissingVersion, what, flaw.consequence);
        }
    }
}

/// The checks of one row, named at the leaf that committed it.
struct RowCheck<'r> {
    row: &'r Row<'r>,
    leaf: u64,
    statements: &'r Statements,
    result: &'r mut FileResult,
}

impl RowCheck<'_> {
    fn against_commitments(&mut self, commitments: &[Commitment]) {
        if self.authorised(0) {
            self.fault(
                Kind::StillThere,
                "the version was erased whole, says a later entry, but is still there",
            );
        }
        let Some(given) = self.row.commitment() else {
            return self.fault(
                Kind::UnreadableVersion,
                "the version cannot be read: its body does not open under its key",
            );
        };
        self.result.count.held = self.result.count.held.saturating_add(1);
        for commitment in commitments {
            if commitment.hash != given {
                let what =
                    "the version is altered: its body or a label differs from what this entry committed";
                self.result.faults.version(
                    Some(commitment.leaf),
                    self.row.version,
                    Kind::AlteredVersion,
                    what,
                );
            }
            if (commitment.record, commitment.kind) != (self.row.record, self.row.kind) {
                self.fault(
                    Kind::AlteredVersion,
                    "the row names another record or kind than the entry (tag 12)",
                );
            }
        }
        self.columns();
    }

    fn columns(&mut self) {
        let kind = self.row.kind.to_be_bytes();
        let expected: [(u16, &[u8], &str); 3] = [
            (RECORD_COLUMN, &self.row.record, "record"),
            (VERSION_COLUMN, &self.row.version, "version"),
            (KIND_COLUMN, &kind, "kind"),
        ];
        for (tag, value, name) in expected {
            if self.row.column(tag) != Some(value) {
                self.fault(
                    Kind::AlteredVersion,
                    format!(
                        "the row's {name} differs from its plain column {tag}, or that column is not there"
                    ),
                );
            }
        }
    }

    fn fields(&mut self) {
        for field in self.row.fields.iter().flatten() {
            self.field(field);
        }
    }

    fn field(&mut self, field: &VersionField<'_>) {
        let tag = field.tag;
        match (field.form, field.is_column()) {
            (Form::Open(_), true) => {}
            (_, true) => {
                let what =
                    format!("the plain column {tag} is not open, so that the label in it cannot be checked");
                self.fault(Kind::AlteredVersion, what);
            }
            (Form::Open(_), false) => {
                let what = format!("field {tag} of the body is shown; an export shows no content");
                self.fault(Kind::MalformedFile, what);
            }
            (Form::Closed, false) if self.authorised(tag) => {
                let what = format!("field {tag} was erased, says a later entry, but is still there");
                self.fault(Kind::StillThere, what);
            }
            (Form::Closed, false) => {}
            (Form::Erased, false) => self.erased_field(tag),
        }
    }

    fn erased_field(&mut self, tag: u16) {
        let words = words_over(&self.statements.over_versions, (self.row.version, tag));
        match judge(self.leaf, words.map(|found| (found.by, found.word)), self.statements) {
            Ok(()) => self.result.count.erased_fields = self.result.count.erased_fields.saturating_add(1),
            Err(flaw) => {
                let what = format!("field {tag} of the version is erased, and {}", flaw.why);
                let (version, kind) = (Some(self.row.version), Kind::ErasedVersionField);
                self.result.faults.absence(self.leaf, version, kind, what, flaw.consequence);
            }
        }
    }

    fn authorised(&self, field: u16) -> bool {
        words_over(&self.statements.over_versions, (self.row.version, field))
            .any(|authority| authority.word == Word::Sound && authority.by > self.leaf)
    }

    fn fault(&mut self, kind: Kind, what: impl Into<String>) {
        self.result.faults.version(Some(self.leaf), self.row.version, kind, what);
    }
}
