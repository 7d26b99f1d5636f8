//! The search that is criticised: every record whose text holds at least one word of the query, as a part
//! of any word. Nothing is left out; those that hold most of the words come first, of equals the newest.

use super::super::flat::flat;
use super::super::needs::Need;
use super::super::records::Record;
use super::{Answered, Cost, Engine, own_cost, words_of};
use crate::Fault;
use async_trait::async_trait;
use memchr::memmem::Finder;
use uuid::Uuid;

/// Parts the texts of two records.
const END: char = '\n';

/// All texts, one after the other.
#[derive(Default)]
pub struct Substring {
    ids: Vec<Uuid>,
    kinds: Vec<u16>,
    /// Where each record's text ends.
    ends: Vec<usize>,
    text: String,
}

impl Substring {
    /// The records that hold a word, ascending.
    fn holders(&self, word: &str) -> Vec<usize> {
        let mut holders: Vec<usize> = Vec::new();
        let mut place = 0;
        for at in Finder::new(word).find_iter(self.text.as_bytes()) {
            place += self.ends.get(place..).map_or(0, |ends| leap(ends, at));
            if holders.last() != Some(&place) {
                holders.push(place);
            }
        }
        holders
    }

    fn find(&self, need: &Need) -> Vec<usize> {
        let mut counts = vec![0u16; self.ids.len()];
        for word in words_of(&need.text) {
            for place in self.holders(&word) {
                if let Some(count) = counts.get_mut(place) {
                    *count += 1;
                }
            }
        }
        let kind = need.asks.kind_number();
        let is_kind = |place: &usize| kind.is_none_or(|kind| self.kinds.get(*place) == Some(&kind));
        let count = |place: &usize| counts.get(*place).copied().unwrap_or(0);
        let mut found: Vec<usize> =
            (0..counts.len()).filter(|place| count(place) > 0 && is_kind(place)).collect();
        found.sort_by_key(|place| (std::cmp::Reverse(count(place)), std::cmp::Reverse(*place)));
        found
    }
}

/// How many of these ends lie at or before a place: found in growing steps, since most are near.
fn leap(ends: &[usize], at: usize) -> usize {
    let mut step = 1;
    while ends.get(step).is_some_and(|end| *end <= at) {
        step *= 2;
    }
    let upto = ends.len().min(step + 1);
    ends.get(..upto).map_or(0, |near| near.partition_point(|end| *end <= at))
}

#[async_trait]
impl Engine for Substring {
    fn peers(&self) -> Vec<&'static str> {
        vec!["substring"]
    }

    fn is_in_memory(&self) -> bool {
        true
    }

    async fn put(&mut self, records: Vec<Record>) -> Result<(), Fault> {
        for record in &records {
            let said = flat(record);
            self.ids.push(said.id);
            self.kinds.push(said.kind);
            let squeezed: Vec<String> = said.marks.into_iter().chain(said.phones).collect();
            self.text.push_str(&said.text.replace(END, " "));
            self.text.push(' ');
            self.text.push_str(&squeezed.join(" "));
            self.text.push(END);
            self.ends.push(self.text.len());
        }
        Ok(())
    }

    async fn finish(&mut self) -> Result<(), Fault> {
        self.text.shrink_to_fit();
        Ok(())
    }

    async fn ask(&mut self, _: &'static str, need: &Need, _: usize) -> Result<Answered, Fault> {
        let found = self.find(need);
        let ids = found.iter().filter_map(|place| self.ids.get(*place).copied()).collect();
        Ok(Answered { asked: need.text.clone(), total: found.len() as u64, ids, error: None })
    }

    async fn cost(&mut self) -> Result<Cost, Fault> {
        own_cost(
            None,
            &[("rule", "any word of the query as a part of the text; most words first, then newest")],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(texts: &[&str]) -> Substring {
        let mut substring = Substring::default();
        for (text, number) in texts.iter().zip(0u128..) {
            substring.ids.push(Uuid::from_u128(number));
            substring.kinds.push(1);
            substring.text.push_str(text);
            substring.text.push(END);
            substring.ends.push(substring.text.len());
        }
        substring
    }

    #[test]
    fn every_holder_is_found_once() {
        let texts: Vec<String> =
            (0..50).map(|n| format!("{n} ann anna{}", if n % 7 == 0 { " bob" } else { "" })).collect();
        let substring = of(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(substring.holders("ann"), (0..50).collect::<Vec<_>>());
        assert_eq!(substring.holders("bob"), [0, 7, 14, 21, 28, 35, 42, 49]);
        assert_eq!(substring.holders("nnab"), Vec::<usize>::new());
    }
}
