//! Two people act on one thing at the same moment, over and over and in either order: what one of them did
//! is never undone by what the other had read before it.

use crate::support::{GROUP, House, on_both_stores, restricted};
use desk::clock::{Clock, MachineClock, london_day};
use desk::erasure::{Part, State};
use desk::{DeskError, Session};
use model::{Labels, RecordId};
use tokio::join;

/// How often each pair meets.
const TIMES: u32 = 6;

on_both_stores! {
    a_withdrawn_erasure_is_not_revived_by_its_approval
    an_erasure_is_planned_once
    a_withdrawn_grant_is_not_revived_by_its_approval
    a_broken_glass_is_reviewed_once
    a_matrix_is_proposed_once_and_approved_as_it_was_read
    a_name_is_given_once
    nobody_runs_the_system_and_reads_records
}

/// Does both at once; which one begins alternates.
macro_rules! at_once {
    ($time:expr, $first:expr, $second:expr) => {
        if $time % 2 == 0 {
            join!($first, $second)
        } else {
            let (second, first) = join!($second, $first);
            (first, second)
        }
    };
}

async fn a_withdrawn_erasure_is_not_revived_by_its_approval(house: House) {
    let desk = house.desk();
    for time in 0..TIMES {
        let record = vehicle(&house, time).await;
        let id = plan(&house, record).await.unwrap();
        let (approved, closed) = at_once!(
            time,
            desk.approve_erasure(&house.protector, &id),
            desk.cancel_erasure(&house.reviewer, &id, "planned by mistake")
        );
        closed.unwrap();
        let kept = desk.erasure(&house.reviewer, &id).await.unwrap();
        assert_eq!(kept.state, State::Closed, "approved: {approved:?}");
        assert_eq!(kept.approved_by.is_some(), approved.is_ok(), "both stand, or the second was refused");
        is_not_now(&desk.run_erasure(&house.reviewer, &id).await.unwrap_err());
    }
}

async fn an_erasure_is_planned_once(house: House) {
    for time in 0..TIMES {
        let record = vehicle(&house, time).await;
        only_one(join!(plan(&house, record), plan(&house, record)));
    }
}

async fn a_withdrawn_grant_is_not_revived_by_its_approval(house: House) {
    let desk = house.desk();
    for time in 0..TIMES {
        let until = (None, "2999-12-31".parse().unwrap());
        let grant = desk.propose_grant(&house.administrator, "officer", GROUP, until, "seconded");
        let id = grant.await.unwrap().id;
        let (approved, withdrawn) = at_once!(
            time,
            desk.approve_grant(&house.protector, &id),
            desk.withdraw_grant(&house.administrator, &id)
        );
        withdrawn.unwrap();
        let kept = desk.grants(&house.protector).await.unwrap();
        let kept = kept.iter().find(|grant| grant.id == id).unwrap();
        assert!(kept.withdrawn.is_some(), "approved: {approved:?}");
        assert_eq!(kept.persons.approved.is_some(), approved.is_ok());
        is_not_now(&desk.approve_grant(&house.protector, &id).await.unwrap_err());
    }
}

async fn a_broken_glass_is_reviewed_once(house: House) {
    let desk = house.desk();
    let supervisor = add(&house, "supervisor", "supervisor").await;
    for time in 0..TIMES {
        let reference = house.vehicle(time, restricted(false)).await;
        let (glass, _) = desk.break_glass(&house.officer, &reference, "a threat to kill").await.unwrap();
        let found = only_one(at_once!(
            time,
            desk.review_break_glass(&house.protector, &glass.id, true, "the threat was real"),
            desk.review_break_glass(&supervisor, &glass.id, false, "there was no threat")
        ));
        let kept = desk.broken_glasses(&supervisor).await.unwrap();
        assert_eq!(kept.iter().find(|kept| kept.id == glass.id), Some(&found));
    }
}

