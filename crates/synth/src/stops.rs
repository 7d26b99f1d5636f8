//! Writes stop and search files as data.police.uk publishes them. Nobody in them exists, and the
//! places are points of an invented grid; what is real is the shape: which values occur and how often,
//! what is blank, identical rows, old and new spellings, times in UTC, and columns that forces began to
//! fill in some month.

use crate::error::SynthError;
use crate::faults::Fault;
use crate::month::Month;
use crate::random::Random;
use jiff::ToSpan;
use jiff::civil::{DateTime, Time};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// The header of every file.
pub const HEADER: &str = "Type,Date,Part of a policing operation,Policing operation,Latitude,Longitude,\
Gender,Age range,Self-defined ethnicity,Officer-defined ethnicity,Legislation,Object of search,Outcome,\
Outcome linked to object of search,Removal of more than just outer clothing";

/// What to write.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The same seed gives the same files.
    pub seed: u64,
    /// The force as it stands in file names, for instance `wessex`.
    pub force: String,
    /// The first month.
    pub first: Month,
    /// The last month.
    pub last: Month,
    /// Rows to each month's file.
    pub rows_per_month: u32,
    /// From this month on the force answers whether more than outer clothing was removed and whether
    /// the outcome was linked to the object; before, both are blank. `None`: it never does.
    pub answers_from: Option<Month>,
    /// So many rows in a thousand are faulty.
    pub faulty_in_a_thousand: u32,
    /// Whether the last file ends in the middle of a row.
    pub cut_last_row: bool,
}

/// The truth about what was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Written {
    /// The files, in order.
    pub files: Vec<PathBuf>,
    /// Rows, without headers.
    pub rows: u64,
    /// Rows that an importer must accept.
    pub good: u64,
    /// Rows that an importer must reject.
    pub faulty: u64,
    /// Of the faulty: by the column that is at fault, `row` where it is the whole row.
    pub faulty_by_column: BTreeMap<String, u64>,
    /// Of the good: without coordinates.
    pub without_place: u64,
    /// Of the good: without an answer on the removal of clothing.
    pub removal_not_published: u64,
    /// Of the good: more than outer clothing removed.
    pub more_than_outer: u64,
    /// Of these: from a person aged 10 to 17.
    pub more_than_outer_of_child: u64,
    /// Of the good: rows that are identical to an earlier one of their file.
    pub identical: u64,
}

type Fields = [String; 15];
type Weighted = &'static [(u32, &'static str)];

/// Writes one file for each month into `folder`, each in a folder of its month as in the published
/// archive.
///
/// # Errors
/// [`SynthError`] where the plan cannot be followed or a file cannot be written.
pub fn write(folder: &Path, plan: &Plan) -> Result<Written, SynthError> {
    check_force_and_months(&plan.force, plan.first, plan.last)?;
    let mut written = Written::default();
    let mut month = Some(plan.first);
    while let Some(this) = month.filter(|month| *month <= plan.last) {
        let path = folder.join(this.to_string()).join(format!("{this}-{}-stop-and-search.csv", plan.force));
        write_file(&path, plan, this, &mut written)
            .map_err(|source| SynthError::NotWritten { path: path.clone(), source })?;
        written.files.push(path);
        month = this.next();
    }
    Ok(written)
}

/// Refuses a force that cannot name a file, and months that are none.
pub(crate) fn check_force_and_months(force: &str, first: Month, last: Month) -> Result<(), SynthError> {
    let octets = force.as_bytes();
    if octets.is_empty() || !octets.iter().all(|octet| octet.is_ascii_lowercase() || *octet == b'-') {
        return Err(SynthError::ForceName(force.to_owned()));
    }
    if first > last {
        return Err(SynthError::Months { first, last });
    }
    Ok(())
}

