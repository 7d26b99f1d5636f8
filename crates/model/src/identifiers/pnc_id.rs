//! PNCID: `YYYY/NNNNNNNL`. The letter checks the last two digits of the year followed by the
//! serial number padded to seven digits.

use super::{Found, compact, digits, split_letter};

struct Parts {
    year: i16,
    serial: u64,
    letter: char,
}

pub(super) fn read(raw: &str, present_year: i16) -> Found {
    let text = compact(raw);
    let Some(parts) = parse(&text, present_year) else {
        let warning = "A PNCID is a year, a number of up to 7 digits and a letter, as in 2020/0000009N.";
        return Found::unverified(text, warning.to_owned());
    };
    let canonical = format!("{:04}/{:07}{}", parts.year, parts.serial, parts.letter);
    if !(1900..2100).contains(&parts.year) {
        let warning = format!("No PNCID is of the year {}; it is kept as given.", parts.year);
        return Found::unverified(canonical, warning);
    }
    Found::checked(canonical, parts.letter, number(&parts), "PNCID")
}

/// `1999/1234567B` as `99/1234567B`; `None` for what is not a canonical PNCID.
pub(super) fn short_form(canonical: &str) -> Option<String> {
    let (year, rest) = canonical.split_once('/')?;
    let is_whole = year.len() == 4 && digits(year, 4).is_some();
    is_whole.then(|| format!("{}/{rest}", &year[2..]))
}

fn number(parts: &Parts) -> u128 {
    u128::from(parts.year.unsigned_abs() % 100) * 10_000_000 + u128::from(parts.serial)
}

fn parse(text: &str, present_year: i16) -> Option<Parts> {
    let (body, letter) = split_letter(text)?;
    match body.split_once('/') {
        Some((year, serial)) => parts(year, serial, letter, present_year),
        None => without_slash(body, letter, present_year),
    }
}

/// Without the stroke, two or four digits may be the year. From ten digits on it must be four;
/// below that, the reading whose letter fits is taken, and two digits where neither does.
fn without_slash(body: &str, letter: char, present_year: i16) -> Option<Parts> {
    let split = |at: usize| {
        let (year, serial) = body.split_at_checked(at)?;
        parts(year, serial, letter, present_year)
    };
    if body.len() >= 10 {
        return split(4);
    }
    let fits = |parts: &Parts| super::check_letter::of(number(parts)) == letter;
    let long = split(4).filter(|parts| fits(parts) && (1900..2100).contains(&parts.year));
    match (split(2), long) {
        (Some(short), Some(long)) if !fits(&short) => Some(long),
        (short, long) => short.or(long),
    }
}

fn parts(year: &str, serial: &str, letter: char, present_year: i16) -> Option<Parts> {
    let written = i16::try_from(digits(year, 4)?).ok()?;
    let year = match year.len() {
        4 => written,
        2 => century(written, present_year),
        _ => return None,
    };
    Some(Parts { year, serial: digits(serial, 7)?, letter })
}

/// Two digits up to the present year's are of this century, others of the last.
fn century(two: i16, present_year: i16) -> i16 {
    if two <= present_year.rem_euclid(100) { 2000 + two } else { 1900 + two }
}
