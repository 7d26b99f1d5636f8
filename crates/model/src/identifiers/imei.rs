//! IMEI of a handset: fifteen digits, of which the last checks the others (Luhn). With sixteen
//! digits it is an IMEISV, which has a software version in place of the check.

use super::{Found, Standing};

pub(super) fn read(raw: &str) -> Found {
    let text: String = super::compact(raw).chars().filter(|c| !matches!(c, '-' | '/')).collect();
    if !text.bytes().all(|octet| octet.is_ascii_digit()) || !matches!(text.len(), 15 | 16) {
        let warning = "An IMEI is 15 digits, as in 490154203237518; it is kept as given.";
        return Found::unverified(text, warning.to_owned());
    }
    if text.len() == 16 {
        return Found::formed(text);
    }
    if luhn_sum(&text).is_multiple_of(10) {
        return Found { canonical: text, standing: Standing::Verified, warning: None };
    }
    let warning =
        "The last digit of this IMEI does not fit the others. One digit is wrong; it is kept as given.";
    Found::unverified(text, warning.to_owned())
}

/// The digit that checks these fourteen.
#[must_use]
pub fn check_digit(stem: &str) -> u8 {
    let sum = luhn_sum(&format!("{stem}0"));
    ((10 - sum % 10) % 10) as u8
}

/// The sum of the digits, every second one from the right doubled and its own digits added.
fn luhn_sum(text: &str) -> u32 {
    let digits = text.bytes().rev().map(|octet| u32::from(octet.saturating_sub(b'0')));
    digits.enumerate().map(|(at, digit)| if at % 2 == 0 { digit } else { digit / 5 + digit * 2 % 10 }).sum()
}
