//! Answers as a list: people, vehicles, places and events, each with its reason; what is restricted; what was
//! searched and what was not.

use crate::pages::words;
use components::{InsetText, Markup, html};
use desk::find::{self, Answers, Found, Group, Restricted};
use search::State;

/// Answers as a list, each under the person, vehicle or place that it is linked with.
pub(in crate::pages) fn results(answers: &Answers, first: usize) -> Markup {
    html! {
        @if !answers.groups.is_empty() {
            ol class="bluelamp-results" start=(first) {
                @for group in &answers.groups { (group_of(group, &answers.found)) }
            }
        }
    }
}

fn group_of(group: &Group, found: &[Found]) -> Markup {
    let own = group.found.iter().find(|(_, tie)| tie.is_none()).and_then(|(at, _)| found.get(*at));
    let others = group.found.iter().filter(|(_, tie)| tie.is_some());
    html! {
        li class="bluelamp-result" {
            h2 class="govuk-heading-s bluelamp-result__name" {
                a class="govuk-link" data-result href={ "/records/" (group.head.reference) } { (group.head.name) }
            }
            p class="bluelamp-result__what" {
                (words::kind_title(group.head.kind)) " · " (group.head.reference)
                @if let Some(probability) = own.and_then(|hit| hit.probability) { " · " (words::probability(probability)) }
            }
            @if let Some(own) = own { (why(own)) }
            @if group.found.len() > usize::from(own.is_some()) {
                ul class="govuk-list bluelamp-result__linked" {
                    @for (at, tie) in others {
                        @if let Some(hit) = found.get(*at) {
                            li {
                                @if let Some(tie) = tie { span class="bluelamp-result__tie" { (tie) } " " }
                                a class="govuk-link" data-result href={ "/records/" (hit.reference) } { (hit.name) }
                                " (" (words::kind_title(hit.kind)) ", " (hit.reference) ")"
                                (why(hit))
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The reasons, but for the kind, which stands beside the reference, and for what only narrows, which stands beside
/// all answers.
pub(super) fn reasons(hit: &Found) -> String {
    let narrows = |why: &str| {
        let state = why.strip_prefix("marked ").and_then(State::by_name);
        state.is_some() || why.starts_with("kind ") || why.starts_with("unit ")
    };
    let reasons: Vec<&str> = hit.why.iter().map(String::as_str).filter(|why| !narrows(why)).collect();
    reasons.join("; ")
}

fn why(hit: &Found) -> Markup {
    let reasons = reasons(hit);
    html! { @if !reasons.is_empty() { p class="bluelamp-result__why" { (reasons) } } }
}

pub(super) fn restricted(restricted: &[Restricted]) -> Markup {
    html! {
        @for record in restricted {
            (InsetText::new(html! {
                "A restricted record fits: " (words::kind_title(record.kind)) " " (record.reference) ". "
                @match &record.ask {
                    Some(name) => { "Ask " strong { (name) } "." }
                    None => { "Ask a supervisor." }
                }
                " Where life is at risk you may "
                a class="govuk-link" href={ "/records/" (record.reference) } { "open it all the same" } "."
            }))
        }
    }
}

pub(super) fn nothing_found(answers: &Answers) -> Markup {
    html! {
        p class="govuk-body" { "Nothing fits, not even with other spelling, sounds, nicknames, or a year two off." }
        (scope(&answers.scope))
    }
}

pub(super) fn scope(scope: &find::Scope) -> Markup {
    html! {
        div class="bluelamp-scope" {
            p class="govuk-body-s" { "Searched: " (scope.kinds.join(", ").to_lowercase()) "." }
            @if !scope.not_searched.is_empty() {
                p class="govuk-body-s" { "Not searched: " (scope.not_searched.join("; ")) "." }
            }
        }
    }
}
