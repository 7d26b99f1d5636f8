use super::*;
use crate::force::Plan;
use std::collections::{BTreeMap, BTreeSet};

fn made(nominals: u64) -> Force {
    let mut force = Force::new(Plan { seed: 9, nominals }).unwrap();
    assert!(force.by_ref().count() > 0);
    force
}

#[test]
fn acts_come_in_the_order_of_time_and_the_same_again() {
    let force = made(1_000);
    let acts: Vec<Act> = Reads::of(&force).collect();
    assert!(acts.len() > 3_000, "{}", acts.len());
    assert_eq!(acts, Reads::of(&force).collect::<Vec<_>>());
    assert!(acts.windows(2).all(|pair| pair[0].at <= pair[1].at));
    let last = FIRST_MOMENT + (DAYS * 24) as i64 * HOUR;
    assert!(acts.iter().all(|act| (FIRST_MOMENT..last + HOUR).contains(&act.at)));
}

#[test]
fn every_pattern_occurs_and_most_is_ordinary_work_on_a_task() {
    let force = made(3_000);
    let mut counts: BTreeMap<Pattern, u32> = BTreeMap::new();
    let acts: Vec<Act> = Reads::of(&force).collect();
    for act in &acts {
        *counts.entry(act.pattern).or_default() += 1;
        assert_eq!(act.pattern == Pattern::Ordinary, act.task.is_some() && !act.pattern.is_browsing());
    }
    assert_eq!(counts.len(), Pattern::ALL.len(), "{counts:?}");
    assert!(counts[&Pattern::Ordinary] as usize * 10 > acts.len() * 7, "{counts:?}");
}

#[test]
fn what_is_opened_exists_and_own_names_are_own() {
    let mut force = Force::new(Plan { seed: 9, nominals: 3_000 }).unwrap();
    let households = force.by_ref().collect::<Vec<_>>();
    let ids: BTreeSet<RecordId> =
        households.iter().flat_map(|household| household.records.iter().map(|made| made.id)).collect();
    let reads = Reads::of(&force);
    let officers: Vec<Officer> = (0..reads.officers()).map(|number| reads.officer(number)).collect();
    let mut missing = 0;
    for act in Reads::of(&force) {
        match &act.deed {
            Deed::Open(id) => missing += u32::from(!ids.contains(id)),
            Deed::Search(text) if act.pattern == Pattern::OwnName => {
                assert_eq!(*text, officers[act.officer as usize].name());
            }
            Deed::Search(text) => assert!(!text.is_empty()),
        }
    }
    // Only people of the last household, which may be cut short, may be missing.
    assert!(missing < 20, "{missing}");
}
