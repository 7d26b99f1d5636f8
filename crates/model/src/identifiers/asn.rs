//! Arrest/summons number: `yy/ffuu/ss/nnnnnnnnnnnL`: year, force (two or three characters), unit,
//! system, a serial number of eleven digits and the check letter. The letter checks force and
//! system (each only where it is all digits), year and serial; the unit is not in it.

use super::{Found, compact, split_letter};

/// Beginnings that courts and forces use where there was no arrest or summons.
const DUMMIES: [&str; 2] = ["0800NP01", "0800PP01"];
const UNIT: usize = 2;
const SYSTEM: usize = 2;
const SERIAL: usize = 11;

pub(super) fn read(raw: &str) -> Found {
    let text = compact(raw);
    let Some(plain) = without_strokes(&text) else {
        return unreadable(text);
    };
    parse(&plain).unwrap_or_else(|| unreadable(text))
}

fn unreadable(text: String) -> Found {
    let warning = "An arrest/summons number is year, force, unit, system, 11 digits and a letter, \
                   as in 24/0101/01/00000000123D.";
    Found::unverified(text, warning.to_owned())
}

/// Takes the strokes out. Between strokes the serial may lack its leading zeros.
fn without_strokes(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split('/').collect();
    match parts.as_slice() {
        [plain] => Some((*plain).to_owned()),
        [year, station, system, serial] => {
            let (digits, letter) = split_letter(serial)?;
            Some(format!("{year}{station}{system}{digits:0>SERIAL$}{letter}"))
        }
        _ => None,
    }
}

fn parse(plain: &str) -> Option<Found> {
    let (body, letter) = split_letter(plain)?;
    let force_length = body.len().checked_sub(2 + UNIT + SYSTEM + SERIAL)?;
    let is_whole = (2..=3).contains(&force_length) && body.bytes().all(is_upper_or_digit);
    if !is_whole {
        return None;
    }
    let (year, rest) = body.split_at(2);
    let (force, rest) = rest.split_at(force_length);
    let (unit, rest) = rest.split_at(UNIT);
    let (system, serial) = rest.split_at(SYSTEM);
    if !all_digits(year) || !all_digits(serial) {
        return None;
    }
    let canonical = format!("{year}/{force}{unit}/{system}/{serial}{letter}");
    if DUMMIES.iter().any(|dummy| plain.starts_with(dummy)) {
        let warning = "This is a dummy number: it stands for a case without an arrest or summons.";
        return Some(Found::unverified(canonical, warning.to_owned()));
    }
    let number = format!("{}{}{year}{serial}", only_digits(force), only_digits(system));
    Some(Found::checked(canonical, letter, number.parse().ok()?, "arrest/summons number"))
}

fn is_upper_or_digit(octet: u8) -> bool {
    octet.is_ascii_uppercase() || octet.is_ascii_digit()
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

fn only_digits(text: &str) -> &str {
    if all_digits(text) { text } else { "" }
}
