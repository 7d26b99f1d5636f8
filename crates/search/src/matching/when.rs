//! Dates and ages in words: `march 1987`, `4th of march`, `aged 38`, `february 2024 to april 2024`.
//!
//! June is a month and a forename: what reads as a date is read both ways, and the record decides.

use super::birth;
use crate::span::Days;
use crate::tokens::Word;
use jiff::civil::Date;
use model::PartialDate;
use std::ops::Range;

/// Greatest age that somebody may mean.
const OLDEST: i16 = 120;

/// A time that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// A date, as far as it was said: somebody's date of birth, or when something happened.
    Date(PartialDate),
    /// The same of the last years: it says more often when something happened than that somebody is a child,
    /// so that people whose date of birth is not held are not meant by it.
    Recent(PartialDate),
    /// The years in which somebody of an age may be born; the first of them and the one after it.
    Aged(i16),
    /// When something happened.
    Between(Days),
}

/// Years before the day of a question in which a date is a recent one.
const RECENT: i16 = 10;

impl When {
    /// A date, and whether it is a recent one on the day of the question.
    pub(crate) fn date(date: PartialDate, today: Option<Date>) -> Self {
        match date.year.zip(today) {
            Some((year, today)) if year + RECENT > today.year() => Self::Recent(date),
            _ => Self::Date(date),
        }
    }
}

/// A time, and the words that say it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Said {
    pub(crate) words: Range<usize>,
    pub(crate) when: When,
}

/// The times that words say, in their order; a gap parts them. An age counts from the day of the question; where that is not
/// known, it is no time.
pub(crate) fn said(words: &[Option<&Word>], today: Option<Date>) -> Vec<Said> {
    let text: Vec<Option<&str>> = words.iter().map(|word| word.and_then(single)).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let next = age(&text, at, today).or_else(|| between(words, &text, at));
        let next = next.or_else(|| date(&text, at).map(|(len, date)| (len, When::date(date, today))));
        match next {
            Some((len, when)) => {
                found.push(Said { words: at..at + len, when });
                at += len;
            }
            None => at += 1,
        }
    }
    found
}

fn single(word: &Word) -> Option<&str> {
    match word.parts.as_slice() {
        [part] => Some(part),
        _ => None,
    }
}

type Found = Option<(usize, When)>;

fn age(text: &[Option<&str>], at: usize, today: Option<Date>) -> Found {
    let word = |number: usize| text.get(at + number).copied().flatten();
    let number = |number: usize| word(number).and_then(|word| word.parse::<i16>().ok());
    let (len, age) = match (word(0)?, word(1), word(2)) {
        ("age" | "aged", ..) => (2, number(1)?),
        (_, Some("yo" | "yrs"), _) => (2, number(0)?),
        (_, Some("years" | "year"), Some("old")) => (3, number(0)?),
        _ => return None,
    };
    let year = today?.year() - age - 1;
    (0..=OLDEST).contains(&age).then_some((len, When::Aged(year)))
}

/// `from X to Y`, `between X and Y`, `X to Y`: only dates stand at either end.
fn between(words: &[Option<&Word>], text: &[Option<&str>], at: usize) -> Found {
    let opens = matches!(text[at], Some("from" | "between"));
    let first = at + usize::from(opens);
    let (from, from_len) = end(words, text, first)?;
    let link = first + from_len;
    let links = matches!(text.get(link), Some(Some("to" | "until" | "till")))
        || (opens && matches!(text.get(link), Some(Some("and"))));
    if !links {
        return None;
    }
    let (to, to_len) = end(words, text, link + 1)?;
    let days = Days { from: from.from, to: to.to };
    (days.from <= days.to).then_some((link + 1 + to_len - at, When::Between(days)))
}

fn end(words: &[Option<&Word>], text: &[Option<&str>], at: usize) -> Option<(Days, usize)> {
    let in_words = date(text, at).map(|(len, date)| (date, len));
    let in_digits =
        || words.get(at).copied().flatten().and_then(|word| birth::read(&word.parts)).map(|date| (date, 1));
    let (date, len) = in_words.or_else(in_digits)?;
    Some((Days::of(date)?, len))
}

