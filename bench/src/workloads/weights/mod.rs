//! Estimates what the differences between what is typed and what is held cost, from needs and the records that
//! were meant. docs/search-quality.md has the method.
//!
//! Which differences a record is charged depends on the costs: of several readings the cheapest counts. So needs
//! are aligned and costs estimated in turns, until they settle. The first turn and the prior have the costs as they
//! were set by hand, so that the same needs give the same costs whatever ships.

mod align;
pub mod file;
mod likelihood;
mod matrix;
mod table;

use crate::Fault;
use crate::arguments::{EngineName, Part, WeightsArguments};
use crate::workloads::search::{self, Ours, needs};
use ::search::{Cost, Weights};
use align::{Aligned, align};
use likelihood::{Estimated, Example, Prior, estimate, surprise};
use std::path::Path;
use table::{Row, Table, Verdict};

/// Needs whose meant record must be charged a cost before it is estimated.
const FEWEST: f64 = 10.0;
/// The standard deviation of the prior, in bits: what stands may well be wrong by a factor of sixteen.
const DEVIATION: f64 = 4.0;
/// The share of the prior's deviation that must be gone before the needs are said to tell a cost.
const TOLD: f64 = 0.5;
/// A change in bits that no longer counts.
const SETTLED: f64 = 0.05;
/// Turns of aligning and estimating.
const MOST_TURNS: u32 = 8;
/// Standard deviations on either side of an estimate that hold 95 % of a normal distribution.
const OF_RANGE: f64 = 1.96;

/// Estimates the costs.
///
/// # Errors
/// Files that cannot be read, by line; a part that is not for tuning; faults of the index.
pub async fn run(work: Option<&Path>, wanted: &WeightsArguments) -> Result<Table, Fault> {
    if wanted.part != Part::Development {
        return Err(
            "costs are estimated on the development part alone (--part development): nothing may be \
                    tuned on the reported part"
                .into(),
        );
    }
    let needs = needs::read(&wanted.needs, wanted.part, None)?;
    let (records, _) = search::check(&wanted.records, &needs)?;
    let mut ours = Ours::open(work, Weights::closeness()).await?;
    search::load(EngineName::Ours, &mut ours, &wanted.records).await?;
    let mut weights = Weights::closeness();
    let mut turns = 0;
    let (aligned, estimates) = loop {
        ours.weigh(weights.clone());
        let aligned = align(&ours, &needs).await?;
        let estimates = estimates(&aligned.examples)?;
        let next = adopted(&estimates);
        turns += 1;
        let moved = apart(&weights, &next);
        search::tell(&format!("turn {turns}: the costs moved by at most {moved:.2} bits"));
        weights = next;
        if moved < SETTLED || turns == MOST_TURNS {
            break (aligned, estimates);
        }
    };
    if let Some(out) = &wanted.out {
        file::write(out, &weights)?;
    }
    Ok(Table { command: command(wanted), records, needs: needs.len(), turns, ..summed(&aligned, estimates) })
}

fn command(wanted: &WeightsArguments) -> String {
    let out = wanted.out.as_ref().map_or_else(String::new, |out| format!(" --out {}", out.display()));
    let (records, needs) = (wanted.records.display(), wanted.needs.display());
    format!("weights --records {records} --needs {needs} --part {}{out}", wanted.part.word())
}

/// What is said of each cost, in their order.
fn estimates(examples: &[Example]) -> Result<Vec<Row>, Fault> {
    let by_hand = bits(&Weights::closeness());
    let prior = Prior { bits: by_hand, deviation: DEVIATION };
    let mut rows: Vec<Row> = Cost::ALL.iter().map(|cost| Row::counted(*cost, examples)).collect();
    // What the collection has no need for cannot be counted: each of its needs is answered.
    let is_asked = |row: &&Row| row.meant >= FEWEST && row.cost != Cost::NoneMeant;
    let asked: Vec<usize> = rows.iter().filter(is_asked).map(|row| row.cost as usize).collect();
    let first = estimate(examples, &prior, &asked)?;
    let is_told = |cost: &usize| first.deviation[*cost].is_some_and(|left| left <= DEVIATION * TOLD);
    let (told, untold): (Vec<usize>, Vec<usize>) = asked.into_iter().partition(is_told);
    let (estimated, below) = not_below_nothing(examples, &prior, told)?;
    for row in &mut rows {
        let cost = row.cost as usize;
        row.verdict = match estimated.deviation[cost] {
            Some(deviation) => {
                let (bits, reach) = (estimated.bits[cost], OF_RANGE * deviation);
                Verdict::Estimated { bits, low: bits - reach, high: bits + reach }
            }
            None if untold.contains(&cost) => Verdict::Untold,
            None if below.contains(&cost) => Verdict::Below,
            None => Verdict::Few,
        };
    }
    Ok(rows)
}

