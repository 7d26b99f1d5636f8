//! What is said of a paper by its code, from an export that a stranger wrote.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends where its ground is missing")]

#[expect(dead_code, reason = "these tests use a part of the writer")]
mod common;

use common::{Log, id, text, version_fields};
use serde_json::json;
use witness::{Agreement, Brought, Code, Export, PaperReport, Standing, Trust};

const CODE: &str = "0123-4567-89AB-CDE4";

fn code() -> Code {
    Code::parse(CODE).unwrap()
}

/// Record 10 in its version 10, and the entry of its paper at leaf 1.
fn printed() -> Log {
    let mut log = Log::new();
    log.change("collection", &[10, 20]);
    let parts = [code().section(1, "The record Name EXAMPLEBY"), code().section(2, "Warnings none")];
    let records = [id(10), id(10)].concat().into_iter().chain(12_u16.to_be_bytes()).collect();
    let fields = vec![
        text(6, "Response A"),
        (12, records),
        (26, 1_u64.to_be_bytes().to_vec()),
        text(27, "paper: print of a record"),
        (28, code().whole(&parts).to_vec()),
        (30, code().mark().to_vec()),
        (31, parts.concat()),
    ];
    log.add("consultation", fields);
    log
}

fn asked(log: &Log, brought: &Brought) -> PaperReport {
    let folder = tempfile::tempdir().unwrap();
    log.files().write(folder.path());
    let export = Export::open(folder.path()).unwrap();
    let report = export.verify(&Trust::default()).unwrap();
    assert!(report.good, "{report}");
    let paper = export.paper(&code(), brought).unwrap();
    log.files().dump(&Trust::default(), &report, &[told(brought, &paper)]);
    paper
}

/// What was asked and answered, for the verifier in HTML.
fn told(brought: &Brought, paper: &PaperReport) -> serde_json::Value {
    let (file, section, words) = match brought {
        Brought::Nothing => (None, None, None),
        Brought::File(octets) => (Some(String::from_utf8(octets.clone()).unwrap()), None, None),
        Brought::Section(section, words) => (None, Some(section), Some(words)),
    };
    json!({
        "file": file, "section": section, "words": words,
        "expected": {
            "standing": paper.standing, "agreement": paper.agreement, "alteredSections": paper.altered_sections,
        },
    })
}

fn standing(log: &Log) -> Standing {
    asked(log, &Brought::Nothing).standing
}

#[test]
fn a_paper_is_genuine_and_names_its_leaf() {
    let report = asked(&printed(), &Brought::Nothing);
    assert!(report.is_good());
    assert_eq!((report.leaf, report.count, report.unit.as_deref()), (Some(1), Some(1), Some("Response A")));
    assert!(report.to_string().ends_with("\nGENUINE\n"), "{report}");
    let mut other = Log::new();
    other.plain();
    assert_eq!(standing(&other), Standing::Unknown);
}

#[test]
fn a_letter_that_was_altered_is_found_in_its_section() {
    let log = printed();
    let words = |number, words: &str| asked(&log, &Brought::Section(number, words.to_owned())).agreement;
    assert_eq!(words(1, "the record\n name  exampleby"), Agreement::Same);
    assert_eq!(words(1, "The record Name EXAMPLEBV"), Agreement::Altered);
    assert_eq!(words(3, "The record Name EXAMPLEBY"), Agreement::Altered);
    let page = |warnings: &str| {
        let text = format!(
            "Force\nCode {CODE}\n--- Section 1 A1B2\nThe record\nName EXAMPLEBY\n--- Section 2 C3D4\nWarnings\n{warnings}\n--- End\n"
        );
        asked(&log, &Brought::File(text.into_bytes()))
    };
    assert_eq!(page("none").agreement, Agreement::Same);
    let altered = page("some");
    assert_eq!((altered.agreement, altered.altered_sections.clone()), (Agreement::Altered, vec![2]));
    assert!(altered.to_string().contains("Section 2 is not as it was printed"), "{altered}");
    assert_eq!(asked(&log, &Brought::File(b"nothing of it".to_vec())).agreement, Agreement::Altered);
}

#[test]
fn what_came_after_the_paper_counts() {
    let mut log = printed();
    log.change("alteration", &[21]);
    assert_eq!(standing(&log), Standing::Genuine, "of another record");
    log.change("alteration", &[11]);
    assert_eq!(standing(&log), Standing::Superseded);
    log.add("disclosure", vec![text(20, "lost"), text(27, "paper recalled"), (30, code().mark().to_vec())]);
    assert_eq!(standing(&log), Standing::Recalled);
    log.add("erasure", vec![text(20, "s.47"), version_fields(&[(id(10), 2)])]);
    log.erase_version_field(10, 2);
    let report = asked(&log, &Brought::Nothing);
    assert_eq!(report.standing, Standing::RecalledBecauseErased);
    assert!(report.to_string().ends_with("\nRECALLED\n"), "{report}");
}
