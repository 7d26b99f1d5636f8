//! Records as earlier releases wrote them, octet by octet, read by this one: decoded, brought to
//! the present shape, judged and written as JSON, and compared with what was committed. A frozen
//! record is never written again; a new shape adds one (from `tests/samples`).
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what is wrong by failing")]

mod common;
mod parcel;

use common::{assert_committed, in_crate, is_regenerating};
use jiff::civil::date;
use model::derived::{json, validate};
use model::{Body, Kind, Value};

fn kinds() -> Vec<&'static Kind> {
    model::kinds::ALL.iter().copied().chain([&parcel::KIND]).collect()
}

#[test]
fn every_shape_of_every_kind_is_frozen_and_still_reads() {
    for kind in kinds() {
        for shape in 1..=kind.shape {
            replay(kind, shape);
        }
    }
}

fn replay(kind: &'static Kind, shape: u16) {
    let name = format!("{}.{shape}", kind.name);
    let path = in_crate(&format!("tests/frozen/{name}.hex"));
    if !path.exists() && is_regenerating() && shape == kind.shape {
        std::fs::write(&path, freeze(kind)).unwrap();
    }
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|_| panic!("{name} is not frozen: add a sample and run with BLUELAMP_REGENERATE=1"));
    let digits: String = text.split_whitespace().collect();
    let octets = hex::decode(digits).unwrap();
    let body = decode(&octets);
    assert_eq!(Value::Rows(vec![body.clone()]).encode(), octets, "{name} is encoded otherwise today");
    let present = kind.upcast(shape, body);
    assert_committed(&in_crate(&format!("tests/frozen/{name}.json")), &told(kind, &present));
}

fn decode(octets: &[u8]) -> Body {
    match Value::decode(octets) {
        Ok(Value::Rows(mut rows)) if rows.len() == 1 => rows.remove(0),
        other => panic!("a frozen record is one row, not {other:?}"),
    }
}

/// The sample of a kind, encoded, in lines of 64 digits.
fn freeze(kind: &'static Kind) -> String {
    let sample = std::fs::read_to_string(in_crate(&format!("tests/samples/{}.json", kind.name))).unwrap();
    let body = json::from_json(kind, &serde_json::from_str(&sample).unwrap()).unwrap();
    let digits = hex::encode(Value::Rows(vec![body]).encode());
    digits.as_bytes().chunks(64).map(|line| format!("{}\n", std::str::from_utf8(line).unwrap())).collect()
}

/// The record and what is wrong with it, as people would be told today.
fn told(kind: &'static Kind, body: &Body) -> String {
    let on = kind.day_of(body).unwrap_or(date(2024, 3, 1));
    let problems: Vec<String> = validate::problems(kind, body, on)
        .iter()
        .map(|problem| format!("{}: {}: {}", problem.field, problem.rule, problem.mend))
        .collect();
    let told = serde_json::json!({
        "record": json::to_json(kind, body),
        "summary": model::derived::show::summary(kind, body),
        "problems": problems,
    });
    serde_json::to_string_pretty(&told).unwrap() + "\n"
}

#[test]
fn an_upcast_begins_at_the_shape_of_the_record() {
    let mut old = Body::default();
    old.put(1, model::Slot::Held(Value::Number(2)));
    let present = parcel::KIND.upcast(1, old.clone());
    assert_eq!(present.get(parcel::GRAMS), Some(56));
    assert_eq!(present.get(parcel::LABEL).as_deref(), Some("unlabelled"));
    let mut second = Body::default();
    second.set(parcel::GRAMS, 56);
    assert_eq!(parcel::KIND.upcast(2, second.clone()), present);
    assert_eq!(parcel::KIND.upcast(3, second.clone()), second);
}
