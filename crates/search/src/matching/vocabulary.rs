//! The parts of names that one segment of the index knows, in memory, so that a misspelt name can be
//! compared with all of them. Everything in it lies sealed in the segment's dictionary of terms; it is
//! dropped and wiped with the segment.

use rapidfuzz::distance::{damerau_levenshtein, osa};
use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use tantivy::index::SegmentId;
use tantivy::postings::TermInfo;
use tantivy::schema::Field;
use tantivy::{Searcher, SegmentReader};
use zeroize::Zeroize;

/// All parts of names of a segment, in the order of their length.
pub(crate) struct Vocabulary {
    text: String,
    /// Where each begins in `text`; one more than there are.
    starts: Vec<u32>,
    /// Which letters each holds, see [`letters_of`].
    letters: Vec<u32>,
    /// Where the documents of each stand.
    places: Vec<Place>,
    /// Where those of each length begin, in characters.
    lengths: Vec<usize>,
}

/// Where the documents of a term stand: what the dictionary says of it, without the places of its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    documents: u32,
    octets: u32,
    start: u64,
}

impl Place {
    fn of(info: &TermInfo) -> io::Result<Self> {
        let octets = u32::try_from(info.postings_range.len()).map_err(io::Error::other)?;
        Ok(Self { documents: info.doc_freq, octets, start: info.postings_range.start as u64 })
    }

    fn info(self) -> TermInfo {
        let start = self.start as usize;
        TermInfo {
            doc_freq: self.documents,
            postings_range: start..start + self.octets as usize,
            positions_range: 0..0,
        }
    }
}

/// A known part of a name that is near to one asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Near<'a> {
    pub(crate) text: &'a str,
    pub(crate) info: TermInfo,
    /// Letters that are missing, added, changed or swapped.
    pub(crate) distance: usize,
}

impl Vocabulary {
    /// Reads the dictionary of a field of a segment.
    fn read(segment: &SegmentReader, field: Field) -> io::Result<Self> {
        let dictionary = segment.inverted_index(field).map_err(io::Error::other)?;
        let mut terms: Vec<(String, Place)> = Vec::with_capacity(dictionary.terms().num_terms());
        let mut stream = dictionary.terms().stream()?;
        while stream.advance() {
            let Ok(term) = std::str::from_utf8(stream.key()) else { continue };
            terms.push((term.to_owned(), Place::of(stream.value())?));
        }
        Ok(Self::of(terms))
    }

    fn of(mut terms: Vec<(String, Place)>) -> Self {
        terms.sort_by_cached_key(|(term, _)| term.chars().count());
        let mut vocabulary = Self {
            text: String::with_capacity(terms.iter().map(|(term, _)| term.len()).sum()),
            starts: Vec::with_capacity(terms.len() + 1),
            letters: Vec::with_capacity(terms.len()),
            places: Vec::with_capacity(terms.len()),
            lengths: Vec::new(),
        };
        for (number, (mut term, place)) in terms.into_iter().enumerate() {
            while vocabulary.lengths.len() <= term.chars().count() {
                vocabulary.lengths.push(number);
            }
            vocabulary.starts.push(vocabulary.end());
            vocabulary.letters.push(letters_of(&term));
            vocabulary.places.push(place);
            vocabulary.text.push_str(&term);
            term.zeroize();
        }
        vocabulary.starts.push(vocabulary.end());
        vocabulary
    }

    /// Dictionaries beyond 4 GiB do not exist: a segment has fewer documents than that.
    fn end(&self) -> u32 {
        u32::try_from(self.text.len()).unwrap_or(u32::MAX)
    }

    /// Every part of a name within so many letters of a word.
    pub(crate) fn near<'a>(&'a self, word: &str, most: usize, mut found: impl FnMut(Near<'a>)) {
        let asked = letters_of(word);
        let count = word.chars().count();
        let compare = osa::BatchComparator::new(word.chars());
        let cutoff = osa::Args::default().score_cutoff(most + 1);
        for number in self.of_length(count.saturating_sub(most))..self.of_length(count + most + 1) {
            let letters = self.letters[number];
            let (added, lost) = ((letters & !asked).count_ones(), (asked & !letters).count_ones());
            if added.max(lost) as usize > most {
                continue;
            }
            let text = self.term(number);
            let Some(mut distance) = compare.distance_with_args(text.chars(), &cutoff) else { continue };
            if distance > most {
                // Two letters that are swapped and have another between them are two errors, and not three.
                distance = damerau_levenshtein::distance(word.chars(), text.chars());
            }
            if distance <= most {
                found(Near { text, info: self.places[number].info(), distance });
            }
        }
    }