fn write_file(path: &Path, plan: &Plan, month: Month, written: &mut Written) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut out = BufWriter::new(File::create(path)?);
    writeln!(out, "{HEADER}")?;
    let mut random = Random::part(plan.seed, &format!("{} {month}", plan.force));
    let grid = Grid::of(plan);
    let mut seen = BTreeSet::new(); // marks of this month's lines, 16 octets each
    let mut row = fields(&mut random, plan, month, &grid);
    for _ in 0..plan.rows_per_month {
        written.rows += 1;
        if random.happens(u64::from(plan.faulty_in_a_thousand)) {
            let fault = Fault::some(&mut random);
            written.count_faulty(fault.column());
            out.write_all(&fault.spoil(fields(&mut random, plan, month, &grid)))?;
            out.write_all(b"\n")?;
            continue;
        }
        // Now and then several people are searched at one place and time and look alike in the file.
        if !random.happens(16) {
            row = fields(&mut random, plan, month, &grid);
        }
        let line = row.join(",");
        written.count_good(&row, !seen.insert(hash(&line)));
        writeln!(out, "{line}")?;
    }
    if plan.cut_last_row && month == plan.last {
        written.rows += 1;
        written.count_faulty("row");
        out.write_all(row.get(..7).unwrap_or_default().join(",").as_bytes())?;
    }
    out.flush()
}

impl Written {
    fn count_faulty(&mut self, column: &str) {
        self.faulty += 1;
        *self.faulty_by_column.entry(column.to_owned()).or_default() += 1;
    }

    fn count_good(&mut self, row: &Fields, is_identical: bool) {
        let is_more_than_outer = row[14] == "True";
        self.good += 1;
        self.without_place += u64::from(row[4].is_empty());
        self.removal_not_published += u64::from(row[14].is_empty());
        self.more_than_outer += u64::from(is_more_than_outer);
        self.more_than_outer_of_child += u64::from(is_more_than_outer && row[7] == "10-17");
        self.identical += u64::from(is_identical);
    }
}

/// A mark of a line, so that a month's lines need not all be kept to know which are identical.
fn hash(line: &str) -> (u64, u64) {
    (Random::part(1, line).next(), Random::part(2, line).next())
}

/// Points of an invented grid somewhere in the south or the midlands, in millionths of a degree.
struct Grid {
    latitude: u64,
    longitude: u64,
}

impl Grid {
    const STEP: u64 = 3_517;
    const POINTS_A_SIDE: u64 = 60;

    fn of(plan: &Plan) -> Self {
        let mut random = Random::part(plan.seed, &plan.force);
        Self { latitude: 51_000_000 + random.below(2_000_000), longitude: 500_000 + random.below(1_500_000) }
    }

    /// Two draws for each axis, so that the middle is busier than the edge.
    fn point(&self, random: &mut Random) -> (String, String) {
        let mut along =
            || (random.below(Self::POINTS_A_SIDE / 2) + random.below(Self::POINTS_A_SIDE / 2)) * Self::STEP;
        let north = self.latitude + along();
        let west = self.longitude + along();
        (degrees(north), format!("-{}", degrees(west)))
    }
}

fn degrees(millionths: u64) -> String {
    format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000)
}

const TYPES: Weighted = &[(80, "Person search"), (18, "Person and Vehicle search"), (2, "Vehicle search")];
const GENDERS: Weighted = &[(86, "Male"), (9, "Female"), (4, "Other"), (1, "")];
const AGES: Weighted =
    &[(26, "18-24"), (23, "over 34"), (21, "25-34"), (16, "10-17"), (1, "under 10"), (13, "")];
