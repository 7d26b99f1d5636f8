//! People sign in with a password: who is let in, who is not, and that the second hear nothing of why.

use crate::support::{House, On, on_both_stores};
use desk::clock::{Clock, MachineClock};
use desk::erasure::{Patterns, scan};
use desk::sign_in::{ChangeRefused, PasswordFault, SignInRefused, SignedIn, Unlocked};
use futures::future::join_all;
use std::path::Path;

on_both_stores! {
    a_given_password_is_changed_before_anything_else
    nobody_hears_why_they_are_not_signed_in
    ten_failures_lock_a_password_for_a_time_that_grows
    failures_at_once_are_all_counted
    an_administrator_lifts_a_lock
    a_locked_account_is_signed_in_nowhere
    a_password_follows_its_rules
    a_machine_and_a_stranger_get_no_password
    the_first_accounts_have_passwords
    no_file_says_a_password_or_a_secret
    the_log_says_who_signed_in_and_what_failed
}

pub const OFFICERS: &str = "seven lamps on a bridge";
const WRONG: &str = "six lamps on a bridge";
const DEVICE: &str = "Firefox on Windows, 192.0.2.17";
const MINUTE: i64 = 60;

/// Gives the officer a password and lets them choose their own; gives their session.
pub async fn signed_in(house: &House) -> SignedIn {
    let desk = house.desk();
    let given = desk.give_password(&house.administrator, "officer").await.unwrap();
    let first = desk.sign_in_with_password("officer", &given.password, DEVICE).await.unwrap();
    desk.change_password(first.secret.expose(), &given.password, OFFICERS).await.unwrap()
}

async fn tries(house: &House, name: &str, password: &str) -> Result<SignedIn, SignInRefused> {
    house.desk().sign_in_with_password(name, password, DEVICE).await
}

async fn fails(house: &House, times: u32) {
    for time in 0..times {
        let refused = tries(house, "officer", WRONG).await.unwrap_err();
        assert!(matches!(refused, SignInRefused::NotProved), "{time}: {refused}");
    }
}

async fn a_given_password_is_changed_before_anything_else(house: House) {
    let desk = house.desk();
    let given = desk.give_password(&house.administrator, "officer").await.unwrap();
    assert!(given.account.has_password);
    let first = tries(&house, " officer ", &given.password).await.unwrap();
    let secret = first.secret.expose();
    assert!(first.sitting.must_change_password && first.sitting.who().is_none());
    assert_eq!(first.sitting.account(), "officer");
    assert!(desk.session_of(secret).await.unwrap().is_none());
    assert!(desk.sitting_of(secret).await.unwrap().unwrap().must_change_password);
    let changed = desk.change_password(secret, &given.password, OFFICERS).await.unwrap();
    assert!(desk.sitting_of(secret).await.unwrap().is_none(), "the session from before is ended");
    let secret = changed.secret.expose();
    let who = desk.session_of(secret).await.unwrap().unwrap().for_purpose("inquiry 17");
    assert_eq!((who.name(), who.actor()), ("officer", house.officer.actor()));
    assert!(changed.sitting.who().is_some());
    assert_eq!(changed.sitting.facts.device, DEVICE);
    let reference = house.vehicle(1, model::Labels::default()).await;
    let record = desk.resolve(&who, &reference).await.unwrap();
    desk.open_record(&who, record).await.unwrap();
    let refused = tries(&house, "officer", &given.password).await.unwrap_err();
    assert!(matches!(refused, SignInRefused::NotProved));
    assert!(!tries(&house, "officer", OFFICERS).await.unwrap().sitting.must_change_password);
}

async fn nobody_hears_why_they_are_not_signed_in(house: House) {
    let _officer = signed_in(&house).await;
    let mut told = Vec::new();
    for (name, password) in [
        ("nobody", OFFICERS),
        ("", ""),
        ("reviewer", OFFICERS),
        ("officer", WRONG),
        ("officer", ""),
        ("officer", "Seven lamps on a bridge"),
        ("officer", "seven lamps on a bridge "),
    ] {
        told.push(tries(&house, name, password).await.unwrap_err());
    }
    fails(&house, 10).await;
    told.push(tries(&house, "officer", OFFICERS).await.unwrap_err());
    house.desk().lock_account(&house.administrator, "officer").await.unwrap();
    told.push(tries(&house, "officer", OFFICERS).await.unwrap_err());
    assert!(told.iter().all(|refused| matches!(refused, SignInRefused::NotProved)), "{told:?}");
}

