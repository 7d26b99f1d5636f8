//! The table, computed from the raw file and from nothing else.

use super::measure::{Figure, Measures, UNSEEN};
use super::needs::NAME_TEST;
use super::raw::{Answer, Engine, Entry};
use crate::Fault;
use crate::arguments::Part;
use crate::report::{Print, number};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{StdoutLock, Write};

/// The peers that are ours, without the log.
const OURS: [&str; 2] = ["ours", "ours-fields"];

/// The figures of a run.
pub struct Table {
    command: String,
    records: u64,
    nominals: u64,
    part: Part,
    engines: Vec<Engine>,
    groups: Vec<Group>,
    /// Each type of the judged collection.
    types: Vec<Group>,
}

/// Some needs, and the measures of each peer.
struct Group {
    name: String,
    rows: Vec<Measures>,
}

impl Table {
    /// The table of a raw file.
    ///
    /// # Errors
    /// Where it does not begin with what was run, or nobody answered.
    pub fn of(entries: Vec<Entry>) -> Result<Self, Fault> {
        let mut entries = entries.into_iter();
        let Some(Entry::Run { command, records, nominals, part }) = entries.next() else {
            return Err("the raw file does not begin with what was run".into());
        };
        let (mut engines, mut answers) = (Vec::new(), Vec::new());
        for entry in entries {
            match entry {
                Entry::Run { .. } => return Err("the raw file holds two runs".into()),
                Entry::Engine(engine) => engines.push(engine),
                Entry::Answer(answer) => answers.push(answer),
            }
        }
        if answers.is_empty() {
            return Err("no engine answered".into());
        }
        let peers: Vec<String> = engines.iter().flat_map(|engine| engine.peers.iter().cloned()).collect();
        let group = |name: &str, is_in: &dyn Fn(&Answer) -> bool| Group::of(name, &peers, &answers, is_in);
        let is_name = |answer: &Answer| answer.type_of == NAME_TEST;
        let is_right =
            |answer: &Answer| ["first-letters-right", "year-right"].iter().all(|flag| answer.has(flag));
        let groups = [
            group("name test", &is_name),
            group("name test, first letters and year right", &|answer| is_name(answer) && is_right(answer)),
            group("judged collection", &|answer| !is_name(answer)),
        ];
        let types: BTreeSet<&str> =
            answers.iter().filter(|answer| !is_name(answer)).map(|answer| answer.type_of.as_str()).collect();
        let types = types.iter().map(|name| group(name, &|answer| answer.type_of == *name)).collect();
        let groups = groups.into_iter().filter(|group| !group.rows.is_empty()).collect();
        Ok(Self { command, records, nominals, part, engines, groups, types })
    }

    /// Each figure that a goal speaks of, ours beside a peer's.
    fn compared(&self) -> Vec<Compared> {
        self.groups.iter().flat_map(|group| group.compared(&self.engines)).collect()
    }

    fn json(&self) -> Value {
        let groups = |groups: &[Group]| -> Vec<Value> {
            groups.iter().map(|group| json!({ "group": group.name, "peers": group.rows })).collect()
        };
        json!({
            "command": self.whole_command(),
            "records": self.records,
            "nominals": self.nominals,
            "part": self.part,
            "engines": self.engines,
            "groups": groups(&self.groups),
            "types": groups(&self.types),
            "rows": self.compared().iter().map(Compared::json).collect::<Vec<_>>(),
        })
    }

    fn whole_command(&self) -> String {
        format!("cargo run --release -p bluelamp-bench -- {}", self.command)
    }
}

impl Answer {
    fn has(&self, flag: &str) -> bool {
        self.flags.iter().any(|held| held == flag)
    }
}

impl Group {
    fn of(name: &str, peers: &[String], answers: &[Answer], is_in: &dyn Fn(&Answer) -> bool) -> Self {
        let rows = peers.iter().filter_map(|peer| {
            let of_peer: Vec<&Answer> =
                answers.iter().filter(|answer| answer.peer == *peer && is_in(answer)).collect();
            Measures::of(peer, &of_peer)
        });
        Self { name: name.to_owned(), rows: rows.collect() }
    }

    /// Ours: of the two ways of asking the one that finds more.
    fn ours(&self) -> Option<&Measures> {
        let ours = self.rows.iter().filter(|row| OURS.contains(&row.peer.as_str()));
        ours.max_by(|one, two| one.recall_20.mean.total_cmp(&two.recall_20.mean))
    }

