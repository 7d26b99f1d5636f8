//! Why a record was found, in words: which part of the query matched, and in which fields. Asked
//! again for the few records of a page, so that finding them need not keep it.

use crate::error::IndexError;
use crate::geography::{Shape, Spot};
use crate::matching::meant::{Meant, Reason};
use crate::query::expand::Expanded;
use crate::query::plan::{Planner, Spots};
use crate::query::{Leaf, Pattern, Query};
use crate::reader::View;
use crate::schema::{number_of_field, of_field};
use crate::span::Days;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use tantivy::query::{EnableScoring, Query as EngineQuery, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocId, DocSet, SegmentReader, Term};

/// Parts of a query that are explained; a longer one would bury the reasons.
const MOST_PARTS: usize = 12;
/// Fields that are named for one word.
const MOST_FIELDS: usize = 4;
/// Words of a pattern that are looked for to name the one that was found.
const MOST_NAMED: usize = 1_000;

/// Why a document was found.
#[derive(Debug, Clone, Default)]
pub(crate) struct Why {
    /// In words.
    pub(crate) said: Vec<String>,
    /// Whether words of the query stand in its text: then nobody was named, and no one record is meant.
    pub(crate) has_words: bool,
}

/// The reasons for each of these documents.
pub(crate) fn explain(
    view: &View,
    query: &Query,
    expanded: &Expanded,
    meant: &[Meant],
    places: &[DocAddress],
) -> Result<Vec<Why>, IndexError> {
    let mut wanted = Vec::new();
    query.root().wanted(&mut wanted);
    wanted.retain(|leaf| leaf.as_meant().is_none());
    wanted.truncate(MOST_PARTS);
    let mut whys = vec![Why::default(); places.len()];
    let segments: BTreeSet<u32> = places.iter().map(|place| place.segment_ord).collect();
    for segment in segments {
        let docs: Vec<DocId> =
            places.iter().filter(|place| place.segment_ord == segment).map(|place| place.doc_id).collect();
        let mut reasons = Reasons::new(view, expanded, segment, &docs)?;
        for meant in meant {
            let of_segment = places.iter().zip(&mut whys).filter(|(place, _)| place.segment_ord == segment);
            for (place, why) in of_segment {
                let (said, has_words) = reasons.of_meant(meant, place.doc_id)?;
                why.said.extend(said);
                why.has_words |= has_words;
            }
        }
        for leaf in &wanted {
            let found = reasons.of(leaf)?;
            let of_segment = places.iter().zip(&mut whys).filter(|(place, _)| place.segment_ord == segment);
            for (place, why) in of_segment {
                why.said.extend(found.get(&place.doc_id).cloned());
            }
        }
    }
    whys.iter_mut().for_each(|why| without_repeats(&mut why.said));
    Ok(whys)
}

fn without_repeats(why: &mut Vec<String>) {
    let mut seen = BTreeSet::new();
    why.retain(|reason| seen.insert(reason.clone()));
}

/// Looks for reasons within one segment.
struct Reasons<'a> {
    view: &'a View,
    expanded: &'a Expanded,
    segment: &'a SegmentReader,
    /// The documents, ascending.
    docs: Vec<DocId>,
    /// Fields that say something in any of its documents.
    names: Vec<String>,
    /// What was found for words, so that it is looked for once and not for each document.
    of_words: BTreeMap<String, Found>,
}

type Found = BTreeMap<DocId, String>;

impl<'a> Reasons<'a> {
    fn new(view: &'a View, expanded: &'a Expanded, segment: u32, docs: &[DocId]) -> Result<Self, IndexError> {
        let segment = view.searcher.segment_reader(segment);
        let mut docs = docs.to_vec();
        docs.sort_unstable();
        let mut names = Vec::new();
        let has = segment.inverted_index(view.fields.has)?;
        let mut stream = has.terms().stream()?;
        while let Some((name, _)) = stream.next() {
            names.extend(String::from_utf8(name.to_vec()));
        }
        Ok(Self { view, expanded, segment, docs, names, of_words: BTreeMap::new() })
    }

    /// What was meant by words, and in which fields of the document those words stand that are no names.
    fn of_meant(&mut self, meant: &Meant, doc: DocId) -> Result<(Vec<String>, bool), IndexError> {
        let (mut said, mut has_words) = (Vec::new(), false);
        for reason in meant.explain(self.segment, doc)?.into_iter().take(MOST_PARTS) {
            match reason {
                Reason::Said(reason) => said.push(reason),
                Reason::Word(text) => {
                    has_words = true;
                    said.extend(self.of_word(text)?.get(&doc).cloned());
                }
            }
        }
        Ok((said, has_words))
    }

