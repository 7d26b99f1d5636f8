//! Completeness on pages: figures lead to the records behind them, and searched children come first.

use crate::support::{Answer, Call, Force, Store, on_both_stores, stops};
use axum::http::StatusCode;
use intake::Options;
use intake::police_uk::DataPoliceUk;
use intake::police_uk::stops::COLUMNS;
use serde_json::{Value, json};

on_both_stores! {
    a_figure_leads_to_the_records_behind_it
    searched_children_without_what_the_law_demands_are_escalated
}

#[track_caller]
fn says(answer: &Answer, words: &str) {
    assert!(answer.text.contains(words), "{words:?} is not said ({}): {}", answer.status, main_of(answer));
}

#[track_caller]
fn says_not(answer: &Answer, words: &str) {
    assert!(!answer.text.contains(words), "{words:?} is said: {}", main_of(answer));
}

fn main_of(answer: &Answer) -> &str {
    answer.text.split("<main").nth(1).unwrap_or(&answer.text)
}

/// Takes in what lies in a folder of the exchange folder.
async fn take_in(force: &Force, folder: &str) {
    let who = force.deployment.desk.sign_in(force.token("administrator")).await.unwrap().unwrap();
    let (desk, options) = (&*force.deployment.desk, Options::default());
    let folder = force.exchange().join(folder);
    intake::run(desk, &who, &DataPoliceUk, &folder, &options, |_| {}).await.unwrap();
    desk.settle_intake().await.unwrap();
}

/// So many published stops of January 2024, taken in.
async fn with_stops(store: Store, rows: u32) -> Force {
    let force = Force::on(store).await;
    synth::stops::write(&force.exchange().join("2024"), &stops(rows, 0)).unwrap();
    take_in(&force, "2024").await;
    force
}

/// Published more thorough searches: of two children without coordinates, of one with, of a man without.
async fn with_searched_children(store: Store) -> Force {
    let force = Force::on(store).await;
    let mut text = format!("{}\n", COLUMNS.join(","));
    for (hour, place, age) in
        [(10, ",", "10-17"), (11, ",", "10-17"), (12, "51.5,-0.1", "10-17"), (13, ",", "18-24")]
    {
        text.push_str(&format!(
            "Person search,2024-01-05T{hour}:00:00+00:00,,,{place},Male,{age},,,,,,,True\n"
        ));
    }
    std::fs::create_dir(force.exchange().join("children")).unwrap();
    std::fs::write(force.exchange().join("children/2024-01-lampshire-stop-and-search.csv"), text).unwrap();
    take_in(&force, "children").await;
    force
}

async fn figures(force: &Force) -> Value {
    let path = "/api/v1/kinds/stop-and-search/completeness?period=2024-01";
    force.call("supervisor", Call::new("GET", path)).await.good().json()
}

async fn a_figure_leads_to_the_records_behind_it(store: Store) {
    let force = with_stops(store, 300).await;
    let figures = figures(&force).await;
    let missing = |rule: &str| {
        let rows = figures["rows"].as_array().unwrap();
        rows.iter().find(|row| row["rule"] == rule).unwrap()["missing"].as_u64().unwrap()
    };
    let places = missing("place");
    assert!(places > 0);
    let mut browser = force.browser("supervisor").await;
    let page = browser.opens("/completeness").await.good();
    says(&page, "300 records");
    says(&page, "PACE 1984 s.3(6)(a)(iii)");
    says(&page, "That is not a “no”");
    let address = "/completeness/stop-and-search/place/missing";
    says(&page, &format!("<a class=\"govuk-link\" href=\"{address}\">{places}</a>"));
    let list = browser.opens(&format!("{address}?period=2024-01")).await.good();
    says(&list, &format!("{places} record"));
    let record = list.text.split("/records/SS-").nth(1).unwrap().split('"').next().unwrap();
    browser.opens(&format!("/records/SS-{record}")).await.good();
    let none = browser.opens(&format!("{address}?period=2023")).await.good();
    says(&none, "There are none that you may see.");
    let rule = browser.opens("/completeness/stop-and-search/place").await.good();
    says(&rule, "January 2024");
    says(&rule, "Give the place of the search.");
    let wrong = browser.opens("/completeness?period=March").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&wrong, "href=\"#period\"");
    for path in [
        "/completeness?kind=nothing",
        "/completeness/crime/nothing",
        "/completeness/stop-and-search/place/nothing",
    ] {
        assert_eq!(browser.opens(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let mut overseer = force.browser("overseer").await;
    let page = overseer.opens("/completeness").await.good();
    says(&page, "300 records");
    says_not(&page, address);
    assert_eq!(overseer.opens(address).await.status, StatusCode::FORBIDDEN);
}

/// A search of a child that has all that the law demands but for what the part on it leaves out.
async fn search_of_child(force: &Force, part: Value) -> Answer {
    let fields = json!({
        "at": "2024-01-02T23:10:00Z", "search-type": "person", "power": "pace-s1", "object": "drugs",
        "grounds": "Seen to pass a small packet.", "outcome": "no-action", "age": 15, "officer": "PC 1",
        "self-defined-ethnicity": "W1", "more-than-outer": true, "place": { "words": "14 Albert Road" },
        "more-thorough-search": [part],
    });
    let body = json!({ "kind": "stop-and-search", "fields": fields });
    force.call("officer", Call::new("POST", "/api/v1/records").sends(body)).await
}

async fn searched_children_without_what_the_law_demands_are_escalated(store: Store) {
    let force = with_searched_children(store).await;
    let mut browser = force.browser("supervisor").await;
    let page = browser.opens("/completeness").await.good();
    says(&page, "<strong>2 of 3 records</strong> lack what the law demands");
    says(&page, "<strong>2</strong> without the place");
    says(&page, "Of 3 such records, the source does not carry who authorised the search");
    let queue = browser.opens("/completeness/children").await.good();
    says(&queue, "2 records that you may see");
    let opened = queue.text.split("href=\"/records/SS-").nth(1).unwrap().split('"').next().unwrap();
    says(
        &browser.opens(&format!("/records/SS-{opened}")).await,
        "Give the place where the child was searched.",
    );
    let made = search_of_child(
        &force,
        json!({
            "subject-age": 15, "intimate-parts-exposed": false, "location-kind": "vehicle",
            "reason": "Small objects hidden in clothing", "found": "Nothing",
        }),
    );
    let fine = made.await.good().json()["ref"].as_str().unwrap().to_owned();
    let page = browser.opens("/completeness").await.good();
    says(&page, "<strong>2 of 4 records</strong>");
    says_not(&browser.opens("/completeness/children").await.good(), &fine);
    let mut overseer = force.browser("overseer").await;
    says(&overseer.opens("/completeness").await.good(), "<strong>2 of 4 records</strong>");
    assert_eq!(overseer.opens("/completeness/children").await.status, StatusCode::FORBIDDEN);
}
