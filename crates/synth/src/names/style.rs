//! How names hang together in a family: who bears whose name, and in which order parts stand.

use super::{Names, Origin};
use crate::random::Random;
use serde::Deserialize;

/// The ways of naming that the generator knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Style {
    /// Forenames by decade; a surname that a wife may take.
    British,
    /// A forename and the family's surname, which may differ for women by its ending.
    Western,
    /// The father's surname and then the mother's, or the other way round.
    TwoSurnames,
    /// The own name, then the father's, then the grandfather's.
    Patronymic,
    /// Each with a surname of their own, men often behind Mohammed, women with Bibi or Begum.
    SouthAsianMuslim,
    /// Singh and Kaur, before the family's name or in its place.
    Sikh,
    /// The father's name as an initial before the own.
    Initial,
    /// Often one name only.
    Single,
    /// Own name, father's name, family.
    Arab,
    /// The family's name stands first at home and last here; younger people have an English name too.
    FamilyFirst,
    /// Endings for men, wives and daughters.
    Lithuanian,
}

/// A name as a person bears it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// Forenames; empty where there is one name only.
    pub forenames: String,
    /// Surname or only name.
    pub surname: String,
}

/// A family's line, from which its members take their names.
#[derive(Debug)]
pub struct Line<'a> {
    names: &'a Names,
    /// The origin of the family.
    pub origin: &'a Origin,
    surname: String,
    mother: String,
    father: String,
    grandfather: String,
    /// Whether children bear British forenames.
    is_settled: bool,
}

/// Whose name is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Who {
    /// Year of birth.
    pub born: i16,
    /// A woman or girl.
    pub is_female: bool,
    /// A child of the family, who may have a British forename where the family is settled.
    pub is_child: bool,
}

impl<'a> Line<'a> {
    /// A line of an origin.
    pub fn new(names: &'a Names, origin: &'a Origin, random: &mut Random) -> Self {
        let male = |random: &mut Random| origin.male.draw(random).to_owned();
        let surname = match origin.style {
            Style::British if origin.surnames.is_empty() || random.happens(500) => {
                names.british_surname(random)
            }
            _ => origin.surnames.draw(random).to_owned(),
        };
        Self {
            surname,
            mother: origin.surnames.draw(random).to_owned(),
            father: male(random),
            grandfather: male(random),
            is_settled: random.happens(300),
            names,
            origin,
        }
    }

    /// The name of a member of the family.
    pub fn name(&self, random: &mut Random, who: Who) -> Given {
        let own = self.forename(random, who);
        match self.origin.style {
            Style::British => given(self.with_middle_names(random, own, who, 650), &self.surname),
            Style::Western => given(self.with_middle_names(random, own, who, 200), &self.ended(who)),
            Style::TwoSurnames => given(own, &self.two_surnames(random)),
            Style::Patronymic => given(format!("{own} {}", self.father), &self.grandfather),
            Style::SouthAsianMuslim => self.south_asian(random, own, who),
            Style::Sikh => self.sikh(random, own, who),
            Style::Initial => self.initial(random, own, who),
            Style::Single => self.single(random, own),
            Style::Arab if random.happens(400) => given(format!("{own} {}", self.father), &self.surname),
            Style::Arab => given(own, &self.surname),
            Style::FamilyFirst => self.family_first(random, own, who),
            Style::Lithuanian => given(own, &self.lithuanian(who)),
        }
    }

    fn forename(&self, random: &mut Random, who: Who) -> String {
        let list = if who.is_female { &self.origin.female } else { &self.origin.male };
        let is_british = self.origin.style == Style::British && (list.is_empty() || random.happens(600));
        if is_british || (who.is_child && self.is_settled) {
            return self.names.british_forename(random, who.born, who.is_female).to_owned();
        }
        list.draw(random).to_owned()
    }

    fn with_middle_names(&self, random: &mut Random, own: String, who: Who, in_a_thousand: u64) -> String {
        let mut names = own;
        let mut likely = in_a_thousand;
        while random.happens(likely) {
            let middle = self.forename(random, Who { born: who.born - 30, ..who });
            if !names.split(' ').any(|name| name == middle) {
                names = format!("{names} {middle}");
            }
            likely /= 6;
        }
        names
    }

    fn ended(&self, who: Who) -> String {
        let female = self.origin.feminine.iter().filter(|_| who.is_female);
        let mut ended = female.filter_map(|[male, female]| {
            self.surname.strip_suffix(male.as_str()).map(|stem| format!("{stem}{female}"))
        });
        ended.next().unwrap_or_else(|| self.surname.clone())
    }

    fn two_surnames(&self, random: &mut Random) -> String {
        if self.mother == self.surname || random.happens(350) {
            return self.surname.clone();
        }
        format!("{} {}", self.surname, self.mother)
    }

    fn south_asian(&self, random: &mut Random, own: String, who: Who) -> Given {
        if who.is_female && random.happens(450) {
            return given(own, self.origin.women.draw(random));
        }
        let is_family_name = random.happens(650);
        let surname =
            if is_family_name { self.surname.clone() } else { self.origin.surnames.draw(random).to_owned() };
        if who.is_female || !random.happens(400) {
            return given(own, &surname);
        }
        let prefix = self.origin.prefixes.draw(random);
        if own.starts_with(prefix) {
            given(own, &surname)
        } else {
            given(format!("{prefix} {own}"), &surname)
        }
    }

    fn sikh(&self, random: &mut Random, own: String, who: Who) -> Given {
        let shared = if who.is_female { "Kaur" } else { "Singh" };
        match random.below(10) {
            0..3 => given(own, shared),
            3..9 => given(format!("{own} {shared}"), &self.surname),
            _ => given(own, &self.surname),
        }
    }

    fn initial(&self, random: &mut Random, own: String, who: Who) -> Given {
        let letter: String = self.father.chars().take(1).collect();
        match random.below(10) {
            0..4 => given(own, &self.father),
            4..6 => given(letter, &own),
            6..8 if who.is_child => given(own, &self.father),
            _ => given(own, &self.surname),
        }
    }

    fn single(&self, random: &mut Random, own: String) -> Given {
        if random.happens(350) { given(String::new(), &own) } else { given(own, &self.surname) }
    }

    fn family_first(&self, random: &mut Random, own: String, who: Who) -> Given {
        if who.born >= 1975 && random.happens(400) {
            let english = self.names.british_forename(random, who.born, who.is_female);
            return given(format!("{english} {own}"), &self.surname);
        }
        given(own, &self.surname)
    }

    fn lithuanian(&self, who: Who) -> String {
        let stem = self.surname.strip_suffix("as").or_else(|| self.surname.strip_suffix("us"));
        let stem = stem.or_else(|| self.surname.strip_suffix("is")).filter(|_| who.is_female);
        match stem {
            None => self.surname.clone(),
            Some(stem) if who.is_child => format!("{stem}aitė"),
            Some(stem) => format!("{stem}ienė"),
        }
    }
}

fn given(forenames: String, surname: &str) -> Given {
    Given { forenames, surname: surname.to_owned() }
}
