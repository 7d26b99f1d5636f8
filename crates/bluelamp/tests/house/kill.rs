//! Processes that are ended in the middle, without warning, and the same command run again.

use crate::support::{House, bluelamp, plan, text};
use serde_json::Value;
use std::process::{Command, Stdio};
use std::time::Duration;

#[test]
fn a_writing_process_killed_ten_times_loses_nothing_that_it_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let drill = ["drill", "--rounds", "10", "--seed", "3", "--json"];
    let drilled = bluelamp(&folder.path().join("drill"), None, &drill).good().json();
    assert_eq!((&drilled["rounds"], &drilled["lost"]), (&10.into(), &0.into()));
    assert!(drilled["acknowledged"].as_u64().unwrap() >= 5, "{drilled}");
}

#[test]
fn servers_killed_under_a_writing_process_lose_nothing_that_was_acknowledged() {
    if servers::Programs::find_or_pass_over().unwrap().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let drill = ["drill", "--postgres", "--rounds", "10", "--seed", "5", "--json"];
    let drilled = bluelamp(&folder.path().join("drill"), None, &drill).good().json();
    assert_eq!((&drilled["rounds"], &drilled["lost"]), (&10.into(), &0.into()));
    // In seven rounds a server was killed, and after each of them work went on.
    assert!(drilled["acknowledged"].as_u64().unwrap() >= 7, "{drilled}");
}

/// Runs a command and ends it after so many milliseconds; gives whether it had finished by then.
fn killed_after(command: &mut std::process::Command, milliseconds: u64) -> bool {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(milliseconds));
    let finished = child.try_wait().unwrap().is_some();
    child.kill().unwrap();
    child.wait().unwrap();
    finished
}

#[test]
fn a_deployment_whose_making_was_killed_is_made_by_the_same_command() {
    for milliseconds in [2, 5, 10, 20, 40, 80] {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("force");
        let mut making = Command::new(env!("CARGO_BIN_EXE_bluelamp"));
        making.args(["init", "--json", "--data"]).arg(&data);
        if killed_after(&mut making, milliseconds) {
            break;
        }
        let made = bluelamp(&data, None, &["init", "--json"]);
        if !made.out().is_empty() {
            assert_eq!(made.good().json()["users"].as_array().unwrap().len(), 3);
            continue;
        }
        // The accounts were durable, and their tokens went with the process: nobody can come in.
        made.fails(&["with accounts", "choose another folder"]);
    }
}

#[test]
fn an_import_killed_again_and_again_gives_what_an_unbroken_one_gives() {
    let plan = synth::stops::Plan { faulty_in_a_thousand: 10, ..plan(12_000) };
    let (killed, unbroken) = (House::new(), House::new());
    let (published, written) = killed.publish(&plan);
    let intake = ["intake", "data-police-uk", &text(&published), "--json"];
    let mut kills = 0;
    for milliseconds in [150, 300, 450, 600, 250, 350, 500] {
        if killed_after(&mut killed.administrator().command(&intake), milliseconds) {
            break;
        }
        kills += 1;
    }
    assert!(kills >= 2, "the import was over before it could be killed: make it larger");
    let last = killed.administrator().run(&intake).good().json();
    unbroken.administrator().run(&intake).good();
    let file = &last["files"][0];
    let sum: u64 = ["accepted", "repeated", "rejected"].iter().map(|name| file[name].as_u64().unwrap()).sum();
    assert_eq!((file["rows"].as_u64(), sum), (Some(written.rows), written.rows));
    assert_eq!(killed.stops(), written.good, "nothing is lost and nothing is there twice");
    assert_eq!(figures(&killed), figures(&unbroken));
    assert_eq!(rejects(&killed), rejects(&unbroken));
    let again = killed.administrator().run(&intake).good().json();
    assert_eq!(again["totals"]["accepted"], 0);
    killed.all_is_well();
}

fn figures(house: &House) -> Value {
    let asked = ["completeness", "stop-and-search", "--check", "--json"];
    let mut figures = house.auditor().run(&asked).good().json();
    figures["index_position"] = Value::Null;
    figures
}

fn rejects(house: &House) -> Value {
    house.reviewer().run(&["intake", "rejects", "--json"]).good().json()
}

#[test]
fn an_erasure_killed_at_any_moment_is_carried_out_to_its_certificate() {
    let house = House::with_stops(60);
    let found =
        house.reviewer().run(&["search", "kind:stop-and-search", "--limit", "6", "--json"]).good().json();
    let mut states: Vec<String> = Vec::new();
    for (number, group) in found["groups"].as_array().unwrap().iter().enumerate() {
        let reference = group["ref"].as_str().unwrap();
        let words = format!("place.words=Lantern Yard {number}");
        house.reviewer().run(&["correct", reference, &words, "--reason", "from the notebook"]).good();
        let plan = ["erase", "plan", reference, "--ground", "DPA 2018 s.47(1)(a)", "--json"];
        let id = house.reviewer().run(&plan).good().json()["id"].as_str().unwrap().to_owned();
        house.auditor().run(&["erase", "approve", &id]).good();
        // From too early for anything to a little later each time.
        for milliseconds in (0..).map(|step| 30 + step * 25 + number as u64 * 4) {
            let finished = killed_after(&mut house.reviewer().command(&["erase", "run", &id]), milliseconds);
            let status = house.reviewer().run(&["erase", "status", &id, "--json"]).good().json();
            states.push(status["state"].as_str().unwrap().to_owned());
            if finished || status["state"] == "done" {
                break;
            }
        }
        let done = house.reviewer().run(&["erase", "run", &id, "--json"]).good().json();
        assert_eq!((&done["state"], &done["certificate"]["versions"]), (&"done".into(), &2.into()));
        let after = done["places"].as_array().unwrap().iter().map(|place| place["after"].as_u64().unwrap());
        assert_eq!(after.sum::<u64>(), 0, "{done}");
        house.reviewer().run(&["show", reference]).fails(&["There is no such record."]);
    }
    states.sort();
    states.dedup();
    assert!(states.len() >= 3, "too few states were met: {states:?}");
    let scanned = ["scan", &text(&house.data()), "--token", "Lantern Yard", "--json"];
    assert_eq!(house.administrator().run(&scanned).good().json()["found"], 0);
    assert_eq!(house.stops(), 54);
    house.all_is_well();
}