    fn compared(&self, engines: &[Engine]) -> Vec<Compared> {
        let Some(ours) = self.ours() else { return Vec::new() };
        let mut compared = Vec::new();
        for engine in engines.iter().filter(|engine| !engine.engine.starts_with("ours")) {
            let rows: Vec<&Measures> =
                self.rows.iter().filter(|row| engine.peers.contains(&row.peer)).collect();
            if let Some((row, is_equal)) = at_equal_recall(ours.recall_20.mean, &rows) {
                let recall = if is_equal { "at equal or better recall" } else { "AT LOWER RECALL" };
                let what = format!("{}: time p95, {recall}", self.name);
                compared.push(Compared {
                    what,
                    unit: "ms",
                    ours: ours.p95,
                    peer: row.p95,
                    name: row.peer.clone(),
                });
            }
            let best = rows.iter().filter_map(|row| Some((row.sift?.mean, *row)));
            if let Some((ours, (theirs, row))) =
                ours.sift.zip(best.min_by(|one, two| one.0.total_cmp(&two.0)))
            {
                let what = format!("{}: items to sift, mean", self.name);
                compared.push(Compared {
                    what,
                    unit: "items",
                    ours: ours.mean,
                    peer: theirs,
                    name: row.peer.clone(),
                });
            }
        }
        compared
    }
}

/// Of an engine's rows the fastest (by p95) whose recall@20 is at least so much; where none is, the one
/// that finds most.
fn at_equal_recall<'a>(recall: f64, rows: &[&'a Measures]) -> Option<(&'a Measures, bool)> {
    let equal = rows.iter().filter(|row| row.recall_20.mean >= recall);
    if let Some(row) = equal.min_by(|one, two| one.p95.total_cmp(&two.p95)) {
        return Some((row, true));
    }
    let most = rows.iter().max_by(|one, two| one.recall_20.mean.total_cmp(&two.recall_20.mean));
    most.map(|row| (*row, false))
}

/// One figure of ours beside a peer's.
struct Compared {
    what: String,
    unit: &'static str,
    ours: f64,
    peer: f64,
    name: String,
}

impl Compared {
    fn json(&self) -> Value {
        json!({
            "what": self.what,
            "unit": self.unit,
            "ours": self.ours,
            "peer": self.peer,
            "peer_name": self.name,
            "ratio": self.ratio(),
        })
    }

    fn ratio(&self) -> Option<f64> {
        (self.peer > 0.0).then(|| self.ours / self.peer)
    }
}

impl Print for Table {
    fn print(&self, as_json: bool) -> Result<(), Fault> {
        let mut out = std::io::stdout().lock();
        if as_json {
            writeln!(out, "{}", self.json())?;
            return Ok(());
        }
        writeln!(out, "{}", self.whole_command())?;
        writeln!(
            out,
            "  {} records, {} of them nominals; part: {}",
            self.records,
            self.nominals,
            self.part.word()
        )?;
        print_engines(&mut out, &self.engines)?;
        for group in &self.groups {
            print_group(&mut out, group)?;
        }
        print_types(&mut out, &self.types)?;
        writeln!(
            out,
            "\nOurs beside peers (at equal recall: the fastest setting of the peer that finds at least as much)"
        )?;
        for row in self.compared() {
            let ratio = row.ratio().map_or_else(String::new, |ratio| format!("{ratio:.3}"));
            let (ours, peer) = (number(row.ours), number(row.peer));
            writeln!(out, "  {:<75} {ours:>8} {peer:>8} {:<6} {ratio:>7}  {}", row.what, row.unit, row.name)?;
        }
        writeln!(
            out,
            "\nRanges are 95 % by resampling of needs. Where 95 % of the relevant are never seen, the whole list \
             counts as sifted, and at least {UNSEEN} items."
        )?;
        Ok(())
    }
}

fn print_engines(out: &mut StdoutLock<'_>, engines: &[Engine]) -> Result<(), Fault> {
    writeln!(
        out,
        "\n  {:<14} {:>12} {:>12} {:>12} {:>12}",
        "engine", "records/s", "memory MiB", "peak MiB", "disk MiB"
    )?;
    for engine in engines {
        let rate = engine.records as f64 / engine.indexing_seconds.max(1e-3);
        let disk = engine.disk_mib.map_or_else(|| "none".to_owned(), number);
        let (memory, peak) = (number(engine.memory_mib), number(engine.peak_mib));
        writeln!(out, "  {:<14} {:>12} {memory:>12} {peak:>12} {disk:>12}", engine.engine, number(rate))?;
    }
    for engine in engines {
        for (name, value) in &engine.settings {
            writeln!(out, "  {} {name}: {value}", engine.engine)?;
        }
    }
    Ok(())
}

