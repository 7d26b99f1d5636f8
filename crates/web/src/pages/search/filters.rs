//! What narrows answers: kind, period, unit, quality and marking, with how many fall under each, and the order.

use super::answers::Looked;
use super::which::{ORDERS, Which, said};
use crate::pages::words;
use components::{
    Checkboxes, Choice, Filter, FilterTag, Input, Legend, Markup, Select, SelectItem, SelectedFilters, Size,
    Width, html,
};
use model::{Kind, kinds};
use search::{Facets, State};
use std::collections::BTreeMap;

/// Years that are offered, the latest first.
const MOST_YEARS: usize = 12;

/// What a state is called among the filters.
const STATES: [(State, &str); 4] = [
    (State::Lacking, "Lacks what the law asks for"),
    (State::OfficialSensitive, "OFFICIAL-SENSITIVE"),
    (State::Restricted, "Restricted to groups"),
    (State::Placed, "Has a place on the map"),
];

/// The filters of a search, with counts where it was answered, and what is wrong with one of them.
pub(super) fn filters(looked: &Looked<'_>, counts: Option<&Facets>, wrong: Option<(&str, &str)>) -> Filter {
    let (which, none) = (looked.which, Facets::default());
    let counts = counts.unwrap_or(&none);
    let error = |control: &str| wrong.filter(|(at, _)| *at == control).map(|(_, error)| error);
    let options = html! {
        @if which.view.name() != "list" { input type="hidden" name="view" value=(which.view.name()); }
        @if !which.square.is_empty() { input type="hidden" name="square" value=(which.square); }
        (order(looked))
        (kinds_of(which, &counts.kinds))
        (period(looked, counts, &error))
        (unit(which, &counts.units))
        (states(which, &counts.states))
    };
    let filter = Filter::new(format!("/searches/{}", looked.name), options).heading("Narrow these");
    if which.narrows() { filter.selected(selected(looked)) } else { filter }
}

fn legend(text: &'static str) -> Legend {
    Legend::new(text).size(Size::Small)
}

fn counted(text: &str, count: Option<u64>) -> Markup {
    html! {
        (text)
        @if let Some(count) = count { " " span class="bluelamp-count" { "(" (words::number(count)) ")" } }
    }
}

fn order(looked: &Looked<'_>) -> Markup {
    let items =
        ORDERS.map(|(order, name, says)| SelectItem::new(name, says).selected(order == looked.which.order));
    html! { (Select::new("order", "Order", items)) }
}

fn kinds_of(which: &Which, counts: &BTreeMap<u16, u64>) -> Markup {
    let is_chosen = |kind: &Kind| which.kinds.iter().any(|chosen| chosen.number == kind.number);
    let count = |kind: &Kind| counts.get(&kind.number).copied().filter(|count| *count > 0);
    let offered = kinds::ALL.iter().filter(|kind| count(kind).is_some() || is_chosen(kind));
    let choices: Vec<Choice> = offered
        .map(|kind| Choice::new(kind.name, counted(kind.plural, count(kind))).checked(is_chosen(kind)))
        .collect();
    html! { @if !choices.is_empty() { (Checkboxes::new("kind", legend("Kind"), choices).classes("govuk-checkboxes--small")) } }
}

fn period<'a>(looked: &Looked<'_>, counts: &Facets, error: &impl Fn(&str) -> Option<&'a str>) -> Markup {
    let which = looked.which;
    let years: Vec<(i16, u64)> =
        counts.years.iter().rev().take(MOST_YEARS).map(|(year, count)| (*year, *count)).collect();
    let only = |year: i16| {
        let year = year.to_string();
        which.with(|which| (which.from, which.to) = (year.clone(), year)).address(looked.name)
    };
    html! {
        fieldset class="govuk-fieldset govuk-!-margin-bottom-4" {
            legend class="govuk-fieldset__legend govuk-fieldset__legend--s" { "When it happened" }
            (Input::new("from", "From").value(which.from.as_str()).width(Width::Ten).error(error("from"))
                .hint("As 27/3/2024, 2024-03 or 2024").autocomplete("off"))
            (Input::new("to", "To").value(which.to.as_str()).width(Width::Ten).error(error("to")).autocomplete("off"))
            @if years.len() > 1 {
                ul class="bluelamp-facets__list" aria-label="Years" {
                    @for (year, count) in years {
                        li { a class="govuk-link" href=(only(year)) { (counted(&year.to_string(), Some(count))) } }
                    }
                }
            }
        }
    }
}

