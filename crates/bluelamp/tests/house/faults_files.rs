//! Files that are not as they should be: each row that cannot be taken in is named with file, line,
//! column and reason, and kept; the rows beside it are taken in all the same.

use crate::support::{House, text};
use serde_json::Value;
use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

const NAME: &str = "2024-01-lampshire-stop-and-search.csv";
const HEADER: &str = "Type,Date,Part of a policing operation,Policing operation,Latitude,Longitude,Gender,\
    Age range,Self-defined ethnicity,Officer-defined ethnicity,Legislation,Object of search,Outcome,\
    Outcome linked to object of search,Removal of more than just outer clothing";
/// A good row; `{date}`, `{latitude}`, `{longitude}` and `{outcome}` vary.
const ROW: &str = "Person search,{date},False,,{latitude},{longitude},Male,18-24,\
    Other ethnic group - Not stated,White,Misuse of Drugs Act 1971 (section 23),Controlled drugs,{outcome},True,False";

/// A deployment and a folder for one published file.
struct Desk {
    house: House,
    folder: PathBuf,
}

impl Desk {
    fn new() -> Self {
        let house = House::new();
        let folder = house.beside("published");
        fs::create_dir_all(&folder).unwrap();
        Self { house, folder }
    }

    fn file(&self) -> PathBuf {
        self.folder.join(NAME)
    }

    fn write(&self, lines: &[&[u8]]) {
        let mut octets = HEADER.as_bytes().to_vec();
        for line in lines {
            octets.push(b'\n');
            octets.extend_from_slice(line);
        }
        octets.push(b'\n');
        fs::write(self.file(), octets).unwrap();
    }

    fn take_in(&self) -> Value {
        self.house
            .administrator()
            .run(&["intake", "data-police-uk", &text(&self.folder), "--json"])
            .good()
            .json()
    }

    /// Takes good rows in with one bad row between them, on line 3, and says that only that one is
    /// rejected, for this column and reason, and kept as it stood.
    fn rejects(&self, bad: &[u8], column: &str, reason: &str) {
        self.write(&[&row(1), bad, &row(2)]);
        let totals = &self.take_in()["totals"];
        let counts: Vec<_> =
            ["rows", "accepted", "repeated", "rejected"].map(|name| totals[name].as_u64()).into();
        assert_eq!(counts, [Some(3), Some(2), Some(0), Some(1)], "{totals}");
        let list = self.house.reviewer().run(&["intake", "rejects", "--json"]).good().json();
        let rejects = list["rejects"].as_array().unwrap();
        assert_eq!(rejects.len(), 1, "{list}");
        let reject = &rejects[0];
        assert_eq!((&reject["file"], &reject["line"]), (&NAME.into(), &3.into()));
        assert_eq!(reject["field"], column, "{reject}");
        assert!(reject["reason"].as_str().unwrap().contains(reason), "{reject}");
        let name = reject["name"].as_str().unwrap();
        let shown = self.house.reviewer().run(&["intake", "reject", name, "--json"]).good().json();
        let kept = shown["raw"].as_str().unwrap().trim_end_matches('\n');
        let stood = String::from_utf8_lossy(bad);
        assert!(stood.starts_with(kept) && kept.len() >= stood.len().min(60_000), "{kept}");
        assert_eq!(self.house.stops(), 2);
        self.house.all_is_well();
    }

    /// Says that the file is refused as a whole with these words, and that nothing is taken in.
    fn refuses(&self, words: &[&str]) {
        let intake = ["intake", "data-police-uk", &text(&self.folder), "--json"];
        let told =
            ["1 file(s) were refused whole and nothing of them was taken in", "run the same command again"];
        let report = self.house.administrator().run(&intake).fails(&told).json();
        assert_eq!(report["refused"][0]["file"], NAME);
        let reason = report["refused"][0]["reason"].as_str().unwrap();
        for word in words {
            assert!(reason.contains(word), "“{word}” is not said: {reason}");
        }
        assert_eq!(self.house.stops(), 0);
        self.house.all_is_well();
    }
}

