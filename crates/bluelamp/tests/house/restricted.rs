//! Restricted and covert records: who learns of them, who is told, and how the glass is broken.

use crate::support::{House, Person, Store, on_both_stores};
use serde_json::{Value, json};

on_both_stores! {
    a_restricted_record_says_whom_to_ask_and_only_when_it_is_named
    a_covert_record_is_not_there_and_its_owner_hears_of_the_search
    the_glass_is_broken_at_once_told_reviewed_by_another_and_counted
    nobody_reviews_their_own_broken_glass
    an_erasure_takes_what_notices_and_broken_glasses_said
    a_grant_counts_from_its_approval_by_another_until_it_is_withdrawn
    a_matrix_decides_once_a_second_person_approved_it
    what_is_covert_has_a_group_and_an_owner_who_can_find_it
}

/// An officer, the owner of a restriction with their group, and a supervisor.
struct Scene {
    house: House,
    officer: Person,
    owner: Person,
    supervisor: Person,
}

impl Scene {
    fn on(store: Store) -> Self {
        let house = House::on(store);
        let officer = house.add("PC 1", "officer", &[]);
        let owner = house.add("DS 2", "officer", &["op-lantern"]);
        let supervisor = house.add("Insp 3", "supervisor", &[]);
        Self { house, officer, owner, supervisor }
    }

    /// A person with a name and a description, under labels.
    fn nominal(&self, surname: &str, labels: &[&str]) -> String {
        let (surname, forenames) = (format!("names[1].surname={surname}"), "names[1].forenames=Ottoline");
        let new = ["new", "nominal", &surname, forenames, "description=wears a silver locket", "--json"];
        self.owner.run(&[&new[..], labels].concat()).good().json()["ref"].as_str().unwrap().to_owned()
    }
}

fn search(person: &Person, query: &str) -> Value {
    person.run(&["search", query, "--json"]).good().json()
}

fn a_restricted_record_says_whom_to_ask_and_only_when_it_is_named(store: Store) {
    let scene = Scene::on(store);
    let reference = scene.nominal("Quillfeather", &["--group", "op-lantern"]);
    let found = search(&scene.officer, "quillfeather");
    assert_eq!(found["total"], 0);
    assert_eq!(found["restricted"], json!([{ "ref": reference, "kind": "nominal", "ask": "DS 2" }]));
    scene.officer.run(&["search", "quillfeather"]).good().says(&[&reference, "restricted", "ask DS 2"]);
    for inside in ["locket", "quillfeather locket", "description:silver", "kind:nominal", "ottoline -locket"]
    {
        assert_eq!(search(&scene.officer, inside)["restricted"], json!([]), "{inside} tells what it says");
    }
    scene.officer.run(&["show", &reference]).fails(&["restricted"]);
    assert_eq!(search(&scene.owner, "quillfeather")["total"], 1);
    scene.house.all_is_well();
}

fn a_covert_record_is_not_there_and_its_owner_hears_of_the_search(store: Store) {
    let scene = Scene::on(store);
    let reference = scene.nominal("Quillfeather", &["--group", "op-lantern", "--covert"]);
    let nobody = search(&scene.officer, "nobodyatall");
    let found = search(&scene.officer, "quillfeather");
    for name in ["total", "groups", "restricted"] {
        assert_eq!(found[name], nobody[name], "{name}");
    }
    search(&scene.officer, "quillfeather");
    let told = scene.owner.run(&["notices", "list", "--json"]).good().json();
    let notices = told["notices"].as_array().unwrap();
    assert_eq!(notices.len(), 1, "once a day for each searcher: {told}");
    let notice = &notices[0];
    assert_eq!((&notice["ref"], &notice["by"]), (&json!(reference), &json!("PC 1")));
    assert_eq!((&notice["query"], &notice["purpose"]), (&json!("quillfeather"), &json!("inquiry 17")));
    assert_eq!(scene.officer.run(&["notices", "list", "--json"]).good().json()["notices"], json!([]));
    let told = scene.officer.run(&["break-glass", "open", &reference, "--reason", "threat to life"]);
    told.fails(&["There is no such record."]);
    scene.owner.run(&["notices", "dismiss", notice["id"].as_str().unwrap()]).good();
    assert_eq!(scene.owner.run(&["notices", "list", "--json"]).good().json()["notices"], json!([]));
    scene.house.all_is_well();
}

