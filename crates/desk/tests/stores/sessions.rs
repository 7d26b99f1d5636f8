//! Sessions: how long they last, what they prove, and how they end.

use crate::sign_in::{OFFICERS, signed_in};
use crate::support::{House, on_both_stores};
use desk::DeskError;
use desk::clock::Clock;
use desk::sign_in::{AccountsAsked, SignInRefused, Strength};
use std::time::{Duration, Instant};

on_both_stores! {
    a_session_that_is_not_used_is_over
    a_session_is_over_after_a_shift_whatever_its_use
    each_sign_in_has_a_secret_of_its_own
    a_proof_given_once_more_counts_for_ten_minutes
    a_person_sees_and_ends_their_own_sessions
    an_administrator_signs_somebody_out
    an_administrator_sees_who_is_signed_in
    a_person_is_added_with_their_first_password
    another_password_ends_every_session
    what_is_over_is_swept_and_what_is_open_outlasts_a_restart
    a_use_is_noted_about_once_a_minute
}

const MINUTE: i64 = 60;

async fn is_open(house: &House, secret: &str) -> bool {
    house.desk().glance_at_sitting(secret).await.unwrap().is_some()
}

async fn a_session_that_is_not_used_is_over(house: House) {
    let open = signed_in(&house).await;
    let secret = open.secret.expose();
    for _ in 0..3 {
        house.clock.set_on(29 * MINUTE);
        assert!(house.desk().session_of(secret).await.unwrap().is_some());
    }
    // What a page asks by itself is no use.
    house.clock.set_on(20 * MINUTE);
    let glanced = house.desk().glance_at_sitting(secret).await.unwrap().unwrap();
    let left = (glanced.facts.idle_end - house.clock.now()) / 1_000_000;
    assert!((9 * MINUTE..=10 * MINUTE).contains(&left), "{left}");
    house.clock.set_on(10 * MINUTE);
    assert!(house.desk().sitting_of(secret).await.unwrap().is_none());
    assert!(house.desk().session_of(secret).await.unwrap().is_none());
}

async fn a_session_is_over_after_a_shift_whatever_its_use(house: House) {
    let open = signed_in(&house).await;
    let secret = open.secret.expose();
    for _ in 0..28 {
        house.clock.set_on(25 * MINUTE);
        assert!(house.desk().session_of(secret).await.unwrap().is_some());
    }
    let facts = house.desk().glance_at_sitting(secret).await.unwrap().unwrap().facts;
    assert_eq!(facts.end - facts.began, 12 * 3600 * 1_000_000);
    house.clock.set_on(20 * MINUTE);
    assert!(house.desk().sitting_of(secret).await.unwrap().is_none());
}

async fn each_sign_in_has_a_secret_of_its_own(house: House) {
    let desk = house.desk();
    let first = signed_in(&house).await;
    let second = desk.sign_in_with_password("officer", OFFICERS, "Edge on Windows").await.unwrap();
    assert_ne!(first.secret.expose(), second.secret.expose());
    assert_eq!(second.secret.expose().len(), 64);
    // Nothing that somebody brings along becomes a session, and nothing but the whole secret proves one.
    let secret = second.secret.expose();
    let upper = secret.to_uppercase();
    for brought in ["", "0", &"0".repeat(64), &secret[..63], &format!("{secret} "), &upper] {
        assert!(!is_open(&house, brought).await || brought == secret, "{brought}");
    }
    assert!(!is_open(&house, &second.sitting.facts.name).await);
    assert!(desk.sign_in(secret).await.unwrap().is_none(), "it is no token");
    assert!(desk.end_session(secret).await.unwrap());
    assert!(!desk.end_session(secret).await.unwrap());
    assert!(!is_open(&house, secret).await && is_open(&house, first.secret.expose()).await);
}

