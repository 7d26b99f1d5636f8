//! Answers grouped: what happened stands under the person, vehicle or place that it is linked with, where
//! that is an answer too; an event whose only person is not among the answers stands under that person.

use super::{Found, Shown};
use crate::Desk;
use crate::door::labels_of;
use crate::error::DeskError;
use crate::record::{editable, kind_of, reference_of};
use law::access::{Action, Context, Filter, Permit, Target};
use ledger::{Receipt, Show};
use model::derived::show;
use model::kinds::{self, link, nominal};
use model::{Kind, Labels, RecordId, VersionRef};
use search::Link;
use std::collections::{BTreeSet, HashMap, HashSet};
use vault::store::RecordStore;
use vault::{Sealed, VersionRow};

/// Links that are looked at for one page of answers.
const MOST_LINKS: usize = 200;
/// Records that are no answers themselves and under which answers of one page stand.
const MOST_OUTSIDE: usize = 20;

/// Answers that belong together.
#[derive(Debug, Clone)]
pub struct Group {
    /// The person, vehicle, place or event under which they stand.
    pub head: Head,
    /// The answers, best first: the place of each in [`super::Answers::found`], and what links it with the
    /// head where it is not the head itself.
    pub found: Vec<(usize, Option<String>)>,
}

/// What a group stands under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The record.
    pub record: RecordId,
    /// Its reference.
    pub reference: String,
    /// Name of its kind.
    pub kind: &'static str,
    /// One line to recognise it by.
    pub name: String,
}

/// How one answer is tied to the head of its group.
struct Tie {
    head: RecordId,
    link: VersionRef,
}

/// What ties the answers of a page together, closed.
pub(super) struct Ties {
    of_hits: HashMap<RecordId, Tie>,
    /// Links and heads that are no answers themselves, without their keys.
    rows: Vec<(VersionRow, Labels)>,
}

impl Ties {
    /// The records besides the answers that are shown.
    pub(super) fn targets(&self) -> Vec<Target<'_>> {
        self.rows.iter().map(|(row, labels)| Target { version: row.version, labels }).collect()
    }

    /// Takes out what is to be opened.
    pub(super) fn take_rows(&mut self) -> Vec<VersionRow> {
        std::mem::take(&mut self.rows).into_iter().map(|(row, _)| row).collect()
    }
}

/// Whether records of a kind are things that last, of which events tell.
fn lasts(kind: u16) -> bool {
    kind != link::KIND.number && kinds::by_number(kind).is_some_and(|kind| !happens(kind))
}

fn happens(kind: &Kind) -> bool {
    kind.happened.is_some() || kind.happened_about.is_some()
}

fn is_person(kind: u16) -> bool {
    kind == nominal::KIND.number
}

/// An answer, a record that it is linked with and that is no answer, and the link.
type Outside = (RecordId, RecordId, VersionRef);

impl<S: RecordStore> Desk<S> {
    /// The links of the answers of a page that may stand under another record: a person never does, and a
    /// thing that lasts only under a person.
    pub(super) async fn links_of_page(
        &self,
        permit: &Permit,
        page: &[VersionRef],
    ) -> Result<Vec<Link>, DeskError> {
        let has_person = page.iter().any(|version| is_person(version.kind));
        let may_stand_under =
            |version: &&VersionRef| !is_person(version.kind) && (has_person || !lasts(version.kind));
        let records: Vec<RecordId> =
            page.iter().filter(may_stand_under).map(|version| version.record).collect();
        Ok(self.index.links(permit, &self.matrix(), &records, MOST_LINKS).await?)
    }

    /// What ties the answers of a page, best first, to each other, and events to their only person.
    pub(super) async fn ties(
        &self,
        context: &Context,
        page: &[VersionRef],
        links: &[Link],
    ) -> Result<Ties, DeskError> {
        let (mut chosen, outside) = candidates(page, links);
        let of_chosen = chosen.iter().map(|(_, tie)| tie.link.record);
        let of_outside = outside.iter().flat_map(|(_, other, link)| [*other, link.record]);
        let wanted: BTreeSet<RecordId> = of_chosen.chain(of_outside).collect();
        let wanted: Vec<RecordId> = wanted.into_iter().collect();
        let mut rows = self.readable_rows(context, &wanted).await?;
        let newest: HashMap<RecordId, VersionRef> =
            rows.iter().map(|(row, _)| (row.version.record, row.version)).collect();
        chosen.extend(only_person(outside, &newest));
        // A link that changed since the index was built says something else now.
        chosen.retain(|(_, tie)| newest.get(&tie.link.record) == Some(&tie.link));
        let used: HashSet<RecordId> =
            chosen.iter().flat_map(|(_, tie)| [tie.head, tie.link.record]).collect();
        rows.retain(|(row, _)| used.contains(&row.version.record));
        Ok(Ties { of_hits: chosen.into_iter().collect(), rows })
    }

    /// The newest versions of records, closed, of those that this person may list.
    pub(crate) async fn readable(
        &self,
        context: &Context,
        records: &[RecordId],
    ) -> Result<Vec<(Sealed, Labels)>, DeskError> {
        let (rows, labels): (Vec<_>, Vec<_>) =
            self.readable_rows(context, records).await?.into_iter().unzip();
        Ok(self.vault.with_keys(rows).await?.into_iter().zip(labels).collect())
    }

