//! What people and machines do with the API, and what they are told when something is amiss.

use crate::support::{Answer, Call, Force, GROUP, Store, get, member, on_both_stores, post, stops};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;
use web::Rate;

on_both_stores! {
    a_token_that_is_revoked_proves_nobody_at_the_next_request
    a_role_that_is_taken_away_is_gone_at_the_next_request
    a_machines_token_ends_by_the_servers_clock_alone
    nothing_is_changed_unseen
    one_of_many_who_change_at_once_is_first_and_the_others_are_told
    a_lost_answer_is_asked_for_again_and_makes_no_second_record
    an_erasure_goes_from_plan_to_certificate
    a_folder_is_taken_in_and_its_rejects_are_worked
    a_sitting_is_entered_once
    an_administrator_gives_a_password_and_signs_somebody_out
}

const RECORDS: &str = "/api/v1/records";

fn vehicle(mark: &str) -> Value {
    json!({ "kind": "vehicle", "fields": { "vrm": mark } })
}

async fn admin(force: &Force, call: Call) -> Answer {
    force.call("administrator", call).await
}

async fn a_token_that_is_revoked_proves_nobody_at_the_next_request(store: Store) {
    let force = Force::on(store).await;
    force.call("officer", get("/api/v1/session")).await.good();
    let listed = admin(&force, get("/api/v1/accounts")).await.good();
    assert!(!listed.text.contains("bl_") && !listed.text.contains("\"token\""), "{}", listed.text);
    let revoked = admin(&force, Call::new("DELETE", "/api/v1/accounts/officer/token")).await.good().json();
    assert_eq!(revoked["has_token"], false);
    force.call("officer", get("/api/v1/session")).await.is_problem(401, "no-token");
    let renewed = admin(&force, post("/api/v1/accounts/officer/token", json!({}))).await.good().json();
    let with = |token: &str| get("/api/v1/session").with("authorization", &format!("Bearer {token}"));
    let token = renewed["token"].as_str().unwrap();
    assert_eq!(force.send(with(token)).await.good().json()["name"], "officer");
    admin(&force, Call::new("POST", "/api/v1/accounts/officer/lock")).await.good();
    force.send(with(token)).await.is_problem(401, "no-token");
    let again = admin(&force, post("/api/v1/accounts/officer/token", json!({}))).await;
    again.is_problem(409, "not-now");
}

async fn an_administrator_gives_a_password_and_signs_somebody_out(store: Store) {
    let force = Force::on(store).await;
    let desk = &force.deployment.desk;
    let account = |below: &str| format!("/api/v1/accounts/officer/{below}");
    let given = admin(&force, Call::new("POST", account("password"))).await.good().json();
    assert_eq!((&given["name"], &given["has_password"]), (&json!("officer"), &json!(true)));
    let password = given["password"].as_str().unwrap();
    let listed = admin(&force, get("/api/v1/accounts")).await.good();
    assert!(!listed.text.contains(password) && !listed.text.contains("argon2"), "{}", listed.text);
    let open = desk.sign_in_with_password("officer", password, "").await.unwrap();
    let counted = admin(&force, get(&account("sessions"))).await.good().json();
    assert_eq!((&counted["open"], &counted["password_locked_until"]), (&json!(1), &Value::Null));
    assert!(counted["newest_use"].is_string(), "{counted}");
    let ended = admin(&force, Call::new("DELETE", account("sessions"))).await.good().json();
    assert_eq!(ended["ended"], 1);
    assert!(desk.sitting_of(open.secret.expose()).await.unwrap().is_none());
    for _ in 0..10 {
        desk.sign_in_with_password("officer", "not the password", "").await.unwrap_err();
    }
    let counted = admin(&force, get(&account("sessions"))).await.good().json();
    assert!(counted["password_locked_until"].is_string(), "{counted}");
    let unlocked = admin(&force, Call::new("POST", account("unlock"))).await.good().json();
    assert_eq!((&unlocked["name"], &unlocked["token"]), (&json!("officer"), &Value::Null));
    desk.sign_in_with_password("officer", password, "").await.unwrap();
    admin(&force, Call::new("POST", account("unlock"))).await.is_problem(409, "not-now");
    let own = Call::new("POST", "/api/v1/accounts/administrator/password");
    admin(&force, own.clone()).await.good();
    admin(&force, own).await.is_problem(409, "not-now");
}