/// Estimates costs, and keeps those that come out below nothing, which are given too. A word that stands in a name
/// stands among the words of the record as well: if that cost less than nothing, every name that was typed rightly
/// would be charged it, and all other costs would be so much too low. Only what takes away from others may be below.
fn not_below_nothing(
    examples: &[Example],
    prior: &Prior,
    mut told: Vec<usize>,
) -> Result<(Estimated, Vec<usize>), Fault> {
    let mut kept = Vec::new();
    loop {
        let estimated = estimate(examples, prior, &told)?;
        let is_below = |cost: &usize| estimated.bits[*cost] < 0.0 && *cost != Cost::SoundsAlike as usize;
        let (below, rest): (Vec<usize>, Vec<usize>) = told.into_iter().partition(is_below);
        if below.is_empty() {
            return Ok((estimated, kept));
        }
        kept.extend(below);
        told = rest;
    }
}

/// The estimated costs; what is not estimated is kept.
fn adopted(rows: &[Row]) -> Weights {
    rows.iter().fold(Weights::closeness(), |weights, row| match row.verdict {
        Verdict::Estimated { bits, .. } => weights.with(row.cost, bits as f32),
        _ => weights,
    })
}

fn bits(weights: &Weights) -> Vec<f64> {
    Cost::ALL.iter().map(|cost| f64::from(weights.of(*cost))).collect()
}

/// The greatest difference between two sets of costs.
fn apart(one: &Weights, other: &Weights) -> f64 {
    bits(one).iter().zip(bits(other)).map(|(one, other)| (one - other).abs()).fold(0.0, f64::max)
}

fn summed(aligned: &Aligned, rows: Vec<Row>) -> Table {
    let surprise = |weights: &Weights| surprise(&aligned.examples, &bits(weights));
    Table {
        not_found: aligned.not_found,
        surprise: [surprise(&Weights::closeness()), surprise(&adopted(&rows))],
        rows,
        ..Table::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::NeedsArguments;
    use crate::workloads::needs as maker;

    #[test]
    fn few_examples_and_what_all_have_alike_are_kept() {
        let of = |cost: Option<Cost>| cost.map(|cost| vec![(cost as usize, 1.0)]).unwrap_or_default();
        let example = |meant, other| Example { meant: vec![of(meant)], others: vec![(of(other), 2.0)] };
        let mut examples = vec![example(Some(Cost::Nickname), None); 40];
        examples.extend(vec![example(None, Some(Cost::Nickname)); 60]);
        examples.extend(vec![example(Some(Cost::NumberWrong), Some(Cost::NumberWrong)); 40]);
        examples.extend(vec![example(Some(Cost::BornDay), None); 3]);
        // What was meant is charged it much more often than what was not.
        examples.extend(vec![example(Some(Cost::Elsewhere), None); 60]);
        examples.extend(vec![example(None, Some(Cost::Elsewhere)); 20]);
        let rows = estimates(&examples).unwrap();
        let verdict = |cost: Cost| &rows[cost as usize].verdict;
        assert!(matches!(verdict(Cost::Nickname), Verdict::Estimated { .. }));
        assert_eq!((verdict(Cost::NumberWrong), verdict(Cost::BornDay)), (&Verdict::Untold, &Verdict::Few));
        assert_eq!(verdict(Cost::Elsewhere), &Verdict::Below);
        let adopted = adopted(&rows);
        for kept in [Cost::NumberWrong, Cost::BornDay, Cost::Elsewhere, Cost::NoneMeant] {
            assert_eq!(adopted.of(kept), kept.closeness(), "{}", kept.name());
        }
        assert_eq!(
            (rows[Cost::NumberWrong as usize].meant, rows[Cost::NumberWrong as usize].others),
            (40.0, 80.0 / 223.0)
        );
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_whole_run_and_the_reported_part_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().to_owned();
        let made = NeedsArguments {
            nominals: 1_500,
            seed: 5,
            out: out.clone(),
            names: 400,
            judged: 4,
            people: false,
        };
        maker::run(&made).unwrap();
        let wanted = WeightsArguments {
            records: out.join("records.jsonl"),
            needs: out.join("needs.jsonl"),
            part: Part::Development,
            out: Some(out.join("costs.json")),
        };
        let table = run(None, &wanted).await.unwrap();
        assert!(
            table.needs > 60 && table.not_found < table.needs / 10,
            "{} {}",
            table.needs,
            table.not_found
        );
        let wrong = &table.rows[Cost::LetterWrong as usize];
        assert!(wrong.meant > 20.0, "{wrong:?}");
        assert!(table.rows.iter().any(|row| matches!(row.verdict, Verdict::Estimated { .. })));
        assert!(table.surprise[1] < table.surprise[0], "{:?}", table.surprise);
        let read = file::read(&out.join("costs.json")).unwrap();
        assert!(apart(&read, &adopted(&table.rows)) < 0.01);
        for part in [Part::Reported, Part::All] {
            let refused = run(None, &WeightsArguments { part, ..wanted.clone() }).await.err().unwrap();
            assert!(refused.to_string().contains("development part alone"), "{refused}");
        }
    }
}
