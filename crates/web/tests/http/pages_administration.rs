//! Administration and the log, as somebody without scripts uses their pages.

use crate::pages::{main_of, says, says_not};
use crate::support::browser::{Browser, PASSWORD};
use crate::support::{Answer, Force, Store, get, on_both_stores};
use axum::http::StatusCode;
use law::access::Matrix;
use serde_json::json;

on_both_stores! {
    an_administrator_looks_after_an_account
    two_persons_put_somebody_into_a_group
    two_persons_change_the_matrix
    the_keys_are_turned_and_an_escrow_copy_goes
    the_log_is_proved_read_and_exported
    who_may_not_is_refused_and_nothing_changes
}

/// The page of an account, by a list that shows it.
fn path_of(list: &Answer, name: &str) -> String {
    let before = main_of(list).split(&format!("\">{name}</a>")).next().unwrap();
    before.rsplit("href=\"").next().unwrap().to_owned()
}

/// What a page shows once, in its order.
fn secrets(answer: &Answer) -> Vec<String> {
    let shown = answer.text.split("<code class=\"bluelamp-secret\">").skip(1);
    shown.map(|rest| rest.split('<').next().unwrap().to_owned()).collect()
}

#[track_caller]
fn unusable(answer: &Answer, words: &str) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", main_of(answer));
    says(answer, "There is a problem");
    says(answer, words);
}

async fn signs_in<'a>(force: &'a Force, name: &str, password: &str) -> Browser<'a> {
    let mut browser = force.nobody();
    browser.sends("/sign-in", "/sign-in", &[("name", name), ("password", password)]).await.good();
    let form = [("old", password), ("new", PASSWORD), ("again", PASSWORD)];
    browser.sends("/password", "/password", &form).await.good();
    browser
}

async fn an_administrator_looks_after_an_account(store: Store) {
    let force = Force::on(store).await;
    let mut admin = force.browser("administrator").await;
    let new = "/administration/users/new";
    let made = admin.sends(new, new, &[("name", "Pat Example"), ("roles", "officer")]).await;
    says(&made, "Pat Example is added");
    let [password, token] = secrets(&made).try_into().unwrap();
    unusable(&admin.sends(new, new, &[("name", "Pat Example"), ("roles", "officer")]).await, "already");
    unusable(&admin.sends(new, new, &[("name", "Sam Example")]).await, "Give at least one");
    let list =
        admin.sends("/administration/users", "/administration/users/find", &[("with", "pat ex")]).await;
    says(&list, "1 user with “pat ex”");
    let user = path_of(&list, "Pat Example");
    assert!(!user.contains("Pat"), "{user}");
    let page = admin.opens(&user).await.good();
    for secret in [&password, &token] {
        says_not(&page, secret);
        says_not(&list, secret);
    }
    let mut pat = signs_in(&force, "Pat Example", &password).await;
    says(&admin.opens(&user).await, "1 open");
    says(&admin.sends(&user, &format!("{user}/sittings"), &[]).await, "signed out everywhere");
    says(&pat.opens("/").await, "<h1 class=\"govuk-heading-l\">Sign in</h1>");
    let unit = format!("{user}/unit");
    says(&admin.sends(&user, &unit, &[("unit", "Response <A>")]).await, "Response &lt;A&gt;");
    unusable(&admin.sends(&user, &unit, &[("unit", &"x".repeat(101))]).await, "at most 100 letters");
    let roles = format!("{user}/roles");
    says(&admin.sends(&user, &roles, &[("roles", "case-builder")]).await, "The roles are changed");
    says(&admin.opens("/administration/users").await, "case builder");
    unusable(&admin.sends(&user, &roles, &[]).await, "Give at least one");
    ways_in(&force, &mut admin, &user).await;
}

