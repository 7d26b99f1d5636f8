//! Words with gaps, words near each other, and places: what is found, why, and what is refused.

use crate::access::total;
use crate::support::{context, matrix};
use crate::support::{found, groups, index_of, permit, put, search, stop};
use law::access::Action;
use model::Place as Where;
use search::{Form, IndexEntry, IndexError, Page, Query};

fn numbered(number: u64, grounds: &str) -> IndexEntry {
    IndexEntry { reference: number, ..stop(grounds) }
}

fn named(number: u64, surname: &str) -> IndexEntry {
    let mut entry = numbered(number, "nothing of note");
    entry.document.names = vec![("names.surname".into(), surname.into())];
    entry
}

fn at(number: u64, field: &str, latitude: i32, longitude: i32) -> IndexEntry {
    let mut entry = numbered(number, "nothing of note");
    let place = Where { latitude: Some(latitude), longitude: Some(longitude), ..Where::default() };
    entry.document.places = vec![(field.into(), place)];
    entry
}

#[tokio::test(flavor = "multi_thread")]
async fn words_with_gaps_are_found_and_named() {
    let mut plate = numbered(5, "a smith at work");
    plate.document.exact = vec![("vrm".into(), "AB12CDE".into()), ("outcome".into(), "arrest".into())];
    let entries = vec![
        named(1, "Smith"),
        named(2, "Smythe"),
        named(3, "Johnson"),
        named(4, "Mac Donald O’Brien"),
        plate,
    ];
    let (_place, index) = index_of(entries).await;
    for (query, expected) in [
        ("smi*", vec![1, 5]),
        ("surname:smi*", vec![1]),
        ("grounds:smi*", vec![5]),
        ("*son", vec![3]),
        ("sm?th*", vec![1, 2, 5]),
        ("sm?th", vec![1, 5]),
        ("SMY*", vec![2]),
        ("mac*", vec![4]),
        ("o'br*", vec![4]),
        ("vrm:AB1*", vec![5]),
        ("ab12?de", vec![5]),
        ("outcome:arr*", vec![5]),
        ("smi* -work", vec![1]),
        ("nothing -smi*", vec![2, 3, 4]),
        ("smi* johns*", vec![]),
        ("smi* OR johns*", vec![1, 3, 5]),
        ("\"smi*\"", vec![]),
        ("zz*", vec![]),
    ] {
        assert_eq!(found(&index, query).await, expected, "{query}");
    }
    let hits = search(&index, "surname:sm?th").await;
    assert_eq!(hits.hits[0].why, ["“sm?th” as “smith” in names.surname"]);
    let hits = search(&index, "wor*").await;
    assert_eq!(hits.hits[0].why, ["“wor*” as “work” in grounds"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn words_near_each_other_are_of_one_text() {
    let mut apart = numbered(3, "seen with a knife");
    apart.document.words.push(("grounds".into(), "bus stop".into()));
    apart.document.words.push(("object".into(), "bus".into()));
    let entries = vec![
        numbered(1, "a knife was found on the bus"),
        numbered(2, "the bus had left before he dropped one of the knives, a long knife"),
        apart,
    ];
    let (_place, index) = index_of(entries).await;
    for (query, expected) in [
        ("\"knife bus\"~4", vec![1]),
        ("\"knife bus\"~3", vec![]),
        ("\"bus knife\"~4", vec![1]),
        ("\"bus knife\"~12", vec![1, 2]),
        ("\"bus knife\"~50", vec![1, 2]),
        ("grounds:\"bus found\"~2", vec![1]),
        ("object:\"bus found\"~2", vec![]),
        ("\"a a\"~50", vec![]),
        ("\"the the\"~50", vec![2]),
        ("\"a knife bus\"~50 -left", vec![1]),
    ] {
        assert_eq!(found(&index, query).await, expected, "{query}");
    }
    let hits = search(&index, "\"bus knife\"~4").await;
    assert_eq!(hits.hits[0].why, ["“bus knife” with at most 4 words between in grounds"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn places_are_found_by_distance_and_by_shape() {
    let mut two = at(4, "place", 53_480_800, -2_242_600);
    let other = Where { latitude: Some(51_507_500), longitude: Some(-127_800), ..Where::default() };
    two.document.places.push(("addresses.place".into(), other));
    let entries = vec![
        at(1, "place", 51_507_400, -127_800),
        // 1.1 km to the north.
        at(2, "place", 51_517_400, -127_800),
        at(3, "place", 53_480_800, -2_242_600),
        two,
    ];
    let (_place, index) = index_of(entries).await;
    for (query, expected) in [
        ("near:51.5074,-0.1278~500m", vec![1, 4]),
        ("near:51.5074,-0.1278~2km", vec![1, 2, 4]),
        ("place.near:51.5074,-0.1278~2km", vec![1, 2, 4]),
        ("addresses.place.near:51.5074,-0.1278~2km", vec![4]),
        ("addresses.place.within:(51.5,-0.2 51.5,0 51.6,0 51.6,-0.2)", vec![4]),
        ("near:53.4808,-2.2426~100km", vec![3, 4]),
        ("near:530000,180300~1km", vec![1, 4]),
        ("addresses.place.near:53.4808,-2.2426~100km", vec![]),
        ("near:TQ300803~1km", vec![1, 4]),
        ("within:(51.5,-0.2 51.5,0 51.6,0 51.6,-0.2)", vec![1, 2, 4]),
        ("place.within:(51.5,-0.2 51.5,0 51.6,0 51.6,-0.2) -near:51.5074,-0.1278~500m", vec![2]),
        ("within:(49,-8 49,2 60,2 60,-8)", vec![1, 2, 3, 4]),
        ("near:51.5074,-0.1278~500m nothing", vec![1, 4]),
        ("near:0,0~100km", vec![]),
    ] {
        assert_eq!(found(&index, query).await, expected, "{query}");
    }
    let hits = search(&index, "place.near:51.5174,-0.1278~500m").await;
    assert_eq!(hits.hits[0].why, ["place 0 m from 51.5174,-0.1278"]);
    let hits = search(&index, "near:51.5174,-0.1278~1.5km -addresses.place.near:51.5,-0.1~9km").await;
    let whys: Vec<&str> = hits.hits.iter().flat_map(|hit| hit.why.iter().map(String::as_str)).collect();
    assert!(whys.contains(&"place 1.1 km from 51.5174,-0.1278"), "{whys:?}");
    let form = r#"{"near": {"place": "51.5074,-0.1278", "distance": "2km", "field": "place"}, "all_words": "nothing"}"#;
    let form: Form = serde_json::from_str(form).unwrap();
    assert_eq!(found(&index, &form.text().unwrap()).await, [1, 2, 4]);
}

/// What is hidden neither fills the bound nor is it found: the answer is the same with it and without.
#[tokio::test(flavor = "multi_thread")]
async fn a_costly_query_says_so_and_nothing_of_what_is_hidden() {
    let many =
        |from: usize, to: usize| (from..to).map(|number| format!("sa{number:05} ")).collect::<String>();
    let mut hidden = numbered(1, &many(0, 9_000));
    hidden.labels.groups = groups(&["gold"]);
    let (_place, index) = index_of(vec![hidden, numbered(2, &many(5_000, 12_000))]).await;
    // 7,000 may be seen, 12,000 are there.
    assert_eq!(found(&index, "s*").await, [2]);
    assert_eq!(found(&index, "*1*").await, [2]);
    // 10,000 and 2,000 are there, 5,000 and 2,000 may be seen.
    assert_eq!(found(&index, "sa0* sa1*").await, [2]);
    put(&index, vec![numbered(3, &many(20_000, 24_000))], 2).await;
    let refused = |text: &'static str| {
        let (index, officer) = (&index, context(&["officer"], &[]));
        async move {
            let query = Query::parse(text).unwrap();
            index.run(&permit(&officer, Action::List), &matrix(), &query, Page::default()).await.err()
        }
    };
    for (text, mend) in [
        ("s*", "at least two letters"),
        ("sa*", "more letters"),
        ("*1* s*", "“*1*” would with what else"),
        ("sa0500? sa*", "“sa*” would with what else"),
        ("*a*", "one field"),
        ("grounds:*a*", "the first letters"),
    ] {
        match refused(text).await {
            Some(IndexError::TooCostly(why)) => {
                assert!(why.contains("10,000 words") && why.contains(mend), "{text}: {why}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
    assert_eq!(found(&index, "sa2*").await, [3]);
    let one = Query::parse("sa0000*").unwrap();
    assert_eq!(total(&index, &["officer"], &[], &one).await, 0);
    assert_eq!(total(&index, &["officer"], &["gold"], &one).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_most_that_a_query_may_ask_is_answered_soon() {
    let (_place, index) = index_of((1..200).map(|number| named(number, "Smith")).collect()).await;
    let started = std::time::Instant::now();
    for text in [
        "sm* ".repeat(32),
        "*m?t* ".repeat(32),
        format!("{}th", "*?".repeat(100)),
        "near:51,0~100km OR ".repeat(31) + "smith",
        "\"nothing of\"~50 ".repeat(100),
        "\"of note nothing of note of\"~50 ".repeat(20),
    ] {
        let query = Query::parse(&text).unwrap();
        total(&index, &["officer"], &[], &query).await;
    }
    assert!(started.elapsed() < std::time::Duration::from_secs(20), "{:?}", started.elapsed());
}
