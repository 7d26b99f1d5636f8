//! What is found, in what order, and why.

use crate::support::{Place, found, index_of, put, search, stop};
use model::{PartialDate, Place as Where};
use search::{IndexEntry, Query};

fn full() -> Vec<IndexEntry> {
    let mut robbery = stop("Male seen near the scene of a robbery, holding a knife; dark hooded top.");
    robbery.reference = 123;
    robbery.happened = Some(micros("2024-01-05T14:00:00Z"));
    robbery.unit = Some("Camden North".into());
    robbery.document.instants = vec![("at".into(), micros("2024-01-05T14:00:00Z"))];
    robbery.document.exact =
        vec![("object".into(), "controlled-drugs".into()), ("vrm".into(), "AB12CDE".into())];
    robbery.document.names = vec![("name".into(), "Seán O’Brien-Nguyễn".into())];
    robbery.document.numbers = vec![("age".into(), 16)];
    robbery.document.terms = vec!["missing:place".into(), "possible-repeat".into()];
    let mut burglary = stop("Two robberies were reported; the top of the hooded dark stairs.");
    burglary.reference = 124;
    burglary.happened = Some(micros("2024-06-30T23:30:00Z"));
    burglary.document.instants = vec![("at".into(), micros("2024-06-30T23:30:00Z"))];
    burglary.document.names = vec![("name".into(), "李小龙".into())];
    burglary.document.numbers = vec![("age".into(), 40)];
    burglary.document.dates = vec![("born".into(), PartialDate { year: Some(1984), month: None, day: None })];
    burglary.document.places = vec![(
        "place".into(),
        Where {
            words: Some("High Street, Camden".into()),
            postcode: Some("NW1 8QS".into()),
            ..Where::default()
        },
    )];
    vec![robbery, burglary]
}

fn micros(instant: &str) -> i64 {
    instant.parse::<jiff::Timestamp>().unwrap().as_microsecond()
}

#[tokio::test(flavor = "multi_thread")]
async fn words_phrases_fields_dates_numbers_marks_and_references_are_found() {
    let (_place, index) = index_of(full()).await;
    for (query, expected) in [
        ("robbery", vec![123, 124]),
        ("robbery knife", vec![123]),
        ("\"dark hooded top\"", vec![123]),
        ("\"robberies\"", vec![124]),
        ("grounds:knife", vec![123]),
        ("name:knife", vec![]),
        ("knife OR stairs", vec![123, 124]),
        ("robbery -knife", vec![124]),
        ("-knife", vec![124]),
        ("NOT (knife OR stairs)", vec![]),
        ("hooded (knife OR stairs) NOT robberies", vec![]),
        ("o'brien", vec![123]),
        ("OBRIEN", vec![123]),
        ("o brien", vec![123]),
        ("\"sean obrien\"", vec![123]),
        ("name:\"Sean O'Brien-Nguyen\"", vec![123]),
        ("Nguyễn", vec![123]),
        ("李", vec![124]),
        ("小龙", vec![124]),
        ("object:controlled-drugs", vec![123]),
        ("object:\"controlled drugs\"", vec![123]),
        ("object:drugs", vec![123]),
        ("drugs", vec![123]),
        ("vrm:\"AB12 CDE\"", vec![123]),
        ("ab12cde", vec![123]),
        ("place:NW18QS", vec![124]),
        ("\"high street\"", vec![124]),
        ("unit:\"camden north\"", vec![123]),
        ("camden", vec![124]),
        ("at:2024-01-05", vec![123]),
        ("at:2024-01", vec![123]),
        ("at:2024", vec![123, 124]),
        ("at:2024-07-01", vec![124]),
        ("at:2024-06", vec![]),
        ("happened:2023-01..2024-03", vec![123]),
        ("at:>=2024-01-06", vec![124]),
        ("at:<2024-01-06", vec![123]),
        ("age:10..17", vec![123]),
        ("age:>=40", vec![124]),
        ("age:16", vec![123]),
        ("missing:place", vec![123]),
        ("is:possible-repeat", vec![123]),
        ("kind:stop-and-search", vec![123, 124]),
        ("SS-0000123-X", vec![123]),
        ("ss-124", vec![124]),
        ("SS-5", vec![]),
    ] {
        assert_eq!(found(&index, query).await, expected, "{query}");
    }
    let born = Query::parse_with("born:1984-03", &["born"]).unwrap();
    let hits = crate::access::total(&index, &["officer"], &[], &born).await;
    assert_eq!(hits, 1, "born in a month of 1984 that is not known");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_best_comes_first_and_says_why() {
    let (_place, index) = index_of(full()).await;
    let hits = search(&index, "robbery").await;
    assert_eq!(hits.hits[0].reference, 123, "the word as written beats a form of it");
    assert!(hits.hits[0].score > hits.hits[1].score);
    assert_eq!(hits.hits[0].why, ["word “robbery” in grounds"]);
    assert_eq!(hits.hits[1].why, ["a form of “robbery” in grounds"]);
    assert_eq!(hits.position, Some(1));

    let hits = search(&index, "drugs at:2024-01 age:10..17 missing:place -stairs").await;
    let why =
        ["word “drugs” in object", "happened in January 2024", "age from 10 to 17", "marked missing:place"];
    assert_eq!(hits.hits[0].why, why);

    let hits = search(&index, "kind:stop-and-search").await;
    let order: Vec<u64> = hits.hits.iter().map(|hit| hit.reference).collect();
    assert_eq!(order, [124, 123], "the newest first where nothing ranks");
    assert_eq!(hits.hits[0].why, ["kind stop-and-search"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_version_takes_the_place_of_the_old() {
    let place = Place::new();
    let index = place.open().await.unwrap();
    let mut entry = stop("a red bicycle");
    put(&index, vec![entry.clone()], 1).await;
    for (position, grounds) in [(2, "a blue bicycle"), (3, "a green bicycle")] {
        entry.version.version.0 = uuid::Uuid::from_u128(u128::from(position) << 80);
        entry.document.words = vec![("grounds".into(), grounds.into())];
        put(&index, vec![entry.clone(), entry.clone()], position).await;
        assert_eq!(found(&index, "bicycle").await.len(), 1);
        assert_eq!(search(&index, "bicycle").await.hits[0].version, entry.version);
    }
    assert!(found(&index, "red OR blue").await.is_empty());
    assert_eq!(index.position(), Some(3));
}
