//! The engine from file to door: what is taken in, rejected, refused, resumed and counted.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use intake::police_uk::stops::COLUMNS;
use intake::{IntakeError, Report};
use model::kinds::stop_and_search as stop;
use proptest::prelude::*;
use std::fs;
use support::{Memory, take_in};

const NAME: &str = "2024-03-wessex-stop-and-search.csv";
const GOOD: &str = "Person search,2024-03-05T12:00:00+00:00,False,,51.5,-0.1,Male,10-17,White - Irish,White,\
Firearms Act 1968 (section 47),Firearms,Arrest,False,True";

fn header() -> String {
    COLUMNS.join(",")
}

fn good(n: usize) -> String {
    GOOD.replace("05T12:00", &format!("{:02}T{:02}:{:02}", n / 1440 + 1, n / 60 % 24, n % 60))
}

/// A folder with one file of these octets.
fn folder(octets: impl AsRef<[u8]>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(NAME), octets).unwrap();
    folder
}

fn file_of(lines: &[impl AsRef<[u8]>]) -> Vec<u8> {
    let mut octets = header().into_bytes();
    octets.push(b'\n');
    for line in lines {
        octets.extend(line.as_ref());
        octets.push(b'\n');
    }
    octets
}

fn taken(octets: impl AsRef<[u8]>) -> (Memory, Report) {
    let door = Memory::default();
    let report = take_in(&door, folder(octets).path(), 3).unwrap();
    (door, report)
}

fn counts(report: &Report) -> (u64, u64, u64, u64) {
    let totals = report.totals;
    assert_eq!(totals.rows, totals.accepted + totals.repeated + totals.rejected);
    (totals.rows, totals.accepted, totals.repeated, totals.rejected)
}

/// Line, field and reason of each reject.
fn rejects(door: &Memory) -> Vec<(u64, String, String)> {
    let of = |reject: &desk::intake::RejectedRow| (reject.line, reject.field.clone(), reject.reason.clone());
    door.held().rejects.values().map(of).collect()
}

fn only_reject(line: impl AsRef<[u8]>) -> (String, String) {
    let (before, after) = (good(1), good(2));
    let (door, report) = taken(file_of(&[before.as_bytes(), line.as_ref(), after.as_bytes()]));
    assert_eq!(counts(&report), (3, 2, 0, 1));
    let rejects = rejects(&door);
    let [(3, field, reason)] = rejects.as_slice() else { panic!("{rejects:?}") };
    assert_eq!(report.files[0].reasons.get(&format!("{field}: {reason}")), Some(&1));
    let held = door.held();
    let raw = &held.rejects.values().next().unwrap().raw;
    assert_eq!(raw.strip_suffix(b"\n").unwrap(), line.as_ref(), "the row is kept as it stood");
    (field.clone(), reason.clone())
}

#[test]
fn each_fault_is_named_and_the_rows_around_it_are_kept() {
    let named = |line: &str| only_reject(line);
    let pair = |field: &str, reason: &str| (field.to_owned(), reason.to_owned());
    let date = "is not a date and time with an offset, such as 2024-02-01T09:30:00+00:00";
    let britain = "is outside Britain (latitude 49 to 61, longitude -9 to 2)";
    assert_eq!(named(&GOOD.replace("03-05T", "02-30T")), pair("Date", date));
    assert_eq!(named(&GOOD.replace("51.5", "5.15")), pair("Latitude", britain));
    assert_eq!(named(&GOOD.replace(",-0.1,", ",10.1,")), pair("Longitude", britain));
    assert_eq!(
        named(&GOOD.replace(",-0.1,", ",,")),
        pair("Longitude", "is blank although the latitude is given")
    );
    assert_eq!(
        named(&GOOD.replace(",51.5,", ",,")),
        pair("Latitude", "is blank although the longitude is given")
    );
    assert_eq!(named(&GOOD.replace("51.5", "51°30'")), pair("Latitude", "is not a number of degrees"));
    assert_eq!(
        named(&GOOD.replace("Person s", "Boat s")),
        pair("Type", "is not a value of the list search-type")
    );
    assert_eq!(named(&GOOD.replace("Irish", "Martian")).0, "Self-defined ethnicity");
    assert_eq!(named(&GOOD.replace(",False,True", ",no,True")).1, "is neither True, False nor blank");
    assert_eq!(named(&GOOD.replace("Arrest", "Arr\0est")), pair("Outcome", "holds a NUL octet"));
    assert_eq!(named(&GOOD.replace(",False,True", ",True")), pair("row", "fewer columns than the header"));
    assert_eq!(
        named(&GOOD.replace(",False,True", ",,False,True")),
        pair("row", "more columns than the header")
    );
    assert_eq!(named(",,,,,,,,,,,,,,"), pair("row", "every column is blank"));
    let mark = GOOD.replace(",False,,", ",False,\"Operation,");
    assert_eq!(named(&mark), pair("row", "a quotation mark is opened and not closed"));
    let latin_1 = GOOD
        .replace("Arrest", "Arr@st")
        .into_bytes()
        .iter()
        .map(|o| if *o == b'@' { 0xea } else { *o })
        .collect::<Vec<_>>();
    assert_eq!(only_reject(latin_1), pair("Outcome", "is not UTF-8 text"));
}

