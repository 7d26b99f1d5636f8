//! The log, for those who watch over it: its checkpoint, the proof of an entry, who touched a record, and the
//! export for somebody outside.

mod checkpoint;
mod export;
mod proof;
mod touches;
mod verifier;

use crate::house::House;
use crate::pages::visitor::Visitor;
use axum::Router;
use components::{Markup, NavLink, SubNavigation, html};
use law::access::Act;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new()
        .merge(checkpoint::routes())
        .merge(proof::routes())
        .merge(touches::routes())
        .merge(export::routes())
        .merge(verifier::routes())
}

/// A page of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sub {
    Checkpoint,
    Proof,
    Touches,
    Export,
}

impl Sub {
    const ALL: [(Self, &'static str, &'static str, Act); 4] = [
        (Self::Checkpoint, "/log", "Checkpoint", Act::Checkpoint),
        (Self::Proof, "/log/proof", "Proof of an entry", Act::Checkpoint),
        (Self::Touches, "/log/touches", "Who touched a record", Act::ReadLog),
        (Self::Export, "/log/export", "Export", Act::ExportLog),
    ];
}

/// The pages beside this one that somebody may open.
fn beside<S: RecordStore>(house: &House<S>, visitor: &Visitor, at: Sub) -> Markup {
    let may = |act| house.desk().may_do(&visitor.who, act);
    let subs = Sub::ALL.into_iter().filter(|(.., act)| may(*act));
    let links = subs.map(|(sub, path, name, _)| NavLink::new(path, name).current(sub == at));
    html! { (SubNavigation::new("The log", links)) }
}
