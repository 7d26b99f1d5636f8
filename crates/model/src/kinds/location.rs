//! A location that matters in itself: premises, a street, an area.

use super::provenance;
use crate::derived::show;
use crate::field::{Code, Rule};
use crate::kind::{Basis, DefaultAccess, Retention, day};
use crate::value::Place;
use crate::{About, Body, SearchAs, When, kind};

kind! {
    Location = 2, "location", shape 1,
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
        4 UPRN: i64 {
            label: "Unique property reference number", about: About::Event, class: Fact, search: SearchAs::Number,
            between: (1, 999_999_999_999)
        }
        5 LSOA: String {
            label: "Lower layer super output area", about: About::Event, class: Fact, search: SearchAs::Exact
        }
        6 NOTE: String { label: "Note", about: About::Mixed, class: Opinion, search: SearchAs::Words, disclose: false }
        7 PROVENANCE: Vec<Body> {
            label: "Where this came from", about: About::Event, class: Fact, group: &provenance::GROUP
        }
    }
}

/// Name of the premises, address, postcode.
fn summary(body: &Body) -> String {
    let place = body.get(PLACE).map(|place| show::place(&place));
    show::joined([body.get(NAME), place], "Location of which nothing is held")
}
