//! How a record of a person comes to differ from another of the same person: what people say, what
//! officers mishear, mistype or leave out, and what changes in a life. Each slip has a word in the
//! truth.

use super::letters;
use super::presented::Presented;
use crate::names::Names;
use crate::random::Random;
use model::value::{PartialDate, Place};

/// One way in which a record differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slip {
    /// Written as it was heard.
    Phonetic,
    /// A key missed, doubled, struck in the wrong order or beside the right one.
    Typing,
    /// Misread from paper by a machine.
    MisreadFromPaper,
    /// Another common spelling of the name.
    Variant,
    /// Forename and surname the wrong way round.
    SwappedNames,
    /// The surname of a marriage, or the one before it.
    MarriedName,
    /// A nickname for the forename.
    Nickname,
    /// Initials only.
    Initials,
    /// Middle names left out.
    MiddleNamesMissing,
    /// Parts of a name joined, or one of them left out.
    JoinedParts,
    /// Accents, apostrophes and hyphens lost.
    AccentsLost,
    /// Day and month of birth the wrong way round.
    DayAndMonthSwapped,
    /// The year of birth wrong by one, two or ten.
    YearOff,
    /// One digit of the day or month of birth wrong.
    DayOff,
    /// Of the date of birth only the year is known.
    YearOnly,
    /// No date of birth.
    BornMissing,
    /// Another address.
    Moved,
    /// No address.
    AddressMissing,
    /// Another telephone number, or none.
    OtherPhone,
    /// One character of the PNCID wrong.
    WrongPncId,
}

/// Every slip with its weight.
const ALL: &[(u32, Slip)] = &[
    (12, Slip::Phonetic),
    (14, Slip::Typing),
    (3, Slip::MisreadFromPaper),
    (9, Slip::Variant),
    (4, Slip::SwappedNames),
    (6, Slip::MarriedName),
    (10, Slip::Nickname),
    (3, Slip::Initials),
    (16, Slip::MiddleNamesMissing),
    (4, Slip::JoinedParts),
    (8, Slip::AccentsLost),
    (4, Slip::DayAndMonthSwapped),
    (6, Slip::YearOff),
    (5, Slip::DayOff),
    (3, Slip::YearOnly),
    (4, Slip::BornMissing),
    (22, Slip::Moved),
    (8, Slip::AddressMissing),
    (22, Slip::OtherPhone),
    (2, Slip::WrongPncId),
];

impl Slip {
    /// The word in the truth.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Phonetic => "phonetic",
            Self::Typing => "typing",
            Self::MisreadFromPaper => "ocr",
            Self::Variant => "variant",
            Self::SwappedNames => "swapped-names",
            Self::MarriedName => "married-name",
            Self::Nickname => "nickname",
            Self::Initials => "initials",
            Self::MiddleNamesMissing => "middle-names-missing",
            Self::JoinedParts => "joined-parts",
            Self::AccentsLost => "accents-lost",
            Self::DayAndMonthSwapped => "day-month-swapped",
            Self::YearOff => "year-off",
            Self::DayOff => "day-off",
            Self::YearOnly => "year-only",
            Self::BornMissing => "born-missing",
            Self::Moved => "moved",
            Self::AddressMissing => "address-missing",
            Self::OtherPhone => "other-phone",
            Self::WrongPncId => "wrong-pnc-id",
        }
    }

    /// Every slip that there is.
    pub fn all() -> impl Iterator<Item = Self> {
        ALL.iter().map(|(_, slip)| *slip)
    }
}

/// What a slip may need besides the record.
#[derive(Debug)]
pub struct Surroundings<'a> {
    /// Lists of names.
    pub names: &'a Names,
    /// Where the person lived before or lives now.
    pub other_address: Place,
    /// Another number of theirs.
    pub other_phone: String,
    /// A surname that they have by marriage or had before it.
    pub other_surname: Option<String>,
}

/// Makes one to four slips, each once, and says which of them changed something.
pub fn slip(presented: &mut Presented, around: &Surroundings<'_>, random: &mut Random) -> Vec<Slip> {
    let mut made = Vec::new();
    for _ in 0..=random.ranked(4) {
        let Some(slip) = random.weighted(ALL).copied().filter(|slip| !made.contains(slip)) else { continue };
        if apply(slip, presented, around, random) {
            made.push(slip);
        }
    }
    made.sort_unstable();
    made
}

