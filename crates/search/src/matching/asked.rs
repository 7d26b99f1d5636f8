//! What the words of a query ask for, and the ways in which they can be read: `mac donald 1985` is two
//! names and a year, or the one name `macdonald` and a year.

use super::birth;
use super::nicknames::{self, Kinship};
use super::spelling::{in_latin, sound};
use super::thesaurus;
use super::weights::Cost;
use super::when::{self, When};
use crate::tokens::{Stems, Word, words};
use jiff::civil::Date;

/// Words of which several may be one name; of more, only hyphenated ones are joined.
const MOST_JOINED: usize = 6;

/// Things asked for of which one may be lacking beside answers that hold all.
const FEWEST_BESIDE_FOUND: usize = 3;

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

/// Words that say little: a record that holds the others need not hold them.
const LITTLE: &[&str] = &[
    "the", "an", "of", "in", "on", "at", "to", "by", "near", "from", "for", "with", "and", "or", "was", "is",
    "his", "her", "their", "who", "has", "had", "about", "around", "born", "called", "named",
];

/// Whether a word is a particle of a name.
pub(crate) fn is_particle(word: &str) -> bool {
    PARTICLES.contains(&word)
}

fn is_little(word: &str) -> bool {
    LITTLE.contains(&word)
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
    /// Words that may stand for it, each with its stem.
    pub(crate) instead: Vec<(&'static str, String)>,
    /// The time that it says.
    pub(crate) when: Option<When>,
    /// Whether it is compared with names that are near to it.
    pub(crate) near: bool,
    /// Whether it was typed as several words: then it is one name in full, or none.
    pub(crate) joined: bool,
    /// What it costs where a record does not hold it; it must hold it where this is `None`.
    pub(crate) lost: Option<Cost>,
}

/// One way of reading the words, and what that reading costs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Way {
    pub(crate) cells: Vec<Cell>,
    pub(crate) cost: Option<Cost>,
    /// How many of the things that a record must hold it may lack all the same.
    pub(crate) may_lack: usize,
}

impl Way {
    /// Of few things one may be lacking, of many words of a description more.
    fn of(cells: Vec<Cell>, cost: Option<Cost>, may_lack: usize) -> Self {
        let cells = settle(cells);
        let way = Self { cells, cost, may_lack };
        let most = way.required() / 2;
        Self { may_lack: may_lack.min(most), ..way }
    }

    /// How many things a record must hold.
    fn required(&self) -> usize {
        self.cells.iter().filter(|cell| cell.lost.is_none()).count()
    }
}

/// What is known of a question besides its words.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Asking {
    /// The day on which it is asked, from which ages count.
    pub(crate) today: Option<Date>,
    /// How many of the words may be lacking.
    pub(crate) may_lack: usize,
    /// Whether something holds all of them: what lacks one of few is then nothing like it.
    pub(crate) is_found: bool,
}

/// Words that are read as one thing, or as several.
type Group = Vec<Cell>;

/// What is asked for in one reading, and what that reading costs.
type Reading = (Vec<Cell>, Option<Cost>);

/// Words that stand side by side in a query, each with the field that it is asked for in.
pub(crate) type Texts<'a> = &'a [(Option<&'a str>, &'a str)];

/// The ways in which words can be read; none where nothing is left of them.
pub(crate) fn ways(texts: Texts<'_>, asking: Asking, stems: &mut Stems) -> Vec<Way> {
    let mut read: Vec<(Option<String>, Word)> = Vec::new();
    for (field, text) in texts {
        read.extend(words(text).into_iter().map(|word| (field.map(str::to_owned), word)));
    }
    if read.is_empty() {
        return Vec::new();
    }
    let mut plain: Vec<Group> =
        read.iter().map(|(field, word)| of_word(field.as_deref(), word, asking.today, stems)).collect();
    if plain.len() > MOST_NEAR {
        plain.iter_mut().flatten().for_each(|cell| cell.near = false);
    }
    let dated = with_times(&read, &plain, asking.today);
    let readings = || dated.iter().chain([&plain]);
    let mut all = Vec::new();
    for groups in readings() {
        all.push((groups.concat(), None));
        all.extend(joined_words(&read, groups, stems));
        if groups.len() <= MOST_JOINED {
            all.extend(joined_pairs(groups, stems));
            all.extend(joined_digits(groups, stems));
        }
    }
    let mut ways: Vec<Way> = all.into_iter().map(|(cells, cost)| Way::of(cells, cost, 0)).collect();
    if asking.may_lack > 0 {
        let lacking = readings().map(|groups| Way::of(groups.concat(), None, asking.may_lack));
        ways.extend(lacking.filter(|way| !asking.is_found || way.required() >= FEWEST_BESIDE_FOUND));
    }
    ways
}

/// The reading in which words that say a time are one thing.
fn with_times(read: &[(Option<String>, Word)], plain: &[Group], today: Option<Date>) -> Option<Vec<Group>> {
    let words: Vec<Option<&Word>> =
        read.iter().map(|(field, word)| field.is_none().then_some(word)).collect();
    let said = when::said(&words, today);
    let mut groups = plain.to_vec();
    for said in said.iter().rev() {
        let typed: Vec<String> =
            read[said.words.clone()].iter().map(|(_, word)| word.parts.join("/")).collect();
        let typed = typed.join(" ");
        groups.splice(said.words.clone(), [vec![time(&typed, said.when)]]);
    }
    (!said.is_empty()).then_some(groups)
}

