//! The name test: people of the synthetic force are asked for with two letters wrong and a year of birth up
//! to two off. `BLUELAMP_NOMINALS=1000000 cargo test --release -p bluelamp-search --test index name_test
//! -- --nocapture` runs it at that size and prints how long an answer takes.

use crate::support::{Place, context, found, index_of, matrix, permit, search, stop, version_of};
use law::access::Action;
use model::derived::index::document;
use model::kinds::nominal::{self, date_of_birth, name};
use model::{Labels, PartialDate, RecordId};
use search::{Change, IndexDocument, IndexEntry, Page, Query};
use std::collections::HashMap;
use std::time::Instant;
use synth::force::{Force, Made, Plan};
use synth::random::Random;

fn person(number: u64, forenames: &str, surname: &str, born: Option<PartialDate>) -> IndexEntry {
    let mut entry = stop("");
    entry.reference = number;
    entry.document = IndexDocument {
        names: vec![("names.forenames".into(), forenames.into()), ("names.surname".into(), surname.into())],
        dates: born.map(|born| ("dates-of-birth.date".into(), born)).into_iter().collect(),
        ..IndexDocument::default()
    };
    entry
}

fn born(year: i16, month: i8, day: i8) -> Option<PartialDate> {
    Some(PartialDate { year: Some(year), month: Some(month), day: Some(day) })
}

#[tokio::test]
async fn a_person_is_found_however_the_name_was_taken_down() {
    let year = |year| Some(PartialDate { year: Some(year), month: None, day: None });
    let (_place, index) = index_of(vec![
        person(1, "William", "O'Sullivan", born(1985, 3, 12)),
        person(2, "Mohammed", "Al-Khalid", year(1990)),
        person(3, "Дмитрий", "Иванов", None),
        person(4, "Jane", "McDonald", born(1971, 11, 2)),
        person(5, "J", "Whitfield", None),
        person(6, "Mary", "van der Berg", born(1960, 1, 1)),
    ])
    .await;
    for (query, number) in [
        ("william o'sullivan", 1),
        ("osullivan bill", 1),
        ("O Sullivan William", 1),
        ("wiliam osulivan", 1),
        ("xilliam ossullivan 1986", 1),
        ("w sullivan", 1),
        ("osullivan 12/03/1985", 1),
        ("osullivan 03/12/1985", 1),
        ("osullivan 12/03/1958", 1),
        ("osullivan 14/03/1985", 1),
        ("mohamad alkhalid", 2),
        ("muhammed khalid 12/05/1990", 2),
        ("dmitry ivanov", 3),
        ("dmitriy ivanov 1980", 3),
        ("mac donald jane", 4),
        ("mc donald", 4),
        ("mcdonnald 1972", 4),
        ("john whitfield", 5),
        ("vanderberg mary", 6),
        ("berg mary", 6),
        ("surname:mcdonld", 4),
    ] {
        let hits = search(&index, query).await;
        let first = hits.hits.first().map(|hit| hit.reference);
        assert_eq!(first, Some(number), "{query}: {hits:?}");
        assert!(hits.whole > 0, "{query}");
    }
    for query in ["william smith -osullivan", "\"wiliam\"", "surname:william", "-sulivan knife"] {
        assert!(search(&index, query).await.hits.iter().all(|_| query.starts_with("william")), "{query}");
    }
    index.close().await.unwrap();
}

#[tokio::test]
async fn the_reasons_and_the_probability_are_given() {
    let (_place, index) = index_of(vec![
        person(1, "Catherine", "Smith", born(1985, 3, 12)),
        person(2, "Kathryn", "Smyth", born(1986, 3, 12)),
        person(3, "Peter", "Jones", None),
    ])
    .await;
    let hits = search(&index, "catherine smith 12/03/1985").await;
    assert_eq!(hits.hits[0].why, ["name “catherine”", "name “smith”", "born 12/03/1985"]);
    assert!(hits.hits[0].probability.unwrap() > 0.99);
    let why = &hits.hits[1].why;
    assert!(why[1].contains("name “smyth” for “smith”: one letter differs, sounds the same"), "{why:?}");
    assert!(why[2].contains("a year later"), "{why:?}");
    assert!(hits.hits[1].probability.unwrap() < 0.01);
    let hits = search(&index, "peter smithers jones").await;
    assert_eq!(hits.lacking, 1);
    assert_eq!(hits.hits[0].why, ["name “peter”", "“smithers” is not in it", "name “jones”"]);
    index.close().await.unwrap();
}

#[tokio::test]
async fn words_of_a_text_are_what_was_typed_however_many() {
    let text =
        "seen near a bus with a black hooded top, a knife and a mobile telephone in both hands by the river";
    let (_place, index) = index_of(vec![stop(text), stop("a knife")]).await;
    for query in ["black hooded top bus knife", "tops hooded seen near bus black telephones", text] {
        let hits = search(&index, query).await;
        assert_eq!(hits.whole, 1, "{query}");
        assert_eq!(hits.hits[0].probability, None, "nobody was named");
    }
    let hits = search(&index, "knife horse").await;
    assert_eq!((hits.lacking, hits.whole, hits.total), (1, 0, 2));
    index.close().await.unwrap();
}

