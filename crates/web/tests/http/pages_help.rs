//! The manual, and what people say is wrong.

use crate::pages::{PAGES, is_safe, main_of, says, says_not};
use crate::support::Force;
use crate::support::browser::Browser;
use axum::http::StatusCode;
use manual::Link;
use std::collections::BTreeSet;

const WRONG: &str = "/something-is-wrong";

#[tokio::test]
async fn each_page_leads_to_the_page_of_the_manual_that_explains_it() {
    let force = Force::new().await;
    let mut browser = force.browser("administrator").await;
    for path in PAGES {
        let page =
            manual::explaining(path).unwrap_or_else(|| panic!("no page of the manual explains {path}"));
        let answer = browser.opens(path).await;
        let link = format!("href=\"{}\">Help with this page</a>", page.path());
        says(&answer, &link);
        let wrong = answer.text.split("href=\"/something-is-wrong?at=").nth(1);
        let wrong = wrong.unwrap_or_else(|| panic!("{path} has no way to say that something is wrong"));
        assert!(!wrong.starts_with("none"), "{path} does not know which page it is");
    }
}

#[tokio::test]
async fn the_manual_is_shown_and_leads_only_where_something_is() {
    let force = Force::new().await;
    let mut officer = force.browser("officer").await;
    for page in manual::pages() {
        let shown = officer.opens(&page.path()).await.good();
        says(&shown, page.title);
        is_safe(page.name, &shown);
    }
    assert_eq!(officer.opens("/help/manual/none").await.status, StatusCode::NOT_FOUND);
    let product = |link| match link {
        Link::Product(path) => Some(path),
        Link::Page { .. } | Link::Outside(_) => None,
    };
    let paths: BTreeSet<String> =
        manual::pages().iter().flat_map(manual::links).filter_map(product).collect();
    assert!(paths.len() > 5, "{paths:?}");
    let mut administrator = force.browser("administrator").await;
    for path in paths {
        let seen = [officer.opens(&path).await.status, administrator.opens(&path).await.status];
        assert!(!seen.contains(&StatusCode::NOT_FOUND), "the manual leads to {path}: {seen:?}");
    }
}

#[tokio::test]
async fn the_manual_is_searched_and_no_address_holds_what_was_asked() {
    let force = Force::new().await;
    let mut browser = force.browser("officer").await;
    says(&browser.opens("/help").await, "Look through the manual");
    let found = browser.sends("/help", "/help/find", &[("asked", "strip search of a child")]).await;
    says(&found, "href=\"/help/manual/record-a-stop\"");
    says(&found, "value=\"strip search of a child\"");
    assert_eq!(browser.at, "/help/find");
    let none = browser.sends("/help", "/help/find", &[("asked", "<xylophone>")]).await;
    says(&none, "Nothing in the manual says it.");
    says_not(&none, "<xylophone>");
}

async fn filed(browser: &mut Browser<'_>, typed: &[(&str, &str)]) -> crate::support::Answer {
    browser.sends(&format!("{WRONG}?at=/records/{{reference}}&fault=urn:uuid:17"), WRONG, typed).await
}

#[tokio::test]
async fn what_is_wrong_is_said_without_anybodys_data_counted_and_answered() {
    let force = Force::new().await;
    let mut officer = force.browser("officer").await;
    let telling = "The page of N-0000017-X stays blank for AB12 CDE, born 12/03/1985.";
    let refused = filed(&mut officer, &[("said", telling), ("kind", "broken")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for part in [
        "N-0000017-X",
        "AB12 CDE",
        "12/03/1985",
        "a registration mark",
        "/records/{reference}",
        "urn:uuid:17",
    ] {
        says(&refused, part);
    }
    says_not(&officer.opens(WRONG).await, "What you said before");
    let names = [("said", "The page of John Smith stays blank."), ("kind", "broken")];
    let asked = officer.sends_from(&refused, WRONG, &names).await;
    says(&asked, "None of this is the name of a person");
    let nothing = officer.sends_from(&asked, WRONG, &[("said", " "), ("kind", "broken")]).await;
    says(&nothing, "say what happened, and what you expected");
    let unsorted = officer.sends_from(&nothing, WRONG, &[("said", "It stays blank.")]).await;
    says(&unsorted, "Choose what sort of trouble it is");
    let typed = [
        ("said", "The John Lewis lamp <i>stays</i> dark; I expected light."),
        ("kind", "broken"),
        ("no-names", "yes"),
    ];
    let kept = officer.sends_from(&unsorted, WRONG, &typed).await;
    says(&kept, "Thank you.");
    says(&kept, "T-1");
    says(&kept, "&lt;i&gt;stays");
    says_not(&force.browser("supervisor").await.opens(WRONG).await, "T-1");
    assert_eq!(officer.opens("/administration/trouble").await.status, StatusCode::FORBIDDEN);
    let mut administrator = force.browser("administrator").await;
    let list = administrator.opens("/administration/trouble").await.good();
    for part in ["1 report", "/records/{reference}", "It does not work", "By week", "By version"] {
        says(&list, part);
    }
    let path = "/administration/trouble/T-1";
    let report = administrator.opens(path).await.good();
    says(&report, "urn:uuid:17");
    says_not(
        &report,
        &force.deployment.desk.proved_by(force.token("officer")).await.unwrap().unwrap().actor().to_string(),
    );
    let telling = administrator.sends_from(&report, path, &[("answer", "Ring 07700 900123.")]).await;
    says(&telling, "a telephone number");
    let closed = administrator.sends_from(&telling, path, &[("answer", "A new release lights it.")]).await;
    says(&closed, "The report is closed.");
    let again = administrator.sends_from(&telling, path, &[("answer", "Once more.")]).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", main_of(&again));
    says(&officer.opens(WRONG).await, "A new release lights it.");
    assert_eq!(administrator.opens("/administration/trouble/T-2").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_page_that_is_said_is_only_ever_a_pattern() {
    let force = Force::new().await;
    let mut browser = force.browser("officer").await;
    let form = browser.opens(&format!("{WRONG}?at=/records/N-0000017-X&fault=John%20Smith")).await;
    says_not(&form, "N-0000017-X");
    says_not(&form, "John Smith");
    let missing = browser.opens("/records/N-9999999-Z").await;
    says(&missing, "/something-is-wrong?at=%2Frecords%2F%7Breference%7D");
    says(&browser.opens("/nothing-here").await, "/something-is-wrong?at=none");
}