/// `4 march 1987`, `march 4 1987`, `march 1987`, `4 march`, `march 4`; with `th`, and with `of` between.
fn date(text: &[Option<&str>], at: usize) -> Option<(usize, PartialDate)> {
    let mut end = at;
    let mut next = |read: fn(&str) -> Option<i16>| {
        let of = usize::from(end > at && text.get(end) == Some(&Some("of")));
        let value = text.get(end + of).copied().flatten().and_then(read)?;
        end += of + 1;
        Some(value)
    };
    let mut found_day = next(day);
    let month = next(month)?;
    found_day = found_day.or_else(|| next(day));
    let found_year = next(year).or_else(|| found_day.and_then(|_| next(short_year)));
    let date = PartialDate {
        year: found_year,
        month: i8::try_from(month).ok(),
        day: found_day.and_then(|day| i8::try_from(day).ok()),
    };
    let says_enough = found_year.is_some() || found_day.is_some();
    (says_enough && is_date(date)).then_some((end - at, date))
}

/// A day that exists; of an unknown year, in a leap year.
fn is_date(date: PartialDate) -> bool {
    Date::new(date.year.unwrap_or(2000), date.month.unwrap_or(1), date.day.unwrap_or(1)).is_ok()
}

fn day(word: &str) -> Option<i16> {
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
    let is_day = digits.len() <= 2 && digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|day| is_day && (1..=31).contains(day))
}

fn month(word: &str) -> Option<i16> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = if word == "sept" { "sep" } else { word };
    let at = NAMES.iter().position(|name| *name == word || name[..3] == *word)?;
    i16::try_from(at + 1).ok()
}

fn year(word: &str) -> Option<i16> {
    let is_year = word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    word.parse().ok().filter(|year| is_year && birth::YEARS.contains(year))
}

fn short_year(word: &str) -> Option<i16> {
    let is_short = word.len() == 2 && word.bytes().all(|b| b.is_ascii_digit());
    is_short.then(|| birth::in_full(word).parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::words;
    use jiff::civil::date as day_of;

    fn read(text: &str) -> Vec<(Range<usize>, When)> {
        let words = words(text);
        let words: Vec<Option<&Word>> = words.iter().map(Some).collect();
        said(&words, Some(day_of(2026, 7, 4))).into_iter().map(|said| (said.words, said.when)).collect()
    }

    fn partial(year: impl Into<Option<i16>>, month: i8, day: impl Into<Option<i8>>) -> When {
        When::Date(PartialDate { year: year.into(), month: Some(month), day: day.into() })
    }

    #[test]
    fn dates_are_read_as_people_say_them() {
        assert_eq!(read("anna smith march 1987"), [(2..4, partial(1987, 3, None))]);
        assert_eq!(read("smith 4 mar"), [(1..3, partial(None, 3, 4))]);
        for text in ["4 march 1987", "4th of march 1987", "March 4 1987", "4 mar 87", "04 march 1987"] {
            let [(_, when)] = read(text).try_into().unwrap();
            assert_eq!(when, partial(1987, 3, 4), "{text}");
        }
        assert_eq!(read("29 february"), [(0..2, partial(None, 2, 29))]);
        for text in ["june smith", "may", "31 april", "1987", "march", "anna 38"] {
            assert_eq!(read(text), [], "{text}");
        }
    }

    #[test]
    fn an_age_is_the_two_years_in_which_one_may_be_born() {
        assert_eq!(read("anna smith aged 38"), [(2..4, When::Aged(1987))]);
        assert_eq!(read("38 years old"), [(0..3, When::Aged(1987))]);
        assert_eq!(read("38 yo man"), [(0..2, When::Aged(1987))]);
        for text in ["aged", "aged 500", "age unknown"] {
            assert_eq!(read(text), [], "{text}");
        }
        let words = words("aged 38");
        assert_eq!(said(&words.iter().map(Some).collect::<Vec<_>>(), None), []);
    }

    #[test]
    fn two_dates_are_the_days_between_them() {
        let days = |from, to| When::Between(Days { from, to });
        let spring = days(day_of(2024, 2, 1), day_of(2024, 4, 30));
        assert_eq!(read("burglary february 2024 to april 2024"), [(1..6, spring)]);
        assert_eq!(read("between february 2024 and april 2024"), [(0..6, spring)]);
        assert_eq!(
            read("from 01/02/2024 to 2024-02-03"),
            [(0..4, days(day_of(2024, 2, 1), day_of(2024, 2, 3)))]
        );
        assert_eq!(read("april 2024 to february 2024").len(), 2, "backwards they are two dates");
    }
}