fn filled(date: &str, latitude: &str, longitude: &str, outcome: &str) -> Vec<u8> {
    let row = ROW.replace("{date}", date).replace("{latitude}", latitude);
    row.replace("{longitude}", longitude).replace("{outcome}", outcome).into_bytes()
}

fn row(minute: u8) -> Vec<u8> {
    filled(&format!("2024-01-05T10:{minute:02}:00+00:00"), "51.5", "-0.1", "Arrest")
}

#[test]
fn a_file_that_was_cut_off_in_a_row() {
    let desk = Desk::new();
    let whole = [HEADER.as_bytes(), b"\n", &row(1), b"\n", &row(2), b"\n", &row(3)[..40]].concat();
    fs::write(desk.file(), &whole).unwrap();
    let report = desk.take_in();
    let file = &report["files"][0];
    assert_eq!((&file["rows"], &file["accepted"], &file["rejected"]), (&3.into(), &2.into(), &1.into()));
    assert_eq!(file["unended"], true, "the report tells that the last line has no end");
    assert_eq!(file["reasons"].as_object().unwrap().len(), 1);
    // The whole file, fetched again, adds the row that was cut off and nothing twice.
    desk.write(&[&row(1), &row(2), &row(3)]);
    let report = desk.take_in();
    assert_eq!((&report["totals"]["accepted"], &report["totals"]["repeated"]), (&1.into(), &2.into()));
    assert_eq!(desk.house.stops(), 3);
    desk.house.all_is_well();
}

#[test]
fn a_file_with_another_header_or_none() {
    let desk = Desk::new();
    let other = HEADER.replace("Latitude", "Lattitude");
    fs::write(desk.file(), [other.as_bytes(), b"\n", &row(1), b"\n"].concat()).unwrap();
    desk.refuses(&["missing “Latitude”", "unknown “Lattitude”", "Check the file, or fetch it again"]);
    fs::write(desk.file(), [&row(1)[..], b"\n", &row(2), b"\n"].concat()).unwrap();
    desk.refuses(&["the header is not the one that the file's name promises", "missing “Type”"]);
    fs::write(desk.file(), b"").unwrap();
    desk.refuses(&["the file is empty", "Fetch it again"]);
    fs::write(desk.file(), b"\"never closed\n").unwrap();
    desk.refuses(&["a quotation mark is opened and not closed"]);
    // One file that is refused holds up no other.
    fs::write(
        desk.folder.join("2024-02-lampshire-stop-and-search.csv"),
        [HEADER.as_bytes(), b"\n", &row(1)].concat(),
    )
    .unwrap();
    let intake = ["intake", "data-police-uk", &text(&desk.folder), "--json"];
    let report = desk.house.administrator().run(&intake).fails(&["1 file(s) were refused"]).json();
    assert_eq!(report["totals"]["accepted"], 1);
}

#[test]
fn nul_octets() {
    Desk::new().rejects(&filled("2024-01-05T10:00:00+00:00", "51.5", "-0.1", "Arr\0est"), "Outcome", "NUL");
}

#[test]
fn a_line_of_nothing_but_nul_octets() {
    Desk::new().rejects(&[0; 300], "row", "");
}

#[test]
fn a_line_of_a_hundred_megabytes() {
    let desk = Desk::new();
    let mut file = File::create(desk.file()).unwrap();
    file.write_all(&[HEADER.as_bytes(), b"\n", &row(1), b"\nPerson search,"].concat()).unwrap();
    // A hole in the file: it reads as a hundred million NUL octets and takes no room.
    file.seek(SeekFrom::Current(100_000_000)).unwrap();
    file.write_all(&[b"\n", &row(2)[..], b"\n"].concat()).unwrap();
    drop(file);
    let report = desk.take_in();
    let file = &report["files"][0];
    assert_eq!((&file["rows"], &file["accepted"], &file["rejected"]), (&3.into(), &2.into(), &1.into()));
    assert_eq!(file["reasons"]["row: line longer than 1 MiB"], 1, "{file}");
    let list = desk.house.reviewer().run(&["intake", "rejects", "--json"]).good().json();
    assert_eq!(list["rejects"][0]["line"], 3);
    assert!(size(&desk.house.data()) < 16_000_000, "what is kept of the line is bounded");
    desk.house.all_is_well();
}