#[test]
fn a_line_of_100_megabytes_is_one_reject() {
    let mut octets = file_of(&[good(1)]);
    octets.resize(octets.len() + 100 * 1024 * 1024, b'"');
    octets.push(b'\n');
    octets.extend(good(2).as_bytes());
    octets.push(b'\n');
    let (door, report) = taken(octets);
    assert_eq!(counts(&report), (3, 2, 0, 1));
    assert_eq!(rejects(&door), [(3, "row".to_owned(), "line longer than 1 MiB".to_owned())]);
    assert_eq!(door.held().rejects.values().next().unwrap().raw.len(), 64 * 1024);
}

#[test]
fn a_file_that_is_cut_short_says_so() {
    let whole = file_of(&[good(1), good(2)]);
    for cut in [30, 60, 100] {
        let (door, report) = taken(&whole[..whole.len() - cut]);
        assert_eq!(counts(&report), (2, 1, 0, 1), "cut by {cut}");
        let rejects = rejects(&door);
        let [(3, _, reason)] = rejects.as_slice() else { panic!("{rejects:?}") };
        assert!(reason.ends_with("the file ends here without a line end and seems cut short"), "{reason}");
        assert!(report.files[0].unended);
    }
    let (_, report) = taken(&whole[..whole.len() - 1]);
    assert_eq!((counts(&report), report.files[0].unended), ((2, 2, 0, 0), true));
}

#[test]
fn a_wrong_header_refuses_the_file_and_the_others_go_on() {
    let folder = folder(file_of(&[good(1)]));
    let wrong = |name: &str, octets: &str| fs::write(folder.path().join(name), octets).unwrap();
    wrong("2024-04-wessex-stop-and-search.csv", &file_text(&header().replace("Gender,", "Sex,"), &good(1)));
    wrong("2024-05-wessex-stop-and-search.csv", &file_text(&header().replace(",Date", ""), &good(1)));
    wrong("2024-06-wessex-stop-and-search.csv", "");
    wrong("2024-07-wessex-stop-and-search.csv", &file_text(&(header() + ",Date"), &good(1)));
    wrong("2024-08-wessex-stop-and-search.csv", &"x".repeat(2 << 20));
    wrong("2024-09-wessex-stop-and-search.csv", &file_text(&good(1), &good(2)));
    wrong("2024-04-wessex-street.xls", "Crime ID\n");
    let door = Memory::default();
    let report = take_in(&door, folder.path(), 3).unwrap();
    assert_eq!(counts(&report), (1, 1, 0, 0));
    assert_eq!(door.held().sources.len(), 1, "nothing was begun for a refused file");
    let reasons: Vec<&str> = report.refused.iter().map(|refused| refused.reason.as_str()).collect();
    assert!(reasons[0].contains("missing “Gender”; unknown “Sex”"), "{}", reasons[0]);
    assert!(reasons[1].contains("missing “Date”."), "{}", reasons[1]);
    assert!(reasons[2].contains("the file is empty"), "{}", reasons[2]);
    assert!(reasons[3].contains("repeated “Date”"), "{}", reasons[3]);
    assert!(reasons[4].contains("line longer than 1 MiB"), "{}", reasons[4]);
    assert!(
        reasons[5].contains("missing “Type”") && reasons[5].contains("and 3 more; unknown"),
        "{}",
        reasons[5]
    );
    assert_eq!(report.passed_over, ["2024-04-wessex-street.xls"]);
}

