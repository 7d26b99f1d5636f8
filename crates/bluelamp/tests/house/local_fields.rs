//! Fields and code lists of the force's own, on the command line and over restarts: each command is a start and
//! an end of the whole. What is exported afterwards is good to the overseer's program.

use crate::support::{House, Store, on_both_stores, verify};

const PROPOSE: [&str; 12] = [
    "local-field",
    "propose",
    "vehicle",
    "fleet-note",
    "--label",
    "Fleet note",
    "--about",
    "own",
    "--class",
    "opinion",
    "--source",
    "Force policy 12",
];

on_both_stores! {
    a_field_is_added_used_erased_and_ended_and_the_log_is_good
}

fn a_field_is_added_used_erased_and_ended_and_the_log_is_good(store: Store) {
    let house = House::on(store);
    let (administrator, reviewer) = (house.administrator(), house.reviewer());
    let protector = house.add("DPO", "data-protection-officer", &[]);
    let propose = |sort: &'static str| [&PROPOSE[..], &["--type", sort, "--needed"]].concat();
    administrator.run(&propose("colour")).fails(&["type: choose what it holds"]);
    let proposed = administrator.run(&propose("long-text")).good();
    proposed.says(&["LF-1", "local.fleet-note of vehicle", "waits for a second person", "Look once more"]);
    administrator.run(&["local-field", "approve", "LF-1"]).fails(&["do not allow “approve-local-field”"]);
    protector.run(&["local-field", "approve", "LF-1"]).good().says(&["counts", "approved by DPO"]);

    let new =
        ["new", "vehicle", "vrm=QF17 LLR", "local.fleet-note=Quillfeather says that it smokes", "--json"];
    let made = reviewer.run(&new).good().json();
    let reference = made["ref"].as_str().unwrap();
    reviewer.run(&["show", reference]).good().says(&["Fleet note", "Quillfeather says that it smokes"]);
    let correct =
        ["correct", reference, "local.fleet-note=Quillfeather was wrong", "--reason", "looked at again"];
    reviewer.run(&correct).good();
    reviewer.run(&["compare", reference, "1", "2"]).good().says(&["Fleet note", "Quillfeather was wrong"]);
    assert_eq!(reviewer.total("local.fleet-note:quillfeather"), 1);

    let ground = ["--ground", "DPA 2018 s.47(1)(a)"];
    let plan = ["erase", "plan", reference, "--field", "local.fleet-note", ground[0], ground[1]];
    reviewer.run(&plan).good().says(&["Fleet note"]);
    protector.run(&["erase", "approve", "E-1"]).good();
    reviewer.run(&["erase", "run", "E-1"]).good();
    reviewer.run(&["show", reference]).good().says(&["Erased by law"]);
    assert_eq!(reviewer.total("local.fleet-note:quillfeather"), 0);

    let end = ["local-field", "end", "LF-1", "--why", "the pilot is over"];
    administrator.run(&end).good().says(&["ended"]);
    reviewer
        .run(&["new", "vehicle", "vrm=QF18 LLR", "local.fleet-note=again"])
        .fails(&["leave it as it was"]);
    house.all_is_well();
    verify(&house.export("export")).good();
}
