//! Of which part of the records figures speak: a unit, a period, and what they are broken down by.

use crate::error::IndexError;
use crate::mapping::HAPPENED;
use crate::schema::Fields;
use crate::span::{Days, Piece, month_prefix, year_prefix, year_term};
use model::PartialDate;
use tantivy::Term;
use tantivy::schema::Field;

/// A year or a month in which events happened, in Europe/London.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Period {
    /// A year.
    Year(i16),
    /// A month of a year.
    Month(i16, i8),
}

impl Period {
    /// Reads `2024` or `2024-01`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let date = PartialDate::parse(text).filter(|date| date.day.is_none())?;
        match (date.year?, date.month) {
            (year, None) if text.len() == 4 => Some(Self::Year(year)),
            (year, Some(month)) if text.len() == 7 => Some(Self::Month(year, month)),
            _ => None,
        }
    }

    pub(crate) fn days(self) -> Option<Days> {
        let (year, month) = match self {
            Self::Year(year) => (year, None),
            Self::Month(year, month) => (year, Some(month)),
        };
        Days::of(PartialDate { year: Some(year), month, day: None })
    }

    fn term(self) -> String {
        match self {
            Self::Year(year) => year_term(HAPPENED, year),
            Self::Month(year, month) => Piece::Month(year, month).terms(HAPPENED).0,
        }
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
        }
    }
}

/// The records that figures speak of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Within {
    /// Only of this unit, as it is written in the records.
    pub unit: Option<String>,
    /// Only of events in this period. A record whose time is not known is in none.
    pub period: Option<Period>,
}

impl Within {
    pub(crate) fn terms(&self, fields: &Fields) -> Vec<Term> {
        let unit = self.unit.as_ref().map(|unit| Term::from_field_text(fields.unit, unit));
        let period = self.period.map(|period| Term::from_field_text(fields.date, &period.term()));
        unit.into_iter().chain(period).collect()
    }
}

/// What figures are broken down by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The unit that the record is of.
    Unit,
    /// The month of the event in Europe/London, `2024-01`.
    Month,
    /// The year of the event in Europe/London, `2024`.
    Year,
}

impl By {
    /// The field of the index whose terms name the parts, and how those begin.
    pub(crate) fn terms(self, fields: &Fields) -> (Field, String) {
        match self {
            Self::Unit => (fields.unit, String::new()),
            Self::Month => (fields.date, month_prefix(HAPPENED)),
            Self::Year => (fields.date, year_prefix(HAPPENED)),
        }
    }

    /// A term without its beginning, as people write it.
    pub(crate) fn label(self, held: &str) -> String {
        match (self, held.split_at_checked(4)) {
            (Self::Month, Some((year, month))) => format!("{year}-{month}"),
            _ => held.to_owned(),
        }
    }
}

/// One part: of a unit, of a period, or of both. A name is empty where figures were not broken down by
/// it, and where the records of the part have none.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// The unit.
    pub unit: String,
    /// The month or year.
    pub period: String,
}

impl Part {
    pub(crate) fn set(&mut self, by: By, name: &str) {
        match by {
            By::Unit => name.clone_into(&mut self.unit),
            By::Month | By::Year => name.clone_into(&mut self.period),
        }
    }
}

/// Figures are broken down by a unit, by a month or a year, or by one of each.
pub(crate) fn check(by: &[By]) -> Result<(), IndexError> {
    let units = by.iter().filter(|by| **by == By::Unit).count();
    match units <= 1 && by.len() - units <= 1 {
        true => Ok(()),
        false => Err(IndexError::Parts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_a_year_or_a_month() {
        for text in ["2024", "2024-01", "1998-12"] {
            assert_eq!(Period::parse(text).map(|period| period.to_string()).as_deref(), Some(text));
        }
        for text in ["", "24", "2024-13", "2024-00", "2024-1", "2024-01-05", "????", "2024-??", "May", "all"]
        {
            assert_eq!(Period::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_unit_and_a_period_are_the_most() {
        assert!(check(&[]).is_ok() && check(&[By::Unit]).is_ok() && check(&[By::Month, By::Unit]).is_ok());
        assert!(check(&[By::Unit, By::Unit]).is_err() && check(&[By::Month, By::Year]).is_err());
    }
}
