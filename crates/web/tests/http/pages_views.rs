//! Ways to look at records on pages: answers as a list, a table and a map; files; a timeline; the home page.

use crate::pages::{main_of, says, says_not};
use crate::support::browser::Browser;
use crate::support::{Answer, Call, Force, GROUP, Store, on_both_stores, post, roles};
use axum::http::StatusCode;
use serde_json::{Value, json};

on_both_stores! {
    answers_are_narrowed_sorted_and_put_on_a_map
    a_file_is_added_looked_at_and_saved
    a_timeline_of_many_links_is_narrowed_and_paged
    what_is_followed_tells_of_its_changes
}

async fn make(force: &Force, body: Value) -> String {
    made_by(force, "records-reviewer", body).await
}

async fn made_by(force: &Force, name: &str, body: Value) -> String {
    let made = force.call(name, post("/api/v1/records", body)).await;
    made.good().json()["ref"].as_str().unwrap().to_owned()
}

/// A stop that happened then, at a place where one is given.
async fn stop(force: &Force, at: &str, place: Option<(f64, f64)>) -> String {
    let mut fields = json!({
        "at": at, "search-type": "person", "power": "pace-s1", "object": "drugs", "outcome": "no-action",
        "grounds": "Seen to pass a small packet.", "self-defined-ethnicity": "W1", "age": 30,
        "more-than-outer": false, "officer": "PC 1", "place": { "words": "High Street, Lampton" }
    });
    if let Some((latitude, longitude)) = place {
        fields["place"] =
            json!({ "words": "High Street, Lampton", "latitude": latitude, "longitude": longitude });
    }
    made_by(force, "officer", json!({ "kind": "stop-and-search", "fields": fields })).await
}

fn place_of(answer: &Answer, words: &str) -> usize {
    main_of(answer).find(words).unwrap_or_else(|| panic!("{words} is not said: {}", main_of(answer)))
}

async fn answers_are_narrowed_sorted_and_put_on_a_map(store: Store) {
    let force = Force::on(store).await;
    let first = stop(&force, "2023-03-01T12:00:00Z", Some((51.5074, -0.1278))).await;
    let second = stop(&force, "2024-05-01T12:00:00Z", Some((51.5075, -0.1279))).await;
    let third = stop(&force, "2024-06-01T12:00:00Z", None).await;
    let mut browser = force.browser("officer").await;
    let found = browser.sends("/search", "/search", &[("query", "packet")]).await;
    let search = browser.at.clone();
    says(&found, "<strong>3 records found</strong>");
    says(&found, "Map (2)");
    says(&found, "Stops and searches");
    for words in
        ["2023 <span class=\"bluelamp-count\">(1)</span>", "2024 <span class=\"bluelamp-count\">(2)</span>"]
    {
        says(&found, words);
    }
    let of_2024 = browser.opens(&format!("{search}?from=2024&to=2024")).await;
    says(&of_2024, "<strong>2 records found</strong>");
    says_not(&of_2024, &first);
    says(&of_2024, "Remove this filter");
    let wrong = browser.opens(&format!("{search}?from=soon&to=2024")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&wrong, "“soon” is no date");
    says(&wrong, "value=\"soon\"");
    let oldest = browser.opens(&format!("{search}?view=table&order=oldest")).await;
    let places = [&first, &second, &third].map(|reference| place_of(&oldest, reference));
    assert!(places.is_sorted(), "{places:?}");
    says(&oldest, "aria-sort=\"ascending\"");
    says(&oldest, "order=newest");
    let map = browser.opens(&format!("{search}?view=map")).await;
    says(&map, "<strong>2 records with a place found</strong>");
    says(&map, "<svg class=\"bluelamp-map__main\"");
    says(&map, "href=\"#mark-1\"");
    says(&map, "TQ3080");
    says(&map, &format!("/records/{first}"));
    says_not(&map, &third);
    let square = browser.opens(&format!("{search}?view=map&square=TQ3080")).await;
    says(&square, "<strong>2 records with a place found</strong>");
    let elsewhere = browser.opens(&format!("{search}?view=map&square=SU3814")).await;
    says(&elsewhere, "Look without the filters");
    assert!(!browser.at.contains("packet"), "no address holds what was searched for");
}

