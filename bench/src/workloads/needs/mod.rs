//! Makes records and information needs of the synthetic force. What answers a need follows from what the
//! generator knows of its people and things, and from nothing that any engine says.
//!
//! Of each type the same number of needs is drawn, one at most from a household, each household as likely
//! as another ([`sample`]). The force is made twice: once to draw, once to find what else fits a need.

mod crimes;
mod house;
mod name_test;
mod people;
mod sample;
mod things;

use crate::Fault;
use crate::arguments::NeedsArguments;
use crate::report::{Report, Row};
use house::House;
use model::kinds::nominal;
use sample::{Draft, Sample};
use serde_json::json;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use synth::force::{Force, Made, Plan};
use synth::names::Names;
use synth::random::Random;

/// What makes a need of a household, where one can be made of it.
type Maker = fn(&House<'_>, &Names, &mut Random) -> Option<Draft>;

/// The types of the judged collection, with the kinds of record that answer them: the first of a pair says
/// whether nominals do.
const JUDGED: &[(bool, &str, Maker)] = &[
    (true, "nickname", people::nickname),
    (true, "street-name", people::street_name),
    (true, "born-in-part", people::born_in_part),
    (true, "day-month-swapped", people::day_month_swapped),
    (true, "names-swapped", people::names_swapped),
    (true, "initial", people::initial),
    (true, "joined-or-parted", people::joined),
    (true, "other-spelling", people::other_spelling),
    (true, "transliterated", people::transliterated),
    (true, "name-at-birth", people::name_at_birth),
    (true, "as-heard", people::as_heard),
    (true, "misread", people::misread),
    (true, "forename-and-address", people::forename_and_address),
    (true, "household", people::household),
    (true, "age", people::age),
    (true, "phone-wrong-digit", people::phone_wrong_digit),
    (true, "phone-missing-digit", people::phone_missing_digit),
    (true, "looks-and-town", crimes::looks),
    (false, "mark-look-alike", things::mark_look_alike),
    (false, "vehicle-part-mark", things::part_mark),
    (false, "crime-street-month", crimes::street_and_month),
    (false, "crime-near", crimes::near),
    (false, "crime-narrative", crimes::narrative),
    (false, "stop-narrative", crimes::stop_narrative),
    (false, "stop-of-person", people::stop_of_person),
];

/// Writes `records.jsonl` and `needs.jsonl`.
///
/// # Errors
/// Where the force cannot be made or a file cannot be written.
pub fn run(wanted: &NeedsArguments) -> Result<Report, Fault> {
    let plan = Plan { seed: wanted.seed, nominals: wanted.nominals };
    std::fs::create_dir_all(&wanted.out)
        .map_err(|error| format!("{} cannot be made: {error}", wanted.out.display()))?;
    let names = Names::committed()?;
    let mut samples = samples(wanted);
    let mut out = create(&wanted.out.join("records.jsonl"))?;
    let (mut records, mut nominals) = (0u64, 0u64);
    for household in Force::new(plan)? {
        let house = House::of(&household);
        samples.iter_mut().for_each(|(maker, sample)| {
            sample.offer(household.serial, |random| maker(&house, &names, random));
        });
        for made in household.records.iter().filter(|made| !wanted.people || is_nominal(made)) {
            write_record(&mut out, made)?;
            records += 1;
            nominals += u64::from(is_nominal(made));
        }
    }
    out.flush()?;
    let mut drafts = drafts(samples);
    add_what_also_fits(plan, &mut drafts)?;
    let mut out = create(&wanted.out.join("needs.jsonl"))?;
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for draft in &drafts {
        writeln!(out, "{}", serde_json::to_string(&draft.need)?)?;
        *counts.entry(draft.need.type_of.clone()).or_default() += 1;
    }
    out.flush()?;
    Ok(report(wanted, (records, nominals), &counts))
}

fn samples(wanted: &NeedsArguments) -> Vec<(Maker, Sample)> {
    let name_test: Maker = name_test::need;
    let name_test = (name_test, Sample::new(wanted.seed, name_test::TYPE, wanted.names));
    let judged = JUDGED.iter().filter(|(is_of_people, _, _)| *is_of_people || !wanted.people);
    let judged = judged.map(|(_, name, maker)| (*maker, Sample::new(wanted.seed, name, wanted.judged)));
    std::iter::once(name_test).chain(judged).collect()
}

fn drafts(samples: Vec<(Maker, Sample)>) -> Vec<Draft> {
    samples.into_iter().flat_map(|(_, sample)| sample.drafts()).collect()
}

/// Every record that fits what a need asks for answers it, grade 1, beside those that are meant.
fn add_what_also_fits(plan: Plan, drafts: &mut [Draft]) -> Result<(), Fault> {
    if drafts.iter().all(|draft| draft.fits.is_none()) {
        return Ok(());
    }
    for household in Force::new(plan)? {
        for made in &household.records {
            drafts.iter_mut().for_each(|draft| draft.add_if_it_fits(made));
        }
    }
    Ok(())
}

fn is_nominal(made: &Made) -> bool {
    made.kind.number == nominal::KIND.number
}

fn create(path: &Path) -> Result<BufWriter<File>, Fault> {
    let file =
        File::create(path).map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
    Ok(BufWriter::with_capacity(1 << 20, file))
}

fn write_record(out: &mut impl Write, made: &Made) -> Result<(), Fault> {
    let record = model::derived::json::to_json(made.kind, &made.body);
    writeln!(out, "{}", json!({ "id": made.id, "kind": made.kind.name, "record": record }))?;
    Ok(())
}

fn report(
    wanted: &NeedsArguments,
    (records, nominals): (u64, u64),
    counts: &BTreeMap<String, u64>,
) -> Report {
    let people = if wanted.people { " --people" } else { "" };
    let command = format!(
        "needs --nominals {} --seed {} --names {} --judged {}{people} --out {}",
        wanted.nominals,
        wanted.seed,
        wanted.names,
        wanted.judged,
        wanted.out.display()
    );
    let report = Report::new(command).row(Row::new("records", "records", records as f64));
    let report = report.row(Row::new("of these: nominals", "records", nominals as f64));
    counts.iter().fold(report, |report, (name, count)| {
        report.row(Row::new(format!("needs: {name}"), "needs", *count as f64))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::Part;
    use crate::workloads::search::needs::{Need, read};

    fn made(seed: u64, people: bool) -> (tempfile::TempDir, Vec<Need>) {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("made");
        let wanted = NeedsArguments { nominals: 1_500, seed, out, names: 60, judged: 6, people };
        run(&wanted).unwrap();
        let needs = read(&wanted.out.join("needs.jsonl"), Part::All, None).unwrap();
        (folder, needs)
    }

    #[test]
    fn the_same_seed_gives_the_same_files_and_every_type_is_there() {
        let ((one, needs), (two, _)) = (made(3, false), made(3, false));
        for name in ["made/records.jsonl", "made/needs.jsonl"] {
            let read = |folder: &tempfile::TempDir| std::fs::read(folder.path().join(name)).unwrap();
            assert!(read(&one) == read(&two), "{name}");
        }
        for (_, name, _) in JUDGED {
            assert!(needs.iter().any(|need| need.type_of == *name), "{name}");
        }
        assert_eq!(needs.iter().filter(|need| need.type_of == name_test::TYPE).count(), 60);
    }

    #[test]
    fn what_answers_a_need_is_among_the_records() {
        for people in [false, true] {
            let (folder, needs) = made(4, people);
            let records = std::fs::read_to_string(folder.path().join("made/records.jsonl")).unwrap();
            let relevant = needs.iter().flat_map(|need| &need.relevant);
            for one in relevant {
                assert!(records.contains(&one.id), "{}", one.id);
            }
            assert!(needs.iter().all(|need| need.relevant.iter().any(|one| one.grade == 3)));
        }
    }
}
