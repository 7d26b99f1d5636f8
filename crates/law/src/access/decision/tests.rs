use super::*;
use model::{RecordId, VersionId};
use std::collections::BTreeSet;
use uuid::Uuid;

fn context(roles: &[&str], groups: &[&str]) -> Arc<Context> {
    let set = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<BTreeSet<_>>();
    Arc::new(Context {
        actor: ActorId(Uuid::from_u128(7)),
        name: "A. Officer".into(),
        roles: set(roles),
        groups: set(groups),
        unit: None,
        device: None,
        purpose: Some("a test".into()),
        task: None,
        at: 0,
    })
}

fn labels(groups: &[&str], covert: bool) -> Labels {
    Labels { groups: groups.iter().map(|w| (*w).to_owned()).collect(), covert, ..Labels::default() }
}

const STOP: u16 = 5;

fn version() -> VersionRef {
    VersionRef { record: RecordId(Uuid::from_u128(1)), version: VersionId(Uuid::from_u128(2)), kind: STOP }
}

fn view(roles: &[&str], groups: &[&str], labels: &Labels) -> Result<Permit, Why> {
    let matrix = Matrix::committed().unwrap();
    let target = Target { version: version(), labels };
    decide(&matrix, &context(roles, groups), Action::View, STOP, &[target]).map_err(|r| r.why)
}

#[test]
fn the_committed_matrix_is_whole() {
    Matrix::committed().unwrap();
}

#[test]
fn an_officer_reads_an_open_stop_and_the_administrator_reads_none() {
    assert_eq!(view(&["officer"], &[], &labels(&[], false)).unwrap().versions(), &[version()]);
    assert_eq!(view(&["administrator"], &[], &labels(&[], false)).unwrap_err(), Why::Role);
    assert_eq!(view(&[], &[], &labels(&[], false)).unwrap_err(), Why::Role);
}

#[test]
fn restricted_says_whom_to_ask_and_covert_says_nothing() {
    let restricted = labels(&["op-lantern"], false);
    let covert = labels(&["op-lantern"], true);
    assert_eq!(view(&["officer"], &[], &restricted).unwrap_err(), Why::AskOwner(None));
    assert_eq!(view(&["officer"], &[], &covert).unwrap_err(), Why::NotFound);
    assert!(view(&["officer"], &["op-lantern"], &restricted).is_ok());
    assert!(view(&["officer"], &["op-lantern"], &covert).is_ok());
}

#[test]
fn the_glass_breaks_for_what_is_restricted_and_never_for_what_is_covert() {
    let matrix = Matrix::committed().unwrap();
    let broken = |roles: &[&str], purpose: &str, labels: &Labels| {
        let mut asks = (*context(roles, &[])).clone();
        asks.purpose = Some(purpose.to_owned());
        let target = Target { version: version(), labels };
        decide_break_glass(&matrix, &Arc::new(asks), &target).map(drop).map_err(|refusal| refusal.why)
    };
    let (restricted, covert) = (labels(&["op-lantern"], false), labels(&["op-lantern"], true));
    assert_eq!(broken(&["officer"], "threat to life, incident 81", &restricted), Ok(()));
    assert_eq!(broken(&["officer"], " ", &restricted), Err(Why::NoPurpose));
    assert_eq!(broken(&["officer"], "threat to life", &covert), Err(Why::NotFound));
    for role in ["administrator", "auditor", "overseer"] {
        assert_eq!(broken(&[role], "threat to life", &restricted), Err(Why::Role), "{role}");
        assert_eq!(broken(&[role], "threat to life", &covert), Err(Why::Role), "{role}");
    }
}

#[test]
fn who_may_know_is_told_of_restricted_ones_only() {
    let matrix = Matrix::committed().unwrap();
    let knows = |labels: &Labels| {
        let target = Target { version: version(), labels };
        decide(&matrix, &context(&["officer"], &[]), Action::Know, STOP, &[target]).map(drop)
    };
    assert!(knows(&labels(&["op-lantern"], false)).is_ok());
    assert_eq!(knows(&labels(&["op-lantern"], true)).unwrap_err().why, Why::NotFound);
}

#[test]
fn a_group_never_widens_the_matrix() {
    let covert = labels(&["op-lantern"], true);
    assert_ne!(view(&["administrator"], &["op-lantern"], &covert).err(), None);
}

#[test]
fn no_purpose_no_sight() {
    let matrix = Matrix::committed().unwrap();
    let mut asks = (*context(&["officer"], &[])).clone();
    asks.purpose = Some("  ".into());
    let open = labels(&[], false);
    let target = Target { version: version(), labels: &open };
    let refusal = decide(&matrix, &Arc::new(asks), Action::View, STOP, &[target]).unwrap_err();
    assert_eq!(refusal.why, Why::NoPurpose);
}

#[test]
fn one_refused_target_refuses_all() {
    let matrix = Matrix::committed().unwrap();
    let (open, covert) = (labels(&[], false), labels(&["x"], true));
    let targets =
        [Target { version: version(), labels: &open }, Target { version: version(), labels: &covert }];
    let refusal = decide(&matrix, &context(&["officer"], &[]), Action::List, STOP, &targets);
    assert_eq!(refusal.unwrap_err().why, Why::NotFound);
}

#[test]
fn who_may_see_no_kind_is_refused_an_empty_list() {
    let matrix = Matrix::committed().unwrap();
    let list = |role| decide(&matrix, &context(&[role], &[]), Action::List, 0, &[]).map(drop);
    assert_eq!(list("administrator").unwrap_err().why, Why::Role);
    assert_eq!(list("auditor").unwrap_err().why, Why::Role);
    assert!(list("custody-officer").is_ok());
}
