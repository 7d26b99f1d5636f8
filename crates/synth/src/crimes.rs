//! Writes street crime and outcome files as data.police.uk publishes them, with the quirks of the real
//! ones and the truth about each: anti-social behaviour without an ID, rows that occur twice, a crime
//! whose rows differ, outcomes that stand in another month's file than their crime and join it by
//! Crime ID, crimes with two outcomes, rows without a place, a byte-order mark.

use crate::error::SynthError;
use crate::force::{Places, Street};
use crate::month::Month;
use crate::random::Random;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// The header of street files.
pub const STREET_HEADER: &str = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,\
LSOA name,Crime type,Last outcome category,Context";
/// The header of outcome files.
pub const OUTCOMES_HEADER: &str =
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Outcome type";

/// What to write.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The same seed gives the same files.
    pub seed: u64,
    /// The force as it stands in file names, for instance `lampshire`.
    pub force: String,
    /// The force as it calls itself in the rows.
    pub name: String,
    /// The first month.
    pub first: Month,
    /// The last month.
    pub last: Month,
    /// Crimes of each month, without repeated rows.
    pub crimes_per_month: u32,
}

/// The truth about what was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Written {
    /// The files, in order of month: street before outcomes.
    pub files: Vec<PathBuf>,
    /// Rows of street files.
    pub street_rows: u64,
    /// Of these: rows without an ID.
    pub without_id: u64,
    /// Of these: rows that are identical to an earlier one of their file.
    pub street_repeated: u64,
    /// Crimes with an ID.
    pub crimes: u64,
    /// Of these: crimes whose rows differ.
    pub crimes_that_differ: u64,
    /// Street rows without coordinates.
    pub without_place: u64,
    /// Rows of outcome files.
    pub outcome_rows: u64,
    /// Of these: rows that are identical to an earlier one of their file.
    pub outcomes_repeated: u64,
    /// Crimes that have an outcome.
    pub crimes_with_outcome: u64,
    /// Of these: crimes that have two different outcomes.
    pub crimes_with_two_outcomes: u64,
    /// Distinct outcomes in another month's file than their crime.
    pub outcomes_of_another_month: u64,
}

type Weighted = &'static [(u32, &'static str)];

const ASB: &str = "Anti-social behaviour";
const TYPES: Weighted = &[
    (21, ASB),
    (33, "Violence and sexual offences"),
    (9, "Criminal damage and arson"),
    (8, "Public order"),
    (8, "Shoplifting"),
    (8, "Vehicle crime"),
    (8, "Other theft"),
    (5, "Burglary"),
    (3, "Drugs"),
    (2, "Theft from the person"),
    (2, "Other crime"),
    (2, "Robbery"),
    (1, "Possession of weapons"),
    (1, "Bicycle theft"),
];
const OUTCOMES: Weighted = &[
    (48, "Investigation complete; no suspect identified"),
    (32, "Unable to prosecute suspect"),
    (7, "Suspect charged"),
    (3, "Local resolution"),
    (3, "Offender given a caution"),
    (2, "Further investigation is not in the public interest"),
    (2, "Court result unavailable"),
    (1, "Status update unavailable"),
    (1, "Action to be taken by another organisation"),
    (1, "Offender given community sentence"),
];
const KINDS_OF_PLACE: &[&str] = &[
    "Supermarket",
    "Shopping Area",
    "Parking Area",
    "Petrol Station",
    "Sports/Recreation Area",
    "Nightclub",
];

