//! What happens: crimes with their outcomes, stops and searches.

use super::numbers;
use super::people::{AS_OF, Person};
use super::things::{code, words};
use crate::random::Random;
use jiff::ToSpan;
use jiff::civil::Date;
use model::Body;
use model::field::{Code, Identifier, Instant};
use model::kinds::more_thorough_search as thorough;
use model::kinds::{crime, stop_and_search as stop};
use model::value::{PartialDate, Place};

type Weighted<T> = &'static [(u32, T)];

/// Years over which events lie, back from [`AS_OF`].
const YEARS: i64 = 6;

/// The first moment of [`AS_OF`] in microseconds since 1970-01-01T00:00:00Z.
pub const AS_OF_MICROS: i64 = 1_767_225_600_000_000;
const MINUTE: i64 = 60_000_000;

/// A moment of the last six years, newer ones as likely as older, in microseconds.
pub fn moment(random: &mut Random) -> i64 {
    AS_OF_MICROS - random.between(2 * 24 * 60, YEARS * 365 * 24 * 60) * MINUTE
}

/// The day of a moment in London.
pub fn day(micros: i64) -> Date {
    model::derived::show::london(micros).map_or(AS_OF, |at| at.date())
}

/// Crime type, classification, whether something is taken, whether at the victim's home, what is said.
type Offence = (&'static str, &'static str, bool, bool, &'static str);
const OFFENCES: Weighted<Offence> = &[
    (
        10,
        (
            "burglary",
            "28E Burglary in a dwelling",
            true,
            true,
            "Entry by forcing a rear window; untidy search of the bedrooms.",
        ),
    ),
    (4, ("burglary", "30C Burglary, other building", true, false, "Shed entered and padlock cut overnight.")),
    (
        11,
        (
            "vehicle-crime",
            "45 Theft from a vehicle",
            true,
            false,
            "Window smashed and contents of the glove box taken.",
        ),
    ),
    (
        5,
        (
            "vehicle-crime",
            "48 Theft of a vehicle",
            false,
            false,
            "Vehicle taken from outside the address without its keys.",
        ),
    ),
    (
        9,
        (
            "bicycle-theft",
            "44 Theft of a pedal cycle",
            true,
            false,
            "Lock cut with bolt croppers at the railings.",
        ),
    ),
    (
        14,
        (
            "shoplifting",
            "46 Theft from a shop",
            true,
            false,
            "Left past the tills without paying; seen on camera.",
        ),
    ),
    (
        8,
        (
            "theft-from-the-person",
            "39 Theft from the person",
            true,
            false,
            "Snatched by a rider on an electric bicycle.",
        ),
    ),
    (
        5,
        (
            "robbery",
            "34B Robbery of personal property",
            true,
            false,
            "Threatened with a knife and told to hand the phone over.",
        ),
    ),
    (
        10,
        (
            "criminal-damage-and-arson",
            "58B Criminal damage to a building",
            false,
            true,
            "Stone thrown through the front window.",
        ),
    ),
    (
        12,
        (
            "violence-and-sexual-offences",
            "8N Assault with injury",
            false,
            false,
            "Punched to the face after an argument over parking.",
        ),
    ),
    (
        9,
        (
            "violence-and-sexual-offences",
            "105A Assault without injury",
            false,
            true,
            "Pushed against the wall by a former partner.",
        ),
    ),
    (
        6,
        (
            "violence-and-sexual-offences",
            "8L Harassment",
            false,
            true,
            "Repeated messages and calls after being told to stop.",
        ),
    ),
    (
        8,
        (
            "public-order",
            "125 Public fear, alarm or distress",
            false,
            false,
            "Shouting abuse at staff and passers-by.",
        ),
    ),
    (5, ("other-theft", "49 Other theft", true, false, "Bag taken from under the table of a café.")),
    (
        3,
        (
            "possession-of-weapons",
            "10D Possession of an article with a blade",
            false,
            false,
            "Knife found in the waistband after a search.",
        ),
    ),
    (
        5,
        (
            "drugs",
            "92E Possession of a controlled drug",
            false,
            false,
            "Bags of herbal cannabis found on a search.",
        ),
    ),
    (
        2,
        (
            "other-crime",
            "53 Fraud by false representation",
            true,
            true,
            "Caller said to be from the bank and asked for the PIN.",
        ),
    ),
];

/// How a crime ends: outcome, whether after a suspect was found, whether it came to court.
const ENDS: Weighted<(&str, bool, bool)> = &[
    (46, ("no-suspect", false, false)),
    (23, ("unable-to-prosecute-suspect", true, false)),
    (4, ("local-resolution", true, false)),
    (3, ("offender-given-a-caution", true, false)),
    (9, ("suspect-charged", true, true)),
    (3, ("further-investigation-is-not-in-the-public-interest", false, false)),
];
const SENTENCES: Weighted<&str> = &[
    (4, "offender-fined"),
    (4, "offender-given-community-sentence"),
    (3, "offender-given-suspended-prison-sentence"),
    (3, "offender-sent-to-prison"),
    (2, "defendant-found-not-guilty"),
    (2, "offender-given-conditional-discharge"),
    (1, "awaiting-court-outcome"),
];

/// A crime, and what its records need to know of it.
#[derive(Debug)]
pub struct Crime {
    /// The record.
    pub body: Body,
    /// When it was committed, in microseconds.
    pub at: i64,
    /// Whether something was taken.
    pub is_theft: bool,
    /// Whether somebody is suspected.
    pub has_suspect: bool,
    /// Whether it came to court.
    pub is_charged: bool,
}

/// A crime against somebody who lives at `home`, or in the street.
pub fn crime(random: &mut Random, number: u64, home: &Place, street: Place) -> Crime {
    let offence = random.weighted(OFFENCES).copied();
    let (kind, class, is_theft, is_home, said) = offence.unwrap_or(("other-crime", "", false, false, ""));
    let at = moment(random);
    let hour = 60 * MINUTE;
    let reported = at + random.between(0, 30) * hour;
    let (end, has_suspect, is_charged) =
        random.weighted(ENDS).copied().unwrap_or(("no-suspect", false, false));
    let mut body = Body::default();
    body.set(crime::REFERENCE, format!("LX/{number:07}/{:02}", day(at).year() % 100))
        .set(crime::CRIME_TYPE, Code(kind.to_owned()))
        .set(crime::CLASSIFICATION, class.to_owned())
        .set(crime::FIRST_COMMITTED, Instant(at))
        .set(crime::REPORTED_AT, Instant(reported))
        .set(crime::PLACE, if is_home { home.clone() } else { street })
        .set(crime::SUMMARY, said.to_owned())
        .set(crime::REPORTED_BY, "Lampshire Police".to_owned())
        .set(crime::OUTCOMES, outcomes(random, day(reported), end));
    if random.happens(250) {
        body.set(crime::LAST_COMMITTED, Instant(at + random.between(1, 14) * hour));
    }
    if random.happens(700) {
        body.set(crime::PUBLISHED_ID, numbers::hexadecimal(random, 4));
        body.set(crime::LSOA, format!("E0199{:04}", random.below(2_000)));
    }
    if is_charged {
        body.set(crime::COURT_CASES, vec![court_case(random, day(at).year())]);
    }
    Crime { body, at, is_theft, has_suspect, is_charged }
}

fn outcomes(random: &mut Random, reported: Date, end: &str) -> Vec<Body> {
    let mut day = reported;
    let mut codes = vec!["under-investigation"];
    if random.happens(880) {
        codes.push(end);
    }
    if codes.last() == Some(&"suspect-charged") && random.happens(700) {
        codes.extend(random.weighted(SENTENCES).copied());
    }
    let rows = codes.into_iter().map(|outcome| {
        let row = outcome_row(outcome, day.min(AS_OF));
        day = day.saturating_add(random.between(10, 160).days());
        row
    });
    rows.collect()
}

fn outcome_row(outcome: &str, on: Date) -> Body {
    let mut row = Body::default();
    row.set(crime::outcome::OUTCOME, Code(outcome.to_owned()))
        .set(crime::outcome::DATE, PartialDate::full(on));
    row
}

fn court_case(random: &mut Random, year: i16) -> Body {
    use crime::court_case as case;
    use model::identifiers::check_letter;
    let short = year % 100;
    let (court, serial) = (2_700 + random.below(40), random.below(1_000_000));
    let number: u128 =
        u128::from(short.unsigned_abs()) * 10_000_000_000 + u128::from(court * 1_000_000 + serial);
    let letter = check_letter::of(number);
    let mut row = Body::default();
    row.set(case::URN, Identifier(format!("99LX{:05}{short:02}", random.below(100_000))))
        .set(case::MAGISTRATES, Identifier(format!("{short:02}/{court}/{serial:06}{letter}")))
        .set(case::COURT, "Lampton Magistrates’ Court".to_owned());
    if random.happens(200) {
        row.set(case::CROWN_COURT, Identifier(format!("T{year}{:04}", random.below(10_000))));
    }
    row
}

/// Power, object of the search, grounds.
const SEARCHES: Weighted<(&str, &str, &str)> = &[
    (30, ("mda-s23", "drugs", "Strong smell of cannabis; dropped a small bag when he saw us.")),
    (15, ("mda-s23", "drugs", "Exchange of small items for cash seen on camera by the control room.")),
    (12, ("pace-s1", "weapons", "Matches the description given minutes before of a person with a knife.")),
    (8, ("pace-s1", "weapons", "Adjusted something heavy in the waistband and walked away quickly.")),
    (10, ("pace-s1", "stolen", "Seen trying door handles of parked cars.")),
    (5, ("pace-s1", "theft-article", "Carrying bolt croppers beside the cycle racks at night.")),
    (2, ("pace-s1", "damage-article", "Spray cans in an open bag by a freshly marked wall.")),
    (2, ("cjpoa-s60", "threat-or-harm", "Within the area and hours of the authority.")),
    (1, ("firearms-s47", "firearms", "Caller named him as having shown a handgun.")),
];
const STOP_OUTCOMES: Weighted<&str> = &[
    (70, "no-action"),
    (14, "arrest"),
    (9, "community-resolution"),
    (3, "penalty-notice"),
    (2, "drugs-warning"),
    (2, "summons"),
];
const OPERATIONS: &[&str] = &["Operation Lantern", "Operation Harbour", "Operation Larch"];

/// A stop and search.
#[derive(Debug)]
pub struct Stop {
    /// The record.
    pub body: Body,
    /// When, in microseconds.
    pub at: i64,
    /// Whether something was found.
    pub is_find: bool,
}

/// A stop and search of a person; of their vehicle too where its mark is given.
pub fn stop(random: &mut Random, person: &Person, place: Place, mark: Option<&str>) -> Stop {
    let (power, object, grounds) =
        random.weighted(SEARCHES).copied().unwrap_or(("pace-s1", "stolen", "Seen trying door handles."));
    let at = moment(random);
    let age = i64::from(day(at).year() - person.born.year()).clamp(10, 100);
    let outcome = code(random, STOP_OUTCOMES);
    let is_find = outcome.0 != "no-action";
    let is_thorough = random.happens(20);
    let mut body = Body::default();
    body.set(stop::AT, Instant(at))
        .set(stop::SEARCH_TYPE, Code(if mark.is_some() { "person-and-vehicle" } else { "person" }.to_owned()))
        .set(stop::PLACE, place.clone())
        .set(stop::POWER, Code(power.to_owned()))
        .set(stop::OBJECT, Code(object.to_owned()))
        .set(stop::GROUNDS, grounds.to_owned())
        .set(stop::OUTCOME, outcome)
        .set(stop::OUTCOME_LINKED, is_find && random.happens(800))
        .set(stop::SELF_DEFINED_ETHNICITY, Code(asked(random, &person.ethnicity)))
        .set(stop::OFFICER_DEFINED_ETHNICITY, Code(seen(&person.ethnicity).to_owned()))
        .set(stop::GENDER, Code(if person.is_female { "female" } else { "male" }.to_owned()))
        .set(stop::AGE, age)
        .set(stop::OFFICER, format!("{} Lampton", 1_000 + random.below(8_000)))
        .set(stop::MORE_THAN_OUTER, is_thorough)
        .set(stop::COPY_GIVEN, random.happens(850))
        .set_some(stop::VRM, mark.map(|mark| Identifier(mark.to_owned())));
    if random.happens(700) {
        body.set(stop::NAME, format!("{} {}", person.name.forenames, person.name.surname).trim().to_owned());
    }
    if random.happens(40) {
        body.set(stop::POLICING_OPERATION, true).set_some(stop::OPERATION, words(random, OPERATIONS));
    }
    if is_thorough {
        body.set(stop::MORE_THOROUGH_SEARCH, vec![thorough_search(random, age, place, is_find)]);
    }
    Stop { body, at, is_find }
}

/// One in four does not say.
fn asked(random: &mut Random, ethnicity: &str) -> String {
    if random.happens(250) { "NS".to_owned() } else { ethnicity.to_owned() }
}

/// How an officer would put an ethnicity (code), seen from outside.
pub fn seen(ethnicity: &str) -> &'static str {
    match ethnicity.as_bytes().first() {
        Some(b'W') => "white",
        Some(b'B') => "black",
        Some(b'A') => "asian",
        Some(b'M') => "mixed",
        _ => "other",
    }
}

