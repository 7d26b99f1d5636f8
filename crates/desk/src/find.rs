//! Search: the filter stands inside the query, the decision is made again on the plain labels of
//! the store, and nothing is shown before the entry is durable. A list of results shown is a
//! consultation of each item on it (DPA 2018 s.62(1)(c)).

mod export;
mod groups;

pub use export::{Disclosed, DisclosureRequest, Form, MOST_DISCLOSED};
pub use groups::{Group, Head};

use crate::Desk;
use crate::clock::london_day;
use crate::door::labels_of;
use crate::error::DeskError;
use crate::record::{UNIT, editable, kind_of, reference_of, unit_of};
use crate::session::Session;
use law::access::{Action, Context, Filter, Matrix, Target};
use ledger::{Detail, Receipt, Show};
use model::derived::{Fields, show};
use model::{Body, Kind, Labels, Place, RecordId, Value, VersionId, VersionRef, kinds};
use search::{Facets, Hits, Order, Page, Pick, Query};
use std::collections::{HashMap, HashSet};
use std::time::Duration;
use vault::store::RecordStore;
use vault::{Sealed, VaultError, VersionRow};

/// The line of a record whose body does not open: it is there, and one altered body hides no other.
pub const DOES_NOT_OPEN: &str = "This record does not open: it was altered in the store. Tell whoever runs the system to run `bluelamp doctor`.";

/// One answer.
#[derive(Debug, Clone)]
pub struct Found {
    /// The record.
    pub record: RecordId,
    /// Its reference.
    pub reference: String,
    /// Name of its kind.
    pub kind: &'static str,
    /// One line to recognise it by.
    pub name: String,
    /// How well it fits; the best is highest.
    pub score: f32,
    /// The probability that it is the one meant, where words were matched with names: between 0 and 1.
    pub probability: Option<f32>,
    /// Why it is here, in words.
    pub why: Vec<String>,
    /// When it happened, in microseconds since 1970, where that is known.
    pub happened: Option<i64>,
    /// The unit that answers for it, where that is known.
    pub unit: Option<String>,
    /// Its places that have coordinates.
    pub places: Vec<Place>,
}

/// What is wanted of the answers to a query.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Which of them.
    pub page: Page,
    /// In which order they stand.
    pub order: Order,
    /// Whether they are counted by kind, year, unit and state.
    pub counts: bool,
    /// The unit alone of whose records they are, as it is written there.
    pub unit: Option<String>,
}

impl From<Page> for Wanted {
    fn from(page: Page) -> Self {
        Self { page, ..Self::default() }
    }
}

/// The answers to a query.
#[derive(Debug, Clone)]
pub struct Answers {
    /// How many there are in all, of those that this person may read.
    pub total: u64,
    /// Leaf of the log up to which the index was built.
    pub position: Option<u64>,
    /// Time of the whole search at the door.
    pub took: Duration,
    /// How many of them do not say what was asked, and are linked with a record that does.
    pub reached: u64,
    /// How many of them hold all that was asked for.
    pub whole: u64,
    /// How many parts of it the others may lack: they are looked for where few hold all.
    pub lacking: usize,
    /// How they fall by kind, year, unit and state, where that was asked for.
    pub counts: Option<Facets>,
    /// The page asked for, best first.
    pub found: Vec<Found>,
    /// The same, each under the person, vehicle or place that it is linked with.
    pub groups: Vec<Group>,
    /// What was searched, and what was not.
    pub scope: Scope,
    /// Restricted records that the query names, and whom to ask: on the first page, at most
    /// [`MOST_RESTRICTED`]. What is covert is never among them.
    pub restricted: Vec<Restricted>,
}

/// What a search went through: “nothing found” is an answer that somebody may rely on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// The kinds of record that this person may list.
    pub kinds: Vec<&'static str>,
    /// What was not searched, in words.
    pub not_searched: Vec<String>,
}

