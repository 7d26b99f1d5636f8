//! What guards records: restrictions broken for a risk to life, notices, grants, the access matrix;
//! accounts' units and locks; and escrow copies of keys.

use crate::support::{Call, Force, GROUP, MAKER, Store, get, member, on_both_stores, post};
use serde_json::{Value, json};

on_both_stores! {
    a_broken_glass_is_told_reviewed_and_counted
    somebody_else_hears_of_a_units_only_supervisor_and_a_review_falls_due_after_a_day
    an_owner_hears_of_each_search_once_a_day_however_many_of_theirs_it_meets
    a_search_that_meets_a_covert_record_is_told_to_its_owner_until_dismissed
    a_grant_counts_from_its_approval_to_its_withdrawal
    a_changed_matrix_decides_once_a_second_person_approved_it
    a_unit_counts_and_a_lock_is_opened_with_another_token
    holds_are_listed_and_an_erasure_is_withdrawn
    an_escrow_copy_is_listed_and_goes_off_the_register
}

fn bare(method: &'static str, path: &str) -> Call {
    Call::new(method, path)
}

async fn a_broken_glass_is_told_reviewed_and_counted(store: Store) {
    let mut force = Force::on(store).await;
    force.add("sergeant", "supervisor", &[]).await;
    let reference = force.vehicle("AB12 CDE", json!({ "groups": [GROUP], "sensitive": true })).await;
    let record = format!("/api/v1/records/{reference}");
    force.call("officer", get(&record)).await.is_problem(403, "restricted");
    let broken = |reason: &str| post(&format!("{record}/break-glass"), json!({ "reason": reason }));
    force.call("officer", broken(" ")).await.is_problem(422, "unusable");
    // The reason is the purpose: no other has to be given.
    let opened = broken("a child is in the van").without("bluelamp-purpose");
    let opened = force.call("officer", opened).await.good().json();
    assert_eq!((&opened["record"]["ref"], &opened["glass"]["by"]), (&json!(reference), &json!("officer")));
    assert_eq!(opened["record"]["fields"]["vrm"], "AB12 CDE");
    let id = opened["glass"]["id"].as_str().unwrap().to_owned();
    // It opened once, for this; the record is closed as before.
    force.call("officer", get(&record)).await.is_problem(403, "restricted");
    for told in [MAKER, "supervisor", "sergeant"] {
        let notices = force.call(told, get("/api/v1/notices")).await.good().json();
        let notice = &notices["notices"][0];
        assert_eq!((&notice["ref"], &notice["by"]), (&json!(reference), &json!("officer")), "{told}");
        assert_eq!(notice["purpose"], "a child is in the van");
    }
    let review = |justified: bool, words: &str| {
        let body = json!({ "justified": justified, "words": words });
        post(&format!("/api/v1/broken-glasses/{id}/review"), body)
    };
    force.call("supervisor", review(true, "")).await.is_problem(422, "unusable");
    let reviewed = force.call("supervisor", review(true, "the threat was real")).await.good().json();
    assert_eq!(
        (&reviewed["review"]["by"], &reviewed["review"]["justified"]),
        (&json!("supervisor"), &json!(true))
    );
    force.call("sergeant", review(false, "it was not")).await.is_problem(409, "not-now");
    let listed = force.call("data-protection-officer", get("/api/v1/broken-glasses")).await.good().json();
    assert_eq!(listed["broken"].as_array().unwrap().len(), 1);
    let figures = force.call("overseer", get("/api/v1/broken-glasses/figures")).await.good().json();
    assert_eq!(
        (&figures["broken"], &figures["justified"], &figures["waiting"]),
        (&json!(1), &json!(1), &json!(0))
    );
    // Nobody reviews their own.
    let own = broken("another threat to life");
    let own = force.call("supervisor", own).await.good().json()["glass"]["id"].as_str().unwrap().to_owned();
    let own =
        post(&format!("/api/v1/broken-glasses/{own}/review"), json!({ "justified": true, "words": "mine" }));
    force.call("supervisor", own).await.is_problem(409, "not-now");
}

