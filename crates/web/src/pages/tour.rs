//! A tour of the pages, for a demonstration or for practice: a few steps over real pages, shown above each page with
//! what to do and a way on. Each step sees by itself whether it was done, from the page that was shown. How far
//! somebody is, is kept in memory until they sign out, and is nobody else's.

use crate::house::House;
use crate::pages::at::At;
use crate::pages::sheet::hidden;
use crate::pages::turned::see;
use crate::pages::typed::Typed;
use crate::pages::visitor::Visitor;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::post;
use components::{Button, Markup, Tag, TagColour, html};
use law::access::{Act, Action};
use model::ActorId;
use model::kinds::stop_and_search as stop;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new().route("/tour", post(go_on::<S>))
}

/// What a step asks of its visitor's roles.
#[derive(Debug, Clone, Copy)]
enum Needs {
    Nothing,
    ToSearch,
    ToMakeStops,
    To(Act),
}

/// What shows that a step was done.
#[derive(Debug, Clone, Copy)]
enum DoneBy {
    /// This page was shown.
    Seeing(&'static str),
    /// What was sent to this page was refused.
    BeingRefusedAt(&'static str),
}

impl DoneBy {
    fn is_met(self, at: &At, status: StatusCode) -> bool {
        match self {
            Self::Seeing(pattern) => at.pattern() == pattern && status.is_success(),
            Self::BeingRefusedAt(pattern) => {
                at.pattern() == pattern && at.is_sent() && status == StatusCode::UNPROCESSABLE_ENTITY
            }
        }
    }
}

/// One step of the tour.
struct Step {
    title: &'static str,
    what: &'static str,
    /// Where it begins.
    path: &'static str,
    needs: Needs,
    done_by: DoneBy,
}

/// The steps; each visitor takes those that their roles reach.
const STEPS: &[Step] = &[
    Step {
        title: "Pick a person",
        what: "These people are made up. Remember the name of one of them.",
        path: "/kinds/nominal",
        needs: Needs::ToSearch,
        done_by: DoneBy::Seeing("/kinds/nominal"),
    },
    Step {
        title: "Find a person whose name is misspelt",
        what: "Type the name that you remember with two letters wrong, as you would hear it on the radio, and search. The page says why each answer was found.",
        path: "/search",
        needs: Needs::ToSearch,
        done_by: DoneBy::Seeing("/searches/{name}"),
    },
    Step {
        title: "Read a person at a door",
        what: "Open one of the answers. Warnings, who this is, and in what they are involved come first, so that they fit the first screen of a phone.",
        path: "/search",
        needs: Needs::ToSearch,
        done_by: DoneBy::Seeing("/records/{reference}"),
    },
    Step {
        title: "See who wrote what",
        what: "Open a record and press History. Each version is there, with who wrote it, when and why.",
        path: "/kinds/nominal",
        needs: Needs::ToSearch,
        done_by: DoneBy::Seeing("/records/{reference}/history"),
    },
    Step {
        title: "Record a more thorough search of a child, and be refused",
        what: "Give an age of 15 and say that more than outer clothing came off. Leave the place of that search out, and press Save. The page says what the law asks for, and keeps what you typed.",
        path: "/new/stop-and-search",
        needs: Needs::ToMakeStops,
        done_by: DoneBy::BeingRefusedAt("/new/stop-and-search"),
    },
    Step {
        title: "See what records do not say",
        what: "Each figure leads to the records behind it. Children who were searched more thoroughly stand at the top.",
        path: "/completeness",
        needs: Needs::To(Act::Completeness),
        done_by: DoneBy::Seeing("/completeness"),
    },
    Step {
        title: "Look at the log as an overseer does",
        what: "A checkpoint is a signed statement of all that happened here. Whoever keeps one outside can tell later whether the log was changed.",
        path: "/log",
        needs: Needs::To(Act::Checkpoint),
        done_by: DoneBy::Seeing("/log"),
    },
    Step {
        title: "Ask who looked at a record",
        what: "Type the reference of a record. What you and others did on this tour stands there, with what for.",
        path: "/log/touches",
        needs: Needs::To(Act::ReadLog),
        done_by: DoneBy::Seeing("/log/records/{reference}/touches"),
    },
    Step {
        title: "See who may do what",
        what: "The rule that decides is a table that anybody here may read. An administrator sees no record.",
        path: "/administration/access",
        needs: Needs::Nothing,
        done_by: DoneBy::Seeing("/administration/access"),
    },
    Step {
        title: "Know where help is",
        what: "Each page has Help with this page and Something is wrong at its foot. Open any page of the manual.",
        path: "/help",
        needs: Needs::Nothing,
        done_by: DoneBy::Seeing("/help/manual/{page}"),
    },
];

/// How far somebody is.
#[derive(Debug, Clone, Default)]
struct Progress {
    /// The step that is shown, of those that they take; `None` where they are on no tour.
    at: Option<usize>,
    /// Steps that were done, by their place among all.
    done: BTreeSet<usize>,
}

/// How far people are. It is gone when the server stops: the tour is offered again then.
#[derive(Debug, Default)]
pub(crate) struct Tours(Mutex<HashMap<ActorId, Progress>>);

impl Tours {
    fn of(&self, actor: ActorId) -> Option<Progress> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&actor).cloned()
    }