fn the_glass_is_broken_at_once_told_reviewed_by_another_and_counted(store: Store) {
    let scene = Scene::on(store);
    let reference = scene.nominal("Quillfeather", &["--group", "op-lantern"]);
    let reason = "threat to life, incident 81";
    scene
        .officer
        .run(&["break-glass", "open", &reference, "--reason", " "])
        .fails(&["whose life is at risk"]);
    scene.owner.run(&["break-glass", "open", &reference, "--reason", reason]).fails(&["no glass to break"]);
    let auditor = scene.house.auditor();
    auditor.run(&["break-glass", "open", &reference, "--reason", reason]).fails(&["do not allow"]);
    scene
        .officer
        .run(&["break-glass", "open", &reference, "--reason", reason])
        .good()
        .says(&["BG-1", "locket"]);
    for person in [&scene.owner, &scene.supervisor] {
        let told = person.run(&["notices", "list"]).good();
        told.says(&["The glass was broken", &reference, "PC 1", reason]);
    }
    scene.house.administrator().run(&["doctor"]).good().says(&["1 wait for their review"]);
    let review = ["break-glass", "review", "BG-1", "--justified", "--words", "the threat was immediate"];
    scene.officer.run(&review).fails(&["do not allow"]);
    scene.supervisor.run(&review).good();
    scene.supervisor.run(&review).fails(&["reviewed by Insp 3 already"]);
    let figures = scene.supervisor.run(&["break-glass", "figures", "--json"]).good().json();
    let expected = json!({ "broken": 1, "justified": 1, "not_justified": 0, "waiting": 0, "overdue": 0 });
    assert_eq!(figures, expected);
    // The glass is whole again: the next sight needs its own reason.
    scene.officer.run(&["show", &reference]).fails(&["restricted"]);
    let touched = auditor.run(&["ledger", "who-touched", &reference, "--json"]).good().json();
    let said = |row: &Value| row["actor"] == "PC 1" && row["purpose"] == reason;
    assert!(touched["touches"].as_array().unwrap().iter().any(said), "{touched}");
    scene.house.all_is_well();
}

fn nobody_reviews_their_own_broken_glass(store: Store) {
    let scene = Scene::on(store);
    let reference = scene.nominal("Quillfeather", &["--group", "op-lantern"]);
    scene.supervisor.run(&["break-glass", "open", &reference, "--reason", "threat to life"]).good();
    let review = ["break-glass", "review", "BG-1", "--justified", "--words", "mine was fine"];
    scene.supervisor.run(&review).fails(&["broken by you", "a second person"]);
}

fn an_erasure_takes_what_notices_and_broken_glasses_said(store: Store) {
    let scene = Scene::on(store);
    let reference = scene.nominal("Quillfeather", &["--group", "op-lantern"]);
    let hidden = scene.nominal("Marmaduke", &["--group", "op-lantern", "--covert"]);
    scene.officer.run(&["break-glass", "open", &reference, "--reason", "Quillfeather is in danger"]).good();
    search(&scene.officer, "marmaduke");
    let lantern = scene.house.add("Rev 9", "records-reviewer", &["op-lantern"]);
    for (reference, id) in [(&reference, "E-1"), (&hidden, "E-2")] {
        lantern.run(&["erase", "plan", reference, "--ground", "DPA 2018 s.47(1)(a)"]).good();
        let approver = scene.house.add(&format!("Approver {id}"), "supervisor", &["op-lantern"]);
        approver.run(&["erase", "approve", id]).good();
        lantern.run(&["erase", "run", id]).good();
    }
    let told = scene.owner.run(&["notices", "list", "--json"]).good().json();
    assert_eq!(told["notices"], json!([]));
    let glasses = scene.supervisor.run(&["break-glass", "list", "--json"]).good().json();
    assert_eq!(
        (&glasses["broken"][0]["reason"], &glasses["broken"][0]["by"]),
        (&Value::Null, &json!("PC 1"))
    );
    scene.house.all_is_well();
}