    fn of_word(&mut self, text: String) -> Result<&Found, IndexError> {
        if !self.of_words.contains_key(&text) {
            let found = self.of(&Leaf::Words { field: None, text: text.clone(), phrase: false })?;
            self.of_words.insert(text.clone(), found);
        }
        Ok(&self.of_words[&text])
    }

    fn of(&self, leaf: &Leaf) -> Result<Found, IndexError> {
        let mut planner = Planner::new(&self.view.fields, self.expanded);
        let (field, text, phrase) = match leaf {
            Leaf::Words { field, text, phrase } => (field.as_deref(), text.as_str(), *phrase),
            Leaf::Pattern { field, written, pattern } => {
                return self.of_pattern(field.as_deref(), written, pattern);
            }
            Leaf::Together { field, text, between } => {
                let what = format!("“{text}” with at most {between} words between");
                let found = self.in_fields(&self.named(field.as_deref()), |name| {
                    Some(planner.together(name, text, *between))
                })?;
                return Ok(found.into_iter().map(|(doc, names)| (doc, in_words(&what, &names))).collect());
            }
            Leaf::Area { field, shape } => return self.of_area(field.as_deref(), shape),
            other => {
                let docs = self.matching(&*planner.exact(other))?;
                return Ok(docs.into_iter().map(|doc| (doc, describe(other))).collect());
            }
        };
        let names = self.named(field);
        let what = if phrase { format!("phrase “{text}”") } else { format!("word “{text}”") };
        let written = self.in_fields(&names, |name| planner.as_written(Some(name), text, phrase))?;
        let mut reasons: Found =
            written.into_iter().map(|(doc, names)| (doc, in_words(&what, &names))).collect();
        let form = format!("a form of “{text}”");
        let others = self.in_fields(&names, |name| planner.in_another_form(Some(name), text, phrase))?;
        for (doc, names) in others {
            reasons.entry(doc).or_insert_with(|| in_words(&form, &names));
        }
        Ok(reasons)
    }

    /// A field, or all of them.
    fn named<'n>(&'n self, field: Option<&'n str>) -> Vec<&'n str> {
        match field {
            Some(field) => vec![field],
            None => self.names.iter().map(String::as_str).collect(),
        }
    }

    /// Which words a pattern stood for.
    fn of_pattern(&self, field: Option<&str>, written: &str, pattern: &Pattern) -> Result<Found, IndexError> {
        let words = self.expanded.words(field, pattern);
        let engine = self.view.fields.fielded;
        let mut reasons = Found::new();
        for word in words.iter().take(MOST_NAMED) {
            let is_there = match field {
                Some(field) => Term::from_field_text(engine, &of_field(field, word)),
                None => Term::from_field_text(self.view.fields.words, word),
            };
            if self.matching(&one(is_there))?.is_empty() {
                continue;
            }
            let what = format!("“{written}” as “{word}”");
            let found = self.in_fields(&self.named(field), |name| {
                Some(Box::new(one(Term::from_field_text(engine, &of_field(name, word)))))
            })?;
            for (doc, names) in found {
                reasons.entry(doc).or_insert_with(|| in_words(&what, &names));
            }
        }
        if words.len() > MOST_NAMED {
            let planned = Planner::new(&self.view.fields, self.expanded).pattern(field, pattern);
            for doc in self.matching(&*planned)? {
                reasons.entry(doc).or_insert_with(|| format!("a word of “{written}”"));
            }
        }
        Ok(reasons)
    }

    /// Which place lies in an area, and how far from its centre: the nearest of several.
    fn of_area(&self, field: Option<&str>, shape: &Shape) -> Result<Found, IndexError> {
        let spots = Spots::open(self.segment)?;
        let mut found = Found::new();
        for doc in &self.docs {
            let wanted = field.map(number_of_field);
            let within = spots
                .of(*doc)
                .filter(|(of, spot)| wanted.is_none_or(|field| field == *of) && shape.holds(*spot))
                .map(|(of, spot)| (distance(shape, spot), of));
            if let Some((metres, of)) = within.min_by(|one, other| one.0.total_cmp(&other.0)) {
                let name = self.names.iter().find(|name| number_of_field(name) == of);
                found.insert(*doc, describe_place(name.map_or("a place", String::as_str), shape, metres));
            }
        }
        Ok(found)
    }

