//! A synthetic force: people in households, as they came to be recorded, with all kinds of record and
//! the truth about who is who. Nobody in it exists.
//!
//! It is made household by household and holds no more than one neighbourhood in memory. What the
//! records of a household say depends on the seed and the household's number alone, never on how many
//! are made; so a larger force is a smaller one with more. Two things cannot be had without the size:
//! the last household may be cut short, because the number of nominals asked for is kept to exactly,
//! and the officers who read ([`crate::reads`]) are as many as the force is large.

mod declared;
mod events;
mod household;
mod ids;
mod letters;
mod numbers;
mod people;
mod places;
mod presented;
mod slips;
mod things;

pub use household::{Made, Truth};
pub use ids::record as record_id;
pub use people::{AS_OF, Home, Lists, NEIGHBOURHOOD, Person, Position, Trap};
pub use places::{Places, Street};
pub use presented::Presented;
pub use slips::{Slip, Surroundings, apply, slip};

use crate::error::SynthError;
use crate::names::Names;
use model::kinds::{link, nominal};
use model::{Kind, RecordId};
use std::collections::BTreeSet;

/// What to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// The same seed and size give the same records, octet by octet.
    pub seed: u64,
    /// Nominal records, repeated ones included.
    pub nominals: u64,
}

/// Most nominals that a plan may ask for.
const MOST: u64 = 100_000_000;

/// All records of one household.
#[derive(Debug, Clone)]
pub struct Household {
    /// Its number, from 0.
    pub serial: u64,
    /// Its records, in an order in which none names a later household.
    pub records: Vec<Made>,
}

/// Makes a force, household by household.
#[derive(Debug)]
pub struct Force {
    plan: Plan,
    lists: Lists,
    streets: Vec<Street>,
    next: u64,
    left: u64,
}

impl Force {
    /// A force by its plan.
    ///
    /// # Errors
    /// [`SynthError::Size`] for none or too many.
    pub fn new(plan: Plan) -> Result<Self, SynthError> {
        if !(1..=MOST).contains(&plan.nominals) {
            return Err(SynthError::Size(plan.nominals));
        }
        let lists = Lists { names: Names::committed()?, places: Places::committed()? };
        Ok(Self { plan, lists, streets: Vec::new(), next: 0, left: plan.nominals })
    }

    /// The people of a household as they are, without their records.
    #[must_use]
    pub fn home(&self, serial: u64) -> Option<Home> {
        let streets = self.lists.places.streets(self.plan.seed, serial / NEIGHBOURHOOD);
        Home::of(&self.lists, self.plan.seed, serial, &streets)
    }

    /// Households made so far.
    #[must_use]
    pub fn households(&self) -> u64 {
        self.next
    }

    /// The plan.
    #[must_use]
    pub fn plan(&self) -> Plan {
        self.plan
    }
}

impl Iterator for Force {
    type Item = Household;

    fn next(&mut self) -> Option<Household> {
        if self.left == 0 {
            return None;
        }
        let serial = self.next;
        if serial.is_multiple_of(NEIGHBOURHOOD) {
            self.streets = self.lists.places.streets(self.plan.seed, serial / NEIGHBOURHOOD);
        }
        let home = Home::of(&self.lists, self.plan.seed, serial, &self.streets)?;
        let records = household::records(&self.lists, self.plan.seed, &home, &self.streets);
        let records = cut(records, self.left);
        self.left -= records.iter().filter(|made| is(made, &nominal::KIND)).count() as u64;
        self.next += 1;
        Some(Household { serial, records })
    }
}

fn is(made: &Made, kind: &Kind) -> bool {
    made.kind.number == kind.number
}

/// Keeps so many nominals at most, and no link to one that is not kept.
fn cut(records: Vec<Made>, nominals: u64) -> Vec<Made> {
    let keep = usize::try_from(nominals).unwrap_or(usize::MAX);
    let ids = records.iter().filter(|made| is(made, &nominal::KIND)).map(|made| made.id);
    let gone: BTreeSet<RecordId> = ids.skip(keep).collect();
    if gone.is_empty() {
        return records;
    }
    let names_gone = |made: &Made| {
        let ends = [made.body.get(link::FROM), made.body.get(link::TO)];
        is(made, &link::KIND) && ends.into_iter().flatten().any(|end| gone.contains(&RecordId(end)))
    };
    records.into_iter().filter(|made| !gone.contains(&made.id) && !names_gone(made)).collect()
}

#[cfg(test)]
mod tests;