async fn ten_failures_lock_a_password_for_a_time_that_grows(house: House) {
    let open = signed_in(&house).await;
    let secret = open.secret.expose();
    fails(&house, 9).await;
    tries(&house, "officer", OFFICERS).await.unwrap();
    // That began the count anew.
    fails(&house, 9).await;
    let before = house.desk().sessions_of(&house.administrator, "officer").await.unwrap();
    assert_eq!(before.locked_until, None);
    fails(&house, 1).await;
    let locked = house.desk().sessions_of(&house.administrator, "officer").await.unwrap();
    let left = locked.locked_until.unwrap() - house.clock.now();
    assert!((14 * MINUTE..=15 * MINUTE).contains(&(left / 1_000_000)), "{left}");
    tries(&house, "officer", OFFICERS).await.unwrap_err();
    // Whoever tries while it is locked neither lengthens it nor ends what is open.
    fails(&house, 3).await;
    assert!(house.desk().session_of(secret).await.unwrap().is_some());
    house.clock.set_on(14 * MINUTE);
    tries(&house, "officer", OFFICERS).await.unwrap_err();
    house.clock.set_on(MINUTE + 1);
    // The next failure locks for twice as long.
    fails(&house, 1).await;
    house.clock.set_on(29 * MINUTE);
    tries(&house, "officer", OFFICERS).await.unwrap_err();
    house.clock.set_on(MINUTE + 1);
    tries(&house, "officer", OFFICERS).await.unwrap();
    fails(&house, 9).await;
    tries(&house, "officer", OFFICERS).await.unwrap();
}

async fn failures_at_once_are_all_counted(house: House) {
    let _open = signed_in(&house).await;
    let attempts = join_all((0..10).map(|_| tries(&house, "officer", WRONG))).await;
    assert!(attempts.iter().all(Result::is_err));
    tries(&house, "officer", OFFICERS).await.unwrap_err();
    house.clock.set_on(15 * MINUTE + 1);
    tries(&house, "officer", OFFICERS).await.unwrap();
}

async fn an_administrator_lifts_a_lock(house: House) {
    let (desk, administrator) = (house.desk(), &house.administrator);
    let _open = signed_in(&house).await;
    let told = desk.unlock_account(administrator, "officer").await.unwrap_err().to_string();
    assert!(told.contains("is not locked") && told.contains("users password"), "{told}");
    fails(&house, 10).await;
    desk.unlock_account(&house.auditor, "officer").await.unwrap_err();
    let unlocked = desk.unlock_account(administrator, "officer").await.unwrap();
    assert!(matches!(unlocked, Unlocked::SignsInAgain(_)) && unlocked.token().is_none());
    tries(&house, "officer", OFFICERS).await.unwrap();
    // So does another password.
    fails(&house, 10).await;
    let given = desk.give_password(administrator, "officer").await.unwrap();
    tries(&house, "officer", &given.password).await.unwrap();
}

async fn a_locked_account_is_signed_in_nowhere(house: House) {
    let (desk, administrator) = (house.desk(), &house.administrator);
    let open = signed_in(&house).await;
    let secret = open.secret.expose();
    desk.change_roles(administrator, "officer", &["analyst"]).await.unwrap();
    let roles = desk.session_of(secret).await.unwrap().unwrap().roles().clone();
    assert_eq!(roles.into_iter().collect::<Vec<_>>(), ["analyst"], "roles are those of now");
    desk.lock_account(administrator, "officer").await.unwrap();
    assert!(desk.sitting_of(secret).await.unwrap().is_none());
    assert!(desk.own_sessions(secret).await.unwrap().is_empty());
    let refused = desk.change_password(secret, OFFICERS, "a new one that is long").await.unwrap_err();
    assert!(matches!(refused, ChangeRefused::SignedOut), "{refused}");
    let told = desk.give_password(administrator, "officer").await.unwrap_err().to_string();
    assert!(told.contains("is locked") && told.contains("users unlock"), "{told}");
    let unlocked = desk.unlock_account(administrator, "officer").await.unwrap();
    assert!(unlocked.token().is_some() && !unlocked.account().has_password);
    // What was there before the lock stays void.
    assert!(desk.sitting_of(secret).await.unwrap().is_none());
    tries(&house, "officer", OFFICERS).await.unwrap_err();
    let given = desk.give_password(administrator, "officer").await.unwrap();
    tries(&house, "officer", &given.password).await.unwrap();
}

