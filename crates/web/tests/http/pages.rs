//! The pages, as somebody without scripts uses them.

use crate::support::browser::{Browser, PASSWORD};
use crate::support::{Answer, Call, Force, GROUP, Store, on_both_stores, roles};
use axum::http::StatusCode;
use serde_json::json;

on_both_stores! {
    a_person_is_made_found_misspelt_and_changed
    a_childs_more_thorough_search_needs_its_place
    two_people_who_change_one_record_both_see_it
}

#[track_caller]
pub fn says(answer: &Answer, words: &str) {
    assert!(answer.text.contains(words), "{words:?} is not said ({}): {}", answer.status, main_of(answer));
}

#[track_caller]
pub fn says_not(answer: &Answer, words: &str) {
    assert!(!answer.text.contains(words), "{words:?} is said: {}", main_of(answer));
}

pub fn main_of(answer: &Answer) -> &str {
    answer.text.split("<main").nth(1).unwrap_or(&answer.text)
}

/// A record by the form of its kind, however many steps it takes.
async fn made(browser: &mut Browser<'_>, kind: &str, typed: &[(&str, &str)]) -> Answer {
    let path = format!("/new/{kind}");
    let mut all = typed.to_vec();
    all.push(("do", "save"));
    browser.sends(&path, &path, &all).await
}

fn reference_in(browser: &Browser<'_>) -> String {
    browser.at.trim_start_matches("/records/").split('?').next().unwrap().to_owned()
}

