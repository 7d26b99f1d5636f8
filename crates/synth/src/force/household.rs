//! All records of one household: its people as they were recorded, once or several times, their home,
//! vehicles, phones and accounts, the crimes that they suffered, the stops, and the links.

use super::declared;
use super::events;
use super::ids;
use super::numbers;
use super::people::{Home, Lists, NEIGHBOURHOOD, Person, Position, Trap};
use super::places::Street;
use super::presented::Presented;
use super::slips::{self, Slip, Surroundings};
use super::things;
use crate::random::Random;
use jiff::civil::Date;
use model::field::{Code, Identifier};
use model::kinds::{
    crime, link, location, nominal, object, organisation, phone_or_account, stop_and_search, vehicle,
};
use model::value::PartialDate;
use model::{Body, Kind, RecordId};

/// One record of the synthetic force.
#[derive(Debug, Clone)]
pub struct Made {
    /// Its kind.
    pub kind: &'static Kind,
    /// Its identity, by which links name it.
    pub id: RecordId,
    /// What it says.
    pub body: Body,
    /// For a nominal: who it really is.
    pub truth: Option<Truth>,
}

/// Who a nominal record really is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Truth {
    /// One for each person: the identity of their first record.
    pub cluster: RecordId,
    /// In what this record differs from the first one; nothing for the first, and for an exact repeat.
    pub slips: Vec<Slip>,
    /// Whom the person is easily taken for.
    pub trap: Option<Trap>,
    /// Origin of the name.
    pub origin: String,
}

/// The records of a household, in an order in which none names a later household.
pub fn records(lists: &Lists, seed: u64, home: &Home, streets: &[Street]) -> Vec<Made> {
    let mut maker = Maker {
        lists,
        streets,
        seed,
        home,
        random: Random::numbered(seed, "records", &[home.serial]),
        made: Vec::new(),
        slot: ids::FIRST_FREE,
        marks: Vec::new(),
    };
    maker.fill();
    maker.made
}

/// Kinds that this file makes by hand.
static BY_HAND: [&Kind; 9] = [
    &nominal::KIND,
    &location::KIND,
    &vehicle::KIND,
    &crime::KIND,
    &stop_and_search::KIND,
    &link::KIND,
    &organisation::KIND,
    &phone_or_account::KIND,
    &object::KIND,
];

struct Maker<'a> {
    lists: &'a Lists,
    streets: &'a [Street],
    seed: u64,
    home: &'a Home,
    random: Random,
    made: Vec<Made>,
    slot: u64,
    /// Registration marks of the household's vehicles.
    marks: Vec<(RecordId, String)>,
}

impl<'a> Maker<'a> {
    fn fill(&mut self) {
        let place = self.location();
        for at in 0..self.home.people.len() {
            self.nominals(at, place);
        }
        self.family();
        self.vehicles();
        self.phones();
        self.business(place);
        self.crimes();
        self.stops();
        self.associates();
        self.others();
    }

    fn add(&mut self, kind: &'static Kind, body: Body) -> RecordId {
        self.slot += 1;
        let id = ids::record(self.seed, self.home.serial, self.slot);
        self.made.push(Made { kind, id, body, truth: None });
        id
    }

    fn link(&mut self, from: RecordId, to: RecordId, kind: &str, since: Option<Date>) {
        let mut body = Body::default();
        body.set(link::FROM, from.0)
            .set(link::TO, to.0)
            .set(link::TYPE, Code(kind.to_owned()))
            .set(link::SOURCE, Code("officer".to_owned()))
            .set_some(link::SINCE, since.map(PartialDate::full));
        self.add(&link::KIND, body);
    }

    /// The first record of a person of this household.
    fn person(&self, at: usize) -> RecordId {
        ids::record(self.seed, self.home.serial, at as u64)
    }

