//! Escrow copies, turns of the epoch with a copy of the keystore, and who may read what is given out.

use crate::support::{House, text};
use serde_json::json;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

#[test]
fn a_failed_escrow_registers_nothing_and_a_path_is_kept_absolute() {
    let house = House::new();
    let administrator = house.administrator();
    for (path, told) in [(house.beside("nowhere/x.key"), "does not exist"), (house.data(), "is a folder")] {
        administrator.run(&["keys", "escrow", "safe", &text(&path)]).fails(&["was not registered", told]);
    }
    administrator.run(&["keys", "escrows"]).good().says(&["no escrow copy is registered"]);
    house.all_is_well();
    let there =
        administrator.command(&["keys", "escrow", "safe", "copy.key"]).current_dir(house.beside("")).status();
    assert!(there.unwrap().success());
    let escrows = administrator.run(&["keys", "escrows", "--json"]).good().json();
    assert_eq!(escrows["escrows"][0]["path"], json!(house.beside("copy.key")));
    administrator.run(&["keys", "turn"]).good().says(&["every registered escrow copy followed"]);
}

#[test]
fn an_escrow_copy_that_left_the_register_is_named_by_every_later_certificate() {
    let house = House::with_stops(5);
    let administrator = house.administrator();
    let copy = house.beside("copy.key");
    administrator.run(&["keys", "escrow", "safe", &text(&copy)]).good();
    fs::remove_file(&copy).unwrap();
    administrator.run(&["keys", "turn"]).good().says(&["could not be reached: safe"]);
    let ground = ["keys", "unregister", "safe", "--ground", "shredded by the solicitor"];
    administrator
        .run(&["keys", "unregister", "vault", "--ground", "x"])
        .fails(&["no escrow copy “vault”", "“safe”"]);
    house.reviewer().run(&ground).fails(&["do not allow “maintain”"]);
    administrator.run(&ground).good();
    house.all_is_well();
    administrator.run(&["keys", "escrows"]).good().says(&["safe: off the register since", "it held epoch 1"]);

    let reference = house.some_stop();
    house.reviewer().run(&["erase", "plan", &reference, "--ground", "DPA 2018 s.47(1)(a)"]).good();
    house.auditor().run(&["erase", "approve", "E-1"]).good();
    let done = house.reviewer().run(&["erase", "run", "E-1"]).good();
    let told = [
        "said to be destroyed, and not confirmed",
        "safe: removed from the register on",
        "confirmed up to epoch 1",
    ];
    done.says(&told).says(&["not looked at", "memory and swap", "epoch 3 began"]);
    house
        .auditor()
        .run(&["erase", "certificates", "E-1"])
        .good()
        .says(&told)
        .says(&["Certificate of erasure E-1"]);
    house.auditor().run(&["erase", "certificates", "E-9"]).fails(&["there is no certificate “E-9”"]);
}

#[test]
fn a_turn_tries_the_folder_of_its_copy_first() {
    let house = House::with_stops(2);
    let (administrator, file) = (house.administrator(), house.beside("a-file"));
    fs::write(&file, "").unwrap();
    let wrong = text(&file.join("copies"));
    administrator
        .run(&["keys", "turn", "--copy", &wrong])
        .fails(&["folder for copies", "Nothing was turned"]);
    let copies = house.beside("made/copies");
    administrator.run(&["keys", "turn", "--copy", &text(&copies)]).good().says(&["epoch 2 began"]);
    assert!(copies.join("keys-epoch-2.sqlite").exists());
    house.all_is_well();
}

#[test]
fn what_is_given_out_is_for_its_owner_alone() {
    let house = House::with_stops(2);
    let export = house.export("export");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for folder in ["", "payloads", "tile/0"] {
        assert_eq!(mode(&export.join(folder)), 0o700, "{folder}");
    }
    for file in ["checkpoint", "payloads/000"] {
        assert_eq!(mode(&export.join(file)), 0o600, "{file}");
    }
    let provider = house.beside("provider");
    crate::support::bluelamp(&house.beside("other"), None, &["init", "--provider", &text(&provider)]).good();
    assert_eq!((mode(&provider), mode(&provider.join("epoch.key"))), (0o700, 0o600));
}
