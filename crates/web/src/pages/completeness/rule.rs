//! One rule: what it asks for, by month and by unit.

use super::chart;
use super::scope::{Asked, Scope};
use super::table::Figured;
use crate::house::House;
use crate::pages::record_kind;
use crate::pages::sheet::{Part, Sheet};
use crate::pages::turned::Turned;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use components::{BackLink, Markup, html};
use desk::completeness::{Figures, Row};
use law::access::Action;
use model::Kind;
use model::derived::validate::{self, DeclaredRule};
use vault::store::RecordStore;

/// The rule of a kind.
pub(super) fn declared(kind: &Kind, name: &str) -> Result<DeclaredRule, Problem> {
    let found = validate::rules(kind).into_iter().find(|declared| declared.rule.name == name);
    found.ok_or_else(Problem::not_found)
}

pub(super) async fn page<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Path((kind, rule)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Turned> {
    let kind = record_kind(&kind)?;
    let rule = declared(kind, &rule)?;
    let (scope, _) = Scope::of(&asked);
    let picture = house.desk().completeness_picture(&visitor.who, kind, &scope.within).await?;
    let leads = house.desk().may_on(&visitor.who, kind.number, Action::List);
    let figured = Figured { kind, scope: &scope, leads };
    let (months, units) = (of(&picture.months, &rule), of(&picture.units, &rule));
    let title = format!("{}: {}", kind.plural, rule.label);
    let main = html! {
        span class="govuk-caption-l" { (kind.plural) (scope.in_words()) }
        h1 class="govuk-heading-l" { (rule.label) }
        (asks(&rule))
        (chart::of_months(&picture.months, Some(rule.rule.name), "Share answered, by month"))
        @if months.is_empty() { p class="govuk-body" { "There are no such records." } }
        @else { (figured.months_of(&months)) }
        @if scope.within.unit.is_none() && !units.is_empty() { (figured.units_of(&units)) }
    };
    let back = scope.address("/completeness", &[("kind", kind.name)]);
    let sheet = Sheet::new(title, main).before(BackLink::new(back).text("Completeness")).wide();
    Ok(sheet.shown(&house, &visitor, Part::Completeness))
}

fn asks(rule: &DeclaredRule) -> Markup {
    html! {
        p class="govuk-body" {
            (rule.rule.mend) " " span class="bluelamp-law" { (rule.rule.law) }
        }
    }
}

/// The figures of one rule that say anything.
fn of<'a>(figures: &'a Figures, rule: &DeclaredRule) -> Vec<&'a Row> {
    let rows = figures.rows.iter().filter(|row| row.rule == rule.rule.name && row.field == rule.field);
    rows.filter(|row| row.records + row.not_in_source > 0).collect()
}
