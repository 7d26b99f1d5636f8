//! A kind of the tests alone, which has changed its shape twice.

use model::kind::{Basis, DefaultAccess, Retention, Upcast};
use model::value::Value;
use model::{About, Body, Slot, kind};

kind! {
    Parcel = 999, "test-parcel", shape 3,
    title: "Parcel", plural: "Parcels", prefix: "TP",
    basis: Basis { power: "none: a test", purpose: "none: a test", schedule_8: None },
    retention: Retention { rule: "a test", review_after_months: 1, source: "a test", sure: "read" },
    access: DefaultAccess { view: &["officer"], create: &[], change: &[] },
    upcasts: &[Upcast { from: 1, apply: ounces_to_grams }, Upcast { from: 2, apply: name_it }],
    summary: summary,
    fields {
        /// Since shape 2. Field 1 held ounces; its number is not used again.
        2 GRAMS: i64 { label: "Weight in grams", about: About::Event, class: Fact }
        /// Since shape 3.
        3 LABEL: String { label: "Label", about: About::Event, class: Fact }
    }
}

fn ounces_to_grams(mut body: Body) -> Body {
    if let Some(Slot::Held(Value::Number(ounces))) = body.remove(1) {
        body.set(GRAMS, ounces * 28);
    }
    body
}

fn name_it(mut body: Body) -> Body {
    body.set(LABEL, "unlabelled".to_owned());
    body
}

fn summary(body: &Body) -> String {
    body.get(LABEL).unwrap_or_default()
}