impl Scope {
    pub(crate) fn of(matrix: &Matrix, context: &Context) -> Self {
        let may_list = |kind: &&Kind| matrix.allows(&context.roles, kind.number, Action::List);
        let (may, may_not): (Vec<_>, Vec<_>) = kinds::ALL.iter().copied().partition(may_list);
        let mut not_searched = vec![
            "records that are restricted to others, but for names, dates of birth and numbers".to_owned(),
            "what stands inside files that are attached to records".to_owned(),
            "other forces’ and national systems".to_owned(),
        ];
        if !may_not.is_empty() {
            let titles: Vec<String> = may_not.iter().map(|kind| kind.plural.to_lowercase()).collect();
            not_searched
                .insert(0, format!("kinds of record that your roles may not list: {}", titles.join(", ")));
        }
        Self { kinds: may.iter().map(|kind| kind.plural).collect(), not_searched }
    }
}

/// A record that is there, and that this person may not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restricted {
    /// Its reference.
    pub reference: String,
    /// Name of its kind.
    pub kind: &'static str,
    /// The name of who answers for the restriction, where that is known.
    pub ask: Option<String>,
}

/// Restricted records that one search points to.
pub const MOST_RESTRICTED: usize = 5;

impl<S: RecordStore> Desk<S> {
    /// Searches.
    ///
    /// # Errors
    /// A query that does not read, with the place in it; a refusal.
    pub async fn search(
        &self,
        who: &Session,
        text: &str,
        wanted: impl Into<Wanted>,
    ) -> Result<Answers, DeskError> {
        let query = Query::parse(text).map_err(|error| DeskError::unusable(error.to_string()))?;
        self.answer(who, &query, text, wanted).await
    }

    /// Searches by the advanced form. In the log stands the query that it comes to.
    ///
    /// # Errors
    /// A form that does not read, with its member; as [`Desk::search`].
    pub async fn search_form(
        &self,
        who: &Session,
        form: &search::Form,
        wanted: impl Into<Wanted>,
    ) -> Result<(String, Answers), DeskError> {
        let (text, query) = form.read(&[]).map_err(|error| DeskError::unusable(error.to_string()))?;
        let answers = self.answer(who, &query, &text, wanted).await?;
        Ok((text, answers))
    }

    /// Answers a query, which stands in the log as `text`.
    pub(crate) async fn answer(
        &self,
        who: &Session,
        query: &Query,
        text: &str,
        wanted: impl Into<Wanted>,
    ) -> Result<Answers, DeskError> {
        let Wanted { page, order, counts, unit } = wanted.into();
        let started = std::time::Instant::now();
        let permit = self.permit(who, Action::List, 0, &[]).await?;
        let context = who.at(self.clock.now());
        let query = query.clone().asked_on(london_day(self.clock.now()));
        let query = &unit.iter().fold(query, |query, unit| query.of_unit(unit));
        let text = &unit.iter().fold(text.to_owned(), |text, unit| format!("({text}) unit:\"{unit}\""));
        let matrix = self.matrix();
        // A search that follows links looks at other kinds, and so at what others keep covert there.
        let looked_for = query.followed();
        let looked_for = looked_for.as_ref().unwrap_or(query);
        // Side by side, and all before anything is shown: the time of an answer tells nothing of owners told.
        let ((), closed, withheld, counts) = tokio::try_join!(
            self.tell_owners(&context, text, looked_for),
            self.restricted(&context, query, page),
            async { Ok(self.index.run(&permit, &matrix, query, Pick { page, order }).await?) },
            async {
                Ok(match counts {
                    true => Some(self.index.facets(&permit, &matrix, query).await?),
                    false => None,
                })
            },
        )?;
        let (refs, found) = (withheld.refs(), withheld.page());
        let (shown, links) = tokio::try_join!(self.shown(who, &refs), self.links_of_page(&permit, &found))?;
        let withheld = withheld.leave_out(&shown.gone);
        let mut ties = self.ties(&context, &shown.in_order(&withheld.page()), &links).await?;
        let mut targets = shown.targets();
        targets.extend(ties.targets());
        let permit = self.permit(who, Action::List, 0, &targets).await?;
        let mut detail = Detail { query: Some(text.to_owned()), ..Detail::default() };
        withheld.describe(&mut detail);
        let mut entries = vec![(permit, detail)];
        if !closed.is_empty() {
            let targets: Vec<Target<'_>> = closed.iter().map(Closed::target).collect();
            let detail = Detail { query: Some(text.to_owned()), ..Detail::default() };
            entries.push((self.permit(who, Action::Know, 0, &targets).await?, detail));
        }
        let answers_shown = shown.rows.len();
        let rows = shown.rows.into_iter().chain(ties.take_rows()).collect();
        // Keys are looked up beside the entry: without its receipt they open nothing.
        let (receipt, mut sealed, restricted) = tokio::try_join!(
            async { Ok(self.ledger.record(entries).await?) },
            async { Ok(self.vault.with_keys(rows).await?) },
            self.pointed_to(closed),
        )?;
        let hits = withheld.release(&receipt).map_err(|error| DeskError::unusable(error.to_string()))?;
        let tied = sealed.split_off(answers_shown);
        let mut lines = HashMap::new();
        for sealed in sealed {
            let record = sealed.version().record;
            if let Some(line) = Line::of(sealed, &receipt)? {
                lines.insert(record, line);
            }
        }
        let mut answers = answers(hits, lines);
        answers.groups = groups::groups(&answers.found, &ties, tied, &receipt)?;
        answers.scope = Scope::of(&self.matrix(), &context);
        Ok(Answers { restricted, counts, took: started.elapsed(), ..answers })
    }

