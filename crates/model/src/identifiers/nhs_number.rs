//! NHS number: ten digits, canonical without spaces (`9434765919`). The last digit checks the nine
//! before it, modulus 11 (NHS Data Dictionary, NHS NUMBER).

use super::{Found, Standing, compact};

pub(super) fn read(raw: &str) -> Found {
    let text: String = compact(raw).chars().filter(|c| *c != '-').collect();
    let Some((stem, given)) = parts(&text) else {
        let warning = "An NHS number is 10 digits, as in 943 476 5919; it is kept as given.";
        return Found::unverified(text, warning.to_owned());
    };
    match check_digit(&stem) {
        Some(right) if right == given => {
            Found { canonical: text, standing: Standing::Verified, warning: None }
        }
        Some(right) => {
            let warning = format!(
                "The last digit of this NHS number should be {right}, not {given}. One digit is wrong; it is kept as given."
            );
            Found::unverified(text, warning)
        }
        None => {
            let warning = "No NHS number begins with these nine digits; it is kept as given.";
            Found::unverified(text, warning.to_owned())
        }
    }
}

fn parts(text: &str) -> Option<([u8; 9], u8)> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).map(|octet| octet - b'0').collect();
    let (last, stem) = digits.split_last().filter(|_| digits.len() == text.len())?;
    Some((stem.try_into().ok()?, *last))
}

/// The digit that checks the first nine; `None` where none does, because the sum asks for ten.
#[must_use]
pub fn check_digit(stem: &[u8; 9]) -> Option<u8> {
    let weights = (2..=10u32).rev();
    let sum: u32 = stem.iter().zip(weights).map(|(digit, weight)| u32::from(*digit) * weight).sum();
    match 11 - sum % 11 {
        11 => Some(0),
        10 => None,
        digit => u8::try_from(digit).ok(),
    }
}