fn a_grant_counts_from_its_approval_by_another_until_it_is_withdrawn(store: Store) {
    let scene = Scene::on(store);
    let reference = scene.nominal("Quillfeather", &["--group", "op-lantern"]);
    let propose = ["grant", "propose", "PC 1", "op-lantern", "--until", "2036-12-31", "--ground", "seconded"];
    scene.officer.run(&propose).fails(&["do not allow “propose-grant”"]);
    scene.supervisor.run(&propose).good().says(&["G-2", "waits for a second person"]);
    scene.officer.run(&["show", &reference]).fails(&["restricted"]);
    scene.supervisor.run(&["grant", "approve", "G-2"]).fails(&["proposed by you", "a second person"]);
    let other = scene.house.add("Insp 4", "supervisor", &[]);
    other.run(&["grant", "approve", "G-2"]).good();
    scene.officer.run(&["show", &reference]).good().says(&["Quillfeather"]);
    scene.supervisor.run(&["grant", "withdraw", "G-2"]).good();
    scene.officer.run(&["show", &reference]).fails(&["restricted"]);
    let late = ["grant", "propose", "PC 1", "op-lantern", "--until", "2020-01-01", "--ground", "seconded"];
    scene.supervisor.run(&late).fails(&["until"]);
    scene.house.all_is_well();
}

fn a_matrix_decides_once_a_second_person_approved_it(store: Store) {
    let scene = Scene::on(store);
    let reference = scene.nominal("Quillfeather", &[]);
    scene.officer.run(&["show", &reference]).good();
    let administrator = scene.house.administrator();
    let now = administrator.run(&["matrix", "show", "--toml"]).good().out().to_owned();
    let today = desk::clock::london_day(desk::clock::Clock::now(&desk::clock::MachineClock)).to_string();
    let begun = now.lines().find(|line| line.starts_with("from = ")).unwrap();
    let version = now.lines().find(|line| line.starts_with("version = ")).unwrap();
    let next = now
        .replace(begun, &format!("from = \"{today}\""))
        .replace(version, "version = \"lampshire.2\"")
        .replace("view = [\"officer\", ", "view = [");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("matrix.toml");
    let propose = ["matrix", "propose", file.to_str().unwrap()];
    let reads = next.replacen("view = [", "view = [\"administrator\", ", 1);
    std::fs::write(&file, reads).unwrap();
    administrator.run(&propose).fails(&["administrator", "reads no record"]);
    let from_today = format!("from = \"{today}\"");
    std::fs::write(&file, now.replace(begun, &from_today)).unwrap();
    administrator.run(&propose).fails(&["used already"]);
    std::fs::write(&file, &next).unwrap();
    scene.officer.run(&propose).fails(&["do not allow “propose-matrix”"]);
    administrator.run(&propose).good();
    scene.officer.run(&["show", &reference]).good();
    let auditor = scene.house.auditor();
    let listed = auditor.run(&["matrix", "list", "--json"]).good().json();
    let digest = listed["matrices"][0]["digest"].as_str().unwrap();
    let approve = ["matrix", "approve", "lampshire.2", "--digest", digest];
    administrator.run(&approve).fails(&["do not allow"]);
    auditor.run(&["matrix", "approve", "lampshire.2", "--digest", "0"]).fails(&["digest", "read it anew"]);
    auditor.run(&approve).good();
    scene.officer.run(&["show", &reference]).fails(&["Your roles (officer) do not allow “view”"]);
    administrator.run(&["matrix", "show"]).good().says(&["Version lampshire.2", "Who may do what"]);
    scene.house.all_is_well();
}

fn what_is_covert_has_a_group_and_an_owner_who_can_find_it(store: Store) {
    let scene = Scene::on(store);
    let name = "names[1].surname=Quillfeather";
    let new = ["new", "nominal", name, "--covert", "--group", "op-other"];
    scene.owner.run(&new).fails(&["you belong to none of these groups"]);
    let reference = scene.nominal("Quillfeather", &[]);
    let label = ["label", &reference, "--group", "op-lantern", "--covert", "--reason", "source at risk"];
    scene.officer.run(&label).fails(&["you belong to none of these groups"]);
    scene.owner.run(&label).good();
    scene.officer.run(&["show", &reference]).fails(&["There is no such record."]);
    assert_eq!(search(&scene.officer, "quillfeather")["total"], 0, "a tightened label hides at once");
    scene.house.all_is_well();
}