/// A new password, the lock and what unlocks; each secret is shown once.
async fn ways_in(force: &Force, admin: &mut Browser<'_>, user: &str) {
    let password = format!("{user}/password");
    let given = admin.sends(user, &password, &[]).await;
    says(&given, "has a new password");
    let [first] = secrets(&given).try_into().unwrap();
    let page = admin.opens(user).await;
    says_not(&page, &first);
    signs_in(force, "Pat Example", &first).await;
    let shown = admin.opens(user).await;
    says(&admin.sends_from(&shown, &format!("{user}/lock"), &[]).await, "The account is locked");
    unusable(&admin.sends(user, &password, &[]).await, "is locked and gets no password");
    let unlocked = admin.sends(user, &format!("{user}/unlock"), &[]).await;
    says(&unlocked, "is unlocked");
    let [token] = secrets(&unlocked).try_into().unwrap();
    says_not(&admin.opens(user).await, &token);
    unusable(&admin.sends(user, &format!("{user}/unlock"), &[]).await, "is not locked");
    let own = path_of(&admin.opens("/administration/users").await, "administrator");
    let page = admin.opens(&own).await;
    says(&page, "This is your own account");
    unusable(&admin.sends_from(&page, &format!("{own}/lock"), &[]).await, "nobody changes their own account");
    for nobody in ["00000000-0000-0000-0000-000000000001", "none"] {
        let answer = admin.opens(&format!("/administration/users/{nobody}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", main_of(&answer));
    }
}

async fn groups(force: &Force, name: &str) -> serde_json::Value {
    force.call(name, get("/api/v1/session")).await.good().json()["groups"].clone()
}

async fn two_persons_put_somebody_into_a_group(store: Store) {
    let force = Force::on(store).await;
    let mut proposer = force.browser("supervisor").await;
    let (list, new) = ("/administration/grants", "/administration/grants/new");
    let day = |day, year| [("until-day", day), ("until-month", "12"), ("until-year", year)];
    let typed = |day: [(&'static str, &'static str); 3]| {
        let mut typed = vec![("account", "officer"), ("group", "op-heron"), ("ground", "the <operation>")];
        typed.extend(day);
        typed
    };
    unusable(&proposer.sends(new, new, &typed(day("32", "2098"))).await, "Give day, month and year");
    unusable(&proposer.sends(new, new, &typed(day("31", "2019"))).await, "ended already");
    let mut unknown = typed(day("31", "2098"));
    unknown[0].1 = "nobody-at-all";
    unusable(&proposer.sends(new, new, &unknown).await, "There is no account");
    let proposed = proposer.sends(new, new, &typed(day("31", "2098"))).await;
    says(&proposed, "It is proposed");
    says(&proposed, "the &lt;operation&gt;");
    let row = proposed.text.split("op-heron").nth(1).unwrap();
    let grant = row.split('(').nth(1).unwrap().split(')').next().unwrap().to_owned();
    let approve = format!("{list}/{grant}/approve");
    assert!(!proposed.text.contains(&approve), "whoever proposed it is not offered to approve it");
    unusable(&proposer.sends_from(&proposed, &approve, &[]).await, "second person");
    assert_eq!(groups(&force, "officer").await, json!([]));
    let mut admin = force.browser("administrator").await;
    let answer = admin.sends(list, &approve, &[]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", main_of(&answer));
    assert_eq!(groups(&force, "officer").await, json!([]));
    let mut second = force.browser("data-protection-officer").await;
    says(&second.opens(list).await, &approve);
    says(&second.sends(list, &approve, &[]).await, "It is approved");
    assert_eq!(groups(&force, "officer").await, json!(["op-heron"]));
    says(&admin.sends(list, &format!("{list}/{grant}/withdraw"), &[]).await, "It is withdrawn");
    assert_eq!(groups(&force, "officer").await, json!([]));
    unusable(&second.sends(list, "/administration/grants/G-99999/approve", &[]).await, "no grant");
}

async fn two_persons_change_the_matrix(store: Store) {
    let force = Force::on(store).await;
    let mut admin = force.browser("administrator").await;
    let committed = Matrix::committed().unwrap();
    let (list, new) = ("/administration/matrices", "/administration/matrices/new");
    says(&admin.opens(new).await, "approve-grant = [");
    unusable(&admin.sends(new, new, &[("matrix", "nothing")]).await, "cannot be read");
    let text = committed.text().replace(&committed.version, "2098-01-01.1 &");
    let text = text.replace(&format!("\"{}\"", committed.from), "\"2098-01-01\"");
    let text = text.replace("approve-grant = [\"supervisor\", ", "approve-grant = [\"analyst\", ");
    let browsers = text.replace('\n', "\r\n");
    says(&admin.sends(new, new, &[("matrix", &browsers)]).await, "It is proposed");
    let read = format!("{list}/read?version=2098-01-01.1+%26");
    let shown = admin.opens(&read).await;
    says(&shown, "analyst: approve membership of a restriction group");
    says(&shown, "supervisor: approve membership of a restriction group");
    says(&shown, "You proposed it");
    says_not(&shown, "Approve this text");
    let mut second = force.browser("auditor").await;
    let shown = second.opens(&read).await;
    let approve = format!("{list}/approve");
    unusable(&second.sends_from(&shown, &approve, &[("digest", "00")]).await, "another digest");
    says(&second.sends_from(&shown, &approve, &[]).await, "It is approved");
    unusable(&second.sends_from(&shown, &approve, &[]).await, "already");
    let none = second.opens(&format!("{list}/read?version=none")).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    let in_force = second.opens("/administration/access").await;
    says(&in_force, &committed.version);
}

async fn the_keys_are_turned_and_an_escrow_copy_goes(store: Store) {
    let force = Force::on(store).await;
    let path = "/administration/keys";
    let first = force.deployment.desk.proved_by(force.token("first")).await.unwrap().unwrap();
    let copy = force.folder.path().join("the-safe.key");
    force.deployment.desk.add_escrow(&first, "the <safe>", &copy).await.unwrap();
    let mut admin = force.browser("administrator").await;
    let shown = admin.opens(path).await;
    says(&shown, "the &lt;safe&gt;");
    says_not(&shown, "the-safe.key");
    let turned = admin.sends_from(&shown, &format!("{path}/turn"), &[]).await;
    says(&turned, "Every registered escrow copy followed.");
    let remove = format!("{path}/escrows/remove");
    unusable(&admin.sends_from(&shown, &remove, &[]).await, "Say who destroyed the copy");
    let typed = [("ground", "The solicitor shredded it on 3 November")];
    let removed = admin.sends_from(&shown, &remove, &typed).await;
    says(&removed, "Taken off the register");
    says(&removed, "The solicitor shredded it");
    unusable(&admin.sends_from(&shown, &remove, &typed).await, "no escrow copy");
}

async fn the_log_is_proved_read_and_exported(store: Store) {
    let force = Force::on(store).await;
    let reference = force.vehicle("LA10 MPS", json!({})).await;
    let mut auditor = force.browser("auditor").await;
    let page = auditor.opens("/log").await;
    says(&page, "lampshire.example/bluelamp");
    let again = page.text.split("/log?since=").nth(1).unwrap().split('"').next().unwrap().to_owned();
    says(&auditor.opens(&format!("/log?since={again}")).await, "the log grew by");
    let note = auditor.opens("/log/checkpoint").await.good();
    assert!(note.text.starts_with("lampshire.example/bluelamp/"), "{}", note.text);
    assert!(note.header("content-disposition").starts_with("attachment"), "it is kept as a file");
    says(&auditor.opens("/log/proof?leaf=0").await, "Proof of entry 0");
    unusable(&auditor.opens("/log/proof?leaf=99,999,999").await, "Give the number of an entry");
    let beyond = auditor.opens("/log/entries/99999999/proof").await;
    assert_eq!(beyond.status, StatusCode::NOT_FOUND, "{}", main_of(&beyond));
    let touches = "/log/touches";
    let touched = auditor.sends(touches, touches, &[("reference", &reference.to_lowercase())]).await;
    says(&touched, "maker");
    says(&touched, "collection");
    says_not(&touched, "LA10");
    says(&auditor.opens(&format!("/log/records/{reference}/touches?before=0")).await, "No entry of the log");
    unusable(
        &auditor.sends(touches, touches, &[("reference", "Anna Smith")]).await,
        "is not a reference number",
    );
    assert!(!auditor.at.contains("Anna"), "{}", auditor.at);
    export(&force, &mut auditor).await;
    let mut admin = force.browser("administrator").await;
    says(&admin.opens("/log").await, "The signed checkpoint");
    for refused in [touches, "/log/export", &format!("/log/records/{reference}/touches")] {
        assert_eq!(admin.opens(refused).await.status, StatusCode::FORBIDDEN, "{refused}");
    }
}

async fn export(force: &Force, auditor: &mut Browser<'_>) {
    let path = "/log/export";
    let typed = |folder, recipient| [("folder", folder), ("recipient", recipient)];
    unusable(&auditor.sends(path, path, &typed("one", " ")).await, "Say who gets it");
    unusable(&auditor.sends(path, path, &typed("../out", "the overseer")).await, "below the exchange folder");
    let done = auditor.sends(path, path, &typed("one", "the overseer")).await;
    says(&done, "The log is exported");
    says(&done, "bluelamp-verify one");
    assert!(force.exchange().join("one/checkpoint").exists());
    unusable(&auditor.sends(path, path, &typed("one", "the overseer")).await, "is not empty");
}

/// What an officer may not ask for, and what they may not send.
const NOT_ASKED: [&str; 13] = [
    "/administration",
    "/administration/users",
    "/administration/users/new",
    "/administration/grants",
    "/administration/grants/new",
    "/administration/matrices",
    "/administration/matrices/new",
    "/administration/keys",
    "/administration/health",
    "/log",
    "/log/proof",
    "/log/touches",
    "/log/export",
];
const NOT_SENT: [&str; 10] = [
    "/administration/users/find",
    "/administration/users/new",
    "/administration/grants/new",
    "/administration/grants/G-1/approve",
    "/administration/grants/G-1/withdraw",
    "/administration/matrices/new",
    "/administration/matrices/approve",
    "/administration/keys/turn",
    "/administration/keys/escrows/remove",
    "/log/export",
];

async fn who_may_not_is_refused_and_nothing_changes(store: Store) {
    let force = Force::on(store).await;
    let first = force.deployment.desk.proved_by(force.token("first")).await.unwrap().unwrap();
    let mut officer = force.browser("officer").await;
    let accounts = force.deployment.desk.accounts(&first).await.unwrap();
    let grants = force.deployment.desk.grants(&first).await.unwrap();
    let maker = accounts.iter().find(|account| account.name == "maker").unwrap();
    let user = format!("/administration/users/{}", maker.actor);
    for path in NOT_ASKED.into_iter().chain([user.as_str(), "/log/entries/0/proof", "/log/checkpoint"]) {
        let answer = officer.opens(path).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}: {}", main_of(&answer));
    }
    let mut sent: Vec<String> = NOT_SENT.map(str::to_owned).into();
    let of_user = ["roles", "unit", "password", "sittings", "lock", "unlock"];
    sent.extend(of_user.map(|what| format!("{user}/{what}")));
    let shown = officer.opens("/account").await;
    let typed = [
        ("account", "maker"),
        ("name", "new"),
        ("roles", "officer"),
        ("unit", "X"),
        ("group", "x"),
        ("ground", "x"),
        ("until-day", "1"),
        ("until-month", "1"),
        ("until-year", "2098"),
        ("folder", "x"),
        ("recipient", "x"),
        ("matrix", "x"),
        ("escrow", "x"),
        ("reference", "V-0000001-B"),
    ];
    for path in &sent {
        let answer = officer.sends_from(&shown, path, &typed).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}: {}", main_of(&answer));
    }
    assert_eq!(force.deployment.desk.accounts(&first).await.unwrap(), accounts);
    assert_eq!(force.deployment.desk.grants(&first).await.unwrap(), grants);
    assert_eq!(std::fs::read_dir(force.exchange()).unwrap().count(), 0);
    let home = officer.opens("/").await;
    says_not(&home, "href=\"/administration\"");
    says_not(&home, "href=\"/log\"");
}

#[tokio::test]
async fn what_the_rules_and_lists_say_is_there_for_all_who_work_here() {
    let force = Force::new().await;
    let mut officer = force.browser("officer").await;
    let access = officer.opens("/administration/access").await.good();
    says(&access, "read, make, correct");
    says(&access, "make and lock accounts");
    says(&officer.opens("/administration/lists").await.good(), "PNCID");
    for list in model::codes::all() {
        let page = officer.opens(&format!("/administration/lists/{}", list.id)).await.good();
        says(&page, &list.codes[0].code);
    }
    let none = officer.opens("/administration/lists/none").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    let mut admin = force.browser("administrator").await;
    says(&admin.opens("/administration").await.good(), "/administration/health");
    let health = admin.opens("/administration/health").await.good();
    says(&health, "Search index");
    says(&health, "no drift");
}
