//! CRO number: `NNNNNN/YYL`, or `SFYY/NL` for a record held on file. The letter checks the year
//! followed by the serial number: padded to six digits in the first form, unpadded in the second.

use super::{Found, compact, digits, split_letter};

pub(super) fn read(raw: &str) -> Found {
    let text = compact(raw);
    standard(&text).or_else(|| file(&text)).unwrap_or_else(|| {
        let warning = "A CRO number is up to 6 digits, a stroke, two digits and a letter, as in 265416/65U, \
                       or SF, two digits, a stroke, up to 6 digits and a letter, as in SF39/83456T.";
        Found::unverified(text, warning.to_owned())
    })
}

fn standard(text: &str) -> Option<Found> {
    let (body, letter) = split_letter(text)?;
    let (serial, year) = body.split_once('/')?;
    let (serial, year) = (digits(serial, 6)?, two_digits(year)?);
    let number = u128::from(year) * 1_000_000 + u128::from(serial);
    Some(Found::checked(format!("{serial:06}/{year:02}{letter}"), letter, number, "CRO number"))
}

fn file(text: &str) -> Option<Found> {
    let (body, letter) = split_letter(text.strip_prefix("SF")?)?;
    let (year, serial) = body.split_once('/')?;
    let (year, serial) = (two_digits(year)?, digits(serial, 6)?);
    let number: u128 = format!("{year:02}{serial}").parse().ok()?;
    Some(Found::checked(format!("SF{year:02}/{serial}{letter}"), letter, number, "CRO number"))
}

fn two_digits(text: &str) -> Option<u64> {
    digits(text, 2).filter(|_| text.len() == 2)
}
