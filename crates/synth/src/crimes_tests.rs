use super::*;
use std::collections::{BTreeSet, HashMap};

fn plan() -> Plan {
    Plan {
        seed: 3,
        force: "lampshire".to_owned(),
        name: "Lampshire Police".to_owned(),
        first: Month::new(2025, 7).unwrap(),
        last: Month::new(2025, 12).unwrap(),
        crimes_per_month: 1_500,
    }
}

/// Rows of all files of a sort, with the month of their file.
fn rows(written: &Written, sort: &str) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    for path in written.files.iter().filter(|path| path.to_string_lossy().ends_with(&format!("{sort}.csv"))) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(path).unwrap();
        rows.extend(text.lines().skip(1).map(|line| (name[..7].to_owned(), line.to_owned())));
    }
    rows
}

fn distinct(rows: &[(String, String)]) -> u64 {
    rows.iter().collect::<BTreeSet<_>>().len() as u64
}

#[test]
fn the_truth_is_what_counting_the_files_gives() {
    let folder = tempfile::tempdir().unwrap();
    let written = write(folder.path(), &plan()).unwrap();
    let (street, outcomes) = (rows(&written, "street"), rows(&written, "outcomes"));
    assert_eq!((street.len() as u64, outcomes.len() as u64), (written.street_rows, written.outcome_rows));
    assert_eq!(distinct(&outcomes), written.outcome_rows - written.outcomes_repeated);
    let id = |row: &str| row.split(',').next().unwrap_or_default().to_owned();
    let blank = street.iter().filter(|(_, row)| row.starts_with(',')).count() as u64;
    let nowhere = street.iter().filter(|(_, row)| row.contains("No Location")).count() as u64;
    assert_eq!((blank, nowhere), (written.without_id, written.without_place));
    let mut by_id: HashMap<String, BTreeSet<&str>> = HashMap::new();
    for (_, row) in street.iter().filter(|(_, row)| !row.starts_with(',')) {
        by_id.entry(id(row)).or_default().insert(row);
    }
    let differ = by_id.values().filter(|rows| rows.len() > 1).count() as u64;
    assert_eq!((by_id.len() as u64, differ), (written.crimes, written.crimes_that_differ));
    let mut ends: HashMap<String, BTreeSet<&str>> = HashMap::new();
    for (_, row) in &outcomes {
        ends.entry(id(row)).or_default().insert(row);
    }
    let two = ends.values().filter(|rows| rows.len() > 1).count() as u64;
    assert_eq!((ends.len() as u64, two), (written.crimes_with_outcome, written.crimes_with_two_outcomes));
    assert!(ends.keys().all(|id| by_id.contains_key(id)), "every outcome joins a crime");
    let figures = [written.street_repeated, differ, two, written.outcomes_of_another_month, nowhere, blank];
    assert!(figures.iter().all(|figure| *figure > 10), "{written:?}");
}

#[test]
fn every_value_has_a_code_and_every_row_its_columns() {
    let folder = tempfile::tempdir().unwrap();
    let written = write(folder.path(), &Plan { crimes_per_month: 400, ..plan() }).unwrap();
    let (types, ends) =
        (model::codes::list("crime-type").unwrap(), model::codes::list("crime-outcome").unwrap());
    for (_, row) in rows(&written, "street") {
        let columns: Vec<&str> = row.split(',').collect();
        assert_eq!((columns.len(), columns[11]), (12, ""), "{row}");
        assert!(types.from_source(columns[9]).is_some(), "{row}");
        assert!(columns[10].is_empty() || ends.from_source(columns[10]).is_some(), "{row}");
        assert!(matches!(columns[0].len(), 0 | 64));
    }
    for (month, row) in rows(&written, "outcomes") {
        let columns: Vec<&str> = row.split(',').collect();
        assert!(
            columns.len() == 10 && columns[1] == month && ends.from_source(columns[9]).is_some(),
            "{row}"
        );
    }
    assert!(fs::read_to_string(&written.files[0]).unwrap().starts_with("\u{feff}Crime ID,"));
}

#[test]
fn the_same_plan_gives_the_same_files_and_an_impossible_one_is_refused() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let plan = Plan { crimes_per_month: 100, ..plan() };
    let (first, second) = (write(one.path(), &plan).unwrap(), write(two.path(), &plan).unwrap());
    for (first, second) in first.files.iter().zip(&second.files) {
        assert_eq!(fs::read(first).unwrap(), fs::read(second).unwrap());
    }
    let wrong = Plan { force: "../x".to_owned(), ..plan.clone() };
    assert!(matches!(write(one.path(), &wrong), Err(SynthError::ForceName(_))));
    let wrong = Plan { first: plan.last, last: plan.first, ..plan };
    assert!(matches!(write(one.path(), &wrong), Err(SynthError::Months { .. })));
}
