use super::*;
use jiff::civil::date;
use model::derived::validate;
use model::kinds::{self, stop_and_search};
use std::collections::{BTreeMap, HashMap};

fn force(seed: u64, nominals: u64) -> Vec<Household> {
    Force::new(Plan { seed, nominals }).unwrap().collect()
}

fn records(seed: u64, nominals: u64) -> Vec<Made> {
    force(seed, nominals).into_iter().flat_map(|household| household.records).collect()
}

fn text(made: &Made) -> String {
    format!("{} {} {:?}", made.id, model::derived::json::to_json(made.kind, &made.body), made.truth)
}

#[test]
fn every_kind_that_exists_is_filled() {
    let mut filled: BTreeMap<&str, u64> = BTreeMap::new();
    for made in records(1, 3_000) {
        *filled.entry(made.kind.name).or_default() += 1;
    }
    for kind in kinds::ALL {
        let count = filled.get(kind.name).copied().unwrap_or(0);
        assert!(count >= 20, "the generator makes {count} of “{}”: fill the new kind in force/", kind.name);
    }
    assert_eq!(filled["nominal"], 3_000);
}

#[test]
fn every_field_of_every_kind_is_filled_or_known_not_to_be() {
    // What only an intake, an officer's hand or a rare event fills.
    const LEFT: &[&str] = &[
        "nominal.provenance",
        "location.name",
        "location.lsoa",
        "location.note",
        "location.provenance",
        "vehicle.country",
        "vehicle.provenance",
        "crime.month",
        "crime.lsoa-name",
        "crime.falls-within",
        "crime.last-outcome",
        "crime.context",
        "crime.statements",
        "crime.provenance",
        "stop-and-search.age-range",
        "stop-and-search.description",
        "stop-and-search.provenance",
        "link.until",
        "link.source-detail",
        "link.note",
        "link.provenance",
        "organisation.charity-number",
        "organisation.email",
        "organisation.website",
        "organisation.description",
        "organisation.provenance",
        "phone-or-account.in-use-until",
        "phone-or-account.authorisation",
        "phone-or-account.note",
        "phone-or-account.provenance",
        "object.property-mark",
        "object.provenance",
        "use-of-force.provenance",
    ];
    let mut filled = BTreeSet::new();
    for made in records(1, 6_000) {
        let held = model::derived::Fields::of(made.kind)
            .iter()
            .filter(|field| made.body.value(field.number).is_some());
        filled.extend(held.map(|field| format!("{}.{}", made.kind.name, field.name())));
    }
    for kind in kinds::ALL {
        for field in model::derived::Fields::of(kind).iter() {
            let name = format!("{}.{}", kind.name, field.name());
            assert!(filled.contains(&name) != LEFT.contains(&name.as_str()), "{name}");
        }
    }
}

#[test]
fn nothing_made_would_be_stopped_at_the_door() {
    for made in records(2, 3_000) {
        let on = made.kind.day_of(&made.body).unwrap_or(date(2026, 1, 1));
        let problems = validate::problems(made.kind, &made.body, on);
        let stopping: Vec<_> = problems.iter().filter(|problem| problem.stops).collect();
        assert!(stopping.is_empty(), "{stopping:?} in {}", text(&made));
    }
}

#[test]
fn seed_and_size_give_the_same_octets_and_a_larger_force_is_a_smaller_one_with_more() {
    let texts = |seed, size| -> Vec<Vec<String>> {
        force(seed, size).iter().map(|household| household.records.iter().map(text).collect()).collect()
    };
    let small = texts(7, 700);
    assert_eq!(small, texts(7, 700));
    assert_ne!(small[0], texts(8, 700)[0]);
    let large = texts(7, 2_500);
    let whole = small.len() - 1;
    assert_eq!(small[..whole], large[..whole]);
    assert!(small[whole].iter().all(|made| large[whole].contains(made)), "the last may only be cut");
}

#[test]
fn the_size_is_kept_to_exactly_and_every_link_ends_at_a_record() {
    for nominals in [1, 2, 3, 10, 499, 2_001] {
        let made = records(3, nominals);
        let count = made.iter().filter(|made| made.truth.is_some()).count() as u64;
        assert_eq!(count, nominals);
        let ids: BTreeSet<RecordId> = made.iter().map(|made| made.id).collect();
        assert_eq!(ids.len(), made.len(), "identities are distinct");
        for made in made.iter().filter(|made| is(made, &link::KIND)) {
            for end in [made.body.get(link::FROM), made.body.get(link::TO)] {
                assert!(ids.contains(&RecordId(end.unwrap())), "{}", text(made));
            }
        }
    }
    assert!(matches!(Force::new(Plan { seed: 1, nominals: 0 }), Err(SynthError::Size(0))));
}

#[test]
fn the_truth_knows_every_slip_and_every_trap() {
    let made = records(4, 12_000);
    let truths: Vec<&Truth> = made.iter().filter_map(|made| made.truth.as_ref()).collect();
    for slip in Slip::all() {
        assert!(truths.iter().any(|truth| truth.slips.contains(&slip)), "{slip:?} never occurs");
    }
    for trap in [Trap::Twin, Trap::SameNameAsParent] {
        assert!(truths.iter().any(|truth| truth.trap == Some(trap)), "{trap:?} never occurs");
    }
    let people: BTreeSet<RecordId> = truths.iter().map(|truth| truth.cluster).collect();
    let share = people.len() as f64 / truths.len() as f64;
    assert!((0.72..0.9).contains(&share), "{share} of the nominals are people");
    for made in made.iter().filter(|made| made.truth.as_ref().is_some_and(|truth| truth.cluster == made.id)) {
        assert!(
            made.truth.as_ref().is_some_and(|truth| truth.slips.is_empty()),
            "a first record has no slip"
        );
    }
}

#[test]
fn few_are_met_again_and_again() {
    let mut stops: HashMap<RecordId, u32> = HashMap::new();
    let (mut suspected, mut people): (HashMap<uuid::Uuid, u32>, u32) = (HashMap::new(), 0);
    for made in records(5, 12_000) {
        people += u32::from(made.truth.is_some());
        match made.body.get(link::TYPE).filter(|_| is(&made, &link::KIND)) {
            Some(code) if code.0 == "searched-in" => {
                *stops.entry(RecordId(made.body.get(link::FROM).unwrap())).or_default() += 1;
            }
            Some(code) if matches!(code.0.as_str(), "suspect-of" | "convicted-of") => {
                *suspected.entry(made.body.get(link::FROM).unwrap()).or_default() += 1;
            }
            _ => {}
        }
    }
    let mut counts: Vec<u32> = stops.values().copied().collect();
    counts.sort_unstable_by(|one, other| other.cmp(one));
    let all: u32 = counts.iter().sum();
    let top: u32 = counts.iter().take(counts.len() / 10).sum();
    assert!(top * 10 > all * 3, "a tenth of those stopped has {top} of {all} stops");
    assert!(counts.len() * 4 < people as usize, "most people are never stopped");
    assert!(suspected.values().any(|count| *count >= 10), "nobody is suspected ten times");
}

#[test]
fn places_and_people_of_a_stop_agree() {
    for made in records(6, 2_000).iter().filter(|made| is(made, &stop_and_search::KIND)) {
        let age = made.body.get(stop_and_search::AGE).unwrap();
        assert!((10..=100).contains(&age));
        let at = made.kind.day_of(&made.body).unwrap();
        assert!(at < AS_OF && at > date(2019, 1, 1), "{at}");
    }
}
