//! Drawing: of all households of which a need of a type can be made, so many, each as likely as another.
//! Whether one is drawn depends on seed, type and number of the household, and on how the others drew.

use crate::workloads::search::needs::{Asks, Need, Relevant};
use model::RecordId;
use std::collections::BTreeMap;
use synth::force::Made;
use synth::random::Random;

/// Whether a record fits what a need asks for.
pub type Fits = Box<dyn Fn(&Made) -> bool>;

/// A need that is being made.
pub struct Draft {
    /// The need, without its name before it is drawn.
    pub need: Need,
    /// What else answers it.
    pub fits: Option<Fits>,
}

impl Draft {
    /// A need that only these records answer.
    pub fn new(text: impl Into<String>, asks: Asks, relevant: Vec<(RecordId, u8)>) -> Self {
        let relevant =
            relevant.into_iter().map(|(id, grade)| Relevant { id: id.to_string(), grade }).collect();
        let need = Need {
            need: String::new(),
            type_of: String::new(),
            text: text.into(),
            fielded: None,
            asks,
            relevant,
            flags: Vec::new(),
        };
        Self { need, fits: None }
    }

    /// With the same in our language.
    pub fn fielded(mut self, text: impl Into<String>) -> Self {
        self.need.fielded = Some(text.into());
        self
    }

    /// Answered by every record that fits.
    pub fn fits(mut self, fits: impl Fn(&Made) -> bool + 'static) -> Self {
        self.fits = Some(Box::new(fits));
        self
    }

    /// Adds a record where it fits and is not among the relevant yet.
    pub fn add_if_it_fits(&mut self, made: &Made) {
        if !self.fits.as_ref().is_some_and(|fits| fits(made)) {
            return;
        }
        let id = made.id.to_string();
        if self.need.relevant.iter().all(|relevant| relevant.id != id) {
            self.need.relevant.push(Relevant { id, grade: 1 });
        }
    }
}

/// The needs of one type that are drawn so far, by their lots: the lowest stay.
pub struct Sample {
    seed: u64,
    name: &'static str,
    most: usize,
    kept: BTreeMap<u64, Draft>,
}

impl Sample {
    /// None yet, and so many at most.
    pub fn new(seed: u64, name: &'static str, most: usize) -> Self {
        Self { seed, name, most, kept: BTreeMap::new() }
    }

    /// Draws a lot for a household; the need is made only where the lot is low enough.
    pub fn offer(&mut self, serial: u64, make: impl FnOnce(&mut Random) -> Option<Draft>) {
        let mut random = Random::numbered(self.seed, self.name, &[serial]);
        let lot = random.next();
        let is_low =
            self.kept.len() < self.most || self.kept.keys().next_back().is_some_and(|most| lot < *most);
        if self.most == 0 || !is_low {
            return;
        }
        let Some(draft) = make(&mut random) else { return };
        self.kept.insert(lot, draft);
        if self.kept.len() > self.most {
            self.kept.pop_last();
        }
    }

    /// The needs in the order of their lots, with their names.
    pub fn drafts(self) -> Vec<Draft> {
        let named = self.kept.into_values().zip(1..).map(|(mut draft, number): (Draft, u32)| {
            draft.need.need = format!("{}-{number:05}", self.name);
            draft.need.type_of = self.name.to_owned();
            draft
        });
        named.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_of_more_households_holds_the_lowest_lots() {
        let draw = |households: u64| -> Vec<String> {
            let mut sample = Sample::new(1, "t", 5);
            for serial in 0..households {
                let draft = || Draft::new(serial.to_string(), Asks::default(), Vec::new());
                sample.offer(serial, |_| (serial % 2 == 0).then(draft));
            }
            sample.drafts().into_iter().map(|draft| draft.need.text).collect()
        };
        assert_eq!(draw(6), {
            let mut all = draw(6);
            all.dedup();
            all
        });
        assert_eq!((draw(6).len(), draw(1_000).len()), (3, 5));
        assert!(draw(1_000).iter().all(|serial| serial.parse::<u64>().unwrap() % 2 == 0));
        assert_eq!(draw(1_000), draw(1_000));
    }
}
