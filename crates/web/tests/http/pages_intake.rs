//! Intake on pages: from the exchange folder, from somebody's computer, and what becomes of rejected rows.

use crate::support::browser::Browser;
use crate::support::{Answer, Call, Force, Store, on_both_stores, stops};
use axum::http::StatusCode;
use intake::police_uk::stops::COLUMNS;
use std::time::Duration;

on_both_stores! {
    every_row_of_a_folder_is_accounted_for_and_a_second_time_adds_none
    a_rejected_row_is_corrected_and_another_discarded
}

const FILE: &str = "2024-01-lampshire-stop-and-search.csv";

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

/// The page of a run that has been begun, once it has ended.
async fn ended(browser: &mut Browser<'_>, begun: Answer) -> Answer {
    let (path, mut shown) = (browser.at.clone(), begun);
    assert!(path.starts_with("/intake/runs/"), "{path}: {}", main_of(&shown));
    for _ in 0..400 {
        if !shown.text.contains("Under way") {
            return shown;
        }
        let part = browser.opens(&format!("{path}/progress")).await.good();
        assert!(!part.text.contains("<html"), "a part of the page alone");
        tokio::time::sleep(Duration::from_millis(25)).await;
        shown = browser.opens(&path).await;
    }
    panic!("the run does not end: {}", main_of(&shown));
}

async fn taken_in(browser: &mut Browser<'_>, path: &str) -> Answer {
    let begun = browser.sends("/intake", "/intake", &[("path", path)]).await;
    ended(browser, begun).await
}

/// A file of stops with these dates.
fn file_with(dates: &[&str]) -> String {
    let mut text = format!("{}\n", COLUMNS.join(","));
    for date in dates {
        text.push_str(&format!("Person search,{date},,,51.5,-0.1,Male,18-24,,,,,,,\n"));
    }
    text
}

fn put(force: &Force, text: &str) {
    std::fs::write(force.exchange().join(FILE), text).unwrap();
}

fn count_of_links(answer: &Answer, to: &str) -> usize {
    main_of(answer).matches(&format!("href=\"{to}")).count()
}

/// The first address of a page that begins so.
fn address_in(answer: &Answer, begin: &str) -> String {
    let rest = main_of(answer).split(&format!("href=\"{begin}")).nth(1).unwrap();
    format!("{begin}{}", rest.split('"').next().unwrap().replace("&amp;", "&"))
}

async fn every_row_of_a_folder_is_accounted_for_and_a_second_time_adds_none(store: Store) {
    let force = Force::on(store).await;
    synth::stops::write(&force.exchange().join("2024"), &stops(200, 50)).unwrap();
    let mut browser = force.browser("records-reviewer").await;
    says(&browser.opens("/intake").await, "<code>2024</code>");
    let first = taken_in(&mut browser, "2024").await;
    says(&first, "200 rows read");
    says(&first, "Every row is accounted for");
    says(&first, "Why rows were rejected");
    let again = browser.sends_from(&first, "/intake", &[("path", "2024")]).await;
    let again = ended(&mut browser, again).await;
    says(&again, "200 rows read");
    says(&again, "0 accepted");
    let listed = browser.opens("/intake").await;
    assert_eq!(count_of_links(&listed, "/intake/runs/"), 2, "{}", main_of(&listed));
    let run = address_in(&listed, "/intake/runs/");
    let mut other = force.browser("administrator").await;
    assert_eq!(other.opens(&run).await.status, StatusCode::NOT_FOUND, "a run is of whoever began it");
}