/// Writes a street file and an outcome file for each month into `folder`, each in a folder of its month
/// as in the published archive. Outcomes that would come after the last month are not published.
///
/// # Errors
/// [`SynthError`] where the plan cannot be followed or a file cannot be written.
pub fn write(folder: &Path, plan: &Plan) -> Result<Written, SynthError> {
    crate::stops::check_force_and_months(&plan.force, plan.first, plan.last)?;
    let places = Places::committed()?;
    let mut publisher =
        Publisher { plan, places: &places, due: BTreeMap::new(), written: Written::default() };
    let mut month = Some(plan.first);
    while let Some(this) = month.filter(|month| *month <= plan.last) {
        let path =
            |sort: &str| folder.join(this.to_string()).join(format!("{this}-{}-{sort}.csv", plan.force));
        let street = publisher.street(this);
        publisher.file(path("street"), STREET_HEADER, &street, this == plan.first)?;
        let outcomes = publisher.outcomes(this);
        publisher.file(path("outcomes"), OUTCOMES_HEADER, &outcomes, false)?;
        month = this.next();
    }
    Ok(publisher.written)
}

/// A published crime.
#[derive(Debug, Clone)]
struct Crime {
    id: String,
    kind: &'static str,
    longitude: String,
    latitude: String,
    location: String,
    lsoa: String,
    lsoa_name: String,
}

struct Publisher<'a> {
    plan: &'a Plan,
    places: &'a Places,
    /// Outcome rows that wait for their month.
    due: BTreeMap<Month, Vec<String>>,
    written: Written,
}

impl Publisher<'_> {
    /// The rows of a month's street file; the outcomes of its crimes are put by.
    fn street(&mut self, month: Month) -> Vec<String> {
        let mut random = Random::part(self.plan.seed, &format!("street {} {month}", self.plan.force));
        let streets = self.places.streets(self.plan.seed, random.below(64));
        let mut rows = Vec::new();
        for _ in 0..self.plan.crimes_per_month {
            let crime = crime(&mut random, &streets);
            let last = self.put_by_outcomes(&mut random, month, &crime);
            let row = self.street_row(&crime, month, last);
            self.count_street(&crime);
            if random.happens(8) {
                rows.push(row.clone());
                self.count_street(&crime);
                self.written.street_repeated += 1;
            }
            rows.push(row);
            if !crime.id.is_empty() && !crime.latitude.is_empty() && random.happens(10) {
                let moved = Crime { lsoa: lsoa(&mut random), location: near(&mut random, &streets), ..crime };
                rows.push(self.street_row(&moved, month, last));
                self.count_street(&moved);
                self.written.crimes_that_differ += 1;
            }
        }
        // The published files are in no order that tells which rows belong together.
        shuffle(&mut rows, &mut random);
        rows
    }

    fn count_street(&mut self, crime: &Crime) {
        self.written.street_rows += 1;
        self.written.without_id += u64::from(crime.id.is_empty());
        self.written.without_place += u64::from(crime.latitude.is_empty());
    }

    /// Decides how the crime ends; gives its last outcome as the street file calls it.
    fn put_by_outcomes(&mut self, random: &mut Random, month: Month, crime: &Crime) -> &'static str {
        if crime.id.is_empty() {
            return "";
        }
        self.written.crimes += 1;
        if !random.happens(820) {
            return "Under investigation";
        }
        let outcome = random.weighted(OUTCOMES).copied().unwrap_or_default();
        let when = later(month, random.ranked(7));
        let Some(when) = when.filter(|when| *when <= self.plan.last) else { return outcome };
        self.written.crimes_with_outcome += 1;
        self.put_by(random, when, month, crime, outcome);
        let other =
            random.weighted(OUTCOMES).copied().filter(|other| random.happens(12) && *other != outcome);
        let Some(other) = other else { return outcome };
        let again = later(when, random.below(2)).filter(|again| *again <= self.plan.last);
        let Some(again) = again else { return outcome };
        self.written.crimes_with_two_outcomes += 1;
        self.put_by(random, again, month, crime, other);
        other
    }

    fn put_by(&mut self, random: &mut Random, when: Month, month: Month, crime: &Crime, outcome: &str) {
        let row = self.outcome_row(crime, when, outcome);
        self.written.outcomes_of_another_month += u64::from(when != month);
        let due = self.due.entry(when).or_default();
        if random.happens(120) {
            due.push(row.clone());
            self.written.outcomes_repeated += 1;
            self.written.outcome_rows += 1;
        }
        due.push(row);
        self.written.outcome_rows += 1;
    }

    fn outcomes(&mut self, month: Month) -> Vec<String> {
        let mut rows = self.due.remove(&month).unwrap_or_default();
        let mut random = Random::part(self.plan.seed, &format!("outcomes {} {month}", self.plan.force));
        shuffle(&mut rows, &mut random);
        rows
    }

    fn street_row(&self, crime: &Crime, month: Month, last_outcome: &str) -> String {
        format!("{},{},{last_outcome},", self.common(crime, month), crime.kind)
    }

    fn outcome_row(&self, crime: &Crime, month: Month, outcome: &str) -> String {
        format!("{},{outcome}", self.common(crime, month))
    }

    /// The nine columns that both sorts of file begin with.
    fn common(&self, crime: &Crime, month: Month) -> String {
        let name = &self.plan.name;
        let Crime { id, longitude, latitude, location, lsoa, lsoa_name, .. } = crime;
        format!("{id},{month},{name},{name},{longitude},{latitude},{location},{lsoa},{lsoa_name}")
    }

    fn file(&mut self, path: PathBuf, header: &str, rows: &[String], marked: bool) -> Result<(), SynthError> {
        write_file(&path, header, rows, marked)
            .map_err(|source| SynthError::NotWritten { path: path.clone(), source })?;
        self.written.files.push(path);
        Ok(())
    }
}

