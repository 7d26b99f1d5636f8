//! What the columns of the publisher's files hold, whatever the sort of file.

use crate::connector::{Row, RowFault};
use jiff::Timestamp;
use model::codes;
use model::field::{Code, FieldType, Instant};
use model::{Body, Field, NotHeld, PartialDate, Place};
use std::borrow::Cow;
use std::ops::RangeInclusive;

/// Great Britain with its islands and the sea around it, in degrees (WGS 84).
const LATITUDES: RangeInclusive<f64> = 49.0..=61.0;
const LONGITUDES: RangeInclusive<f64> = -9.0..=2.0;

/// A row with the names of its columns. Each function gives `None` for a blank.
#[derive(Debug, Clone, Copy)]
pub struct Columns<'r> {
    /// The row.
    pub row: &'r Row<'r>,
    /// The names of its table's columns.
    pub names: &'static [&'static str],
}

impl Columns<'_> {
    /// A fault of a column.
    pub fn fault(&self, column: usize, reason: impl Into<Cow<'static, str>>) -> RowFault {
        RowFault::new(self.names.get(column).copied().unwrap_or("row"), reason)
    }

    /// Text as it stands.
    #[must_use]
    pub fn text(&self, column: usize) -> Option<String> {
        Some(self.row.get(column)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// A date and time. They are published in UTC; where only the day is known it is midnight in London.
    ///
    /// # Errors
    /// Anything else.
    pub fn instant(&self, column: usize) -> Result<Option<Instant>, RowFault> {
        let Some(text) = self.text(column) else { return Ok(None) };
        let parsed: Result<Timestamp, _> = text.parse();
        let reason = "is not a date and time with an offset, such as 2024-02-01T09:30:00+00:00";
        parsed.map(|at| Some(Instant(at.as_microsecond()))).map_err(|_| self.fault(column, reason))
    }

    /// A month such as `2024-02`.
    ///
    /// # Errors
    /// Anything else.
    pub fn month(&self, column: usize) -> Result<Option<PartialDate>, RowFault> {
        let Some(text) = self.text(column) else { return Ok(None) };
        let month = PartialDate::parse(&text).filter(|_| super::is_month(&text));
        month.map(Some).ok_or_else(|| self.fault(column, "is not a month such as 2024-02"))
    }

    /// A position in Britain.
    ///
    /// # Errors
    /// A coordinate that is no number of degrees, lies outside Britain, or lacks its partner.
    pub fn position(&self, latitude: usize, longitude: usize) -> Result<Option<Place>, RowFault> {
        match (self.degrees(latitude, &LATITUDES)?, self.degrees(longitude, &LONGITUDES)?) {
            (None, None) => Ok(None),
            (Some(_), None) => Err(self.fault(longitude, "is blank although the latitude is given")),
            (None, Some(_)) => Err(self.fault(latitude, "is blank although the longitude is given")),
            (latitude, longitude) => Ok(Some(Place { latitude, longitude, ..Place::default() })),
        }
    }

    /// Millionths of a degree, which is the precision of the publication.
    fn degrees(&self, column: usize, britain: &RangeInclusive<f64>) -> Result<Option<i32>, RowFault> {
        let Some(text) = self.text(column) else { return Ok(None) };
        let degrees: f64 = text.parse().map_err(|_| self.fault(column, "is not a number of degrees"))?;
        if !britain.contains(&degrees) {
            let reason = "is outside Britain (latitude 49 to 61, longitude -9 to 2)";
            return Err(self.fault(column, reason));
        }
        Ok(Some((degrees * 1e6).round() as i32))
    }

    /// A value of a code list.
    ///
    /// # Errors
    /// A value that the list does not know.
    pub fn code(&self, column: usize, list: &'static str) -> Result<Option<Code>, RowFault> {
        let Some(text) = self.text(column) else { return Ok(None) };
        let entry = codes::list(list).and_then(|list| list.from_source(&text));
        entry
            .map(|entry| Some(Code(entry.code.clone())))
            .ok_or_else(|| self.fault(column, format!("is not a value of the list {list}")))
    }

    /// `True` or `False`.
    ///
    /// # Errors
    /// Anything else.
    pub fn yes_or_no(&self, column: usize) -> Result<Option<bool>, RowFault> {
        match self.row.get(column) {
            "" => Ok(None),
            "True" => Ok(Some(true)),
            "False" => Ok(Some(false)),
            _ => Err(self.fault(column, "is neither True, False nor blank")),
        }
    }
}

/// Says of a field that the publication leaves it out.
pub fn not_published<T: FieldType>(body: &mut Body, field: Field<T>) {
    body.set_not_held(field, NotHeld::NotInSource);
}