fn unit(which: &Which, counts: &BTreeMap<String, u64>) -> Markup {
    let mut units: Vec<(&str, Option<u64>)> =
        counts.iter().map(|(unit, count)| (unit.as_str(), Some(*count))).collect();
    if !which.unit.is_empty() && !counts.contains_key(&which.unit) {
        units.push((&which.unit, None));
    }
    let item = |(unit, count): &(&str, Option<u64>)| {
        let says =
            count.map_or_else(|| (*unit).to_owned(), |count| format!("{unit} ({})", words::number(count)));
        SelectItem::new(*unit, says).selected(*unit == which.unit)
    };
    let items = std::iter::once(SelectItem::new("", "All units")).chain(units.iter().map(item));
    html! { @if !units.is_empty() { (Select::new("unit", "Unit", items)) } }
}

fn states(which: &Which, counts: &BTreeMap<State, u64>) -> Markup {
    let count = |state: State| counts.get(&state).copied().filter(|count| *count > 0);
    let offered = STATES.iter().filter(|(state, _)| count(*state).is_some() || which.states.contains(state));
    let choices: Vec<Choice> = offered
        .map(|(state, says)| {
            Choice::new(state.name(), counted(says, count(*state))).checked(which.states.contains(state))
        })
        .collect();
    html! { @if !choices.is_empty() { (Checkboxes::new("is", legend("Quality and marking"), choices).classes("govuk-checkboxes--small")) } }
}

/// What is set, each with the way to take it off.
fn selected(looked: &Looked<'_>) -> SelectedFilters {
    let which = looked.which;
    let without = |change: &dyn Fn(&mut Which)| which.with(|which| change(which)).address(looked.name);
    let mut categories: Vec<(String, Vec<FilterTag>)> = Vec::new();
    let kinds: Vec<FilterTag> = which
        .kinds
        .iter()
        .map(|kind| {
            FilterTag::new(
                without(&|which| which.kinds.retain(|held| held.number != kind.number)),
                kind.plural,
            )
        })
        .collect();
    let states: Vec<FilterTag> = STATES
        .iter()
        .filter(|(state, _)| which.states.contains(state))
        .map(|(state, says)| {
            FilterTag::new(without(&|which| which.states.retain(|held| held != state)), *says)
        })
        .collect();
    let mut when = Vec::new();
    if !which.from.is_empty() {
        when.push(FilterTag::new(
            without(&|which| which.from.clear()),
            format!("from {}", said(&which.from)),
        ));
    }
    if !which.to.is_empty() {
        when.push(FilterTag::new(without(&|which| which.to.clear()), format!("to {}", said(&which.to))));
    }
    let one = |text: &str, address: String| {
        if text.is_empty() { Vec::new() } else { vec![FilterTag::new(address, text)] }
    };
    let unit = one(&which.unit, without(&|which| which.unit.clear()));
    let square = one(&which.square, without(&|which| which.square.clear()));
    let all = [
        ("Kind", kinds),
        ("When it happened", when),
        ("Unit", unit),
        ("Quality and marking", states),
        ("Grid square", square),
    ];
    categories.extend(
        all.into_iter().filter(|(_, tags)| !tags.is_empty()).map(|(name, tags)| (name.to_owned(), tags)),
    );
    SelectedFilters::new(which.wide().address(looked.name), categories)
}
