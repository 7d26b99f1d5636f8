//! What a record is linked with: each link that this person may see, with the record at its other end.
//! Each line shown is a consultation of both (DPA 2018 s.62(1)(c)).

mod timeline;

pub use timeline::{Chapter, Told};

use crate::Desk;
use crate::error::DeskError;
use crate::find::{line_of, reference_of_row};
use crate::record::{editable, kind_of};
use crate::session::Session;
use law::access::{Action, Target};
use ledger::{Detail, Receipt, Show};
use model::derived::show;
use model::kinds::link;
use model::value::PartialDate;
use model::{Body, Labels, RecordId};
use std::collections::HashMap;
use vault::Sealed;
use vault::store::RecordStore;

/// Links of one page.
pub const MOST_LINKED: usize = 100;
/// Links that can be paged through; whoever needs more searches.
pub const FARTHEST: usize = 5_000;

/// One record that another is linked with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    /// Reference of the link, a record of its own.
    pub link: String,
    /// Code of the type of link, where it is said.
    pub link_type: Option<String>,
    /// Whether the link goes from the record that was asked about to this one.
    pub outward: bool,
    /// From when, as far as that is known.
    pub since: Option<PartialDate>,
    /// Until when.
    pub until: Option<PartialDate>,
    /// Where the information comes from, in words.
    pub source: Option<String>,
    /// The record at the other end.
    pub record: RecordId,
    /// Its reference.
    pub reference: String,
    /// Name of its kind.
    pub kind: &'static str,
    /// One line to recognise it by.
    pub name: String,
    /// When it happened, in microseconds since 1970, where it is an event.
    pub happened: Option<i64>,
}

/// A page of what a record is linked with, the newest links first.
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// The records.
    pub linked: Vec<Linked>,
    /// Whether there are more after these.
    pub more: bool,
}

impl<S: RecordStore> Desk<S> {
    /// What a record is linked with, of what this person may see, after the first `offset` links.
    ///
    /// # Errors
    /// A refusal, [`DeskError::NotFound`], or an offset beyond [`FARTHEST`].
    pub async fn linked_with(
        &self,
        who: &Session,
        record: RecordId,
        offset: usize,
    ) -> Result<Around, DeskError> {
        if offset > FARTHEST {
            let why =
                format!("offset: the newest {FARTHEST} links can be paged through; search for the others");
            return Err(DeskError::unusable(why));
        }
        let head = self.head(record).await?;
        let seen = self.permit_on(who, Action::View, &head).await?;
        let wanted = offset + MOST_LINKED + 1;
        let mut links = self.index.links(&seen, &self.matrix(), &[record], wanted).await?;
        links.drain(..offset.min(links.len()));
        let more = links.len() > MOST_LINKED;
        links.truncate(MOST_LINKED);
        let context = who.at(self.clock.now());
        let others: Vec<RecordId> = links.iter().map(|link| other_end(link.ends, record)).collect();
        let ends = self.readable(&context, &others).await?;
        let present: HashMap<RecordId, ()> =
            ends.iter().map(|(sealed, _)| (sealed.version().record, ())).collect();
        // A link whose other end is a secret would tell of it.
        links.retain(|link| present.contains_key(&other_end(link.ends, record)));
        let lines = self.lines(who, &head, &links, ends).await?;
        Ok(Around { linked: lines.into_iter().map(|(_, linked)| linked).collect(), more })
    }

    /// Enters and opens these links and what is at their other ends: the line of each, by the link's record.
    async fn lines(
        &self,
        who: &Session,
        head: &Sealed,
        links: &[search::Link],
        ends: Vec<(Sealed, Labels)>,
    ) -> Result<Vec<(RecordId, Linked)>, DeskError> {
        let record = head.version().record;
        let named: Vec<RecordId> = links.iter().map(|link| link.version.record).collect();
        let closed = self.readable(&who.at(self.clock.now()), &named).await?;
        let receipt = self.consulted_around(who, head, &closed, &ends).await?;
        let ends = opened_ends(ends, &receipt)?;
        let mut bodies: HashMap<RecordId, (String, Body)> = HashMap::new();
        for (sealed, _) in closed {
            let (id, reference) = (sealed.version().record, reference_of_row(sealed.row()));
            // What was erased meanwhile links nothing any more.
            if let Ok(plain) = sealed.open(&receipt) {
                bodies.insert(id, (reference, editable(&plain)));
            }
        }
        let line = |found: &search::Link| {
            let (reference, body) = bodies.get(&found.version.record)?;
            let end = ends.get(&other_end(found.ends, record))?;
            Some((found.version.record, linked(reference, body, found.ends[0] == record, end)))
        };
        Ok(links.iter().filter_map(line).collect())
    }

    async fn consulted_around(
        &self,
        who: &Session,
        head: &Sealed,
        links: &[(Sealed, Labels)],
        ends: &[(Sealed, Labels)],
    ) -> Result<Receipt<Show>, DeskError> {
        let shown = links.iter().chain(ends);
        let targets: Vec<Target<'_>> =
            shown.map(|(sealed, labels)| Target { version: sealed.version(), labels }).collect();
        let permit = self.permit(who, Action::List, 0, &targets).await?;
        let query = Some(format!("linked with {}", reference_of_row(head.row())));
        let detail = Detail { query, results: Some(ends.len() as u64), ..Detail::default() };
        Ok(self.ledger.record(vec![(permit, detail)]).await?)
    }
}

/// The end of a link that is not this record.
fn other_end([from, to]: [RecordId; 2], record: RecordId) -> RecordId {
    if from == record { to } else { from }
}

/// What is shown of a record at the other end.
struct End {
    record: RecordId,
    reference: String,
    kind: &'static str,
    name: String,
    happened: Option<i64>,
}

fn opened_ends(
    ends: Vec<(Sealed, Labels)>,
    receipt: &Receipt<Show>,
) -> Result<HashMap<RecordId, End>, DeskError> {
    let mut opened = HashMap::new();
    for (sealed, _) in ends {
        let (record, reference) = (sealed.version().record, reference_of_row(sealed.row()));
        let (kind, happened) = (kind_of(sealed.row())?.name, sealed.row().happened);
        if let Some(name) = line_of(sealed, receipt)? {
            opened.insert(record, End { record, reference, kind, name, happened });
        }
    }
    Ok(opened)
}

fn linked(reference: &str, body: &Body, outward: bool, end: &End) -> Linked {
    let source = body.get(link::SOURCE).map(|code| show::code_label("information-source", &code.0));
    let detail = body.get(link::SOURCE_DETAIL);
    Linked {
        link: reference.to_owned(),
        link_type: body.get(link::TYPE).map(|code| code.0),
        outward,
        since: body.get(link::SINCE),
        until: body.get(link::UNTIL),
        source: match (source, detail) {
            (Some(source), Some(detail)) => Some(format!("{source}: {detail}")),
            (source, detail) => source.or(detail),
        },
        record: end.record,
        reference: end.reference.clone(),
        kind: end.kind,
        name: end.name.clone(),
        happened: end.happened,
    }
}
