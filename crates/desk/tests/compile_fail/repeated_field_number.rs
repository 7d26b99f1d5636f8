//! A field's number is never used twice.

mod parcel {
    use model::kind::{Basis, DefaultAccess, Retention};
    use model::{About, Body, kind};

    kind! {
        Parcel = 999, "parcel", shape 1,
        title: "Parcel", plural: "Parcels", prefix: "TP",
        basis: Basis { power: "a power", purpose: "a purpose", schedule_8: None },
        retention: Retention { rule: "a rule", review_after_months: 1, source: "a source", sure: "read" },
        access: DefaultAccess { view: &["officer"], create: &[], change: &[] },
        summary: summary,
        fields {
            1 GRAMS: i64 { label: "Weight in grams", about: About::Event, class: Fact }
            1 LABEL: String { label: "Label", about: About::Event, class: Fact }
        }
    }

    fn summary(body: &Body) -> String {
        body.get(LABEL).unwrap_or_default()
    }
}

fn main() {}
