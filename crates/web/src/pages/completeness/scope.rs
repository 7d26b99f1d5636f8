//! What figures are asked for: kind, unit, period, as they stand in an address. None of them names a
//! person.

use crate::pages::record_kind;
use crate::problem::Problem;
use model::derived::show;
use model::kinds::stop_and_search;
use model::{Kind, PartialDate};
use search::{Period, Within};
use serde::Deserialize;

/// What stands in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// Name of the kind; that of stops and searches where none is given.
    pub kind: String,
    /// Only of this unit.
    pub unit: String,
    /// Only of this year or month.
    pub period: String,
    /// The page, from 1.
    pub page: Option<usize>,
}

impl Asked {
    /// The kind that is asked for.
    pub(super) fn kind(&self) -> Result<&'static Kind, Problem> {
        match self.kind.as_str() {
            "" => Ok(&stop_and_search::KIND),
            name => record_kind(name),
        }
    }
}

/// Of which unit and period figures are.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    /// As the desk takes it.
    pub within: Within,
}

impl Scope {
    /// What was asked for, and what is wrong with it: a period that is none is left out.
    pub(super) fn of(asked: &Asked) -> (Self, Option<&'static str>) {
        let text = asked.period.trim();
        let period = Period::parse(text);
        let wrong =
            (!text.is_empty() && period.is_none()).then_some("Write a year or a month, as 2024 or 2024-03");
        let unit = Some(asked.unit.trim().to_owned()).filter(|unit| !unit.is_empty());
        (Self { within: Within { unit, period } }, wrong)
    }

    /// Of this unit.
    pub(super) fn of_unit(&self, unit: &str) -> Self {
        Self { within: Within { unit: Some(unit.to_owned()), period: self.within.period } }
    }

    /// Of this month.
    pub(super) fn of_period(&self, period: &str) -> Self {
        Self { within: Within { unit: self.within.unit.clone(), period: Period::parse(period) } }
    }

    /// An address with what is asked for.
    pub(super) fn address(&self, path: &str, more: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(more);
        if let Some(unit) = &self.within.unit {
            query.append_pair("unit", unit);
        }
        if let Some(period) = self.within.period {
            query.append_pair("period", &period.to_string());
        }
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    /// `, North Division, March 2024`; nothing where everything held is meant.
    pub(super) fn in_words(&self) -> String {
        let unit = self.within.unit.as_ref().map(|unit| format!(", {unit}"));
        let period = self.within.period.map(|period| format!(", {}", month_in_words(&period.to_string())));
        format!("{}{}", unit.unwrap_or_default(), period.unwrap_or_default())
    }
}

/// `March 2024` of `2024-03`; a year as it is.
pub(super) fn month_in_words(period: &str) -> String {
    PartialDate::parse(period).map_or_else(|| period.to_owned(), show::date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_is_asked_for() {
        let asked = Asked { unit: "A & E".into(), period: "2024-03".into(), ..Asked::default() };
        let (scope, wrong) = Scope::of(&asked);
        assert_eq!(wrong, None);
        assert_eq!(
            scope.address("/completeness", &[("kind", "crime")]),
            "/completeness?kind=crime&unit=A+%26+E&period=2024-03"
        );
        assert_eq!(scope.in_words(), ", A & E, March 2024");
        assert_eq!(Scope::default().address("/completeness", &[]), "/completeness");
    }

    #[test]
    fn a_period_that_is_none_is_said_and_left_out() {
        let asked = Asked { period: "March".into(), ..Asked::default() };
        let (scope, wrong) = Scope::of(&asked);
        assert!(wrong.is_some() && scope.within.period.is_none());
        assert_eq!(month_in_words("2024-13"), "2024-13");
        assert_eq!(month_in_words("2024"), "2024");
    }
}
