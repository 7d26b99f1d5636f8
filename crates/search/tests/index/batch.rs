//! A batch in memory answers as the index does to what is closely named, and costs little.

use crate::support::{index_of, stop};
use law::access::Filter;
use search::{Batch, IndexEntry, Query};
use std::sync::Arc;
use std::time::Instant;

fn nominal(surname: &str) -> IndexEntry {
    let mut entry = stop("seen by the gate");
    entry.document.names = vec![("names.surname".into(), surname.into())];
    entry
}

fn query(text: &str) -> Query {
    Query::parse(text).unwrap()
}

#[tokio::test]
async fn a_batch_is_met_by_what_is_closely_named_and_by_nothing_else() {
    let entries = ["Quillfeather", "Quilfeather", "Marmaduke"].map(nominal);
    let [exact, near, other] = [0, 1, 2].map(|number: usize| entries[number].version);
    let batch = Arc::new(Batch::of(entries.to_vec()).await.unwrap());
    let asked = ["quillfeather", "marmaduke -gate", "gate", "thistlewood", "marmaduke OR quilfeather"];
    let met = batch.met_by(asked.map(query).to_vec()).await.unwrap();
    let mut all = vec![exact, near, other];
    all.sort_unstable();
    let mut both = vec![exact, near];
    both.sort_unstable();
    assert_eq!(met, [both, vec![], all.clone(), vec![], all]);
    let none = Arc::new(Batch::of(Vec::new()).await.unwrap());
    assert_eq!(none.met_by(vec![query("quillfeather")]).await.unwrap(), [vec![]]);
}

#[tokio::test]
async fn a_batch_answers_as_the_index_does() {
    let mut entries: Vec<IndexEntry> =
        (0..200).map(|number| nominal(["Smith", "Smyth", "Khan", "Quillfeather"][number % 4])).collect();
    entries.iter_mut().for_each(|entry| entry.labels.covert = true);
    let (_place, index) = index_of(entries.clone()).await;
    let batch = Arc::new(Batch::of(entries).await.unwrap());
    for text in
        ["smith", "smyth gate", "surname:khan", "\"by the gate\"", "nobody", "kind:stop-and-search -khan"]
    {
        let mut of_index = index.meets(&Filter::Covert, &query(text), 1_000).await.unwrap();
        of_index.sort_unstable();
        assert_eq!(Arc::clone(&batch).met_by(vec![query(text)]).await.unwrap(), [of_index], "{text}");
    }
}

#[tokio::test]
async fn a_thousand_searches_over_a_thousand_records_take_a_moment() {
    let entries =
        (0..1_000).map(|number| nominal(&format!("Family{}", "abcdefgh".repeat(1 + number % 5)))).collect();
    let queries = (0..1_000).map(|number| query(&format!("surname:quill{number} gate"))).collect();
    let started = Instant::now();
    let batch = Arc::new(Batch::of(entries).await.unwrap());
    let built = started.elapsed();
    let met = batch.met_by(queries).await.unwrap();
    assert_eq!(met.len(), 1_000);
    println!("batch of 1,000 made in {built:?}, asked 1,000 searches in {:?}", started.elapsed() - built);
    assert!(started.elapsed().as_secs() < 10);
}