    fn of_length(&self, length: usize) -> usize {
        self.lengths.get(length).copied().unwrap_or(self.places.len())
    }

    fn term(&self, number: usize) -> &str {
        let at = |number: usize| self.starts[number] as usize;
        &self.text[at(number)..at(number + 1)]
    }
}

impl Drop for Vocabulary {
    fn drop(&mut self) {
        self.text.zeroize();
    }
}

/// Which letters a word holds: a bit for each of a to z, one for digits, and five for all others. One
/// letter missing, added or changed takes at most one bit away and adds at most one.
fn letters_of(word: &str) -> u32 {
    word.chars().fold(0, |letters, c| {
        letters
            | match c {
                'a'..='z' => 1 << (u32::from(c) - u32::from('a')),
                '0'..='9' => 1 << 26,
                other => 1 << (27 + u32::from(other) % 5),
            }
    })
}

/// The vocabularies of the segments that are in use.
pub(crate) struct Vocabularies {
    field: Field,
    of_segments: Mutex<HashMap<SegmentId, Arc<Vocabulary>>>,
}

impl Vocabularies {
    pub(crate) fn new(field: Field) -> Self {
        Self { field, of_segments: Mutex::default() }
    }

    /// The vocabulary of a segment; read at its first use.
    pub(crate) fn of(&self, segment: &SegmentReader) -> io::Result<Arc<Vocabulary>> {
        let id = segment.segment_id();
        if let Some(known) = self.held().get(&id) {
            return Ok(Arc::clone(known));
        }
        let read = Arc::new(Vocabulary::read(segment, self.field)?);
        Ok(Arc::clone(self.held().entry(id).or_insert(read)))
    }

    /// Drops those of segments that are gone, and reads those that are new.
    pub(crate) fn follow(&self, searcher: &Searcher) -> io::Result<()> {
        let present: Vec<SegmentId> =
            searcher.segment_readers().iter().map(SegmentReader::segment_id).collect();
        self.held().retain(|id, _| present.contains(id));
        searcher.segment_readers().iter().try_for_each(|segment| self.of(segment).map(drop))
    }

    fn held(&self) -> std::sync::MutexGuard<'_, HashMap<SegmentId, Arc<Vocabulary>>> {
        self.of_segments.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn vocabulary(words: &[&str]) -> Vocabulary {
        Vocabulary::of(
            words
                .iter()
                .map(|word| ((*word).to_owned(), Place { documents: 1, octets: 1, start: 0 }))
                .collect(),
        )
    }

    fn near(vocabulary: &Vocabulary, word: &str, most: usize) -> Vec<(String, usize)> {
        let mut found = Vec::new();
        vocabulary.near(word, most, |near| found.push((near.text.to_owned(), near.distance)));
        found.sort();
        found
    }

    #[test]
    fn an_error_at_any_place_is_found() {
        let known = vocabulary(&["smith", "smyth", "smithers", "schmidt", "jones", "smit"]);
        assert_eq!(
            near(&known, "smith", 1),
            [("smit".to_owned(), 1), ("smith".to_owned(), 0), ("smyth".to_owned(), 1)]
        );
        assert!(near(&known, "msith", 1).contains(&("smith".to_owned(), 1)), "swapped");
        assert!(near(&known, "xmith", 1).contains(&("smith".to_owned(), 1)), "the first letter");
        assert!(near(&vocabulary(&[]), "smith", 2).is_empty());
    }

    proptest! {
        #[test]
        fn nothing_within_reach_is_missed(words in proptest::collection::btree_set("[a-eé]{0,7}", 0..40), word in "[a-eé]{1,7}", most in 0usize..3) {
            let list: Vec<&str> = words.iter().map(String::as_str).collect();
            let mut expected: Vec<(String, usize)> = words
                .iter()
                .map(|known| (known.clone(), damerau_levenshtein::distance(known.chars(), word.chars())))
                .filter(|(_, distance)| *distance <= most)
                .collect();
            expected.sort();
            prop_assert_eq!(near(&vocabulary(&list), &word, most), expected);
        }
    }
}
