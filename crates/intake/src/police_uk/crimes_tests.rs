use super::*;
use model::NotHeld;
use model::PartialDate;

const GOOD: [&str; 12] = [
    "839ba596457ef1a68ad091e7c4f7ece39ad3ea1389617d2b3a57b9b28fa53612",
    "2018-04",
    "City of London Police",
    "City of London Police",
    "-0.106453",
    "51.518207",
    "On or near Charterhouse Street",
    "E01000916",
    "Camden 027B",
    "Other theft",
    "Offender given a caution",
    "",
];

fn with(column: usize, text: &'static str) -> Vec<&'static str> {
    let mut fields = GOOD.to_vec();
    fields[column] = text;
    fields
}

fn of_outcome(kind: &'static str) -> Vec<&'static str> {
    let mut fields = GOOD[..10].to_vec();
    fields[OUTCOME_TYPE] = kind;
    fields
}

fn read(table: &Table, fields: Vec<&str>) -> Result<Body, RowFault> {
    (table.read)(&Row::new(fields))
}

fn fault_of(table: &Table, fields: Vec<&str>) -> String {
    let fault = read(table, fields).unwrap_err();
    format!("{}: {}", fault.field, fault.reason)
}

#[test]
fn a_whole_street_row_becomes_a_crime() {
    let body = read(&STREET, GOOD.to_vec()).unwrap();
    assert_eq!(body.get(crime::PUBLISHED_ID).as_deref(), Some(GOOD[0]));
    assert_eq!(body.get(crime::MONTH), PartialDate::parse("2018-04"));
    assert_eq!(body.get(crime::CRIME_TYPE), Some(Code("other-theft".into())));
    assert_eq!(body.get(crime::LAST_OUTCOME), Some(Code("offender-given-a-caution".into())));
    let place = body.get(crime::PLACE).unwrap();
    assert_eq!((place.latitude, place.longitude), (Some(51_518_207), Some(-106_453)));
    assert_eq!(place.words.as_deref(), Some("On or near Charterhouse Street"));
    assert_eq!(body.get(crime::FALLS_WITHIN).as_deref(), Some("City of London Police"));
    assert_eq!(body.slot(crime::CONTEXT.number()), None, "a blank of a column that is there");
    assert_eq!(body.slot(crime::OUTCOMES.number()), None);
}

#[test]
fn a_whole_outcome_row_becomes_a_crime_with_one_outcome() {
    let body = read(&OUTCOMES, of_outcome("Suspect charged")).unwrap();
    let outcomes = body.get(crime::OUTCOMES).unwrap();
    assert_eq!(outcomes.len(), 1);
    assert_eq!(outcomes[0].get(outcome::OUTCOME), Some(Code("suspect-charged".into())));
    assert_eq!(outcomes[0].get(outcome::DATE), PartialDate::parse("2018-04"));
    for field in [crime::MONTH.number(), crime::CRIME_TYPE.number(), crime::LAST_OUTCOME.number()] {
        assert_eq!(body.not_held(field), Some(NotHeld::NotInSource), "the month is that of the outcome");
    }
}

#[test]
fn every_field_of_the_kind_is_accounted_for() {
    let joined = gathered::gathered(vec![
        read(&STREET, with(CONTEXT, "Seen by a patrol")).unwrap(),
        read(&OUTCOMES, of_outcome("Suspect charged")).unwrap(),
    ]);
    for field in model::derived::Fields::of(&crime::KIND).iter() {
        let is_made = [crime::STATEMENTS.number(), crime::COURT_CASES.number()].contains(&field.number);
        assert_eq!(joined.body.slot(field.number).is_none(), is_made, "{}", field.name());
    }
}

#[test]
fn what_is_blank_is_absent_and_no_location_is_kept() {
    let mut fields = with(CRIME_ID, "");
    for column in [LONGITUDE, LATITUDE, LSOA_CODE, LSOA_NAME, LAST_OUTCOME] {
        fields[column] = "";
    }
    fields[LOCATION] = "No Location";
    let body = read(&STREET, fields.clone()).unwrap();
    for field in [crime::PUBLISHED_ID.number(), crime::LSOA.number(), crime::LAST_OUTCOME.number()] {
        assert_eq!(body.slot(field), None);
    }
    assert_eq!(body.get(crime::PLACE).unwrap().words.as_deref(), Some("No Location"));
    fields[LOCATION] = "";
    assert_eq!(read(&STREET, fields).unwrap().get(crime::PLACE), None);
}

#[test]
fn faults_are_named() {
    assert_eq!(fault_of(&STREET, with(MONTH, "2018-13")), "Month: is not a month such as 2024-02");
    assert_eq!(fault_of(&STREET, with(MONTH, "2018-04-01")), "Month: is not a month such as 2024-02");
    assert_eq!(
        fault_of(&STREET, with(CRIME_TYPE, "Piracy")),
        "Crime type: is not a value of the list crime-type"
    );
    assert_eq!(
        fault_of(&STREET, with(LAST_OUTCOME, "Forgiven")),
        "Last outcome category: is not a value of the list crime-outcome"
    );
    assert_eq!(
        fault_of(&OUTCOMES, of_outcome("Forgiven")),
        "Outcome type: is not a value of the list crime-outcome"
    );
    assert_eq!(fault_of(&STREET, with(LATITUDE, "")), "Latitude: is blank although the longitude is given");
    assert!(fault_of(&STREET, with(LONGITUDE, "10.1")).starts_with("Longitude: is outside Britain"));
}
