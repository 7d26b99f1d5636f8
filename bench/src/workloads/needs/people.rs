//! Needs that ask for a person, as officers at the door, in the control room and at a desk have them.

use super::house::{House, Known, Said, month_name, other_names, said, town, words};
use super::sample::Draft;
use crate::workloads::search::needs::Asks;
use jiff::civil::Date;
use model::RecordId;
use model::kinds::{link, nominal, stop_and_search as stop};
use synth::force::{AS_OF, Presented, Slip, Surroundings, apply};
use synth::names::Names;
use synth::random::Random;

/// A person by names and a date of birth as it is typed.
fn named(known: &Known<'_>, (first, last): (&str, &str), (typed, born): (String, String)) -> Draft {
    let (first, last) = (first.to_lowercase(), last.to_lowercase());
    let names = format!("{first} {last}").trim().to_owned();
    let asks = Asks {
        kind: Some("nominal".to_owned()),
        names: Some(names.clone()),
        born: Some(born.clone()),
        ..Asks::default()
    };
    let fielded = match (first.is_empty(), born.contains('?')) {
        (_, true) => None,
        (true, _) => Some(format!("surname:\"{last}\" dates-of-birth.date:{born}")),
        _ => Some(format!("forenames:\"{first}\" surname:\"{last}\" dates-of-birth.date:{born}")),
    };
    let draft = Draft::new(format!("{names} {typed}"), asks, known.relevant());
    match fielded {
        Some(fielded) => draft.fielded(fielded),
        None => draft,
    }
}

/// The year of birth, as it is typed and as it is asked for.
fn year(said: &Said) -> Option<(String, String)> {
    let year = said.birthday()?.year();
    Some((year.to_string(), format!("{year:04}")))
}

/// Known by a nickname: `Bill` for William.
pub fn nickname(house: &House<'_>, names: &Names, random: &mut Random) -> Option<Draft> {
    let (known, said) =
        house.person(random, |said| said.is_whole() && !names.nicknames(said.first()).is_empty())?;
    let nickname = random.pick(names.nicknames(said.first()))?;
    Some(named(known, (nickname, &said.surname), year(&said)?))
}

/// Known on the street by another name, and by the town: all who are called so there.
pub fn street_name(house: &House<'_>, _: &Names, random: &mut Random) -> Option<Draft> {
    let called = |known: &Known<'_>| {
        let (_, name) = other_names(known.records.first()?, "nickname").into_iter().next()?;
        Some(name)
    };
    let fitting: Vec<&Known<'_>> = house.people.iter().filter(|known| called(known).is_some()).collect();
    let known = *random.pick(&fitting)?;
    let name = called(known)?;
    let said = said(known.records.first()?);
    let town = Some(town(words(said.address.as_ref())).to_owned()).filter(|town| !town.is_empty())?;
    let text = format!("{name} {town}").to_lowercase();
    let asks = Asks { kind: Some("nominal".to_owned()), words: Some(text.clone()), ..Asks::default() };
    let fielded =
        format!("names.surname:\"{}\" addresses.place:\"{}\"", name.to_lowercase(), town.to_lowercase());
    let meant = known.records.iter().take(1).map(|made| (made.id, 3)).collect();
    Some(Draft::new(text, asks, meant).fielded(fielded).fits(move |made| {
        is_nominal(made)
            && other_names(made, "nickname").iter().any(|(_, other)| *other == name)
            && words(super::house::said(made).address.as_ref()).ends_with(&format!(", {town}"))
    }))
}

fn is_nominal(made: &synth::force::Made) -> bool {
    made.kind.number == nominal::KIND.number
}

/// Month and year of birth, or day and month.
pub fn born_in_part(house: &House<'_>, _: &Names, random: &mut Random) -> Option<Draft> {
    let (known, said) = house.person(random, |said| said.is_whole())?;
    let born = said.birthday()?;
    let month = month_name(born);
    let typed = match random.happens(500) {
        true => (format!("{month} {}", born.year()), format!("{:04}-{:02}", born.year(), born.month())),
        false => (format!("{} {month}", born.day()), format!("????-{:02}-{:02}", born.month(), born.day())),
    };
    Some(named(known, (said.first(), &said.surname), typed))
}

/// Day and month of birth the wrong way round.
pub fn day_month_swapped(house: &House<'_>, _: &Names, random: &mut Random) -> Option<Draft> {
    let is_swappable = |born: Date| born.day() <= 12 && born.day() != born.month();
    let (known, said) =
        house.person(random, |said| said.is_whole() && said.birthday().is_some_and(is_swappable))?;
    let born = said.birthday()?;
    let (day, month, year) = (born.month(), born.day(), born.year());
    let typed = (format!("{day:02}/{month:02}/{year}"), format!("{year:04}-{month:02}-{day:02}"));
    Some(named(known, (said.first(), &said.surname), typed))
}

/// Surname first, or typed into the other box.
pub fn names_swapped(house: &House<'_>, _: &Names, random: &mut Random) -> Option<Draft> {
    let (known, said) = house.person(random, |said| said.is_whole())?;
    Some(named(known, (&said.surname, said.first()), year(&said)?))
}

