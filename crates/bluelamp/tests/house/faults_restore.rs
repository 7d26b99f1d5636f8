//! An older database is put back, as after a disaster. The overseer is told what was lost: the log
//! begins a new generation, which is a gap and not a fork.

use crate::support::{Database, House, Store, on_both_stores, text, verify_with};
use std::fs;

on_both_stores! {
    a_new_generation_accounts_for_what_was_lost
    without_a_new_generation_it_is_a_rewind_or_a_fork
    a_restored_database_is_noticed_before_anything_is_entered
    old_records_with_their_old_keystore_are_a_restored_log_and_no_matter_of_the_index
    what_was_replaced_after_a_restore_is_stated_from_the_largest_checkpoint_that_agrees
    only_a_checkpoint_of_this_log_begins_a_generation
}

/// A deployment whose newest `lost` sights are gone from its database, though the overseer holds a
/// checkpoint that shows them.
fn restored(store: Store, lost: usize) -> (House, String) {
    let house = House::on(store).holding(10);
    let reference = house.some_stop();
    house.copy(Database::Records);
    for _ in 0..lost {
        house.reviewer().run(&["show", &reference]).good();
    }
    house.keep_checkpoint();
    house.put_back(Database::Records);
    (house, reference)
}

/// The deployment forgets what it has signed, as where the whole folder was restored.
fn forget(house: &House) {
    fs::remove_file(house.data().join("newest.checkpoint")).unwrap();
}

fn begin(house: &House, checkpoint: &str) -> crate::support::Answer {
    let ground = "restored from the copy of last night after the fire";
    house.administrator().run(&["ledger", "begin-generation", checkpoint, "--ground", ground, "--json"])
}

fn a_new_generation_accounts_for_what_was_lost(store: Store) {
    for lost in [1, 12] {
        let (house, reference) = restored(store, lost);
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

fn without_a_new_generation_it_is_a_rewind_or_a_fork(store: Store) {
    let (house, reference) = restored(store, 12);
    forget(&house);
    let kept = text(&house.beside("kept.checkpoint"));
    let against = ["--memory", "none", "--checkpoint", &kept];
    let verdict = verify_with(&house.export("short"), &against);
    let cut = verdict.report()["size"].as_u64();
    verdict.first_fault("rewind", cut);
    for _ in 0..16 {
        house.reviewer().run(&["show", &reference]).good();
    }
    verify_with(&house.export("long"), &against).first_fault("fork", None);
    // It is too late for a plain gap: what is known is stated, and the overseer sees it.
    let begun = begin(&house, &kept).good().json();
    assert_eq!((&begun["first_lost"], &begun["replaced"]), (&0.into(), &true.into()));
    verify_with(&house.export("stated"), &against).good();
    house.all_is_well();
}

fn a_restored_database_is_noticed_before_anything_is_entered(store: Store) {
    let (house, reference) = restored(store, 3);
    let told =
        ["does not continue what this deployment has signed", "begin-generation", "before anything else"];
    house.reviewer().run(&["show", &reference]).fails(&told);
    house.administrator().run(&["rebuild-index"]).fails(&told);
    let doctor = house.administrator().run(&["doctor", "--json"]).fails(&["need attention"]).json();
    let ill: Vec<_> =
        doctor["findings"].as_array().unwrap().iter().filter(|finding| finding["well"] == false).collect();
    assert_eq!((ill.len(), &ill[0]["part"]), (1, &"ledger".into()), "{doctor}");
    let begun = begin(&house, &text(&house.beside("kept.checkpoint"))).good().json();
    assert_eq!((&begun["first_lost"], &begun["replaced"]), (&begun["leaf"], &false.into()));
    house.reviewer().run(&["show", &reference]).good();
    house.all_is_well();
}

fn old_records_with_their_old_keystore_are_a_restored_log_and_no_matter_of_the_index(store: Store) {
    let house = House::on(store).holding(5);
    let both = [Database::Records, Database::Keys];
    both.into_iter().for_each(|database| house.copy(database));
    house.stops();
    house.keep_checkpoint();
    both.into_iter().for_each(|database| house.put_back(database));
    let doctor = house.administrator().run(&["doctor", "--json"]).fails(&["need attention"]).json();
    let ill = doctor["findings"].as_array().unwrap().iter().find(|finding| finding["well"] == false).unwrap();
    assert_eq!(ill["part"], "ledger", "{ill}");
    assert!(ill["mend"].as_str().unwrap().contains("begin-generation"), "{ill}");
}

fn what_was_replaced_after_a_restore_is_stated_from_the_largest_checkpoint_that_agrees(store: Store) {
    let house = House::on(store).holding(5);
    let keep = |name: &str| {
        let path = house.beside(name);
        fs::rename(house.keep_checkpoint(), &path).unwrap();
        text(&path)
    };
    let before = keep("before");
    house.copy(Database::Records);
    house.stops();
    let early = keep("early");
    for _ in 0..8 {
        house.stops();
    }
    let late = keep("late");
    house.put_back(Database::Records);
    forget(&house);
    for _ in 0..4 {
        house.stops();
    }
    let ground = ["--ground", "restored from the copy of last night", "--json"];
    let given = ["ledger", "begin-generation", &late, &early, &before];
    let begun = house.administrator().run(&[&given[..], &ground].concat()).good().json();
    assert_eq!(begun["replaced"], true, "{begun}");
    let agreed = fs::read_to_string(&before).unwrap().lines().nth(1).unwrap().parse::<u64>().unwrap();
    assert_eq!(begun["first_lost"], agreed);
    let mut against = vec!["--memory", "none"];
    [&before, &early, &late].iter().for_each(|path| against.extend(["--checkpoint", path.as_str()]));
    let verdict = verify_with(&house.export("after"), &against).good();
    let outcomes: Vec<_> =
        verdict.report()["compared_with"].as_array().unwrap().iter().map(|c| &c["outcome"]).collect();
    assert_eq!(outcomes, ["prefix", "gap", "gap"]);
}

fn only_a_checkpoint_of_this_log_begins_a_generation(store: Store) {
    let (house, _) = restored(store, 3);
    let other = House::with_stops(2);
    for _ in 0..20 {
        other.reviewer().run(&["search", "kind:stop-and-search"]).good();
    }
    begin(&house, &text(&other.keep_checkpoint())).fails(&["the checkpoint cannot be used"]);
    let nonsense = house.beside("nonsense");
    fs::write(&nonsense, "lampshire.example/bluelamp/g1\n1000\nAAAA\n").unwrap();
    begin(&house, &text(&nonsense)).fails(&["the checkpoint cannot be used"]);
    begin(&house, &text(&house.beside("nowhere"))).fails(&["nowhere", "No such file"]);
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
