//! How complete records are: figures by rule, by unit and period, and the records behind each.

use super::kinds::{ByKind, kind_names, named};
use super::of;
use crate::ask::{Asked, Named, Who};
use crate::house::House;
use crate::problem::{Problem, Sort};
use crate::shapes::{Completeness, Results};
use aide::axum::ApiRouter;
use aide::axum::routing::get_with;
use axum::Json;
use axum::extract::State;
use desk::completeness::{Ask, STATES};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use search::{By, Page, Period, Within};
use serde::Deserialize;
use vault::store::RecordStore;

/// Most records of one page.
const MOST: usize = 100;

pub(super) fn routes<S: RecordStore>() -> ApiRouter<House<S>> {
    const TAG: &str = "completeness";
    let behind = "Lists the records behind a figure, newest first, as a search lists them";
    ApiRouter::new()
        .api_route(
            "/kinds/{kind}/completeness",
            get_with(
                figures::<S>,
                of("completeness", TAG, "Counts how the rules of a kind stand in its records"),
            ),
        )
        .api_route(
            "/kinds/{kind}/completeness/{rule}/{state}",
            get_with(behind_figure::<S>, of("behindFigure", TAG, behind)),
        )
}

/// Which figures.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FiguresAsked {
    /// Only records of this unit, as it is written in them.
    #[serde(default)]
    unit: Option<String>,
    /// Only events of this year or month, for instance `2024` or `2024-03`.
    #[serde(default)]
    #[schemars(schema_with = "period_form")]
    period: Option<String>,
    /// What the figures are broken down by.
    #[serde(default)]
    by: Option<ByAsked>,
    /// Checks all figures of the kind, by unit and month, against a full pass over the records.
    #[serde(default)]
    check: bool,
}

/// What figures are broken down by.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum ByAsked {
    /// By the unit that the records are of.
    Unit,
    /// By the month of the event.
    Month,
    /// By the year of the event.
    Year,
    /// By unit, and by month.
    UnitAndMonth,
    /// By unit, and by year.
    UnitAndYear,
}

impl ByAsked {
    fn parts(self) -> Vec<By> {
        match self {
            Self::Unit => vec![By::Unit],
            Self::Month => vec![By::Month],
            Self::Year => vec![By::Year],
            Self::UnitAndMonth => vec![By::Unit, By::Month],
            Self::UnitAndYear => vec![By::Unit, By::Year],
        }
    }
}

/// One figure.
#[derive(Debug, Deserialize, JsonSchema)]
struct ByFigure {
    /// The kind's name.
    #[schemars(schema_with = "kind_names")]
    kind: String,
    /// Name of the rule.
    #[schemars(regex(pattern = "^[a-z][a-z0-9-]{0,79}$"))]
    rule: String,
    /// How the rule stands.
    #[schemars(schema_with = "state_names")]
    state: String,
}

/// Which of the records behind a figure.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct BehindAsked {
    /// Only records of this unit.
    #[serde(default)]
    unit: Option<String>,
    /// Only events of this year or month.
    #[serde(default)]
    #[schemars(schema_with = "period_form")]
    period: Option<String>,
    /// Records to pass over first.
    #[serde(default)]
    #[schemars(range(max = 10_000))]
    offset: usize,
    /// Records to show.
    #[serde(default = "twenty")]
    #[schemars(range(max = 100))]
    limit: usize,
}

const fn twenty() -> usize {
    20
}

fn state_names(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "description": "How the rule stands.", "enum": STATES })
}

fn period_form(_: &mut SchemaGenerator) -> Schema {
    let about = "A year or month, for instance `2024` or `2024-03`.";
    json_schema!({ "type": "string", "description": about, "pattern": "^[0-9]{4}(-(0[1-9]|1[0-2]))?$" })
}

fn within(unit: Option<String>, period: Option<&str>) -> Result<Within, Problem> {
    let period = period.map(|text| {
        Period::parse(text).ok_or_else(|| {
            let detail = "period: give a year or a month, for instance 2024 or 2024-03.";
            Problem::new(Sort::Unusable, detail)
        })
    });
    Ok(Within { unit, period: period.transpose()? })
}

async fn figures<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByKind>,
    Asked(asked): Asked<FiguresAsked>,
) -> Result<Json<Completeness>, Problem> {
    let kind = named(&by.kind)?;
    let within = within(asked.unit, asked.period.as_deref())?;
    let ask = Ask { within, by: asked.by.map(ByAsked::parts).unwrap_or_default() };
    let figures = house.desk().completeness(&who, kind, &ask).await?;
    let drift = match asked.check {
        true => Some(house.desk().check_completeness(&who, kind).await?),
        false => None,
    };
    Ok(Json(Completeness::of(figures, drift)))
}

async fn behind_figure<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByFigure>,
    Asked(asked): Asked<BehindAsked>,
) -> Result<Json<Results>, Problem> {
    let kind = named(&by.kind)?;
    if asked.limit > MOST {
        let detail = format!("limit: a page has at most {MOST} records; ask for the next with `offset`.");
        return Err(Problem::new(Sort::Malformed, detail));
    }
    let within = within(asked.unit, asked.period.as_deref())?;
    let page = Page { offset: asked.offset, limit: asked.limit };
    let figure = (by.rule.as_str(), by.state.as_str());
    Ok(Json(Results::of(&house.desk().behind_figure(&who, kind, figure, &within, page).await?)))
}
