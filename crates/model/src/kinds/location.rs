//! A location that matters in itself: premises, a street, an area.

use super::provenance;
use crate::body::Slot;
use crate::derived::show;
use crate::field::{Code, Identifier, Rule};
use crate::identifiers::IdentifierKind;
use crate::kind::{Basis, DefaultAccess, Retention, Upcast, day};
use crate::value::{Place, Value};
use crate::{About, Body, SearchAs, When, kind};

kind! {
    Location = 2, "location", shape 2,
    title: "Location", plural: "Locations", prefix: "L",
    basis: Basis {
        power: "Common law duties of a constable; Police Act 1996 s.39A (code of practice on police information)",
        purpose: "prevention, investigation and detection of crime (DPA 2018 s.31)",
        schedule_8: None,
    },
    retention: Retention {
        rule: "Police information: minimum period, then scheduled review", review_after_months: 72,
        source: "Code of Practice on Police Information and Records Management 2023; APP: review group decides",
        sure: "recalled",
    },
    access: DefaultAccess {
        view: &["officer", "supervisor", "analyst", "intelligence-officer", "custody-officer", "case-builder", "records-reviewer", "data-protection-officer"],
        create: &["officer", "supervisor", "analyst", "intelligence-officer", "custody-officer", "case-builder", "records-reviewer"],
        change: &["officer", "supervisor", "intelligence-officer", "records-reviewer"],
    },
    upcasts: &[Upcast { from: 1, apply: uprn_as_identifier }],
    summary: summary,
    fields {
        1 TYPE: Code { label: "Type of location", about: About::Event, class: Fact, list: "location-type", search: SearchAs::Exact }
        2 NAME: String {
            label: "Name of the premises", about: About::Event, class: Fact, search: SearchAs::Words,
            hint: "As on the sign: a shop, a school, a station."
        }
        3 PLACE: Place {
            label: "Place", about: About::Event, class: Fact, search: SearchAs::Place,
            require: &[Rule {
                name: "location-place", when: When::Always, from: day(2018, 5, 25), until: None,
                law: "DPA 2018 s.37: adequate; s.38(1): accurate", stops: true,
                mend: "Give an address, a postcode or coordinates."
            }]
        }
        5 LSOA: String {
            label: "Lower layer super output area", about: About::Event, class: Fact, search: SearchAs::Exact
        }
        6 NOTE: String { label: "Note", about: About::Mixed, class: Opinion, search: SearchAs::Words, disclose: false }
        7 PROVENANCE: Vec<Body> {
            label: "Where this came from", about: About::Event, class: Fact, group: &provenance::GROUP
        }
        /// Since shape 2. Shape 1 held it as a number under 4, which is not used again.
        8 UPRN: Identifier {
            label: "Unique property reference number", about: About::Event, class: Fact,
            identifies: IdentifierKind::Uprn, search: SearchAs::Exact
        }
        /// Since shape 2.
        9 GRID_REFERENCE: Identifier {
            label: "National Grid reference", about: About::Event, class: Fact,
            identifies: IdentifierKind::GridReference, search: SearchAs::Exact,
            hint: "Two letters and up to ten digits: TQ 30020 80390. Fewer digits are a larger square."
        }
    }
}

/// The field in which shape 1 held the UPRN as a number.
const UPRN_AS_NUMBER: u16 = 4;

fn uprn_as_identifier(mut body: Body) -> Body {
    match body.remove(UPRN_AS_NUMBER) {
        Some(Slot::Held(Value::Number(number))) => {
            body.set(UPRN, Identifier(number.to_string()));
        }
        Some(Slot::NotHeld(why)) => {
            body.set_not_held(UPRN, why);
        }
        _ => {}
    }
    body
}

/// Name of the premises, address, postcode.
fn summary(body: &Body) -> String {
    let place = body.get(PLACE).map(|place| show::place(&place));
    show::joined([body.get(NAME), place], "Location of which nothing is held")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NotHeld;

    #[test]
    fn a_uprn_of_shape_1_is_an_identifier_today_and_what_was_not_held_still_is_not() {
        let mut old = Body::default();
        old.put(UPRN_AS_NUMBER, Slot::Held(Value::Number(100_023_336_956)));
        let present = KIND.upcast(1, old);
        assert_eq!(present.get(UPRN), Some(Identifier("100023336956".to_owned())));
        let mut old = Body::default();
        old.put(UPRN_AS_NUMBER, Slot::NotHeld(NotHeld::Erased));
        let present = KIND.upcast(1, old);
        assert_eq!(
            (present.not_held(UPRN.number()), present.slot(UPRN_AS_NUMBER)),
            (Some(NotHeld::Erased), None)
        );
    }
}