/// Makes one slip; false where it changes nothing in this record.
pub fn apply(slip: Slip, record: &mut Presented, around: &Surroundings<'_>, random: &mut Random) -> bool {
    match slip {
        Slip::Phonetic => in_a_name(record, random, letters::as_heard),
        Slip::Typing => in_a_name(record, random, letters::mistyped),
        Slip::MisreadFromPaper => in_a_name(record, random, letters::misread),
        Slip::AccentsLost => in_both_names(record, letters::plain),
        Slip::Variant => variant(record, around.names, random),
        Slip::SwappedNames => swap_names(record),
        Slip::MarriedName => marry(record, around),
        Slip::Nickname => nickname(record, around.names, random),
        Slip::Initials => replace(&mut record.forenames, letters::initials),
        Slip::MiddleNamesMissing => {
            replace(&mut record.forenames, |names| names.split_once(' ').map(|(first, _)| first.to_owned()))
        }
        Slip::JoinedParts => joined(record, random),
        Slip::DayAndMonthSwapped => {
            in_date(record, |date| PartialDate { month: date.day, day: date.month, ..date })
        }
        Slip::YearOff => {
            let off = random.pick(&[-10, -2, -1, -1, 1, 1, 2, 10]).copied().unwrap_or(1);
            in_date(record, |date| PartialDate { year: date.year.map(|year| year + off), ..date })
        }
        Slip::DayOff => {
            let off = random.pick(&[-10, -1, 1, 10]).copied().unwrap_or(1);
            in_date(record, |date| PartialDate { day: date.day.map(|day| day + off), ..date })
        }
        Slip::YearOnly => in_date(record, |date| PartialDate { month: None, day: None, ..date }),
        Slip::BornMissing => record.born.take().is_some(),
        Slip::Moved => replaced(&mut record.address, Some(around.other_address.clone())),
        Slip::AddressMissing => record.address.take().is_some(),
        Slip::OtherPhone => {
            let other = random.happens(600).then(|| around.other_phone.clone());
            replaced(&mut record.phone, other)
        }
        Slip::WrongPncId => {
            let wrong = record.pnc_id.as_deref().and_then(|id| letters::wrong_digit(id, random));
            wrong.is_some() && replaced(&mut record.pnc_id, wrong)
        }
    }
}

fn replaced<T: PartialEq>(held: &mut Option<T>, other: Option<T>) -> bool {
    let differs = *held != other;
    *held = other;
    differs
}

fn replace(text: &mut String, change: impl FnOnce(&str) -> Option<String>) -> bool {
    match change(text).filter(|changed| changed != text) {
        Some(changed) => {
            *text = changed;
            true
        }
        None => false,
    }
}

/// Mostly in the surname, because that is where a slip is met most.
fn in_a_name(
    record: &mut Presented,
    random: &mut Random,
    change: fn(&str, &mut Random) -> Option<String>,
) -> bool {
    let is_surname = record.forenames.is_empty() || random.happens(600);
    let text = if is_surname { &mut record.surname } else { &mut record.forenames };
    replace(text, |text| change(text, random))
}

fn in_both_names(record: &mut Presented, change: fn(&str) -> Option<String>) -> bool {
    let surname = replace(&mut record.surname, change);
    replace(&mut record.forenames, change) || surname
}

fn variant(record: &mut Presented, names: &Names, random: &mut Random) -> bool {
    let mut other = |text: &str| {
        let parts: Vec<&str> = text.split(' ').collect();
        let at = parts.iter().position(|part| !names.variants(part).is_empty())?;
        let variant = random.pick(names.variants(parts.get(at)?))?;
        Some(letters::with_part(&parts, at, variant))
    };
    replace(&mut record.surname, &mut other) || replace(&mut record.forenames, &mut other)
}

fn nickname(record: &mut Presented, names: &Names, random: &mut Random) -> bool {
    replace(&mut record.forenames, |text| {
        let first = text.split(' ').next()?;
        random.pick(names.nicknames(first)).cloned()
    })
}

fn swap_names(record: &mut Presented) -> bool {
    if record.forenames.is_empty() {
        return false;
    }
    std::mem::swap(&mut record.forenames, &mut record.surname);
    true
}

fn marry(record: &mut Presented, around: &Surroundings<'_>) -> bool {
    record.other_names.clear();
    around.other_surname.as_ref().is_some_and(|other| replace(&mut record.surname, |_| Some(other.clone())))
}

/// `Smith-Jones` as `Smith Jones`, `SmithJones` or `Jones`.
fn joined(record: &mut Presented, random: &mut Random) -> bool {
    let way = random.below(3);
    let change = |text: &str| {
        let (first, last) = text.split_once(['-', ' '])?;
        Some(match way {
            0 => format!("{first} {last}"),
            1 => format!("{first}{}", last.to_lowercase()),
            _ => last.to_owned(),
        })
    };
    replace(&mut record.surname, change) || replace(&mut record.forenames, change)
}

fn in_date(record: &mut Presented, change: impl FnOnce(PartialDate) -> PartialDate) -> bool {
    let Some(born) = record.born else { return false };
    let changed = change(born);
    // A slip that gives no real day would have been seen at once.
    if changed == born || !changed.is_possible() || changed.day == Some(0) {
        return false;
    }
    record.born = Some(changed);
    true
}

#[cfg(test)]
#[path = "slips_tests.rs"]
mod tests;
