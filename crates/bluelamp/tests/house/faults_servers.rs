//! Servers that are away, or that are one where they must be two.

use crate::support::{House, Store, bluelamp};
use servers::{Pair, Programs};

#[test]
fn records_and_keys_on_one_cluster_are_refused_and_nothing_is_made() {
    let Some(pair) = Pair::start().unwrap() else { return };
    pair.records.create_database("records").unwrap();
    pair.records.create_database("keys").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("force");
    let (records, keys) = (pair.records.url("records"), pair.records.url("keys"));
    let init = ["init", "--store", &records, "--keystore", &keys];
    bluelamp(&data, None, &init).fails(&[
        "are on one cluster",
        "a cluster of its own",
        "nothing was changed",
    ]);
    let away = ["init", "--store", &records, "--keystore", "postgres:///keys?host=/nowhere&user=postgres"];
    bluelamp(&data, None, &away).fails(&["cannot be reached", "Start the server"]);
    bluelamp(&data, None, &["init", "--store", &records]).fails(&["--keystore"]);
    bluelamp(&data, None, &["init", "--store", "records.sqlite", "--keystore", &keys])
        .fails(&["must read postgres://"]);
    assert!(!data.exists(), "a deployment was half made");
}

#[test]
fn while_a_server_is_away_nobody_reads_and_all_is_well_once_it_is_back() {
    if Programs::find_or_pass_over().unwrap().is_none() {
        return;
    }
    let mut house = House::on(Store::Postgres).holding(5);
    let reference = house.some_stop();
    let show = ["show", reference.as_str()];
    house.servers().keys.kill().unwrap();
    house.reviewer().run(&show).fails(&["cannot be reached", "work goes on by itself once it is back"]);
    house.servers().keys.start_again().unwrap();
    house.reviewer().run(&show).good();
    house.servers().records.kill().unwrap();
    house.reviewer().run(&show).fails(&["cannot be reached", "Start the server"]);
    house.servers().records.start_again().unwrap();
    house.reviewer().run(&show).good();
    house.all_is_well();
}

#[test]
fn a_copy_of_the_keystore_is_put_back_and_an_older_one_only_by_request() {
    if Programs::find_or_pass_over().unwrap().is_none() {
        return;
    }
    let house = House::on(Store::Postgres).holding(3);
    let copies = house.beside("copies");
    std::fs::create_dir(&copies).unwrap();
    let turn = ["keys", "turn", "--copy", copies.to_str().unwrap(), "--json"];
    house.administrator().run(&turn).good();
    let copy = copies.join("keys-epoch-2.sqlite");
    let restore = ["keys", "restore", copy.to_str().unwrap()];
    let reference = house.some_stop();
    let correct = ["correct", &reference, "outcome=arrest", "--reason", "keyed wrongly"];
    house.reviewer().run(&correct).good();
    house.administrator().run(&restore).fails(&["keys made since would be lost", "Nothing was changed"]);
    house.reviewer().run(&["show", &reference]).good();
    house.administrator().run(&[restore.as_slice(), &["--older"]].concat()).good();
    // The records know that they rest on newer keys.
    house.reviewer().run(&["show", &reference]).fails(&["is older than its records", "newest copy"]);
}
