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
//! synthetic force put the wrong one first. What a program estimates from needs and from what was meant
//! (docs/search-quality.md) stands beside that and ranks the answers.

use super::nicknames::Kinship;
use super::spelling::Difference;

/// A cost beyond which a record is not an answer: two letters wrong in each of three names.
pub(crate) const MOST: f32 = 42.0;
/// Closeness within which the record is very likely what was named: one letter wrong.
pub(crate) const CLOSE: f32 = 14.0;
/// Closeness within which a part is held where another part is lacking: two letters wrong.
const NEAR: f32 = 22.0;
/// The most that all differences may cost together.
pub(crate) const BEYOND: f32 = MOST + 4.0 * Cost::PartLacking.bits();

/// Names of which a letter may be wrong have at least this many.
const FEWEST_FOR_ONE: usize = 2;
/// Names of which two may be wrong.
const FEWEST_FOR_TWO: usize = 3;
/// Letters of a name from which on no more names are as near by chance.
const LETTERS: f32 = 6.0;

/// Letters that may differ in a word of so many.
pub(crate) const fn most_letters(count: usize) -> usize {
    match count {
        0..FEWEST_FOR_ONE => 0,
        FEWEST_FOR_ONE..FEWEST_FOR_TWO => 1,
        _ => 2,
    }
}

/// Declares the costs: of each what it is, its name, its bits, and where a program estimated them the bits that were
/// set by hand.
macro_rules! costs {
    ($($(#[$about:meta])+ $cost:ident $name:literal $bits:literal $(by_hand $hand:literal)?;)+) => {
        /// A difference between what was typed and what is held, or a part of one, that has a cost.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Cost {
            $($(#[$about])+ $cost,)+
        }

        impl Cost {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$cost,)+];

            /// Its name in files and tables.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$cost => $name,)+
                }
            }

            /// What it costs as shipped where answers are ranked, in bits.
            #[must_use]
            pub const fn bits(self) -> f32 {
                match self {
                    $(Self::$cost => $bits,)+
                }
            }

            /// What it takes away of closeness, in bits ([`Weights::closeness`]).
            #[must_use]
            pub const fn closeness(self) -> f32 {
                match self {
                    $(Self::$cost => {
                        let bits = [$bits $(, $hand)?];
                        bits[bits.len() - 1]
                    })+
                }
            }
        }
    };
}

costs! {
    /// A letter of a name is written twice in one of them.
    LetterDoubled "letter-doubled" 6.0 by_hand 8.0;
    /// Two letters of a name that stand side by side are swapped.
    LettersSwapped "letters-swapped" 6.0 by_hand 10.0;
    /// One letter of a name is missing, added or changed, and not the first.
    LetterWrong "letter-wrong" 6.0 by_hand 11.0;
    /// The first letter of a name is missing, added or changed.
    FirstLetterWrong "first-letter-wrong" 13.0;
    /// Two letters of a name differ, and the first does not.
    TwoLettersWrong "two-letters-wrong" 13.7 by_hand 21.0;
    /// Two letters of a name differ, and the first is among them.
    TwoWithTheFirst "two-with-the-first" 13.8 by_hand 23.0;
    /// Each letter that a name in which some differ has fewer than six: the fewer, the more names are as near
    /// by chance.
    LetterFewer "letter-fewer" 1.0;
    /// Names in which letters differ sound the same. It takes away from their cost.
    SoundsAlike "sounds-alike" -0.6 by_hand -3.0;
    /// A name only sounds like the one typed.
    SoundAlone "sound-alone" 22.0;
    /// Another form of a forename: `bill` for William.
    Nickname "nickname" 6.0;
    /// Another form of the full name of which the one typed is a form: `bill` for Billy.
    NicknameShared "nickname-shared" 8.0;
    /// A single letter was typed for a name.
    InitialTyped "initial-typed" 5.0;
    /// A name was typed in full where only its first letter is held.
    InitialHeld "initial-held" 17.0;
    /// Two words were typed for one name.
    Joined "joined" 3.0;
    /// A name in other letters than it is held in.
    OtherLetters "other-letters" 3.0;
    /// A word stands elsewhere than in a name.
    Elsewhere "elsewhere" 10.0;
    /// Another form of a word stands elsewhere than in a name.
    FormOfWord "form-of-word" 12.0;
    /// Another word that stands for the one typed.
    OtherWord "other-word" 14.0;
    /// A particle (`de`, `van`, `al`), or a word that says little (`near`, `the`), is not held.
    ParticleLost "particle-lost" 3.0;
    /// The same where it may be half of the name: Le is a surname.
    ShortNameLost "short-name-lost" 14.0;
    /// A date of birth is held in part, and that is the same.
    BornInPart "born-in-part" 3.0;
    /// Day and month of birth are swapped.
    BornSwapped "born-swapped" 6.0;
    /// The day of birth differs.
    BornDay "born-day" 8.0;
    /// Day and month of birth differ.
    BornDayAndMonth "born-day-and-month" 13.0;
    /// Born a year earlier or later.
    BornYearOff "born-year-off" 1.6 by_hand 5.5;
    /// Born two years earlier or later.
    BornTwoYearsOff "born-two-years-off" 1.6 by_hand 7.0;
    /// Born ten years earlier or later.
    BornDecadeOff "born-decade-off" 8.5;
    /// Two digits of the year of birth are swapped.
    BornYearDigits "born-year-digits" 9.0;
    /// No date of birth is held.
    BornNotHeld "born-not-held" 9.0;
    /// What was typed as a date is when something happened.
    Happened "happened" 10.0;
    /// A number is held as it was typed, look-alike characters and prefixes aside.
    NumberSame "number-same" 2.0;
    /// A part of a number was typed.
    NumberPart "number-part" 4.0;
    /// Each character of the number that is not in that part.
    NumberCharacter "number-character" 1.0;
    /// One character of a number is missing, added, changed or swapped.
    NumberWrong "number-wrong" 12.0;
    /// A part is not held at all, where few hold all of what was asked for: beyond two letters wrong and a year
    /// two off, so that whoever may have been meant in full comes first.
    PartLacking "part-lacking" 40.0;
    /// What is linked with a record that says what was typed, and does not say it itself.
    ThroughALink "through-a-link" 6.0;
    /// None of the records is the one meant.
    NoneMeant "none-meant" 34.0;
}

