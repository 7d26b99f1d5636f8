//! Tells rows that are held from rows that are not, by keyed hashes: of a row's content, and of the id
//! under which its source names what it speaks of.

use super::{Batch, Counts, IncomingRow, IntakeRun, RejectedRow, SourceFile};
use crate::Desk;
use crate::error::DeskError;
use crate::keyed_hash::{Hash, keyed_hash};
use model::RecordId;
use std::collections::{HashMap, HashSet};
use vault::store::{RecordStore, SeenRow, SourceId};

/// The hashes of a batch, row by row.
pub(super) struct Marks {
    contents: Vec<Hash>,
    ids: Vec<Option<Hash>>,
}

impl Marks {
    /// Content is told apart within its file; content of a row with an id within its sort of file, for
    /// another file may repeat it.
    pub(super) fn of(key: &sealing::SecretKey, file: &SourceFile, rows: &[IncomingRow]) -> Self {
        let id = |row: &IncomingRow| {
            let joining = file.joining?;
            row.id.as_ref().map(|id| keyed_hash(key, joining.scope, id.as_bytes()))
        };
        let ids: Vec<Option<Hash>> = rows.iter().map(id).collect();
        let content = |(row, id): (&IncomingRow, &Option<Hash>)| {
            keyed_hash(key, scope_of(file, id.is_some()), &row.content)
        };
        Self { contents: rows.iter().zip(&ids).map(content).collect(), ids }
    }

    /// Each id once.
    pub(super) fn distinct_ids(&self) -> Vec<Hash> {
        distinct(self.ids.iter().copied().flatten())
    }

    fn distinct_contents(&self, with_id: bool) -> Vec<Hash> {
        let rows = self.contents.iter().zip(&self.ids);
        distinct(rows.filter(|(_, id)| id.is_some() == with_id).map(|(content, _)| *content))
    }
}

fn scope_of(file: &SourceFile, with_id: bool) -> &str {
    file.joining.filter(|_| with_id).map_or(file.source.as_str(), |joining| joining.sort)
}

fn distinct(hashes: impl Iterator<Item = Hash>) -> Vec<Hash> {
    let mut hashes: Vec<Hash> = hashes.collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// A row that is not held yet.
pub(super) struct FreshRow<'b> {
    pub(super) row: &'b IncomingRow,
    pub(super) occurrence: i64,
}

/// Rows of one thing.
pub(super) struct Thing<'b> {
    pub(super) id: Hash,
    /// The thing's record, where there is one.
    pub(super) record: Option<RecordId>,
    pub(super) rows: Vec<FreshRow<'b>>,
}

/// What of a batch is not held yet.
#[derive(Default)]
pub(super) struct Sorted<'b> {
    /// Rows without an id: each is a record.
    pub(super) alone: Vec<FreshRow<'b>>,
    /// Rows with an id, by what they are of, in the order of their first rows.
    pub(super) things: Vec<Thing<'b>>,
    /// Rows of records that were erased.
    pub(super) erased: Vec<RejectedRow>,
    /// What is then known of the contents of this file and of this sort of file.
    seen: [Vec<SeenRow>; 2],
}

impl Sorted<'_> {
    /// From which line to which.
    pub(super) fn lines(&self) -> String {
        let of_things = self.things.iter().flat_map(|thing| &thing.rows);
        let lines = self.alone.iter().chain(of_things).map(|fresh| fresh.row.line);
        let span = lines.fold(None, |span: Option<(u64, u64)>, line| {
            Some(span.map_or((line, line), |(first, last)| (first.min(line), last.max(line))))
        });
        span.map_or_else(|| "no line".to_owned(), |(first, last)| format!("lines {first} to {last}"))
    }
}

