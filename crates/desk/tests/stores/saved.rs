//! Saved searches that end: they are shown to nobody from that moment on, and destroyed within a day, whether
//! or not their owner ever comes back.

use crate::support::{House, on_both_stores};
use desk::saved::{NewSearch, SearchChange};
use std::time::{Duration, Instant};

on_both_stores! {
    what_has_ended_is_destroyed_though_its_owner_never_comes_back
}

async fn what_has_ended_is_destroyed_though_its_owner_never_comes_back(house: House) {
    let (desk, who) = (house.desk(), &house.officer);
    let new = |name| NewSearch { name, query: "make:ford", alert: false, until: None };
    let ends = desk.save_search(who, new("ends")).await.unwrap();
    house.clock.set_on(86_400);
    let stays = desk.save_search(who, new("stays")).await.unwrap();
    house.clock.set_on(89 * 86_400);
    let listed = desk.saved_searches(who).await.unwrap();
    assert_eq!(listed.iter().map(|search| &search.id).collect::<Vec<_>>(), [&stays.id]);
    let change = SearchChange { name: Some("again"), ..SearchChange::default() };
    let refused = desk.change_search(who, &ends.id, change).await.unwrap_err().to_string();
    assert!(refused.contains("you keep no search"), "{refused}");
    let until = Instant::now() + Duration::from_secs(20);
    while house.items("saved-search").await.len() > 1 {
        assert!(Instant::now() < until, "what has ended is still there");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let kept = house.items("saved-search").await;
    assert!(kept[0].ends_with(&stays.id), "{kept:?}");
}