/// What each difference costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights([f32; Cost::ALL.len()]);

impl Default for Weights {
    /// As shipped, for ranking.
    fn default() -> Self {
        Self::each(Cost::bits)
    }
}

impl Weights {
    fn each(bits_of: impl Fn(Cost) -> f32) -> Self {
        let mut bits = [0.0; Cost::ALL.len()];
        Cost::ALL.iter().for_each(|cost| bits[*cost as usize] = bits_of(*cost));
        Self(bits)
    }

    /// By which it is said what is closely named: the costs as they were set by hand. Who is alerted, and who is told
    /// that somebody looked for a covert record, must not change because answers are ranked better.
    #[must_use]
    pub fn closeness() -> Self {
        Self::each(Cost::closeness)
    }

    /// What a difference costs, in bits.
    #[must_use]
    pub const fn of(&self, cost: Cost) -> f32 {
        self.0[cost as usize]
    }

    /// The same with another cost, in bits.
    #[must_use]
    pub const fn with(mut self, cost: Cost, bits: f32) -> Self {
        self.0[cost as usize] = bits;
        self
    }
}

/// What differences cost, and how much of that is too much.
#[derive(Debug, Clone)]
pub(crate) struct Scale {
    pub(crate) weights: Weights,
    /// The most that the differences of an answer may cost, in bits.
    pub(crate) most: f32,
}

impl Scale {
    /// Of whatever may have been meant.
    pub(crate) const fn of_answers(weights: Weights) -> Self {
        Self { weights, most: MOST }
    }

    /// Of what is closely named.
    pub(crate) fn of_what_is_close() -> Self {
        Self { weights: Weights::closeness(), most: CLOSE }
    }
}

/// What a difference is charged: costs, each so many times.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Charge([Option<(Cost, f32)>; 3]);

impl Charge {
    /// Nothing.
    pub(crate) const NOTHING: Self = Self([None; 3]);

    /// One cost, once.
    pub(crate) const fn once(cost: Cost) -> Self {
        Self([Some((cost, 1.0)), None, None])
    }

    /// The costs with how often each counts.
    pub(crate) fn costs(self) -> impl Iterator<Item = (Cost, f32)> {
        self.0.into_iter().flatten()
    }

    /// What that is in bits.
    pub(crate) fn bits(self, weights: &Weights) -> f32 {
        self.costs().map(|(cost, times)| times * weights.of(cost)).sum()
    }

    /// Whether what differs by this is near enough to what was typed to be an answer that lacks another part.
    pub(crate) fn is_near(self) -> bool {
        self.costs().map(|(cost, times)| times * cost.closeness()).sum::<f32>() <= NEAR
    }
}

/// The charge for a name's spelling, and for its sound where that is the same.
pub(crate) fn spelling(difference: Difference, count: usize, sounds_alike: bool) -> Charge {
    let cost = match difference {
        Difference::Same => return Charge::NOTHING,
        Difference::Doubled => Cost::LetterDoubled,
        Difference::Swapped => Cost::LettersSwapped,
        Difference::One { first: false } => Cost::LetterWrong,
        Difference::One { first: true } => Cost::FirstLetterWrong,
        Difference::Two { first: false } => Cost::TwoLettersWrong,
        Difference::Two { first: true } => Cost::TwoWithTheFirst,
    };
    let fewer = (LETTERS - count as f32).max(0.0);
    Charge([
        Some((cost, 1.0)),
        (fewer > 0.0).then_some((Cost::LetterFewer, fewer)),
        sounds_alike.then_some((Cost::SoundsAlike, 1.0)),
    ])
}

/// The charge for part of a number where so many characters more are held.
pub(crate) const fn number_part(more: u8) -> Charge {
    Charge([Some((Cost::NumberPart, 1.0)), Some((Cost::NumberCharacter, more as f32)), None])
}

/// The cost of another form of a forename.
pub(crate) const fn nickname(kinship: Kinship) -> Cost {
    match kinship {
        Kinship::Direct => Cost::Nickname,
        Kinship::Shared => Cost::NicknameShared,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nearer_costs_less() {
        let weights = Weights::default();
        let bits = |difference, count, alike| spelling(difference, count, alike).bits(&weights);
        let cost = |difference| bits(difference, 8, false);
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
        assert!(bits(Difference::Swapped, 8, true) < cost(Difference::Swapped));
        assert!(bits(Difference::Swapped, 3, false) > cost(Difference::Swapped));
        assert!(cost(Difference::Two { first: true }) + cost(Difference::One { first: true }) < MOST);
    }

    #[test]
    fn every_cost_has_a_name_of_its_own_and_its_place() {
        let names: std::collections::BTreeSet<&str> = Cost::ALL.iter().map(|cost| cost.name()).collect();
        assert_eq!(names.len(), Cost::ALL.len());
        let weights = Weights::default().with(Cost::Joined, 1.5);
        for cost in Cost::ALL {
            let bits = if *cost == Cost::Joined { 1.5 } else { cost.bits() };
            assert_eq!(weights.of(*cost), bits, "{}", cost.name());
        }
    }
}