    fn location(&mut self) -> Option<RecordId> {
        if !self.random.happens(300) {
            return None;
        }
        let place = self.home.address.clone();
        let square = place.degrees().and_then(|(north, east)| {
            model::identifiers::grid_reference::GridSquare::of_degrees(north, east)
        });
        let mut body = Body::default();
        body.set(location::TYPE, Code("dwelling".to_owned()))
            .set(location::PLACE, place)
            .set(location::UPRN, Identifier((900_000_000_000 + self.home.serial).to_string()))
            .set_some(location::GRID_REFERENCE, square.map(|square| Identifier(square.to_string())));
        Some(self.add(&location::KIND, body))
    }

    fn nominals(&mut self, at: usize, place: Option<RecordId>) {
        let Some(person) = self.home.people.get(at) else { return };
        let first = self.person(at);
        let presented = self.presented(person);
        self.nominal(first, first, &presented, Vec::new(), person);
        if let Some(place) = place {
            self.link(first, place, "lives-at", None);
        }
        for _ in 0..self.repeats(person) {
            let mut again = presented.clone();
            let around = self.surroundings(person);
            let made = slips::slip(&mut again, &around, &mut self.random);
            self.slot += 1;
            let id = ids::record(self.seed, self.home.serial, self.slot);
            self.nominal(id, first, &again, made, person);
        }
    }

    fn nominal(&mut self, id: RecordId, cluster: RecordId, said: &Presented, slips: Vec<Slip>, who: &Person) {
        let truth = Truth { cluster, slips, trap: who.trap, origin: who.origin.clone() };
        self.made.push(Made { kind: &nominal::KIND, id, body: said.body(), truth: Some(truth) });
    }

    /// How often a person was recorded again without being recognised.
    fn repeats(&mut self, person: &Person) -> u64 {
        match (person.is_known, self.random.below(1_000)) {
            (true, 0..550) => 1 + self.random.ranked(7),
            (false, 0..110) => 1 + self.random.ranked(2),
            _ => 0,
        }
    }

