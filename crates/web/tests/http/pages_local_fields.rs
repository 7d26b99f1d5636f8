//! A field of the force's own: proposed and approved on the pages, then asked, shown and found like any other.

use crate::pages::{main_of, says, says_not};
use crate::support::{Answer, Call, Force, Store, get, on_both_stores, post};
use axum::http::StatusCode;
use serde_json::json;

on_both_stores! {
    two_persons_add_a_field_and_a_list_and_an_officer_uses_them
    programs_write_and_read_a_field_of_the_force
}

#[track_caller]
fn unusable(answer: &Answer, words: &str) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", main_of(answer));
    says(answer, words);
}

const FIELD: [(&str, &str); 10] = [
    ("kind", "vehicle"),
    ("label", "Patrol <area>"),
    ("help", "Where it is kept at night."),
    ("name", "patrol-area"),
    ("type", "code"),
    ("list", "local.patrol-area"),
    ("about", "linked"),
    ("role", "Registered keeper"),
    ("class", "fact"),
    ("source", "Neighbourhood plan 2026"),
];

async fn two_persons_add_a_field_and_a_list_and_an_officer_uses_them(store: Store) {
    let force = Force::on(store).await;
    let mut admin = force.signed_in("administrator").await;
    let mut protector = force.signed_in("data-protection-officer").await;
    let mut officer = force.browser("officer").await;
    let (fields, lists) = ("/administration/local-fields", "/administration/local-lists");
    let new_list = format!("{lists}/new");
    let list = [
        ("title", "Patrol area"),
        ("name", "patrol-area"),
        ("source", "Neighbourhood plan 2026"),
        ("sure", "force policy"),
        ("codes", "north | North bank\r\nsouth | South bank"),
    ];
    let mut wrong = list;
    wrong[4].1 = "north";
    let told = admin.sends(&new_list, &new_list, &wrong).await;
    unusable(&told, "Line 1 has no words that people see");
    says(&told, "value=\"Neighbourhood plan 2026\"");
    says(&admin.sends(&new_list, &new_list, &list).await, "It is proposed");
    says(&admin.opens(&format!("{lists}/LL-1")).await, "You proposed it: somebody else approves it");
    let approved = protector.sends(&format!("{lists}/LL-1"), &format!("{lists}/LL-1/approve"), &[]).await;
    says(&approved, "It is approved");

    let new = format!("{fields}/new");
    let mut nobodys = FIELD;
    nobodys[6].1 = "";
    unusable(&admin.sends(&new, &new, &nobodys).await, "Say whose personal data it is");
    let proposed = admin.sends(&new, &new, &FIELD).await;
    says(&proposed, "It is proposed");
    says(&proposed, "Of the registered keeper linked with it");
    says(&proposed, "Patrol &lt;area&gt;");
    let one = format!("{fields}/LF-1");
    let own = admin.sends(&one, &format!("{one}/approve"), &[]).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN, "{}", main_of(&own));
    let reference = force.vehicle("AB12 CDE", json!({})).await;
    let edit = format!("/records/{reference}/edit");
    says_not(&officer.opens(&edit).await.good(), "Patrol &lt;area&gt;");
    says(&protector.sends(&one, &format!("{one}/approve"), &[]).await, "It is approved");
    for path in [fields, one.as_str()] {
        assert_eq!(officer.opens(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }

    let form = officer.opens(&edit).await.good();
    says(&form, "Asked by this force");
    says(&form, "Patrol &lt;area&gt; (optional)");
    says(&form, "Where it is kept at night.");
    let vehicle = [("vrm", "AB12 CDE"), ("make", "Ford")];
    let typed =
        [vehicle.as_slice(), &[("local.patrol-area", "north"), ("reason", "told us"), ("do", "save")]]
            .concat();
    let saved = officer.sends(&edit, &edit, &typed).await;
    says(&saved, "North bank");
    let compared = officer.opens(&format!("/records/{reference}/compare?before=1&after=2")).await;
    says(&compared, "Patrol &lt;area&gt;");

    let ended = admin.sends(&one, &format!("{one}/end"), &[("why", "the pilot is over")]).await;
    says(&ended, "What was answered stays");
    says(&officer.opens(&format!("/records/{reference}")).await, "North bank");
    says(&officer.opens(&edit).await, "Patrol &lt;area&gt;");
    let other = force.vehicle("CD34 EFG", json!({})).await;
    says_not(&officer.opens(&format!("/records/{other}/edit")).await, "Patrol &lt;area&gt;");
}

async fn programs_write_and_read_a_field_of_the_force(store: Store) {
    let force = Force::on(store).await;
    let new = json!({
        "kind": "vehicle", "name": "fleet-note", "label": "Fleet note", "type": "text", "about": "own",
        "class": "opinion", "source": "Force policy 12",
    });
    let proposed = force.call("administrator", post("/api/v1/local-fields", new)).await.good().json();
    assert_eq!((&proposed["id"], &proposed["name"]), (&json!("LF-1"), &json!("local.fleet-note")));
    let approve = || Call::new("POST", "/api/v1/local-fields/LF-1/approval");
    assert_eq!(force.call("administrator", approve()).await.status.as_u16(), 403);
    let fields = json!({ "description": "blue van", "local.fleet-note": "smokes" });
    let record = json!({ "kind": "vehicle", "fields": fields });
    let early = force.call("officer", post("/api/v1/records", record.clone())).await;
    assert_eq!(early.status.as_u16(), 422, "{}", early.text);
    force.call("data-protection-officer", approve()).await.good();

    let made = force.call("officer", post("/api/v1/records", record)).await.good().json();
    let reference = made["ref"].as_str().unwrap();
    let shown = force.call("officer", get(&format!("/api/v1/records/{reference}"))).await.good();
    assert_eq!(shown.json()["fields"]["local.fleet-note"], "smokes", "{}", shown.text);
    let query = json!({ "query": "local.fleet-note:smokes" });
    let found = force.call("officer", post("/api/v1/searches", query)).await.good().json();
    assert_eq!(found["total"], 1);
    let schema = force.call("officer", get("/api/v1/kinds/vehicle/schema")).await.good().json();
    assert_eq!(schema["properties"]["local.fleet-note"]["x-class"], "opinion");
    let document = force.call("officer", get("/api/v1/openapi.json")).await.good().json();
    let properties = &document["components"]["schemas"]["vehicle"]["properties"];
    assert_eq!(properties["local.fleet-note"]["title"], "Fleet note");
}