#[tokio::test]
async fn marks_and_phones_are_found_in_part_and_mistyped() {
    let thing = |number: u64, field: &str, value: &str| {
        let mut entry = person(number, "", "", None);
        entry.document.exact = vec![(field.into(), value.into())];
        entry.document.names.clear();
        entry
    };
    let (_place, index) = index_of(vec![
        thing(1, "vrm", "AB12CDE"),
        thing(2, "vrm", "XY99ZZZ"),
        thing(3, "phones.number", "+447700900123"),
        thing(4, "phones.number", "+447700911987"),
    ])
    .await;
    for (query, number) in [
        ("AB12CDE", 1),
        ("A8I2CDE", 1),
        ("AB12", 1),
        ("12CDE", 1),
        ("AB12CDF", 1),
        ("07700900123", 3),
        ("0770090013", 3),
        ("07700900124", 3),
        ("900123", 3),
        ("07700 900123", 3),
        ("07700 911 987", 4),
    ] {
        assert_eq!(found(&index, query).await, [number], "{query}");
    }
    index.close().await.unwrap();
}

/// A person as a query asks for them.
struct Asked {
    query: String,
    right: Vec<RecordId>,
    /// Whether the first letters and the year are right.
    easy: bool,
}

/// One letter missing, added, changed or swapped, anywhere in a name.
fn mistyped(name: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let at = random.below(letters.len() as u64) as usize;
    let letter = char::from(b'a' + random.below(26) as u8);
    match random.below(4) {
        0 if letters.len() > 1 => drop(letters.remove(at)),
        1 => letters.insert(at, letter),
        2 if letters.len() > 1 => {
            let at = at.min(letters.len() - 2);
            letters.swap(at, at + 1);
        }
        _ => letters[at] = letter,
    }
    letters.into_iter().collect()
}

fn asked_for(made: &Made, random: &mut Random) -> Option<(Asked, RecordId)> {
    let names = made.body.get(nominal::NAMES)?;
    let first = names.first()?;
    let forename = first.get(name::FORENAMES)?.split_whitespace().next()?.to_owned();
    let surname = first.get(name::SURNAME)?;
    let born = made.body.get(nominal::DATES_OF_BIRTH)?.first()?.get(date_of_birth::DATE)?.year?;
    let mut typed = [forename.clone(), surname.clone()];
    for _ in 0..2 {
        let part = random.below(2) as usize;
        typed[part] = mistyped(&typed[part], random);
    }
    let year = born + random.between(-2, 2) as i16;
    let same_first = |left: &str, right: &str| left.chars().next() == right.chars().next();
    let easy = year == born && same_first(&typed[0], &forename) && same_first(&typed[1], &surname);
    let query = format!("{} {} {year}", typed[0], typed[1]);
    Some((Asked { query, right: vec![made.id], easy }, made.truth.as_ref()?.cluster))
}

#[tokio::test(flavor = "multi_thread")]
async fn name_test() {
    let nominals = std::env::var("BLUELAMP_NOMINALS").ok().and_then(|n| n.parse().ok()).unwrap_or(4_000u64);
    let place = Place::new();
    let index = place.open().await.unwrap();
    let (mut random, mut asked, mut clusters) = (Random::part(7, "name test"), Vec::new(), HashMap::new());
    let (mut batch, mut position) = (Vec::new(), 0);
    let started = Instant::now();
    for made in Force::new(Plan { seed: 7, nominals }).unwrap().flat_map(|household| household.records) {
        if made.kind.number != nominal::KIND.number {
            continue;
        }
        let cluster = made.truth.as_ref().unwrap().cluster;
        clusters.entry(cluster).or_insert_with(Vec::new).push(made.id);
        if asked.len() < 600 && random.below(nominals / 700) == 0 {
            asked.extend(asked_for(&made, &mut random));
        }
        position += 1;
        let mut version = version_of(1, u128::from(position));
        (version.record, version.kind) = (made.id, nominal::KIND.number);
        let document = document(made.kind, &made.body, jiff::civil::date(2026, 1, 1));
        let (happened, about, unit) = (None, None, None);
        let labels = Labels::default();
        let entry = IndexEntry { version, reference: position, labels, happened, about, unit, document };
        batch.push(Change::from(entry));
        if batch.len() == 1_000 {
            index.apply(std::mem::take(&mut batch), position).await.unwrap();
        }
    }
    index.apply(batch, position).await.unwrap();
    index.publish().await.unwrap();
    println!("{nominals} nominals indexed in {:?}", started.elapsed());
    let officer = context(&["officer"], &[]);
    let (mut times, mut first, mut twenty, mut easy) = (Vec::new(), 0, 0, (0, 0));
    let mut totals = 0;
    for (mut asked, cluster) in asked.into_iter() {
        asked.right.clone_from(&clusters[&cluster]);
        let query = Query::parse(&asked.query).unwrap();
        let permit = permit(&officer, Action::List);
        let started = Instant::now();
        let withheld = index.run(&permit, &matrix(), &query, Page::default()).await.unwrap();
        times.push(started.elapsed());
        let refs = withheld.refs();
        let at = refs.iter().position(|version| asked.right.contains(&version.record));
        first += usize::from(at == Some(0));
        twenty += usize::from(at.is_some());
        if asked.easy {
            easy = (easy.0 + 1, easy.1 + usize::from(at.is_some()));
        }
        totals += 1;
    }
    let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
    times.sort();
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize];
    println!(
        "{totals} asked: recall@1 {:.3}, recall@20 {:.3}; first letters and year right: {:.3} of {}; p50 {:?}, p95 {:?}, p99 {:?}",
        share(first, totals),
        share(twenty, totals),
        share(easy.1, easy.0),
        easy.0,
        at(0.5),
        at(0.95),
        at(0.99),
    );
    assert!(share(twenty, totals) >= 0.93, "recall@20 {}", share(twenty, totals));
    assert!(share(easy.1, easy.0) >= 0.97);
    index.close().await.unwrap();
}