#[test]
fn dates_that_never_were() {
    for date in [
        "2023-02-30T10:00:00+00:00",
        "2024-01-05T25:00:00+00:00",
        "05/01/2024 10:00",
        "2024-01-05",
        "yesterday",
    ] {
        Desk::new().rejects(
            &filled(date, "51.5", "-0.1", "Arrest"),
            "Date",
            "such as 2024-02-01T09:30:00+00:00",
        );
    }
}

#[test]
fn places_outside_britain_and_half_places() {
    let at = |latitude, longitude| filled("2024-01-05T10:00:00+00:00", latitude, longitude, "Arrest");
    Desk::new().rejects(&at("-17.713371", "-0.178065"), "Latitude", "outside Britain (latitude 49 to 61");
    Desk::new().rejects(
        &at("51.5", "20.1"),
        "Longitude",
        "outside Britain (latitude 49 to 61, longitude -9 to 2)",
    );
    Desk::new().rejects(&at("51.5", ""), "Longitude", "is blank although the latitude is given");
    Desk::new().rejects(&at("NaN", "-0.1"), "Latitude", "");
    Desk::new().rejects(&at("fifty", "-0.1"), "Latitude", "is not a number of degrees");
}

#[test]
fn values_that_are_in_no_list_and_octets_that_are_no_text() {
    let outcome = |outcome| filled("2024-01-05T10:00:00+00:00", "51.5", "-0.1", outcome);
    Desk::new().rejects(&outcome("Turned to stone"), "Outcome", "is not a value of the list stop-outcome");
    let mut latin = outcome("Arrest");
    latin[14..15].copy_from_slice(b"\xe9");
    Desk::new().rejects(&latin, "Date", "");
    Desk::new().rejects(b"Person search,2024-01-05T10:00:00+00:00,False", "row", "");
    Desk::new().rejects(&outcome("Arrest,one,two,three"), "row", "");
}

#[test]
fn a_quotation_mark_that_never_closes_swallows_no_row() {
    let bad = String::from_utf8(row(9)).unwrap().replacen("False,,", "False,\"Lantern,", 1);
    Desk::new().rejects(bad.as_bytes(), "row", "quotation mark");
}

#[test]
fn a_folder_given_twice_adds_nothing_and_identical_rows_are_different_people() {
    let desk = Desk::new();
    desk.write(&[&row(1), &row(1), &row(1), &row(2)]);
    let first = desk.take_in();
    assert_eq!((&first["totals"]["accepted"], &first["totals"]["possible_repeats"]), (&4.into(), &2.into()));
    for _ in 0..2 {
        let again = desk.take_in();
        assert_eq!((&again["totals"]["accepted"], &again["totals"]["repeated"]), (&0.into(), &4.into()));
    }
    // A corrected file with one row more of the same adds that one.
    desk.write(&[&row(1), &row(1), &row(1), &row(1), &row(2)]);
    let more = desk.take_in();
    assert_eq!((&more["totals"]["accepted"], &more["totals"]["repeated"]), (&1.into(), &4.into()));
    assert_eq!(desk.house.stops(), 5);
    assert_eq!(desk.house.reviewer().total("is:possible-repeat"), 3);
    desk.house.all_is_well();
}

#[test]
fn a_path_with_nothing_for_the_connector() {
    let desk = Desk::new();
    let intake = |path: &Path| desk.house.administrator().run(&["intake", "data-police-uk", &text(path)]);
    intake(&desk.folder.join("none")).fails(&["could not be read", "Check the path"]);
    fs::write(desk.folder.join("readme.txt"), "hello").unwrap();
    intake(&desk.folder).fails(&["holds no file for data-police-uk", "YYYY-MM-FORCE-SORT.csv"]);
    intake(&desk.folder.join("readme.txt")).fails(&["holds no file for data-police-uk"]);
    desk.house.all_is_well();
}

fn size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(
            |entry| if entry.path().is_dir() { size(&entry.path()) } else { entry.metadata().unwrap().len() },
        )
        .sum()
}
