//! Under the search engine.

use std::fs;

use search::sealed::Options;
use tantivy::collector::TopDocs;
use tantivy::merge_policy::NoMergePolicy;
use tantivy::query::QueryParser;
use tantivy::schema::{FAST, INDEXED, STORED, STRING, Schema, TEXT, Value};
use tantivy::{Index, IndexWriter, ReloadPolicy, TantivyDocument, Term, doc};

use crate::{Place, keys_match_files};

const WORDS: [&str; 4] = ["quillfeather", "zanzibarine", "mistlethwaite", "oubliette"];

pub(crate) fn schema() -> Schema {
    let mut builder = Schema::builder();
    builder.add_text_field("id", STRING | STORED);
    builder.add_text_field("body", TEXT | STORED);
    builder.add_u64_field("year", FAST | INDEXED | STORED);
    builder.build()
}

fn writer(index: &Index) -> IndexWriter {
    let writer = index.writer_with_num_threads(1, 20_000_000).unwrap();
    writer.set_merge_policy(Box::new(NoMergePolicy));
    writer
}

/// Four commits of 50 documents each; every document holds one of the words.
pub(crate) fn fill(index: &Index) {
    let schema = index.schema();
    let field = |name| schema.get_field(name).unwrap();
    let mut writer = writer(index);
    for n in 0u64..200 {
        let word = WORDS[(n % 4) as usize];
        let body = format!("report {n} names a {word} seen near the old harbour");
        writer
            .add_document(
                doc!(field("id") => format!("r{n}"), field("body") => body, field("year") => 1900 + n),
            )
            .unwrap();
        if n % 50 == 49 {
            writer.commit().unwrap();
        }
    }
}

fn ask(index: &Index, question: &str) -> tantivy::Result<Vec<(u64, String)>> {
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    let searcher = reader.searcher();
    let schema = index.schema();
    let body = schema.get_field("body")?;
    let query = QueryParser::for_index(index, vec![body]).parse_query(question)?;
    let best = TopDocs::with_limit(500).order_by_fast_field::<u64>("year", tantivy::Order::Asc);
    let mut found = Vec::new();
    for (year, address) in searcher.search(&query, &best)? {
        let document: TantivyDocument = searcher.doc(address)?;
        let stored = document.get_first(body).and_then(|value| value.as_str()).unwrap_or_default();
        found.push((year.unwrap_or_default(), stored.to_owned()));
    }
    Ok(found)
}

pub(crate) fn probe(place: &Place) -> tantivy::Result<Vec<(u64, String)>> {
    let index = Index::open(place.open_with(Options::default())?)?;
    ask(&index, "\"seen near the old harbour\"")
}

#[test]
fn the_engine_lives_in_a_sealed_folder() {
    let place = Place::new();
    let index = Index::create(place.open(), schema(), Default::default()).unwrap();
    fill(&index);
    assert_eq!(ask(&index, "zanzibarine").unwrap().len(), 50);
    nothing_shows(&place);

    let id = index.schema().get_field("id").unwrap();
    let mut writer = writer(&index);
    writer.delete_term(Term::from_field_text(id, "r1"));
    writer.commit().unwrap();
    assert_eq!(ask(&index, "zanzibarine").unwrap().len(), 49);

    let before = place.keys.names();
    writer.merge(&index.searchable_segment_ids().unwrap()).wait().unwrap();
    writer.garbage_collect_files().wait().unwrap();
    writer.wait_merging_threads().unwrap();
    assert_eq!(ask(&index, "zanzibarine").unwrap().len(), 49);
    assert_eq!(index.searchable_segments().unwrap().len(), 1);
    assert!(index.validate_checksum().unwrap().is_empty());
    nothing_shows(&place);
    keys_match_files(&place);
    assert!(before.difference(&place.keys.names()).count() >= 20, "old segments' keys are gone");

    drop(index);
    let index = Index::open(place.open()).unwrap();
    assert_eq!(ask(&index, "zanzibarine").unwrap().len(), 49);
    assert_eq!(ask(&index, "report").unwrap().len(), 199);
}

fn nothing_shows(place: &Place) {
    for name in place.files() {
        let raw = fs::read(place.path(&name)).unwrap();
        for word in WORDS.into_iter().chain(["harbour", "segments", "body"]) {
            let shows = raw.windows(word.len()).any(|window| window == word.as_bytes());
            assert!(!shows, "{word} shows in {name}");
        }
    }
}

#[test]
fn a_reload_unseals_next_to_nothing() {
    let place = Place::new();
    let directory = place.open();
    let index = Index::create(directory.clone(), schema(), Default::default()).unwrap();
    fill(&index);
    ask(&index, "oubliette").unwrap();
    let before = directory.usage();
    ask(&index, "oubliette").unwrap();
    let after = directory.usage();
    // Only meta.json is read anew; the segments' files are open and their text is at hand.
    assert_eq!(after.unsealed - before.unsealed, 1);
    assert_eq!(after.kept, before.kept);
}
