use super::*;
use model::field::{Code, Instant};
use model::{Slot, Value};

const GOOD: [&str; 15] = [
    "Person search",
    "2024-06-30T23:00:00+00:00",
    "False",
    "",
    "51.507400",
    "-0.127800",
    "Male",
    "10-17",
    "White - Irish",
    "White",
    "Misuse of Drugs Act 1971 (section 23)",
    "Controlled drugs",
    "Arrest",
    "False",
    "True",
];

fn with(column: usize, text: &'static str) -> Vec<&'static str> {
    let mut fields = GOOD.to_vec();
    fields[column] = text;
    fields
}

fn read(fields: Vec<&str>) -> Result<Body, RowFault> {
    body(&Row::new(fields))
}

fn fault_of(column: usize, text: &'static str) -> String {
    let fault = read(with(column, text)).unwrap_err();
    assert!(text.len() < 3 || !fault.reason.contains(text), "the reason repeats the value: {}", fault.reason);
    format!("{}: {}", fault.field, fault.reason)
}

#[test]
fn a_whole_row_becomes_a_body() {
    let body = read(GOOD.to_vec()).unwrap();
    assert_eq!(body.get(stop::AT), Some(Instant(1_719_788_400_000_000)));
    let place = body.get(stop::PLACE).unwrap();
    assert_eq!((place.latitude, place.longitude), (Some(51_507_400), Some(-127_800)));
    assert_eq!(body.get(stop::SEARCH_TYPE), Some(Code("person".into())));
    assert_eq!(body.get(stop::AGE_RANGE), Some(Code("10-17".into())));
    assert_eq!(body.get(stop::POLICING_OPERATION), Some(false));
    assert_eq!(body.get(stop::MORE_THAN_OUTER), Some(true));
    assert_eq!(body.slot(stop::OPERATION.number()), None);
    assert_eq!(body.slot(stop::PROVENANCE.number()), None, "the desk adds that");
}

#[test]
fn what_the_publication_leaves_out_is_not_in_this_source() {
    let body = read(GOOD.to_vec()).unwrap();
    for number in [6, 12, 14, 15, 16, 17, 21, 22] {
        assert_eq!(body.not_held(number), Some(NotHeld::NotInSource), "field {number}");
    }
}

#[test]
fn every_field_of_the_kind_is_accounted_for() {
    let mut fields = GOOD.to_vec();
    fields[OPERATION] = "Operation Example";
    let body = read(fields).unwrap();
    for field in model::derived::Fields::of(&stop::KIND).iter() {
        let is_the_desks = field.number == stop::PROVENANCE.number();
        assert_eq!(body.slot(field.number).is_none(), is_the_desks, "{}", field.name());
    }
}

#[test]
fn a_blank_yes_or_no_is_not_no() {
    for (column, number) in [(PART_OF_OPERATION, 18), (OUTCOME_LINKED, 8), (REMOVAL, 20)] {
        let body = read(with(column, " ")).unwrap();
        assert_eq!(body.slot(number), Some(&Slot::NotHeld(NotHeld::NotInSource)));
        let body = read(with(column, "False")).unwrap();
        assert_eq!(body.slot(number), Some(&Slot::Held(Value::Bool(false))));
    }
}

#[test]
fn blanks_leave_their_fields_absent() {
    let mut fields = vec![""; 15];
    fields[TYPE] = "Vehicle search";
    let body = read(fields).unwrap();
    for number in [1, 3, 4, 5, 7, 9, 10, 11, 13, 19] {
        assert_eq!(body.slot(number), None, "field {number}");
    }
}

#[test]
fn bad_dates_are_named() {
    for text in
        ["2024-02-30T10:00:00+00:00", "2024-02-03", "2024-02-03T10:00:00", "01/02/2024", "yesterday", "0"]
    {
        assert!(fault_of(DATE, text).starts_with("Date: is not a date and time"), "{text}");
    }
    let summer = read(with(DATE, "2024-07-01T00:00:00+01:00")).unwrap();
    assert_eq!(summer.get(stop::AT), Some(Instant(1_719_788_400_000_000)));
}

#[test]
fn bad_coordinates_are_named() {
    assert_eq!(fault_of(LONGITUDE, ""), "Longitude: is blank although the latitude is given");
    assert_eq!(fault_of(LATITUDE, ""), "Latitude: is blank although the longitude is given");
    for text in ["north", "51,5", "51.5°", "--51"] {
        assert_eq!(fault_of(LATITUDE, text), "Latitude: is not a number of degrees");
    }
    for text in ["48.999999", "61.000001", "0.0", "-51.5", "inf", "NaN", "1e300"] {
        assert!(fault_of(LATITUDE, text).starts_with("Latitude: is outside Britain"), "{text}");
    }
    for text in ["-9.000001", "2.000001", "151.2"] {
        assert!(fault_of(LONGITUDE, text).starts_with("Longitude: is outside Britain"), "{text}");
    }
}

#[test]
fn unknown_words_are_named_with_their_list() {
    assert_eq!(fault_of(TYPE, "Boat search"), "Type: is not a value of the list search-type");
    assert_eq!(fault_of(OUTCOME, "Reprimand"), "Outcome: is not a value of the list stop-outcome");
    assert_eq!(
        fault_of(REMOVAL, "Perhaps"),
        format!("{}: is neither True, False nor blank", COLUMNS[REMOVAL])
    );
}
