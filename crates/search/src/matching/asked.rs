//! What the words of a query ask for, and the ways in which they can be read: `mac donald 1985` is two
//! names and a year, or the one name `macdonald` and a year.

use super::birth;
use super::nicknames::{self, Kinship};
use super::spelling::{in_latin, sound};
use super::weights;
use crate::tokens::{Stems, Word, words};
use model::PartialDate;

/// Words of which several may be one name; of more, only hyphenated ones are joined.
const MOST_JOINED: usize = 6;

/// Words that are compared with every name; of more, all are looked for as they were written, and in other
/// forms of the word.
const MOST_NEAR: usize = 16;

/// Digits of a telephone number, one perhaps missing or too many.
const DIGITS_OF_PHONE: std::ops::RangeInclusive<usize> = 9..=15;

/// Particles of names, which are written, joined or left out as one likes.
const PARTICLES: &[&str] = &[
    "de", "da", "di", "du", "del", "della", "la", "le", "van", "der", "den", "von", "al", "el", "bin",
    "bint", "ibn", "ben", "abu", "mac", "mc", "st", "saint", "o", "dos", "do", "y", "e",
];

/// Whether a word is a particle of a name.
pub(crate) fn is_particle(word: &str) -> bool {
    PARTICLES.contains(&word)
}

/// One thing that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cell {
    /// As it was typed, for the explanation.
    pub(crate) typed: String,
    /// A word, folded.
    pub(crate) word: String,
    /// The field it is asked for in; any, where there is none.
    pub(crate) field: Option<String>,
    pub(crate) stem: String,
    pub(crate) sound: Option<String>,
    pub(crate) latin: Option<String>,
    pub(crate) nicknames: Vec<(&'static str, Kinship)>,
    pub(crate) born: Option<PartialDate>,
    /// Whether it is compared with names that are near to it.
    pub(crate) near: bool,
    /// Whether it was typed as several words: then it is one name in full, or none.
    pub(crate) joined: bool,
    /// What it costs where a record does not hold it; it must hold it where this is `None`.
    pub(crate) lost: Option<f32>,
}

/// One way of reading the words, and what that reading costs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Way {
    pub(crate) cells: Vec<Cell>,
    pub(crate) cost: f32,
}

/// Words that stand side by side in a query, each with the field that it is asked for in.
pub(crate) type Texts<'a> = &'a [(Option<&'a str>, &'a str)];

/// The ways in which words can be read; none where nothing is left of them.
pub(crate) fn ways(texts: Texts<'_>, stems: &mut Stems) -> Vec<Way> {
    let mut read: Vec<(Option<String>, Word)> = Vec::new();
    for (field, text) in texts {
        read.extend(words(text).into_iter().map(|word| (field.map(str::to_owned), word)));
    }
    if read.is_empty() {
        return Vec::new();
    }
    let mut base: Vec<Vec<Cell>> =
        read.iter().map(|(field, word)| of_word(field.as_deref(), word, stems)).collect();
    if base.len() > MOST_NEAR {
        base.iter_mut().flatten().for_each(|cell| cell.near = false);
    }
    let flat = |cells: &[Vec<Cell>]| settle(cells.concat());
    let mut ways = vec![Way { cells: flat(&base), cost: 0.0 }];
    for (number, (field, word)) in read.iter().enumerate() {
        let joined = word.joined().filter(|_| base[number].len() > 1);
        ways.extend(joined.map(|joined| {
            let mut cells = base.clone();
            cells[number] = vec![Cell { joined: true, ..cell(field.as_deref(), &joined, &joined, stems) }];
            Way { cells: flat(&cells), cost: 0.0 }
        }));
    }
    if base.len() <= MOST_JOINED {
        ways.extend(joined_pairs(&base, stems));
        ways.extend(joined_digits(&base, stems));
    }
    ways
}

/// The reading in which groups of digits side by side are one telephone number.
fn joined_digits(base: &[Vec<Cell>], stems: &mut Stems) -> Option<Way> {
    let is_digits = |cells: &Vec<Cell>| matches!(cells.as_slice(), [cell] if cell.field.is_none() && cell.word.bytes().all(|b| b.is_ascii_digit()));
    let start = base.iter().position(is_digits)?;
    let count = base[start..].iter().take_while(|cells| is_digits(cells)).count();
    let groups = &base[start..start + count];
    let number: String = groups.iter().flatten().map(|cell| cell.word.as_str()).collect();
    if count < 2 || !DIGITS_OF_PHONE.contains(&number.len()) {
        return None;
    }
    let typed: Vec<&str> = groups.iter().flatten().map(|cell| cell.typed.as_str()).collect();
    let joined = Cell { joined: true, ..cell(None, &typed.join(" "), &number, stems) };
    let mut cells = base.to_vec();
    cells.splice(start..start + count, [vec![joined]]);
    Some(Way { cells: settle(cells.concat()), cost: 0.0 })
}