async fn a_password_follows_its_rules(house: House) {
    let desk = house.desk();
    let open = signed_in(&house).await;
    let secret = open.secret.expose();
    for (new, fault) in [
        ("too short", PasswordFault::TooShort),
        ("Password1234", PasswordFault::Common),
        ("officer officer", PasswordFault::IsName),
        (OFFICERS, PasswordFault::SameAsOld),
        (&"x".repeat(257), PasswordFault::TooLong),
    ] {
        let refused = desk.change_password(secret, OFFICERS, new).await.unwrap_err();
        assert!(matches!(refused, ChangeRefused::New(found) if found == fault), "{new}: {refused}");
        assert!(refused.to_string().starts_with("New password: "), "{refused}");
    }
    let refused = desk.change_password(secret, WRONG, "eight lamps on a bridge").await.unwrap_err();
    assert!(matches!(refused, ChangeRefused::Old), "{refused}");
    assert!(desk.session_of(secret).await.unwrap().is_some(), "nothing was changed");
    // It is kept as it was typed, spaces and all.
    let typed = "  zażółć gęślą jaźń ";
    desk.change_password(secret, OFFICERS, typed).await.unwrap();
    tries(&house, "officer", typed.trim()).await.unwrap_err();
    tries(&house, "officer", typed).await.unwrap();
}

async fn a_machine_and_a_stranger_get_no_password(house: House) {
    let (desk, administrator) = (house.desk(), &house.administrator);
    let end = MachineClock.now() + 86_400_000_000;
    desk.add_machine(administrator, "command and control", &["officer"], end).await.unwrap();
    let told = desk.give_password(administrator, "command and control").await.unwrap_err().to_string();
    assert!(told.contains("another system") && told.contains("renew-token"), "{told}");
    desk.give_password(administrator, "nobody").await.unwrap_err();
    desk.give_password(&house.reviewer, "officer").await.unwrap_err();
    desk.sessions_of(&house.reviewer, "officer").await.unwrap_err();
    desk.end_sessions_of(&house.reviewer, "officer").await.unwrap_err();
    // An administrator who has none gives themselves the first; another they change with the old one.
    desk.give_password(administrator, "admin").await.unwrap();
    let told = desk.give_password(administrator, "admin").await.unwrap_err().to_string();
    assert!(told.contains("nobody changes their own account"), "{told}");
}

async fn the_first_accounts_have_passwords(house: House) {
    let first = [("a", "administrator"), ("b", "records-reviewer"), ("c", "auditor")];
    house.desk().first_accounts_with_passwords(first, false).await.unwrap_err();
    let settings = desk::deployment::Settings {
        force: model::ForceId(desk::clock::id_at(MachineClock.now())),
        store: None,
        keystore: None,
        ..desk::Places::read(&house.root()).unwrap().settings().clone()
    };
    let root = house.beside("another");
    desk::Deployment::create(&root, &settings).unwrap();
    let another = desk::Deployment::open(&root, house.clock.clone()).await.unwrap();
    let made = another.desk.first_accounts_with_passwords(first, false).await.unwrap();
    for (new, password) in &made {
        assert!(new.account.has_password);
        let signed = another.desk.sign_in_with_password(&new.account.name, password, "").await.unwrap();
        assert!(!signed.sitting.must_change_password);
        assert_eq!(signed.sitting.who().unwrap().actor(), new.account.actor);
    }
}