async fn somebody_else_hears_of_a_units_only_supervisor_and_a_review_falls_due_after_a_day(store: Store) {
    let force = Force::on(store).await;
    let reference = force.vehicle("AB12 CDE", json!({ "groups": [GROUP], "sensitive": true })).await;
    let unit = Call::new("PUT", "/api/v1/accounts/supervisor/unit").sends(json!({ "unit": "Response A" }));
    force.call("first", unit).await.good();
    let open = format!("/api/v1/records/{reference}/break-glass");
    force.call("supervisor", post(&open, json!({ "reason": "a child is in the van" }))).await.good();
    let told = force.call(&member("supervisor"), get("/api/v1/notices")).await.good().json();
    assert_eq!(told["notices"].as_array().unwrap().len(), 1, "{told}");
    let overdue = async || {
        let figures = force.call("supervisor", get("/api/v1/broken-glasses/figures")).await;
        figures.good().json()["overdue"].clone()
    };
    let notices = async |who: &str| {
        let told = force.call(who, get("/api/v1/notices")).await.good().json();
        let said = told["notices"].as_array().unwrap().iter().map(|notice| notice["what"].to_string());
        said.filter(|what| what.contains("fell due")).count()
    };
    force.clock.set_on(24 * 3600 - 60);
    assert_eq!((overdue().await, notices(&member("supervisor")).await), (json!(0), 0));
    force.clock.set_on(61);
    assert_eq!(overdue().await, 1);
    // Told once, to whoever may review it, and not to the one who broke it.
    for _ in 0..2 {
        assert_eq!(notices(&member("supervisor")).await, 1);
    }
    assert_eq!((notices("data-protection-officer").await, notices("supervisor").await), (1, 0));
}

#[tokio::test]
async fn what_is_sensitive_has_a_group() {
    let force = Force::new().await;
    let body = json!({ "kind": "vehicle", "fields": { "vrm": "AB12 CDE" }, "labels": { "sensitive": true } });
    let told = force.call(MAKER, post("/api/v1/records", body)).await;
    told.is_problem(422, "unusable");
    assert!(told.text.contains("restriction group"), "{}", told.text);
}

async fn an_owner_hears_of_each_search_once_a_day_however_many_of_theirs_it_meets(store: Store) {
    let force = Force::on(store).await;
    for mark in ["AB12 CDE", "AB13 CDE", "AB14 CDE"] {
        force.vehicle(mark, json!({ "groups": [GROUP], "covert": true })).await;
    }
    for query in ["make:ford", "ford", "make:ford"] {
        force.call("officer", post("/api/v1/searches", json!({ "query": query }))).await.good();
    }
    let told = force.call(MAKER, get("/api/v1/notices")).await.good().json();
    let told: Vec<_> = told["notices"].as_array().unwrap().iter().collect();
    let mut asked: Vec<_> = told.iter().map(|notice| notice["query"].as_str().unwrap()).collect();
    asked.sort_unstable();
    assert_eq!(asked, ["ford", "make:ford"]);
    assert!(told.iter().all(|notice| notice["what"].as_str().unwrap().contains("and 2 more")), "{told:?}");
}

async fn a_search_that_meets_a_covert_record_is_told_to_its_owner_until_dismissed(store: Store) {
    let force = Force::on(store).await;
    let reference = force.vehicle("AB12 CDE", json!({ "groups": [GROUP], "covert": true })).await;
    let search = post("/api/v1/searches", json!({ "query": "make:ford" }));
    let found = force.call("officer", search).await.good().json();
    assert_eq!((&found["total"], &found["restricted"]), (&json!(0), &json!([])));
    let told = force.call(MAKER, get("/api/v1/notices")).await.good().json();
    let notice = &told["notices"][0];
    assert_eq!((&notice["ref"], &notice["by"]), (&json!(reference), &json!("officer")));
    assert_eq!((&notice["query"], &notice["purpose"]), (&json!("make:ford"), &json!("inquiry 17")));
    let dismiss = bare("DELETE", &format!("/api/v1/notices/{}", notice["id"].as_str().unwrap()));
    // Another's notice is none of theirs.
    force.call("officer", dismiss.clone()).await.is_problem(404, "not-found");
    force.call(MAKER, dismiss.clone()).await.good();
    force.call(MAKER, dismiss).await.is_problem(404, "not-found");
    let told = force.call(MAKER, get("/api/v1/notices")).await.good().json();
    assert_eq!(told["notices"], json!([]));
    let empty = force.call("officer", get("/api/v1/notices")).await.good().json();
    assert_eq!(empty["notices"], json!([]));
}

