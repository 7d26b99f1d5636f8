//! Folders that hold no deployment, hold one already, or are in use.

use crate::support::{House, bluelamp};
use desk::Deployment;
use desk::clock::MachineClock;
use std::fs;
use std::process::Stdio;
use std::sync::Arc;

#[test]
fn a_folder_that_holds_no_deployment() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("elsewhere");
    let told = ["elsewhere is no deployment", "bluelamp init --data"];
    for command in [&["search", "arrest"][..], &["rebuild-index"], &["users", "list"]] {
        bluelamp(&data, Some("bl_00"), command).fails(&told);
    }
    bluelamp(&data, None, &["doctor"])
        .fails(&["need attention"])
        .says(&["is no deployment", "Name the right folder"]);
    assert!(!data.exists(), "nothing is made where nothing was asked for");
}

#[test]
fn a_folder_that_holds_a_deployment_already() {
    let house = House::with_stops(4);
    bluelamp(&house.data(), None, &["init"]).fails(&["holds a deployment already", "choose another folder"]);
    assert_eq!(house.stops(), 4);
    house.all_is_well();
}

#[test]
fn a_deployment_that_another_process_uses() {
    let house = House::with_stops(4);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let deployment = runtime.block_on(Deployment::open(&house.data(), Arc::new(MachineClock))).unwrap();
    let told = ["is in use by another process of this program", "one process at a time"];
    house.reviewer().run(&["search", "kind:stop-and-search"]).fails(&told);
    house.administrator().run(&["doctor"]).fails(&["need attention"]).says(&told);
    runtime.block_on(deployment.close()).unwrap();
    assert_eq!(house.stops(), 4);
    house.all_is_well();
}

#[test]
fn commands_that_begin_together_wait_for_each_other() {
    let house = House::with_stops(4);
    let search = ["search", "kind:stop-and-search", "--json"];
    let begun: Vec<_> =
        (0..3).map(|_| house.reviewer().command(&search).stdout(Stdio::null()).spawn().unwrap()).collect();
    for mut process in begun {
        assert!(process.wait().unwrap().success());
    }
}

#[test]
fn settings_and_databases_that_cannot_be_read() {
    let house = House::with_stops(4);
    let settings = house.data().join("deployment.toml");
    let kept = fs::read(&settings).unwrap();
    fs::write(&settings, "force = \"nobody\"\nshoe_size = 9\n").unwrap();
    house.reviewer().run(&["search", "arrest"]).fails(&["deployment.toml cannot be read"]);
    fs::write(&settings, kept).unwrap();

    let (records, whole) = (house.data().join("records.sqlite"), house.beside("whole.sqlite"));
    fs::copy(&records, &whole).unwrap();
    fs::write(&records, [7u8; 8192]).unwrap();
    let told = [
        "records.sqlite is corrupt or no database",
        "keep the file for analysis",
        "restore the newest backup",
    ];
    house.reviewer().run(&["search", "arrest"]).fails(&told);
    fs::copy(&whole, &records).unwrap();
    crate::support::execute(&records, "UPDATE _sqlx_migrations SET version = 9999 WHERE version = 1");
    house
        .reviewer()
        .run(&["search", "arrest"])
        .fails(&["was written by a newer program", "nothing was changed"]);
    fs::copy(&whole, &records).unwrap();
    assert_eq!(house.stops(), 4);
    house.all_is_well();
}
