//! Measures; run by hand in a release build:
//! `cargo test --release -p bluelamp-search --test index speed -- --ignored --nocapture`.

use crate::support::{Place, context, matrix, permit, stop};
use law::access::Action;
use search::{Change, IndexEntry, Page, Query, Tally};
use std::time::{Duration, Instant};

const OUTCOMES: [&str; 5] = ["no-further-action", "arrest", "community-resolution", "caution", "summons"];
const OBJECTS: [&str; 4] =
    ["controlled-drugs", "offensive-weapons", "stolen-goods", "anything-to-threaten-or-harm-anyone"];

/// A stop as the published files have them: codes, a place, a date, marks, and a few words.
fn published(n: u64) -> IndexEntry {
    let at = 1_672_531_200_000_000 + (n as i64 * 7_919_000_000) % 31_536_000_000_000;
    let mut entry = stop(&format!("seen near number {} holding something", n % 977));
    entry.happened = Some(at);
    entry.unit = Some(format!("Unit {}", n % 32));
    entry.document.instants = vec![("at".into(), at)];
    entry.document.exact = vec![
        ("search-type".into(), "person".into()),
        ("power".into(), "misuse-of-drugs-act-1971-section-23".into()),
        ("object".into(), OBJECTS[(n % 4) as usize].into()),
        ("outcome".into(), OUTCOMES[(n % 5) as usize].into()),
        ("gender".into(), "male".into()),
        ("age-range".into(), "18-24".into()),
    ];
    // Scattered over 20 km by 20 km, each in a place of its own.
    let scattered = |salt: u64| (n.wrapping_mul(salt) >> 20) as i32 & 0x3FFFF;
    let (latitude, longitude) =
        (51_400_000 + scattered(0x9E37_79B9_7F4A_7C15), -300_000 + scattered(0xC2B2_AE3D_27D4_EB4F));
    let place = model::Place { latitude: Some(latitude), longitude: Some(longitude), ..Default::default() };
    entry.document.places = vec![("place".into(), place)];
    entry.document.names = vec![("names.surname".into(), format!("Na{n:06}"))];
    entry.document.terms =
        vec!["applies:place".into(), "applies:grounds".into(), "not-in-source:grounds".into()];
    if n.is_multiple_of(10) {
        entry.document.terms.push("missing:place".into());
    }
    entry
}

fn p99(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort();
    (times[times.len() / 2], times[times.len() * 99 / 100])
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "measures; run by hand"]
async fn intake_single_writes_searches_and_figures() {
    let place = Place::new();
    let index = place.open().await.unwrap();
    let total = 225_000u64;
    let started = Instant::now();
    for batch in 0..total / 500 {
        let changes = (0..500).map(|n| Change::from(published(batch * 500 + n))).collect();
        index.apply(changes, batch + 1).await.unwrap();
    }
    index.publish().await.unwrap();
    let took = started.elapsed();
    println!("intake: {total} in {took:?}, {:.0}/s", total as f64 / took.as_secs_f64());

    let mut times = Vec::new();
    for n in 0..300 {
        let started = Instant::now();
        index.apply(vec![Change::from(published(total + n))], 10_000 + n).await.unwrap();
        index.publish().await.unwrap();
        times.push(started.elapsed());
    }
    println!("put and publish, new record (p50, p99): {:?}", p99(times));
    let mut times = Vec::new();
    for n in 0..300 {
        let mut entry = published(n * 700);
        entry.version.record.0 = uuid::Uuid::from_u128(1 + u128::from(n) * 700);
        let started = Instant::now();
        index.apply(vec![Change::from(entry)], 20_000 + n).await.unwrap();
        index.publish().await.unwrap();
        times.push(started.elapsed());
    }
    println!("put and publish, changed record (p50, p99): {:?}", p99(times));

    let officer = context(&["officer"], &[]);
    for text in [
        "number 123",
        "drugs at:2023-03 outcome:arrest",
        "\"seen near\" missing:place",
        "kind:stop-and-search",
        "SS-123",
        "na0012*",
        "surname:*123",
        "n?001* -somethin*",
        "\"seen holding\"~5",
        "grounds:\"holding 123\"~3",
        "near:51.5,-0.2~500m",
        "near:51.5,-0.2~5km",
        "place.near:51.5,-0.2~5km",
        "near:51.5,-0.2~100km",
        "within:(51.45,-0.25 51.45,-0.1 51.6,-0.2)",
    ] {
        let query = Query::parse(text).unwrap();
        let mut times = Vec::new();
        for _ in 0..200 {
            let permit = permit(&officer, Action::List);
            let started = Instant::now();
            let found = index.run(&permit, &matrix(), &query, Page::default()).await;
            times.push(started.elapsed());
            if let Err(error) = found {
                println!("{text}: {error}");
                break;
            }
        }
        println!("search {text} (p50, p99): {:?}", p99(times));
    }
    let filter = law::access::Filter::may_read(&matrix(), &officer, Action::List);
    let tallies: Vec<Tally> = (0..20).map(|_| Tally::of(5, &["applies:place", "missing:place"])).collect();
    let started = Instant::now();
    index.count(&filter, tallies.clone()).await.unwrap();
    println!("20 figures: {:?}", started.elapsed());
    let started = Instant::now();
    index.break_down(&filter, tallies, &search::Within::default(), &[search::By::Unit]).await.unwrap();
    println!("20 figures by unit: {:?}", started.elapsed());
    let started = Instant::now();
    let erased = index.erase(&[crate::support::version_of(1234, 0).record]).await.unwrap();
    println!(
        "erase one: {:?} ({} segments, {} files)",
        started.elapsed(),
        erased.segments,
        erased.files.len()
    );
    index.close().await.unwrap();
}
