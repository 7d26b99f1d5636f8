//! Vehicle registration mark. None is ever refused: a foreign or misread mark is a trace too.

use super::Found;

/// The series that a mark belongs to by its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// `AB12 CDE`, since September 2001.
    Current,
    /// `A123 BCD`, 1983 to 2001.
    Prefix,
    /// `ABC 123D`, 1963 to 1983.
    Suffix,
    /// `ABC 123` or `1234 AB`, before 1963 and cherished marks.
    Dateless,
    /// `Q123 ABC`: a vehicle of unknown age or identity.
    Q,
    /// Northern Ireland: a letter I or Z among the last two letters, then digits.
    NorthernIreland,
    /// `101 D 234`: diplomatic.
    Diplomatic,
    /// No British form: foreign, military, trade, or misread.
    Unknown,
}

impl Class {
    /// The class in plain words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Current => "current series",
            Self::Prefix => "prefix series",
            Self::Suffix => "suffix series",
            Self::Dateless => "dateless",
            Self::Q => "Q mark",
            Self::NorthernIreland => "Northern Ireland",
            Self::Diplomatic => "diplomatic",
            Self::Unknown => "no British series",
        }
    }
}

pub(super) fn read(raw: &str) -> Found {
    let canonical = canonical(raw);
    match class(&canonical) {
        Class::Unknown => {
            let warning =
                "This has no form of a British mark. It may be foreign, or misread; it is kept as given.";
            Found::unverified(canonical, warning.to_owned())
        }
        _ => Found::formed(canonical),
    }
}

fn canonical(raw: &str) -> String {
    let is_kept = |c: &char| !c.is_whitespace() && !matches!(c, '-' | '.' | '·');
    raw.chars().filter(is_kept).map(|c| c.to_ascii_uppercase()).collect()
}

/// The class of a mark, written with or without spaces.
#[must_use]
pub fn class(mark: &str) -> Class {
    let mark = canonical(mark);
    let runs = runs(&mark);
    match runs.as_slice() {
        [Run::Letters(area), Run::Digits(age), Run::Letters(last)] if is_current(area, age, last) => {
            Class::Current
        }
        [Run::Letters("Q"), Run::Digits(number), Run::Letters(last)]
            if is(number, 1, 3) && last.len() == 3 =>
        {
            Class::Q
        }
        [Run::Letters(year), Run::Digits(number), Run::Letters(last)]
            if is_year_letter(year) && is(number, 1, 3) && last.len() == 3 =>
        {
            Class::Prefix
        }
        [Run::Letters(first), Run::Digits(number), Run::Letters(year)]
            if first.len() == 3 && is(number, 1, 3) && is_year_letter(year) =>
        {
            Class::Suffix
        }
        [Run::Digits(first), Run::Letters("D" | "X"), Run::Digits(last)]
            if is(first, 3, 3) && is(last, 3, 3) =>
        {
            Class::Diplomatic
        }
        [Run::Letters(letters), Run::Digits(number)] if letters.len() <= 3 && is(number, 1, 4) => {
            two_runs(letters)
        }
        [Run::Digits(number), Run::Letters(letters)] if letters.len() <= 3 && is(number, 1, 4) => {
            two_runs(letters)
        }
        _ => Class::Unknown,
    }
}

fn two_runs(letters: &str) -> Class {
    let county = &letters[letters.len().saturating_sub(2)..];
    if county.len() == 2 && county.contains(['I', 'Z']) { Class::NorthernIreland } else { Class::Dateless }
}

fn is_current(area: &str, age: &str, last: &str) -> bool {
    let in_area = |b: u8| !matches!(b, b'I' | b'Q' | b'Z');
    let in_last = |b: u8| !matches!(b, b'I' | b'Q');
    area.len() == 2
        && area.bytes().all(in_area)
        && age.len() == 2
        && !matches!(age, "00" | "01")
        && last.len() == 3
        && last.bytes().all(in_last)
}

fn is_year_letter(text: &str) -> bool {
    matches!(text.as_bytes(), [letter] if !matches!(letter, b'I' | b'O' | b'Q' | b'U' | b'Z'))
}

fn is(digits: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&digits.len())
}

enum Run<'a> {
    Letters(&'a str),
    Digits(&'a str),
    Other,
}

/// Splits a mark into runs of letters and runs of digits.
fn runs(mark: &str) -> Vec<Run<'_>> {
    let mut runs = Vec::new();
    let mut rest = mark;
    while !rest.is_empty() {
        let letters = rest.bytes().take_while(u8::is_ascii_uppercase).count();
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (run, after) = rest.split_at(letters.max(digits));
        match (letters, digits) {
            (0, 0) => return vec![Run::Other],
            (0, _) => runs.push(Run::Digits(run)),
            _ => runs.push(Run::Letters(run)),
        }
        rest = after;
    }
    runs
}

/// Folds characters that are mistaken for each other on plates and in handwriting (0 and O, 1 and
/// I, 5 and S, 8 and B), so that a search finds `A8I2 CDE` for `AB12 CDE`.
#[must_use]
pub fn look_alike(mark: &str) -> String {
    canonical(mark)
        .chars()
        .map(|c| match c {
            'O' => '0',
            'I' => '1',
            'S' => '5',
            'Z' => '2',
            'G' => '6',
            'B' => '8',
            other => other,
        })
        .collect()
}
