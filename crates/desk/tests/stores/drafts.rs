//! Drafts: their author's alone, of one's own rights, and gone when they end or when their record is erased.

use crate::support::{House, on_both_stores};
use desk::DeskError;
use desk::drafts::{MOST_DRAFTS, NewDraft};
use model::derived::form::Texts;
use model::kinds::vehicle;
use std::time::{Duration, Instant};
use uuid::Uuid;

on_both_stores! {
    a_draft_is_kept_in_place_of_the_one_before
    a_draft_that_nobody_touches_is_destroyed
    there_are_only_so_many
}

fn texts(mark: &str) -> Texts {
    [("vrm".to_owned(), mark.to_owned())].into()
}

fn new(id: u128, mark: &str) -> NewDraft<'static> {
    NewDraft { id: Uuid::from_u128(id), kind: &vehicle::KIND, of: None, texts: texts(mark), reason: "" }
}

async fn a_draft_is_kept_in_place_of_the_one_before(house: House) {
    let (desk, who) = (house.desk(), &house.officer.for_purpose("inquiry 17"));
    desk.keep_draft(who, new(7, "AB1")).await.unwrap();
    house.clock.set_on(60);
    let kept = desk.keep_draft(who, new(7, "AB12CDE")).await.unwrap();
    assert!(kept.begun < kept.touched);
    let drafts = desk.drafts(who).await.unwrap();
    assert_eq!(drafts.as_slice(), std::slice::from_ref(&kept));
    assert_eq!(desk.open_draft(who, kept.id).await.unwrap().texts, texts("AB12CDE"));
    let other = &house.reviewer.for_purpose("inquiry 17");
    assert!(desk.drafts(other).await.unwrap().is_empty());
    assert!(matches!(desk.open_draft(other, kept.id).await, Err(DeskError::Unknown(_))));
    desk.discard_draft(other, kept.id).await.unwrap();
    assert_eq!(desk.drafts(who).await.unwrap().len(), 1, "nobody throws away what is another’s");
    desk.discard_draft(who, kept.id).await.unwrap();
    assert!(house.items("draft").await.is_empty());
}

async fn a_draft_that_nobody_touches_is_destroyed(house: House) {
    let (desk, who) = (house.desk(), &house.officer.for_purpose("inquiry 17"));
    desk.keep_draft(who, new(1, "OLD")).await.unwrap();
    house.clock.set_on(20 * 86_400);
    desk.keep_draft(who, new(2, "NEW")).await.unwrap();
    house.clock.set_on(11 * 86_400);
    assert_eq!(desk.drafts(who).await.unwrap().len(), 1, "what has ended is shown to nobody");
    let until = Instant::now() + Duration::from_secs(20);
    while house.items("draft").await.len() > 1 {
        assert!(Instant::now() < until, "what has ended is still there");
        // Whatever is entered in the log has the desk look after what ended.
        desk.open_draft(who, Uuid::from_u128(2)).await.unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn there_are_only_so_many(house: House) {
    let (desk, who) = (house.desk(), &house.officer.for_purpose("inquiry 17"));
    for id in 0..MOST_DRAFTS {
        desk.keep_draft(who, new(id as u128, "X")).await.unwrap();
    }
    let refused = desk.keep_draft(who, new(1_000, "X")).await.unwrap_err().to_string();
    assert!(refused.contains("throw one away"), "{refused}");
    desk.keep_draft(who, new(0, "Y")).await.unwrap();
    let large = NewDraft { texts: texts(&"x".repeat(300 << 10)), ..new(1, "") };
    assert!(desk.keep_draft(who, large).await.unwrap_err().to_string().contains("at most 256 KiB"));
}
