//! Needs that ask for events and for what is told of them: by type, place and time, or by words that are
//! not the record's own (`bench/data/narratives.txt`).

use super::house::{House, month_name, said, town, words};
use super::sample::Draft;
use crate::workloads::search::needs::{Asks, Near};
use jiff::ToSpan;
use jiff::civil::Date;
use model::derived::show;
use model::kinds::{crime, nominal, stop_and_search as stop};
use model::{Kind, Value};
use synth::force::Made;
use synth::names::Names;
use synth::random::Random;

const NARRATIVES: &str = include_str!("../../../data/narratives.txt");
/// Radius of the circle that is searched, in metres.
const RADIUS: f64 = 500.0;

/// A crime by its type, the street and the month.
pub fn street_and_month(house: &House<'_>, _: &Names, random: &mut Random) -> Option<Draft> {
    let meant = house.of_kind(random, &crime::KIND)?;
    let (code, place) = (meant.body.get(crime::CRIME_TYPE)?.0, meant.body.get(crime::PLACE)?);
    let said = words(Some(&place));
    let (street, town) = (street(said)?, town(said));
    let days = Days::of_month(event_day(meant)?);
    let what = show::code_label("crime-type", &code).to_lowercase();
    let place = format!("{street} {town}").to_lowercase();
    let text = format!("{what} {place} {}", days.spoken);
    let asks = Asks {
        kind: Some("crime".to_owned()),
        words: Some(format!("{what} {place}")),
        from: Some(days.from.to_string()),
        to: Some(days.to.to_string()),
        ..Asks::default()
    };
    let fielded = format!(
        "crime-type:{code} place:\"{}\" place:\"{}\" at:{}",
        street.to_lowercase(),
        town.to_lowercase(),
        days.asked
    );
    let (street, town) = (street.to_owned(), town.to_owned());
    Some(Draft::new(text, asks, vec![(meant.id, 3)]).fielded(fielded).fits(move |made| {
        made.kind.number == crime::KIND.number
            && made.body.get(crime::CRIME_TYPE).is_some_and(|other| other.0 == code)
            && made.body.get(crime::PLACE).is_some_and(|place| is_at(words(Some(&place)), &street, &town))
            && event_day(made).is_some_and(|day| days.hold(day))
    }))
}

/// Crimes of a type within 500 m of one of them, in three months.
pub fn near(house: &House<'_>, _: &Names, random: &mut Random) -> Option<Draft> {
    let meant = house.of_kind(random, &crime::KIND)?;
    let (code, place) = (meant.body.get(crime::CRIME_TYPE)?.0, meant.body.get(crime::PLACE)?);
    let (latitude, longitude) = place.degrees()?;
    let days = Days::of_quarter(event_day(meant)?);
    let near = Near { latitude, longitude, metres: RADIUS };
    let what = show::code_label("crime-type", &code).to_lowercase();
    let text = format!("{} near:{latitude:.6},{longitude:.6}~{RADIUS}m {}", what.to_lowercase(), days.spoken);
    let asks = Asks {
        kind: Some("crime".to_owned()),
        words: Some(what),
        from: Some(days.from.to_string()),
        to: Some(days.to.to_string()),
        near: Some(near),
        ..Asks::default()
    };
    let circle = format!("place.near:{latitude:.6},{longitude:.6}~{RADIUS}m");
    let fielded = format!("crime-type:{code} {circle} at:{}", days.asked);
    Some(Draft::new(text, asks, vec![(meant.id, 3)]).fielded(fielded).fits(move |made| {
        made.kind.number == crime::KIND.number
            && made.body.get(crime::CRIME_TYPE).is_some_and(|other| other.0 == code)
            && made.body.get(crime::PLACE).is_some_and(|place| holds(near, place.latitude, place.longitude))
            && event_day(made).is_some_and(|day| days.hold(day))
    }))
}

fn holds(near: Near, latitude: Option<i32>, longitude: Option<i32>) -> bool {
    latitude.zip(longitude).is_some_and(|point| near.holds(point))
}

/// Crimes by what happened in other words, the town and the month.
pub fn narrative(house: &House<'_>, _: &Names, random: &mut Random) -> Option<Draft> {
    told(
        house,
        random,
        &crime::KIND,
        |made| made.body.get(crime::SUMMARY),
        |made| made.body.get(crime::PLACE),
    )
}

/// Stops by their grounds in other words, the town and the month.
pub fn stop_narrative(house: &House<'_>, _: &Names, random: &mut Random) -> Option<Draft> {
    told(house, random, &stop::KIND, |made| made.body.get(stop::GROUNDS), |made| made.body.get(stop::PLACE))
}

fn told(
    house: &House<'_>,
    random: &mut Random,
    kind: &'static Kind,
    text_of: fn(&Made) -> Option<String>,
    place_of: fn(&Made) -> Option<model::value::Place>,
) -> Option<Draft> {
    let meant = house.of_kind(random, kind)?;
    let told = text_of(meant)?;
    let typed = typed_for(kind.name, &told, random)?;
    let place = place_of(meant)?;
    let town = Some(town(words(Some(&place))).to_owned()).filter(|town| !town.is_empty())?;
    let days = Days::of_month(event_day(meant)?);
    let words_asked = format!("{typed} {}", town.to_lowercase());
    let asks = Asks {
        kind: Some(kind.name.to_owned()),
        words: Some(words_asked.clone()),
        from: Some(days.from.to_string()),
        to: Some(days.to.to_string()),
        ..Asks::default()
    };
    let fielded = format!("{typed} place:\"{}\" at:{}", town.to_lowercase(), days.asked);
    let draft = Draft::new(format!("{words_asked} {}", days.spoken), asks, vec![(meant.id, 3)]);
    Some(draft.fielded(fielded).fits(move |made| {
        made.kind.number == kind.number
            && text_of(made).as_ref() == Some(&told)
            && place_of(made).is_some_and(|place| words(Some(&place)).ends_with(&format!(", {town}")))
            && event_day(made).is_some_and(|day| days.hold(day))
    }))
}

