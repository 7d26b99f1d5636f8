//! National Insurance number: `QQ123456C`. It carries no check; the form and the letters that are
//! never given out are all that can be told (HMRC, National Insurance Manual NIM39110).

use super::{Found, compact};

/// Pairs of letters that no number begins with.
const NEVER_GIVEN: [&str; 7] = ["BG", "GB", "NK", "KN", "TN", "NT", "ZZ"];

pub(super) fn read(raw: &str) -> Found {
    let text = compact(raw);
    if is_formed(text.as_bytes()) && !NEVER_GIVEN.iter().any(|pair| text.starts_with(pair)) {
        return Found::formed(text);
    }
    let warning = "A National Insurance number is two letters, 6 digits and A, B, C or D, as in AB123456C, \
                   and some pairs of letters are never given; it is kept as given.";
    Found::unverified(text, warning.to_owned())
}

/// The last letter may be missing: older papers leave it out.
fn is_formed(text: &[u8]) -> bool {
    let (stem, suffix) = text.split_at(text.len().min(8));
    let [first, second, number @ ..] = stem else { return false };
    number.len() == 6
        && is_given(*first)
        && is_given(*second)
        && *second != b'O'
        && number.iter().all(u8::is_ascii_digit)
        && matches!(suffix, [] | [b'A'..=b'D'])
}

fn is_given(letter: u8) -> bool {
    letter.is_ascii_uppercase() && !matches!(letter, b'D' | b'F' | b'I' | b'Q' | b'U' | b'V')
}