async fn a_proof_given_once_more_counts_for_ten_minutes(house: House) {
    let desk = house.desk();
    let open = signed_in(&house).await;
    let secret = open.secret.expose();
    assert_eq!(open.sitting.facts.stepped_up_until, None);
    let refused = desk.step_up(secret, "not the password").await.unwrap_err();
    assert!(matches!(refused, SignInRefused::NotProved));
    assert_eq!(desk.glance_at_sitting(secret).await.unwrap().unwrap().facts.stepped_up_until, None);
    let until = desk.step_up(secret, OFFICERS).await.unwrap();
    let facts = desk.glance_at_sitting(secret).await.unwrap().unwrap().facts;
    assert_eq!((facts.stepped_up_until, facts.strength), (Some(until), Strength::Password));
    house.clock.set_on(9 * MINUTE);
    assert!(desk.glance_at_sitting(secret).await.unwrap().unwrap().facts.stepped_up_until.is_some());
    house.clock.set_on(MINUTE);
    assert_eq!(desk.glance_at_sitting(secret).await.unwrap().unwrap().facts.stepped_up_until, None);
    // It is the session's alone, and no session has it where there is none.
    let other = desk.sign_in_with_password("officer", OFFICERS, "").await.unwrap();
    desk.step_up(secret, OFFICERS).await.unwrap();
    assert_eq!(
        desk.glance_at_sitting(other.secret.expose()).await.unwrap().unwrap().facts.stepped_up_until,
        None
    );
    desk.end_session(secret).await.unwrap();
    desk.step_up(secret, OFFICERS).await.unwrap_err();
    // A failure counts as one at the door does.
    for _ in 0..10 {
        desk.step_up(other.secret.expose(), "not the password").await.unwrap_err();
    }
    desk.step_up(other.secret.expose(), OFFICERS).await.unwrap_err();
    assert!(is_open(&house, other.secret.expose()).await);
}

async fn a_person_sees_and_ends_their_own_sessions(house: House) {
    let desk = house.desk();
    let first = signed_in(&house).await;
    house.clock.set_on(2 * MINUTE);
    let second = desk.sign_in_with_password("officer", OFFICERS, "Edge\n on Windows").await.unwrap();
    let third = desk.sign_in_with_password("officer", OFFICERS, "a phone").await.unwrap();
    let (first, second) = (first.secret.expose(), second.secret.expose());
    let own = desk.own_sessions(first).await.unwrap();
    assert_eq!(own.len(), 3);
    assert_eq!(own.iter().filter(|session| session.is_this).count(), 1);
    let devices: Vec<&str> = own.iter().map(|session| session.facts.device.as_str()).collect();
    assert!(devices[2].starts_with("Firefox") && own[2].is_this, "the last used first: {devices:?}");
    assert!(devices.contains(&"Edge  on Windows") && devices.contains(&"a phone"), "{devices:?}");
    // Somebody else's is none of theirs.
    let given = desk.give_password(&house.administrator, "reviewer").await.unwrap();
    let stranger = desk.sign_in_with_password("reviewer", &given.password, "").await.unwrap();
    assert!(!desk.end_own_session(first, &stranger.sitting.facts.name).await.unwrap());
    assert!(desk.end_own_session(first, &third.sitting.facts.name).await.unwrap());
    assert!(!is_open(&house, third.secret.expose()).await && is_open(&house, second).await);
    assert_eq!(desk.end_own_sessions(second).await.unwrap(), 2);
    assert!(!is_open(&house, first).await && !is_open(&house, second).await);
    assert!(is_open(&house, stranger.secret.expose()).await);
    assert_eq!(desk.end_own_sessions(second).await.unwrap(), 0);
}

async fn an_administrator_signs_somebody_out(house: House) {
    let (desk, administrator) = (house.desk(), &house.administrator);
    let open = signed_in(&house).await;
    desk.sign_in_with_password("officer", OFFICERS, "").await.unwrap();
    let counted = desk.sessions_of(administrator, "officer").await.unwrap();
    assert_eq!((counted.open, counted.locked_until), (2, None));
    assert!(counted.newest_use.is_some());
    assert_eq!(desk.end_sessions_of(administrator, "officer").await.unwrap(), 2);
    assert!(!is_open(&house, open.secret.expose()).await);
    let counted = desk.sessions_of(administrator, "officer").await.unwrap();
    assert_eq!((counted.open, counted.newest_use), (0, None));
    // The password is as good as before, and the token too.
    desk.sign_in_with_password("officer", OFFICERS, "").await.unwrap();
}