fn file_text(header: &str, line: &str) -> String {
    format!("{header}\n{line}\n")
}

#[test]
fn how_a_file_is_written_does_not_change_its_rows() {
    let rows: Vec<String> = (0..5).map(good).collect();
    let plain = file_of(&rows);
    let reverse = |line: &str| line.split(',').rev().collect::<Vec<_>>().join(",");
    let lines = std::iter::once(header()).chain(rows.iter().cloned());
    let reversed: String = lines.clone().map(|line| reverse(&line) + "\r\n").collect();
    let quoted: String =
        lines.map(|line| format!("\"{}\"\n\n", line.replace(',', " \", \"").replace(", ", ","))).collect();
    let with_mark = [b"\xef\xbb\xbf".as_slice(), quoted.as_bytes()].concat();
    let expected: Vec<_> = taken(&plain).0.held().records.clone().into_iter().collect();
    for other in [reversed.into_bytes(), with_mark] {
        let (door, report) = taken(&other);
        assert_eq!(counts(&report), (5, 5, 0, 0));
        assert_eq!(door.held().records.clone().into_iter().collect::<Vec<_>>(), expected);
    }
}

#[test]
fn a_second_run_adds_nothing_and_identical_rows_are_other_people() {
    let folder = folder(file_of(&[good(1), good(1), good(2), good(1)]));
    let door = Memory::default();
    let first = take_in(&door, folder.path(), 3).unwrap();
    assert_eq!((counts(&first), first.totals.possible_repeats), ((4, 4, 0, 0), 2));
    let second = take_in(&door, &folder.path().join(NAME), 2).unwrap();
    assert_eq!(counts(&second), (4, 0, 4, 0));
    assert_eq!(door.held().records.len(), 4);
}

#[test]
fn a_quoted_line_break_is_part_of_its_row() {
    let row = GOOD.replace(",False,,", ",True,\"Operation\nLarch\",");
    let (door, report) = taken(file_of(&[good(1), row, good(2)]));
    assert_eq!(counts(&report), (3, 3, 0, 0));
    let held = door.held();
    let operations: Vec<_> = held.records.values().filter_map(|body| body.get(stop::OPERATION)).collect();
    assert_eq!(operations, ["Operation\nLarch"]);
}

#[test]
fn a_run_that_is_cut_off_reads_on_where_it_was() {
    let rows: Vec<String> = (0..40).map(|n| good(n / 2)).collect();
    let folder = folder(file_of(&rows));
    let whole = Memory::default();
    take_in(&whole, folder.path(), 4).unwrap();
    for batches in 0..10 {
        let door = Memory::default();
        door.fail_after(batches);
        let error = take_in(&door, folder.path(), 4).unwrap_err();
        let line = if batches == 0 { 1 } else { 1 + 4 * batches };
        assert!(matches!(&error, IntakeError::Door { line: at, .. } if *at == line), "{error}");
        let report = take_in(&door, folder.path(), 7).unwrap();
        assert_eq!(counts(&report), (40, 40, 0, 0));
        assert_eq!((report.files[0].resumed, report.totals.possible_repeats), (batches > 0, 20));
        assert_eq!(door.held().records, whole.held().records);
    }
}

#[test]
fn a_door_that_loses_a_row_is_found_out() {
    let door = Memory::losing_rows();
    let error = take_in(&door, folder(file_of(&[good(1), good(2)])).path(), 8).unwrap_err();
    assert!(matches!(error, IntakeError::DoesNotAddUp { read: 2, rows: 1, .. }), "{error}");
}

#[test]
fn a_file_that_grows_while_it_is_read_is_found_out() {
    let folder = folder(file_of(&(0..40).map(good).collect::<Vec<_>>()));
    let path = folder.path().join(NAME);
    // With one row to a batch the reader is still far from the end when the first batch arrives.
    let door = Memory::appending_to(path.clone());
    let error = take_in(&door, &path, 1).unwrap_err();
    assert!(matches!(error, IntakeError::Changed { .. }), "{error}");
}

#[test]
fn what_is_not_there_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let door = Memory::default();
    let error = take_in(&door, &folder.path().join("nowhere"), 8).unwrap_err();
    assert!(error.to_string().contains("could not be read"), "{error}");
    let error = take_in(&door, folder.path(), 8).unwrap_err().to_string();
    assert!(
        error.contains("holds no file for data-police-uk") && error.contains("street or outcomes"),
        "{error}"
    );
}

