//! What is linked with some records: the links that name them, as far as the reader may read those.

use crate::error::IndexError;
use crate::filter;
use crate::reader::{Columns, Page, View, newest};
use crate::schema::{column, of_field};
use crate::tokens::squeezed;
use law::access::Filter;
use model::derived::Fields;
use model::kinds::link;
use model::{RecordId, VersionRef};
use tantivy::query::{BooleanQuery, Query as EngineQuery, TermSetQuery};
use tantivy::{SegmentReader, Term};
use uuid::Uuid;

/// A link, and the records at its ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The link itself, a record like others.
    pub version: VersionRef,
    /// Where it goes from and to.
    pub ends: [RecordId; 2],
}

/// The newest links within a filter that name one of these records.
pub(crate) fn links(
    view: &View,
    filter: &Filter,
    records: &[RecordId],
    most: usize,
) -> Result<Vec<Link>, IndexError> {
    let ends = [link::FROM.number(), link::TO.number()];
    let names: Vec<String> = Fields::of(&link::KIND)
        .iter()
        .filter(|field| ends.contains(&field.number))
        .map(|field| field.name())
        .collect();
    let term = |name: &String, record: &RecordId| {
        Term::from_field_text(view.fields.exact, &of_field(name, &squeezed(&record.to_string())))
    };
    let terms: Vec<Term> =
        records.iter().flat_map(|record| names.iter().map(move |name| term(name, record))).collect();
    let of_kind = Filter::All(vec![Filter::KindIn(vec![link::KIND.number]), filter.clone()]);
    let clauses: Vec<Box<dyn EngineQuery>> =
        vec![Box::new(TermSetQuery::new(terms)), filter::query(&of_kind, &view.fields)];
    let found = newest(view, &BooleanQuery::intersection(clauses), Page { offset: 0, limit: most })?;
    let mut links = Vec::with_capacity(found.page.len());
    for (_, place) in found.page {
        let segment = view.searcher.segment_reader(place.segment_ord);
        let (version, _) = Columns::open(segment)?.read(place.doc_id);
        if let [from, to] = named_by(segment, place.doc_id)?.as_slice() {
            links.push(Link { version, ends: [*from, *to] });
        }
    }
    Ok(links)
}

/// The records that a document names.
fn named_by(segment: &SegmentReader, doc: u32) -> Result<Vec<RecordId>, IndexError> {
    let columns = segment.fast_fields();
    let (high, low) = (columns.u64(column::REFERS_HI)?, columns.u64(column::REFERS_LO)?);
    let pairs = high.values_for_doc(doc).zip(low.values_for_doc(doc));
    Ok(pairs.map(|(high, low)| RecordId(Uuid::from_u64_pair(high, low))).collect())
}
