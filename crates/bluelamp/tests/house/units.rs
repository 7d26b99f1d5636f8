//! How systemd runs the server: its units can be read by it, and leave the server no more than it needs; and
//! the copy of every night can be brought back.

use crate::support::{House, bluelamp_path, copy_folder, text, verify_with};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const UNITS: [&str; 3] = ["bluelamp.service", "bluelamp-backup.service", "bluelamp-backup.timer"];
/// What systemd may find exposed at most, of 100, in the server and in the copying.
const EXPOSED: [(&str, u32); 2] = [("bluelamp.service", 16), ("bluelamp-backup.service", 8)];

fn packaging() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packaging")
}

/// The units with the program of this build in them; nothing where this machine has no systemd.
fn units() -> Option<tempfile::TempDir> {
    if !Command::new("systemd-analyze").arg("--version").output().is_ok_and(|said| said.status.success()) {
        println!("passed over: the units are not judged, for systemd-analyze is not installed");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    for unit in UNITS {
        let text = fs::read_to_string(packaging().join("systemd").join(unit)).unwrap();
        fs::write(folder.path().join(unit), text.replace("/usr/bin/bluelamp", bluelamp_path())).unwrap();
    }
    Some(folder)
}

#[test]
fn the_units_can_be_read_by_systemd_and_expose_little() {
    let Some(folder) = units() else { return };
    let files = UNITS.map(|unit| folder.path().join(unit));
    let judged = Command::new("systemd-analyze").arg("verify").args(files).output().unwrap();
    let said = String::from_utf8_lossy(&judged.stderr);
    // What systemd says of units of the machine itself is no matter of ours.
    assert!(judged.status.success() && !said.contains("bluelamp"), "{said}");
    for (unit, most) in EXPOSED {
        let mut command = Command::new("systemd-analyze");
        command.args(["security", "--no-pager", "--offline=true", &format!("--threshold={most}")]);
        let judged = command.arg(folder.path().join(unit)).output().unwrap();
        assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stdout));
    }
}

#[test]
fn the_options_of_the_units_are_those_of_the_program() {
    let help = Command::new(bluelamp_path()).args(["serve", "--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let settings = fs::read_to_string(packaging().join("serve.conf")).unwrap();
    let lines = settings.lines().filter_map(|line| line.split_once("BLUELAMP_SERVE="));
    let words = lines.flat_map(|(_, options)| options.split_whitespace());
    let options: Vec<&str> = words.filter(|word| word.starts_with("--")).collect();
    assert!(options.len() > 4);
    for option in options {
        assert!(help.contains(&format!("{option} ")), "{option} is no option of `bluelamp serve`");
    }
}

#[test]
fn a_copy_that_was_made_while_the_server_worked_comes_back_with_its_gap_in_the_log() {
    let house = House::with_stops(10);
    let copies = house.beside("copies");
    let server = crate::support::Server::start(&house, &[]);
    let copied = house.administrator().run(&["backup", &text(&copies), "--json"]).good().json();
    server.stop();
    let folder = PathBuf::from(copied["folder"].as_str().unwrap());
    assert!(!folder.join("provider").exists() && !folder.join("index").exists());
    assert_eq!(fs::read_dir(&copies).unwrap().count(), 1, "a whole copy, and no part of one");
    let made = house.reviewer().run(&["new", "vehicle", "vrm=GH78 IJK", "--json"]).good().json();
    let since = made["ref"].as_str().unwrap().to_owned();
    let kept = text(&house.keep_checkpoint());

    // The machine burns; what stands elsewhere is the copy and the provider's key.
    let rescued = house.beside("rescued");
    copy_folder(&house.data().join("provider"), &rescued);
    fs::remove_dir_all(house.data()).unwrap();
    copy_folder(&folder, &house.data());
    copy_folder(&rescued, &house.data().join("provider"));
    let begin = ["ledger", "begin-generation", &kept, "--ground", "the machine burned", "--json"];
    assert_eq!(house.administrator().run(&begin).good().json()["generation"], 2);
    house.reviewer().run(&["show", &since]).fails(&["There is no such record"]);
    assert_eq!(house.stops(), 10);
    verify_with(&house.export("back"), &["--memory", "none", "--checkpoint", &kept]).good();
    house.all_is_well();
}

#[test]
fn a_copy_is_never_made_in_the_deployment_itself() {
    let house = House::with_stops(1);
    let inside = text(&house.data().join("copies"));
    house.administrator().run(&["backup", &inside]).fails(&["lie in the deployment itself", "apart from it"]);
}