    /// The same without their keys.
    async fn readable_rows(
        &self,
        context: &Context,
        records: &[RecordId],
    ) -> Result<Vec<(VersionRow, Labels)>, DeskError> {
        if records.is_empty() {
            return Ok(Vec::new());
        }
        let filter = Filter::may_read(&self.matrix(), context, Action::List);
        let mut readable = Vec::new();
        for row in self.vault.head_rows(records).await? {
            let labels = labels_of(&row)?;
            if filter.holds(row.version.kind, &labels) {
                readable.push((row, labels));
            }
        }
        Ok(readable)
    }
}

/// Which answer each answer may stand under, and of events that stand under none, whom else they are linked with.
fn candidates(page: &[VersionRef], links: &[Link]) -> (Vec<(RecordId, Tie)>, Vec<Outside>) {
    let (mut chosen, mut outside) = (Vec::new(), Vec::new());
    for version in page.iter().filter(|version| !is_person(version.kind)) {
        let others = others(links, version.record);
        match head_among(page, version, &others) {
            Some((head, link)) => chosen.push((version.record, Tie { head, link })),
            None if !lasts(version.kind) => {
                outside.extend(others.into_iter().map(|(other, link)| (version.record, other, link)));
            }
            None => {}
        }
    }
    outside.truncate(MOST_OUTSIDE);
    (chosen, outside)
}

/// Of events the only person with whom they are linked, as far as the reader may know.
fn only_person(outside: Vec<Outside>, newest: &HashMap<RecordId, VersionRef>) -> Vec<(RecordId, Tie)> {
    let mut of_events: HashMap<RecordId, Vec<Tie>> = HashMap::new();
    for (event, other, link) in outside {
        if newest.get(&other).is_some_and(|version| is_person(version.kind)) {
            of_events.entry(event).or_default().push(Tie { head: other, link });
        }
    }
    let only = |(event, mut people): (RecordId, Vec<Tie>)| {
        let tie = people.pop()?;
        people.is_empty().then_some((event, tie))
    };
    of_events.into_iter().filter_map(only).collect()
}

/// The other ends of the links of a record.
fn others(links: &[Link], record: RecordId) -> Vec<(RecordId, VersionRef)> {
    let other = |link: &Link| match link.ends {
        [from, to] if from == record && to != record => Some((to, link.version)),
        [from, to] if to == record && from != record => Some((from, link.version)),
        _ => None,
    };
    links.iter().filter_map(other).collect()
}

/// The best answer that a record may stand under: a person before a thing.
fn head_among(
    page: &[VersionRef],
    version: &VersionRef,
    others: &[(RecordId, VersionRef)],
) -> Option<(RecordId, VersionRef)> {
    let tied = |head: &VersionRef| others.iter().find(|(other, _)| *other == head.record).copied();
    let person = page.iter().filter(|head| is_person(head.kind)).find_map(tied);
    let thing = || page.iter().filter(|head| lasts(head.kind) && !lasts(version.kind)).find_map(tied);
    person.or_else(thing)
}

/// Groups answers, which stand best first; `tied` are the links and heads that are no answers themselves.
pub(super) fn groups(
    found: &[Found],
    ties: &Ties,
    tied: Vec<Sealed>,
    receipt: &Receipt<Show>,
) -> Result<Vec<Group>, DeskError> {
    let mut words: HashMap<VersionRef, String> = HashMap::new();
    let mut heads: HashMap<RecordId, Head> = HashMap::new();
    for hit in found {
        heads.insert(hit.record, head_of(hit));
    }
    for sealed in tied {
        let (version, number) = (sealed.version(), sealed.row().reference);
        let kind = kind_of(sealed.row())?;
        // What was erased meanwhile, or altered in the store, ties nothing together.
        let Ok(plain) = sealed.open(receipt) else { continue };
        let body = editable(&plain);
        if version.kind == link::KIND.number {
            let code = body.get(link::TYPE).map(|code| show::code_label("link-type", &code.0));
            words.insert(version, code.unwrap_or_else(|| link::KIND.title.to_owned()));
            continue;
        }
        let (reference, name) = (reference_of(version.kind, number), show::summary(kind, &body));
        let head = Head { record: version.record, reference, kind: kind.name, name };
        heads.insert(version.record, head);
    }
    let mut groups: Vec<Group> = Vec::new();
    let mut places: HashMap<RecordId, usize> = HashMap::new();
    for (at, hit) in found.iter().enumerate() {
        let tie = ties.of_hits.get(&hit.record).filter(|tie| heads.contains_key(&tie.head));
        let tie = tie.and_then(|tie| words.get(&tie.link).map(|word| (tie.head, word.clone())));
        let (head, word) = match tie {
            Some((head, word)) => (head, Some(word)),
            None => (hit.record, None),
        };
        let Some(line) = heads.get(&head) else { continue };
        let place = *places.entry(head).or_insert_with(|| {
            groups.push(Group { head: line.clone(), found: Vec::new() });
            groups.len() - 1
        });
        groups[place].found.push((at, word));
    }
    Ok(groups)
}

fn head_of(hit: &Found) -> Head {
    Head { record: hit.record, reference: hit.reference.clone(), kind: hit.kind, name: hit.name.clone() }
}

impl Shown {
    /// What is shown of a page, in its order.
    pub(super) fn in_order(&self, page: &[VersionRef]) -> Vec<VersionRef> {
        let newest: HashMap<RecordId, VersionRef> =
            self.rows.iter().map(|row| (row.version.record, row.version)).collect();
        page.iter().filter_map(|version| newest.get(&version.record).copied()).collect()
    }
}