fn thorough_search(random: &mut Random, age: i64, place: Place, is_find: bool) -> Body {
    let is_exposed = random.happens(600);
    let mut row = Body::default();
    row.set(thorough::SUBJECT_AGE, age)
        .set(thorough::CHILD_OR_VULNERABLE, age < 18)
        .set(thorough::INTIMATE_PARTS_EXPOSED, is_exposed)
        .set(thorough::LOCATION_KIND, Code("police-station".to_owned()))
        .set(thorough::PLACE, place)
        .set(thorough::REASON, "Believed to hide drugs in the underwear.".to_owned())
        .set(thorough::AUTHORISER, format!("Sgt {}", 100 + random.below(900)))
        .set(thorough::AUTHORISER_RANK, Code("sergeant".to_owned()))
        .set(thorough::PRESENT, vec![present(random, "searcher"), present(random, "officer-present")])
        .set(thorough::FORCE_USED, random.happens(100))
        .set(thorough::FOUND, if is_find { "Drugs" } else { "Nothing" }.to_owned());
    if age < 18 {
        row.set(thorough::APPROPRIATE_ADULT_PRESENT, true)
            .set(thorough::APPROPRIATE_ADULT, "Mother, arrived before the search".to_owned())
            .set(thorough::SAFEGUARDING_REFERRAL, format!("SG/{}", random.below(100_000)));
    }
    row
}

fn present(random: &mut Random, role: &str) -> Body {
    use thorough::person_present as person;
    let mut row = Body::default();
    row.set(person::ROLE, Code(role.to_owned())).set(person::NAME, (1_000 + random.below(8_000)).to_string());
    row
}
