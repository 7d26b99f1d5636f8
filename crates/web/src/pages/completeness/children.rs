//! More thorough searches of children that lack place, authoriser or appropriate adult: the panel above
//! all figures, and the queue of the records.

use super::behind::At;
use super::scope::Asked;
use crate::house::House;
use crate::pages::sheet::{Part, Sheet};
use crate::pages::turned::Turned;
use crate::pages::visitor::Working;
use crate::pages::words;
use axum::extract::{Query, State};
use axum::response::Response;
use components::{BackLink, Markup, html};
use desk::completeness::ChildSearches;
use vault::store::RecordStore;

const PATH: &str = "/completeness/children";
const LAW: &str = "PACE s.3(6)(a)(iii); Code A 3.6, 3.7; Code C Annex A para 11";

/// What stands above all other figures.
pub(super) fn panel(searches: &ChildSearches) -> Markup {
    let class = if searches.lacking > 0 {
        "bluelamp-escalated bluelamp-escalated--open"
    } else {
        "bluelamp-escalated"
    };
    html! {
        section class=(class) aria-labelledby="children" {
            h2 class="govuk-heading-m" id="children" { "Children searched more thoroughly" }
            @if searches.lacking == 0 { (nothing_lacks(searches)) } @else { (what_lacks(searches)) }
            @if searches.not_in_source > 0 {
                p class="govuk-body" {
                    "Of " (words::count(searches.not_in_source, "such record"))
                    ", the source does not carry who authorised the search or who was there. That is not known to be missing: ask the force that wrote them."
                }
            }
            p class="bluelamp-law" { (LAW) }
        }
    }
}

fn nothing_lacks(searches: &ChildSearches) -> Markup {
    html! {
        p class="govuk-body" {
            @match searches.records {
                0 => "No more thorough search of a child is recorded.",
                records => {
                    "None of the " (words::count(records, "record")) " of a more thorough search of a child lacks its place, its authoriser or the appropriate adult."
                }
            }
        }
    }
}

fn what_lacks(searches: &ChildSearches) -> Markup {
    let lines = [
        (searches.without_place, "without the place"),
        (searches.without_authoriser, "without the officer who authorised it"),
        (searches.without_adult, "without an answer on the appropriate adult"),
        (searches.without_part, "without anything on the more thorough search itself"),
    ];
    html! {
        p class="govuk-body" {
            strong { (words::number(searches.lacking)) " of " (words::count(searches.records, "record")) }
            @if searches.lacking == 1 { " lacks" } @else { " lack" }
            " what the law demands:"
        }
        ul class="govuk-list govuk-list--bullet" {
            @for (count, what) in lines.into_iter().filter(|(count, _)| *count > 0) {
                li { strong { (words::number(count)) } " " (what) }
            }
        }
        p class="govuk-body" { a class="govuk-link" href=(PATH) { "See these records" } }
    }
}

/// The records, for those who may read them.
pub(super) async fn queue<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Query(asked): Query<Asked>,
) -> Result<Response, Turned> {
    let at = At::of(&asked);
    let answers = house.desk().child_searches_lacking(&who, at.page()).await?;
    let main = html! {
        h1 class="govuk-heading-l" { "Children searched more thoroughly: what is missing" }
        p class="govuk-body" {
            "Records of more thorough searches of children without the place, the officer who authorised it, or an answer on the appropriate adult. "
            "Open a record, and add what is known; where it is not known, tell whoever answers for the search. "
            span class="bluelamp-law" { (LAW) }
        }
        (at.list(&answers, |page| format!("{PATH}?page={page}")))
    };
    let back = BackLink::new("/completeness").text("Completeness");
    let sheet = Sheet::new("Children searched more thoroughly", main).before(back).wide();
    Ok(sheet.shown(&house, &visitor, Part::Completeness))
}
