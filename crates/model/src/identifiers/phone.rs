//! Telephone numbers, canonical as E.164 (`+447700900123`).

use super::Found;

pub(super) fn read(raw: &str) -> Found {
    let plain = plain(raw);
    let Some(number) = international(&plain) else {
        let warning = "This is not a whole telephone number; it is kept as given.";
        return Found::unverified(plain, warning.to_owned());
    };
    if plain.starts_with(['+', '0']) {
        return Found::formed(number);
    }
    let warning = "This number was given without its leading 0 or +; it is read as a British one.";
    Found::unverified(number, warning.to_owned())
}

/// Takes out the trunk zero in brackets, and what only groups digits.
fn plain(raw: &str) -> String {
    let without_trunk = raw.replace("(0)", "");
    let is_kept =
        |c: &char| !c.is_whitespace() && !matches!(c, '-' | '(' | ')' | '.' | '/' | '\u{2010}'..='\u{2015}');
    without_trunk.chars().filter(is_kept).map(|c| c.to_ascii_uppercase()).collect()
}

fn international(plain: &str) -> Option<String> {
    let signed = plain.strip_prefix('+').or_else(|| plain.strip_prefix("00"));
    if let Some(digits) = signed.filter(|digits| all_digits(digits)) {
        return match digits.strip_prefix("44") {
            Some(national) => british(national),
            None => is_foreign(digits).then(|| format!("+{digits}")),
        };
    }
    if !all_digits(plain) {
        return None;
    }
    match plain.strip_prefix('0') {
        Some(national) => british(national),
        None => bare(plain),
    }
}

/// Sheets drop the leading zero of mobile numbers, and some sources write 44 without the plus.
fn bare(digits: &str) -> Option<String> {
    let national = digits.strip_prefix("44").filter(|national| national.len() == 10).unwrap_or(digits);
    (national.len() == 10 && national.starts_with('7')).then(|| british(national)).flatten()
}

fn british(national: &str) -> Option<String> {
    let national = national.strip_prefix('0').unwrap_or(national);
    let length = national.len();
    let fits = if national.starts_with('7') { length == 10 } else { (9..=10).contains(&length) };
    (fits && !national.starts_with('0')).then(|| format!("+44{national}"))
}

fn is_foreign(digits: &str) -> bool {
    (7..=15).contains(&digits.len()) && !digits.starts_with('0')
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}
