//! Dates as terms: a day lies in the index under its year, its month and itself, so that a run of
//! days is asked for by few terms, and a date that is known in part is found wherever it may be
//! meant.

use crate::schema::of_field;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use model::PartialDate;

/// Days from one to another, both included; in Europe/London where they are the days of instants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

/// A part of a run of days that one term, or one run of terms, answers for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece {
    Years(i16, i16),
    Month(i16, i8),
    Day(Date),
    /// Dates of this year whose month is not known.
    OnlyYear(i16),
    /// Dates of this month whose day is not known.
    OnlyMonth(i16, i8),
}

impl Days {
    /// Every day of a date that is known to the year, to the month, or in full.
    #[must_use]
    pub fn of(date: PartialDate) -> Option<Self> {
        let year = date.year?;
        let from = Date::new(year, date.month.unwrap_or(1), date.day.unwrap_or(1)).ok()?;
        let to = match (date.month, date.day) {
            (None, None) => Date::new(year, 12, 31).ok()?,
            (Some(_), None) => from.last_of_month(),
            (Some(_), Some(_)) => from,
            (None, Some(_)) => return None,
        };
        Some(Self { from, to })
    }

    /// The pieces that together cover exactly these days: at most two months of days, two years
    /// of months and one run of years.
    pub(crate) fn pieces(self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        if self.from > self.to {
            return pieces;
        }
        let first = i32::from(self.from.year());
        let last = i32::from(self.to.year());
        let first_whole = if self.from == self.from.first_of_year() { first } else { first + 1 };
        let last_whole = if self.to == self.to.last_of_year() { last } else { last - 1 };
        if first_whole <= last_whole {
            pieces.push(Piece::Years(first_whole as i16, last_whole as i16));
        }
        if first < first_whole {
            let to = self.to.min(self.from.last_of_year());
            months(Self { from: self.from, to }, &mut pieces);
        }
        if last > last_whole && (last > first || first_whole == first) {
            let from = self.from.max(self.to.first_of_year());
            months(Self { from, to: self.to }, &mut pieces);
        }
        pieces
    }
}

/// Years of a run of which each is asked for by its own term.
const MOST_YEARS: i16 = 200;

impl Days {
    /// The single terms under which all dates within these days lie; of a longer run those of its first
    /// 200 years.
    pub(crate) fn terms(self, field: &str) -> Vec<String> {
        let of_piece = |piece| match piece {
            Piece::Years(from, to) => {
                (from..=to.min(from.saturating_add(MOST_YEARS))).map(|year| year_term(field, year)).collect()
            }
            piece => vec![piece.terms(field).0],
        };
        self.pieces().into_iter().flat_map(of_piece).collect()
    }
}

/// Covers days of one year that are not the whole of it.
fn months(days: Days, pieces: &mut Vec<Piece>) {
    let year = days.from.year();
    pieces.push(Piece::OnlyYear(year));
    for month in days.from.month()..=days.to.month() {
        let Some(whole) = Days::of(PartialDate { year: Some(year), month: Some(month), day: None }) else {
            continue;
        };
        if days.from <= whole.from && whole.to <= days.to {
            pieces.push(Piece::Month(year, month));
            continue;
        }
        pieces.push(Piece::OnlyMonth(year, month));
        let mut day = days.from.max(whole.from);
        let end = days.to.min(whole.to);
        loop {
            pieces.push(Piece::Day(day));
            match day.tomorrow() {
                Ok(next) if next <= end => day = next,
                _ => break,
            }
        }
    }
}

/// The term of a year, which sorts as years do.
pub(crate) fn year_term(field: &str, year: i16) -> String {
    of_field(field, &format!("y{year:04}"))
}

/// The beginning of all terms of years of a field.
pub(crate) fn year_prefix(field: &str) -> String {
    of_field(field, "y")
}

/// The beginning of all terms of months of a field.
pub(crate) fn month_prefix(field: &str) -> String {
    of_field(field, "m")
}

