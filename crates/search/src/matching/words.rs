//! The reasons in words.

use super::asked::Cell;
use super::birth::Apart;
use super::meant::Reason;
use super::nicknames::Kinship;
use super::numbers::NumberApart;
use super::sources::How;
use super::spelling::Difference;
use super::when::When;

/// How a record answers one thing that was asked for.
pub(crate) fn reason(cell: &Cell, how: Option<&How>) -> Reason {
    let typed = &cell.typed;
    let Some(how) = how else {
        return Reason::Said(format!("“{typed}” is not in it"));
    };
    Reason::Said(match how {
        How::Elsewhere | How::Form => return Reason::Word(typed.clone()),
        How::Name { held, difference: Difference::Same, .. } => format!("name “{held}”"),
        How::Name { held, difference, sounds_alike } => {
            let sound = if *sounds_alike { ", sounds the same" } else { "" };
            format!("name “{held}” for “{typed}”: {}{sound}", spelled(*difference))
        }
        How::Sound => format!("a name that sounds like “{typed}”"),
        How::Nickname { held, kinship: Kinship::Direct } => {
            format!("name “{held}”, which “{typed}” may stand for")
        }
        How::Nickname { held, kinship: Kinship::Shared } => {
            format!("name “{held}”, which like “{typed}” is a form of one name")
        }
        How::OtherWord { held } => format!("“{held}”, which may stand for “{typed}”"),
        How::InitialTyped => format!("a name that begins with “{typed}”"),
        How::InitialHeld => format!("only the first letter of “{typed}” is held"),
        How::OtherLetters { held } => format!("name “{held}”, “{typed}” in other letters"),
        How::Born(apart) => match cell.when {
            Some(When::Aged(_)) => aged(*apart, typed),
            _ => born(*apart, typed),
        },
        How::Happened => format!("happened “{typed}”"),
        How::Number { held, apart } => number(*apart, held, typed),
    })
}

fn spelled(difference: Difference) -> &'static str {
    match difference {
        Difference::Same => "as typed",
        Difference::Doubled => "a letter doubled or not",
        Difference::Swapped => "two letters swapped",
        Difference::One { first: false } => "one letter differs",
        Difference::One { first: true } => "the first letter differs",
        Difference::Two { .. } => "two letters differ",
    }
}

fn born(apart: Apart, typed: &str) -> String {
    match apart {
        Apart::Same => format!("born {typed}"),
        Apart::HeldInPart => format!("born {typed}, as far as the date is held"),
        Apart::Swapped => format!("born {typed} with day and month swapped"),
        Apart::Day => format!("born {typed} but for the day"),
        Apart::DayAndMonth => format!("born in the year of {typed}, on another day"),
        Apart::Years(3) => format!("born {typed} but for the decade"),
        Apart::Years(years) if years.abs() == 1 => format!("born a year {} than {typed}", later(years)),
        Apart::Years(years) => format!("born two years {} than {typed}", later(years)),
        Apart::YearDigits => format!("born {typed} with two digits of the year swapped"),
        Apart::NotHeld => "no date of birth is held".to_owned(),
    }
}

fn aged(apart: Apart, typed: &str) -> String {
    let by = |years: i16| if years.abs() == 1 { "a year" } else { "two years" };
    match apart {
        Apart::Years(years) if years > 0 => format!("{typed}, but {} younger", by(years)),
        Apart::Years(years) => format!("{typed}, but {} older", by(years)),
        Apart::NotHeld => "no date of birth is held".to_owned(),
        _ => typed.to_owned(),
    }
}

const fn later(years: i16) -> &'static str {
    if years > 0 { "later" } else { "earlier" }
}

fn number(apart: NumberApart, held: &str, typed: &str) -> String {
    match apart {
        NumberApart::Same => format!("number {held}, look-alike characters aside"),
        NumberApart::Part(_) => format!("number {held}, of which “{typed}” is a part"),
        NumberApart::One => format!("number {held}: one character differs from “{typed}”"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_told_as_an_age() {
        assert_eq!(aged(Apart::Same, "aged 38"), "aged 38");
        assert_eq!(aged(Apart::Years(-2), "aged 38"), "aged 38, but two years older");
        assert_eq!(aged(Apart::Years(1), "aged 38"), "aged 38, but a year younger");
    }
}
