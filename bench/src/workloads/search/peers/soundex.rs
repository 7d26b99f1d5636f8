//! An old system: exact words, names by Soundex too, the year of birth within two. All that is typed must
//! fit; the answers come by the number of words that fit exactly, then newest first.

use super::super::flat::{Flat, flat};
use super::super::needs::Need;
use super::super::records::Record;
use super::{Answered, Cost, Engine, own_cost, words_of};
use crate::Fault;
use async_trait::async_trait;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Years by which a year of birth may be off.
const OFF: i16 = 2;

/// Postings in memory.
#[derive(Default)]
pub struct Soundex {
    ids: Vec<Uuid>,
    kinds: Vec<u16>,
    words: HashMap<String, Vec<u32>>,
    sounds: HashMap<[u8; 4], Vec<u32>>,
    years: BTreeMap<i16, Vec<u32>>,
}

impl Soundex {
    fn add(&mut self, said: &Flat) -> Result<(), Fault> {
        let place = u32::try_from(self.ids.len())?;
        self.ids.push(said.id);
        self.kinds.push(said.kind);
        let squeezed = said.marks.iter().chain(&said.phones).cloned();
        for word in words_of(&said.text).into_iter().chain(squeezed) {
            add_once(self.words.entry(word).or_default(), place);
        }
        for name in &said.names {
            let parts = name.forenames.split(' ').chain(name.surname.split(' '));
            for sound in parts.filter_map(soundex) {
                add_once(self.sounds.entry(sound).or_default(), place);
            }
        }
        for year in said.births.iter().filter_map(|born| born.year) {
            add_once(self.years.entry(year).or_default(), place);
        }
        Ok(())
    }

    /// The records in which a word stands, and those in which a name sounds like it.
    fn fits(&self, word: &str, is_name: bool) -> (&[u32], Vec<u32>) {
        let exact = self.words.get(word).map_or(&[][..], Vec::as_slice);
        let like = soundex(word).filter(|_| is_name).and_then(|sound| self.sounds.get(&sound));
        (exact, union(exact, like.map_or(&[][..], Vec::as_slice)))
    }

    fn find(&self, need: &Need) -> Vec<u32> {
        let born = need.asks.born().and_then(|born| born.year);
        let names: Option<Vec<String>> = need.asks.names.as_deref().map(words_of);
        let mut exact: HashMap<u32, u32> = HashMap::new();
        let mut found: Option<Vec<u32>> = None;
        for word in words_of(&need.text) {
            if born.is_some() && is_of_date(&word) {
                continue;
            }
            let is_name = names.as_ref().is_none_or(|names| names.contains(&word));
            let (written, fits) = self.fits(&word, is_name);
            written.iter().for_each(|place| *exact.entry(*place).or_default() += 1);
            found = Some(meet(found, fits));
        }
        if let Some(year) = born {
            let years = self.years.range(year - OFF..=year + OFF);
            let fits = years.fold(Vec::new(), |all, (_, places)| union(&all, places));
            found = Some(meet(found, fits));
        }
        let kind = need.asks.kind_number();
        let is_kind = |place: &u32| kind.is_none_or(|kind| self.kinds.get(*place as usize) == Some(&kind));
        let mut found: Vec<u32> = found.unwrap_or_default().into_iter().filter(is_kind).collect();
        let score = |place: &u32| exact.get(place).copied().unwrap_or(0);
        found.sort_by_key(|place| (std::cmp::Reverse(score(place)), std::cmp::Reverse(*place)));
        found
    }
}

/// A year, a month or a day as typed within a date of birth.
fn is_of_date(word: &str) -> bool {
    const MONTHS: &str =
        "january february march april may june july august september october november december";
    word.bytes().all(|octet| octet.is_ascii_digit()) || MONTHS.split(' ').any(|month| month == word)
}

fn add_once(places: &mut Vec<u32>, place: u32) {
    if places.last() != Some(&place) {
        places.push(place);
    }
}

/// Both of two ascending lists, ascending.
fn union(left: &[u32], right: &[u32]) -> Vec<u32> {
    let mut both: Vec<u32> = left.iter().chain(right).copied().collect();
    // Two runs that ascend are put together in one pass.
    both.sort();
    both.dedup();
    both
}

/// What stands in both of two ascending lists.
fn meet(found: Option<Vec<u32>>, fits: Vec<u32>) -> Vec<u32> {
    let Some(mut found) = found else { return fits };
    found.retain(|place| fits.binary_search(place).is_ok());
    found
}

/// American Soundex of a word of Latin letters: the first letter and three digits. `H` and `W` do not part
/// letters of one digit, vowels do.
fn soundex(word: &str) -> Option<[u8; 4]> {
    let digit = |letter: u8| match letter {
        b'b' | b'f' | b'p' | b'v' => b'1',
        b'c' | b'g' | b'j' | b'k' | b'q' | b's' | b'x' | b'z' => b'2',
        b'd' | b't' => b'3',
        b'l' => b'4',
        b'm' | b'n' => b'5',
        b'r' => b'6',
        _ => b'0',
    };
    let mut letters = word.bytes();
    let first = letters.next().filter(u8::is_ascii_lowercase)?;
    let mut code = [first, b'0', b'0', b'0'];
    let (mut filled, mut last) = (1, digit(first));
    for letter in letters {
        if !letter.is_ascii_lowercase() {
            return None;
        }
        let this = digit(letter);
        if this != b'0' && this != last {
            *code.get_mut(filled)? = this;
            filled += 1;
        }
        if filled == code.len() {
            break;
        }
        if !matches!(letter, b'h' | b'w') {
            last = this;
        }
    }
    Some(code)
}

#[async_trait]
impl Engine for Soundex {
    fn peers(&self) -> Vec<&'static str> {
        vec!["soundex"]
    }

    fn is_in_memory(&self) -> bool {
        true
    }

    async fn put(&mut self, records: Vec<Record>) -> Result<(), Fault> {
        records.iter().try_for_each(|record| self.add(&flat(record)))
    }

    async fn finish(&mut self) -> Result<(), Fault> {
        Ok(())
    }

    async fn ask(&mut self, _: &'static str, need: &Need, _: usize) -> Result<Answered, Fault> {
        let found = self.find(need);
        let ids = found.iter().filter_map(|place| self.ids.get(*place as usize).copied()).collect();
        Ok(Answered { asked: need.text.clone(), total: found.len() as u64, ids, error: None })
    }

    async fn cost(&mut self) -> Result<Cost, Fault> {
        own_cost(None, &[("rule", "all words; names exact or by Soundex; year of birth within 2")])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of the National Archives of the United States.
    #[test]
    fn soundex_as_published() {
        for (word, code) in [
            ("washington", "w252"),
            ("lee", "l000"),
            ("gutierrez", "g362"),
            ("pfister", "p236"),
            ("jackson", "j250"),
            ("tymczak", "t522"),
            ("ashcraft", "a261"),
            ("robert", "r163"),
            ("rupert", "r163"),
        ] {
            assert_eq!(soundex(word).map(|code| code.to_vec()), Some(code.as_bytes().to_vec()), "{word}");
        }
        assert_eq!((soundex("1987"), soundex("王")), (None, None));
    }

    #[test]
    fn lists_are_put_together_and_cut() {
        assert_eq!(union(&[1, 4], &[2, 4, 9]), [1, 2, 4, 9]);
        assert_eq!(meet(Some(vec![1, 2, 3]), vec![2, 3, 7]), [2, 3]);
        assert_eq!(meet(None, vec![2]), [2]);
    }
}
