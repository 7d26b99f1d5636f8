//! Erasures that are planned twice, withdrawn, or left over; and what the log says of plan, approval and
//! hold under the record itself.

use crate::support::{House, text};
use serde_json::Value;

const GROUND: [&str; 2] = ["--ground", "DPA 2018 s.47(1)(a)"];

fn plan(reference: &str, more: &[&str]) -> Vec<String> {
    let plan = ["erase", "plan", reference].into_iter().chain(GROUND).chain(more.iter().copied());
    plan.map(str::to_owned).collect()
}

fn words(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

#[test]
fn a_plan_is_made_once_withdrawn_with_a_reason_or_closed_with_its_record() {
    let house = House::with_stops(6);
    let (reviewer, auditor, reference) = (house.reviewer(), house.auditor(), house.some_stop());
    let (whole, field) = (plan(&reference, &[]), plan(&reference, &["--field", "operation"]));
    reviewer.run(&words(&whole)).good().says(&["E-1, erasure of", ": planned"]);
    let told = ["E-1 of", "is planned already, planned by records-reviewer", "erase cancel E-1"];
    reviewer.run(&words(&whole)).fails(&told);
    let cancel = ["erase", "cancel", "E-1", "--reason", "the wrong record"];
    reviewer.run(&["erase", "cancel", "E-1", "--reason", " "]).fails(&["reason: say why"]);
    house.add("PC 1234", "officer", &[]).run(&cancel).fails(&["do not allow “approve-erasure”"]);
    auditor.run(&cancel).good().says(&["closed by auditor", "the wrong record"]);
    reviewer.run(&["erase", "run", "E-1"]).fails(&["E-1 was closed by auditor: the wrong record"]);
    reviewer.run(&cancel).fails(&["it is over"]);

    reviewer.run(&words(&field)).good();
    reviewer.run(&words(&whole)).good();
    auditor.run(&["erase", "approve", "E-3"]).good();
    reviewer.run(&["erase", "run", "E-3"]).good();
    reviewer.run(&["erase", "status", "E-2"]).good().says(&["closed by the system", "has gone with E-3"]);
    let doctor = house.administrator().run(&["doctor", "--json"]).good().json();
    let findings = doctor["findings"].as_array().unwrap();
    let erasures = findings.iter().find(|finding| finding["part"] == "erasures").unwrap();
    assert_eq!(erasures["says"], "none is waiting");
}

#[test]
fn the_log_tells_a_plan_from_an_approval_and_knows_of_holds() {
    let house = House::with_stops(4);
    let (reviewer, auditor, reference) = (house.reviewer(), house.auditor(), house.some_stop());
    let place = ["hold", "place", &reference, "--reason", "claim 2026/17", "--json"];
    let hold = auditor.run(&place).good().json()["hold"].as_str().unwrap().to_owned();
    auditor.run(&["hold", "list", &reference]).good().says(&[&hold, "claim 2026/17", "by auditor"]);
    reviewer.run(&words(&plan(&reference, &[]))).fails(&["is held since", &hold]);
    auditor.run(&["hold", "lift", &reference, "none"]).fails(&["--reason"]);
    auditor
        .run(&["hold", "lift", &reference, "none", "--reason", "settled"])
        .fails(&["no hold “none”", "hold list"]);
    auditor.run(&["hold", "lift", &reference, &hold, "--reason", "settled"]).good();
    auditor.run(&["hold", "list", &reference]).good().says(&["no hold stands"]);
    auditor.run(&["ledger", "export", &text(&house.beside("given"))]).good();
    let shown = reviewer.run(&words(&plan(&reference, &[]))).good();
    shown.says(&["The log was exported 1 time(s)", "the overseer"]);
    auditor.run(&["erase", "approve", "E-1"]).good();

    let touched = auditor.run(&["ledger", "who-touched", &reference, "--json"]).good().json();
    let rows = touched["touches"].as_array().unwrap();
    let by = |operation: &str| -> Vec<(&Value, &str)> {
        let of = rows.iter().filter(|row| row["operation"] == operation);
        of.map(|row| (&row["actor"], row["subject"].as_str().unwrap_or_default())).collect()
    };
    let (plans, approvals) = (by("plan"), by("approval"));
    assert_eq!((plans.len(), approvals.len()), (1, 1), "{touched}");
    assert_eq!(plans[0].0, "records-reviewer");
    assert!(plans[0].1.contains("planned, not approved yet"));
    assert_eq!(approvals[0].0, "auditor");
    assert!(approvals[0].1.contains("approved"));
    let holds = by("hold");
    assert!(holds.iter().any(|(_, subject)| subject.contains("placed")), "{touched}");
    assert!(holds.iter().any(|(_, subject)| subject.contains("lifted")), "{touched}");
}

#[test]
fn a_field_that_an_entry_does_not_have_is_not_erased() {
    let house = House::with_stops(3);
    let reference = house.some_stop();
    house.reviewer().run(&["show", &reference]).good();
    let touched = house.auditor().run(&["ledger", "who-touched", &reference, "--json"]).good().json();
    let leaf = touched["touches"][0]["leaf"].to_string();
    assert!(touched["touches"][0]["query"].is_null());
    let officer = house.add("DPO", "data-protection-officer", &[]);
    let erase = ["ledger", "erase", &leaf, "--field", "query", GROUND[0], GROUND[1]];
    officer.run(&erase).fails(&[&format!("entry {leaf} has no query"), "it holds", "purpose"]);
    let erase = ["ledger", "erase", &leaf, "--field", "purpose", GROUND[0], GROUND[1]];
    officer.run(&erase).good();
    officer
        .run(&["ledger", "erase", "2", GROUND[0], GROUND[1]])
        .fails(&["which versions were made", "--field"]);
    house.all_is_well();
}