    /// Restricted records that the query names. Only what identifies counts: a query that asks for
    /// words in them would tell what they say.
    async fn restricted(
        &self,
        context: &Context,
        query: &Query,
        page: Page,
    ) -> Result<Vec<Closed>, DeskError> {
        let Some(naming) = query.naming().filter(|_| page.offset == 0 && page.limit > 0) else {
            return Ok(Vec::new());
        };
        let matrix = self.matrix();
        let known = Filter::may_know(&matrix, context, Action::List);
        let read = Filter::may_read(&matrix, context, Action::List);
        let closed =
            Filter::All(vec![Filter::restricted(), known.clone(), Filter::Not(Box::new(read.clone()))]);
        let met = self.index.meets(&closed, &naming, MOST_RESTRICTED).await?;
        let records: Vec<RecordId> = met.iter().map(|version| version.record).collect();
        let mut found = Vec::new();
        for row in self.vault.head_rows(&records).await? {
            let (version, labels) = (row.version, labels_of(&row)?);
            if known.holds(version.kind, &labels) && !read.holds(version.kind, &labels) {
                found.push(Closed { version, labels, reference: reference_of_row(&row) });
            }
        }
        Ok(found)
    }

    async fn pointed_to(&self, closed: Vec<Closed>) -> Result<Vec<Restricted>, DeskError> {
        let mut pointed = Vec::with_capacity(closed.len());
        for Closed { version, labels, reference } in closed {
            let ask = match labels.owner {
                Some(owner) => self.account_name(owner).await?,
                None => None,
            };
            let kind = model::kinds::by_number(version.kind).map_or("record", |kind| kind.name);
            pointed.push(Restricted { reference, kind, ask });
        }
        Ok(pointed)
    }

    /// The newest versions of the records on a page, those left out that this person may not read
    /// any more since the index was built.
    async fn shown(&self, who: &Session, refs: &[VersionRef]) -> Result<Shown, DeskError> {
        let records: Vec<RecordId> = refs.iter().map(|version| version.record).collect();
        let filter = Filter::may_read(&self.matrix(), &who.at(self.clock.now()), Action::List);
        let mut shown =
            Shown { rows: Vec::new(), labels: Vec::new(), older: Vec::new(), gone: HashSet::new() };
        for row in self.vault.head_rows(&records).await? {
            let labels = labels_of(&row)?;
            if filter.holds(row.version.kind, &labels) {
                shown.labels.push(labels);
                shown.rows.push(row);
            }
        }
        shown.note_older(refs);
        Ok(shown)
    }
}

/// A restricted record that a query names.
struct Closed {
    version: VersionRef,
    labels: Labels,
    reference: String,
}

impl Closed {
    fn target(&self) -> Target<'_> {
        Target { version: self.version, labels: &self.labels }
    }
}

/// What of a page may be shown.
struct Shown {
    /// The newest versions, without their keys.
    rows: Vec<VersionRow>,
    labels: Vec<Labels>,
    /// Versions that the index still has while the store has a newer one of the same record.
    older: Vec<(VersionRef, usize)>,
    /// Versions of the page that may not be shown any more.
    gone: HashSet<VersionId>,
}