/// An initial and a surname.
pub fn initial(house: &House<'_>, _: &Names, random: &mut Random) -> Option<Draft> {
    let (known, said) = house.person(random, |said| said.is_whole())?;
    let initial: String = said.forenames.chars().take(1).collect();
    Some(named(known, (&initial, &said.surname), year(&said)?))
}

/// A hyphen, apostrophe or space typed in another way, or a part left out.
pub fn joined(house: &House<'_>, _: &Names, random: &mut Random) -> Option<Draft> {
    const MARKS: [char; 4] = ['-', '\'', '’', ' '];
    let (known, said) = house.person(random, |said| said.is_whole() && said.surname.contains(MARKS))?;
    let typed = match random.below(3) {
        0 => said.surname.replace(MARKS, ""),
        1 => said.surname.replace(MARKS, " "),
        _ => said.surname.rsplit(MARKS).next()?.to_owned(),
    };
    Some(named(known, (said.first(), &typed), year(&said)?))
}

/// Another spelling of the name in use in Britain.
pub fn other_spelling(house: &House<'_>, names: &Names, random: &mut Random) -> Option<Draft> {
    spelt(house, names, random, |origin| origin == "british")
}

/// Another way to write a name that was first written in other letters, or with other marks.
pub fn transliterated(house: &House<'_>, names: &Names, random: &mut Random) -> Option<Draft> {
    spelt(house, names, random, |origin| origin != "british")
}

