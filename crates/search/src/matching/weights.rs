//! What a difference between what was typed and what is held costs, in bits.
//!
//! The answers are ranked by how probable it is that they are the one meant. Every record is as probable
//! as another before anything was typed, so the probability of a record given the query goes with that of
//! the query given the record: how often somebody who means it types this. A cost is minus the logarithm
//! to base 2 of that frequency, beside the frequency of typing it as it is held (after Fellegi and Sunter,
//! 1969: agreement weights, here of one side).
//!
//! The frequencies must not come from the records of the index: they would tell of records that the
//! reader may not know of. They are constants: a wrong letter in one of ten names, spread over the some 300
//! words that are a letter away, is 11 bits; they were then corrected where runs of the name test over the
//! synthetic force put the wrong one first.

use super::nicknames::Kinship;
use super::spelling::Difference;

/// A cost beyond which a record is not an answer: three letters wrong, and a year besides.
pub(crate) const MOST: f32 = 42.0;
/// A cost within which the record is very likely what was named: one letter wrong.
pub(crate) const CLOSE: f32 = 14.0;
/// The probability, as a cost, that none of the records is the one meant.
pub(crate) const NONE: f32 = 34.0;

/// Names of which a letter may be wrong have at least this many.
const FEWEST_FOR_ONE: usize = 2;
/// Names of which two may be wrong.
const FEWEST_FOR_TWO: usize = 3;

/// Letters that may differ in a word of so many.
pub(crate) const fn most_letters(count: usize) -> usize {
    match count {
        0..FEWEST_FOR_ONE => 0,
        FEWEST_FOR_ONE..FEWEST_FOR_TWO => 1,
        _ => 2,
    }
}

/// The cost of a name's spelling, and of its sound where that is the same.
pub(crate) fn spelling(difference: Difference, count: usize, sounds_alike: bool) -> f32 {
    let cost = match difference {
        Difference::Same => return 0.0,
        Difference::Doubled => 8.0,
        Difference::Swapped => 10.0,
        Difference::One { first: false } => 11.0,
        Difference::One { first: true } => 13.0,
        Difference::Two { first: false } => 21.0,
        Difference::Two { first: true } => 23.0,
    };
    // The fewer letters, the more names are as near by chance.
    let short = (6.0 - count as f32).max(0.0);
    let sound = if sounds_alike { 3.0 } else { 0.0 };
    cost + short - sound
}

/// The cost of a name that only sounds like the one typed.
pub(crate) const SOUND: f32 = 22.0;
/// The cost of a single letter typed for a name.
pub(crate) const INITIAL_TYPED: f32 = 5.0;
/// The cost of a name typed in full where only its first letter is held.
pub(crate) const INITIAL_HELD: f32 = 17.0;
/// The cost of two words typed as one name, or of one as two.
pub(crate) const JOINED: f32 = 3.0;
/// The cost of a name in other letters than it is held in.
pub(crate) const OTHER_LETTERS: f32 = 3.0;
/// The cost of a word that stands elsewhere than in a name.
pub(crate) const ELSEWHERE: f32 = 10.0;
/// The cost of another form of a word.
pub(crate) const FORM_OF_WORD: f32 = 12.0;
/// The cost of another word that stands for the one typed.
pub(crate) const OTHER_WORD: f32 = 14.0;
/// The cost of a particle (`de`, `van`, `al`), or of a word that says little (`near`, `the`), that is not held.
pub(crate) const PARTICLE_LOST: f32 = 3.0;
/// The cost of the same where it may be half of the name: Le is a surname.
pub(crate) const SHORT_NAME_LOST: f32 = 14.0;
/// The cost of a part that the record does not hold at all, where few hold all of what was asked for: beyond
/// that of two letters wrong and a year two off, so that whoever may have been meant in full comes first.
pub(crate) const PART_LACKING: f32 = 40.0;
/// The cost of what is linked with a record that says what was typed, and does not say it itself.
pub(crate) const THROUGH_A_LINK: f32 = 6.0;
/// The most that all differences may cost together.
pub(crate) const BEYOND: f32 = MOST + 4.0 * PART_LACKING;

/// The cost of another form of a forename.
pub(crate) const fn nickname(kinship: Kinship) -> f32 {
    match kinship {
        Kinship::Direct => 6.0,
        Kinship::Shared => 8.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nearer_costs_less() {
        let cost = |difference| spelling(difference, 8, false);
        let order = [
            Difference::Same,
            Difference::Doubled,
            Difference::Swapped,
            Difference::One { first: false },
            Difference::One { first: true },
            Difference::Two { first: false },
            Difference::Two { first: true },
        ];
        assert!(order.map(cost).is_sorted());
        assert!(spelling(Difference::Swapped, 8, true) < cost(Difference::Swapped));
        assert!(spelling(Difference::Swapped, 3, false) > cost(Difference::Swapped));
        assert!(cost(Difference::Two { first: true }) + cost(Difference::One { first: true }) < MOST);
    }
}
