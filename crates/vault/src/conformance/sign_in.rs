//! Passwords and sessions.

use super::{AT, Backend, Fault, House};
use crate::sign_in::{PasswordRow, SessionRow, SignInStore};
use ledger::store::EntryStore;
use model::ActorId;
use uuid::Uuid;

const MINUTE: i64 = 60_000_000;

fn account(number: u128) -> ActorId {
    ActorId(Uuid::from_u128(number))
}

fn session(number: u8, of: ActorId) -> SessionRow {
    SessionRow {
        digest: [number; 32],
        account: of,
        began: AT,
        last_seen: AT + i64::from(number),
        ends: AT + 720 * MINUTE,
        stepped_up_until: 0,
        strength: 1,
        device: vec![number; 40],
    }
}

/// The password of an account is kept and replaced whole, also after a new start, and goes alone.
///
/// # Errors
/// Whatever fails.
pub async fn passwords_are_kept_by_account(backend: impl Backend) -> Result<(), Fault> {
    let house = House::open(&backend).await?;
    let store = &house.store;
    let first = PasswordRow {
        account: account(1),
        hash: "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA".to_owned(),
        set_at: AT,
        must_change: true,
        failures: 0,
        locked_until: 0,
    };
    let other = PasswordRow { account: account(2), must_change: false, ..first.clone() };
    let held = PasswordRow { failures: 11, locked_until: AT + 30 * MINUTE, ..first.clone() };
    let mut tx = store.begin().await?;
    store.put_password(&mut tx, &first).await?;
    store.put_password(&mut tx, &other).await?;
    store.put_password(&mut tx, &held).await?;
    store.commit(tx).await?;
    drop(house);
    let house = House::open(&backend).await?;
    let store = &house.store;
    assert_eq!(store.password(account(1)).await?, Some(held));
    let mut tx = store.begin().await?;
    store.delete_password(&mut tx, account(1)).await?;
    store.delete_password(&mut tx, account(3)).await?;
    store.commit(tx).await?;
    assert_eq!(store.password(account(1)).await?, None);
    assert_eq!(store.password(account(2)).await?, Some(other));
    Ok(())
}

/// A session is found by its digest and by its account, notes its use and the proof that was given once
/// more, and ends alone, with those of its account, or with all whose time is over.
///
/// # Errors
/// Whatever fails.
pub async fn sessions_are_kept_until_they_end(backend: impl Backend) -> Result<(), Fault> {
    let house = House::open(&backend).await?;
    let store = &house.store;
    let (one, two) = (account(1), account(2));
    let rows = [session(1, one), session(2, one), session(3, one), session(4, two), session(5, two)];
    let mut tx = store.begin().await?;
    for row in &rows {
        store.add_session(&mut tx, row).await?;
    }
    store.commit(tx).await?;
    let mut tx = store.begin().await?;
    assert!(store.add_session(&mut tx, &session(1, two)).await.is_err(), "one digest, two sessions");
    drop(tx);
    let mut tx = store.begin().await?;
    store.note_session_used(&mut tx, &[1; 32], AT + 9 * MINUTE).await?;
    store.note_session_used(&mut tx, &[1; 32], AT + MINUTE).await?;
    store.note_session_used(&mut tx, &[9; 32], AT + MINUTE).await?;
    assert!(store.step_session_up(&mut tx, &[2; 32], AT + 10 * MINUTE).await?);
    assert!(!store.step_session_up(&mut tx, &[9; 32], AT + 10 * MINUTE).await?);
    store.commit(tx).await?;
    let used = SessionRow { last_seen: AT + 9 * MINUTE, ..rows[0].clone() };
    let stepped = SessionRow { stepped_up_until: AT + 10 * MINUTE, ..rows[1].clone() };
    assert_eq!(store.session(&[1; 32]).await?, Some(used.clone()));
    assert_eq!(store.sessions_of(one).await?, vec![used, rows[2].clone(), stepped]);
    let mut tx = store.begin().await?;
    assert!(store.end_session(&mut tx, &[2; 32]).await?);
    assert!(!store.end_session(&mut tx, &[2; 32]).await?);
    assert_eq!(store.count_sessions(AT + 10 * MINUTE, AT + 4).await?, 2);
    // What was last used by then goes, and what was used since stays.
    assert_eq!(store.sweep_sessions(&mut tx, AT + 10 * MINUTE, AT + 4).await?, 2);
    store.commit(tx).await?;
    assert_eq!(store.session(&[3; 32]).await?, None);
    assert_eq!(store.sessions_of(two).await?, vec![rows[4].clone()]);
    let mut tx = store.begin().await?;
    assert_eq!(store.end_sessions_of(&mut tx, one).await?, 1);
    assert_eq!(store.end_sessions_of(&mut tx, one).await?, 0);
    assert_eq!(store.sweep_sessions(&mut tx, AT + 720 * MINUTE, AT).await?, 1);
    store.commit(tx).await?;
    assert_eq!(store.session(&[5; 32]).await?, None);
    Ok(())
}
