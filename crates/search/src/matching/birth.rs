//! Dates of birth as people type them: in full, in part, day and month swapped, a year or two off.

use super::weights::Cost;
use crate::schema::of_field;
use crate::span::{Piece, year_term};
use jiff::civil::Date;
use model::PartialDate;

/// Where dates of birth stand in a nominal.
pub(crate) const BIRTH: &str = "dates-of-birth.date";

/// Years that somebody may mean by four digits.
pub(super) const YEARS: std::ops::RangeInclusive<i16> = 1890..=2100;

/// The term of people of whom no date of birth is held.
pub(crate) fn none_held() -> String {
    of_field(BIRTH, "none")
}

/// A way in which a date of birth differs from the one typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Apart {
    Same,
    /// As far as it is held it is the same.
    HeldInPart,
    /// Day and month are swapped.
    Swapped,
    /// The day differs.
    Day,
    /// The day and the month differ.
    DayAndMonth,
    /// So many years earlier or later, and what else was typed is the same.
    Years(i16),
    /// Two digits of the year are swapped.
    YearDigits,
    NotHeld,
}

impl Apart {
    /// What it costs; nothing where it is the same.
    pub(crate) const fn cost(self) -> Option<Cost> {
        Some(match self {
            Self::Same => return None,
            Self::HeldInPart => Cost::BornInPart,
            Self::Swapped => Cost::BornSwapped,
            Self::Day => Cost::BornDay,
            Self::DayAndMonth => Cost::BornDayAndMonth,
            Self::Years(-1 | 1) => Cost::BornYearOff,
            Self::Years(-2 | 2) => Cost::BornTwoYearsOff,
            Self::Years(_) => Cost::BornDecadeOff,
            Self::YearDigits => Cost::BornYearDigits,
            Self::NotHeld => Cost::BornNotHeld,
        })
    }
}

/// The term of people born on a day of any year; it is not one of the terms of [`crate::span::date_terms`].
pub(crate) fn anniversary(month: i8, day: i8) -> String {
    of_field(BIRTH, &format!("a{month:02}{day:02}"))
}

/// The terms of people of an age, who are born in this year or the next.
pub(crate) fn aged(first: i16) -> Vec<(String, Apart)> {
    let near = [(-2, 2), (-1, 1), (0, 0), (1, 0), (2, 1), (3, 2)];
    let years = near.into_iter().map(|(by, apart): (i16, i16)| {
        let apart = if apart == 0 { Apart::Same } else { Apart::Years(if by < 0 { -apart } else { apart }) };
        (year_term(BIRTH, first + by), apart)
    });
    years.chain([(none_held(), Apart::NotHeld)]).collect()
}

/// The terms under which a date of birth may lie in the index, with how it then differs.
pub(crate) fn terms(typed: PartialDate) -> Vec<(String, Apart)> {
    let mut terms = vec![(none_held(), Apart::NotHeld)];
    match (typed.year, typed.month, typed.day) {
        (Some(year), Some(month), None) => add_month(year, month, &mut terms),
        (Some(year), None, _) => add_year(year, &mut terms),
        (None, Some(month), Some(day)) => add_anniversary(month, day, &mut terms),
        _ => match typed.whole() {
            Some(day) => add_day(day, &mut terms),
            None => return Vec::new(),
        },
    }
    terms
}

fn add_anniversary(month: i8, day: i8, terms: &mut Vec<(String, Apart)>) {
    terms.push((anniversary(month, day), Apart::Same));
    if day <= 12 && day != month {
        terms.push((anniversary(day, month), Apart::Swapped));
    }
}

fn piece(piece: Piece) -> String {
    piece.terms(BIRTH).0
}

fn add_day(day: Date, terms: &mut Vec<(String, Apart)>) {
    let (year, month) = (day.year(), day.month());
    terms.push((piece(Piece::Day(day)), Apart::Same));
    terms.push((piece(Piece::OnlyMonth(year, month)), Apart::HeldInPart));
    terms.push((piece(Piece::OnlyYear(year)), Apart::HeldInPart));
    terms.push((piece(Piece::Month(year, month)), Apart::Day));
    terms.push((year_term(BIRTH, year), Apart::DayAndMonth));
    if let Ok(swapped) = Date::new(year, day.day(), month) {
        terms.push((piece(Piece::Day(swapped)), Apart::Swapped));
    }
    for (other, apart) in near_years(year) {
        if let Ok(other) = Date::new(other, month, day.day()) {
            terms.push((piece(Piece::Day(other)), apart));
        }
    }
}

fn add_month(year: i16, month: i8, terms: &mut Vec<(String, Apart)>) {
    terms.push((piece(Piece::Month(year, month)), Apart::Same));
    terms.push((piece(Piece::OnlyYear(year)), Apart::HeldInPart));
    terms.push((year_term(BIRTH, year), Apart::Day));
    terms.extend(near_years(year).into_iter().map(|(year, apart)| (piece(Piece::Month(year, month)), apart)));
}

