//! An older database is put back, as after a disaster. The overseer is told what was lost: the log
//! begins a new generation, which is a gap and not a fork.

use crate::support::{House, text, verify_with};
use std::fs;

/// A deployment whose newest `lost` sights are gone from its database, though the overseer holds a
/// checkpoint that shows them.
fn restored(lost: usize) -> (House, String) {
    let house = House::with_stops(10);
    let reference = house.some_stop();
    let (records, old) = (house.data().join("records.sqlite"), house.beside("old.sqlite"));
    fs::copy(&records, &old).unwrap();
    for _ in 0..lost {
        house.reviewer().run(&["show", &reference]).good();
    }
    house.keep_checkpoint();
    fs::copy(&old, &records).unwrap();
    (house, reference)
}

fn begin(house: &House, checkpoint: &str) -> crate::support::Answer {
    let ground = "restored from the copy of last night after the fire";
    house.administrator().run(&["ledger", "begin-generation", checkpoint, "--ground", ground, "--json"])
}

#[test]
fn a_new_generation_accounts_for_what_was_lost() {
    for lost in [1, 12] {
        let (house, reference) = restored(lost);
        let kept = text(&house.beside("kept.checkpoint"));
        let begun = begin(&house, &kept).good().json();
        assert_eq!(begun["generation"], 2);
        house.reviewer().run(&["show", &reference]).good();
        assert_eq!(house.stops(), 10);
        let verdict =
            verify_with(&house.export("after"), &["--memory", "none", "--checkpoint", &kept]).good();
        let gaps = verdict.report()["gaps"].as_array().unwrap();
        assert_eq!((gaps.len(), &gaps[0]["generation"]), (1, &2.into()), "{}", verdict.report());
        let lost_leaves = gaps[0]["end_of_lost"].as_u64().unwrap() - gaps[0]["first_lost"].as_u64().unwrap();
        assert!(lost_leaves >= lost as u64, "{}", verdict.report());
        assert_eq!(verdict.report()["compared_with"][0]["outcome"], "gap");
        house.all_is_well();
    }
}

#[test]
fn without_a_new_generation_it_is_a_rewind_or_a_fork() {
    let (house, reference) = restored(12);
    let kept = text(&house.beside("kept.checkpoint"));
    let against = ["--memory", "none", "--checkpoint", &kept];
    let verdict = verify_with(&house.export("short"), &against);
    let cut = verdict.report()["size"].as_u64();
    verdict.first_fault("rewind", cut);
    for _ in 0..16 {
        house.reviewer().run(&["show", &reference]).good();
    }
    verify_with(&house.export("long"), &against).first_fault("fork", None);
    // It is too late then, and the message says what to do.
    let told = ["the checkpoint cannot be used", "other entries in the places", "Restore the copy once more"];
    begin(&house, &kept).fails(&told);
}

#[test]
fn only_a_checkpoint_of_this_log_begins_a_generation() {
    let (house, _) = restored(3);
    let other = House::with_stops(2);
    for _ in 0..20 {
        other.reviewer().run(&["search", "kind:stop-and-search"]).good();
    }
    begin(&house, &text(&other.keep_checkpoint())).fails(&["the checkpoint cannot be used"]);
    let nonsense = house.beside("nonsense");
    fs::write(&nonsense, "lampshire.example/bluelamp/g1\n1000\nAAAA\n").unwrap();
    begin(&house, &text(&nonsense)).fails(&["the checkpoint cannot be used"]);
    begin(&house, &text(&house.beside("nowhere"))).fails(&["No such file"]);
    let kept = text(&house.beside("kept.checkpoint"));
    begin(&house, &kept).good();
    let ground = ["ledger", "begin-generation", &kept, "--ground", "none of my business"];
    house.reviewer().run(&ground).fails(&["do not allow “maintain”"]);
    house.all_is_well();
    // Where nothing was lost there is nothing to begin anew.
    house.keep_checkpoint();
    house.reviewer().run(&["search", "kind:stop-and-search"]).good();
    begin(&house, &kept).fails(&["nothing of it was lost", "nothing to begin anew"]);
    house.all_is_well();
}