async fn a_grant_counts_from_its_approval_to_its_withdrawal(store: Store) {
    let force = Force::on(store).await;
    let reference = force.vehicle("AB12 CDE", json!({ "groups": [GROUP], "covert": true })).await;
    let record = format!("/api/v1/records/{reference}");
    let new = |account: &str, until: &str| {
        let body = json!({ "account": account, "group": GROUP, "until": until, "ground": "seconded" });
        post("/api/v1/grants", body)
    };
    force.call("supervisor", new("officer", "2020-01-31")).await.is_problem(422, "unusable");
    force.call("supervisor", new("officer", "soon")).await.is_problem(422, "unusable");
    force.call("supervisor", new("nobody", "2999-12-31")).await.is_problem(422, "unusable");
    let proposed = force.call("supervisor", new("officer", "2999-12-31")).await.good().json();
    assert_eq!((&proposed["state"], &proposed["approved_by"]), (&json!("proposed"), &Value::Null));
    let at = format!("/api/v1/grants/{}", proposed["id"].as_str().unwrap());
    force.call("officer", get(&record)).await.is_problem(404, "not-found");
    force.call("supervisor", bare("POST", &format!("{at}/approval"))).await.is_problem(409, "not-now");
    // Who approves sees first what is proposed.
    let listed = force.call("data-protection-officer", get("/api/v1/grants")).await.good().json();
    let listed = listed["grants"].as_array().unwrap().iter().find(|grant| grant["id"] == proposed["id"]);
    assert_eq!(listed.unwrap()["ground"], "seconded");
    let approved = bare("POST", &format!("{at}/approval"));
    let approved = force.call("data-protection-officer", approved).await.good().json();
    assert_eq!(approved["state"], "approved");
    force.call("officer", get(&record)).await.good();
    let withdrawn = bare("POST", &format!("{at}/withdrawal"));
    assert_eq!(force.call("supervisor", withdrawn).await.good().json()["withdrawn_by"], "supervisor");
    force.call("officer", get(&record)).await.is_problem(404, "not-found");
}

async fn a_changed_matrix_decides_once_a_second_person_approved_it(store: Store) {
    let force = Force::on(store).await;
    let shown = force.call("officer", get("/api/v1/access-matrix")).await.good().json();
    assert!(shown["page"].as_str().unwrap().contains("administrator"));
    let text = shown["matrix"].as_str().unwrap();
    let version = shown["version"].as_str().unwrap();
    let propose = |text: &str| post("/api/v1/access-matrix/proposals", json!({ "matrix": text }));
    force.call("administrator", propose(text)).await.is_problem(422, "unusable");
    let today = desk_day(&force);
    let maintain = "maintain = [\"administrator\", \"analyst\"]";
    let changed = text
        .replace(&format!("version = \"{version}\""), "version = \"analysts look after it\"")
        .replace(&format!("from = \"{}\"", shown["from"].as_str().unwrap()), &format!("from = \"{today}\""))
        .replace("maintain = [\"administrator\"]", maintain);
    force.call("analyst", get("/api/v1/health")).await.is_problem(403, "role");
    let proposed = force.call("data-protection-officer", propose(&changed)).await.good().json();
    assert_eq!(proposed["approved_by"], Value::Null);
    let listed = force.call("auditor", get("/api/v1/access-matrix/proposals")).await.good().json();
    assert!(listed["matrices"][0]["matrix"].as_str().unwrap().contains(maintain));
    let approval = "/api/v1/access-matrix/proposals/analysts%20look%20after%20it/approval";
    let approve = |digest: &Value| post(approval, json!({ "digest": digest }));
    let read = &listed["matrices"][0]["digest"];
    force.call("auditor", approve(&json!("0".repeat(64)))).await.is_problem(422, "unusable");
    let approve = approve(read);
    force.call("data-protection-officer", approve.clone()).await.is_problem(409, "not-now");
    force.call("analyst", get("/api/v1/health")).await.is_problem(403, "role");
    force.call("auditor", approve).await.good();
    force.call("analyst", get("/api/v1/health")).await.good();
    let shown = force.call("officer", get("/api/v1/access-matrix")).await.good().json();
    assert_eq!(shown["version"], "analysts look after it");
}

/// Today in London by the force's clock.
fn desk_day(force: &Force) -> String {
    use desk::clock::Clock;
    let now = jiff::Timestamp::from_microsecond(force.clock.now()).unwrap();
    now.in_tz("Europe/London").unwrap().date().to_string()
}