fn add_year(year: i16, terms: &mut Vec<(String, Apart)>) {
    terms.push((year_term(BIRTH, year), Apart::Same));
    terms.extend(near_years(year).into_iter().map(|(year, apart)| (year_term(BIRTH, year), apart)));
}

/// Years that are typed by mistake for another.
fn near_years(year: i16) -> Vec<(i16, Apart)> {
    let mut near: Vec<(i16, Apart)> = [-2, -1, 1, 2, -10, 10]
        .map(|by| (year + by, Apart::Years(if by.abs() == 10 { 3 } else { by })))
        .into();
    let (tens, ones) = (year % 100 / 10, year % 10);
    let swapped = year - year % 100 + ones * 10 + tens;
    if near.iter().all(|(known, _)| *known != swapped) && swapped != year {
        near.push((swapped, Apart::YearDigits));
    }
    near
}

/// Reads the parts of a word as a date: `12/03/1985`, `1985-03-12`, `3/1985`, `12031985`, `1985`.
pub(crate) fn read(parts: &[String]) -> Option<PartialDate> {
    let digits = parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()) && part.len() <= 8);
    if !digits {
        return None;
    }
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    match parts.as_slice() {
        [year] if year.len() == 4 => date(year, None, None),
        [whole] if whole.len() == 8 => date(&whole[4..], Some(&whole[2..4]), Some(&whole[..2]))
            .or_else(|| date(&whole[..4], Some(&whole[4..6]), Some(&whole[6..]))),
        [month, year] if year.len() == 4 => date(year, Some(month), None),
        [year, month] if year.len() == 4 => date(year, Some(month), None),
        [day, month, year] if day.len() <= 2 => date(&in_full(year), Some(month), Some(day)),
        [year, month, day] if year.len() == 4 => date(year, Some(month), Some(day)),
        _ => None,
    }
}

/// A year of two digits is one that somebody alive may be born in.
pub(super) fn in_full(year: &str) -> String {
    match year.parse::<u8>() {
        Ok(short) if year.len() == 2 => format!("{}{year}", if short <= 29 { 20 } else { 19 }),
        _ => year.to_owned(),
    }
}

fn date(year: &str, month: Option<&str>, day: Option<&str>) -> Option<PartialDate> {
    let year = year.parse().ok().filter(|year| YEARS.contains(year))?;
    let month = month.map(|month| month.parse::<i8>().ok().filter(|month| (1..=31).contains(month)));
    let day = day.map(|day| day.parse::<i8>().ok().filter(|day| (1..=31).contains(day)));
    let (month, day) = match (month, day) {
        (Some(None), _) | (_, Some(None)) => return None,
        (month, day) => (month.flatten(), day.flatten()),
    };
    // What only reads with the month first was typed so.
    let (month, day) = if month.is_some_and(|month| month > 12) { (day, month) } else { (month, day) };
    let date = PartialDate { year: Some(year), month, day };
    let is_date = Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).is_ok();
    is_date.then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::words;

    fn reads(text: &str) -> Option<PartialDate> {
        words(text).first().and_then(|word| read(&word.parts))
    }

    #[test]
    fn dates_are_read_as_people_type_them() {
        let whole =
            |year, month, day| Some(PartialDate { year: Some(year), month: Some(month), day: Some(day) });
        for text in ["12/03/1985", "12-3-1985", "12.03.85", "1985-03-12", "12031985", "19850312"] {
            assert_eq!(reads(text), whole(1985, 3, 12), "{text}");
        }
        assert_eq!(reads("3/25/1985"), whole(1985, 3, 25));
        assert_eq!(reads("1985"), Some(PartialDate { year: Some(1985), month: None, day: None }));
        assert_eq!(reads("03/1985"), Some(PartialDate { year: Some(1985), month: Some(3), day: None }));
        for text in ["123", "3000", "31/02/1985", "07700900123", "12/03", "1-2-3-4"] {
            assert_eq!(reads(text), None, "{text}");
        }
    }

    #[test]
    fn the_same_date_and_near_ones_are_there() {
        let terms = terms(PartialDate { year: Some(1985), month: Some(3), day: Some(12) });
        let has = |held: &str, apart| terms.contains(&(of_field(BIRTH, held), apart));
        assert!(has("d19850312", Apart::Same));
        assert!(has("d19851203", Apart::Swapped) && has("d19860312", Apart::Years(1)));
        assert!(
            has("u1985", Apart::HeldInPart)
                && has("d19580312", Apart::YearDigits)
                && has("none", Apart::NotHeld)
        );
    }
}
