//! A disk that is full: while the log cannot write, nobody reads; and nothing that was acknowledged
//! is lost. It needs a small file system of its own, and so the right to mount one.

use crate::support::{Person, bluelamp, plan, text};
use servers::SmallDisk;
use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;

/// Fills it to the last octet; the file makes room again when it is removed.
fn fill(disk: &SmallDisk) -> PathBuf {
    let path = disk.path().join("filler");
    let mut file = File::create(&path).unwrap();
    let mut piece = 1 << 16;
    while piece > 0 {
        if file.write_all(&vec![1; piece]).is_err() {
            piece /= 2;
        }
    }
    path
}

#[test]
fn a_full_disk_shows_nobody_anything_and_loses_nothing() {
    let Some(disk) = SmallDisk::mount(48).unwrap() else { return };
    let data = disk.path().join("force");
    let made = bluelamp(&data, None, &["init", "--json"]).good().json();
    let person = |at: usize| Person::new(&data, made["users"][at]["token"].as_str().unwrap());
    let (administrator, reviewer, auditor) = (person(0), person(1), person(2));
    let published = tempfile::tempdir().unwrap();
    synth::stops::write(published.path(), &plan(50)).unwrap();
    let intake = ["intake", "data-police-uk", &text(published.path())];
    administrator.run(&intake).good();
    let found = reviewer.run(&["search", "kind:stop-and-search", "--limit", "1", "--json"]).good().json();
    let reference = found["groups"][0]["ref"].as_str().unwrap().to_owned();

    let filler = fill(&disk);
    let show = ["show", &reference, "--json"];
    for command in [&show[..], &["search", "kind:stop-and-search"]] {
        let answer = reviewer.run(command).fails(&["full", "nothing that was acknowledged is lost"]);
        assert_eq!(answer.out(), "", "nothing is shown that could not be entered");
    }
    let correct = ["correct", &reference, "outcome=arrest", "--reason", "keyed wrongly"];
    reviewer.run(&correct).fails(&["full"]);
    fs::remove_file(&filler).unwrap();

    assert_eq!(reviewer.run(&show).good().json()["version"], 1);
    assert_eq!(reviewer.total("kind:stop-and-search"), 50);
    reviewer.run(&correct).good();

    // An import that runs into the end of the disk goes on from there once there is room.
    let more = tempfile::tempdir().unwrap();
    synth::stops::write(more.path(), &synth::stops::Plan { force: "hampshire".to_owned(), ..plan(30_000) })
        .unwrap();
    let intake = ["intake", "data-police-uk", &text(more.path()), "--json"];
    let filler = fill(&disk);
    File::options()
        .write(true)
        .open(&filler)
        .unwrap()
        .set_len(filler.metadata().unwrap().len() - (3 << 20))
        .unwrap();
    administrator.run(&intake).fails(&["full", "nothing that was acknowledged is lost"]);
    fs::remove_file(&filler).unwrap();
    let before = reviewer.total("kind:stop-and-search");
    assert!(before < 30_050, "the disk was not full in the middle");
    // So small a disk is ill by itself; everything else is well.
    let findings = administrator.run(&["doctor", "--json"]).fails(&["1 part(s) need attention"]).json();
    let ill =
        findings["findings"].as_array().unwrap().iter().find(|finding| finding["well"] == false).unwrap();
    assert_eq!((&ill["part"], ill["mend"].as_str().unwrap().contains("Make room")), (&"disk".into(), true));
    let export = more.path().join("export");
    auditor.run(&["ledger", "export", &text(&export)]).good();
    crate::support::verify(&export).good();
}