impl Piece {
    /// The first and last term of the piece; they are one, but for runs of years.
    pub(crate) fn terms(self, field: &str) -> (String, String) {
        let one = |held: String| {
            let term = of_field(field, &held);
            (term.clone(), term)
        };
        match self {
            Self::Years(from, to) => (year_term(field, from), year_term(field, to)),
            Self::Month(year, month) => one(format!("m{year:04}{month:02}")),
            Self::Day(day) => one(format!("d{:04}{:02}{:02}", day.year(), day.month(), day.day())),
            Self::OnlyYear(year) => one(format!("u{year:04}")),
            Self::OnlyMonth(year, month) => one(format!("v{year:04}{month:02}")),
        }
    }
}

/// The terms of a date of a field. A date without a year has none: no run of days tells it apart.
pub(crate) fn date_terms(field: &str, date: PartialDate, mut add: impl FnMut(String)) {
    let Some(year) = date.year.filter(|year| *year >= 0) else {
        return;
    };
    add(year_term(field, year));
    let Some(month) = date.month else {
        return add(Piece::OnlyYear(year).terms(field).0);
    };
    add(Piece::Month(year, month).terms(field).0);
    match date.whole() {
        Some(day) => add(Piece::Day(day).terms(field).0),
        None => add(Piece::OnlyMonth(year, month).terms(field).0),
    }
}

/// The day of an instant where the zone's clocks stand; `None` outside the years that clocks have.
pub(crate) fn day_of(micros: i64, zone: &TimeZone) -> Option<Date> {
    Timestamp::from_microsecond(micros).ok().map(|instant| zone.to_datetime(instant).date())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn found(days: Days, date: PartialDate) -> bool {
        let mut terms = Vec::new();
        date_terms("at", date, |term| terms.push(term));
        days.pieces().iter().any(|piece| {
            let (first, last) = piece.terms("at");
            terms.iter().any(|term| *term >= first && *term <= last)
        })
    }

    fn any_day() -> impl Strategy<Value = Date> {
        (0i64..3000).prop_map(|n| date(2020, 1, 1).checked_add(n.days()).unwrap())
    }

    proptest! {
        #[test]
        fn a_day_is_found_exactly_within_its_run(a in any_day(), b in any_day(), day in any_day()) {
            let days = Days { from: a.min(b), to: a.max(b) };
            prop_assert_eq!(found(days, PartialDate::full(day)), days.from <= day && day <= days.to);
            prop_assert!(days.pieces().len() <= 90);
        }

        #[test]
        fn a_date_known_in_part_is_found_where_it_may_be_meant(a in any_day(), b in any_day(), day in any_day()) {
            let days = Days { from: a.min(b), to: a.max(b) };
            for month in [None, Some(day.month())] {
                let part = PartialDate { year: Some(day.year()), month, day: None };
                let all = Days::of(part).unwrap();
                prop_assert_eq!(found(days, part), all.from <= days.to && days.from <= all.to);
            }
        }
    }

    #[test]
    fn a_decade_is_one_run_of_years() {
        let days = Days { from: date(2010, 1, 1), to: date(2019, 12, 31) };
        assert_eq!(days.pieces(), [Piece::Years(2010, 2019)]);
        let open = Days { from: date(2024, 1, 1), to: date(9999, 12, 31) };
        assert_eq!(open.pieces(), [Piece::Years(2024, 9999)]);
    }

    #[test]
    fn an_instant_falls_on_the_day_of_the_london_clock() {
        let london = TimeZone::get("Europe/London").unwrap();
        let instant: Timestamp = "2024-07-01T23:30:00Z".parse().unwrap();
        assert_eq!(day_of(instant.as_microsecond(), &london), Some(date(2024, 7, 2)));
        let instant: Timestamp = "2024-01-01T23:30:00Z".parse().unwrap();
        assert_eq!(day_of(instant.as_microsecond(), &london), Some(date(2024, 1, 1)));
    }
}