async fn an_administrator_sees_who_is_signed_in(house: House) {
    let (desk, administrator) = (house.desk(), &house.administrator);
    let _open = signed_in(&house).await;
    let all = AccountsAsked { with: "", skip: 0, most: 100 };
    let found = desk.accounts_signed_in(administrator, all).await.unwrap();
    assert_eq!(found.found, found.shown.len());
    let names: Vec<&str> = found.shown.iter().map(|user| user.account.name.as_str()).collect();
    assert!(names.is_sorted() && names.contains(&"officer"), "{names:?}");
    let officer = found.shown.iter().find(|user| user.account.name == "officer").unwrap();
    assert_eq!(officer.open, 1);
    let one = desk.account_signed_in(administrator, officer.account.actor).await.unwrap();
    assert_eq!(&one, officer);
    let part = AccountsAsked { with: " OFFIC", skip: 0, most: 1 };
    let part = desk.accounts_signed_in(administrator, part).await.unwrap();
    assert!(part.shown.len() == 1 && part.found >= 1);
    let beyond = AccountsAsked { skip: 1000, ..all };
    assert!(desk.accounts_signed_in(administrator, beyond).await.unwrap().shown.is_empty());
    let nobody = model::ActorId(uuid::Uuid::from_u128(1));
    assert!(matches!(desk.account_signed_in(administrator, nobody).await, Err(DeskError::Unknown(_))));
    for refused in [
        desk.accounts_signed_in(&house.officer, all).await.map(drop),
        desk.account_signed_in(&house.officer, nobody).await.map(drop),
        desk.keys_now(&house.officer).await.map(drop),
    ] {
        assert!(matches!(refused, Err(DeskError::Refused(_))), "{refused:?}");
    }
    assert!(desk.keys_now(administrator).await.unwrap().escrows.is_empty());
}

async fn a_person_is_added_with_their_first_password(house: House) {
    let (desk, administrator) = (house.desk(), &house.administrator);
    let new = desk.add_person(administrator, "Pat Example", &["officer"]).await.unwrap();
    assert!(new.made.account.has_password);
    assert!(desk.proved_by(&new.made.token).await.unwrap().is_some());
    let open = desk.sign_in_with_password("Pat Example", &new.password, "").await.unwrap();
    assert!(open.sitting.must_change_password && open.sitting.who().is_none());
    let again = desk.add_person(administrator, "Pat Example", &["officer"]).await;
    assert!(matches!(again, Err(DeskError::NotNow(_))));
    let unknown = desk.add_person(administrator, "Sam Example", &["king"]).await;
    assert!(matches!(unknown, Err(DeskError::Unusable(_))));
    let refused = desk.add_person(&house.officer, "Sam Example", &["officer"]).await;
    assert!(matches!(refused, Err(DeskError::Refused(_))));
}

async fn another_password_ends_every_session(house: House) {
    let desk = house.desk();
    let first = signed_in(&house).await;
    let second = desk.sign_in_with_password("officer", OFFICERS, "Edge on Windows").await.unwrap();
    let new = "eight lamps on a bridge";
    let changed = desk.change_password(second.secret.expose(), OFFICERS, new).await.unwrap();
    for ended in [&first, &second] {
        assert!(!is_open(&house, ended.secret.expose()).await);
    }
    assert_eq!(changed.sitting.facts.device, "Edge on Windows");
    assert!(is_open(&house, changed.secret.expose()).await);
    desk.give_password(&house.administrator, "officer").await.unwrap();
    assert!(!is_open(&house, changed.secret.expose()).await);
}

async fn what_is_over_is_swept_and_what_is_open_outlasts_a_restart(house: House) {
    signed_in(&house).await;
    house.clock.set_on(31 * MINUTE);
    let open = house.desk().sign_in_with_password("officer", OFFICERS, "").await.unwrap();
    // What is over goes about once a minute, and at a start.
    let house = house.begun_again().await;
    assert!(house.desk().session_of(open.secret.expose()).await.unwrap().is_some());
    let until = Instant::now() + Duration::from_secs(20);
    while house.count("sessions").await > 1 {
        assert!(Instant::now() < until, "what is over is still there");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(is_open(&house, open.secret.expose()).await);
}

async fn a_use_is_noted_about_once_a_minute(house: House) {
    let desk = house.desk();
    let open = signed_in(&house).await;
    let secret = open.secret.expose();
    let seen = async || desk.sitting_of(secret).await.unwrap().unwrap().facts.last_seen;
    let first = seen().await;
    assert_eq!(first, open.sitting.facts.began);
    house.clock.set_on(MINUTE / 6);
    assert_eq!(seen().await, first);
    house.clock.set_on(MINUTE);
    let second = seen().await;
    assert!(second - first >= MINUTE * 1_000_000);
    house.clock.set_on(MINUTE / 6);
    assert_eq!(seen().await, second);
}