#[test]
fn a_header_alone_is_a_file_of_no_rows() {
    for octets in [header(), header() + "\n", header() + "\r\n\r\n"] {
        assert_eq!(counts(&taken(octets).1), (0, 0, 0, 0));
    }
}

#[test]
fn synthetic_files_come_back_as_they_were_meant() {
    let folder = tempfile::tempdir().unwrap();
    let plan = synth::stops::Plan {
        seed: 11,
        force: "wessex".to_owned(),
        first: "2023-12".parse().unwrap(),
        last: "2024-03".parse().unwrap(),
        rows_per_month: 3_000,
        answers_from: Some("2024-02".parse().unwrap()),
        faulty_in_a_thousand: 30,
        cut_last_row: true,
    };
    let truth = synth::stops::write(folder.path(), &plan).unwrap();
    let door = Memory::default();
    let report = take_in(&door, folder.path(), 512).unwrap();
    assert_eq!(counts(&report), (truth.rows, truth.good, 0, truth.faulty));
    assert_eq!(report.totals.possible_repeats, truth.identical);
    let mut by_column = std::collections::BTreeMap::new();
    for (_, column, _) in rejects(&door) {
        *by_column.entry(column).or_insert(0) += 1;
    }
    assert_eq!(by_column, truth.faulty_by_column);
    let held = door.held();
    let count = |wanted: &dyn Fn(&model::Body) -> bool| {
        held.records.values().filter(|body| wanted(body)).count() as u64
    };
    assert_eq!(count(&|body| body.get(stop::PLACE).is_none()), truth.without_place);
    assert_eq!(count(&|body| body.not_held(20).is_some()), truth.removal_not_published);
    assert_eq!(count(&|body| body.get(stop::MORE_THAN_OUTER) == Some(true)), truth.more_than_outer);
}

#[test]
fn progress_tells_pace_and_end_and_the_report_is_as_promised() {
    let folder = folder(file_of(&(0..10).map(good).collect::<Vec<_>>()));
    fs::create_dir(folder.path().join("2024-04")).unwrap();
    fs::write(folder.path().join("2024-04/2024-04-wessex-stop-and-search.csv"), file_of(&[good(1)])).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (door, options) = (Memory::default(), support::options(4));
    let mut all = Vec::new();
    let connector = intake::police_uk::DataPoliceUk;
    let run = intake::run(&door, &"officer", &connector, folder.path(), &options, |progress| {
        all.push(progress.clone())
    });
    let report = runtime.block_on(run).unwrap();
    assert_eq!(
        all.iter().map(|p| (p.files_done, p.rows)).collect::<Vec<_>>(),
        [(0, 4), (0, 8), (0, 10), (1, 11)]
    );
    assert!(
        all.iter().all(|p| p.rows_per_second > 0.0 && p.octets_done <= p.octets_total && p.files_total == 2)
    );
    assert_eq!(all[3].time_left, Some(std::time::Duration::ZERO));
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["files"][1]["file"], "2024-04/2024-04-wessex-stop-and-search.csv");
    assert_eq!(json["files"][0]["reasons"], serde_json::json!({}));
    assert_eq!(json["totals"]["rows"], 11);
    assert!(json["seconds"].is_f64());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn whatever_is_in_the_file_the_counts_add_up(octets in prop::collection::vec(awkward(), 0..30)) {
        let mut file = header().into_bytes();
        file.push(b'\n');
        file.extend(octets.concat());
        let (door, report) = taken(&file);
        let held = door.held();
        prop_assert_eq!(report.totals.rows, (held.records.len() + held.rejects.len()) as u64);
    }

    #[test]
    fn whatever_stands_for_a_file_is_taken_or_refused(octets in prop::collection::vec(any::<u8>(), 0..400)) {
        let (_, report) = taken(&octets);
        prop_assert_eq!(report.refused.len() + report.files.len(), 1);
    }
}

fn awkward() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        3 => (0usize..200).prop_map(|n| (good(n) + "\n").into_bytes()),
        1 => Just(GOOD.replace(",,", ",\"\n\",").into_bytes()),
        1 => Just(b"\"".to_vec()),
        1 => Just(b",\"".to_vec()),
        1 => Just(b"\n".to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..20),
    ]
}
