//! A deployment that is served: what its log and its figures tell those who watch over the machines, and what
//! they must not; and that it works where nothing outside can be reached.

use crate::support::{House, Person, Server, ask, bluelamp, text};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::process::Command;

/// A name in everything that people type in the story, in no word of ours.
const MARK: &str = "Quillfeather";
/// Names of groups stand in clear in the database: this one is nobody's, or no erasure of theirs could end.
const GROUP: &str = "op-lantern";

/// Everything that a SIEM is told of by its name, all of which the story brings about.
const EVENTS: &[&str] = &[
    "server-started",
    "server-stopped",
    "request",
    "sign-in-accepted",
    "sign-in-refused",
    "sign-in-locked",
    "access-refused",
    "account-added",
    "account-locked",
    "account-unlocked",
    "roles-changed",
    "password-given",
    "token-given",
    "sessions-ended",
    "grant-proposed",
    "grant-approved",
    "glass-broken",
    "answers-disclosed",
    "log-exported",
    "log-read",
    "erasure-planned",
    "erasure-approved",
    "erasure-done",
    "erasure-certified",
    "system-maintained",
];

/// People whose names have the mark, as what they are working on has.
struct Story {
    house: House,
    administrator: Person,
    /// Approves what the administrator proposes.
    second: Person,
    /// In the group of a restricted record.
    insider: Person,
    officer: Person,
    reviewer: Person,
    auditor: Person,
    analyst: Person,
}

impl Story {
    fn new() -> Self {
        let house = House::with(&["--name", "Quillfeather Police", "--administrator", "Ada Quillfeather"]);
        let working = |who: Person| who.for_purpose(&format!("inquiry into Ottoline {MARK}"));
        let officer = working(house.add("PC Quillfeather", "officer", &[]));
        let analyst = working(house.add("Ana Quillfeather", "analyst", &[]));
        let insider = working(house.add("DS Quillfeather", "officer", &[GROUP]));
        let second = working(house.add("Dee Quillfeather", "data-protection-officer", &[]));
        let [administrator, reviewer, auditor] =
            [house.administrator(), house.reviewer(), house.auditor()].map(working);
        Self { house, administrator, second, insider, officer, reviewer, auditor, analyst }
    }
}

#[test]
fn what_watches_over_the_machines_is_told_of_every_act_and_of_no_person() {
    let story = Story::new();
    let exchange = story.house.beside("exchange");
    std::fs::create_dir(&exchange).unwrap();
    let server = Server::start(&story.house, &["--exchange", &text(&exchange), "--failure-rate", "1000"]);
    let password = people_sign_in(&story, &server);
    let references = records_are_worked_on(&story, &server);
    accounts_are_managed(&story, &server);
    let told = server.stop();

    let names: BTreeSet<&str> = told.iter().filter_map(|line| line["event"].as_str()).collect();
    for event in EVENTS {
        assert!(names.contains(event), "{event} is not told of; told: {names:?}");
    }
    let people = [&story.administrator, &story.officer, &story.insider, &story.auditor, &story.analyst];
    let mut secret =
        vec![MARK.to_lowercase(), "ottoline".to_owned(), GROUP.to_owned(), password.to_lowercase()];
    secret.extend(people.map(|who| who.token().to_lowercase()));
    secret.extend(references.iter().map(|reference| reference.to_lowercase()));
    for line in &told {
        let said = line.to_string().to_lowercase();
        for word in &secret {
            assert!(!said.contains(word.as_str()), "“{word}” is told: {line}");
        }
        assert!(line["timestamp"].is_string() && line["level"].is_string(), "{line}");
        assert!(line["event"].is_string() || line["message"].is_string(), "{line}");
    }
    story.house.all_is_well();
}

/// One signs in with a password, and fails with another until it is locked.
fn people_sign_in(story: &Story, server: &Server) -> String {
    let path = "/api/v1/accounts/PC%20Quillfeather/password";
    let given = server.call(&story.administrator, "POST", path, &Value::Null).is(200).json();
    let password = given["password"].as_str().unwrap().to_owned();
    server.form("/sign-in", &format!("name=PC+Quillfeather&password={password}")).is(303);
    for _ in 0..11 {
        server.form("/sign-in", "name=PC+Quillfeather&password=Ottoline+was+here").is(422);
    }
    server.form("/sign-in", "name=Ottoline+Quillfeather&password=Quillfeather").is(422);
    server.send("GET", "/api/v1/session", "authorization: Bearer Quillfeather\r\n", "").is(401);
    password
}