async fn no_file_says_a_password_or_a_secret(house: House) {
    let open = signed_in(&house).await;
    let given = house.desk().give_password(&house.administrator, "reviewer").await.unwrap();
    let again = tries(&house, "officer", OFFICERS).await.unwrap();
    assert!(format!("{again:?}").contains("Secret(hidden)"));
    house.desk().step_up(again.secret.expose(), OFFICERS).await.unwrap();
    fails(&house, 10).await;
    let said = [OFFICERS, WRONG, DEVICE, &given.password, open.secret.expose(), again.secret.expose()];
    let patterns = Patterns {
        plaintext: said.iter().map(|text| text.as_bytes().to_vec()).collect(),
        ciphertext: said[4..].iter().map(|secret| hex::decode(secret).unwrap()).collect(),
        keys: Vec::new(),
        wrapped: Vec::new(),
        names: Vec::new(),
    };
    let mut octets = 0;
    for folder in house.folders() {
        for place in scan(&folder, &patterns).unwrap() {
            assert_eq!(
                (place.plaintext, place.ciphertext),
                (0, 0),
                "{} of {}",
                place.place,
                folder.display()
            );
            octets += place.octets;
        }
    }
    assert!(octets > 100_000, "only {octets} octets were looked at");
}

async fn the_log_says_who_signed_in_and_what_failed(house: House) {
    let desk = house.desk();
    let open = signed_in(&house).await;
    fails(&house, 10).await;
    tries(&house, "officer", OFFICERS).await.unwrap_err();
    tries(&house, "Somebody Unknown", WRONG).await.unwrap_err();
    desk.unlock_account(&house.administrator, "officer").await.unwrap();
    desk.step_up(open.secret.expose(), OFFICERS).await.unwrap();
    desk.end_sessions_of(&house.administrator, "officer").await.unwrap();
    let export = house.beside("export");
    desk.export_log(&house.auditor.for_purpose("DPA 2018 s.62(4)(a)"), &export, "the overseer")
        .await
        .unwrap();
    let mut said = Vec::new();
    read_all(&export, &mut said);
    let says = |text: &str| said.windows(text.len()).any(|window| window == text.as_bytes());
    for text in [
        "account officer: new password, to be changed at the next sign-in",
        "by password, which they changed",
        "log-in: account officer: failure 1 in a row",
        "log-in: account officer: failure 10 in a row; its password is locked until 20",
        "log-in: account officer, which has no password, or whose password is locked",
        "the password proves nobody",
        "account officer: its password unlocked",
        "by password, once more in a session",
        "account officer: signed out everywhere",
        DEVICE,
    ] {
        assert!(says(text), "the log does not say “{text}”");
    }
    // What was typed as a name may be a password in the wrong field.
    for text in ["Somebody Unknown", OFFICERS, WRONG, open.secret.expose()] {
        assert!(!says(text), "the log says “{text}”");
    }
}

fn read_all(folder: &Path, said: &mut Vec<u8>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => read_all(&path, said),
            false => said.extend(std::fs::read(path).unwrap()),
        }
    }
}

/// The limits are those of the deployment, and a force lengthens neither.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_force_shortens_how_long_people_stay_signed_in() {
    let house = House::on(On::Sqlite).await.unwrap();
    let open = signed_in(&house).await;
    house.clock.set_on(6 * MINUTE);
    assert!(house.desk().glance_at_sitting(open.secret.expose()).await.unwrap().is_some());
    let file = house.root().join("deployment.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(!text.contains("sign_in"), "{text}");
    std::fs::write(&file, format!("{text}\n[sign_in]\nidle_minutes = 5\n")).unwrap();
    let house = house.begun_again().await;
    assert_eq!(house.desk().sign_in_limits().idle_minutes, 5);
    assert!(house.desk().glance_at_sitting(open.secret.expose()).await.unwrap().is_none());
    std::fs::write(&file, format!("{text}\n[sign_in]\nidle_minutes = 60\n")).unwrap();
    let told = desk::Places::read(&house.root()).unwrap_err().to_string();
    assert!(told.contains("sign_in.idle_minutes: 60 is not from 1 to 30"), "{told}");
}
