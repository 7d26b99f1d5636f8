//! A vehicle as the force knows it. Who keeps, drives or insures it stands on links.

use super::provenance;
use crate::derived::show;
use crate::field::{Code, Identifier, Rule};
use crate::identifiers::IdentifierKind;
use crate::kind::{Basis, DefaultAccess, Retention, day};
use crate::{About, Body, SearchAs, When, kind};

kind! {
    Vehicle = 3, "vehicle", shape 1,
    title: "Vehicle", plural: "Vehicles", prefix: "V",
    basis: Basis {
        power: "Common law duties of a constable; Road Traffic Act 1988 s.163; Police Act 1996 s.39A (code of practice on police information)",
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
        1 VRM: Identifier {
            label: "Registration mark", about: About::Own, class: Fact,
            identifies: IdentifierKind::Vrm, search: SearchAs::Exact,
            hint: "As on the plate, foreign marks too.",
            require: &[Rule {
                name: "mark-or-description",
                when: When::All(&[When::Not(&When::Answered(VIN.number())), When::Not(&When::Answered(DESCRIPTION.number()))]),
                from: day(2018, 5, 25), until: None, law: "DPA 2018 s.37: adequate; s.38(1): accurate", stops: true,
                mend: "Give the registration mark or the VIN, or describe a vehicle that has none."
            }]
        }
        2 TYPE: Code { label: "Type of vehicle", about: About::Event, class: Fact, list: "vehicle-type", search: SearchAs::Exact }
        3 MAKE: String { label: "Make", about: About::Event, class: Fact, search: SearchAs::Words }
        4 MODEL: String { label: "Model", about: About::Event, class: Fact, search: SearchAs::Words }
        5 COLOUR: Code { label: "Colour", about: About::Event, class: Fact, list: "vehicle-colour", search: SearchAs::Exact }
        6 VIN: String {
            label: "Vehicle identification number", about: About::Own, class: Fact, search: SearchAs::Exact,
            hint: "17 letters and digits since 1981; older vehicles have a shorter chassis number."
        }
        7 YEAR: i64 {
            label: "Year of manufacture", about: About::Event, class: Fact, search: SearchAs::Number, between: (1880, 2200)
        }
        8 COUNTRY: String { label: "Country of registration", about: About::Event, class: Fact, search: SearchAs::Words }
        9 DESCRIPTION: String {
            label: "Description", about: About::Event, class: Opinion, search: SearchAs::Words,
            hint: "Damage, stickers, loads: what tells it from others."
        }
        10 PROVENANCE: Vec<Body> {
            label: "Where this came from", about: About::Event, class: Fact, group: &provenance::GROUP
        }
    }
}

/// Registration mark, colour, make and model.
fn summary(body: &Body) -> String {
    let mark = body.get(VRM).map(|mark| mark.0).or_else(|| body.get(VIN));
    let colour = body.get(COLOUR).map(|code| show::code_label("vehicle-colour", &code.0));
    show::joined([mark, colour, body.get(MAKE), body.get(MODEL)], "Vehicle of which nothing is held")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derived::{index, validate};

    const ON: jiff::civil::Date = day(2024, 3, 1);

    fn vehicle() -> Body {
        let mut body = Body::default();
        body.set(VRM, Identifier("ab12 cde".into())).set(COLOUR, Code("red".into())).set(MAKE, "Ford".into());
        body
    }

    #[test]
    fn a_mark_is_enough_and_nothing_is_too_little() {
        assert_eq!(validate::problems(&KIND, &vehicle(), ON), []);
        let problems = validate::problems(&KIND, &Body::default(), ON);
        assert_eq!(problems.iter().map(|problem| problem.rule).collect::<Vec<_>>(), ["mark-or-description"]);
        let mut described = Body::default();
        described.set(DESCRIPTION, "Red van with a ladder".to_owned());
        assert_eq!(validate::problems(&KIND, &described, ON), []);
    }

    #[test]
    fn a_vehicle_is_found_by_its_mark_and_told_by_its_looks() {
        let exact = index::document(&KIND, &vehicle(), ON).exact;
        assert!(exact.contains(&("vrm".to_owned(), "AB12CDE".to_owned())));
        assert_eq!((KIND.summary)(&vehicle()), "ab12 cde, Red, Ford");
    }
}