async fn a_role_that_is_taken_away_is_gone_at_the_next_request(store: Store) {
    let force = Force::on(store).await;
    let made = force.vehicle("AB12 CDE", json!({})).await;
    let open = get(&format!("{RECORDS}/{made}"));
    force.call("officer", open.clone()).await.good();
    let roles =
        |roles: &[&str]| Call::new("PUT", "/api/v1/accounts/officer/roles").sends(json!({ "roles": roles }));
    admin(&force, roles(&["overseer"])).await.good();
    force.call("officer", open.clone()).await.is_problem(403, "role");
    admin(&force, roles(&["king"])).await.is_problem(422, "unusable");
    let own = Call::new("PUT", "/api/v1/accounts/administrator/roles");
    admin(&force, own.sends(json!({ "roles": ["records-reviewer"] }))).await.is_problem(409, "not-now");
    // So does membership of a group.
    let secret = force.vehicle("CD34 EFG", json!({ "groups": [GROUP], "covert": true })).await;
    let open = get(&format!("{RECORDS}/{secret}"));
    let name = member("supervisor");
    force.call(&name, open.clone()).await.good();
    let grants = admin(&force, get("/api/v1/grants")).await.good().json();
    let grant = grants["grants"].as_array().unwrap().iter().find(|grant| grant["account"] == json!(name));
    let withdrawal = format!("/api/v1/grants/{}/withdrawal", grant.unwrap()["id"].as_str().unwrap());
    admin(&force, Call::new("POST", &withdrawal)).await.good();
    force.call(&name, open).await.is_problem(404, "not-found");
}

async fn a_machines_token_ends_by_the_servers_clock_alone(store: Store) {
    let force = Force::on(store).await;
    let end = jiff::Timestamp::now() + jiff::SignedDuration::from_mins(30);
    let new =
        json!({ "name": "command and control", "roles": ["officer"], "machine_until": end.to_string() });
    let made = admin(&force, post("/api/v1/accounts", new)).await.good().json();
    assert_eq!((made["machine"].as_bool(), made["has_token"].as_bool()), (Some(true), Some(true)));
    let token = format!("Bearer {}", made["token"].as_str().unwrap());
    let session = get("/api/v1/session").with("authorization", &token);
    // A client whose clock is an hour ahead, or behind, says so in vain.
    let hour = jiff::SignedDuration::from_hours(1);
    for clients in [jiff::Timestamp::now() + hour, jiff::Timestamp::now() - hour] {
        let date = clients.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        force.send(session.clone().with("date", &date)).await.good();
    }
    force.clock.set_on(3600);
    force.send(session.clone()).await.is_problem(401, "no-token");
    let behind = (jiff::Timestamp::now() - hour).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    force.send(session.with("date", &behind)).await.is_problem(401, "no-token");
    // A clock an hour ahead lengthens no life: the end was written down.
    for until in ["2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "next year"] {
        let new = json!({ "name": "another", "roles": ["officer"], "machine_until": until });
        admin(&force, post("/api/v1/accounts", new)).await.is_problem(422, "unusable");
    }
    let endless = post("/api/v1/accounts/command%20and%20control/token", json!({}));
    admin(&force, endless).await.is_problem(422, "unusable");
}

