//! Completeness: what law and policy ask for, how often records answer it, and the records behind each
//! figure. First of all, the more thorough searches of children that lack what the law demands.

mod behind;
mod chart;
mod children;
mod rule;
mod scope;
mod table;

use crate::house::House;
use crate::pages::sheet::{Part, Sheet};
use crate::pages::turned::Turned;
use crate::pages::visitor::Visitor;
use crate::pages::words;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use components::{Button, Details, ErrorLink, ErrorSummary, Input, Markup, Select, SelectItem, Width, html};
use desk::completeness::{Figures, NONE, Picture};
use law::access::Action;
use model::Kind;
use model::derived::validate;
use scope::{Asked, Scope};
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new()
        .route("/completeness", get(overview::<S>))
        .route("/completeness/children", get(children::queue::<S>))
        .route("/completeness/{kind}/{rule}", get(rule::page::<S>))
        .route("/completeness/{kind}/{rule}/{state}", get(behind::page::<S>))
}

async fn overview<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Turned> {
    let kind = asked.kind()?;
    let (scope, wrong) = Scope::of(&asked);
    let picture = house.desk().completeness_picture(&visitor.who, kind, &scope.within).await?;
    let leads = house.desk().may_on(&visitor.who, kind.number, Action::List);
    let table = table::Figured { kind, scope: &scope, leads };
    let main = html! {
        @if let Some(wrong) = wrong { (ErrorSummary::new([ErrorLink::new("#period", wrong)])) }
        h1 class="govuk-heading-l" { "Completeness" }
        (children::panel(&picture.children))
        (filters(kind, &asked, &picture, wrong))
        h2 class="govuk-heading-m" { (kind.plural) (scope.in_words()) }
        (counted(&picture.whole))
        (chart::of_months(&picture.months, None, "Share of what is asked for that is answered, by month"))
        @if picture.whole.records == 0 {
            p class="govuk-body" { "There are no such records." }
        } @else {
            (table.by_rule(&picture.whole))
            (what_the_words_mean())
            (chart_in_figures(&table, &picture))
        }
    };
    let sheet = Sheet::new("Completeness", main).wide();
    let sheet = if wrong.is_some() { sheet.with_errors() } else { sheet };
    Ok(sheet.shown(&house, &visitor, Part::Completeness))
}

/// What the chart shows, for those who read rather than look.
fn chart_in_figures(table: &table::Figured<'_>, picture: &Picture) -> Markup {
    html! { (Details::new("The chart as a table", html! { (table.by_month(&picture.months)) }).id("chart-in-figures")) }
}

fn filters(kind: &Kind, asked: &Asked, picture: &Picture, wrong: Option<&'static str>) -> Markup {
    let with_rules = model::kinds::ALL.iter().filter(|kind| !validate::rules(kind).is_empty());
    let kinds = with_rules.map(|kind| SelectItem::new(kind.name, kind.plural));
    html! {
        form class="bluelamp-inline bluelamp-figures__filters" action="/completeness" method="get" novalidate {
            (Select::new("kind", "Kind of record", kinds).value(kind.name))
            (Select::new("unit", "Unit", units(&asked.unit, &picture.units)).value(asked.unit.as_str()))
            (Input::new("period", "Year or month").hint("As 2024 or 2024-03").value(asked.period.as_str())
                .width(Width::Ten).error(wrong).autocomplete("off"))
            (Button::new("Show"))
        }
    }
}

fn units(chosen: &str, figures: &Figures) -> Vec<SelectItem> {
    let mut names: Vec<&str> = figures.rows.iter().map(|row| row.unit.as_str()).collect();
    names.push(chosen);
    names.retain(|name| !name.is_empty() && *name != NONE);
    names.sort_unstable();
    names.dedup();
    let all = SelectItem::new("", "All units");
    std::iter::once(all).chain(names.into_iter().map(|name| SelectItem::new(name, name))).collect()
}

fn counted(figures: &Figures) -> Markup {
    html! {
        p class="govuk-body" {
            strong { (words::count(figures.records, "record")) }
            @if figures.possible_repeats > 0 {
                ". Of these, " (words::number(figures.possible_repeats))
                " came from a row identical to another of its file, and may be other people"
            }
            "."
            @if let Some(position) = figures.position {
                " Counted up to entry " (words::number(position)) " of the log."
            }
        }
    }
}

/// The words of the table, and above all “not in source”.
fn what_the_words_mean() -> Markup {
    let meaning = html! {
        p class="govuk-body" { strong { "Applies to" } ": records of which the law asks for the answer." }
        p class="govuk-body" { strong { "Missing" } ": nothing is said, though the source could have said it." }
        p class="govuk-body" { strong { "Placeholder" } ": something is said that answers nothing, such as “n/a” or “unknown”." }
        p class="govuk-body" {
            strong { "Not in source" } ": the system or publication that the record came from has no such field. That is not a “no”, "
            "and it does not say that nobody wrote it down: it may stand in the system that the record came from. "
            "It is counted whether the law asks for it in that record or not, because the source does not say that either."
        }
        p class="govuk-body" { strong { "Share" } ": answered, of the records that could have answered it. What is not in the source has no part in it." }
    };
    html! { (Details::new("What the words mean, and “not in source” above all", meaning)) }
}