    fn put(&self, actor: ActorId, progress: Progress) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(actor, progress);
    }

    /// Forgets how far somebody is.
    pub(crate) fn forget(&self, actor: ActorId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&actor);
    }

    /// Notes what a page that was shown shows to be done; gives how far its visitor is now.
    fn saw(&self, actor: ActorId, at: &At, status: StatusCode) -> Option<Progress> {
        let mut tours = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let progress = tours.get_mut(&actor)?;
        let met = STEPS.iter().enumerate().filter(|(_, step)| step.done_by.is_met(at, status));
        progress.done.extend(met.map(|(place, _)| place));
        Some(progress.clone())
    }
}

/// The places of the steps that a visitor's roles reach.
fn steps_for<S: RecordStore>(house: &House<S>, visitor: &Visitor) -> Vec<usize> {
    let (desk, who) = (house.desk(), &visitor.who);
    let reaches = |needs| match needs {
        Needs::Nothing => true,
        Needs::ToSearch => desk.may_on_some(who, Action::List),
        Needs::ToMakeStops => desk.may_on(who, stop::KIND.number, Action::Create),
        Needs::To(act) => desk.may_do(who, act),
    };
    STEPS.iter().enumerate().filter(|(_, step)| reaches(step.needs)).map(|(place, _)| place).collect()
}

/// What stands above a page of the tour: the step, or on the home page the offer of one.
pub(super) fn panel<S: RecordStore>(house: &House<S>, visitor: &Visitor, status: StatusCode) -> Markup {
    if !house.desk().nature().is_made_up() {
        return Markup::default();
    }
    match house.tours().saw(visitor.who.actor(), &visitor.at, status) {
        None if visitor.at.pattern() == "/" => offer(visitor, steps_for(house, visitor).len()),
        Some(Progress { at: Some(at), done }) => step(visitor, &steps_for(house, visitor), at, &done),
        _ => Markup::default(),
    }
}

fn button(visitor: &Visitor, what: &str, button: Button) -> Markup {
    html! {
        form action="/tour" method="post" {
            (hidden(&visitor.token))
            input type="hidden" name="tour" value=(what);
            (button.classes("govuk-!-margin-bottom-0"))
        }
    }
}

fn offer(visitor: &Visitor, steps: usize) -> Markup {
    html! {
        section class="bluelamp-tour" aria-labelledby="tour" {
            h2 class="govuk-heading-s" id="tour" { "New here?" }
            p class="govuk-body" { "A tour leads you over the pages in " (steps) " steps. Nobody in this system is real, so try whatever you like." }
            div class="bluelamp-tour__ways" {
                (button(visitor, "begin", Button::new("Take the tour")))
                (button(visitor, "end", Button::secondary("No, thank you")))
            }
        }
    }
}

fn step(visitor: &Visitor, steps: &[usize], at: usize, done: &BTreeSet<usize>) -> Markup {
    let Some(place) = steps.get(at).copied() else { return Markup::default() };
    let step = &STEPS[place];
    let is_last = at + 1 == steps.len();
    html! {
        section class="bluelamp-tour" aria-labelledby="tour" {
            p class="govuk-body-s bluelamp-tour__where" {
                "Tour, step " (at + 1) " of " (steps.len())
                @if done.contains(&place) { " " (Tag::new("Done").colour(TagColour::Green)) }
            }
            h2 class="govuk-heading-s" id="tour" { (step.title) }
            p class="govuk-body" { (step.what) " " a class="govuk-link" href=(step.path) { "Begin this step" } }
            div class="bluelamp-tour__ways" {
                @if !is_last { (button(visitor, "next", Button::new("Next step"))) }
                (button(visitor, "end", Button::secondary(if is_last { "End the tour: that was all" } else { "End the tour" })))
            }
        }
    }
}

/// The way back to the tour, for the page of help.
pub(super) fn taken_again<S: RecordStore>(house: &House<S>, visitor: &Visitor) -> Markup {
    let is_on_it = house.tours().of(visitor.who.actor()).is_some_and(|progress| progress.at.is_some());
    html! {
        @if house.desk().nature().is_made_up() && !is_on_it {
            (button(visitor, "begin", Button::secondary("Take the tour of the pages")))
        }
    }
}

async fn go_on<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Typed(sent): Typed,
) -> Response {
    let actor = visitor.who.actor();
    let steps = steps_for(&house, &visitor);
    let mut progress = house.tours().of(actor).unwrap_or_default();
    progress.at = match sent.text("tour") {
        "begin" => Some(0),
        "next" => progress.at.map(|at| at + 1).filter(|at| *at < steps.len()),
        _ => None,
    };
    let place = progress.at.and_then(|at| steps.get(at));
    let path = place.map_or("/", |place| STEPS[*place].path);
    house.tours().put(actor, progress);
    see(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_done_by_what_was_shown_and_by_nothing_else() {
        let tours = Tours::default();
        let one = ActorId(uuid::Uuid::from_u128(1));
        let at = At::said("/completeness");
        assert!(tours.saw(one, &at, StatusCode::OK).is_none(), "who is on no tour is on none");
        tours.put(one, Progress { at: Some(0), done: BTreeSet::new() });
        assert!(tours.saw(one, &at, StatusCode::FORBIDDEN).unwrap().done.is_empty());
        assert_eq!(tours.saw(one, &at, StatusCode::OK).unwrap().done.len(), 1);
        assert!(!DoneBy::BeingRefusedAt("/completeness").is_met(&at, StatusCode::UNPROCESSABLE_ENTITY));
        tours.forget(one);
        assert!(tours.of(one).is_none());
    }
}