/// The readings in which two words side by side are one name.
fn joined_pairs(base: &[Vec<Cell>], stems: &mut Stems) -> Vec<Way> {
    let mut ways = Vec::new();
    for number in 1..base.len() {
        let ([left], [right]) = (base[number - 1].as_slice(), base[number].as_slice()) else { continue };
        let are_names = |cell: &Cell| cell.born.is_none() && cell.word.chars().all(char::is_alphabetic);
        if left.field != right.field || !are_names(left) || !are_names(right) {
            continue;
        }
        let word = format!("{}{}", left.word, right.word);
        let typed = format!("{} {}", left.typed, right.typed);
        let joined = Cell { joined: true, ..cell(left.field.as_deref(), &typed, &word, stems) };
        let mut cells = base.to_vec();
        cells.splice(number - 1..=number, [vec![joined]]);
        ways.push(Way { cells: settle(cells.concat()), cost: weights::JOINED });
    }
    ways
}

/// A date is one thing; any other word is each of its parts.
fn of_word(field: Option<&str>, word: &Word, stems: &mut Stems) -> Vec<Cell> {
    if let Some(born) = birth::read(&word.parts).filter(|_| field.is_none()) {
        let typed = word.parts.join("/");
        let whole = word.joined().unwrap_or_else(|| typed.clone());
        return vec![Cell { born: Some(born), ..cell(None, &typed, &whole, stems) }];
    }
    word.parts.iter().map(|part| cell(field, part, part, stems)).collect()
}

fn cell(field: Option<&str>, typed: &str, word: &str, stems: &mut Stems) -> Cell {
    Cell {
        typed: typed.to_owned(),
        word: word.to_owned(),
        field: field.map(str::to_owned),
        stem: stems.stem(word),
        sound: sound(word),
        latin: in_latin(word),
        nicknames: nicknames::related(word),
        born: None,
        near: true,
        joined: false,
        lost: is_particle(word).then_some(weights::PARTICLE_LOST),
    }
}

/// Something must be held: particles alone are asked for as any words are; and beside one other name, what
/// looks like a particle may be a name.
fn settle(mut cells: Vec<Cell>) -> Vec<Cell> {
    let names = cells.iter().filter(|cell| cell.lost.is_none() && cell.born.is_none()).count();
    for cell in cells.iter_mut().filter(|cell| cell.lost.is_some()) {
        cell.lost = match names {
            0 => None,
            1 => Some(weights::SHORT_NAME_LOST),
            _ => cell.lost,
        };
    }
    cells
}

/// The readings in which one word or date is not held at all, for when nothing holds all of them.
pub(crate) fn without_one(ways: &[Way]) -> Vec<Way> {
    let Some(base) = ways.first().filter(|way| way.cells.len() > 1) else { return Vec::new() };
    let without = |number: usize| {
        let mut cells = base.cells.clone();
        cells[number].lost = Some(weights::WORD_LOST);
        Way { cells, cost: base.cost }
    };
    let required = (0..base.cells.len()).filter(|number| base.cells[*number].lost.is_none());
    required.map(without).filter(|way| way.cells.iter().any(|cell| cell.lost.is_none())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Vec<String>> {
        let ways = ways(&[(None, text)], &mut Stems::default());
        ways.into_iter().map(|way| way.cells.into_iter().map(|cell| cell.word).collect()).collect()
    }

    #[test]
    fn words_are_read_apart_and_joined() {
        assert_eq!(read("mac donald 1985"), [vec!["mac", "donald", "1985"], vec!["macdonald", "1985"]]);
        assert_eq!(read("al-khalid"), [vec!["al", "khalid"], vec!["alkhalid"]]);
        assert_eq!(read("o'brien"), [vec!["obrien"]]);
        assert!(read("&").is_empty());
    }

    #[test]
    fn particles_may_be_lost_unless_they_are_all() {
        let lost = |text| {
            let ways = ways(&[(None, text)], &mut Stems::default());
            ways[0].cells.iter().map(|cell| cell.lost.is_some()).collect::<Vec<_>>()
        };
        assert_eq!(lost("juan de la cruz"), [false, true, true, false]);
        assert_eq!(lost("de la"), [false, false]);
    }

    #[test]
    fn a_date_is_one_thing() {
        let ways = ways(&[(None, "smith"), (None, "12/03/1985")], &mut Stems::default());
        assert_eq!(ways.len(), 1, "a date is never part of a name");
        assert_eq!(ways[0].cells.len(), 2);
        assert!(ways[0].cells[1].born.is_some());
        assert_eq!(without_one(&ways).len(), 2);
    }
}
