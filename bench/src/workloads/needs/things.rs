//! Needs that ask for a vehicle.

use super::house::House;
use super::sample::Draft;
use crate::workloads::search::needs::Asks;
use model::identifiers::vrm::look_alike;
use model::kinds::vehicle;
use synth::force::Made;
use synth::names::Names;
use synth::random::Random;

/// Letters and digits that are taken for each other on a plate.
const ALIKE: [(char, char); 5] = [('O', '0'), ('I', '1'), ('S', '5'), ('B', '8'), ('Z', '2')];

fn mark_of(made: &Made) -> Option<String> {
    (made.kind.number == vehicle::KIND.number)
        .then(|| made.body.get(vehicle::VRM))
        .flatten()
        .map(|mark| mark.0)
}

/// A whole mark on which every character that looks like another is taken for that.
pub fn mark_look_alike(house: &House<'_>, _: &Names, random: &mut Random) -> Option<Draft> {
    let meant = house.of_kind(random, &vehicle::KIND)?;
    let mark = mark_of(meant)?;
    let typed: String = mark.chars().map(|letter| other(letter).unwrap_or(letter)).collect();
    if typed == mark {
        return None;
    }
    let asks = Asks { kind: Some("vehicle".to_owned()), mark: Some(typed.clone()), ..Asks::default() };
    let folded = look_alike(&mark);
    let draft = Draft::new(typed.clone(), asks, vec![(meant.id, 3)]).fielded(format!("vrm:\"{typed}\""));
    Some(draft.fits(move |made| mark_of(made).is_some_and(|mark| look_alike(&mark) == folded)))
}

fn other(letter: char) -> Option<char> {
    let pair = ALIKE.iter().find(|(one, two)| letter == *one || letter == *two)?;
    Some(if letter == pair.0 { pair.1 } else { pair.0 })
}

/// Colour, make, and the beginning or the end of the mark: every vehicle that it may have been.
pub fn part_mark(house: &House<'_>, _: &Names, random: &mut Random) -> Option<Draft> {
    let meant = house.of_kind(random, &vehicle::KIND)?;
    let mark: Vec<char> = mark_of(meant)?.chars().filter(|letter| !letter.is_whitespace()).collect();
    if mark.len() < 5 {
        return None;
    }
    let is_beginning = random.happens(500);
    let part: String = if is_beginning { &mark[..4] } else { &mark[mark.len() - 3..] }.iter().collect();
    let (colour, make) = (meant.body.get(vehicle::COLOUR)?.0, meant.body.get(vehicle::MAKE)?);
    let text = format!("{colour} {make} {part}").to_lowercase();
    let asks = Asks {
        kind: Some("vehicle".to_owned()),
        mark: Some(part.clone()),
        words: Some(format!("{colour} {make}").to_lowercase()),
        ..Asks::default()
    };
    let fielded = format!("colour:{colour} make:\"{}\" vrm:{}", make.to_lowercase(), part.to_lowercase());
    Some(Draft::new(text, asks, vec![(meant.id, 3)]).fielded(fielded).fits(move |made| {
        let squeezed = mark_of(made).map(|mark| mark.replace(' ', "")).unwrap_or_default();
        let holds = if is_beginning { squeezed.starts_with(&part) } else { squeezed.ends_with(&part) };
        holds
            && made.body.get(vehicle::COLOUR).is_some_and(|code| code.0 == colour)
            && made.body.get(vehicle::MAKE).as_ref() == Some(&make)
    }))
}