/// The readings in which one word that is written in parts is one name.
fn joined_words(read: &[(Option<String>, Word)], groups: &[Group], stems: &mut Stems) -> Vec<Reading> {
    // Where words say a time the groups are fewer than the words.
    let mut ways = Vec::new();
    if groups.len() != read.len() {
        return ways;
    }
    for (number, (field, word)) in read.iter().enumerate() {
        let Some(joined) = word.joined().filter(|_| groups[number].len() > 1) else { continue };
        let mut groups = groups.to_vec();
        groups[number] = vec![Cell { joined: true, ..cell(field.as_deref(), &joined, &joined, stems) }];
        ways.push((groups.concat(), None));
    }
    ways
}

/// The reading in which groups of digits side by side are one telephone number.
fn joined_digits(base: &[Group], stems: &mut Stems) -> Option<Reading> {
    let is_digits = |cells: &Group| matches!(cells.as_slice(), [cell] if cell.field.is_none() && cell.word.bytes().all(|b| b.is_ascii_digit()));
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
    Some((cells.concat(), None))
}

/// The readings in which two words side by side are one name.
fn joined_pairs(base: &[Group], stems: &mut Stems) -> Vec<Reading> {
    let mut ways = Vec::new();
    for number in 1..base.len() {
        let ([left], [right]) = (base[number - 1].as_slice(), base[number].as_slice()) else { continue };
        let are_names = |cell: &Cell| cell.when.is_none() && cell.word.chars().all(char::is_alphabetic);
        if left.field != right.field || !are_names(left) || !are_names(right) {
            continue;
        }
        let word = format!("{}{}", left.word, right.word);
        let typed = format!("{} {}", left.typed, right.typed);
        let joined = Cell { joined: true, ..cell(left.field.as_deref(), &typed, &word, stems) };
        let mut cells = base.to_vec();
        cells.splice(number - 1..=number, [vec![joined]]);
        ways.push((cells.concat(), Some(Cost::Joined)));
    }
    ways
}

/// A date is one thing; any other word is each of its parts.
fn of_word(field: Option<&str>, word: &Word, today: Option<Date>, stems: &mut Stems) -> Group {
    if let Some(born) = birth::read(&word.parts).filter(|_| field.is_none()) {
        let typed = word.parts.join("/");
        let whole = word.joined().unwrap_or_else(|| typed.clone());
        return vec![Cell { when: Some(When::date(born, today)), ..cell(None, &typed, &whole, stems) }];
    }
    word.parts.iter().map(|part| cell(field, part, part, stems)).collect()
}

/// Words that say a time and nothing else.
fn time(typed: &str, when: When) -> Cell {
    Cell {
        typed: typed.to_owned(),
        word: typed.to_owned(),
        field: None,
        stem: String::new(),
        sound: None,
        latin: None,
        nicknames: Vec::new(),
        instead: Vec::new(),
        when: Some(when),
        near: false,
        joined: true,
        lost: None,
    }
}

fn cell(field: Option<&str>, typed: &str, word: &str, stems: &mut Stems) -> Cell {
    let stem = stems.stem(word);
    let instead = thesaurus::instead_of(word, &stem).into_iter();
    Cell {
        typed: typed.to_owned(),
        word: word.to_owned(),
        field: field.map(str::to_owned),
        instead: instead.map(|word| (word, stems.stem(word))).collect(),
        stem,
        sound: sound(word),
        latin: in_latin(word),
        nicknames: nicknames::related(word),
        when: None,
        near: true,
        joined: false,
        lost: (is_particle(word) || is_little(word)).then_some(Cost::ParticleLost),
    }
}

/// Something must be held: particles alone are asked for as any words are; and beside one other name, what
/// looks like a particle may be a name.
fn settle(mut cells: Vec<Cell>) -> Vec<Cell> {
    let names = cells.iter().filter(|cell| cell.lost.is_none() && cell.when.is_none()).count();
    for cell in cells.iter_mut().filter(|cell| cell.lost.is_some()) {
        cell.lost = match names {
            0 => None,
            1 => Some(Cost::ShortNameLost),
            _ => cell.lost,
        };
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Vec<String>> {
        let ways = ways(&[(None, text)], Asking::default(), &mut Stems::default());
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
            let ways = ways(&[(None, text)], Asking::default(), &mut Stems::default());
            ways[0].cells.iter().map(|cell| cell.lost.is_some()).collect::<Vec<_>>()
        };
        assert_eq!(lost("juan de la cruz"), [false, true, true, false]);
        assert_eq!(lost("de la"), [false, false]);
    }

    #[test]
    fn a_date_is_one_thing() {
        let asking = Asking { may_lack: 1, ..Asking::default() };
        let ways = ways(&[(None, "smith"), (None, "12/03/1985")], asking, &mut Stems::default());
        assert_eq!(ways.len(), 2, "a date is never part of a name");
        assert_eq!(ways[0].cells.len(), 2);
        assert!(ways[0].cells[1].when.is_some());
        assert_eq!([ways[0].may_lack, ways[1].may_lack], [0, 1]);
    }

    #[test]
    fn a_month_may_be_a_name() {
        assert_eq!(read("june 1985"), [vec!["june 1985"], vec!["june", "1985"]]);
        assert_eq!(read("smith 4 march")[0], ["smith", "4 march"]);
    }
}
