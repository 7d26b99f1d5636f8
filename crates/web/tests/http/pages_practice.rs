//! A system to practise in is marked on every page, is never turned into a live one, and takes nothing of one; and
//! the tour that it offers.

use crate::pages::{PAGES, says, says_not};
use crate::support::{Force, Store, get, stops};
use axum::http::StatusCode;
use desk::clock::MachineClock;
use desk::deployment::{Deployment, Settings};
use desk::find::{DisclosureRequest, Form};
use desk::nature::Nature;
use desk::take_over::Origin;
use intake::Options;
use intake::police_uk::DataPoliceUk;
use serde_json::json;
use std::sync::Arc;

const MARK: &str = "<strong>Practice system.</strong>";
const TITLE: &str = "<title>Practice: ";

#[tokio::test]
async fn every_page_of_a_practice_system_says_so_and_none_of_a_live_one() {
    let force = Force::practice().await;
    let mut browser = force.browser("supervisor").await;
    let others = ["/sign-in", "/password", "/nothing-here", "/records/N-9999999-Z"];
    for path in PAGES.iter().chain(&others) {
        let page = browser.opens(path).await;
        says(&page, MARK);
        says(&page, TITLE);
    }
    let live = Force::new().await;
    let mut browser = live.browser("supervisor").await;
    for path in PAGES.iter().chain(&others) {
        says_not(&browser.opens(path).await, MARK);
    }
}