const OFFICER_DEFINED: Weighted = &[(39, "White"), (38, "Black"), (14, "Asian"), (6, "Other"), (3, "")];
const SELF_DEFINED: Weighted = &[
    (300, "Other ethnic group - Not stated"),
    (175, "White - English/Welsh/Scottish/Northern Irish/British"),
    (115, "Black/African/Caribbean/Black British - Any other Black/African/Caribbean background"),
    (98, "White - Any other White background"),
    (67, "Black/African/Caribbean/Black British - African"),
    (52, "Asian/Asian British - Any other Asian background"),
    (40, "Black/African/Caribbean/Black British - Caribbean"),
    (31, "Other ethnic group - Any other ethnic group"),
    (20, "Asian/Asian British - Bangladeshi"),
    (20, "Mixed/Multiple ethnic groups - Any other Mixed/Multiple ethnic background"),
    (15, "Asian/Asian British - Indian"),
    (12, "Asian/Asian British - Pakistani"),
    (9, "White - Irish"),
    (9, "Mixed/Multiple ethnic groups - White and Black Caribbean"),
    (4, "Mixed/Multiple ethnic groups - White and Black African"),
    (3, "Other ethnic group - Arab"),
    (2, "Mixed/Multiple ethnic groups - White and Asian"),
    (1, "Asian/Asian British - Chinese"),
    (1, "White - Gypsy or Irish Traveller"),
    // Spellings of the census of 2001, which some forces kept for years.
    (6, "White - White British (W1)"),
    (3, "White - Any other White ethnic background"),
    (14, ""),
];
const OUTCOMES: Weighted = &[
    (690, "A no further action disposal"),
    (160, "Arrest"),
    (90, "Community resolution"),
    (30, "Penalty Notice for Disorder"),
    (15, "Summons / charged by post"),
    (10, "Khat or Cannabis warning"),
    (4, "Caution (simple or conditional)"),
    (1, ""),
];
const DRUGS: &str = "Misuse of Drugs Act 1971 (section 23)";
const PACE: &str = "Police and Criminal Evidence Act 1984 (section 1)";
const POWERS: Weighted = &[
    (565, DRUGS),
    (415, PACE),
    (12, "Criminal Justice and Public Order Act 1994 (section 60)"),
    (7, "Firearms Act 1968 (section 47)"),
    (1, ""),
];
const OBJECTS_OF_PACE: Weighted = &[
    (45, "Stolen goods"),
    (41, "Offensive weapons"),
    (6, "Evidence of offences under the Act"),
    (4, "Article for use in theft"),
    (2, "Articles for use in criminal damage"),
    (1, "Fireworks"),
    (1, ""),
];
const OPERATIONS: Weighted = &[(3, "Operation Lantern"), (2, "Operation Harbour"), (1, "Operation Larch")];

fn fields(random: &mut Random, plan: &Plan, month: Month, grid: &Grid) -> Fields {
    let power = pick(random, POWERS);
    let object = object(random, power);
    let (latitude, longitude) = if random.happens(95) { Default::default() } else { grid.point(random) };
    let answers = plan.answers_from.is_some_and(|from| from <= month);
    let is_operation = random.happens(20);
    let operation = if is_operation { pick(random, OPERATIONS) } else { "" };
    let outcome = pick(random, OUTCOMES);
    let is_linked = random.happens(if outcome == "Arrest" { 600 } else { 150 });
    let is_more_than_outer = random.happens(18);
    [
        pick(random, TYPES).to_owned(),
        instant(random, month),
        yes_or_no(is_operation).to_owned(),
        operation.to_owned(),
        latitude,
        longitude,
        pick(random, GENDERS).to_owned(),
        pick(random, AGES).to_owned(),
        pick(random, SELF_DEFINED).to_owned(),
        pick(random, OFFICER_DEFINED).to_owned(),
        power.to_owned(),
        object.to_owned(),
        outcome.to_owned(),
        if answers { yes_or_no(is_linked) } else { "" }.to_owned(),
        if answers { yes_or_no(is_more_than_outer) } else { "" }.to_owned(),
    ]
}

fn pick(random: &mut Random, choices: Weighted) -> &'static str {
    random.weighted(choices).copied().unwrap_or("")
}

fn object(random: &mut Random, power: &str) -> &'static str {
    match power {
        DRUGS => "Controlled drugs",
        PACE => pick(random, OBJECTS_OF_PACE),
        "" => "",
        _ if power.starts_with("Firearms") => "Firearms",
        _ => "Anything to threaten or harm anyone",
    }
}

const fn yes_or_no(answer: bool) -> &'static str {
    if answer { "True" } else { "False" }
}

/// A time in London of that month, in UTC and to the minute. Where only the day is known it is
/// midnight, which in summer is 23:00 of the day before.
fn instant(random: &mut Random, month: Month) -> String {
    let day = random.below(month.days().unsigned_abs().into()) as i64;
    let minute = if random.happens(25) { 0 } else { random.below(24 * 60) as i64 };
    let hour_ahead = if month.is_summer_time() { 60 } else { 0 };
    let midnight = DateTime::from_parts(month.first_day(), Time::midnight());
    let span = (day * 24 * 60 + minute - hour_ahead).minutes();
    let at = midnight.checked_add(span).unwrap_or(midnight);
    format!("{}+00:00", at.strftime("%Y-%m-%dT%H:%M:%S"))
}

#[cfg(test)]
#[path = "stops_tests.rs"]
mod tests;
