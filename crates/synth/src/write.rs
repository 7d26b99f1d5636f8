//! Writes a synthetic force into a folder: one file of JSON lines for each kind, the truth about who
//! is who, how officers read with the truth about that, and the crimes and stops that the force would
//! publish.

use crate::error::SynthError;
use crate::force::{Force, Made, Plan};
use crate::month::Month;
use crate::reads::{Act, Deed, Officer, Reads};
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Written {
    /// Records by kind.
    pub records: BTreeMap<String, u64>,
    /// People behind the nominals.
    pub people: u64,
    /// Households.
    pub households: u64,
    /// Acts of reading.
    pub reads: u64,
    /// Of these: browsing.
    pub browsing: u64,
    /// The truth about the published stops.
    pub stops: crate::stops::Written,
    /// The truth about the published crimes.
    pub crimes: crate::crimes::Written,
}

/// Header of `truth.csv`.
pub const TRUTH_HEADER: &str = "record,cluster,slips,trap,origin";
/// Header of `reads-truth.csv`.
pub const READS_HEADER: &str = "act,pattern";

/// Writes everything into `folder`, and says after each household how many nominals there are.
///
/// # Errors
/// [`SynthError`] where the plan cannot be followed or a file cannot be written.
pub fn write(folder: &Path, plan: Plan, mut progress: impl FnMut(u64)) -> Result<Written, SynthError> {
    let mut force = Force::new(plan)?;
    let mut out = Folder::make(folder)?;
    let mut written = Written::default();
    for household in force.by_ref() {
        for made in &household.records {
            out.record(made)?;
            *written.records.entry(made.kind.name.to_owned()).or_default() += 1;
            written.people += u64::from(made.truth.as_ref().is_some_and(|truth| truth.cluster == made.id));
        }
        progress(written.records.get("nominal").copied().unwrap_or(0));
    }
    written.households = force.households();
    let reads = Reads::of(&force);
    for number in 0..reads.officers() {
        out.line("officers.jsonl", &officer_json(&reads.officer(number)))?;
    }
    for act in reads {
        written.reads += 1;
        written.browsing += u64::from(act.pattern.is_browsing());
        out.act(written.reads, &act)?;
    }
    out.finish()?;
    publish(folder, plan, &mut written)?;
    Ok(written)
}

/// Half a year of published files, as many rows as such a force would publish.
fn publish(folder: &Path, plan: Plan, written: &mut Written) -> Result<(), SynthError> {
    let (Some(first), Some(last)) = (Month::new(2025, 7), Month::new(2025, 12)) else { return Ok(()) };
    let a_month =
        |nominals_a_row: u64| u32::try_from((plan.nominals / nominals_a_row).max(100)).unwrap_or(u32::MAX);
    let (seed, force, published) = (plan.seed, "lampshire".to_owned(), folder.join("published"));
    let stops = crate::stops::Plan {
        seed,
        force: force.clone(),
        first,
        last,
        rows_per_month: a_month(100),
        answers_from: Month::new(2025, 10),
        faulty_in_a_thousand: 3,
        cut_last_row: false,
    };
    written.stops = crate::stops::write(&published, &stops)?;
    let name = "Lampshire Police".to_owned();
    let crimes = crate::crimes::Plan { seed, force, name, first, last, crimes_per_month: a_month(40) };
    written.crimes = crate::crimes::write(&published, &crimes)?;
    let truth = json!({ "stops": written.stops, "crimes": written.crimes }).to_string();
    let path = folder.join("published-truth.json");
    fs::write(&path, truth).map_err(|source| SynthError::NotWritten { path, source })
}

/// Files of a folder, each opened when it is first written to.
struct Folder {
    path: PathBuf,
    files: BTreeMap<String, BufWriter<File>>,
}

impl Folder {
    fn make(path: &Path) -> Result<Self, SynthError> {
        let not_written = |source| SynthError::NotWritten { path: path.to_owned(), source };
        fs::create_dir_all(path).map_err(not_written)?;
        let mut folder = Self { path: path.to_owned(), files: BTreeMap::new() };
        folder.line("truth.csv", TRUTH_HEADER)?;
        folder.line("reads-truth.csv", READS_HEADER)?;
        Ok(folder)
    }