/// People are recorded, found, opened, opened for a risk to life, disclosed and erased; gives the references.
fn records_are_worked_on(story: &Story, server: &Server) -> Vec<String> {
    let api = |who: &Person, method: &str, path: &str, body: Value| {
        server.call(who, method, &format!("/api/v1{path}"), &body)
    };
    let name = json!({ "names": [{ "surname": MARK, "forenames": "Ottoline" }] });
    let make = |who: &Person, groups: &[&str]| {
        let body = json!({ "kind": "nominal", "fields": name, "labels": { "groups": groups } });
        api(who, "POST", "/records", body).is(201).json()["ref"].as_str().unwrap().to_owned()
    };
    let (open, closed) = (make(&story.reviewer, &[]), make(&story.insider, &[GROUP]));
    api(&story.officer, "GET", &format!("/records/{open}"), Value::Null).is(200);
    api(&story.officer, "GET", &format!("/records/{closed}"), Value::Null).is(403);
    let risk = json!({ "reason": format!("Ottoline {MARK} is in the water") });
    api(&story.officer, "POST", &format!("/records/{closed}/break-glass"), risk).is(200);
    typed_wrongly(story, server);
    api(&story.officer, "POST", "/searches", json!({ "query": "ottoline quillfeather" })).is(200);
    api(&story.administrator, "GET", &format!("/records/{open}"), Value::Null).is(403);
    let to = json!({ "query": "quillfeather", "recipient": "DC Quillfeather", "ground": "for Ottoline", "form": "csv", "leave_out": true });
    api(&story.analyst, "POST", "/disclosures", to).is(200);
    // Whom the log went to stands in clear beside the log: it is an office, and nobody whom a record is about.
    let to = json!({ "folder": "quillfeather", "recipient": "the overseer" });
    api(&story.auditor, "POST", "/log/exports", to).is(200);
    api(&story.auditor, "GET", &format!("/records/{open}/touches"), Value::Null).is(200);
    let plan = json!({ "ground": "asked for by Ottoline Quillfeather" });
    let planned = api(&story.reviewer, "POST", &format!("/records/{open}/erasures"), plan).is(201).json();
    let erasure = format!("/erasures/{}", planned["id"].as_str().unwrap());
    api(&story.auditor, "POST", &format!("{erasure}/approval"), Value::Null).is(200);
    api(&story.reviewer, "POST", &format!("{erasure}/run"), Value::Null).is(200);
    vec![open, closed]
}

/// What people type where it does not belong is not told either.
fn typed_wrongly(story: &Story, server: &Server) {
    let calls = [
        ("GET", "/api/v1/records/Ottoline%20Quillfeather", Value::Null),
        ("GET", "/Ottoline/Quillfeather", Value::Null),
        ("QUILLFEATHER", "/", Value::Null),
        ("POST", "/api/v1/records", json!({ "Quillfeather": 1 })),
        ("POST", "/api/v1/searches", json!({ "query": "Quillfeather:(((" })),
    ];
    for (method, path, body) in calls {
        let status = server.call(&story.officer, method, path, &body).status;
        assert!((400..500).contains(&status), "{method} {path}: {status}");
    }
}

fn accounts_are_managed(story: &Story, server: &Server) {
    let api = |who: &Person, method: &str, path: &str, body: Value| {
        server.call(who, method, &format!("/api/v1{path}"), &body)
    };
    let administrator = &story.administrator;
    api(administrator, "POST", "/accounts", json!({ "name": "Zoe Quillfeather", "roles": ["officer"] }))
        .is(201);
    let zoe = "/accounts/Zoe%20Quillfeather";
    let member =
        json!({ "account": "Zoe Quillfeather", "group": GROUP, "until": "2099-12-31", "ground": "Ottoline" });
    let grant = api(administrator, "POST", "/grants", member).is(201).json();
    let approval = format!("/grants/{}/approval", grant["id"].as_str().unwrap());
    api(&story.second, "POST", &approval, Value::Null).is(200);
    api(administrator, "DELETE", "/accounts/PC%20Quillfeather/sessions", Value::Null).is(200);
    api(administrator, "PUT", &format!("{zoe}/roles"), json!({ "roles": ["supervisor"] })).is(200);
    api(administrator, "POST", &format!("{zoe}/token"), json!({})).is(200);
    api(administrator, "POST", &format!("{zoe}/lock"), Value::Null).is(200);
    api(administrator, "POST", &format!("{zoe}/unlock"), Value::Null).is(200);
    api(administrator, "GET", "/health", Value::Null).is(200);
}

