//! The people of one household: who lives together, how old they are, what they are called.

use super::places::{Places, Street};
use crate::names::{Given, Line, Names, Who};
use crate::random::Random;
use jiff::ToSpan;
use jiff::civil::Date;
use model::value::Place;

/// The day on which the synthetic force stands: ages are of this day, and nothing happens after it.
pub const AS_OF: Date = jiff::civil::date(2026, 1, 1);
/// Households to a neighbourhood, within which most people meet.
pub const NEIGHBOURHOOD: u64 = 512;

/// What one is in a household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// The first adult; every household has one.
    First,
    /// Married to or living with the first.
    Partner,
    /// A child of the first, perhaps grown up.
    Child,
    /// A parent of the first.
    Grandparent,
    /// Lives there and is no relation.
    Lodger,
}

/// A person as they are, whatever is recorded of them.
#[derive(Debug, Clone)]
pub struct Person {
    /// Their present name.
    pub name: Given,
    /// The surname at birth, where another is borne now.
    pub birth_surname: Option<String>,
    /// Date of birth.
    pub born: Date,
    /// A woman or girl.
    pub is_female: bool,
    /// Ethnicity as they describe it (code).
    pub ethnicity: String,
    /// Origin of the name, for instance `polish`.
    pub origin: String,
    /// What they are in the household.
    pub role: Position,
    /// Whether the police meet them again and again.
    pub is_known: bool,
    /// The other person of the household with whom they are easily confused, and why.
    pub trap: Option<Trap>,
}

/// Two people who are not the same and look as if they were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trap {
    /// Born on one day, of one surname and sex.
    Twin,
    /// Child and parent of one name.
    SameNameAsParent,
}

impl Trap {
    /// The word in the truth.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Twin => "twin",
            Self::SameNameAsParent => "same-name-as-parent",
        }
    }
}

/// A household with its home.
#[derive(Debug)]
pub struct Home {
    /// Its number in the force, from 0.
    pub serial: u64,
    /// Where they live.
    pub address: Place,
    /// The street.
    pub street: Street,
    /// The people; the first is an adult.
    pub people: Vec<Person>,
}

/// The lists from which households are made.
#[derive(Debug)]
pub struct Lists {
    /// Names.
    pub names: Names,
    /// Towns and streets.
    pub places: Places,
}

impl Person {
    /// Whole years on [`AS_OF`].
    #[must_use]
    pub fn age(&self) -> i16 {
        let is_before = (self.born.month(), self.born.day()) > (AS_OF.month(), AS_OF.day());
        AS_OF.year() - self.born.year() - i16::from(is_before)
    }
}

impl Home {
    /// The household of a number. It depends on nothing but seed and number.
    pub fn of(lists: &Lists, seed: u64, serial: u64, streets: &[Street]) -> Option<Self> {
        let mut random = Random::numbered(seed, "household", &[serial]);
        let street = random.pick(streets)?.clone();
        let address = street.address(&mut random);
        let origin = lists.names.origin(&mut random)?;
        let line = Line::new(&lists.names, origin, &mut random);
        let mut maker = Maker { line, random, people: Vec::new(), place: serial % NEIGHBOURHOOD };
        maker.fill(lists);
        Some(Self { serial, address, street, people: maker.people })
    }
}

struct Maker<'a> {
    line: Line<'a>,
    random: Random,
    people: Vec<Person>,
    /// Number of the household within its neighbourhood.
    place: u64,
}

impl<'a> Maker<'a> {
    fn fill(&mut self, lists: &'a Lists) {
        let age = 18 + self.random.below(42) + self.random.below(38);
        let first_is_female = self.random.happens(500);
        let first = self.person(Position::First, age, first_is_female);
        self.people.push(first);
        match self.random.below(100) {
            0..30 => {}
            30..72 => self.couple(lists, age, first_is_female),
            72..88 => self.children(age),
            88..96 => self.lodgers(lists),
            _ => {
                self.couple(lists, age, first_is_female);
                self.grandparent(age);
            }
        }
    }

