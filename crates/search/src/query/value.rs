//! What may follow the colon of a field: a word, a number, a date, or a range of either.

use super::fields::Look;
use super::lexer::words_of;
use super::wild;
use super::{Leaf, Node, QueryError};
use crate::span::Days;
use jiff::civil::Date;
use model::PartialDate;

/// One end of a range.
#[derive(Debug, Clone, Copy)]
struct End {
    number: Option<i64>,
    days: Option<Days>,
}

/// Whether a value is a range or a comparison, whose ends are read as numbers or dates.
pub(super) fn is_span(value: &str) -> bool {
    value.starts_with(['<', '>']) || value.contains("..")
}

/// What `field:value` asks for. A value that reads as a number or a date is also looked for as a
/// word: a house number is one.
pub(super) fn node(field: &str, value: &str, look: Look, at: usize) -> Result<Node, QueryError> {
    for (sign, or_equal) in [(">=", true), ("<=", true), (">", false), ("<", false)] {
        if let Some(rest) = value.strip_prefix(sign) {
            let place = at + sign.len();
            return compared(field, end(rest, place)?, sign.starts_with('>'), or_equal, place);
        }
    }
    if let Some((from, to)) = value.split_once("..") {
        return between(field, from, to, at);
    }
    if let Some(gap) = wild::gap(value) {
        return match look {
            Look::Words => wild::node(Some(field), value, at),
            Look::Dates | Look::Numbers => Err(no_part(at + gap)),
        };
    }
    let mut ways = vec![words_of(Some(field.to_owned()), value.to_owned(), false)];
    if let Ok(number) = value.parse() {
        ways.push(numbers(field, number, number));
    }
    match read_days(value) {
        Some(days) => ways.push(day_range(field, days)),
        None if look == Look::Dates => return Err(no_date(value, at)),
        None => {}
    }
    Ok(one_or_any(ways))
}

fn compared(field: &str, end: End, above: bool, or_equal: bool, at: usize) -> Result<Node, QueryError> {
    let mut ways = Vec::new();
    if let Some(number) = end.number {
        let nothing =
            || QueryError::new(at, "no number lies beyond this one: a smaller or larger one was expected");
        let step = i64::from(!or_equal);
        let (from, to) = match above {
            true => (number.checked_add(step).ok_or_else(nothing)?, i64::MAX),
            false => (i64::MIN, number.checked_sub(step).ok_or_else(nothing)?),
        };
        ways.push(numbers(field, from, to));
    }
    if let Some(days) = end.days {
        let nothing =
            |_| QueryError::new(at, "no day lies beyond this one: an earlier or later one was expected");
        let days = match (above, or_equal) {
            (true, true) => Days { from: days.from, to: LAST },
            (true, false) => Days { from: days.to.tomorrow().map_err(nothing)?, to: LAST },
            (false, true) => Days { from: FIRST, to: days.to },
            (false, false) => Days { from: FIRST, to: days.from.yesterday().map_err(nothing)? },
        };
        ways.push(day_range(field, days));
    }
    Ok(one_or_any(ways))
}

fn between(field: &str, from: &str, to: &str, at: usize) -> Result<Node, QueryError> {
    let to_at = at + from.chars().count() + 2;
    let (low, high) = match (from.is_empty(), to.is_empty()) {
        (true, true) => {
            return Err(QueryError::new(
                at,
                "two dates (2024-01..2024-03) or two numbers (10..17) were expected",
            ));
        }
        (true, false) => return compared(field, end(to, to_at)?, false, true, to_at),
        (false, true) => return compared(field, end(from, at)?, true, true, at),
        (false, false) => (end(from, at)?, end(to, to_at)?),
    };
    let mut ways = Vec::new();
    let mut backwards = false;
    if let (Some(from), Some(to)) = (low.number, high.number) {
        backwards |= from > to;
        ways.push(numbers(field, from, to));
    }
    if let (Some(from), Some(to)) = (low.days, high.days) {
        backwards |= from.from > to.to;
        ways.push(day_range(field, Days { from: from.from, to: to.to }));
    }
    if ways.is_empty() {
        return Err(QueryError::new(to_at, "both ends of a range must be dates, or both numbers"));
    }
    if backwards {
        return Err(QueryError::new(
            to_at,
            format!("the range ends before it begins: something after {from} was expected"),
        ));
    }
    Ok(one_or_any(ways))
}

fn end(text: &str, at: usize) -> Result<End, QueryError> {
    let end = End { number: text.parse().ok(), days: read_days(text) };
    match (end.number, end.days) {
        (None, None) => Err(QueryError::new(
            at,
            format!("a number (17) or a date (2024-01-05, 2024-01, 2024) was expected, not “{text}”"),
        )),
        _ => Ok(end),
    }
}

/// First and last day that a range can reach.
const FIRST: Date = jiff::civil::date(0, 1, 1);
const LAST: Date = jiff::civil::date(9999, 12, 31);

/// A year of four digits, a month or a day.
fn read_days(text: &str) -> Option<Days> {
    let widths: Vec<usize> = text.split('-').map(str::len).collect();
    let is_date = matches!(widths.as_slice(), [4] | [4, 1..=2] | [4, 1..=2, 1..=2]);
    let is_plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    (is_date && is_plain).then(|| PartialDate::parse(text)).flatten().and_then(Days::of)
}

fn no_part(at: usize) -> QueryError {
    QueryError::new(
        at,
        "“*” and “?” stand for letters of words, not for digits of a date or number: a range (2024-01..2024-03, 10..17) was expected",
    )
}

fn no_date(value: &str, at: usize) -> QueryError {
    QueryError::new(
        at,
        format!(
            "a day (2024-01-05), a month (2024-01), a year (2024) or a range of them was expected, not “{value}”"
        ),
    )
}

fn numbers(field: &str, from: i64, to: i64) -> Node {
    Node::Leaf(Leaf::Numbers { field: field.to_owned(), from, to })
}

fn day_range(field: &str, days: Days) -> Node {
    Node::Leaf(Leaf::Days { field: field.to_owned(), days })
}

pub(super) fn one_or_any(mut ways: Vec<Node>) -> Node {
    match ways.len() {
        1 => ways.remove(0),
        _ => Node::Any(ways),
    }
}