/// Names of people, of what they are working on and of records stand in no figure.
#[test]
fn figures_tell_how_it_stands_and_name_nobody() {
    let house = House::with_stops(20);
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let server = Server::start(&house, &["--metrics", &free.to_string()]);
    let reference = house.reviewer();
    server.call(&reference, "POST", "/api/v1/searches", &json!({ "query": "kind:stop-and-search" })).is(200);
    server.form("/sign-in", "name=reviewer&password=not+this+one").is(422);
    server.send("GET", "/healthz", "", "").is(204);
    server.send("GET", "/readyz", "", "").is(204);
    server.send("GET", "/metrics", "", "").is(404);
    let told = ask(free, "GET", "/metrics", "", "").is(200);
    let figures = told.body();
    for line in [
        "bluelamp_requests_total{method=\"POST\",route=\"/api/v1/searches\",status=\"200\"} 1",
        "bluelamp_request_seconds_count{route=\"/api/v1/searches\"} 1",
        "bluelamp_events_total{event=\"sign-in-refused\"} 1",
        "bluelamp_ledger_writes 1",
        "bluelamp_index_behind_changes 0",
        "bluelamp_intakes_at_work 0",
        "bluelamp_sessions 0",
        "bluelamp_files_waiting 0",
        "# EOF",
    ] {
        assert!(figures.contains(line), "{line} is not in\n{figures}");
    }
    for name in ["bluelamp_ledger_entries ", "bluelamp_store_bytes ", "bluelamp_disk_free_bytes "] {
        let figure = figures.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        assert!(figure.parse::<u64>().unwrap() > 2, "{name}{figure}");
    }
    for word in ["reviewer", "inquiry", "stop-and-search", "SS-"] {
        assert!(!figures.contains(word), "{word} is in\n{figures}");
    }
    server.stop();
    assert!(
        !bluelamp(&house.data(), None, &["serve", "--metrics", "0.0.0.0:9480", "--listen", "127.0.0.1:0"])
            .succeeded()
    );
}

/// Set where this test runs once more, where nothing outside can be reached.
const CUT_OFF: &str = "BLUELAMP_TEST_IS_CUT_OFF";
const THIS: &str = "served::everything_works_where_nothing_outside_can_be_reached";

/// Signing in, recording, searching and exporting, in a network namespace that has no way out: whatever the
/// program wanted to reach, it could not.
#[test]
fn everything_works_where_nothing_outside_can_be_reached() {
    if std::env::var_os(CUT_OFF).is_none() {
        return once_more_cut_off();
    }
    let outside = std::net::TcpStream::connect("192.0.2.1:443").unwrap_err();
    assert_eq!(outside.kind(), std::io::ErrorKind::NetworkUnreachable, "{outside}");
    let story = Story::new();
    let exchange = story.house.beside("exchange");
    std::fs::create_dir(&exchange).unwrap();
    let server = Server::start(&story.house, &["--exchange", &text(&exchange), "--failure-rate", "1000"]);
    people_sign_in(&story, &server);
    records_are_worked_on(&story, &server);
    let told = server.stop();
    assert!(told.iter().all(|line| line["event"] != "fault"), "{told:?}");
    story.house.all_is_well();
}

/// Runs this test in a namespace of its own, with nothing but itself to reach.
fn once_more_cut_off() {
    let itself = std::env::current_exe().unwrap();
    let inside = format!("ip link set lo up && exec '{}' --exact {THIS} --nocapture", itself.display());
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--net", "sh", "-c", "ip link set lo up"]);
    if !command.status().is_ok_and(|status| status.success()) {
        assert!(std::env::var_os("NEED_NAMESPACE").is_none(), "no network namespace can be made");
        println!(
            "passed over: the test where nothing outside can be reached, for no network namespace can be made"
        );
        return;
    }
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--net", "sh", "-c", &inside]).env(CUT_OFF, "1");
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
