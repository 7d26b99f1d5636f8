//! Needs beside the records that fit them: by which differences those that were meant were met, and by which
//! all others. The search itself says so, so that what is counted is what it sees.

use super::likelihood::{Charges, Example};
use crate::Fault;
use crate::workloads::search::Ours;
use crate::workloads::search::needs::Need;
use crate::workloads::search::records::id_of;
use search::{Cost, Fit};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// The grade of the very record that is meant.
const MEANT: u8 = 3;

/// Needs, aligned with records.
#[derive(Debug, Default)]
pub struct Aligned {
    /// The needs of which at least one record that was meant is among the answers.
    pub examples: Vec<Example>,
    /// How many needs have none: they say nothing of what costs how much.
    pub not_found: usize,
}

/// Aligns all needs, by what the index makes of them.
///
/// # Errors
/// A need that cannot be read; a fault of the index.
pub async fn align(ours: &Ours, needs: &[Need]) -> Result<Aligned, Fault> {
    let mut aligned = Aligned::default();
    for need in needs {
        match example(need, ours.fits(need).await?) {
            Some(example) => aligned.examples.push(example),
            None => aligned.not_found += 1,
        }
    }
    Ok(aligned)
}

/// What fits a need, as an example. Records of lower grades are no answers that should have come later: they are
/// left out. `None` where nothing that was meant is found.
fn example(need: &Need, fits: Vec<Fit>) -> Option<Example> {
    let grades: HashMap<Uuid, u8> =
        need.relevant.iter().map(|relevant| (id_of(&relevant.id), relevant.grade)).collect();
    let mut example = Example::default();
    let mut others: BTreeMap<Vec<(Cost, u32)>, f64> = BTreeMap::new();
    for fit in fits {
        match grades.get(&fit.record.0) {
            Some(&MEANT) => example.meant.push(charges(&fit)),
            Some(_) => {}
            None => {
                let alike = fit.charges.iter().map(|(cost, times)| (*cost, times.to_bits())).collect();
                *others.entry(alike).or_default() += 1.0;
            }
        }
    }
    let of = |(cost, times): (Cost, u32)| (cost as usize, f64::from(f32::from_bits(times)));
    example.others =
        others.into_iter().map(|(alike, count)| (alike.into_iter().map(of).collect(), count)).collect();
    example.others.push((vec![(Cost::NoneMeant as usize, 1.0)], 1.0));
    (!example.meant.is_empty()).then_some(example)
}

fn charges(fit: &Fit) -> Charges {
    fit.charges.iter().map(|(cost, times)| (*cost as usize, f64::from(*times))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::{EngineName, NeedsArguments, Part};
    use crate::workloads::needs as maker;
    use crate::workloads::search::needs::{self, Asks, Relevant};
    use crate::workloads::search::{Engine, load};
    use model::RecordId;
    use search::Weights;

    /// What a record is charged is what the search ranks it by, and the very answers are charged.
    #[tokio::test(flavor = "multi_thread")]
    async fn the_charges_are_the_order_of_the_search() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().to_owned();
        let made =
            NeedsArguments { nominals: 400, seed: 6, out: out.clone(), names: 20, judged: 3, people: false };
        maker::run(&made).unwrap();
        let records = out.join("records.jsonl");
        let weights = Weights::default().with(Cost::LetterWrong, 7.0).with(Cost::Elsewhere, 4.5);
        let mut ours = Ours::open(None, weights.clone()).await.unwrap();
        load(EngineName::Ours, &mut ours, &records).await.unwrap();
        for need in needs::read(&out.join("needs.jsonl"), Part::All, None).unwrap() {
            let bits = |fit: &Fit| -> f32 {
                fit.charges.iter().map(|(cost, times)| times * weights.of(*cost)).sum()
            };
            let fits = ours.fits(&need).await.unwrap();
            let charged: HashMap<Uuid, f32> = fits.iter().map(|fit| (fit.record.0, bits(fit))).collect();
            let found = ours.ask("ours", &need, 10_000).await.unwrap();
            let order: Vec<f32> = found.ids.iter().map(|id| charged[id]).collect();
            assert_eq!((order.len(), found.total), (fits.len(), fits.len() as u64), "{}", need.text);
            assert!(order.windows(2).all(|pair| pair[0] <= pair[1] + 1e-3), "{}: {order:?}", need.text);
        }
    }

    fn fit(id: &str, charges: &[(Cost, f32)]) -> Fit {
        Fit { record: RecordId(id_of(id)), charges: charges.iter().copied().collect() }
    }

    #[test]
    fn those_that_were_meant_stand_beside_what_answers_nothing() {
        let relevant = [("a", 3), ("b", 2), ("c", 1)];
        let relevant = relevant.map(|(id, grade)| Relevant { id: id.to_owned(), grade }).into();
        let need = Need {
            need: "n".to_owned(),
            type_of: "t".to_owned(),
            text: "x".to_owned(),
            fielded: None,
            asks: Asks::default(),
            relevant,
            flags: Vec::new(),
        };
        let wrong = [(Cost::LetterWrong, 1.0), (Cost::LetterFewer, 2.0)];
        let fits = vec![
            fit("a", &[(Cost::Nickname, 1.0)]),
            fit("b", &[]),
            fit("c", &[]),
            fit("d", &wrong),
            fit("e", &wrong),
            fit("f", &[]),
        ];
        let aligned = example(&need, fits.clone()).unwrap();
        assert_eq!(aligned.meant, [vec![(Cost::Nickname as usize, 1.0)]]);
        let wrong = vec![(Cost::LetterWrong as usize, 1.0), (Cost::LetterFewer as usize, 2.0)];
        let none = vec![(Cost::NoneMeant as usize, 1.0)];
        assert_eq!(aligned.others, [(Vec::new(), 1.0), (wrong, 2.0), (none, 1.0)]);
        assert_eq!(example(&need, fits[1..].to_vec()), None);
    }
}
