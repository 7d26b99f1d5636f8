//! Answers grouped: what happened stands under the person, vehicle or place that it is linked with, where
//! that is an answer too; an event whose only person is not among the answers stands under that person.

use super::{Found, Shown};
use crate::Desk;
use crate::door::labels_of;
use crate::error::DeskError;
use crate::record::{editable, kind_of, reference_of};
use law::access::{Context, Filter, Permit, Target};
use ledger::{Receipt, Show};
use model::derived::show;
use model::kinds::{self, link, nominal};
use model::{Kind, Labels, RecordId, VersionRef};
use search::Link;
use std::collections::{HashMap, HashSet};
use vault::Sealed;
use vault::store::RecordStore;

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
#[derive(Default)]
pub(super) struct Ties {
    of_hits: HashMap<RecordId, Tie>,
    /// Links and heads that are no answers themselves.
    sealed: Vec<(Sealed, Labels)>,
}

impl Ties {
    /// The records besides the answers that are shown.
    pub(super) fn targets(&self) -> Vec<Target<'_>> {
        self.sealed.iter().map(|(sealed, labels)| Target { version: sealed.version(), labels }).collect()
    }
}

/// Whether records of a kind are things that last, of which events tell.
fn lasts(kind: u16) -> bool {
    kind != link::KIND.number && kinds::by_number(kind).is_some_and(|kind| !happens(kind))
}

fn happens(kind: &Kind) -> bool {
    kind.happened.is_some() || kind.happened_about.is_some()
}

impl<S: RecordStore> Desk<S> {
    /// What ties the answers of a page, best first, to each other, and events to their only person.
    pub(super) async fn ties(
        &self,
        permit: &Permit,
        context: &Context,
        page: &[VersionRef],
    ) -> Result<Ties, DeskError> {
        let records: Vec<RecordId> = page.iter().map(|version| version.record).collect();
        let links = self.index.links(permit, &self.matrix(), &records, MOST_LINKS).await?;
        let mut chosen: Vec<(RecordId, Tie)> = Vec::new();
        let mut outside: Vec<(RecordId, RecordId, VersionRef)> = Vec::new();
        for version in page.iter().filter(|version| version.kind != nominal::KIND.number) {
            let others = others(&links, version.record);
            match head_among(page, version, &others) {
                Some((head, link)) => chosen.push((version.record, Tie { head, link })),
                None if !lasts(version.kind) => {
                    outside.extend(others.into_iter().map(|(other, link)| (version.record, other, link)));
                }
                None => {}
            }
        }
        outside.truncate(MOST_OUTSIDE);
        self.fetched(context, chosen, outside).await
    }

    async fn fetched(
        &self,
        context: &Context,
        mut chosen: Vec<(RecordId, Tie)>,
        outside: Vec<(RecordId, RecordId, VersionRef)>,
    ) -> Result<Ties, DeskError> {
        let heads: HashSet<RecordId> = outside.iter().map(|(_, other, _)| *other).collect();
        let heads: Vec<RecordId> = heads.into_iter().collect();
        let mut people = self.readable(context, &heads).await?;
        people.retain(|(sealed, _)| sealed.version().kind == nominal::KIND.number);
        let is_person = |record: RecordId| people.iter().any(|(sealed, _)| sealed.version().record == record);
        let mut of_events: HashMap<RecordId, Vec<(RecordId, VersionRef)>> = HashMap::new();
        for (event, other, link) in outside.into_iter().filter(|(_, other, _)| is_person(*other)) {
            of_events.entry(event).or_default().push((other, link));
        }
        for (event, people) in of_events {
            if let [(head, link)] = people.as_slice() {
                chosen.push((event, Tie { head: *head, link: *link }));
            }
        }
        let wanted: HashSet<RecordId> = chosen.iter().map(|(_, tie)| tie.head).collect();
        people.retain(|(sealed, _)| wanted.contains(&sealed.version().record));
        let links: Vec<RecordId> = chosen.iter().map(|(_, tie)| tie.link.record).collect();
        let links = self.readable(context, &links).await?;
        let present: HashSet<VersionRef> = links.iter().map(|(sealed, _)| sealed.version()).collect();
        // A link that changed since the index was built says something else now.
        chosen.retain(|(_, tie)| present.contains(&tie.link));
        let sealed = people.into_iter().chain(links).collect();
        Ok(Ties { of_hits: chosen.into_iter().collect(), sealed })
    }

    /// The newest versions of records, closed, of those that this person may list.
    pub(crate) async fn readable(
        &self,
        context: &Context,
        records: &[RecordId],
    ) -> Result<Vec<(Sealed, Labels)>, DeskError> {
        if records.is_empty() {
            return Ok(Vec::new());
        }
        let filter = Filter::may_read(&self.matrix(), context, law::access::Action::List);
        let mut readable = Vec::new();
        for sealed in self.vault.heads(records).await? {
            let labels = labels_of(sealed.row())?;
            if filter.holds(sealed.version().kind, &labels) {
                readable.push((sealed, labels));
            }
        }
        Ok(readable)
    }
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
    let person = page.iter().filter(|head| head.kind == nominal::KIND.number).find_map(tied);
    let thing = || page.iter().filter(|head| lasts(head.kind) && !lasts(version.kind)).find_map(tied);
    person.or_else(thing)
}

/// Groups answers, which stand best first.
pub(super) fn groups(found: &[Found], ties: Ties, receipt: &Receipt<Show>) -> Result<Vec<Group>, DeskError> {
    let mut words: HashMap<VersionRef, String> = HashMap::new();
    let mut heads: HashMap<RecordId, Head> = HashMap::new();
    for hit in found {
        heads.insert(hit.record, head_of(hit));
    }
    for (sealed, _) in ties.sealed {
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
            self.sealed.iter().map(|sealed| (sealed.version().record, sealed.version())).collect();
        page.iter().filter_map(|version| newest.get(&version.record).copied()).collect()
    }
}
