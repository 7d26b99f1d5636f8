//! A household as the makers of needs look at it: its people with all their records, and its things.

use jiff::civil::Date;
use model::kinds::nominal::{self, address, date_of_birth, name, phone};
use model::value::Place;
use model::{Body, Kind, PartialDate, RecordId};
use synth::force::{Household, Made};
use synth::random::Random;

/// A household with its people.
pub struct House<'a> {
    /// All its records.
    pub records: &'a [Made],
    /// Its people.
    pub people: Vec<Known<'a>>,
}

/// A person and all records of them, the true one first.
pub struct Known<'a> {
    /// The records.
    pub records: Vec<&'a Made>,
}

/// What a nominal record says.
#[derive(Debug, Clone)]
pub struct Said {
    /// All forenames.
    pub forenames: String,
    /// Surname or only name.
    pub surname: String,
    /// Date of birth.
    pub born: Option<PartialDate>,
    /// Where they live.
    pub address: Option<Place>,
    /// Telephone number.
    pub phone: Option<String>,
}

impl<'a> House<'a> {
    /// The people of a household by the truth about its records.
    pub fn of(household: &'a Household) -> Self {
        let mut people: Vec<Known<'a>> = Vec::new();
        for made in &household.records {
            let Some(truth) = &made.truth else { continue };
            match people.iter_mut().find(|known| known.cluster() == Some(truth.cluster)) {
                Some(known) => known.records.push(made),
                None => people.push(Known { records: vec![made] }),
            }
        }
        Self { records: &household.records, people }
    }

    /// One of the people for whom something holds.
    pub fn person(&self, random: &mut Random, holds: impl Fn(&Said) -> bool) -> Option<(&Known<'a>, Said)> {
        let fitting: Vec<(&Known<'a>, Said)> = self
            .people
            .iter()
            .filter_map(|known| Some((known, said(known.records.first()?))))
            .filter(|(_, said)| holds(said))
            .collect();
        random.pick(&fitting).cloned()
    }

    /// One of the records of a kind.
    pub fn of_kind(&self, random: &mut Random, kind: &Kind) -> Option<&'a Made> {
        let fitting: Vec<&'a Made> =
            self.records.iter().filter(|made| made.kind.number == kind.number).collect();
        random.pick(&fitting).copied()
    }
}

impl Known<'_> {
    fn cluster(&self) -> Option<RecordId> {
        self.records.first()?.truth.as_ref().map(|truth| truth.cluster)
    }

    /// The true record is meant; the others are of the same person.
    pub fn relevant(&self) -> Vec<(RecordId, u8)> {
        self.records.iter().zip(0..).map(|(made, at)| (made.id, if at == 0 { 3 } else { 2 })).collect()
    }

    /// Origin of the name.
    pub fn origin(&self) -> &str {
        self.records.first().and_then(|made| made.truth.as_ref()).map_or("", |truth| truth.origin.as_str())
    }
}

impl Said {
    /// The first of the forenames.
    pub fn first(&self) -> &str {
        self.forenames.split(' ').next().unwrap_or_default()
    }

    /// The date of birth where it is known in full.
    pub fn birthday(&self) -> Option<Date> {
        self.born?.whole()
    }

    /// Whether there are a forename and a surname of at least two letters each, and a whole date of birth.
    pub fn is_whole(&self) -> bool {
        let letters = |text: &str| text.chars().filter(|letter| letter.is_alphabetic()).count() >= 2;
        letters(self.first()) && letters(&self.surname) && self.birthday().is_some()
    }
}

/// What a nominal record says.
pub fn said(made: &Made) -> Said {
    let first = |rows: Option<Vec<Body>>| rows.unwrap_or_default().into_iter().next().unwrap_or_default();
    let names = first(made.body.get(nominal::NAMES));
    Said {
        forenames: names.get(name::FORENAMES).unwrap_or_default(),
        surname: names.get(name::SURNAME).unwrap_or_default(),
        born: first(made.body.get(nominal::DATES_OF_BIRTH)).get(date_of_birth::DATE),
        address: first(made.body.get(nominal::ADDRESSES)).get(address::PLACE),
        phone: first(made.body.get(nominal::PHONES)).get(phone::NUMBER).map(|number| number.0),
    }
}

/// Every other name of a nominal of this type: forenames and surname.
pub fn other_names(made: &Made, wanted: &str) -> Vec<(String, String)> {
    let rows = made.body.get(nominal::NAMES).unwrap_or_default();
    let of_type = rows.iter().filter(|row| row.get(name::TYPE).is_some_and(|code| code.0 == wanted));
    let parts = |row: &Body| {
        (row.get(name::FORENAMES).unwrap_or_default(), row.get(name::SURNAME).unwrap_or_default())
    };
    of_type.map(parts).collect()
}

/// Words of a place; empty where it has none.
pub fn words(place: Option<&Place>) -> &str {
    place.and_then(|place| place.words.as_deref()).unwrap_or_default()
}

/// The town, which ends the words of a place.
pub fn town(words: &str) -> &str {
    words.rsplit_once(", ").map_or("", |(_, town)| town)
}

/// The name of the month of a day, as it is typed.
pub fn month_name(day: Date) -> String {
    day.strftime("%B").to_string().to_lowercase()
}