#[tokio::test]
async fn a_query_that_does_not_read_is_shown_with_its_place() {
    let force = Force::new().await;
    let mut browser = force.browser("officer").await;
    let wrong = browser.sends("/search", "/search", &[("query", "smith unicorn:<b>")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&wrong, "character 7");
    says(&wrong, "smith <mark>u</mark>nicorn:&lt;b&gt;");
    says(&wrong, "value=\"smith unicorn:&lt;b&gt;\"");
}

#[tokio::test]
async fn the_advanced_form_writes_the_query_that_could_have_been_typed() {
    let force = Force::new().await;
    let mut browser = force.browser("officer").await;
    let path = "/search/advanced";
    says(&browser.sends(path, path, &[]).await, "Something to look for was expected");
    let typed = [("fields[0].field", "age"), ("fields[0].from", "many")];
    let wrong = browser.sends(path, path, &typed).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&wrong, "href=\"#fields[0].from\"");
    says(&wrong, "value=\"many\"");
    let typed = [
        ("all_words", "packet"),
        ("kinds", "stop-and-search"),
        ("happened.from", "1/1/2024"),
        ("near.place", "TQ 300 804"),
        ("near.distance", "2km"),
    ];
    let found = browser.sends(path, path, &typed).await;
    let query =
        "packet (kind:&quot;stop-and-search&quot;) happened:&gt;=2024-01-01 near:&quot;TQ 300 804&quot;~2km";
    says(&found, &format!("value=\"{query}\""));
    let again = browser.opens(&format!("{path}?of={}", browser.at.trim_start_matches("/searches/"))).await;
    says(&again, query);
    let mut other = force.browser("supervisor").await;
    says_not(
        &other.opens(&format!("{path}?of={}", browser.at.trim_start_matches("/searches/"))).await,
        "packet",
    );
}