fn print_group(out: &mut StdoutLock<'_>, group: &Group) -> Result<(), Fault> {
    let needs = group.rows.first().map_or(0, |row| row.needs);
    writeln!(out, "\n{} ({needs} needs)", group.name)?;
    writeln!(
        out,
        "  {:<18} {:>6} {:>5} {:>17} {:>17} {:>5} {:>5} {:>5} {:>5} {:>20} {:>7} {:>6} {:>7} {:>7} {:>7} {:>6}",
        "",
        "recall",
        "@1",
        "@20",
        "found@20",
        "P@1",
        "P@5",
        "P@10",
        "nDCG",
        "to sift",
        "median",
        "never",
        "p50 ms",
        "p95",
        "p99",
        "unread"
    )?;
    for row in &group.rows {
        let sift = row.sift.map_or_else(|| "as ours".to_owned(), |sift| range(sift, 0));
        let median = row.sift_median.map_or_else(String::new, |median| format!("{median:.0}"));
        let never = if row.sift.is_some() { format!("{:.3}", row.never) } else { String::new() };
        writeln!(
            out,
            "  {:<18} {:>6.3} {:>5.3} {:>17} {:>17} {:>5.3} {:>5.3} {:>5.3} {:>5.3} {sift:>20} {median:>7} {never:>6} {:>7.2} {:>7.2} {:>7.2} {:>6}",
            row.peer,
            row.recall.mean,
            row.recall_1.mean,
            range(row.recall_20, 3),
            range(row.found_20, 3),
            row.precision_1.mean,
            row.precision_5.mean,
            row.precision_10.mean,
            row.ndcg_10.mean,
            row.p50,
            row.p95,
            row.p99,
            row.unread
        )?;
    }
    Ok(())
}

/// `0.93 [0.91–0.95]`.
fn range(figure: Figure, digits: usize) -> String {
    let Figure { mean, low, high } = figure;
    let short = if digits == 0 { 0 } else { 2 };
    format!("{mean:.digits$} [{low:.short$}–{high:.short$}]")
}

/// Recall@20 and the mean to sift of each type, by peer.
fn print_types(out: &mut StdoutLock<'_>, types: &[Group]) -> Result<(), Fault> {
    let Some(first) = types.first() else { return Ok(()) };
    let peers: Vec<&str> =
        first.rows.iter().filter(|row| row.sift.is_some()).map(|row| row.peer.as_str()).collect();
    writeln!(out, "\nBy type: recall@20, and items to sift (mean)")?;
    let heads: Vec<String> = peers.iter().map(|peer| format!("{peer:>15}")).collect();
    writeln!(out, "  {:<24} {:>5} {}", "", "needs", heads.join(" "))?;
    for group in types {
        let cells: Vec<String> = peers
            .iter()
            .map(|peer| match group.rows.iter().find(|row| row.peer == *peer) {
                Some(row) => {
                    let sift = row.sift.map_or(0.0, |sift| sift.mean);
                    format!("{:>15}", format!("{:.2} {:>8}", row.recall_20.mean, format!("{sift:.0}")))
                }
                None => format!("{:>15}", ""),
            })
            .collect();
        let needs = group.rows.first().map_or(0, |row| row.needs);
        writeln!(out, "  {:<24} {needs:>5} {}", group.name, cells.join(" "))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::measure::tests::answer;
    use super::*;

    fn row(peer: &str, rank: u64, ms: f64) -> Measures {
        Measures::of(peer, &[&answer(peer, &[(3, 1)], &[(rank, 3)], 100, ms)]).unwrap()
    }

    #[test]
    fn equal_recall_takes_the_fastest_that_finds_as_much() {
        let (slow, fast, poor) = (row("slow", 1, 9.0), row("fast", 2, 5.0), row("poor", 50, 1.0));
        let (chosen, is_equal) = at_equal_recall(1.0, &[&slow, &fast, &poor]).unwrap();
        assert_eq!((chosen.peer.as_str(), is_equal), ("fast", true));
        let (chosen, is_equal) = at_equal_recall(1.0, &[&poor]).unwrap();
        assert_eq!((chosen.peer.as_str(), is_equal), ("poor", false));
    }

    #[test]
    fn the_object_has_the_fields_that_others_build_on() {
        let engine = |name: &str| {
            Entry::Engine(Engine {
                engine: name.into(),
                peers: vec![name.into()],
                records: 1,
                ..Engine::default()
            })
        };
        let run = Entry::Run { command: "search".into(), records: 1, nominals: 1, part: Part::Development };
        let entries = vec![
            run.clone(),
            Entry::Answer(answer("ours", &[(3, 1)], &[(2, 3)], 4, 1.0)),
            engine("ours"),
            Entry::Answer(answer("soundex", &[(3, 1)], &[(8, 3)], 90, 2.0)),
            engine("soundex"),
        ];
        let table = Table::of(entries).unwrap().json();
        let sift = &table["rows"][1];
        assert_eq!(
            (sift["ours"].as_f64(), sift["peer"].as_f64(), sift["ratio"].as_f64()),
            (Some(2.0), Some(8.0), Some(0.25))
        );
        assert!(Table::of(vec![run]).err().unwrap().to_string().contains("no engine answered"));
        assert!(Table::of(vec![engine("ours")]).is_err());
    }
}