impl Shown {
    fn note_older(&mut self, refs: &[VersionRef]) {
        let places: HashMap<RecordId, usize> =
            self.rows.iter().enumerate().map(|(at, row)| (row.version.record, at)).collect();
        let newest: HashSet<VersionRef> = self.rows.iter().map(|row| row.version).collect();
        for version in refs.iter().filter(|version| !newest.contains(version)) {
            match places.get(&version.record) {
                Some(at) => self.older.push((*version, *at)),
                None => drop(self.gone.insert(version.version)),
            }
        }
    }

    fn targets(&self) -> Vec<Target<'_>> {
        let newest = self.rows.iter().zip(&self.labels);
        let newest = newest.map(|(row, labels)| Target { version: row.version, labels });
        let older =
            self.older.iter().map(|(version, at)| Target { version: *version, labels: &self.labels[*at] });
        newest.chain(older).collect()
    }
}

fn answers(hits: Hits, mut lines: HashMap<RecordId, Line>) -> Answers {
    let found = hits.hits.into_iter().filter_map(|hit| {
        let Line { kind, name, happened, unit, places } = lines.remove(&hit.version.record)?;
        Some(Found {
            record: hit.version.record,
            reference: reference_of(hit.version.kind, hit.reference),
            kind,
            name,
            score: hit.score,
            probability: hit.probability,
            why: hit.why,
            happened,
            unit,
            places,
        })
    });
    let found = found.collect();
    Answers {
        total: hits.total,
        position: hits.position,
        took: hits.took,
        reached: hits.reached,
        whole: hits.whole,
        lacking: hits.lacking,
        counts: None,
        found,
        groups: Vec::new(),
        scope: Scope::default(),
        restricted: Vec::new(),
    }
}

/// What a list shows of a record.
struct Line {
    kind: &'static str,
    name: String,
    happened: Option<i64>,
    unit: Option<String>,
    places: Vec<Place>,
}

impl Line {
    /// `None` where its key was shredded meanwhile: it is gone.
    fn of(sealed: Sealed, receipt: &Receipt<Show>) -> Result<Option<Self>, DeskError> {
        let (kind, happened) = (kind_of(sealed.row())?, sealed.row().happened);
        let bare = |name: String| Self { kind: kind.name, name, happened, unit: None, places: Vec::new() };
        Ok(match sealed.open(receipt) {
            Ok(plain) => {
                let body = editable(&plain);
                let unit = unit_of(kind, &body).or_else(|| plain.get(UNIT));
                let places = placed(Fields::of(kind), &body);
                Some(Self { unit, places, ..bare(show::summary(kind, &body)) })
            }
            Err(VaultError::KeyGone(_)) => None,
            Err(error) => Some(bare(does_not_open(&error))),
        })
    }
}

/// The places of a record that have coordinates, in the order of the declaration.
fn placed(fields: Fields<'_>, body: &Body) -> Vec<Place> {
    let mut found = Vec::new();
    for decl in fields.iter() {
        match (body.value(decl.number), decl.row_group) {
            (Some(Value::Place(place)), _) if place.degrees().is_some() => found.push(place.clone()),
            (Some(Value::Rows(rows)), Some(group)) => {
                found.extend(rows.iter().flat_map(|row| placed(Fields::of_group(group), row)));
            }
            _ => {}
        }
    }
    found
}

fn does_not_open(error: &VaultError) -> String {
    tracing::error!(%error, "a body on a page does not open");
    DOES_NOT_OPEN.to_owned()
}

/// One line to recognise a record by; `None` where its key was shredded meanwhile: it is gone.
pub(crate) fn line_of(sealed: Sealed, receipt: &Receipt<Show>) -> Result<Option<String>, DeskError> {
    let kind = kind_of(sealed.row())?;
    Ok(match sealed.open(receipt) {
        Ok(plain) => Some(show::summary(kind, &editable(&plain))),
        Err(VaultError::KeyGone(_)) => None,
        Err(error) => Some(does_not_open(&error)),
    })
}

/// The reference of a stored version in words.
#[must_use]
pub fn reference_of_row(row: &VersionRow) -> String {
    reference_of(row.version.kind, row.reference)
}
