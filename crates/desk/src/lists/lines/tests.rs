//! Lists as people write them.

use super::*;
use proptest::prelude::*;

fn sorts(text: &str) -> Vec<Result<Sort, String>> {
    read(text).unwrap().lines.into_iter().map(|line| line.asked.map(|asked| asked.sort)).collect()
}

fn words(listed: &[&str]) -> Query {
    Query::of_words(&listed.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>()).unwrap()
}

#[test]
fn a_line_is_taken_for_what_it_is() {
    let text = "John SMITH 12/03/1985\nO'Brien, Ned\n\nAB12 CDE\n07700 900123\n+44 7700 900123\nLi\nal-Khalid Omar\n";
    let expected =
        [Sort::Person, Sort::Person, Sort::Plate, Sort::Phone, Sort::Phone, Sort::Person, Sort::Person];
    assert_eq!(sorts(text), expected.map(Ok));
    let list = read(text).unwrap();
    assert_eq!(list.lines[2].number, 4, "the number is that of the line in the file");
    let query = |at: usize| list.lines[at].asked.clone().unwrap().query;
    assert_eq!(query(0), words(&["John", "SMITH", "12/03/1985"]));
    assert_eq!(query(2), words(&["AB12CDE"]));
    assert_eq!((query(3), query(4)), (words(&["07700900123"]), words(&["07700900123"])));
}

#[test]
fn a_reference_is_checked_by_its_letter() {
    let kind = model::kinds::by_name("nominal").unwrap();
    let good = reference_text(kind, 17);
    assert_eq!(sorts(&good), [Ok(Sort::Reference)]);
    let letter = if good.ends_with('A') { 'B' } else { 'A' };
    let wrong = format!("{}{letter}", &good[..good.len() - 1]);
    let told = sorts(&wrong)[0].clone().unwrap_err();
    assert!(told.contains("check letter"), "{told}");
}

#[test]
fn what_cannot_be_read_says_the_mend() {
    for (line, word) in [
        ("Smith 31/02/1985", "is no date of birth"),
        ("12/03/1985", "names nobody"),
        ("Smith 12345", "is no date of birth"),
        ("...", "names nobody"),
        (&"word ".repeat(17), "more than 16 words"),
        (&"x".repeat(501), "longer than 500"),
    ] {
        let told = sorts(line)[0].clone().unwrap_err();
        assert!(told.contains(word), "{line}: {told}");
    }
}

#[test]
fn a_table_is_read_by_its_header() {
    let text =
        "\u{feff}Surname;First name;DOB;Case\n\"O'Brien\";Ned;12/03/1985;17\nSmith;;nonsense;18\n;;;19\n";
    let list = read(text).unwrap();
    assert_eq!(list.unused, ["Case"]);
    assert_eq!(list.lines[0].asked.clone().unwrap().query, words(&["O'Brien", "Ned", "12/03/1985"]));
    assert_eq!(list.lines[0].number, 2);
    assert!(list.lines[1].asked.clone().unwrap_err().contains("“nonsense” is no date of birth"));
    assert!(list.lines[2].asked.clone().unwrap_err().contains("nothing in the columns"));
    let both = read("name,plate\n\"Smith, John\",AB12 CDE\nJones,\n").unwrap();
    assert_eq!(both.lines[0].asked.clone().unwrap().sort, Sort::Several);
    assert_eq!(both.lines[0].asked.clone().unwrap().query, words(&["Smith", "John", "AB12CDE"]));
    assert_eq!(both.lines[1].asked.clone().unwrap().sort, Sort::Person);
    let ragged = read("name,plate\nSmith, John, AB12 CDE\n").unwrap();
    assert!(ragged.lines[0].asked.clone().unwrap_err().contains("quotation marks"));
}

#[test]
fn the_line_after_the_last_that_may_be_is_named() {
    let list = |count: usize| {
        (0..count).map(|number| format!("Smith{}\n", "a".repeat(number % 7))).collect::<String>()
    };
    assert_eq!(read(&list(500)).unwrap().lines.len(), 500);
    let told = read(&format!("\n{}", list(501))).unwrap_err().to_string();
    assert!(told.contains("line 502 is entry 501") && told.contains("at most 500"), "{told}");
    assert!(read("  \n\n").unwrap_err().to_string().contains("no line"));
    assert!(read("name,dob\n").unwrap_err().to_string().contains("no line"));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "(name,dob\n|\\PC{0,30}\n|[0-9/+-]{0,16}\n|[A-Z]{2}[0-9]{2} [A-Z]{3}\n|,|;|\"){0,12}") {
        if let Ok(list) = read(&text) {
            prop_assert!((1..=MOST_LINES).contains(&list.lines.len()));
            for line in list.lines {
                prop_assert!(line.asked.is_ok() || !line.asked.unwrap_err().is_empty());
            }
        }
    }
}