async fn a_matrix_is_proposed_once_and_approved_as_it_was_read(house: House) {
    let desk = house.desk();
    let second = add(&house, "second", "data-protection-officer").await;
    for time in 0..TIMES {
        let one = next_matrix(&house, time);
        let other = format!("{one}\n# Another text under the same version.\n");
        let proposed = only_one(at_once!(
            time,
            desk.propose_matrix(&house.administrator, &one),
            desk.propose_matrix(&house.protector, &other)
        ));
        let kept = desk.proposed_matrices(&second).await.unwrap();
        let kept = kept.iter().find(|kept| kept.version == proposed.version).unwrap();
        assert_eq!(kept, &proposed, "the one that was proposed is the one that an approver reads");
        let (version, digest) = (proposed.version.as_str(), proposed.digest());
        let unread = if kept.text == one { other } else { one };
        let unread = desk::policy::ProposedMatrix { text: unread, ..proposed.clone() }.digest();
        let told = desk.approve_matrix(&second, version, &unread).await.unwrap_err().to_string();
        assert!(told.contains("digest") && told.contains("read it anew"), "{told}");
        let approved = only_one(at_once!(
            time,
            desk.approve_matrix(&second, version, &digest),
            desk.approve_matrix(&house.auditor, version, &digest)
        ));
        assert_eq!(desk.matrix().version, approved.version);
        let again = desk.propose_matrix(&house.administrator, &kept.text).await.unwrap_err();
        assert!(again.to_string().contains("used already"), "{again}");
    }
}

async fn a_name_is_given_once(house: House) {
    let desk = house.desk();
    let end = MachineClock.now() + 86_400_000_000;
    for time in 0..TIMES {
        let name = format!("PC {time}");
        let (person, machine) = at_once!(
            time,
            desk.add_account(&house.administrator, &name, &["officer"]),
            desk.add_machine(&house.administrator, &name, &["analyst"], end)
        );
        let made = only_one((person, machine));
        let kept = desk.accounts(&house.administrator).await.unwrap();
        let kept: Vec<_> = kept.into_iter().filter(|kept| kept.name == name).collect();
        assert_eq!(kept, std::slice::from_ref(&made.account));
        let proved = desk.sign_in(&made.token).await.unwrap().unwrap();
        assert_eq!(proved.actor(), made.account.actor);
    }
}

async fn nobody_runs_the_system_and_reads_records(house: House) {
    let (desk, administrator) = (house.desk(), &house.administrator);
    let both = ["administrator", "auditor"];
    let told = [
        desk.add_account(administrator, "both", &both).await.unwrap_err(),
        desk.add_machine(administrator, "both", &both, MachineClock.now() + 1_000_000_000).await.unwrap_err(),
        desk.change_roles(administrator, "officer", &["administrator", "officer"]).await.unwrap_err(),
    ];
    for told in told {
        assert!(matches!(told, DeskError::Unusable(_)), "{told}");
        let told = told.to_string();
        assert!(told.starts_with("role: ") && told.contains("another account"), "{told}");
    }
    let kept = desk.accounts(administrator).await.unwrap();
    assert!(kept.iter().all(|kept| kept.name != "both"));
    assert!(kept.iter().any(|kept| kept.name == "officer" && kept.roles.len() == 1));
    desk.add_account(administrator, "figures", &["administrator", "overseer"]).await.unwrap();
}

async fn add(house: &House, name: &str, role: &str) -> Session {
    let made = house.desk().add_account(&house.administrator, name, &[role]).await.unwrap();
    house.desk().sign_in(&made.token).await.unwrap().unwrap()
}

async fn vehicle(house: &House, number: u32) -> RecordId {
    let reference = house.vehicle(number, Labels::default()).await;
    house.desk().resolve(&house.reviewer, &reference).await.unwrap()
}

async fn plan(house: &House, record: RecordId) -> Result<String, DeskError> {
    let ground = "DPA 2018 s.47(1)(a)";
    Ok(house.desk().plan_erasure(&house.reviewer, record, Part::Whole, ground).await?.id)
}

/// The matrix in force under another version, from today on.
fn next_matrix(house: &House, number: u32) -> String {
    let matrix = house.desk().matrix();
    let today = london_day(MachineClock.now());
    matrix
        .text()
        .replace(&format!("version = \"{}\"", matrix.version), &format!("version = \"lampshire.{number}\""))
        .replace(&format!("from = \"{}\"", matrix.from), &format!("from = \"{today}\""))
}

/// What the one that stands gave; the other was told why it does not.
fn only_one<T: std::fmt::Debug>(both: (Result<T, DeskError>, Result<T, DeskError>)) -> T {
    match both {
        (Ok(stands), Err(told)) | (Err(told), Ok(stands)) => {
            let refused = matches!(told, DeskError::NotNow(_) | DeskError::Unusable(_));
            assert!(refused && told.to_string().contains("already"), "{told}");
            stands
        }
        both => panic!("one of the two stands: {both:?}"),
    }
}

fn is_not_now(told: &DeskError) {
    assert!(matches!(told, DeskError::NotNow(_)), "{told}");
}
