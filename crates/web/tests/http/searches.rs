//! Searches over the API: by the advanced form, counted, kept with alerts, for a list, and disclosed.

use crate::support::{Answer, Call, Force, GROUP, Store, get, on_both_stores, post};
use serde_json::{Value, json};
use std::time::Duration;

on_both_stores! {
    a_kept_search_is_its_owners_alone_and_tells_of_what_comes_in
    what_is_disclosed_is_entered_with_its_recipient
    the_records_of_a_kind_are_listed_by_page
}

fn says(answer: &Answer, words: &str) {
    answer.is_problem(422, "unusable");
    assert!(answer.text.contains(words), "{}", answer.text);
}

/// What somebody was told; alerts follow what comes in.
async fn told(force: &Force, who: &str) -> Vec<Value> {
    for _ in 0..1_000 {
        let told = force.call(who, get("/api/v1/notices")).await.good().json();
        let told = told["notices"].as_array().unwrap().clone();
        if !told.is_empty() {
            return told;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Vec::new()
}

async fn searched(force: &Force, who: &str, body: Value) -> Value {
    force.call(who, post("/api/v1/searches", body)).await.good().json()
}

#[tokio::test]
async fn answers_are_counted_and_asked_for_by_a_form() {
    let force = Force::new().await;
    force.vehicle("AB12 CDE", json!({})).await;
    force.vehicle("CD34 EFG", json!({ "groups": [GROUP], "covert": true })).await;
    let found = searched(&force, "officer", json!({ "query": "make:ford", "counts": true })).await;
    assert_eq!((&found["total"], &found["counts"]["kinds"]), (&json!(1), &json!({ "vehicle": 1 })));
    let form = json!({ "kinds": ["vehicle"], "fields": [{ "field": "make", "value": "ford" }] });
    let by_form = searched(&force, "officer", json!({ "form": form })).await;
    assert_eq!((&by_form["total"], &by_form["counts"]), (&json!(1), &Value::Null));
    for wrong in [json!({}), json!({ "query": "ford", "form": form })] {
        let answer = force.call("officer", post("/api/v1/searches", wrong)).await;
        says(&answer, "either `query` or `form`");
    }
    let wrong = json!({ "form": { "fields": [{ "field": "maker", "value": "ford" }] } });
    says(&force.call("officer", post("/api/v1/searches", wrong)).await, "fields[0]");
}

async fn a_kept_search_is_its_owners_alone_and_tells_of_what_comes_in(store: Store) {
    let force = Force::on(store).await;
    let new = json!({ "name": "fords", "query": "make:ford", "alert": true });
    let made = force.call("officer", post("/api/v1/saved-searches", new)).await.good().json();
    let path = format!("/api/v1/saved-searches/{}", made["id"].as_str().unwrap());
    let reference = force.vehicle("AB12 CDE", json!({})).await;
    force.vehicle("CD34 EFG", json!({ "groups": [GROUP], "covert": true })).await;
    let ran = force.call("officer", post(&format!("{path}/run"), json!({}))).await.good().json();
    assert_eq!(ran["total"], 1);
    let change = |change: Value| Call::new("PATCH", path.clone()).sends(change);
    let others = [
        post(&format!("{path}/run"), json!({})),
        Call::new("DELETE", path.clone()),
        change(json!({ "alert": false })),
    ];
    for other in others {
        assert_eq!(force.call("analyst", other).await.status.as_u16(), 404);
    }
    let told = told(&force, "officer").await;
    assert_eq!(told.len(), 1, "nothing covert is told: {told:?}");
    assert_eq!((&told[0]["ref"], &told[0]["alert"]["name"]), (&json!(reference), &json!("fords")));
    says(&force.call("officer", change(json!({ "until": "soon" }))).await, "until: not a day");
    says(&force.call("officer", change(json!({ "query": "make:(" }))).await, "character");
    says(&force.call("officer", change(json!({}))).await, "is as you ask for");
    let changed =
        force.call("officer", change(json!({ "name": "blue fords", "alert": false }))).await.good().json();
    assert_eq!((&changed["name"], &changed["alert"]), (&json!("blue fords"), &json!(false)));
    assert_eq!((&changed["query"], &changed["id"]), (&made["query"], &made["id"]), "what is left out stays");
    force.call("officer", Call::new("DELETE", path)).await.good();
    let kept = force.call("officer", get("/api/v1/saved-searches")).await.good().json();
    assert_eq!(kept["searches"], json!([]));
}

#[tokio::test]
async fn a_list_is_answered_line_by_line() {
    let force = Force::new().await;
    let reference = force.vehicle("AB12 CDE", json!({})).await;
    force.vehicle("CD34 EFG", json!({ "groups": [GROUP], "covert": true })).await;
    let list = json!({ "list": "AB12 CDE\nCD34 EFG\n" });
    let told = force.call("officer", post("/api/v1/searches/list", list)).await.good().json();
    assert_eq!((&told["counts"]["found_one"], &told["counts"]["nothing_found"]), (&json!(1), &json!(1)));
    assert_eq!(told["lines"][0]["best"][0]["ref"], reference);
    let long = json!({ "list": "AB12 CDE\n".repeat(501) });
    let answer = force.call("officer", post("/api/v1/searches/list", long)).await;
    says(&answer, "500");
}

async fn what_is_disclosed_is_entered_with_its_recipient(store: Store) {
    let force = Force::on(store).await;
    let reference = force.vehicle("AB12 CDE", json!({})).await;
    let ask = |recipient: &str| {
        let ground = "DPA 2018 s.35(2)(b): joint inquiry 17";
        post(
            "/api/v1/disclosures",
            json!({ "query": "ab12cde", "recipient": recipient, "ground": ground, "form": "csv" }),
        )
    };
    says(&force.call("data-protection-officer", ask(" ")).await, "recipient");
    let given = force.call("data-protection-officer", ask("Kent Police")).await.good().json();
    assert_eq!(given["records"], 1);
    assert!(given["contents"].as_str().unwrap().contains(&reference), "{given}");
    let touches = get(&format!("/api/v1/records/{reference}/touches"));
    assert!(force.call("auditor", touches).await.good().text.contains("disclosure"));
}

async fn the_records_of_a_kind_are_listed_by_page(store: Store) {
    let force = Force::on(store).await;
    let first = force.vehicle("AB12 CDE", json!({})).await;
    force.vehicle("CD34 EFG", json!({ "groups": [GROUP], "covert": true })).await;
    let second = force.vehicle("EF56 GHJ", json!({})).await;
    let page = force.call("officer", get("/api/v1/kinds/vehicle/records?limit=1")).await.good().json();
    assert_eq!((&page["records"][0]["ref"], &page["next"]), (&json!(second), &json!(second)));
    let older = format!("/api/v1/kinds/vehicle/records?limit=1&before={second}");
    let page = force.call("officer", get(&older)).await.good().json();
    assert_eq!((&page["records"][0]["ref"], &page["next"]), (&json!(first), &Value::Null));
    says(&force.call("officer", get("/api/v1/kinds/vehicle/records?limit=0")).await, "limit");
}
