//! Postcodes, canonical as `SW1A 1AA`.

use super::{Found, compact};

pub(super) fn read(raw: &str) -> Found {
    let text = compact(raw);
    match parse(&text) {
        Some(canonical) => Found::formed(canonical),
        None => {
            let warning = "This has no form of a British postcode; it is kept as given.";
            Found::unverified(text, warning.to_owned())
        }
    }
}

fn parse(text: &str) -> Option<String> {
    let at = text.len().checked_sub(3).filter(|at| *at > 0)?;
    let (outward, inward) = text.split_at_checked(at)?;
    let is_whole = (text == "GIR0AA") || (is_outward(outward.as_bytes()) && is_inward(inward.as_bytes()));
    is_whole.then(|| format!("{outward} {inward}"))
}

fn is_outward(outward: &[u8]) -> bool {
    let is_first = |b: u8| b.is_ascii_uppercase() && !matches!(b, b'Q' | b'V' | b'X');
    let Some((_, rest)) = outward.split_first().filter(|(first, _)| is_first(**first)) else {
        return false;
    };
    match rest {
        [a] => a.is_ascii_digit(),
        [a, b] if a.is_ascii_digit() => b.is_ascii_digit() || b"ABCDEFGHJKPSTUW".contains(b),
        [a, b] => is_second(*a) && b.is_ascii_digit(),
        [a, b, c] => {
            is_second(*a) && b.is_ascii_digit() && (c.is_ascii_digit() || b"ABEHMNPRVWXY".contains(c))
        }
        _ => false,
    }
}

fn is_second(letter: u8) -> bool {
    letter.is_ascii_uppercase() && !matches!(letter, b'I' | b'J' | b'Z')
}

fn is_inward(inward: &[u8]) -> bool {
    let is_last = |b: &u8| b.is_ascii_uppercase() && !b"CIKMOV".contains(b);
    matches!(inward, [digit, a, b] if digit.is_ascii_digit() && is_last(a) && is_last(b))
}