    fn couple(&mut self, lists: &'a Lists, age: u64, first_is_female: bool) {
        let partner_age = self.random.between(age as i64 - 6, age as i64 + 6).clamp(18, 97).unsigned_abs();
        let is_female = if self.random.happens(975) { !first_is_female } else { first_is_female };
        let mut partner = self.partner(lists, partner_age, is_female);
        let takes = if is_female { 550 } else { 30 };
        let first = self.people.first().map(|first| first.name.surname.clone()).unwrap_or_default();
        let shares_names =
            matches!(self.line.origin.id.as_str(), "british" | "caribbean" | "mixed" | "jewish");
        if shares_names && self.random.happens(takes) && first != partner.name.surname {
            let before = partner.name.surname.clone();
            partner.name.surname = if self.random.happens(60) { format!("{before}-{first}") } else { first };
            partner.birth_surname = Some(before);
        }
        self.people.push(partner);
        if self.random.happens(620) {
            self.children(age.min(partner_age));
        }
    }

    /// Partners mostly share an origin.
    fn partner(&mut self, lists: &'a Lists, age: u64, is_female: bool) -> Person {
        let origin = match self.random.happens(880) {
            true => Some(self.line.origin),
            false => lists.names.origin(&mut self.random),
        };
        let other = Line::new(&lists.names, origin.unwrap_or(self.line.origin), &mut self.random);
        let own = std::mem::replace(&mut self.line, other);
        let partner = self.person(Position::Partner, age, is_female);
        self.line = own;
        partner
    }

    fn children(&mut self, parent_age: u64) {
        let count = 1 + self.random.ranked(4);
        let mut age = parent_age.saturating_sub(18 + self.random.below(20)).min(30);
        for _ in 0..count {
            let is_female = self.random.happens(490);
            let child = self.child(age, is_female);
            self.people.push(child);
            if self.random.happens(14) {
                self.twin();
            }
            let gap = 1 + self.random.below(5);
            if age < gap {
                return;
            }
            age -= gap;
        }
    }

    fn child(&mut self, age: u64, is_female: bool) -> Person {
        let mut child = self.person(Position::Child, age, is_female);
        let parent = self.people.first().filter(|parent| parent.is_female == is_female);
        if let Some(parent) = parent.filter(|_| self.random.happens(25)) {
            child.name = parent.name.clone();
            child.trap = Some(Trap::SameNameAsParent);
        }
        child
    }

    fn twin(&mut self) {
        let Some(mut child) = self.people.last().cloned() else { return };
        let age = child.age().unsigned_abs().into();
        let name = self.name(Position::Child, age, child.is_female);
        if name.forenames == child.name.forenames {
            return;
        }
        child.trap = Some(Trap::Twin);
        if let Some(last) = self.people.last_mut() {
            last.trap = Some(Trap::Twin);
        }
        self.people.push(Person { name: Given { surname: child.name.surname.clone(), ..name }, ..child });
    }

    fn grandparent(&mut self, age: u64) {
        let is_female = self.random.happens(650);
        let years = age + 20 + self.random.below(18);
        let grandparent = self.person(Position::Grandparent, years.min(101), is_female);
        self.people.push(grandparent);
    }

    fn lodgers(&mut self, lists: &'a Lists) {
        for _ in 0..=self.random.below(4) {
            let origin = lists.names.origin(&mut self.random).unwrap_or(self.line.origin);
            self.line = Line::new(&lists.names, origin, &mut self.random);
            let (age, is_female) = (18 + self.random.ranked(40), self.random.happens(420));
            let lodger = self.person(Position::Lodger, age, is_female);
            self.people.push(lodger);
        }
    }

    fn person(&mut self, role: Position, age: u64, is_female: bool) -> Person {
        let days = self.random.between(0, 364);
        let years = i64::try_from(age).unwrap_or(0);
        let born = AS_OF.saturating_sub(years.years()).saturating_sub(days.days());
        // The first households of a neighbourhood are the ones that are met again and again; most who
        // are met are young men.
        let young = if (14..40).contains(&age) { 3 } else { 1 };
        let likely = young * if is_female { 1 } else { 3 } * (6 + 900 / (self.place + 8));
        Person {
            name: self.name(role, age, is_female),
            birth_surname: None,
            born,
            is_female,
            ethnicity: self.line.origin.ethnicity(&mut self.random).to_owned(),
            origin: self.line.origin.id.clone(),
            role,
            is_known: age >= 10 && self.random.happens(likely),
            trap: None,
        }
    }

    fn name(&mut self, role: Position, age: u64, is_female: bool) -> Given {
        let born = AS_OF.year() - i16::try_from(age).unwrap_or(0);
        self.line.name(&mut self.random, Who { born, is_female, is_child: role == Position::Child })
    }
}
