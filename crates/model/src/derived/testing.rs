//! Bodies made at random from a declaration, for the properties of everything derived.

use crate::body::{Body, NotHeld, Slot};
use crate::field::{FieldDecl, Type};
use crate::kind::Kind;
use crate::value::{PartialDate, Place, Value};
use proptest::prelude::*;
use proptest::sample::select;
use uuid::Uuid;

/// Any kind of this release.
pub(crate) fn kind() -> impl Strategy<Value = &'static Kind> {
    select(crate::kinds::ALL.to_vec())
}

/// A body whose values have the declared types, with anything in them.
pub(crate) fn body(kind: &'static Kind) -> BoxedStrategy<Body> {
    fields(kind.declared.alone())
}

/// A kind with a body of it.
pub(crate) fn kind_and_body() -> impl Strategy<Value = (&'static Kind, Body)> {
    kind().prop_flat_map(|kind| (Just(kind), body(kind)))
}

fn fields(fields: &'static [FieldDecl]) -> BoxedStrategy<Body> {
    let chosen = proptest::sample::subsequence(fields.to_vec(), 0..=fields.len());
    chosen
        .prop_flat_map(|chosen| {
            let slots: Vec<_> = chosen.iter().map(|field| (Just(field.number), slot(field))).collect();
            slots
        })
        .prop_map(|slots| {
            let mut body = Body::default();
            for (number, slot) in slots {
                body.put(number, slot);
            }
            body
        })
        .boxed()
}

fn slot(field: &FieldDecl) -> BoxedStrategy<Slot> {
    let why = select(vec![NotHeld::NotInSource, NotHeld::Declined, NotHeld::NotKnown, NotHeld::Erased]);
    prop_oneof![6 => value(field).prop_map(Slot::Held), 1 => why.prop_map(Slot::NotHeld)].boxed()
}

fn value(field: &FieldDecl) -> BoxedStrategy<Value> {
    match field.kind {
        Type::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Type::Text => any::<String>().prop_map(Value::Text).boxed(),
        Type::Number => prop_oneof![any::<i64>(), 0..131i64].prop_map(Value::Number).boxed(),
        Type::Instant => {
            prop_oneof![any::<i64>(), 0..4_000_000_000_000_000i64].prop_map(Value::Instant).boxed()
        }
        Type::Date => date().prop_map(Value::Date).boxed(),
        Type::Code => code(field),
        Type::Identifier => any::<String>().prop_map(Value::Identifier).boxed(),
        Type::Place => place().prop_map(Value::Place).boxed(),
        Type::Record => any::<u128>().prop_map(|id| Value::Record(Uuid::from_u128(id))).boxed(),
        Type::Rows => rows(field),
    }
}

fn code(field: &FieldDecl) -> BoxedStrategy<Value> {
    let list = field.code_list.and_then(crate::codes::list).unwrap();
    let codes: Vec<String> = list.codes.iter().map(|entry| entry.code.clone()).collect();
    prop_oneof![4 => select(codes), 1 => any::<String>()].prop_map(Value::Code).boxed()
}

fn rows(field: &FieldDecl) -> BoxedStrategy<Value> {
    let row = fields(field.row_group.unwrap().fields);
    proptest::collection::vec(row, 0..3).prop_map(Value::Rows).boxed()
}

/// A date that some real day fits.
pub(crate) fn date() -> impl Strategy<Value = PartialDate> {
    let parts =
        (proptest::option::of(0..=9999i16), proptest::option::of(1..=12i8), proptest::option::of(1..=31i8));
    let made = parts.prop_map(|(year, month, day)| PartialDate { year, month, day });
    made.prop_filter("a possible date", |date| date.is_possible())
}

fn place() -> impl Strategy<Value = Place> {
    let option = proptest::option::of::<BoxedStrategy<String>>;
    (
        proptest::option::of(any::<i32>()),
        proptest::option::of(any::<i32>()),
        option(any::<String>().boxed()),
        option("[A-Z]{1,2}[0-9]{1,2} ?[0-9][A-Z]{2}".boxed()),
    )
        .prop_map(|(latitude, longitude, words, postcode)| Place {
            latitude,
            longitude,
            words,
            postcode,
        })
}
