//! What a workload prints: a table for people, one JSON object for machines.

use crate::Fault;
use crate::load::median;
use serde_json::{Value, json};
use std::io::Write;

/// What a workload ends with.
pub trait Print {
    /// Prints it for people, or as one JSON object.
    ///
    /// # Errors
    /// Where standard output cannot be written.
    fn print(&self, as_json: bool) -> Result<(), Fault>;
}

/// The figures of one workload, with all that is needed to repeat them.
#[derive(Debug)]
pub struct Report {
    workload: String,
    settings: Vec<(&'static str, String)>,
    rows: Vec<Row>,
}

/// What was measured, round by round.
#[derive(Debug)]
pub struct Rounds<R> {
    /// By us.
    pub ours: Vec<R>,
    /// By the peer.
    pub peer: Vec<R>,
}

/// One figure.
#[derive(Debug, Clone)]
pub struct Row {
    what: String,
    unit: &'static str,
    ours: f64,
    peer: Option<(f64, &'static str)>,
    goal: Option<Goal>,
}

/// What a figure should be.
#[derive(Debug, Clone, Copy)]
pub enum Goal {
    /// At least this.
    AtLeast(f64),
    /// At most this.
    AtMost(f64),
    /// Ours divided by the peer's: at least this.
    RatioAtLeast(f64),
    /// Ours divided by the peer's: at most this.
    RatioAtMost(f64),
}

impl Row {
    /// A figure by itself.
    pub fn new(what: impl Into<String>, unit: &'static str, ours: f64) -> Self {
        Self { what: what.into(), unit, ours, peer: None, goal: None }
    }

    /// The median of rounds of ours, beside that of the peer's where there were any.
    pub fn median<R>(
        what: &str,
        unit: &'static str,
        rounds: &Rounds<R>,
        peer: &'static str,
        figure: impl Fn(&R) -> f64,
    ) -> Self {
        let row = Self::new(what, unit, median(rounds.ours.iter().map(&figure).collect()));
        match rounds.peer.is_empty() {
            true => row,
            false => row.beside(median(rounds.peer.iter().map(&figure).collect()), peer),
        }
    }

    /// Beside a peer.
    pub fn beside(self, peer: f64, name: &'static str) -> Self {
        Self { peer: Some((peer, name)), ..self }
    }

    /// With a goal.
    pub fn goal(self, goal: Goal) -> Self {
        Self { goal: Some(goal), ..self }
    }

    fn ratio(&self) -> Option<f64> {
        self.peer.filter(|(peer, _)| *peer > 0.0).map(|(peer, _)| self.ours / peer)
    }

    fn reached(&self) -> Option<bool> {
        match self.goal? {
            Goal::AtLeast(least) => Some(self.ours >= least),
            Goal::AtMost(most) => Some(self.ours <= most),
            Goal::RatioAtLeast(least) => self.ratio().map(|ratio| ratio >= least),
            Goal::RatioAtMost(most) => self.ratio().map(|ratio| ratio <= most),
        }
    }

    fn goal_text(&self) -> String {
        match self.goal {
            None => String::new(),
            Some(Goal::AtLeast(least)) => format!("≥ {}", number(least)),
            Some(Goal::AtMost(most)) => format!("≤ {}", number(most)),
            Some(Goal::RatioAtLeast(least)) => format!("ratio ≥ {}", number(least)),
            Some(Goal::RatioAtMost(most)) => format!("ratio ≤ {}", number(most)),
        }
    }

    fn json(&self) -> Value {
        json!({
            "what": self.what,
            "unit": self.unit,
            "ours": self.ours,
            "peer": self.peer.map(|(peer, _)| peer),
            "peer_name": self.peer.map(|(_, name)| name),
            "ratio": self.ratio(),
            "goal": self.goal.map(|_| self.goal_text()),
            "reached": self.reached(),
        })
    }

    fn line(&self) -> String {
        let peer = self.peer.map_or_else(String::new, |(peer, _)| number(peer));
        let ratio = self.ratio().map_or_else(String::new, |ratio| format!("{ratio:.2}"));
        let reached = match self.reached() {
            None => "",
            Some(true) => "reached",
            Some(false) => "not reached",
        };
        format!(
            "  {:<58} {:>10} {:>10} {:>6}  {:<10} {:<13} {reached}",
            self.what,
            number(self.ours),
            peer,
            ratio,
            self.unit,
            self.goal_text()
        )
    }
}

impl Report {
    /// A report of a workload, given as it is typed after the program's name.
    pub fn new(workload: impl Into<String>) -> Self {
        Self { workload: workload.into(), settings: Vec::new(), rows: Vec::new() }
    }

    /// Notes a setting.
    pub fn setting(mut self, name: &'static str, value: impl std::fmt::Display) -> Self {
        self.settings.push((name, value.to_string()));
        self
    }

    /// Adds a figure.
    pub fn row(mut self, row: Row) -> Self {
        self.rows.push(row);
        self
    }

    fn command(&self) -> String {
        format!("cargo run --release -p bluelamp-bench -- {}", self.workload)
    }

    fn json(&self) -> Value {
        let settings: serde_json::Map<String, Value> = self
            .settings
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str())))
            .collect();
        json!({
            "command": self.command(),
            "settings": settings,
            "rows": self.rows.iter().map(Row::json).collect::<Vec<_>>(),
        })
    }
}

impl Print for Report {
    fn print(&self, as_json: bool) -> Result<(), Fault> {
        let mut out = std::io::stdout().lock();
        if as_json {
            writeln!(out, "{}", self.json())?;
            return Ok(());
        }
        writeln!(out, "{}", self.command())?;
        for (name, value) in &self.settings {
            writeln!(out, "  {name}: {value}")?;
        }
        let heads = ("", "ours", "peer", "ratio", "unit", "goal");
        writeln!(
            out,
            "  {:<58} {:>10} {:>10} {:>6}  {:<10} {:<13}",
            heads.0, heads.1, heads.2, heads.3, heads.4, heads.5
        )?;
        for row in &self.rows {
            writeln!(out, "{}", row.line())?;
        }
        let peers: std::collections::BTreeSet<_> =
            self.rows.iter().filter_map(|row| row.peer.map(|(_, name)| name)).collect();
        for name in peers {
            writeln!(out, "  peer: {name}")?;
        }
        Ok(())
    }
}

/// A number for people: whole where it is large.
pub fn number(value: f64) -> String {
    match value.abs() {
        large if large >= 100.0 => format!("{value:.0}"),
        middle if middle >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_says_whether_its_goal_is_reached() {
        let row = Row::new("reads", "/s", 700.0).beside(1000.0, "a peer");
        assert_eq!(row.clone().goal(Goal::RatioAtLeast(0.6)).reached(), Some(true));
        assert_eq!(row.clone().goal(Goal::AtLeast(701.0)).reached(), Some(false));
        assert_eq!(row.clone().goal(Goal::AtMost(700.0)).reached(), Some(true));
        assert_eq!(row.reached(), None);
    }

    #[test]
    fn the_object_has_the_fields_that_others_build_on() {
        let report = Report::new("reads").row(Row::new("reads", "/s", 1.0).beside(2.0, "a peer"));
        let row = &report.json()["rows"][0];
        for field in ["what", "unit", "ours", "peer", "peer_name", "ratio"] {
            assert!(!row[field].is_null(), "{field}");
        }
        assert_eq!(row["ratio"], 0.5);
    }
}
