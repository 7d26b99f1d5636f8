//! Standing queries, sorted by what a record must hold to meet them: of many thousands only those are asked of a
//! batch of records that one of its records may meet. What that costs goes with the records and with what is
//! met, and hardly with the number of queries.
//!
//! What a query requires is a list of [`Clause`]s ([`required`]): of each a record must hold one key at least. A
//! key stands for a term of the index; names are keyed with one letter left out at any place, so that those
//! which are one letter apart share a key. Each query lies under the keys of its rarest clause, and where a
//! record holds one of them the other clauses are looked at too. What requires nothing that could be keyed is
//! always asked. Only that decides: whatever comes through is asked as any query.

mod required;

use crate::error::IndexError;
use crate::matching::numbers;
use crate::query::Query;
use crate::reader::View;
use crate::schema::Fields;
use required::{Clause, Requirements};
use std::collections::hash_map::RandomState;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::BuildHasher;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, SegmentReader, TERMINATED, Term};

/// Queries that are asked of whatever comes in.
pub struct Standing {
    queries: Vec<Query>,
    /// What each requires, the rarest first.
    clauses: Vec<Vec<Clause>>,
    /// Which queries lie under a key; a key of another clause has none.
    under: HashMap<u64, Vec<u32>>,
    /// Those that lie under none.
    always: Vec<u32>,
    keys: Keys,
}

/// Makes keys of terms. They are numbers that differ from run to run: two terms may have one, and then too
/// much is asked and nothing missed.
#[derive(Default)]
pub(crate) struct Keys(RandomState);

impl Keys {
    fn of(&self, field: Field, term: &[u8]) -> u64 {
        self.0.hash_one((field.field_id(), term))
    }

    fn of_term(&self, term: &Term) -> u64 {
        self.of(term.field(), term.serialized_value_bytes())
    }
}

impl Standing {
    /// Sorts queries. Those that ask for an age are sorted for the day that they are asked on
    /// ([`Query::asked_on`]).
    #[must_use]
    pub fn of(queries: Vec<Query>) -> Self {
        let (_, fields) = Fields::schema();
        let keys = Keys::default();
        let mut requirements = Requirements::new(&fields, &keys);
        let clauses: Vec<Vec<Clause>> = queries.iter().map(|query| requirements.of(query)).collect();
        let (mut under, mut always): (HashMap<u64, Vec<u32>>, _) = (HashMap::new(), Vec::new());
        for (number, clauses) in (0..).zip(&clauses) {
            match clauses.first() {
                Some(rarest) => {
                    rarest.keys.iter().for_each(|key| under.entry(*key).or_default().push(number));
                }
                None => always.push(number),
            }
        }
        for key in clauses.iter().flatten().flat_map(|clause| &clause.keys) {
            under.entry(*key).or_default();
        }
        Self { queries, clauses, under, always, keys }
    }

    /// The queries, each at its place.
    #[must_use]
    pub fn queries(&self) -> &[Query] {
        &self.queries
    }

    /// Places of the queries that some record of a view may meet.
    pub(crate) fn candidates(&self, view: &View) -> Result<Vec<usize>, IndexError> {
        let mut candidates: BTreeSet<u32> = self.always.iter().copied().collect();
        for segment in view.searcher.segment_readers() {
            for held in self.held(segment, &view.fields)? {
                let lying = held.iter().filter_map(|key| self.under.get(key)).flatten();
                candidates.extend(lying.filter(|query| self.may_meet(**query, &held)));
            }
        }
        Ok(candidates.into_iter().map(|query| query as usize).collect())
    }

    fn may_meet(&self, query: u32, held: &HashSet<u64>) -> bool {
        let clauses = self.clauses.get(query as usize).map_or(&[][..], Vec::as_slice);
        clauses.iter().all(|clause| clause.keys.iter().any(|key| held.contains(key)))
    }

    /// Of each record the keys that some query asks for.
    fn held(&self, segment: &SegmentReader, fields: &Fields) -> Result<Vec<HashSet<u64>>, IndexError> {
        let mut held = vec![HashSet::new(); segment.max_doc() as usize];
        for field in keyed(fields) {
            let index = segment.inverted_index(field)?;
            let mut stream = index.terms().stream()?;
            while stream.advance() {
                let mut wanted = self.keys_of(field, stream.key(), fields);
                wanted.retain(|key| self.under.contains_key(key));
                if wanted.is_empty() {
                    continue;
                }
                let mut postings =
                    index.read_postings_from_terminfo(stream.value(), IndexRecordOption::Basic)?;
                while postings.doc() != TERMINATED {
                    if let Some(held) = held.get_mut(postings.doc() as usize) {
                        held.extend(&wanted);
                    }
                    postings.advance();
                }
            }
        }
        Ok(held)
    }

    /// The keys of a term that a record holds.
    fn keys_of(&self, field: Field, term: &[u8], fields: &Fields) -> Vec<u64> {
        let whole = self.keys.of(field, term);
        let Ok(text) = std::str::from_utf8(term) else { return vec![whole] };
        match field {
            names if names == fields.names => {
                shorter(text).map(|name| self.keys.of(field, name.as_bytes())).chain([whole]).collect()
            }
            exact if exact == fields.exact => {
                let begins = numbers::beginnings(text).map(|begins| self.keys.of(field, begins.as_bytes()));
                begins.chain([whole]).collect()
            }
            _ => vec![whole],
        }
    }
}

/// The fields whose terms are keyed.
fn keyed(fields: &Fields) -> [Field; 12] {
    [
        fields.names,
        fields.alike,
        fields.words,
        fields.stems,
        fields.fielded,
        fields.fielded_stems,
        fields.exact,
        fields.mark,
        fields.unit,
        fields.cell,
        fields.kind,
        fields.reference,
    ]
}

/// A name with one letter left out, at each place. Of two names that are one letter apart, missing, added,
/// changed or swapped, the one or one of these is the other or one of its.
fn shorter(name: &str) -> impl Iterator<Item = String> + '_ {
    name.char_indices().map(|(at, letter)| format!("{}{}", &name[..at], &name[at + letter.len_utf8()..]))
}

/// Shows nothing of the queries.
impl std::fmt::Debug for Standing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Standing({} queries)", self.queries.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rapidfuzz::distance::damerau_levenshtein;

    fn all(name: &str) -> BTreeSet<String> {
        shorter(name).chain([name.to_owned()]).collect()
    }

    proptest! {
        #[test]
        fn names_that_are_one_letter_apart_share_a_key(left in "[abcé]{1,6}", right in "[abcé]{1,6}") {
            if damerau_levenshtein::distance(left.chars(), right.chars()) <= 1 {
                prop_assert!(!all(&left).is_disjoint(&all(&right)));
            }
        }
    }

    #[test]
    fn what_can_be_keyed_is_not_always_asked() {
        let queries = |texts: &[&str]| texts.iter().map(|text| Query::parse(text).unwrap()).collect();
        let keyed = [
            "smith",
            "anna smith 1987",
            "\"black top\"",
            "grounds:knife",
            "vrm:ab12cde",
            "07700900123",
            "kind:nominal",
            "near:51.5,-0.1~500m",
            "a OR (b c)",
            "SS-0000001-K",
            "missing:place",
            "smi* kind:nominal",
            "\"knife bus\"~5",
            "grounds:\"knife bus\"~5",
        ];
        assert_eq!(Standing::of(queries(&keyed)).always, Vec::<u32>::new());
        let others = ["smi*", "at:2024", "age:10..17", "-smith", "smith OR smi*", "surname:smith -knife"];
        assert_eq!(Standing::of(queries(&others)).always.len(), others.len());
    }
}