#[tokio::test]
async fn the_menu_of_a_live_system_leads_to_practice_where_that_is_named() {
    let address = "https://practice.force.example/";
    let force = Force::on_with(Store::Sqlite, |options| options.practice = Some(address.to_owned())).await;
    says(&force.browser("officer").await.opens("/").await, &format!("href=\"{address}\""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn real_records_and_made_up_ones_never_come_together() {
    let practice = Force::practice().await;
    let written = synth::stops::write(&practice.exchange().join("2024"), &stops(3, 0)).unwrap();
    let folder = written.files[0].parent().unwrap().to_owned();
    let desk = &*practice.deployment.desk;
    let who = desk.sign_in(practice.token("administrator")).await.unwrap().unwrap();
    let taken =
        intake::run(desk, &who, &DataPoliceUk, &folder, &Options::default(), |_: &intake::Progress| {}).await;
    let refused = taken.unwrap_err().to_string();
    assert!(refused.contains("practice system"), "{refused}");
    let listed = practice.call("officer", get("/api/v1/kinds/stop-and-search/records")).await;
    assert_eq!(listed.good().json()["records"], json!([]));
    let made_up = origin("bluelamp-synth 1");
    let other = origin("another-system 1");
    desk.take_over(&who, &made_up, Vec::new()).await.unwrap();
    assert!(desk.take_over(&who, &other, Vec::new()).await.is_err());

    let live = Force::new().await;
    let who = live.deployment.desk.sign_in(live.token("administrator")).await.unwrap().unwrap();
    live.vehicle("LA10 MPS", json!({})).await;
    let refused = live.deployment.desk.take_over(&who, &made_up, Vec::new()).await.unwrap_err().to_string();
    assert!(refused.contains("made-up people never stand among real ones"), "{refused}");
    live.deployment.desk.take_over(&who, &other, Vec::new()).await.unwrap();
}

fn origin(connector: &str) -> Origin {
    Origin { connector: connector.to_owned(), whole: "a force".to_owned(), licence: "none".to_owned() }
}

#[tokio::test]
async fn what_leaves_a_practice_system_says_so_in_each_line() {
    let force = Force::practice().await;
    force.vehicle("LA10 MPS", json!({})).await;
    let desk = &force.deployment.desk;
    let who = desk.sign_in(force.token("supervisor")).await.unwrap().unwrap().for_purpose("practice");
    desk.settle_intake().await.unwrap();
    let request = DisclosureRequest {
        query: "vrm:LA10MPS",
        recipient: "Kent Police",
        ground: "DPA 2018 s.35(2)(b)",
        conditions: None,
        leave_out: false,
        most: 10,
        form: Form::Csv,
    };
    let disclosed = desk.disclose_answers(&who, request).await.unwrap();
    assert_eq!(disclosed.records, 1);
    assert!(disclosed.contents.contains("PRACTICE: nobody in it is real"), "{}", disclosed.contents);
    let checkpoint = force.call("auditor", get("/api/v1/log/checkpoint")).await;
    assert!(checkpoint.text.contains("bluelamp-practice/lampshire"), "{}", checkpoint.text);
}

fn settings(log: &str) -> Settings {
    Settings {
        force: model::ForceId(uuid_of_test()),
        name: "Lampshire Police".into(),
        log: log.into(),
        erasure_wait_hours: 0,
        provider: None,
        clamd: None,
        archives: Vec::new(),
        sign_in: desk::sign_in::Limits::default(),
        store: None,
        keystore: None,
    }
}

fn uuid_of_test() -> uuid::Uuid {
    uuid::Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0001)
}

async fn opens(root: &std::path::Path) -> Result<Nature, String> {
    let opened = Deployment::open(root, Arc::new(MachineClock)).await.map_err(|error| error.to_string())?;
    let nature = opened.desk.nature();
    opened.close().await.map_err(|error| error.to_string())?;
    Ok(nature)
}

#[tokio::test]
async fn no_edit_of_the_settings_turns_practice_into_live_or_live_into_practice() {
    let live = "lampshire.example/bluelamp";
    let practice = "bluelamp-practice/lampshire";
    for (made_as, edited) in [(practice, live), (live, practice)] {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("force");
        Deployment::create(&root, &settings(made_as)).unwrap();
        assert_eq!(opens(&root).await, Ok(Nature::of_log(made_as)));
        let path = root.join("deployment.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.replace(made_as, edited)).unwrap();
        let refused = opens(&root).await.unwrap_err();
        assert!(refused.contains("neither is ever turned"), "{refused}");
        std::fs::write(&path, text).unwrap();
        assert_eq!(opens(&root).await, Ok(Nature::of_log(made_as)));
    }
}

#[tokio::test]
async fn the_tour_leads_over_pages_and_sees_what_was_done() {
    let force = Force::practice().await;
    let mut officer = force.browser("officer").await;
    let home = officer.opens("/").await;
    says(&home, "Take the tour");
    says_not(&officer.opens("/search").await, "Take the tour");
    let first = officer.sends_from(&home, "/tour", &[("tour", "begin")]).await;
    assert_eq!(officer.at, "/kinds/nominal");
    says(&first, "Tour, step 1 of");
    says(&first, "Done");
    let second = officer.sends_from(&first, "/tour", &[("tour", "next")]).await;
    assert_eq!(officer.at, "/search");
    says(&second, "Find a person whose name is misspelt");
    says_not(&second, ">Done<");
    let found = officer.sends("/search", "/search", &[("query", "jhon smyth")]).await;
    says(&found, "Tour, step 2 of");
    says(&found, "Done");
    let ended = officer.sends_from(&found, "/tour", &[("tour", "end")]).await;
    says_not(&ended, "Tour, step");
    says_not(&ended, "New here?");
    says(&officer.opens("/help").await, "Take the tour of the pages");
}

#[tokio::test]
async fn the_step_that_is_refused_is_done_by_being_refused() {
    let force = Force::practice().await;
    let mut officer = force.browser("officer").await;
    let home = officer.opens("/").await;
    let mut page = officer.sends_from(&home, "/tour", &[("tour", "begin")]).await;
    while !page.text.contains("and be refused") {
        assert!(page.text.contains("Tour, step"), "no step is about a child");
        page = officer.sends_from(&page, "/tour", &[("tour", "next")]).await;
    }
    let form = officer.opens("/new/stop-and-search").await;
    says_not(&form, ">Done<");
    let typed = [("search-type", "person"), ("age", "15"), ("more-than-outer", "yes"), ("do", "save")];
    let refused = officer.sends_from(&form, "/new/stop-and-search", &typed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&refused, "Done");
}

#[tokio::test]
async fn a_live_system_offers_no_tour() {
    let force = Force::new().await;
    let mut officer = force.browser("officer").await;
    says_not(&officer.opens("/").await, "Take the tour");
    let help = officer.opens("/help").await;
    officer.sends_from(&help, "/tour", &[("tour", "begin")]).await;
    says_not(&officer.opens("/search").await, "Tour, step");
}