    /// For each document the fields in which the query of a field matches.
    fn in_fields<'n>(
        &self,
        names: &[&'n str],
        mut query: impl FnMut(&'n str) -> Option<Box<dyn EngineQuery>>,
    ) -> Result<BTreeMap<DocId, Vec<&'n str>>, IndexError> {
        let mut found: BTreeMap<DocId, Vec<&str>> = BTreeMap::new();
        for name in names {
            let Some(query) = query(name) else {
                continue;
            };
            for doc in self.matching(&*query)? {
                found.entry(doc).or_default().push(name);
            }
        }
        Ok(found)
    }

    /// The documents that match, of those that are asked about.
    fn matching(&self, query: &dyn EngineQuery) -> Result<Vec<DocId>, IndexError> {
        let weight = query.weight(EnableScoring::disabled_from_searcher(&self.view.searcher))?;
        let mut scorer = weight.scorer(self.segment, 1.0)?;
        let mut found = Vec::new();
        for doc in &self.docs {
            if scorer.doc() < *doc {
                scorer.seek(*doc);
            }
            if scorer.doc() == *doc {
                found.push(*doc);
            }
        }
        Ok(found)
    }
}

fn one(term: Term) -> TermQuery {
    TermQuery::new(term, IndexRecordOption::Basic)
}

/// Metres from the centre of a circle.
fn distance(shape: &Shape, spot: Spot) -> f64 {
    match shape {
        Shape::Circle { centre, .. } => centre.metres_to(spot),
        Shape::Corners(_) => 0.0,
    }
}

fn describe_place(name: &str, shape: &Shape, metres: f64) -> String {
    match shape {
        Shape::Circle { centre, .. } if metres >= 1000.0 => {
            format!("{name} {:.1} km from {centre}", metres / 1000.0)
        }
        Shape::Circle { centre, .. } => format!("{name} {metres:.0} m from {centre}"),
        Shape::Corners(corners) => format!("{name} within the shape of {} corners", corners.len()),
    }
}

fn in_words(what: &str, names: &[&str]) -> String {
    let named: Vec<&str> = names.iter().take(MOST_FIELDS).copied().collect();
    let more = names.len() - named.len();
    match more {
        0 => format!("{what} in {}", named.join(", ")),
        _ => format!("{what} in {} and {more} more", named.join(", ")),
    }
}

fn describe(leaf: &Leaf) -> String {
    match leaf {
        Leaf::Words { text, .. } => format!("word “{text}”"),
        Leaf::Kind(kind) => {
            let name =
                model::kinds::by_number(*kind).map_or_else(|| kind.to_string(), |kind| kind.name.to_owned());
            format!("kind {name}")
        }
        Leaf::Reference(reference) => format!("reference {}", reference.text.to_uppercase()),
        Leaf::Mark(mark) => format!("marked {mark}"),
        Leaf::Unit(unit) => format!("unit {unit}"),
        Leaf::Days { field, days } => format!("{field} {}", describe_days(*days)),
        Leaf::Numbers { field, from, to } => format!("{field} {}", describe_numbers(*from, *to)),
        Leaf::Pattern { written, .. } => format!("a word of “{written}”"),
        Leaf::Together { text, between, .. } => format!("“{text}” with at most {between} words between"),
        Leaf::Area { shape, .. } => describe_place("a place", shape, 0.0),
    }
}

fn describe_days(days: Days) -> String {
    let Days { from, to } = days;
    let is_month = from.first_of_month() == from && from.last_of_month() == to;
    let is_year = from.first_of_year() == from && from.last_of_year() == to;
    match () {
        () if from == to => format!("on {}", long(from)),
        () if is_month => format!("in {}", from.strftime("%B %Y")),
        () if is_year => format!("in {}", from.year()),
        () if to.year() == 9999 => format!("from {} on", long(from)),
        () if from.year() == 0 => format!("until {}", long(to)),
        () => format!("from {} to {}", long(from), long(to)),
    }
}

fn long(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

fn describe_numbers(from: i64, to: i64) -> String {
    match (from, to) {
        (from, to) if from == to => format!("is {from}"),
        (i64::MIN, to) => format!("up to {to}"),
        (from, i64::MAX) => format!("from {from} on"),
        (from, to) => format!("from {from} to {to}"),
    }
}