async fn a_unit_counts_and_a_lock_is_opened_with_another_token(store: Store) {
    let force = Force::on(store).await;
    let admin = |call: Call| force.call("administrator", call);
    let unit = |unit: &str| bare("PUT", "/api/v1/accounts/officer/unit").sends(json!({ "unit": unit }));
    admin(unit("two\nlines")).await.is_problem(422, "unusable");
    assert_eq!(admin(unit("Response A")).await.good().json()["unit"], "Response A");
    let made = json!({ "kind": "vehicle", "fields": { "vrm": "AB12 CDE" } });
    force.call("officer", post("/api/v1/records", made.clone())).await.good();
    force.call("supervisor", post("/api/v1/records", made)).await.good();
    let figures = |query: &str| get(&format!("/api/v1/kinds/vehicle/completeness{query}"));
    let all = force.call("supervisor", figures("?by=unit")).await.good().json();
    let rule = |figures: &Value, unit: &str| {
        let rows = figures["rows"].as_array().unwrap().clone();
        let row = rows.into_iter().find(|row| row["rule"] == "mark-or-description" && row["unit"] == unit);
        row.map_or(Value::Null, |row| row["answered"].clone())
    };
    assert_eq!((rule(&all, "Response A"), rule(&all, "(none)")), (json!(1), json!(1)), "{all}");
    let of_unit = force.call("supervisor", figures("?unit=Response%20A&check=true")).await.good().json();
    assert_eq!((&of_unit["records"], &of_unit["drift"]), (&json!(1), &json!([])));
    let none = force.call("supervisor", figures("?period=1999")).await.good().json();
    assert_eq!(none["records"], 0);
    force.call("supervisor", figures("?period=May")).await.is_problem(422, "unusable");
    force.call("supervisor", figures("?by=weather")).await.is_problem(400, "malformed");
    let behind = |rest: &str| figures(&format!("/mark-or-description/{rest}"));
    let listed = force.call("supervisor", behind("answered?unit=Response%20A")).await.good().json();
    assert_eq!(listed["total"], 1);
    force.call("supervisor", behind("ignored")).await.is_problem(422, "unusable");
    force.call("supervisor", behind("answered?limit=101")).await.is_problem(400, "malformed");

    let unlock = bare("POST", "/api/v1/accounts/officer/unlock");
    admin(unlock.clone()).await.is_problem(409, "not-now");
    admin(bare("POST", "/api/v1/accounts/officer/lock")).await.good();
    let unlocked = admin(unlock).await.good().json();
    let token = format!("Bearer {}", unlocked["token"].as_str().unwrap());
    let session = get("/api/v1/session");
    force.call("officer", session.clone()).await.is_problem(401, "no-token");
    force.send(session.with("authorization", &token)).await.good();
}

async fn holds_are_listed_and_an_erasure_is_withdrawn(store: Store) {
    let force = Force::on(store).await;
    let reference = force.vehicle("AB12 CDE", json!({})).await;
    let record = format!("/api/v1/records/{reference}");
    let plan = post(&format!("{record}/erasures"), json!({ "ground": "DPA 2018 s.47(1)(a)" }));
    let at = force.call("records-reviewer", plan.clone()).await.good().header("location").to_owned();
    let hold = post(&format!("{record}/holds"), json!({ "reason": "county court 17" }));
    force.call("supervisor", hold).await.good();
    let holds = force.call("auditor", get(&format!("{record}/holds"))).await.good().json();
    assert_eq!(holds["holds"][0]["reason"], "county court 17");
    let withdraw = |reason: &str| post(&format!("{at}/withdrawal"), json!({ "reason": reason }));
    force.call("officer", withdraw("no")).await.is_problem(403, "role");
    force.call("records-reviewer", withdraw(" ")).await.is_problem(422, "unusable");
    let closed = force.call("records-reviewer", withdraw("the request was withdrawn")).await.good().json();
    assert_eq!(closed["state"], "closed");
    assert_eq!(closed["closed"]["reason"], "the request was withdrawn");
    force.call("records-reviewer", withdraw("again")).await.is_problem(409, "not-now");
    force.call("records-reviewer", bare("POST", &format!("{at}/run"))).await.is_problem(409, "not-now");
}

async fn an_escrow_copy_is_listed_and_goes_off_the_register(store: Store) {
    let force = Force::on(store).await;
    let desk = &force.deployment.desk;
    let who = desk.sign_in(force.token("administrator")).await.unwrap().unwrap();
    let path = force.folder.path().join("in the safe.key");
    desk.add_escrow(&who, "the safe", &path).await.unwrap();
    let listed = force.call("administrator", get("/api/v1/keys/escrows")).await.good();
    assert_eq!(listed.json()["escrows"], json!([{ "name": "the safe", "confirmed": 1 }]));
    assert!(!listed.text.contains("in the safe"), "where it lies is nobody's business here: {}", listed.text);
    std::fs::remove_file(&path).unwrap();
    let remove = |name: &str, ground: &str| {
        post(&format!("/api/v1/keys/escrows/{name}/removal"), json!({ "ground": ground }))
    };
    force.call("administrator", remove("vault", "shredded")).await.is_problem(404, "not-found");
    force.call("administrator", remove("the%20safe", " ")).await.is_problem(422, "unusable");
    force.call("supervisor", remove("the%20safe", "shredded")).await.is_problem(403, "role");
    let gone = force.call("administrator", remove("the%20safe", "shredded on 3 November")).await.good();
    assert_eq!(gone.json()["unregistered"], "the safe");
    let listed = force.call("administrator", get("/api/v1/keys/escrows")).await.good().json();
    let removed = &listed["removed"][0];
    assert_eq!((&listed["escrows"], &removed["by"]), (&json!([]), &json!("administrator")));
    assert_eq!((&removed["ground"], &removed["confirmed"]), (&json!("shredded on 3 November"), &json!(1)));
    force.call("administrator", remove("the%20safe", "again")).await.is_problem(404, "not-found");
}
