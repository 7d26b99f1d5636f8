//! What is printed: each cost with its examples, its estimate and what was set by hand.

use super::likelihood::Example;
use crate::Fault;
use crate::report::{Print, number};
use search::Cost;
use serde_json::{Value, json};
use std::io::Write;

/// The estimates of a run.
#[derive(Debug, Default)]
pub struct Table {
    /// The command that repeats it.
    pub command: String,
    /// Records that were searched.
    pub records: u64,
    /// Needs that were aligned.
    pub needs: usize,
    /// Of these: needs of which nothing that was meant was found.
    pub not_found: usize,
    /// Turns of aligning and estimating.
    pub turns: u32,
    /// Minus the logarithm to base 2 of the probability of what was meant, a mean over needs: by the costs that
    /// stand, and by the estimated ones.
    pub surprise: [f64; 2],
    /// Each cost.
    pub rows: Vec<Row>,
}

/// One cost.
#[derive(Debug, Clone)]
pub struct Row {
    /// The cost.
    pub cost: Cost,
    /// Needs whose meant record is charged it.
    pub meant: f64,
    /// Records that are charged it and are not meant, a mean over needs.
    pub others: f64,
    /// What the needs say of it.
    pub verdict: Verdict,
}

/// What the needs say of a cost.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// So many bits, and a range of 95 %.
    Estimated {
        /// The most probable bits.
        bits: f64,
        /// The lower end of the range.
        low: f64,
        /// The upper end of the range.
        high: f64,
    },
    /// There are too few examples.
    Few,
    /// There are examples, but those beside which they stand are charged it too.
    Untold,
    /// It would cost less than nothing.
    Below,
}

impl Row {
    /// A cost with its examples, before anything is said of it.
    pub fn counted(cost: Cost, examples: &[Example]) -> Self {
        let is_charged = |charges: &[(usize, f64)]| charges.iter().any(|(other, _)| *other == cost as usize);
        let (mut meant, mut others) = (0.0, 0.0);
        for example in examples {
            let charged = example.meant.iter().filter(|charges| is_charged(charges)).count();
            meant += charged as f64 / example.meant.len().max(1) as f64;
            let charged = example.others.iter().filter(|(charges, _)| is_charged(charges));
            others += charged.map(|(_, count)| count).sum::<f64>();
        }
        Self { cost, meant, others: others / examples.len().max(1) as f64, verdict: Verdict::Few }
    }

    fn json(&self) -> Value {
        let mut row = json!({
            "cost": self.cost.name(),
            "meant": self.meant,
            "others": self.others,
            "by-hand": self.cost.closeness(),
            "verdict": self.verdict.word(),
        });
        if let Verdict::Estimated { bits, low, high } = self.verdict {
            let estimated = json!({ "bits": bits, "low": low, "high": high });
            row["estimated"] = estimated;
        }
        row
    }

    fn line(&self) -> String {
        let (name, by_hand) = (self.cost.name(), self.cost.closeness());
        let (meant, others) = (format!("{:.0}", self.meant), number(self.others));
        let said = match self.verdict {
            Verdict::Estimated { bits, low, high } => {
                let apart = bits - f64::from(by_hand);
                format!("{bits:>7.1} {:>14} {by_hand:>7.1} {apart:>+7.1}", format!("{low:.1} to {high:.1}"))
            }
            _ => format!("{:>7} {:>14} {by_hand:>7.1} {:>7}", "", "", ""),
        };
        format!("  {name:<22} {meant:>7} {others:>10} {said}  {}", self.verdict.word())
    }
}

impl Verdict {
    /// What is done with the cost.
    fn word(&self) -> &'static str {
        match self {
            Self::Estimated { .. } => "estimated",
            Self::Few => "kept: too few examples",
            Self::Untold => "kept: others are charged it too",
            Self::Below => "kept: it would be below nothing",
        }
    }
}

impl Print for Table {
    fn print(&self, as_json: bool) -> Result<(), Fault> {
        let mut out = std::io::stdout().lock();
        let command = format!("cargo run --release -p bluelamp-bench -- {}", self.command);
        if as_json {
            let object = json!({
                "command": command,
                "records": self.records,
                "needs": self.needs,
                "not_found": self.not_found,
                "turns": self.turns,
                "surprise": { "by-hand": self.surprise[0], "estimated": self.surprise[1] },
                "costs": self.rows.iter().map(Row::json).collect::<Vec<_>>(),
            });
            writeln!(out, "{object}")?;
            return Ok(());
        }
        writeln!(out, "{command}")?;
        writeln!(out, "  {} records; {} needs of the development part", self.records, self.needs)?;
        writeln!(out, "  needs of which nothing that was meant was found: {}", self.not_found)?;
        writeln!(out, "  turns of aligning and estimating: {}", self.turns)?;
        writeln!(
            out,
            "  minus log2 of the probability of what was meant, mean: {:.3} as set by hand, {:.3} as estimated",
            self.surprise[0], self.surprise[1]
        )?;
        writeln!(
            out,
            "  {:<22} {:>7} {:>10} {:>7} {:>14} {:>7} {:>7}",
            "cost", "needs", "others", "bits", "95 %", "by hand", "apart"
        )?;
        for row in &self.rows {
            writeln!(out, "{}", row.line())?;
        }
        writeln!(
            out,
            "  needs: whose meant record is charged it; others: records that are charged it and are not meant, to a need"
        )?;
        Ok(())
    }
}
