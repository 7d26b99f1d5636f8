//! What a record is linked with in the order in which it happened, narrowed by kind, role and period, and counted.
//! Only what stands on the page is opened and entered; the rest is known by its plain columns alone.

use super::{Linked, other_end};
use crate::Desk;
use crate::error::DeskError;
use crate::session::Session;
use law::access::Action;
use model::{Kind, Labels, RecordId, kinds};
use search::Link;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use vault::Sealed;
use vault::store::RecordStore;

/// What of the linked records is wanted.
#[derive(Debug, Clone, Default)]
pub struct Chapter<'a> {
    /// Of this kind alone.
    pub kind: Option<&'static Kind>,
    /// Events alone, or alone what lasts; both where it is not said.
    pub happened: Option<bool>,
    /// Nothing that happened before this moment, in microseconds since 1970; nor what has no moment.
    pub from: Option<i64>,
    /// Nothing that happened at this moment or after it; nor what has no moment.
    pub before: Option<i64>,
    /// Alone what is linked so, as a code of the list of types of link.
    pub role: Option<&'a str>,
    /// Records to pass over first.
    pub offset: usize,
    /// Records to show.
    pub limit: usize,
}

/// A part of what a record is linked with, the newest event first; what has no time last.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// How many there are in all.
    pub total: usize,
    /// How many of each kind, before the kind narrows them; by the kind's name.
    pub kinds: BTreeMap<&'static str, usize>,
    /// Those of the page.
    pub linked: Vec<Linked>,
}

/// A link, and the plain columns of the record at its other end.
struct Line {
    link: Link,
    kind: &'static Kind,
    happened: Option<i64>,
}

impl Line {
    fn fits(&self, wanted: &Chapter<'_>) -> bool {
        let is_of_time =
            |from: i64, before: i64| self.happened.is_some_and(|at| (from..before).contains(&at));
        let in_time = match (wanted.from, wanted.before) {
            (None, None) => true,
            (from, before) => is_of_time(from.unwrap_or(i64::MIN), before.unwrap_or(i64::MAX)),
        };
        in_time && wanted.happened.is_none_or(|happened| self.happened.is_some() == happened)
    }
}

impl<S: RecordStore> Desk<S> {
    /// Parts of what a record is linked with, of what this person may see; of its newest
    /// [`super::FARTHEST`] links.
    ///
    /// # Errors
    /// A refusal, or [`DeskError::NotFound`].
    pub async fn timeline(
        &self,
        who: &Session,
        record: RecordId,
        chapters: &[Chapter<'_>],
    ) -> Result<Vec<Told>, DeskError> {
        let head = self.head(record).await?;
        let seen = self.permit_on(who, Action::View, &head).await?;
        let context = who.at(self.clock.now());
        let mut told = Vec::with_capacity(chapters.len());
        let mut shown: Vec<Vec<Link>> = Vec::with_capacity(chapters.len());
        let mut ends: HashMap<RecordId, (Sealed, Labels)> = HashMap::new();
        // Most ask for every role: their links are looked up once.
        let mut of_role: HashMap<Option<&str>, Vec<Link>> = HashMap::new();
        for wanted in chapters {
            if let Entry::Vacant(role) = of_role.entry(wanted.role) {
                let matrix = self.matrix();
                let links =
                    self.index.links_of_type(&seen, &matrix, &[record], wanted.role, super::FARTHEST).await?;
                let others: Vec<RecordId> = links.iter().map(|link| other_end(link.ends, record)).collect();
                let readable = self.readable(&context, &others).await?;
                ends.extend(readable.into_iter().map(|end| (end.0.version().record, end)));
                role.insert(links);
            }
            let links = of_role.get(&wanted.role).map(Vec::as_slice).unwrap_or_default();
            let (counted, page) = cut(lines(links, record, &ends), wanted);
            told.push(counted);
            shown.push(page);
        }
        let wanted: Vec<Link> = shown.iter().flatten().cloned().collect();
        let others: Vec<RecordId> = wanted.iter().map(|link| other_end(link.ends, record)).collect();
        let opened = others.iter().filter_map(|other| ends.remove(other)).collect();
        let lines = self.lines(who, &head, &wanted, opened).await?;
        let lines: HashMap<RecordId, Linked> = lines.into_iter().collect();
        for (told, links) in told.iter_mut().zip(shown) {
            told.linked = links.iter().filter_map(|link| lines.get(&link.version.record).cloned()).collect();
        }
        Ok(told)
    }
}

/// The links whose other end may be seen, each with what is plain of that.
fn lines(links: &[Link], record: RecordId, ends: &HashMap<RecordId, (Sealed, Labels)>) -> Vec<Line> {
    let line = |link: &Link| {
        let other = other_end(link.ends, record);
        let row = ends.get(&other)?.0.row();
        let kind = kinds::by_number(row.version.kind)?;
        Some(Line { link: link.clone(), kind, happened: row.happened })
    };
    links.iter().filter_map(line).collect()
}

/// What fits, counted, and the links of the page.
fn cut(mut lines: Vec<Line>, wanted: &Chapter<'_>) -> (Told, Vec<Link>) {
    lines.retain(|line| line.fits(wanted));
    let mut told = Told::default();
    for line in &lines {
        *told.kinds.entry(line.kind.name).or_default() += 1;
    }
    lines.retain(|line| wanted.kind.is_none_or(|kind| kind.number == line.kind.number));
    // The index gave the newest links first, and so they stay among equals.
    lines.sort_by_key(|line| std::cmp::Reverse(line.happened));
    told.total = lines.len();
    let page = lines.into_iter().skip(wanted.offset).take(wanted.limit);
    (told, page.map(|line| line.link).collect())
}