/// Sends a file as a browser does.
async fn sends_file(
    browser: &mut Browser<'_>,
    path: &str,
    parts: &[(&str, &str)],
    file: (&str, &str),
) -> Answer {
    let shown = browser.opens(path).await;
    let token = shown.text.rsplit("name=\"form-token\" value=\"").next().unwrap().split('"').next().unwrap();
    let mut body = String::new();
    for (name, text) in std::iter::once(&("form-token", token)).chain(parts) {
        body.push_str(&format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n"));
    }
    let (name, content) = file;
    let head = format!("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
    body.push_str(&format!("{head}{content}\r\n--x--\r\n"));
    let mut call = Call::new("POST", path).with("content-type", "multipart/form-data; boundary=x");
    call.body = Some(body);
    let answer = browser.asks(call, path).await;
    match answer.status {
        StatusCode::SEE_OTHER => browser.opens(answer.header("location")).await,
        _ => answer,
    }
}

async fn a_file_is_added_looked_at_and_saved(store: Store) {
    let force = Force::on_with(store, |options| options.most_octets_of_file = 2_000).await;
    let reference = force.vehicle("AB12 CDE", json!({})).await;
    let (record, files) = (format!("/records/{reference}"), format!("/records/{reference}/files"));
    let mut browser = force.browser("records-reviewer").await;
    says(&browser.opens(&record).await, "Add a file");
    let none = sends_file(&mut browser, &files, &[], ("", "")).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&none, "Choose a file");
    let large = sends_file(&mut browser, &files, &[], ("large.txt", &"x".repeat(2_001))).await;
    assert_eq!(large.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&large, "A file may have at most 2000 octets");
    let script = "He said: <script>alert(1)</script>";
    let wrong = sends_file(&mut browser, &files, &[], ("statement.pdf", script)).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&wrong, "says one type of file");
    says(&wrong, "name=\"anyway\"");
    says(&browser.opens(&files).await, "There are none.");
    let kept = sends_file(&mut browser, &files, &[("anyway", "yes")], ("statement.pdf", script)).await;
    says(&kept, "The file is kept with the record.");
    says(&kept, "Named otherwise");
    let pdf = "%PDF-1.7\n/OpenAction << /JS (app.alert(1)) >>";
    says(&sends_file(&mut browser, &files, &[], ("form.pdf", pdf)).await, "form.pdf");
    let listed = browser.opens(&record).await;
    says(&listed, "by records-reviewer");
    let paths: Vec<String> = main_of(&listed)
        .split(&format!("href=\"{files}/"))
        .skip(1)
        .map(|rest| format!("{files}/{}", rest.split('"').next().unwrap()))
        .collect();
    let [text, form] = paths.as_slice() else { panic!("{paths:?}") };
    let shown = browser.opens(text).await;
    says(&shown, "He said: &lt;script&gt;alert(1)&lt;/script&gt;</pre>");
    says_not(&shown, script);
    let shown = browser.opens(form).await;
    says(&shown, "It is not shown here");
    says_not(&shown, "app.alert");
    let saved = browser.opens(&format!("{form}/content")).await;
    assert_eq!(saved.text, pdf);
    assert_eq!(saved.header("content-disposition"), "attachment; filename*=UTF-8''form.pdf");
    assert_eq!(saved.header("x-content-type-options"), "nosniff");
    assert!(saved.header("content-security-policy").ends_with("sandbox"));
    let mut reader = force.browser("analyst").await;
    says_not(&reader.opens(&record).await, "Add a file");
    says(&reader.opens(text).await, "Save it");
    let refused = sends_file(&mut reader, &files, &[], ("note.txt", "x")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", main_of(&refused));
    // Each view is in the log, under a name that tells nothing of what the file is called.
    let touches = format!("/api/v1/records/{reference}/touches");
    let touches = force.call("auditor", crate::support::get(&touches)).await.good();
    assert!(
        touches.text.contains("attachment") && !touches.text.contains("statement.pdf"),
        "{}",
        touches.text
    );
}

#[tokio::test]
async fn the_files_of_a_record_that_is_a_secret_are_one_too() {
    let force = Force::new().await;
    let covert = force.vehicle("LA10 MPS", json!({ "groups": [GROUP], "covert": true })).await;
    let mut browser = force.browser("officer").await;
    let none = "0192f0c0-0000-7000-8000-000000000000";
    for page in [
        "/files".to_owned(),
        format!("/files/{none}"),
        format!("/files/{none}/content"),
        "/timeline".to_owned(),
    ] {
        let answer = browser.opens(&format!("/records/{covert}{page}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{page}");
    }
    let any = browser.opens("/account").await;
    let follow = browser.sends_from(&any, &format!("/records/{covert}/follow"), &[("what", "begin")]).await;
    assert_eq!(follow.status, StatusCode::NOT_FOUND);
}

async fn a_timeline_of_many_links_is_narrowed_and_paged(store: Store) {
    const MANY: usize = 60;
    let force = Force::on(store).await;
    let names = json!([{ "surname": "Exampleby", "forenames": "Ottoline" }]);
    let person = make(&force, json!({ "kind": "nominal", "fields": { "names": names } })).await;
    let desk = &force.deployment.desk;
    let who = desk.proved_by(force.token("records-reviewer")).await.unwrap().unwrap().for_purpose("a test");
    let record = async |reference: &str| desk.resolve(&who, reference).await.unwrap().0;
    let from = record(&person).await;
    let tie = async |to: &str, role: &str| {
        let fields = json!({ "from": from, "to": record(to).await, "type": role, "source": "officer" });
        make(&force, json!({ "kind": "link", "fields": fields })).await
    };
    let mut events = Vec::new();
    for number in 0..MANY {
        let year = if number < 5 { 2023 } else { 2024 };
        let event = stop(&force, &format!("{year}-03-{:02}T12:00:00Z", number % 28 + 1), None).await;
        tie(&event, if number % 2 == 0 { "searched-in" } else { "witness-of" }).await;
        events.push(event);
    }
    let vehicle = force.vehicle("AB12 CDE", json!({})).await;
    tie(&vehicle, "keeper-of").await;
    let mut browser = force.browser("officer").await;
    let page = browser.opens(&format!("/records/{person}")).await;
    says(&page, "The whole timeline: 60 events");
    says(&page, "<h2 class=\"govuk-heading-m\">Vehicles</h2>");
    says(&page, "Allegation");
    let path = format!("/records/{person}/timeline");
    let whole = browser.opens(&path).await;
    says(&whole, "61 records");
    assert_eq!(main_of(&whole).matches("moj-timeline__item").count(), 50);
    let rest = browser.opens(&format!("{path}?page=2")).await;
    assert_eq!(main_of(&rest).matches("moj-timeline__item").count(), 11);
    place_of(&rest, &vehicle);
    says(&browser.opens(&format!("{path}?from=2023&to=2023")).await, "5 records");
    says(&browser.opens(&format!("{path}?role=witness-of")).await, "30 records");
    says(&browser.opens(&format!("{path}?kind=vehicle")).await, "1 record,");
    let wrong = browser.opens(&format!("{path}?from=soon")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&wrong, "Write a day, a month or a year");
}

async fn what_is_followed_tells_of_its_changes(store: Store) {
    let force = Force::on(store).await;
    let reference = force.vehicle("AB12 CDE", json!({})).await;
    let path = format!("/records/{reference}");
    let mut browser = force.browser("officer").await;
    let follow = format!("{path}/follow");
    says(&browser.sends(&path, &follow, &[]).await, "You follow it.");
    let home = browser.opens("/").await;
    says(&home, "Records that you follow");
    says(&home, "Nothing new");
    let change = json!({ "fields": { "make": "Vauxhall" }, "reason": "seen" });
    let call =
        Call::new("PATCH", format!("/api/v1/records/{reference}")).sends(change).with("if-match", "\"v1\"");
    force.call("records-reviewer", call).await.good();
    let home = browser.opens("/").await;
    says(&home, "compare?before=1&amp;after=2");
    says_not(&home, "Vauxhall");
    let seen = browser.sends_from(&home, &follow, &[("from", "home"), ("what", "seen")]).await;
    says(&seen, "Nothing new");
    let ended = browser.sends_from(&seen, &follow, &[("from", "home"), ("what", "end")]).await;
    says(&ended, "You follow that record no more.");
    says_not(&ended, "Records that you follow");
}

#[tokio::test]
async fn what_waits_is_told_to_whoever_can_do_it_and_to_nobody_else() {
    let mut force = Force::new().await;
    let grant =
        json!({ "account": "officer", "group": GROUP, "until": "2099-12-31", "ground": "the operation" });
    force.call("first", post("/api/v1/grants", grant)).await.good();
    force.add("second approver", "data-protection-officer", &[]).await;
    let waits = "Memberships of groups that somebody else proposed";
    says(&force.browser("second approver").await.opens("/").await, waits);
    for role in roles() {
        let mut browser = force.browser(&role).await;
        let home = browser.opens("/").await;
        assert_eq!(home.status, StatusCode::OK, "{role}");
        if !["data-protection-officer", "supervisor"].contains(&role.as_str()) {
            says_not(&home, waits);
        }
        if role == "administrator" {
            says_not(&home, "/records/");
        }
    }
}

#[tokio::test]
async fn an_opening_for_a_risk_to_life_waits_for_somebody_elses_review() {
    let force = Force::new().await;
    let restricted = force.vehicle("LA11 MPS", json!({ "groups": [GROUP], "sensitive": true })).await;
    let mut officer = force.browser("officer").await;
    let shut = officer.opens(&format!("/records/{restricted}")).await;
    let reason = [("reason", "Driver seen to collapse at the wheel")];
    officer.sends_from(&shut, &format!("/records/{restricted}/break-glass"), &reason).await.good();
    assert_eq!(officer.opens("/reviews").await.status, StatusCode::FORBIDDEN);
    let mut supervisor = force.browser("supervisor").await;
    says(&supervisor.opens("/").await, "opened for a risk to life, to be reviewed");
    says(&supervisor.opens("/reviews").await, "Waits");
    let path = "/reviews/BG-1";
    says(&supervisor.opens(path).await, "Driver seen to collapse");
    let wrong = supervisor.sends(path, path, &[("finding", "yes")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&wrong, "Say why it was");
    let kept = supervisor.sends(path, path, &[("finding", "yes"), ("words", "It saved her <b>")]).await;
    says(&kept, "The review is kept.");
    says(&kept, "Justified");
    says(&supervisor.opens(path).await, "It saved her &lt;b&gt;");
    says_not(&supervisor.opens("/").await, "opened for a risk to life, to be reviewed");
}