fn spelt(
    house: &House<'_>,
    names: &Names,
    random: &mut Random,
    is_wanted: impl Fn(&str) -> bool,
) -> Option<Draft> {
    let has = |text: &str| !names.variants(text).is_empty();
    let fitting: Vec<(&Known<'_>, Said)> = house
        .people
        .iter()
        .filter(|known| is_wanted(known.origin()))
        .filter_map(|known| Some((known, said(known.records.first()?))))
        .filter(|(_, said)| said.is_whole() && (has(said.first()) || has(&said.surname)))
        .collect();
    let (known, said) = random.pick(&fitting)?;
    let mut other =
        |text: &str| random.pick(names.variants(text)).cloned().unwrap_or_else(|| text.to_owned());
    let (first, last) = (other(said.first()), other(&said.surname));
    Some(named(known, (&first, &last), year(said)?))
}

/// The surname at birth of somebody who bears another.
pub fn name_at_birth(house: &House<'_>, _: &Names, random: &mut Random) -> Option<Draft> {
    let fitting: Vec<(&Known<'_>, String)> = house
        .people
        .iter()
        .filter_map(|known| Some((known, other_names(known.records.first()?, "birth").pop()?.1)))
        .collect();
    let (known, surname) = random.pick(&fitting)?;
    let said = said(known.records.first()?);
    Some(named(known, (said.first(), surname), year(&said)?))
}

/// Written as it was heard over the radio.
pub fn as_heard(house: &House<'_>, names: &Names, random: &mut Random) -> Option<Draft> {
    slipped(house, names, random, Slip::Phonetic)
}

/// Typed from paper that was hard to read.
pub fn misread(house: &House<'_>, names: &Names, random: &mut Random) -> Option<Draft> {
    slipped(house, names, random, Slip::MisreadFromPaper)
}

fn slipped(house: &House<'_>, names: &Names, random: &mut Random, slip: Slip) -> Option<Draft> {
    let (known, said) = house.person(random, |said| said.is_whole())?;
    let mut typed = Presented {
        forenames: said.first().to_owned(),
        surname: said.surname.clone(),
        ..Presented::default()
    };
    let around = Surroundings {
        names,
        other_address: said.address.clone().unwrap_or_default(),
        other_phone: String::new(),
        other_surname: None,
    };
    if !apply(slip, &mut typed, &around, random) {
        return None;
    }
    Some(named(known, (&typed.forenames, &typed.surname), year(&said)?))
}

/// A forename and where they live.
pub fn forename_and_address(house: &House<'_>, _: &Names, random: &mut Random) -> Option<Draft> {
    let (known, said) = house.person(random, |said| said.is_whole() && said.address.is_some())?;
    let (first, place) = (said.first().to_lowercase(), spoken(words(said.address.as_ref())));
    let text = format!("{first} {place}");
    let asks = Asks { kind: Some("nominal".to_owned()), words: Some(text.clone()), ..Asks::default() };
    let fielded = format!("forenames:\"{first}\" addresses.place:\"{place}\"");
    Some(Draft::new(text, asks, known.relevant()).fielded(fielded))
}

/// An address as it is typed.
fn spoken(words: &str) -> String {
    words.replace(',', "").to_lowercase()
}

/// Everybody who lives at an address. A record that does not say so is of somebody who does, all the same.
pub fn household(house: &House<'_>, _: &Names, random: &mut Random) -> Option<Draft> {
    let (_, meant) = house.person(random, |said| said.address.is_some())?;
    let place = words(meant.address.as_ref()).to_owned();
    let grade = |made: &synth::force::Made| {
        if words(said(made).address.as_ref()) == place { 3 } else { 1 }
    };
    let records = house.people.iter().flat_map(|known| &known.records);
    let relevant: Vec<(RecordId, u8)> = records.map(|made| (made.id, grade(made))).collect();
    let text = spoken(&place);
    let asks = Asks { kind: Some("nominal".to_owned()), words: Some(text.clone()), ..Asks::default() };
    let fielded = format!("addresses.place:\"{text}\"");
    Some(Draft::new(text, asks, relevant).fielded(fielded))
}

/// Names and how old the person is.
pub fn age(house: &House<'_>, _: &Names, random: &mut Random) -> Option<Draft> {
    let (known, said) = house.person(random, |said| said.is_whole())?;
    let born = said.birthday()?;
    let is_before = (born.month(), born.day()) > (AS_OF.month(), AS_OF.day());
    let age = AS_OF.year() - born.year() - i16::from(is_before);
    let likely = AS_OF.year() - 1 - age;
    let draft = named(known, (said.first(), &said.surname), (format!("aged {age}"), format!("{likely:04}")));
    let (first, last) = (said.first().to_lowercase(), said.surname.to_lowercase());
    let years = format!("dates-of-birth.date:{likely}..{}", likely + 1);
    Some(draft.fielded(format!("forenames:\"{first}\" surname:\"{last}\" {years}")))
}

/// A telephone number with one digit wrong.
pub fn phone_wrong_digit(house: &House<'_>, _: &Names, random: &mut Random) -> Option<Draft> {
    by_phone(house, random, |digits, random| {
        let at = 2 + random.below(digits.len() as u64 - 2) as usize;
        let was = digits[at] - b'0';
        digits[at] = b'0' + (was + 1 + random.below(9) as u8) % 10;
    })
}

/// A telephone number with one digit missing.
pub fn phone_missing_digit(house: &House<'_>, _: &Names, random: &mut Random) -> Option<Draft> {
    by_phone(house, random, |digits, random| {
        let at = 2 + random.below(digits.len() as u64 - 2) as usize;
        digits.remove(at);
    })
}

fn by_phone(
    house: &House<'_>,
    random: &mut Random,
    change: impl FnOnce(&mut Vec<u8>, &mut Random),
) -> Option<Draft> {
    let (known, meant) = house.person(random, |said| said.phone.is_some())?;
    let number = crate::workloads::search::national(meant.phone.as_deref()?);
    let mut digits = format!("0{number}").into_bytes();
    if digits.len() < 8 {
        return None;
    }
    change(&mut digits, random);
    let typed = String::from_utf8(digits).ok()?;
    let holds = |made: &synth::force::Made| {
        let phone = said(made).phone.map(|phone| crate::workloads::search::national(&phone));
        phone.as_deref() == Some(number.as_str())
    };
    let relevant = known.records.iter().map(|made| (made.id, if holds(made) { 3 } else { 1 })).collect();
    let asks = Asks { kind: Some("nominal".to_owned()), phone: Some(typed.clone()), ..Asks::default() };
    Some(Draft::new(typed.clone(), asks, relevant).fielded(format!("phones.number:{typed}")))
}

/// The stops of a person whose name was misheard.
pub fn stop_of_person(house: &House<'_>, names: &Names, random: &mut Random) -> Option<Draft> {
    let is = |made: &&synth::force::Made, kind: &model::Kind| made.kind.number == kind.number;
    let (known, said) = house.person(random, |said| said.is_whole())?;
    let person = known.records.first()?.id;
    let searched = house.records.iter().filter(|made| is(made, &link::KIND)).filter(|made| {
        made.body.get(link::FROM) == Some(person.0)
            && made.body.get(link::TYPE).is_some_and(|code| code.0 == "searched-in")
    });
    let stops: Vec<RecordId> = searched.filter_map(|made| made.body.get(link::TO)).map(RecordId).collect();
    let told = house.records.iter().filter(|made| is(made, &stop::KIND) && stops.contains(&made.id));
    let relevant: Vec<(RecordId, u8)> =
        told.map(|made| (made.id, if made.body.get(stop::NAME).is_some() { 3 } else { 1 })).collect();
    if !relevant.iter().any(|(_, grade)| *grade == 3) {
        return None;
    }
    let mut typed =
        Presented { forenames: said.first().to_owned(), surname: said.surname, ..Presented::default() };
    let around = Surroundings {
        names,
        other_address: said.address.unwrap_or_default(),
        other_phone: String::new(),
        other_surname: None,
    };
    if !apply(Slip::Phonetic, &mut typed, &around, random) {
        return None;
    }
    let text = format!("{} {}", typed.forenames, typed.surname).to_lowercase();
    let asks =
        Asks { kind: Some("stop-and-search".to_owned()), names: Some(text.clone()), ..Asks::default() };
    let fielded = format!("name:\"{text}\"");
    Some(Draft::new(text, asks, relevant).fielded(fielded))
}
