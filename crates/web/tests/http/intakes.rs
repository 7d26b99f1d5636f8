//! Work that goes on after its answer was given ends where its right ends.

use crate::support::{Call, Force, Store, get, on_both_stores, stops};
use intake::Options;
use intake::police_uk::DataPoliceUk;
use serde_json::json;
use tokio::runtime::Handle;
use tokio::task::block_in_place;

on_both_stores! {
    an_intake_ends_where_its_account_is_locked_on_the_way
    an_intake_ends_where_its_role_is_taken_away_on_the_way
}

/// Takes files in, and has `meanwhile` called once after the first batch; gives why it ended.
async fn broken_off(force: &Force, meanwhile: Call) -> String {
    let plan = stops(400, 0);
    let written = synth::stops::write(&force.exchange().join("2024"), &plan).unwrap();
    let folder = written.files[0].parent().unwrap().to_owned();
    let who = force.deployment.desk.sign_in(force.token("administrator")).await.unwrap().unwrap();
    let options = Options { batch_rows: 100, ..Options::default() };
    let mut meanwhile = Some(meanwhile);
    let note = |_: &intake::Progress| {
        if let Some(call) = meanwhile.take() {
            block_in_place(|| Handle::current().block_on(force.call("first", call))).good();
        }
    };
    let taken = intake::run(&*force.deployment.desk, &who, &DataPoliceUk, &folder, &options, note).await;
    taken.unwrap_err().to_string()
}

async fn an_intake_ends_where_its_account_is_locked_on_the_way(store: Store) {
    let force = Force::on(store).await;
    let lock = Call::new("POST", "/api/v1/accounts/administrator/lock");
    let why = broken_off(&force, lock).await;
    assert!(why.contains("was locked"), "{why}");
    let found = force.call("officer", get("/api/v1/kinds/stop-and-search/records?limit=200")).await;
    let taken = found.good().json()["records"].as_array().unwrap().len();
    assert!((1..400).contains(&taken), "what was done until then stays: {taken}");
}

async fn an_intake_ends_where_its_role_is_taken_away_on_the_way(store: Store) {
    let force = Force::on(store).await;
    let roles = Call::new("PUT", "/api/v1/accounts/administrator/roles");
    let why = broken_off(&force, roles.sends(json!({ "roles": ["overseer"] }))).await;
    assert!(why.contains("role"), "{why}");
}
