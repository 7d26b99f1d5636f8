use super::*;

fn encodes(value: &Value, digits: &str) {
    let octets = hex::decode(digits.replace(' ', "")).unwrap();
    assert_eq!(hex::encode(value.encode()), hex::encode(&octets));
    assert_eq!(Value::decode(&octets).as_ref(), Ok(value));
}

fn refused(digits: &str, error: DecodeError) {
    let octets = hex::decode(digits.replace(' ', "")).unwrap();
    assert_eq!(Value::decode(&octets), Err(error), "{digits}");
}

/// The examples of `docs/formats/records.md`.
#[test]
fn values_are_encoded_as_the_format_says() {
    encodes(&Value::Bool(true), "01 01");
    encodes(&Value::Text(String::new()), "02");
    encodes(&Value::Text("é".into()), "02 c3a9");
    encodes(&Value::Number(-2), "03 fffffffffffffffe");
    encodes(&Value::Date(PartialDate::parse("1987-03-04").unwrap()), "05 07 07c3 03 04");
    encodes(&Value::Date(PartialDate::parse("1987-03").unwrap()), "05 03 07c3 03 00");
    encodes(&Value::Date(PartialDate { year: None, month: None, day: Some(4) }), "05 04 0000 00 04");
    let place = Place { latitude: Some(51_500_000), longitude: Some(-100_000), ..Place::default() };
    encodes(&Value::Place(place), "08 00 00000004 0311d3e0 01 00000004 fffe7960");
    let mut row = Body::default();
    row.put(1, crate::Slot::Held(Value::Number(2)));
    encodes(&Value::Rows(vec![row]), "0a 0000000f 0001 00000009 03 0000000000000002");
    assert_eq!(crate::Slot::NotHeld(NotHeld::Declined).encode(), [0x0f, 2]);
}

#[test]
fn octets_that_no_writer_makes_are_refused() {
    refused("", DecodeError::CutShort);
    refused("0b", DecodeError::UnknownForm);
    refused("01 02", DecodeError::UnknownForm);
    refused("03 00", DecodeError::CutShort);
    refused("03 000000000000000000", DecodeError::LeftOver);
    refused("02 ff", DecodeError::NotUtf8);
    refused("05 03 07c3 03 04", DecodeError::UnknownForm);
    refused("05 08 0000 00 00", DecodeError::UnknownForm);
    refused("08 01 00000004 00000000 00 00000004 00000000", DecodeError::UnknownForm);
    refused("08 00 00000004 00000000 00 00000004 00000000", DecodeError::UnknownForm);
    refused("08 04 00000000", DecodeError::UnknownForm);
    refused("0a 0000000f 0001 00000009 03 00000000000000", DecodeError::CutShort);
    refused("0a 00000010 0002 00000002 0100 0001 00000002 0100", DecodeError::UnknownForm);
    refused("0a 00000008 0001 00000002 0f09", DecodeError::UnknownForm);
}

#[test]
fn possible_dates_only_are_read() {
    for text in
        ["1987-02-29", "1987-13", "1987-00", "1987-01-32", "87-1-1x", "", "-", "12345", "1987-01-01-01"]
    {
        assert_eq!(PartialDate::parse(text), None, "{text}");
    }
    for text in ["1988-02-29", "????-02-29", "1987-??-31", "0000"] {
        assert!(PartialDate::parse(text).is_some(), "{text}");
    }
}

#[test]
fn a_wiped_value_says_nothing() {
    let mut row = Body::default();
    row.put(1, crate::Slot::Held(Value::Text("secret".into())));
    let mut value = Value::Rows(vec![row]);
    value.wipe();
    let Value::Rows(rows) = value else { unreachable!() };
    assert_eq!(rows[0].value(1), Some(&Value::Text(String::new())));
}