fn write_file(path: &Path, header: &str, rows: &[String], marked: bool) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut out = BufWriter::new(File::create(path)?);
    if marked {
        out.write_all("\u{feff}".as_bytes())?;
    }
    for line in std::iter::once(header).chain(rows.iter().map(String::as_str)) {
        writeln!(out, "{line}")?;
    }
    out.flush()
}

fn crime(random: &mut Random, streets: &[Street]) -> Crime {
    let kind = random.weighted(TYPES).copied().unwrap_or(ASB);
    let id =
        if kind == ASB { String::new() } else { (0..4).map(|_| format!("{:016x}", random.next())).collect() };
    let street = random.pick(streets).filter(|_| !random.happens(50));
    let Some(street) = street else {
        let location = "No Location".to_owned();
        let (longitude, latitude, lsoa, lsoa_name) = Default::default();
        return Crime { id, kind, longitude, latitude, location, lsoa, lsoa_name };
    };
    let code = lsoa(random);
    Crime {
        id,
        kind,
        longitude: degrees(street.longitude),
        latitude: degrees(street.latitude),
        location: near(random, streets),
        lsoa_name: format!("{} {}", street.town, code.get(5..).unwrap_or_default()),
        lsoa: code,
    }
}

/// The published point is near a street or a kind of place; now and then its name is missing.
fn near(random: &mut Random, streets: &[Street]) -> String {
    let name = match random.below(100) {
        0..5 => "",
        5..12 => random.pick(KINDS_OF_PLACE).copied().unwrap_or_default(),
        _ => random.pick(streets).map_or("", |street| street.name.as_str()),
    };
    format!("On or near {name}")
}

fn lsoa(random: &mut Random) -> String {
    format!("E0199{:04}", random.below(2_000))
}

fn later(month: Month, months: u64) -> Option<Month> {
    (0..months).try_fold(month, |month, _| month.next())
}

fn degrees(millionths: i32) -> String {
    let sign = if millionths < 0 { "-" } else { "" };
    let whole = millionths.unsigned_abs();
    format!("{sign}{}.{:06}", whole / 1_000_000, whole % 1_000_000)
}

/// Fisher and Yates.
fn shuffle(rows: &mut [String], random: &mut Random) {
    for at in (1..rows.len()).rev() {
        rows.swap(at, random.below(at as u64 + 1) as usize);
    }
}

#[cfg(test)]
#[path = "crimes_tests.rs"]
mod tests;