async fn nothing_is_changed_unseen(store: Store) {
    let force = Force::on(store).await;
    let reference = force.vehicle("AB12 CDE", json!({})).await;
    let path = format!("{RECORDS}/{reference}");
    let change = |model: &str| {
        Call::new("PATCH", &path).sends(json!({ "fields": { "model": model }, "reason": "seen again" }))
    };
    let as_officer = |call: Call| force.call("officer", call);
    as_officer(change("Focus")).await.is_problem(428, "version-needed");
    as_officer(change("Focus").with("if-match", "*")).await.is_problem(428, "version-needed");
    let opened = as_officer(get(&path)).await.good();
    assert_eq!(opened.header("etag"), "\"v1\"");
    let changed = as_officer(change("Focus").with("if-match", "\"v1\"")).await.good();
    assert_eq!(changed.header("etag"), "\"v2\"");
    let stale = as_officer(change("Fiesta").with("if-match", "\"v1\"")).await;
    let detail = stale.is_problem(412, "changed-meanwhile").json()["detail"].as_str().unwrap().to_owned();
    assert!(
        detail.contains("version 1") && detail.contains("version 2") && detail.contains("must look again")
    );
    assert!(!stale.text.contains("Fiesta") && !stale.text.contains("Focus"), "{}", stale.text);
    let now = as_officer(get(&path)).await.good().json();
    assert_eq!(
        (&now["version"], &now["fields"]["model"], &now["fields"]["vrm"]),
        (&json!(2), &json!("Focus"), &json!("AB12 CDE"))
    );
    let differing = as_officer(get(&format!("{path}/comparison?before=1&after=2"))).await.good().json();
    assert_eq!(differing["differences"][0]["field"], "model");
    assert_eq!(
        as_officer(get(&format!("{path}/versions"))).await.good().json()["versions"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let gone = json!({ "fields": { "model": null }, "reason": "wrong vehicle" });
    as_officer(Call::new("PATCH", &path).sends(gone).with("if-match", "\"v2\"")).await.good();
    assert!(as_officer(get(&path)).await.good().json()["fields"].get("model").is_none());
    as_officer(get(&format!("{path}/versions/9"))).await.is_problem(404, "not-found");
}

async fn one_of_many_who_change_at_once_is_first_and_the_others_are_told(store: Store) {
    let force = Force::on(store).await;
    let reference = force.vehicle("AB12 CDE", json!({})).await;
    let change = |model: usize| {
        let body = json!({ "fields": { "model": model.to_string() }, "reason": "seen again" });
        Call::new("PATCH", format!("{RECORDS}/{reference}")).sends(body).with("if-match", "\"v1\"")
    };
    let answers = futures::future::join_all((0..6).map(|n| force.call("officer", change(n)))).await;
    let good = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(good, 1);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        answer.is_problem(412, "changed-meanwhile");
    }
}

async fn a_lost_answer_is_asked_for_again_and_makes_no_second_record(store: Store) {
    let force = Force::on(store).await;
    let key = uuid::Uuid::now_v7().to_string();
    let make = |mark: &str| post(RECORDS, vehicle(mark)).with("idempotency-key", &key);
    let at_once = futures::future::join_all((0..4).map(|_| force.call("officer", make("AB12 CDE")))).await;
    let made: BTreeSet<String> =
        at_once.into_iter().map(|answer| answer.good().json()["ref"].as_str().unwrap().to_owned()).collect();
    assert_eq!(made.len(), 1);
    let again = force.call("officer", make("AB12 CDE")).await.good();
    assert_eq!(again.status, 201);
    assert!(made.contains(again.json()["ref"].as_str().unwrap()));
    // Another record or another person under the same key is another record.
    let other = force.call("officer", make("CD34 EFG")).await.good().json()["ref"].clone();
    let somebody = force.call("supervisor", make("AB12 CDE")).await.good().json()["ref"].clone();
    assert!(!made.contains(other.as_str().unwrap()) && !made.contains(somebody.as_str().unwrap()));
    for (key, status) in [
        ("no key", 400),
        ("0e5e1b0c-7c1c-4a56-9c0e-2f6f0f7f1a11", 422),
        ("01600000-0000-7000-8000-000000000000", 422),
    ] {
        let answer =
            force.call("officer", post(RECORDS, vehicle("AB12 CDE")).with("idempotency-key", key)).await;
        assert_eq!(answer.status.as_u16(), status, "{key}: {}", answer.text);
    }
    let found =
        force.call("officer", post("/api/v1/searches", json!({ "query": "kind:vehicle" }))).await.good();
    assert_eq!(found.json()["total"], 3);
}

#[tokio::test]
async fn every_mistake_is_told_with_its_mend() {
    let force = Force::with(|options| options.most_octets = 20_000).await;
    let as_officer = |call: Call| force.call("officer", call);
    as_officer(get("/api/v1/nothing")).await.is_problem(404, "not-found");
    force.send(get("/api/nothing")).await.is_problem(404, "not-found");
    let wrong = as_officer(Call::new("DELETE", "/api/v1/kinds")).await;
    assert!(wrong.is_problem(405, "wrong-method").header("allow").contains("GET"));
    let text = post(RECORDS, vehicle("AB12 CDE")).with("content-type", "text/plain");
    as_officer(text).await.is_problem(415, "wrong-media-type");
    let mut broken = post(RECORDS, vehicle("AB12 CDE"));
    broken.body = Some("{\"kind\": \"veh".to_owned());
    as_officer(broken).await.is_problem(400, "malformed");
    let large = json!({ "kind": "vehicle", "fields": { "description": "x".repeat(30_000) } });
    as_officer(post(RECORDS, large)).await.is_problem(413, "too-large");
    let unknown = as_officer(post(RECORDS, json!({ "kind": "dragon", "fields": {} }))).await;
    assert!(unknown.is_problem(422, "unusable").text.contains("stop-and-search"));
    let rules = as_officer(post(
        RECORDS,
        json!({ "kind": "vehicle", "fields": { "colour": "plaid", "year": "old" } }),
    ))
    .await;
    rules.is_problem(422, "rules");
    let empty = as_officer(post(RECORDS, json!({ "kind": "vehicle", "fields": {} }))).await;
    let broken = empty.is_problem(422, "rules").json()["problems"][0].clone();
    assert_eq!((&broken["field"], &broken["rule"]), (&json!("vrm"), &json!("mark-or-description")));
    assert!(
        broken["law"].as_str().unwrap().contains("DPA 2018") && !broken["mend"].as_str().unwrap().is_empty()
    );
    let member = as_officer(post("/api/v1/searches", json!({ "query": "x", "sort": "name" }))).await;
    assert!(member.is_problem(422, "unusable").text.contains("expected one of"), "{}", member.text);
    as_officer(post("/api/v1/searches", json!({ "query": "x", "limit": 101 })))
        .await
        .is_problem(422, "unusable");
    as_officer(post("/api/v1/searches", json!({ "query": "(x" }))).await.is_problem(422, "unusable");
    let covert = json!({ "kind": "vehicle", "fields": { "vrm": "AB12 CDE" }, "labels": { "covert": true } });
    as_officer(post(RECORDS, covert)).await.is_problem(422, "unusable");
    let wrong = if force.vehicle("AB12 CDE", json!({})).await.ends_with('A') { 'B' } else { 'A' };
    as_officer(get(&format!("{RECORDS}/V-0000001-{wrong}"))).await.is_problem(422, "unusable");
    let reference = force.vehicle("AB12 CDE", json!({})).await;
    let aimless = get(&format!("{RECORDS}/{reference}")).without("bluelamp-purpose");
    as_officer(aimless.clone()).await.is_problem(403, "no-purpose");
    as_officer(aimless.with("bluelamp-task", "inquiry 17")).await.good();
    let nobody = force.send(get("/api/v1/session")).await;
    assert!(nobody.is_problem(401, "no-token").header("www-authenticate").starts_with("Bearer"));
}

#[tokio::test]
async fn every_answer_is_kept_by_nobody_on_the_way() {
    let force = Force::new().await;
    let answers = [
        force.call("officer", get("/api/v1/kinds")).await,
        force.call("officer", get("/api/v1/none")).await,
        force.send(get("/api/v1/openapi.json")).await,
        force.send(get("/api/v1/session")).await,
        force.send(get("/healthz")).await,
    ];
    for answer in answers {
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"));
    }
    let sorts = force.send(get("/api/v1/problems")).await.good().json();
    assert_eq!(sorts["problems"].as_array().unwrap().len(), web::Sort::ALL.len());
}

#[tokio::test]
async fn a_flood_is_held_back() {
    let force = Force::with(|options| options.per_token = Rate::new(60, 5)).await;
    let mut last = force.call("officer", get("/api/v1/session")).await;
    for _ in 0..6 {
        last = force.call("officer", get("/api/v1/session")).await;
    }
    last.is_problem(429, "too-many");
    assert!(last.header("retry-after").parse::<u64>().unwrap() >= 1);
    force.call("supervisor", get("/api/v1/session")).await.good();
    // Who guesses tokens is held back sooner, and cannot flood the log.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let before = force.deployment.desk.log_size();
    let guess = |n: u32| get("/api/v1/session").with("authorization", &format!("Bearer bl_{n:064}"));
    for n in 0..10 {
        force.send(guess(n)).await.is_problem(401, "no-token");
    }
    for n in 10..40 {
        force.send(guess(n)).await.is_problem(429, "too-many");
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(force.deployment.desk.log_size() - before <= 12);
}

async fn an_erasure_goes_from_plan_to_certificate(store: Store) {
    let force = Force::on(store).await;
    let reference = force.vehicle("AB12 CDE", json!({})).await;
    let path = format!("{RECORDS}/{reference}");
    let plan = |field: Option<&str>| {
        post(&format!("{path}/erasures"), json!({ "field": field, "ground": "DPA 2018 s.47(1)(a)" }))
    };
    let reviewer = |call: Call| force.call("records-reviewer", call);
    reviewer(plan(Some("make"))).await.is_problem(428, "version-needed");
    reviewer(plan(Some("make")).with("if-match", "\"v2\"")).await.is_problem(412, "changed-meanwhile");
    let planned = reviewer(plan(Some("make")).with("if-match", "\"v1\"")).await.good();
    let at = planned.header("location").to_owned();
    let job = reviewer(get(&at)).await.good().json();
    assert_eq!((&job["state"], &job["not_before"]), (&json!("planned"), &Value::Null));
    reviewer(Call::new("POST", format!("{at}/run"))).await.is_problem(409, "not-now");
    reviewer(Call::new("POST", format!("{at}/approval"))).await.is_problem(409, "not-now");
    force.call("auditor", Call::new("POST", format!("{at}/approval"))).await.good();
    let hold = post(&format!("{path}/holds"), json!({ "reason": "litigation of a person with a name" }));
    let hold = force.call("supervisor", hold).await.good().json()["hold"].as_str().unwrap().to_owned();
    let held = reviewer(Call::new("POST", format!("{at}/run"))).await;
    assert!(!held.is_problem(409, "not-now").text.contains("litigation"), "{}", held.text);
    let lift = post(&format!("{path}/holds/{hold}/lift"), json!({ "reason": "settled" }));
    force.call("supervisor", lift).await.good();
    let done = reviewer(Call::new("POST", format!("{at}/run"))).await.good().json();
    assert_eq!((&done["state"], &done["certificate"]["field"]), (&json!("done"), &json!("make")));
    let opened = reviewer(get(&path)).await.good();
    assert_eq!(opened.header("etag"), "\"v1e1\"");
    assert_eq!(opened.json()["fields"]["make"], json!({ "not-held": "erased" }));
    // Whoever looked before the erasure must look again.
    let change = json!({ "fields": { "model": "Focus" }, "reason": "seen again" });
    let change = Call::new("PATCH", &path).sends(change);
    reviewer(change.clone().with("if-match", "\"v1\"")).await.is_problem(412, "changed-meanwhile");
    let changed = reviewer(change.with("if-match", "\"v1e1\"")).await.good();
    assert_eq!(changed.header("etag"), "\"v2e1\"");
    let all = force.call("overseer", get("/api/v1/certificates")).await.good().json();
    assert_eq!(all["certificates"].as_array().unwrap().len(), 1);
}

async fn a_folder_is_taken_in_and_its_rejects_are_worked(store: Store) {
    let force = Force::on(store).await;
    let written = synth::stops::write(&force.exchange().join("2024"), &stops(40, 200)).unwrap();
    let begin = post("/api/v1/intakes", json!({ "connector": "data-police-uk", "path": "2024" }));
    let begun = force.call("records-reviewer", begin).await.good();
    assert_eq!(begun.status, 202);
    let at = begun.header("location").to_owned();
    let mut run = force.call("records-reviewer", get(&at)).await.good().json();
    for _ in 0..600 {
        if run["state"] != "running" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        run = force.call("records-reviewer", get(&at)).await.good().json();
    }
    assert_eq!(run["state"], "ended", "{run}");
    let totals = &run["report"]["totals"];
    let (accepted, rejected) = (totals["accepted"].as_u64().unwrap(), totals["rejected"].as_u64().unwrap());
    assert_eq!((accepted, rejected), (written.good, written.faulty), "{totals}");
    assert!(rejected > 0);
    force.call("administrator", get(&at)).await.is_problem(404, "not-found");
    let found = post("/api/v1/searches", json!({ "query": "kind:stop-and-search", "limit": 5, "offset": 5 }));
    let found = force.call("officer", found).await.good().json();
    assert_eq!((found["total"].as_u64().unwrap(), found["groups"].as_array().unwrap().len()), (accepted, 5));
    let rejects = force.call("administrator", get("/api/v1/rejects?limit=1")).await.good().json();
    assert_eq!(rejects["total"].as_u64().unwrap(), rejected);
    let first = rejects["rejects"][0].clone();
    assert!(first.get("raw").is_none());
    let name = format!("/api/v1/rejects/{}", first["name"].as_str().unwrap());
    force.call("administrator", get(&name)).await.is_problem(403, "role");
    assert!(force.call("records-reviewer", get(&name)).await.good().json()["raw"].is_string());
    let discard = post(&format!("{name}/discard"), json!({ "ground": "a test row" }));
    force.call("records-reviewer", discard).await.good();
    force.call("records-reviewer", get(&name)).await.is_problem(404, "not-found");
    let outside = post("/api/v1/intakes", json!({ "connector": "data-police-uk", "path": "../force" }));
    force.call("records-reviewer", outside).await.is_problem(422, "unusable");
}

#[tokio::test]
async fn who_is_impatient_finds_it_done() {
    let force = Force::with(|options| options.patience = Duration::from_millis(1)).await;
    let export = json!({ "folder": "for the overseer", "recipient": "the overseer" });
    force.call("auditor", post("/api/v1/log/exports", export)).await.is_problem(503, "too-slow");
    let written = force.exchange().join("for the overseer").join("checkpoint");
    for _ in 0..200 {
        if written.exists() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("what nobody waited for was not done");
}

/// The log has an entry for the beginning of a sitting, for each change of permissions, and for what
/// was shown; not for each request.
async fn a_sitting_is_entered_once(store: Store) {
    let force = Force::on(store).await;
    force.call("officer", get("/api/v1/session")).await.good();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let before = force.deployment.desk.log_size();
    for _ in 0..20 {
        force.call("officer", get("/api/v1/session")).await.good();
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(force.deployment.desk.log_size(), before);
}