    fn record(&mut self, made: &Made) -> Result<(), SynthError> {
        let record = model::derived::json::to_json(made.kind, &made.body);
        let line = json!({ "id": made.id, "record": record }).to_string();
        self.line(&format!("{}.jsonl", made.kind.name), &line)?;
        let Some(truth) = &made.truth else { return Ok(()) };
        let slips: Vec<&str> = truth.slips.iter().map(|slip| slip.word()).collect();
        let trap = truth.trap.map_or("", |trap| trap.word());
        let line = format!("{},{},{},{trap},{}", made.id, truth.cluster, slips.join(" "), truth.origin);
        self.line("truth.csv", &line)
    }

    fn act(&mut self, number: u64, act: &Act) -> Result<(), SynthError> {
        let (deed, what) = match &act.deed {
            Deed::Search(text) => ("search", text.clone()),
            Deed::Open(id) => ("open", id.to_string()),
        };
        let line = json!({
            "act": number,
            "at": jiff::Timestamp::from_microsecond(act.at).map(|at| at.to_string()).unwrap_or_default(),
            "officer": act.officer,
            deed: what,
            "purpose": act.purpose,
            "task": act.task,
        });
        self.line("reads.jsonl", &line.to_string())?;
        self.line("reads-truth.csv", &format!("{number},{}", act.pattern.word()))
    }

    fn line(&mut self, name: &str, line: &str) -> Result<(), SynthError> {
        self.try_line(name, line)
            .map_err(|source| SynthError::NotWritten { path: self.path.join(name), source })
    }

    fn try_line(&mut self, name: &str, line: &str) -> io::Result<()> {
        if let Some(file) = self.files.get_mut(name) {
            return writeln!(file, "{line}");
        }
        let mut file = BufWriter::new(File::create(self.path.join(name))?);
        writeln!(file, "{line}")?;
        self.files.insert(name.to_owned(), file);
        Ok(())
    }

    fn finish(self) -> Result<(), SynthError> {
        for (name, mut file) in self.files {
            let path = self.path.join(name);
            file.flush().map_err(|source| SynthError::NotWritten { path, source })?;
        }
        Ok(())
    }
}

fn officer_json(officer: &Officer) -> String {
    json!({
        "officer": officer.number,
        "collar": officer.collar,
        "forenames": officer.forenames,
        "surname": officer.surname,
        "role": officer.role,
        "unit": officer.unit,
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_folder_holds_every_kind_and_its_truth_and_is_the_same_again() {
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (folder.path().join("one"), folder.path().join("two"));
        let plan = Plan { seed: 4, nominals: 1_000 };
        let mut seen = 0;
        let written = write(&one, plan, |nominals| seen = nominals).unwrap();
        assert_eq!((seen, written.records["nominal"]), (1_000, 1_000));
        let again = write(&two, plan, |_| {}).unwrap();
        assert_eq!((again.records, again.reads), (written.records.clone(), written.reads));
        assert!(written.stops.good > 500 && written.crimes.crimes > 300);
        let mut files = 0;
        for entry in fs::read_dir(&one).unwrap() {
            let name = entry.unwrap().file_name();
            // The second names the folder that it was written to.
            if name == "published" || name == "published-truth.json" {
                continue;
            }
            assert_eq!(fs::read(one.join(&name)).unwrap(), fs::read(two.join(&name)).unwrap(), "{name:?}");
            files += 1;
        }
        assert_eq!(files, model::kinds::ALL.len() + 4);
        for kind in model::kinds::ALL {
            let text = fs::read_to_string(one.join(format!("{}.jsonl", kind.name))).unwrap();
            assert_eq!(text.lines().count() as u64, written.records[kind.name]);
            for line in text.lines().take(50) {
                let value: serde_json::Value = serde_json::from_str(line).unwrap();
                assert!(model::derived::json::from_json(kind, &value["record"]).is_ok(), "{line}");
            }
        }
        let truth = fs::read_to_string(one.join("truth.csv")).unwrap();
        let rows: Vec<Vec<&str>> = truth.lines().skip(1).map(|line| line.split(',').collect()).collect();
        assert!(rows.len() == 1_000 && rows.iter().all(|row| row.len() == 5));
        let clusters: BTreeSet<&str> = rows.iter().map(|row| row[1]).collect();
        assert_eq!(clusters.len() as u64, written.people);
        assert!(written.browsing * 4 < written.reads && written.browsing > 0);
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "x").unwrap();
        let error = write(&file, Plan { seed: 1, nominals: 1 }, |_| {}).unwrap_err().to_string();
        assert!(error.contains("could not be written"), "{error}");
    }
}