/// People by what they look like, in other words, and the town.
pub fn looks(house: &House<'_>, _: &Names, random: &mut Random) -> Option<Draft> {
    let (known, meant) = house.person(random, |said| said.address.is_some())?;
    let first = known.records.first()?;
    let told = first.body.get(nominal::DESCRIPTION)?;
    let typed = typed_for(nominal::KIND.name, &told, random)?;
    let town = Some(town(words(meant.address.as_ref())).to_owned()).filter(|town| !town.is_empty())?;
    let text = format!("{typed} {}", town.to_lowercase());
    let asks = Asks { kind: Some("nominal".to_owned()), words: Some(text.clone()), ..Asks::default() };
    let fielded = format!("{typed} addresses.place:\"{}\"", town.to_lowercase());
    Some(Draft::new(text, asks, vec![(first.id, 3)]).fielded(fielded).fits(move |made| {
        made.kind.number == nominal::KIND.number
            && made.body.get(nominal::DESCRIPTION).as_ref() == Some(&told)
            && words(said(made).address.as_ref()).ends_with(&format!(", {town}"))
    }))
}

/// What people type who mean these words.
fn typed_for(kind: &str, told: &str, random: &mut Random) -> Option<String> {
    let lines = NARRATIVES.lines().filter(|line| !line.starts_with('#'));
    let typed: Vec<&str> = lines
        .filter_map(|line| {
            let mut parts = line.split(" | ");
            let (of_kind, typed, meant) = (parts.next()?, parts.next()?, parts.next()?);
            (of_kind == kind && meant == told).then_some(typed)
        })
        .collect();
    random.pick(&typed).map(|typed| (*typed).to_owned())
}

/// The street of a point of it: `Albert Road` of `Albert Road, car park, Lampton`, and of a home there.
fn street(words: &str) -> Option<&str> {
    let parts: Vec<&str> = words.split(", ").collect();
    let has_number = |part: &&&str| part.chars().next().is_some_and(|letter| letter.is_ascii_digit());
    match parts.iter().find(has_number) {
        Some(numbered) => numbered.split_once(' ').map(|(_, street)| street),
        None => parts.first().copied(),
    }
}

fn is_at(words: &str, street_wanted: &str, town_wanted: &str) -> bool {
    street(words) == Some(street_wanted) && town(words) == town_wanted
}

/// The day of an event in London.
fn event_day(made: &Made) -> Option<Date> {
    match made.body.value(made.kind.happened?)? {
        Value::Instant(micros) => show::london(*micros).map(|at| at.date()),
        _ => None,
    }
}

/// A run of days, as it is typed and as it is asked for.
struct Days {
    from: Date,
    to: Date,
    spoken: String,
    asked: String,
}

impl Days {
    fn of_month(day: Date) -> Self {
        let spoken = format!("{} {}", month_name(day), day.year());
        let asked = format!("{:04}-{:02}", day.year(), day.month());
        Self { from: day.first_of_month(), to: day.last_of_month(), spoken, asked }
    }

    /// The month of a day with the one before and the one after.
    fn of_quarter(day: Date) -> Self {
        let (before, after) = (day.saturating_sub(1.month()), day.saturating_add(1.month()));
        let spoken = |day: Date| format!("{} {}", month_name(day), day.year());
        let asked = |day: Date| format!("{:04}-{:02}", day.year(), day.month());
        Self {
            from: before.first_of_month(),
            to: after.last_of_month(),
            spoken: format!("{} to {}", spoken(before), spoken(after)),
            asked: format!("{}..{}", asked(before), asked(after)),
        }
    }

    fn hold(&self, day: Date) -> bool {
        (self.from..=self.to).contains(&day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_narrative_is_of_a_kind_and_has_three_parts() {
        let lines = NARRATIVES.lines().filter(|line| !line.starts_with('#'));
        for line in lines {
            let parts: Vec<&str> = line.split(" | ").collect();
            assert!(parts.len() == 3 && model::kinds::ALL.iter().any(|kind| kind.name == parts[0]), "{line}");
        }
    }

    #[test]
    fn the_street_of_a_place() {
        assert_eq!(street("Albert Road, car park, Lampton"), Some("Albert Road"));
        assert_eq!(street("Flat 3, 14 Albert Road, Lampton"), Some("Albert Road"));
        assert_eq!(street("14A Albert Road, Lampton"), Some("Albert Road"));
        assert!(is_at("Albert Road, car park, Lampton", "Albert Road", "Lampton"));
    }

    #[test]
    fn a_quarter_goes_over_the_turn_of_the_year() {
        let days = Days::of_quarter(jiff::civil::date(2024, 1, 31));
        assert_eq!(
            (days.from.to_string(), days.to.to_string()),
            ("2023-12-01".to_owned(), "2024-02-29".to_owned())
        );
        assert_eq!(days.asked, "2023-12..2024-02");
    }
}