impl<S: RecordStore> Desk<S> {
    /// Sorts a batch by what is held; nothing is written.
    pub(super) async fn sort_out<'b>(
        &self,
        tx: &mut S::Tx,
        run: &IntakeRun,
        batch: &'b Batch,
        counts: &mut Counts,
    ) -> Result<Sorted<'b>, DeskError> {
        let store = &self.vault.store;
        let own = scope_of(&run.file, false);
        let of_sort = scope_of(&run.file, true);
        let alone = store.seen_rows(tx, own, &batch.marks.distinct_contents(false)).await?;
        let named = store.seen_rows(tx, of_sort, &batch.marks.distinct_contents(true)).await?;
        let ids = store.source_ids(tx, &batch.marks.distinct_ids()).await?;
        let mut sorter = Sorter {
            run: run.run,
            alone: alone.into_iter().map(|row| (row.content, row)).collect(),
            held: named.into_iter().map(|row| row.content).collect(),
            ids: ids.into_iter().map(|row| (row.id, row)).collect(),
            fresh: Vec::new(),
            places: HashMap::new(),
            sorted: Sorted::default(),
        };
        for (place, row) in batch.rows.iter().enumerate() {
            match batch.marks.ids[place] {
                Some(id) => sorter.named(row, batch.marks.contents[place], id, counts),
                None => sorter.alone(row, batch.marks.contents[place], counts),
            }
        }
        sorter.sorted.seen = [sorter.alone.into_values().collect(), sorter.fresh];
        Ok(sorter.sorted)
    }

    /// Remembers the rows of a sorted batch.
    pub(super) async fn keep_seen(
        &self,
        tx: &mut S::Tx,
        file: &SourceFile,
        sorted: &Sorted<'_>,
    ) -> Result<(), DeskError> {
        for (scope, seen) in
            [false, true].map(|with_id| scope_of(file, with_id)).into_iter().zip(&sorted.seen)
        {
            self.vault.store.put_seen_rows(tx, scope, seen).await?;
        }
        Ok(())
    }
}

/// A batch while it is sorted.
struct Sorter<'b> {
    run: i64,
    alone: HashMap<Hash, SeenRow>,
    held: HashSet<Hash>,
    ids: HashMap<Hash, SourceId>,
    /// Contents of rows with an id that are held from now on.
    fresh: Vec<SeenRow>,
    places: HashMap<Hash, usize>,
    sorted: Sorted<'b>,
}

impl<'b> Sorter<'b> {
    /// Identical rows of one file are different events: the n-th of a content is held already only
    /// where n of it are.
    fn alone(&mut self, row: &'b IncomingRow, content: Hash, counts: &mut Counts) {
        let seen = self.alone.entry(content).or_insert(SeenRow { content, ..SeenRow::default() });
        if seen.run != self.run {
            (seen.run, seen.seen) = (self.run, 0);
        }
        seen.seen += 1;
        if seen.seen <= seen.held {
            counts.repeated += 1;
            return;
        }
        seen.held = seen.seen;
        counts.accepted += 1;
        counts.possible_repeats += u64::from(seen.seen > 1);
        self.sorted.alone.push(FreshRow { row, occurrence: i64::from(seen.seen) });
    }

    /// An identical row of an id is a repeat, whatever file it stands in.
    fn named(&mut self, row: &'b IncomingRow, content: Hash, id: Hash, counts: &mut Counts) {
        if self.held.contains(&content) {
            counts.repeated += 1;
            return;
        }
        let known = self.ids.get(&id).map(|known| known.record);
        if known == Some(None) {
            let reject = of_erased(row);
            counts.reject(&reject);
            self.sorted.erased.push(reject);
            return;
        }
        self.held.insert(content);
        self.fresh.push(SeenRow { content, held: 1, run: self.run, seen: 1 });
        counts.accepted += 1;
        let things = &mut self.sorted.things;
        let place = *self.places.entry(id).or_insert(things.len());
        if place == things.len() {
            things.push(Thing { id, record: known.flatten(), rows: Vec::new() });
        }
        if let Some(thing) = things.get_mut(place) {
            thing.rows.push(FreshRow { row, occurrence: 1 });
        }
    }
}

/// What the row says is not kept: it would bring back what was erased.
fn of_erased(row: &IncomingRow) -> RejectedRow {
    RejectedRow {
        line: row.line,
        field: "row".to_owned(),
        reason: "is of a record that was erased here by law (DPA 2018 s.47); what it says is not kept"
            .to_owned(),
        raw: Vec::new(),
    }
}