async fn a_rejected_row_is_corrected_and_another_discarded(store: Store) {
    let force = Force::on(store).await;
    put(&force, &file_with(&["2024-01-01T10:00:00+00:00", "2024-01-99", "2024-01-98"]));
    let mut browser = force.browser("records-reviewer").await;
    let report = taken_in(&mut browser, FILE).await;
    says(&report, "3 rows read");
    says(&report, "2 rejected");
    let faults = browser.opens("/intake/rejects").await;
    says(&faults, "2 rows could not become records");
    says_not(&faults, "2024-01-99");
    let list = browser.opens(&address_in(&faults, "/intake/rejects?field=")).await;
    assert_eq!(count_of_links(&list, "/intake/rejects/2024"), 2, "{}", main_of(&list));
    says_not(&list, "2024-01-99");
    let path = address_in(&list, "/intake/rejects/2024");
    let row = browser.opens(&path).await;
    says(&row, "2024-01-99");

    let mut typed: Vec<(String, String)> =
        ["Person search", "2024-01-97", "", "", "51.5", "-0.1", "Male", "18-24"]
            .into_iter()
            .enumerate()
            .map(|(place, text)| (format!("column-{place}"), text.to_owned()))
            .collect();
    let correct = format!("{path}/correct");
    let send = async |browser: &mut Browser<'_>, typed: &[(String, String)]| {
        let typed: Vec<(&str, &str)> =
            typed.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        browser.sends_from(&row, &correct, &typed).await
    };
    let still = send(&mut browser, &typed).await;
    assert_eq!(still.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", main_of(&still));
    says(&still, "href=\"#column-1\"");
    typed[1].1 = "2024-01-09T11:00:00+00:00".to_owned();
    says(&send(&mut browser, &typed).await, "Say why you correct it");
    typed.push(("why".to_owned(), "the officer’s notebook".to_owned()));
    says(&send(&mut browser, &typed).await, "The corrected row was taken in");
    let gone = browser.opens(&path).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND, "{}", main_of(&gone));
    says(&browser.opens("/kinds/stop-and-search").await, "9 January 2024");
    let brought = std::fs::read_dir(force.exchange().join(".bluelamp-brought")).unwrap().count();
    assert_eq!(brought, 0, "nothing of a row stays in plain");

    let faults = browser.opens("/intake/rejects").await;
    says(&faults, "1 row could not");
    let list = browser.opens(&address_in(&faults, "/intake/rejects?field=")).await;
    let path = address_in(&list, "/intake/rejects/2024");
    let discard = format!("{path}/discard");
    let without = browser.sends(&path, &discard, &[("ground", " ")]).await;
    says(&without, "Say why the row is not needed.");
    says(&browser.sends(&path, &discard, &[("ground", "a test row")]).await, "The row is discarded");
    says(&browser.opens("/intake/rejects").await, "There are none");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_of_one_fault_are_judged_anew_where_their_file_lies_there() {
    let force = Force::new().await;
    put(&force, &file_with(&["2024-01-01T10:00:00+00:00", "2024-01-99"]));
    let mut browser = force.browser("records-reviewer").await;
    taken_in(&mut browser, FILE).await;
    let faults = browser.opens("/intake/rejects").await;
    let begun = browser.sends_from(&faults, "/intake/rejects/anew", &[]).await;
    let report = ended(&mut browser, begun).await;
    says(&report, "1 held already + 1 rejected");
    says(&browser.opens("/intake/rejects").await, "1 row could not");
    put(&force, &file_with(&["2024-01-98"]));
    let other = browser.sends_from(&faults, "/intake/rejects/anew", &[]).await;
    assert_eq!(other.status, StatusCode::CONFLICT, "another file of the name is not the file");
    says(&other, FILE);
}

/// Sends a file with the form of the page.
async fn uploads(browser: &mut Browser<'_>, token: &str, name: &str, content: &str) -> Answer {
    let line = "--limit\r\nContent-Disposition: form-data; name=";
    let body = format!(
        "{line}\"form-token\"\r\n\r\n{token}\r\n{line}\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n{content}\r\n--limit--\r\n"
    );
    let mut call =
        Call::new("POST", "/intake/upload").with("content-type", "multipart/form-data; boundary=limit");
    call.body = Some(body);
    let answer = browser.asks(call, "/intake/upload").await;
    match answer.status {
        StatusCode::SEE_OTHER => browser.opens(answer.header("location")).await,
        _ => answer,
    }
}

fn token_of(page: &Answer) -> String {
    page.text.split("name=\"form-token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_is_brought_and_what_is_none_is_refused_with_what_would_be() {
    let force = Force::with(|options| options.most_octets_of_file = 4096).await;
    let mut browser = force.browser("administrator").await;
    let token = token_of(&browser.opens("/intake").await);
    let good = file_with(&["2024-01-01T10:00:00+00:00"]);
    for (name, content, words) in [
        ("holiday.jpg", "x", "its files are named YYYY-MM-FORCE-SORT.csv"),
        ("../../2024-01-lampshire-streets.csv", "x", "its files are named"),
        ("", "", "Choose a file."),
        (FILE, &"x".repeat(5000), "larger than 4096 octets"),
    ] {
        let refused = uploads(&mut browser, &token, name, content).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {}", main_of(&refused));
        says(&refused, words);
        says(&refused, "href=\"#file\"");
    }
    let elsewhere = uploads(&mut browser, "another", FILE, &good).await;
    assert_eq!(elsewhere.status, StatusCode::BAD_REQUEST);
    let begun = uploads(&mut browser, &token, FILE, "Date,Nonsense\n1,2\n").await;
    says(&ended(&mut browser, begun).await, "the header is not the one that the file's name promises");
    let begun = uploads(&mut browser, &token, FILE, &good).await;
    says(&ended(&mut browser, begun).await, "1 row read");
    let left = std::fs::read_dir(force.exchange().join(".bluelamp-brought")).unwrap().count();
    assert_eq!(left, 0, "what was brought is removed");
}

#[tokio::test]
async fn who_may_not_take_in_is_told_so_and_no_path_leads_out() {
    let force = Force::new().await;
    let mut officer = force.browser("officer").await;
    assert_eq!(officer.opens("/intake").await.status, StatusCode::FORBIDDEN);
    assert_eq!(officer.opens("/intake/rejects").await.status, StatusCode::FORBIDDEN);
    let home = officer.opens("/").await;
    let token = token_of(&home);
    let refused = uploads(&mut officer, &token, FILE, "x").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", main_of(&refused));
    assert!(!force.exchange().join(".bluelamp-brought").exists(), "nothing was written for them");
    let mut browser = force.browser("records-reviewer").await;
    for path in ["..", "/etc", "", "nothing"] {
        let refused = browser.sends("/intake", "/intake", &[("path", path)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {}", main_of(&refused));
    }
}
