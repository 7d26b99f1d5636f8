//! Unique property reference number: up to twelve digits, canonical without leading zeros. It
//! carries no check; whether it names a property only AddressBase or OS Open UPRN can tell.

use super::{Found, compact, digits};

const MOST_DIGITS: usize = 12;

pub(super) fn read(raw: &str) -> Found {
    let text = compact(raw);
    match digits(text.trim_start_matches('0'), MOST_DIGITS).filter(|_| text.len() <= MOST_DIGITS) {
        Some(number) => Found::formed(number.to_string()),
        None => {
            let warning = "A UPRN is a number of up to 12 digits, as in 100023336956; it is kept as given.";
            Found::unverified(text, warning.to_owned())
        }
    }
}