#[tokio::test]
async fn nobody_sees_a_page_without_signing_in_and_saying_what_for() {
    let force = Force::new().await;
    let mut nobody = force.nobody();
    for path in ["/", "/search", "/records", "/records/N-0000001-A", "/new/nominal", "/account", "/help"] {
        let answer = nobody.opens(path).await;
        says(&answer, "<h1 class=\"govuk-heading-l\">Sign in</h1>");
    }
    let wrong = nobody.sends("/sign-in", "/sign-in", &[("name", "officer"), ("password", "wrong")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let unknown =
        nobody.sends("/sign-in", "/sign-in", &[("name", "nobody-at-all"), ("password", "wrong")]).await;
    let error = |answer: &Answer| answer.text.split("govuk-error-message").nth(1).unwrap()[..200].to_owned();
    assert_eq!(error(&wrong), error(&unknown), "an unknown name is told by nothing");
    let mut officer = force.signed_in("officer").await;
    let asked = officer.opens("/search").await;
    says(&asked, "What are you working on?");
    let none = officer.sends_from(&asked, "/working-on", &[("next", "/search")]).await;
    says(&none, "Choose what you are doing");
    let typed = [("purpose", "other"), ("other", "Lost child <b>"), ("next", "/search")];
    let search = officer.sends("/working-on", "/working-on", &typed).await;
    says(&search, "Name, vehicle, telephone");
    says(&search, "Lost child &lt;b&gt;");
}

#[tokio::test]
async fn a_sitting_begins_with_a_new_secret_and_ends_for_good() {
    let force = Force::new().await;
    let mut browser = force.browser("officer").await;
    let planted = browser.cookies["__Host-bluelamp"].clone();
    let sign_in = [("name", "officer"), ("password", PASSWORD)];
    let mut again = force.nobody();
    again.cookies.insert("__Host-bluelamp".into(), planted.clone());
    again.sends("/sign-in", "/sign-in", &sign_in).await.good();
    assert_ne!(again.cookies["__Host-bluelamp"], planted);
    let mut old = force.nobody();
    old.cookies.insert("__Host-bluelamp".into(), planted);
    says(&old.opens("/account").await, "Sign in");
    let kept = again.cookies.clone();
    let home = again.opens("/account").await;
    says(&again.sends_from(&home, "/sign-out", &[]).await, "You have signed out");
    again.cookies = kept;
    says(&again.opens("/").await, "<h1 class=\"govuk-heading-l\">Sign in</h1>");
    let answer = browser.asks(Call::new("GET", "/sign-in"), "/sign-in").await;
    assert_eq!(answer.header("cache-control"), "no-store", "the back button shows nothing after signing out");
}

#[tokio::test]
async fn a_form_from_elsewhere_does_nothing() {
    let force = Force::new().await;
    let mut browser = force.browser("officer").await;
    let typed = [("vrm".to_owned(), "AB12CDE".to_owned()), ("do".to_owned(), "save".to_owned())];
    let answer = browser.posts("/new/vehicle", &typed).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    says(&answer, "belongs to another sitting");
    let mut call = Call::new("POST", "/sign-in").with("content-type", "application/x-www-form-urlencoded");
    call.body = Some("name=officer&password=x".to_owned());
    let answer = browser.asks(call.with("sec-fetch-site", "cross-site"), "/sign-in").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let none = browser.opens("/kinds/vehicle").await;
    says(&none, "There are none that you may see.");
}

async fn a_person_is_made_found_misspelt_and_changed(store: Store) {
    let force = Force::on(store).await;
    let mut browser = force.browser("officer").await;
    says(&browser.opens("/new/nominal").await, "Is it here already?");
    let looked = [
        ("names[1].forenames", "Ottoline"),
        ("names[1].surname", "Exampleby"),
        ("dates-of-birth[1].date-day", "4"),
        ("dates-of-birth[1].date-month", "3"),
        ("dates-of-birth[1].date-year", "1987"),
        ("do", "step:look"),
    ];
    let alike = browser.sends("/new/nominal", "/new/nominal", &looked).await;
    says(&alike, "Nothing like it is here.");
    let form = browser.sends_from(&alike, "/new/nominal", &[("do", "step:fill")]).await;
    says(&form, "value=\"Exampleby\"");
    let typed = [
        ("names[1].forenames", "Ottoline"),
        ("names[1].surname", "Exampleby"),
        ("dates-of-birth[1].date-day", "34"),
        ("dates-of-birth[1].date-month", "3"),
        ("dates-of-birth[1].date-year", "1987"),
        ("do", "save"),
    ];
    let refused = browser.sends_from(&form, "/new/nominal", &typed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&refused, "There is a problem");
    says(&refused, "href=\"#dates-of-birth[1].date-day\"");
    says(&refused, "value=\"34\"");
    let mut good = typed.to_vec();
    good[2].1 = "4";
    let saved = browser.sends_from(&refused, "/new/nominal", &good).await;
    says(&saved, "Saved. The record is in the log");
    says(&saved, "EXAMPLEBY, Ottoline");
    says(&saved, "No warnings are recorded.");
    let reference = reference_in(&browser);
    let found = browser.sends("/search", "/search", &[("query", "otoline examplbey 1988")]).await;
    says(&found, "EXAMPLEBY, Ottoline");
    says(&found, &format!("/records/{reference}"));
    says_not(&found, "otoline examplbey 1988\" HTTP");
    assert!(!browser.at.contains("otoline"), "no address holds what was searched for: {}", browser.at);
    let edit = format!("/records/{reference}/edit");
    let change = [("names[1].surname", "Examplethwaite"), ("do", "save"), ("names[1].forenames", "Ottoline")];
    let without = browser.sends(&edit, &edit, &change).await;
    says(&without, "Say why you change it.");
    says(&without, "value=\"Examplethwaite\"");
    let mut with = change.to_vec();
    with.push(("reason", "told us <script>alert(1)</script>"));
    with.extend([("dates-of-birth[1].date-day", "4"), ("dates-of-birth[1].date-month", "3")]);
    with.push(("dates-of-birth[1].date-year", "1987"));
    says(&browser.sends(&edit, &edit, &with).await, "EXAMPLETHWAITE, Ottoline");
    let history = browser.opens(&format!("/records/{reference}/history")).await;
    says(&history, "Version 2");
    says(&history, "told us &lt;script&gt;");
    says(&browser.opens(&format!("/records/{reference}/versions/1")).await, "EXAMPLEBY, Ottoline");
    let compared = browser.opens(&format!("/records/{reference}/compare?before=1&after=2")).await;
    says(&compared, "Examplethwaite");
}

async fn a_childs_more_thorough_search_needs_its_place(store: Store) {
    let force = Force::on(store).await;
    let mut browser = force.browser("officer").await;
    let form = browser.opens("/new/stop-and-search").await;
    says(&form, "value=\"officer\"");
    let typed = [
        ("at", "2024-01-02T23:10"),
        ("search-type", "person"),
        ("power", "pace-s1"),
        ("object", "drugs"),
        ("grounds", "Seen to pass a small packet."),
        ("self-defined-ethnicity", "not-held:declined"),
        ("age", "15"),
        ("more-than-outer", "yes"),
        ("more-thorough-search[1].reason", "Small objects hidden in clothing"),
        ("officer", "officer"),
        ("do", "save"),
    ];
    let refused = browser.sends_from(&form, "/new/stop-and-search", &typed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", main_of(&refused));
    says(&refused, "Give the place where the child was searched.");
    says(&refused, "PACE s.3(6)(a)(iii)");
    says(&refused, "Seen to pass a small packet.");
    assert_eq!(count(&force, "stop-and-search").await, 0);
    let mut whole = typed.to_vec();
    whole.extend([
        ("place.words", "High Street, Lampton"),
        ("outcome", "no-action"),
        ("more-thorough-search[1].intimate-parts-exposed", "yes"),
        ("more-thorough-search[1].location-kind", "police-station"),
        ("more-thorough-search[1].place.words", "Lampton police station, room 4"),
        ("more-thorough-search[1].authoriser", "Inspector 17 Example"),
        ("more-thorough-search[1].found", "Nothing"),
        ("more-thorough-search[1].authoriser-rank", ""),
    ]);
    let adult = browser.sends_from(&refused, "/new/stop-and-search", &whole).await;
    says(&adult, "Say whether the appropriate adult was present.");
    says(&adult, "List everyone who was present, with their role.");
    whole.extend([
        ("more-thorough-search[1].appropriate-adult-present", "yes"),
        ("more-thorough-search[1].safeguarding-referral", "SG-17"),
        ("more-thorough-search[1].present[1].role", "searcher"),
    ]);
    let saved = browser.sends_from(&adult, "/new/stop-and-search", &whole).await;
    says(&saved, "Saved. The record is in the log");
    says(&saved, "Lampton police station, room 4");
    assert_eq!(count(&force, "stop-and-search").await, 1);
}

pub async fn count(force: &Force, kind: &str) -> usize {
    let listed =
        force.call("officer", crate::support::get(&format!("/api/v1/kinds/{kind}/records"))).await.good();
    listed.json()["records"].as_array().unwrap().len()
}

async fn two_people_who_change_one_record_both_see_it(store: Store) {
    let force = Force::on(store).await;
    let mut one = force.browser("officer").await;
    let mut two = force.browser("supervisor").await;
    let saved = made(&mut one, "vehicle", &[("vrm", "AB12 CDE"), ("make", "Ford")]).await;
    says(&saved, "Saved.");
    let path = format!("/records/{}/edit", reference_in(&one));
    let (first, second) = (one.opens(&path).await, two.opens(&path).await);
    let typed =
        [("vrm", "AB12 CDE"), ("make", "Ford"), ("model", "Focus"), ("reason", "seen"), ("do", "save")];
    says(&one.sends_from(&first, &path, &typed).await, "Saved.");
    let typed = [("vrm", "AB12 CDE"), ("make", "Vauxhall"), ("reason", "looked again"), ("do", "save")];
    let conflict = two.sends_from(&second, &path, &typed).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT, "{}", main_of(&conflict));
    says(&conflict, "Somebody else changed it meanwhile");
    says(&conflict, "Focus");
    says(&conflict, "Vauxhall");
    let merged = two.sends_from(&conflict, &path, &[("do", "step:newest")]).await;
    says(&merged, "value=\"Focus\"");
    says(&merged, "value=\"Vauxhall\"");
    let typed = [("vrm", "AB12 CDE"), ("make", "Vauxhall"), ("model", "Focus"), ("do", "save")];
    says(&two.sends_from(&merged, &path, &typed).await, "Vauxhall");
}

#[tokio::test]
async fn a_button_that_is_pressed_twice_makes_one_record() {
    let force = Force::new().await;
    let mut browser = force.browser("officer").await;
    let looked =
        browser.sends("/new/vehicle", "/new/vehicle", &[("vrm", "XY99 ZZZ"), ("do", "step:fill")]).await;
    let typed = [("vrm", "XY99 ZZZ"), ("do", "save")];
    says(&browser.sends_from(&looked, "/new/vehicle", &typed).await, "Saved.");
    says(&browser.sends_from(&looked, "/new/vehicle", &typed).await, "Saved.");
    assert_eq!(count(&force, "vehicle").await, 1);
}

#[tokio::test]
async fn what_was_begun_is_kept_for_its_author_alone_until_it_is_saved() {
    let force = Force::new().await;
    let mut browser = force.browser("officer").await;
    let looked =
        browser.sends("/new/vehicle", "/new/vehicle", &[("vrm", "DR44 FTS"), ("do", "step:fill")]).await;
    let typed = [("vrm", "DR44 FTS"), ("model", "Half a mod"), ("do", "draft")];
    let home = browser.sends_from(&looked, "/new/vehicle", &typed).await;
    says(&home, "It is kept as a draft");
    says(&home, "New: vehicle");
    let path = home.text.split("href=\"/drafts/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let path = format!("/drafts/{path}");
    let mut other = force.browser("supervisor").await;
    assert_eq!(other.opens(&path).await.status, StatusCode::NOT_FOUND);
    says_not(&other.opens("/").await, "New: vehicle</a>");
    let form = browser.opens(&path).await;
    says(&form, "value=\"Half a mod\"");
    let typed = [("vrm", "DR44 FTS"), ("model", "Half a model T"), ("do", "save")];
    says(&browser.sends_from(&form, "/new/vehicle", &typed).await, "Saved.");
    assert_eq!(browser.opens(&path).await.status, StatusCode::NOT_FOUND, "a draft goes when it is saved");
    says_not(&browser.opens("/").await, "Begun and not saved");
}

#[tokio::test]
async fn a_form_that_is_open_while_its_writer_signs_in_again_goes_on() {
    let force = Force::new().await;
    let mut browser = force.browser("officer").await;
    let form = browser.opens("/new/crime").await;
    let home = browser.opens("/account").await;
    browser.sends_from(&home, "/sign-out", &[]).await.good();
    let sign_in = [("name", "officer"), ("password", PASSWORD)];
    browser.sends("/sign-in", "/sign-in", &sign_in).await.good();
    browser.sends("/working-on", "/working-on", &[("task", "INC-17")]).await.good();
    let stale = browser.sends_from(&form, "/drafts", &[("kind", "crime")]).await;
    assert_eq!(stale.status, StatusCode::BAD_REQUEST, "the script asks for the new token then");
    let token = browser.opens("/form-token").await.good().json()["token"].as_str().unwrap().to_owned();
    let kept = browser.sends_from(&form, "/drafts", &[("kind", "crime"), ("form-token", &token)]).await;
    assert_eq!(kept.status, StatusCode::NO_CONTENT);
    says(&browser.opens("/").await, "New: crime");
}

#[tokio::test]
async fn what_is_typed_is_shown_as_text() {
    let force = Force::new().await;
    let mut browser = force.browser("officer").await;
    let evil = "<img src=x onerror=alert(1)>\"'&";
    let saved = made(&mut browser, "nominal", &[("names[1].surname", evil), ("description", evil)]).await;
    says(&saved, "Saved.");
    says_not(&saved, "<img src=x");
    let found = browser.sends("/search", "/search", &[("query", evil)]).await;
    says_not(&found, "<img src=x");
    let refused = made(&mut browser, "vehicle", &[("vrm", evil), ("make", evil), ("year", evil)]).await;
    says_not(&refused, "<img src=x");
}

#[tokio::test]
async fn a_covert_record_is_answered_like_one_that_is_not_there() {
    let force = Force::new().await;
    let covert = force.vehicle("LA10 MPS", json!({ "groups": [GROUP], "covert": true })).await;
    let restricted = force.vehicle("LA11 MPS", json!({ "groups": [GROUP], "sensitive": true })).await;
    let mut browser = force.browser("officer").await;
    let none = browser.opens("/records/V-9999999-Z").await;
    for page in ["", "/edit", "/history", "/link", "/linked", "/restrict", "/versions/1"] {
        let answer = browser.opens(&format!("/records/{covert}{page}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{page}");
        says_not(&answer, GROUP);
        let answer = browser.opens(&format!("/records/{restricted}{page}")).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{page}: {}", main_of(&answer));
        says(&answer, "The record is restricted");
    }
    assert_ne!(none.status, StatusCode::OK);
    let mut member = force.browser("officer in the group").await;
    says(&member.opens(&format!("/records/{covert}")).await, "may know that this record exists");
    let shut = browser.opens(&format!("/records/{restricted}")).await;
    let path = format!("/records/{restricted}/break-glass");
    says(&browser.sends_from(&shut, &path, &[]).await, "say whose life is at risk");
    let reason = [("reason", "Driver seen to collapse at the wheel")];
    let opened = browser.sends_from(&shut, &path, &reason).await;
    says(&opened, "LA11 MPS");
    says(&opened, "will be reviewed");
    let any = browser.opens("/account").await;
    let path = format!("/records/{covert}/break-glass");
    assert_eq!(browser.sends_from(&any, &path, &reason).await.status, StatusCode::NOT_FOUND);
}

/// The pages that need nothing to be there.
pub const PAGES: &[&str] = &[
    "/",
    "/search",
    "/search/advice",
    "/search/advanced",
    "/searches/none",
    "/records",
    "/reviews",
    "/kinds/nominal",
    "/kinds/stop-and-search",
    "/new/nominal",
    "/new/vehicle",
    "/new/stop-and-search",
    "/new/crime",
    "/roadside",
    "/completeness",
    "/completeness/children",
    "/completeness/stop-and-search/place",
    "/completeness/stop-and-search/place/missing",
    "/intake",
    "/intake/rejects",
    "/account",
    "/password",
    "/working-on",
    "/administration",
    "/administration/users",
    "/administration/users/new",
    "/administration/access",
    "/administration/grants",
    "/administration/grants/new",
    "/administration/matrices",
    "/administration/matrices/new",
    "/administration/lists",
    "/administration/lists/crime-type",
    "/administration/local-fields",
    "/administration/local-fields/new",
    "/administration/local-lists/new",
    "/administration/keys",
    "/administration/health",
    "/administration/trouble",
    "/log",
    "/log/proof",
    "/log/touches",
    "/log/export",
    "/papers",
    "/papers/recall",
    "/help",
    "/help/accessibility",
    "/help/manual/find-a-person",
    "/something-is-wrong",
];

#[tokio::test]
async fn every_page_as_every_role_is_whole_and_safe() {
    let force = Force::new().await;
    for role in roles() {
        let mut browser = force.browser(&role).await;
        for path in PAGES {
            let answer = browser.opens(path).await;
            let status = answer.status.as_u16();
            assert!([200, 403].contains(&status), "{path} as {role}: {status} {}", main_of(&answer));
            is_safe(path, &answer);
        }
    }
}

/// That a page can be framed by nobody, runs nothing of its own, and is kept nowhere.
#[track_caller]
pub fn is_safe(path: &str, answer: &Answer) {
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{path}: {policy}");
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("content-type", "text/html; charset=utf-8"),
    ] {
        assert_eq!(answer.header(name), value, "{path}");
    }
    for inline in [" style=\"", " onclick", " onload", "<style", "javascript:"] {
        assert!(!answer.text.contains(inline), "{path} holds {inline}");
    }
    for script in answer.text.split("<script").skip(1) {
        assert!(script.contains(" src=\"/assets/"), "{path} holds a script of its own");
    }
}

#[tokio::test]
async fn styles_and_scripts_are_kept_and_what_is_not_there_is_a_page() {
    let force = Force::new().await;
    let mut browser = force.nobody();
    let page = browser.opens("/sign-in").await;
    let path = page.text.split("href=\"/assets/bluelamp-").nth(1).unwrap().split('"').next().unwrap();
    let style = browser.opens(&format!("/assets/bluelamp-{path}")).await.good();
    assert!(style.header("cache-control").contains("immutable"));
    assert!(!style.text.contains("GDS Transport"), "that face may be used on GOV.UK alone");
    let missing = browser.opens("/nothing-here").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    says(&missing, "Page not found");
}
