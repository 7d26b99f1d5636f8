//! Lists of many names in one go, and answers that are disclosed to somebody outside.

use crate::support::{House, Person, Store, on_both_stores, text};
use serde_json::{Value, json};
use std::fmt::Write;
use std::fs;

fn nominal(by: &Person, surname: &str, born: &str, labels: &[&str]) -> String {
    let (surname, born) = (format!("names[1].surname={surname}"), format!("dates-of-birth[1].date={born}"));
    let new = ["new", "nominal", &surname, "names[1].forenames=Ottoline", &born, "--json"];
    by.run(&[&new[..], labels].concat()).good().json()["ref"].as_str().unwrap().to_owned()
}

on_both_stores! {
    a_list_says_of_each_line_what_came_of_it
    what_is_disclosed_is_entered_refused_where_it_must_be_and_told_of_at_an_erasure
}

fn a_list_says_of_each_line_what_came_of_it(store: Store) {
    let house = House::on(store);
    let officer = house.add("PC 1", "officer", &[]);
    let lantern = house.add("DS 2", "officer", &["op-lantern"]);
    let one = nominal(&officer, "Quillfeather", "1985-03-12", &[]);
    nominal(&officer, "Marmaduke", "1990-01-01", &[]);
    nominal(&officer, "Marmaduke", "1990-01-02", &[]);
    let closed = nominal(&lantern, "Thistlewood", "1970-05-05", &["--group", "op-lantern"]);
    nominal(&lantern, "Wintergreen", "1970-05-05", &["--group", "op-lantern", "--covert"]);
    let car = officer.run(&["new", "vehicle", "vrm=AB12 CDE", "--json"]).good().json();
    let file = house.beside("list.txt");
    let lines =
        "Ottoline Quilfeather 12/03/1985\nMarmaduke\nAB12CDE\nThistlewood\nWintergreen\nSmith 31/02/1985\n";
    fs::write(&file, format!("{lines}{one}\n")).unwrap();
    let report = officer.run(&["search-list", &text(&file), "--json"]).good().json();
    let outcomes: Vec<&str> =
        report["lines"].as_array().unwrap().iter().map(|line| line["outcome"].as_str().unwrap()).collect();
    let expected =
        ["found-one", "found-several", "found-one", "restricted", "nothing-found", "not-read", "found-one"];
    assert_eq!(outcomes, expected, "{report}");
    assert_eq!(report["lines"][0]["best"][0]["ref"], one);
    assert!(report["lines"][0]["best"][0]["probability"].as_f64().unwrap() > 0.5);
    assert!(!report["lines"][0]["best"][0]["why"].as_array().unwrap().is_empty());
    assert_eq!(report["lines"][2]["best"][0]["ref"], car["ref"]);
    assert_eq!(
        report["lines"][3]["restricted"],
        json!([{ "ref": closed, "kind": "nominal", "ask": "DS 2" }])
    );
    assert!(report["lines"][5]["mend"].as_str().unwrap().contains("no date of birth"));
    assert!(report["searched"].as_array().unwrap().contains(&json!("People")), "{report}");
    // Each line is a consultation of its own, in the words of the line.
    let touched = house.auditor().run(&["ledger", "who-touched", &one, "--json"]).good().json();
    let said =
        |row: &Value| row["query"] == "Ottoline Quilfeather 12/03/1985" && row["purpose"] == "inquiry 17";
    assert!(touched["touches"].as_array().unwrap().iter().any(said), "{touched}");
    let out = house.beside("report.csv");
    officer.run(&["search-list", &text(&file), "--out", &text(&out)]).good().says(&["7 lines", "report.csv"]);
    let table = fs::read_to_string(&out).unwrap();
    assert!(table.starts_with("line,given,read_as,outcome,total,rank,ref,"), "{table}");
    assert!(table.contains("Wintergreen,person,nothing found") && table.contains("searched: "), "{table}");
    officer.run(&["search-list", &text(&file), "--out", &text(&out)]).fails(&["there already"]);
    officer.without_purpose().run(&["search-list", &text(&file)]).fails(&["Say what for"]);
    house.auditor().run(&["search-list", &text(&file)]).fails(&["do not allow"]);
    house.all_is_well();
}

