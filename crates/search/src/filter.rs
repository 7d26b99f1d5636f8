//! The access rule as a part of the engine's query: the third interpreter of the one small tree.

use crate::schema::{COVERT, Fields, GROUPED, NO_GROUPS, column, group_label};
use law::access::Filter;
use tantivy::query::doc_predicate_query::{DocPredicateQuery, FunctionPredicate};
use tantivy::query::{
    AllQuery, BooleanQuery, ConstScoreQuery, EmptyQuery, Occur, Query, TermQuery, TermSetQuery,
};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, SegmentReader, Term};

/// What the filter lets through, with no say in the score.
pub(crate) fn query(filter: &Filter, fields: &Fields) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(translate(filter, fields), 0.0))
}

fn translate(filter: &Filter, fields: &Fields) -> Box<dyn Query> {
    match filter {
        Filter::KindIn(kinds) => kind_in(kinds, fields),
        Filter::NoGroups => label(fields, NO_GROUPS),
        Filter::InGroups(groups) => any_term(
            groups.iter().map(|group| Term::from_field_text(fields.label, &group_label(group))).collect(),
        ),
        Filter::Covert => label(fields, COVERT),
        Filter::All(parts) => all(parts, fields),
        Filter::Any(parts) => any(parts, fields),
        Filter::Not(part) if **part == Filter::NoGroups => label(fields, GROUPED),
        Filter::Not(part) => {
            let clauses: Vec<(Occur, Box<dyn Query>)> =
                vec![(Occur::Must, Box::new(AllQuery)), (Occur::MustNot, translate(part, fields))];
            Box::new(BooleanQuery::new(clauses))
        }
    }
}

/// Of several kinds the column is asked for each document that all else lets through: lists of documents
/// by kind would together be as long as the index.
fn kind_in(kinds: &[u16], fields: &Fields) -> Box<dyn Query> {
    let terms: Vec<Term> =
        kinds.iter().map(|kind| Term::from_field_u64(fields.kind, u64::from(*kind))).collect();
    if terms.len() < 2 {
        return any_term(terms);
    }
    let kinds: Vec<u64> = kinds.iter().map(|kind| u64::from(*kind)).collect();
    let predicate = FunctionPredicate::from(move |segment: &SegmentReader| {
        let (column, kinds) = (segment.fast_fields().u64(column::KIND)?, kinds.clone());
        Ok(move |doc: DocId| column.first(doc).is_some_and(|kind| kinds.contains(&kind)))
    });
    Box::new(DocPredicateQuery::from(predicate))
}

fn label(fields: &Fields, label: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(fields.label, label), IndexRecordOption::Basic))
}

/// Documents that hold any of these terms, all of one field.
pub(crate) fn any_term(terms: Vec<Term>) -> Box<dyn Query> {
    match terms.is_empty() {
        true => Box::new(EmptyQuery),
        false => Box::new(TermSetQuery::new(terms)),
    }
}

/// What is not allowed is excluded from what is, rather than intersected with everything else.
fn all(parts: &[Filter], fields: &Fields) -> Box<dyn Query> {
    let excluded = |part: &Filter| matches!(part, Filter::Not(inner) if **inner != Filter::NoGroups);
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = parts
        .iter()
        .map(|part| match part {
            Filter::Not(inner) if excluded(part) => (Occur::MustNot, translate(inner, fields)),
            other => (Occur::Must, translate(other, fields)),
        })
        .collect();
    // A conjunction of nothing, or of exclusions only, starts from everything.
    if parts.iter().all(excluded) {
        clauses.push((Occur::Must, Box::new(AllQuery)));
    }
    Box::new(BooleanQuery::new(clauses))
}

fn any(parts: &[Filter], fields: &Fields) -> Box<dyn Query> {
    match parts.is_empty() {
        true => Box::new(EmptyQuery),
        false => Box::new(BooleanQuery::union(parts.iter().map(|part| translate(part, fields)).collect())),
    }
}
