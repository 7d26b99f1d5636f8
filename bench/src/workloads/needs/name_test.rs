//! The name test: forename, surname and year of birth of a person, with two letters wrong anywhere and the
//! year up to two off.

use super::house::House;
use super::sample::Draft;
use crate::workloads::search::needs::Asks;
pub use crate::workloads::search::needs::NAME_TEST as TYPE;
use synth::names::Names;
use synth::random::Random;

/// Years by which the year of birth may be off.
const OFF: i64 = 2;
/// Letters that are wrong.
const ERRORS: usize = 2;

/// A need of the name test.
pub fn need(house: &House<'_>, _: &Names, random: &mut Random) -> Option<Draft> {
    let (known, said) = house.person(random, |said| said.is_whole())?;
    let year = i64::from(said.birthday()?.year());
    let typed_year = year + random.between(-OFF, OFF);
    let (forename, surname) = (said.first().to_lowercase(), said.surname.to_lowercase());
    let mut typed = (forename.clone(), surname.clone());
    for _ in 0..ERRORS {
        typed = with_error(&typed, random);
    }
    let (first, last) = typed;
    let asks = Asks {
        kind: Some("nominal".to_owned()),
        names: Some(format!("{first} {last}")),
        born: Some(format!("{typed_year:04}")),
        ..Asks::default()
    };
    let years = format!("dates-of-birth.date:{}..{}", typed_year - OFF, typed_year + OFF);
    let mut draft = Draft::new(format!("{first} {last} {typed_year}"), asks, known.relevant())
        .fielded(format!("forenames:{first} surname:\"{last}\" {years}"));
    let same = |one: &str, two: &str| one.chars().next() == two.chars().next();
    if same(&first, &forename) && same(&last, &surname) {
        draft.need.flags.push("first-letters-right".to_owned());
    }
    if typed_year == year {
        draft.need.flags.push("year-right".to_owned());
    }
    Some(draft)
}

/// One letter missing, added, changed, or swapped with the next, at any place of either name. A name is
/// never left empty.
fn with_error((first, last): &(String, String), random: &mut Random) -> (String, String) {
    let (left, right) = (first.chars().count(), last.chars().count());
    let at = random.below((left + right) as u64) as usize;
    match at < left {
        true => (wrong(first, at, random), last.clone()),
        false => (first.clone(), wrong(last, at - left, random)),
    }
}

fn wrong(name: &str, at: usize, random: &mut Random) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let other = char::from(b'a' + random.below(26) as u8);
    match random.below(4) {
        0 if letters.len() > 1 => drop(letters.remove(at)),
        1 => letters.insert(at + random.below(2) as usize, other),
        2 if letters.len() > 1 => {
            let next = if at + 1 < letters.len() { at + 1 } else { at - 1 };
            letters.swap(at, next);
        }
        _ => letters[at] = other,
    }
    let changed: String = letters.iter().collect();
    match changed == name || changed.trim() != changed {
        // The same letter again, or two equal ones swapped: no error yet.
        true => wrong(name, at, random),
        false => changed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_error_always_changes_and_never_empties(name in "[a-zéł' -]{0,3}[a-z]{1,8}", place: u64, seed: u64) {
            let name = name.trim().to_owned();
            let at = (place % name.chars().count() as u64) as usize;
            let changed = wrong(&name, at, &mut Random::new(seed));
            prop_assert!(changed != name && !changed.trim().is_empty());
            let (before, after) = (name.chars().count() as i64, changed.chars().count() as i64);
            prop_assert!((before - after).abs() <= 1);
        }
    }
}