#[test]
fn five_hundred_names_take_seconds_and_one_more_is_refused_by_its_line() {
    let house = House::new();
    let officer = house.add("PC 1", "officer", &[]);
    house.administrator().run(&["synth", "--nominals", "2000", "--seed", "3"]).good();
    let mut list = String::new();
    for number in 0..500 {
        let name = ["Smith", "Khan", "Jones", "Okafor", "Nowak"][number % 5];
        writeln!(list, "{name} John {}/0{}/19{}", 1 + number % 28, 1 + number % 9, 50 + number % 50).unwrap();
    }
    let file = house.beside("list.txt");
    fs::write(&file, &list).unwrap();
    let report = officer.run(&["search-list", &text(&file), "--json"]).good().json();
    assert_eq!(report["counts"]["lines"], 500);
    assert_eq!(report["counts"]["not_read"], 0);
    let took = report["took_ms"].as_f64().unwrap();
    assert!(took < 20_000.0, "{took} ms");
    println!("500 lines took {took:.0} ms");
    list.push_str("one more\n");
    fs::write(&file, &list).unwrap();
    officer.run(&["search-list", &text(&file)]).fails(&["line 501", "at most 500", "nothing was searched"]);
    fs::write(&file, [0xFF, 0xFE, b'a', 0]).unwrap();
    officer.run(&["search-list", &text(&file)]).fails(&["UTF-8"]);
}

fn what_is_disclosed_is_entered_refused_where_it_must_be_and_told_of_at_an_erasure(store: Store) {
    let house = House::on(store);
    let analyst = house.add("Analyst 1", "analyst", &["op-lantern"]);
    let owner = house.add("DI 2", "intelligence-officer", &["op-lantern"]);
    let officer = house.add("PC 3", "officer", &[]);
    let open = nominal(&analyst, "Quillfeather", "1985-03-12", &[]);
    let restricted = nominal(&owner, "Quillfeather", "1986-03-12", &["--group", "op-lantern"]);
    let handled = nominal(&owner, "Marmaduke", "1986-03-12", &["--handling-conditions"]);
    let disclose = |who: &Person, query: &str, name: &str, more: &[&str]| {
        let out = house.beside(name);
        let file = text(&out);
        let ground = "DPA 2018 s.35(2)(b): joint inquiry 17";
        let given = ["disclose", query, "--out", &file, "--recipient", "Kent Police", "--ground", ground];
        (out, who.run(&[&given[..], more].concat()))
    };
    let (out, answer) = disclose(&officer, "quillfeather", "no.csv", &[]);
    answer.fails(&["do not allow “disclose”"]);
    assert!(!out.exists());
    let (out, answer) = disclose(&analyst, "quillfeather", "whole.csv", &[]);
    answer.fails(&["1 of the answers may not be disclosed", &restricted, "only whoever answers for it"]);
    assert!(!out.exists(), "nothing of it is there");
    let (out, answer) = disclose(&analyst, "quillfeather", "part.csv", &["--leave-out"]);
    answer.good().says(&["1 record disclosed to Kent Police", "1 answer that may not go left out"]);
    let table = fs::read_to_string(&out).unwrap();
    assert!(table.contains(&open) && !table.contains(&restricted), "{table}");
    let (out, answer) = disclose(&owner, "quillfeather", "all.json", &["--json"]);
    assert_eq!(answer.good().json()["records"], 2);
    let object: Value = serde_json::from_str(&fs::read_to_string(&out).unwrap()).unwrap();
    assert_eq!(
        (&object["recipient"], object["records"].as_array().unwrap().len()),
        (&json!("Kent Police"), 2)
    );
    let (_, answer) = disclose(&owner, "marmaduke", "handled.csv", &[]);
    answer.fails(&[&handled, "handling conditions"]);
    let conditions = ["--conditions", "read and agreed by DCI 9 of Kent Police"];
    disclose(&owner, "marmaduke", "handled.csv", &conditions).1.good();
    disclose(&owner, "quillfeather", "few.csv", &["--most", "1"]).1.fails(&["2 answers", "at most 1"]);
    disclose(&owner, "quillfeather", "all.json", &[]).1.fails(&["there already", "nothing was disclosed"]);
    let (_, answer) = disclose(&owner, "quillfeather", "nowhere/all.json", &[]);
    answer.fails(&["no part of the file was written"]);
    let touched = house.auditor().run(&["ledger", "who-touched", &open, "--json"]).good().json();
    let given = |row: &&Value| row["operation"] == "disclosure";
    let rows: Vec<&Value> = touched["touches"].as_array().unwrap().iter().filter(given).collect();
    assert_eq!(rows.len(), 3, "{touched}");
    assert!(rows[0]["ground"].as_str().unwrap().contains("joint inquiry 17"));
    let plan = house.reviewer().run(&["erase", "plan", &open, "--ground", "DPA 2018 s.47(1)(a)"]).good();
    plan.says(&["disclosed 3 time(s)", "must be told", "Kent Police"]);
    house.all_is_well();
}
