//! What is linked with some records: the links that name them, as far as the reader may read those.

use crate::error::IndexError;
use crate::filter;
use crate::reader::{Page, View, newest};
use crate::schema::of_field;
use crate::tokens::squeezed;
use law::access::Filter;
use model::derived::Fields;
use model::kinds::link;
use model::{FieldDecl, RecordId, VersionRef};
use tantivy::Term;
use tantivy::query::{BooleanQuery, Query as EngineQuery, TermSetQuery};

/// A link, and the records at its ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The link itself, a record like others.
    pub version: VersionRef,
    /// Where it goes from and to.
    pub ends: [RecordId; 2],
}

/// The newest links within a filter that name one of these records, of one type alone where one is named.
pub(crate) fn links(
    view: &View,
    filter: &Filter,
    records: &[RecordId],
    link_type: Option<&str>,
    most: usize,
) -> Result<Vec<Link>, IndexError> {
    let ends = [link::FROM.number(), link::TO.number()];
    let fields = Fields::of(&link::KIND);
    let names: Vec<String> =
        ends.iter().filter_map(|number| fields.number(*number)).map(FieldDecl::name).collect();
    let term = |name: &String, record: &RecordId| {
        Term::from_field_text(view.fields.exact, &of_field(name, &squeezed(&record.to_string())))
    };
    let terms: Vec<Term> =
        records.iter().flat_map(|record| names.iter().map(move |name| term(name, record))).collect();
    let of_kind = Filter::All(vec![Filter::KindIn(vec![link::KIND.number]), filter.clone()]);
    let mut clauses: Vec<Box<dyn EngineQuery>> =
        vec![Box::new(TermSetQuery::new(terms)), filter::query(&of_kind, &view.fields)];
    clauses.extend(link_type.and_then(|link_type| type_term(view, link_type)).map(one_term));
    let found = newest(view, &BooleanQuery::intersection(clauses), Page { offset: 0, limit: most })?;
    let mut links = Vec::with_capacity(found.page.len());
    for (_, place) in found.page {
        let columns = view.columns.of(view.searcher.segment_reader(place.segment_ord))?;
        let (version, _) = columns.read(place.doc_id);
        if let [from, to] = columns.named_by(place.doc_id).as_slice() {
            links.push(Link { version, ends: [*from, *to] });
        }
    }
    Ok(links)
}

/// The term that links of a type have.
fn type_term(view: &View, link_type: &str) -> Option<Term> {
    let field = Fields::of(&link::KIND).number(link::TYPE.number())?;
    Some(Term::from_field_text(view.fields.exact, &of_field(&field.name(), &squeezed(link_type))))
}

fn one_term(term: Term) -> Box<dyn EngineQuery> {
    Box::new(TermSetQuery::new([term]))
}
