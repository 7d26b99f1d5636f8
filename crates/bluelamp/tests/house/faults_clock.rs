//! A clock that is set back: the log's times would lie, so nothing is opened until it is right.

use crate::support::{House, Store, at_the_door, on_both_stores};
use desk::clock::SetWrong;
use desk::{Deployment, health};

on_both_stores! {
    a_clock_that_was_set_back_before_the_start
    a_clock_that_is_set_back_while_people_work
    a_clock_that_stood_ahead_and_was_set_right
}

const HOUR: i64 = 3_600_000_000;

fn a_clock_that_was_set_back_before_the_start(store: Store) {
    at_the_door(set_back_before_the_start(House::on(store).holding(4)));
}

async fn set_back_before_the_start(house: House) {
    let opened = Deployment::open(&house.data(), SetWrong::by(-HOUR)).await;
    let told = opened.err().unwrap().to_string();
    for word in [
        "the clock of this machine stands 3",
        "before the last entry of the log",
        "set the clock, then start again",
        "nothing was lost",
    ] {
        assert!(told.contains(word), "“{word}” is not said: {told}");
    }
    let findings = health::examine(&house.data(), SetWrong::by(-HOUR)).await;
    let ill = findings.iter().find(|finding| !finding.well).unwrap();
    assert!(ill.part == "clock" && ill.mend.contains("Set the clock of the machine"), "{ill:?}");
    // A second or two is what clocks are set back by every day.
    let opened = Deployment::open(&house.data(), SetWrong::by(-2_000_000)).await.unwrap();
    opened.close().await.unwrap();
    assert_eq!(house.stops(), 4);
    house.all_is_well();
}

fn a_clock_that_is_set_back_while_people_work(store: Store) {
    at_the_door(set_back_while_people_work(House::on(store).holding(4)));
}

async fn set_back_while_people_work(house: House) {
    let clock = SetWrong::by(0);
    let deployment = Deployment::open(&house.data(), clock.clone()).await.unwrap();
    let desk = &deployment.desk;
    let who = desk.sign_in(house.reviewer().token()).await.unwrap().unwrap().for_purpose("inquiry 17");
    let reference = house_reference(desk, &who).await;
    clock.set(-HOUR);
    // What is open goes on: a log that stopped would stop everybody's reading. `doctor` says it.
    let record = desk.resolve(&who, &reference).await.unwrap();
    desk.open_record(&who, record).await.unwrap();
    let findings = health::examine_open(desk).await;
    let ill = findings.iter().find(|finding| finding.part == "clock").unwrap();
    assert!(!ill.well && ill.mend.contains("Set the clock"), "{ill:?}");
    clock.set(0);
    assert!(health::examine_open(desk).await.iter().all(|finding| finding.well));
    deployment.close().await.unwrap();
    house.all_is_well();
}

fn a_clock_that_stood_ahead_and_was_set_right(store: Store) {
    at_the_door(stood_ahead_and_was_set_right(House::on(store).holding(4)));
}

async fn stood_ahead_and_was_set_right(house: House) {
    let ahead = Deployment::open(&house.data(), SetWrong::by(HOUR)).await.unwrap();
    ahead.desk.sign_in(house.reviewer().token()).await.unwrap().unwrap();
    ahead.close().await.unwrap();
    let right = || SetWrong::by(0);
    let told = Deployment::open(&house.data(), right()).await.err().unwrap().to_string();
    assert!(told.contains("bluelamp ledger clock-is-right"), "{told}");
    let findings = health::examine(&house.data(), right()).await;
    let ill = findings.iter().find(|finding| !finding.well).unwrap();
    assert!(ill.part == "clock" && ill.mend.contains("clock-is-right"), "{ill:?}");
    let declare = ["ledger", "clock-is-right", "--ground", "compared with the time server"];
    house.reviewer().run(&declare).fails(&["do not allow “maintain”"]);
    house.administrator().run(&["ledger", "clock-is-right", "--ground", " "]).fails(&["ground: say how"]);
    assert!(Deployment::open(&house.data(), right()).await.is_err(), "nothing was declared yet");
    house.administrator().run(&declare).good().says(&["from a clock that stood ahead"]);
    assert_eq!(house.stops(), 4);
    house.all_is_well();
    // Set back behind the declaration it is not believed.
    assert!(Deployment::open(&house.data(), SetWrong::by(-HOUR)).await.is_err());
}

#[tokio::test]
async fn a_clock_that_was_never_ahead_needs_no_word() {
    let house = House::with_stops(4);
    let declare = ["ledger", "clock-is-right", "--ground", "compared with the time server"];
    house.administrator().run(&declare).fails(&["there is nothing to declare"]);
    house.all_is_well();
}

async fn house_reference(desk: &desk::deployment::Door, who: &desk::Session) -> String {
    let page = search::Page { offset: 0, limit: 1 };
    desk.search(who, "kind:stop-and-search", page).await.unwrap().found[0].reference.clone()
}