    fn surroundings(&mut self, person: &Person) -> Surroundings<'a> {
        let street = self.random.pick(self.streets).unwrap_or(&self.home.street);
        let first = self.home.people.first().map(|first| first.name.surname.clone());
        let married =
            first.filter(|surname| person.role == Position::Partner && *surname != person.name.surname);
        Surroundings {
            names: &self.lists.names,
            other_address: street.address(&mut self.random),
            other_phone: numbers::mobile(&mut self.random),
            other_surname: person.birth_surname.clone().or(married),
        }
    }

    /// What a careful officer with documents would have recorded.
    fn presented(&mut self, person: &Person) -> Presented {
        let random = &mut self.random;
        let (age, known) = (person.age(), if person.is_known { 700 } else { 0 });
        let (name, born) = (&person.name, person.born);
        let mut record = Presented::of(person);
        record.ethnicity = random.happens(800).then(|| person.ethnicity.clone());
        record.address = random.happens(960).then(|| self.home.address.clone());
        record.phone = (age >= 12 && random.happens(700)).then(|| numbers::mobile(random));
        record.pnc_id = random.happens(known).then(|| numbers::pnc_id(random, born));
        record.cro = random.happens(known / 3).then(|| numbers::cro(random));
        record.nino = (age >= 16 && random.happens(60)).then(|| numbers::nino(random));
        record.nhs_number = random.happens(12).then(|| numbers::nhs(random));
        let drives = age >= 17 && random.happens(250);
        record.driver_number = drives
            .then(|| numbers::driver(random, &name.surname, &name.forenames, born, person.is_female))
            .flatten();
        record.description = random.happens(80 + known / 3).then(|| things::words(random, LOOKS)).flatten();
        record.warning = random.happens(known / 4).then(|| (warning(random), 2024 + random.below(2) as i16));
        if person.is_known && random.happens(200) {
            let nickname = things::words(random, STREET_NAMES).unwrap_or_default();
            record.other_names.push(("nickname", String::new(), nickname));
        }
        record
    }

    /// How the people of the household belong together.
    fn family(&mut self) {
        for (at, role) in self.home.people.iter().map(|person| person.role).enumerate().skip(1) {
            let kind = match role {
                Position::Partner => "partner-of",
                Position::Child => "child-of",
                Position::Grandparent => "parent-of",
                Position::First | Position::Lodger => "lives-with",
            };
            let (from, to) = (self.person(at), self.person(0));
            self.link(from, to, kind, None);
        }
    }

    fn vehicles(&mut self) {
        for at in self.adults() {
            if !self.random.happens(380) {
                continue;
            }
            let body = things::vehicle(&mut self.random);
            let mark = body.get(vehicle::VRM).map(|mark| mark.0).unwrap_or_default();
            let id = self.add(&vehicle::KIND, body);
            self.link(self.person(at), id, "keeper-of", None);
            self.marks.push((id, mark));
        }
    }

    fn phones(&mut self) {
        for at in self.adults() {
            let Some(person) = self.home.people.get(at).cloned() else { continue };
            if self.random.happens(if person.is_known { 900 } else { 250 }) {
                let number = numbers::mobile(&mut self.random);
                let body = things::phone(&number, &mut self.random);
                let id = self.add(&phone_or_account::KIND, body);
                self.link(self.person(at), id, "user-of", None);
            }
            if self.random.happens(if person.is_known { 400 } else { 60 }) {
                let body = things::account(&mut self.random, &person.name.forenames, &person.name.surname);
                let id = self.add(&phone_or_account::KIND, body);
                self.link(self.person(at), id, "user-of", None);
            }
        }
    }

    fn business(&mut self, home: Option<RecordId>) {
        if !self.random.happens(40) {
            return;
        }
        let surname = self.home.people.first().map(|first| first.name.surname.clone()).unwrap_or_default();
        let name = match self.random.happens(500) {
            true => surname,
            false => self.home.street.name.clone(),
        };
        let place = self.home.street.address(&mut self.random);
        let body = things::organisation(&mut self.random, &name, &place);
        let id = self.add(&organisation::KIND, body);
        self.link(self.person(0), id, "director-of", None);
        if let Some(home) = home.filter(|_| self.random.happens(200)) {
            self.link(id, home, "operates-at", None);
        }
    }

    fn crimes(&mut self) {
        let count = if self.random.happens(300) { 1 + self.random.ranked(5) } else { 0 };
        for number in 0..count {
            self.crime(self.home.serial * 8 + number);
        }
    }

    fn crime(&mut self, number: u64) {
        let street = self.home.street.point(&mut self.random);
        let crime = events::crime(&mut self.random, number, &self.home.address, street);
        let on = Some(events::day(crime.at));
        let is_theft = crime.is_theft;
        let id = self.add(&crime::KIND, crime.body);
        let victim = self.random.below(self.home.people.len() as u64) as usize;
        let victim = self.person(victim);
        self.link(victim, id, "victim-of", on);
        self.link(victim, id, "reported", on);
        if self.random.happens(300) {
            let witness = self.somebody();
            self.link(witness, id, "witness-of", on);
        }
        if crime.has_suspect {
            for _ in 0..=self.random.ranked(3) {
                let suspect = self.somebody();
                self.link(suspect, id, if crime.is_charged { "convicted-of" } else { "suspect-of" }, on);
            }
        }
        if is_theft {
            let body = things::object(&mut self.random, false);
            let object = self.add(&object::KIND, body);
            self.link(object, id, "stolen-in", on);
            self.link(victim, object, "owner-of", on);
        }
    }

    fn stops(&mut self) {
        for at in 0..self.home.people.len() {
            let Some(person) = self.home.people.get(at).cloned() else { continue };
            let count = match (person.is_known, self.random.below(1_000)) {
                (true, 0..700) => 1 + self.random.ranked(40),
                (false, 0..50) if person.age() >= 12 => 1 + self.random.ranked(2),
                _ => 0,
            };
            (0..count).for_each(|_| self.stop(at, &person));
        }
    }

    fn stop(&mut self, at: usize, person: &Person) {
        let vehicle =
            self.random.pick(&self.marks).cloned().filter(|_| person.age() >= 17 && self.random.happens(250));
        let place = self.home.street.point(&mut self.random);
        let mark = vehicle.as_ref().map(|(_, mark)| mark.as_str());
        let stop = events::stop(&mut self.random, person, place, mark);
        let on = Some(events::day(stop.at));
        let id = self.add(&stop_and_search::KIND, stop.body);
        self.link(self.person(at), id, "searched-in", on);
        if let Some((vehicle, _)) = vehicle {
            self.link(vehicle, id, "used-in", on);
        }
        if stop.is_find && self.random.happens(600) {
            let body = things::object(&mut self.random, true);
            let object = self.add(&object::KIND, body);
            self.link(object, id, "found-in", on);
        }
    }

    fn associates(&mut self) {
        for at in 0..self.home.people.len() {
            if self.home.people.get(at).is_some_and(|person| person.is_known) {
                for _ in 0..self.random.ranked(4) {
                    let other = self.somebody();
                    self.link(self.person(at), other, "associate-of", None);
                }
            }
        }
    }

    /// Records of the kinds that are made by their declarations alone, each with its subject.
    fn others(&mut self) {
        let is_by_hand = |kind: &Kind| BY_HAND.iter().any(|made| made.number == kind.number);
        for kind in model::kinds::ALL.iter().copied().filter(|kind| !is_by_hand(kind)) {
            for at in 0..self.home.people.len() {
                let Some(person) = self.home.people.get(at).cloned() else { continue };
                if person.age() >= 12 && self.random.happens(if person.is_known { 300 } else { 8 }) {
                    self.other(kind, at, &person);
                }
            }
        }
    }

    fn other(&mut self, kind: &'static Kind, at: usize, person: &Person) {
        let moment = events::moment(&mut self.random);
        let place = self.home.street.point(&mut self.random);
        let of = declared::Of { person, place, at: moment };
        let body = declared::body(&mut self.random, kind, &of);
        let id = self.add(kind, body);
        if let Some(role) = kind.roles.first() {
            self.link(self.person(at), id, role.code, Some(events::day(moment)));
        }
    }

    fn adults(&self) -> Vec<usize> {
        let people = self.home.people.iter().enumerate();
        people.filter(|(_, person)| person.age() >= 17).map(|(at, _)| at).collect()
    }

    /// The first adult of an earlier household, mostly of the neighbourhood: its first households are
    /// met again and again. Nothing of a later household is ever named, so that what a household's
    /// records say does not depend on how many are made.
    fn somebody(&mut self) -> RecordId {
        let serial = self.home.serial;
        let (neighbourhood, place) = (serial / NEIGHBOURHOOD, serial % NEIGHBOURHOOD);
        let is_elsewhere = neighbourhood > 0 && (place == 0 || self.random.happens(80));
        let (neighbourhood, count) = match is_elsewhere {
            true => (neighbourhood - 1 - self.random.ranked(neighbourhood), NEIGHBOURHOOD),
            false => (neighbourhood, place),
        };
        let household = neighbourhood * NEIGHBOURHOOD + self.random.ranked(count);
        ids::record(self.seed, household, 0)
    }
}

const LOOKS: &[&str] = &[
    "About 6 ft, slim, short dark hair",
    "Scar on the left cheek",
    "Tattoo of an anchor on the right forearm",
    "Heavily built, bald, glasses",
    "Red beard",
    "Walks with a stick",
    "Gold front tooth",
    "Wears a grey hooded top",
    "Long blonde hair, nose ring",
    "Local accent, stammers",
];
const STREET_NAMES: &[&str] = &[
    "Lampy",
    "Big T",
    "Shadow",
    "Ghost",
    "Duracell",
    "Smiler",
    "Little Jay",
    "The Baker",
    "Zed",
    "Nibs",
    "Tank",
    "Doc",
];
const MARKERS: &[(u32, &str)] =
    &[(6, "VI"), (5, "DR"), (3, "WE"), (3, "ES"), (3, "MN"), (2, "SH"), (2, "SU"), (1, "FI")];

fn warning(random: &mut Random) -> &'static str {
    random.weighted(MARKERS).copied().unwrap_or("DR")
}
