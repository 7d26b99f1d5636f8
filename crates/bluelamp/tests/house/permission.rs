//! Who may not, and what they are told: the reason, and what to do. Every refusal is in the log.

use crate::support::{House, Person, Store, bluelamp, on_both_stores};

on_both_stores! {
    who_runs_the_system_reads_no_record
    each_act_has_its_roles
    without_a_purpose_nothing_is_shown
    a_name_alone_opens_nothing
}

fn who_runs_the_system_reads_no_record(store: Store) {
    let house = House::on(store).holding(3);
    let reference = house.some_stop();
    for (person, role) in [(house.administrator(), "administrator"), (house.auditor(), "auditor")] {
        let told = format!("Your roles ({role}) do not allow “view”. The access matrix says whose do");
        person.run(&["show", &reference]).fails(&[&told]);
        person.run(&["history", &reference]).fails(&[&told]);
        person.run(&["search", "kind:stop-and-search"]).fails(&[&told]);
        person.run(&["show", "SS-0099999-U"]).fails(&[&told]);
        let correct = ["correct", &reference, "outcome=arrest", "--reason", "none of my business"];
        person.run(&correct).fails(&["do not allow"]);
        assert!(refusals(&house, &reference, role) >= 3);
    }
    house.all_is_well();
}

fn each_act_has_its_roles(store: Store) {
    let house = House::on(store).holding(3);
    let reference = house.some_stop();
    let officer = house.add("PC 1234", "officer", &[]);
    let plan = ["erase", "plan", &reference, "--ground", "DPA 2018 s.47(1)(a)"];
    officer.run(&plan).fails(&["Your roles (officer) do not allow “erase”"]);
    officer
        .run(&["users", "add", "Mallory", "--role", "administrator"])
        .fails(&["do not allow “manage-users”"]);
    officer.run(&["ledger", "who-touched", &reference]).fails(&["do not allow “read-log”"]);
    officer.run(&["ledger", "export", "never"]).fails(&["do not allow “export-log”"]);
    officer.run(&["intake", "rejects"]).fails(&["do not allow “rework-rejects”"]);
    officer.run(&["keys", "turn"]).fails(&["do not allow “maintain”"]);
    house.reviewer().run(&["ledger", "who-touched", &reference]).fails(&["do not allow “read-log”"]);
    house.auditor().run(&["users", "list"]).fails(&["do not allow “manage-users”"]);
    house.all_is_well();
}

fn without_a_purpose_nothing_is_shown(store: Store) {
    let house = House::on(store).holding(3);
    let reference = house.some_stop();
    let told = ["Say what for", "DPA 2018 s.36"];
    let reviewer = house.reviewer().without_purpose();
    reviewer.run(&["show", &reference]).fails(&told);
    reviewer.run(&["search", "kind:stop-and-search"]).fails(&told);
    house.reviewer().for_purpose("  ").run(&["show", &reference]).fails(&told);
    let auditor = house.auditor().without_purpose();
    auditor.run(&["ledger", "who-touched", &reference]).fails(&["Say what for"]);
    assert!(refusals(&house, &reference, "records-reviewer") >= 2);
}

fn a_name_alone_opens_nothing(store: Store) {
    let house = House::on(store).holding(2);
    let reference = house.some_stop();
    let show = ["show", reference.as_str(), "--purpose", "inquiry 17"];
    bluelamp(&house.data(), None, &show).fails(&["nobody has signed in", "BLUELAMP_TOKEN"]);
    for token in ["records-reviewer", "bl_00", house.reviewer().token().trim_end_matches(char::is_numeric)] {
        if token != house.reviewer().token() {
            bluelamp(&house.data(), Some(token), &show)
                .fails(&["the token proves nobody", "when the account was made"]);
        }
    }
    let leaver = house.add("PC Leaver", "officer", &[]);
    leaver.run(&show[..2]).good();
    house.administrator().run(&["users", "lock", "PC Leaver"]).good();
    leaver.run(&show[..2]).fails(&["the token proves nobody"]);
}

#[test]
fn what_is_typed_wrongly_is_told_with_what_is_right() {
    let house = House::with_stops(2);
    let reviewer = house.reviewer();
    reviewer.run(&["show", "SS-0000001-B"]).fails(&[
        "the check letter of “SS-0000001-B” does not fit",
        "the number 1 has A, not B",
        "check it again",
    ]);
    reviewer.run(&["show", "QQ-0000001-A"]).fails(&["no kind of record has references that begin with “QQ”"]);
    reviewer.run(&["show", "yesterday"]).fails(&["“yesterday” is not a reference number", "for instance"]);
    reviewer.run(&["search", "(arrest"]).fails(&["character"]);
    reviewer.run(&["search", "at:2024-13"]).fails(&["character"]);
    let reference = house.some_stop();
    let correct = |field: &str| reviewer.run(&["correct", &reference, field, "--reason", "keyed wrongly"]);
    correct("outcome=turned-to-stone").fails(&["turned-to-stone", "is not in the list", "arrest"]);
    correct("shoe-size=9").fails(&["There is no field “shoe-size”", "outcome"]);
    correct("outcome").fails(&["“outcome” is not of the form field=value", "for instance"]);
    reviewer.run(&["correct", &reference, "outcome=arrest", "--reason", " "]).fails(&["reason: say why"]);
    reviewer.run(&["new", "unicorn", "name=x"]).fails(&["there is no kind “unicorn”", "nominal"]);
    reviewer.run(&["new", "nominal", "gender=male"]).fails(&[
        "Nothing was saved, and nothing of what you typed is lost",
        "Give a name, or describe a person",
    ]);
    let shown = reviewer.run(&["show", &reference, "--json"]).good().json();
    assert_eq!(shown["version"], 1, "nothing of it was saved");
    house
        .administrator()
        .run(&["users", "add", "Mallory", "--role", "king"])
        .fails(&["there is no “king”", "officer"]);
    house.administrator().run(&["users", "add", "auditor", "--role", "officer"]).fails(&["choose another"]);
    house.all_is_well();
}

/// How many refusals of somebody the log holds about a record.
fn refusals(house: &House, reference: &str, actor: &str) -> usize {
    let auditor: Person = house.auditor();
    let touched = auditor.run(&["ledger", "who-touched", reference, "--json"]).good().json();
    let rows = touched["touches"].as_array().unwrap();
    rows.iter().filter(|row| row["operation"] == "refusal" && row["actor"] == actor).count()
}
