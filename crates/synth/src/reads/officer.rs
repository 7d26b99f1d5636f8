//! Officers of the synthetic force, who live in it like everybody.

use crate::force::Force;
use crate::random::Random;

/// One officer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Officer {
    /// Number, from 0.
    pub number: u64,
    /// Collar number.
    pub collar: String,
    /// Forenames.
    pub forenames: String,
    /// Surname.
    pub surname: String,
    /// Role of the access matrix.
    pub role: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// Number of the household that they live in.
    pub household: u64,
    /// First hour of the shift.
    shift: u64,
    /// How many hours in a thousand they browse.
    pub(super) browses_in_a_thousand: u64,
}

const ROLES: &[(u32, (&str, &str))] = &[
    (55, ("officer", "Response")),
    (15, ("officer", "Neighbourhood")),
    (10, ("officer", "Criminal investigation")),
    (6, ("supervisor", "Response")),
    (4, ("intelligence-officer", "Intelligence")),
    (3, ("analyst", "Intelligence")),
    (4, ("custody-officer", "Custody")),
    (2, ("case-builder", "Criminal justice")),
    (1, ("records-reviewer", "Information management")),
];

/// One officer of so many browses by habit; the others hardly ever.
const ONE_BROWSES_OF: u64 = 20;

impl Officer {
    /// The officer of a number, who is the first adult of some household.
    pub(super) fn of(force: &Force, seed: u64, number: u64, households: u64) -> Self {
        let mut random = Random::numbered(seed, "officer", &[number]);
        let household = random.below(households);
        let (role, unit) = random.weighted(ROLES).copied().unwrap_or(("officer", "Response"));
        let home = force.home(household);
        let name = home.and_then(|home| home.people.into_iter().next()).map(|person| person.name);
        let (forenames, surname) = name.map_or_else(Default::default, |name| (name.forenames, name.surname));
        Self {
            number,
            collar: format!("{}", 1_000 + number),
            forenames,
            surname,
            role,
            unit,
            household,
            shift: [7, 15, 23][random.below(3) as usize],
            browses_in_a_thousand: if number % ONE_BROWSES_OF == ONE_BROWSES_OF / 2 { 250 } else { 1 },
        }
    }

    /// Forename and surname.
    #[must_use]
    pub fn name(&self) -> String {
        let first = self.forenames.split(' ').next().unwrap_or_default();
        format!("{first} {}", self.surname).trim().to_owned()
    }

    /// Eight hours on each of four days, then two days of rest.
    pub(super) fn is_on_duty(&self, hour: u64) -> bool {
        let since = hour + 24 * 6 - self.shift;
        since % 24 < 8 && (since / 24 + self.number) % 6 < 4
    }
}
