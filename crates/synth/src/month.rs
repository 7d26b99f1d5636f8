//! A month, by which published files are named.

use std::fmt;
use std::str::FromStr;

/// A month of the years 1 to 9999, printed as `2023-01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i16,
    month: i8,
}

impl Month {
    /// The month, from 1 to 12; `None` where there is none.
    #[must_use]
    pub fn new(year: i16, month: i8) -> Option<Self> {
        ((1..=9999).contains(&year) && (1..=12).contains(&month)).then_some(Self { year, month })
    }

    /// The month after this one; `None` after the last.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        if self.month == 12 { Self::new(self.year + 1, 1) } else { Self::new(self.year, self.month + 1) }
    }

    /// Whole days in it.
    #[must_use]
    pub fn days(self) -> i8 {
        jiff::civil::Date::new(self.year, self.month, 1).map_or(28, jiff::civil::Date::days_in_month)
    }

    /// The first day.
    #[must_use]
    pub fn first_day(self) -> jiff::civil::Date {
        jiff::civil::Date::new(self.year, self.month, 1).unwrap_or_default()
    }

    /// Whether clocks in London stand an hour before UTC in the whole of it. March and October, in
    /// which they change, count as winter: synthetic data needs to be no finer.
    #[must_use]
    pub fn is_summer_time(self) -> bool {
        (4..=9).contains(&self.month)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// A text is no month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a month is written as 2023-01")]
pub struct NoMonth;

impl FromStr for Month {
    type Err = NoMonth;

    fn from_str(text: &str) -> Result<Self, NoMonth> {
        let (year, month) = text.split_once('-').ok_or(NoMonth)?;
        let is_number =
            |part: &str, width| part.len() == width && part.bytes().all(|octet| octet.is_ascii_digit());
        if !is_number(year, 4) || !is_number(month, 2) {
            return Err(NoMonth);
        }
        let (year, month) = (year.parse().map_err(|_| NoMonth)?, month.parse().map_err(|_| NoMonth)?);
        Self::new(year, month).ok_or(NoMonth)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_read_printed_and_counted() {
        let month: Month = "2023-12".parse().unwrap();
        assert_eq!(month.next().unwrap().to_string(), "2024-01");
        assert_eq!(Month::new(2024, 2).unwrap().days(), 29);
        for text in ["2023-13", "2023-00", "2023-1", "0000-01", "2023", "+023-01", "2023-01-01"] {
            assert_eq!(text.parse::<Month>(), Err(NoMonth), "{text}");
        }
    }
}
