//! An object: an item of property that was stolen, found, seized or used. What happened to it, and
//! whose it is, stands on links; where it is kept belongs to its exhibit.

pub mod serial_number;

use super::provenance;
use crate::derived::show;
use crate::field::{Code, Identifier, Rule};
use crate::identifiers::IdentifierKind;
use crate::kind::{Basis, DefaultAccess, Retention, day};
use crate::{About, Body, SearchAs, When, kind};

const UNTOLD: When =
    When::Any(&[When::Not(&When::Answered(TYPE.number())), When::OneOf(TYPE.number(), &["other"])]);

kind! {
    Object = 9, "object", shape 1,
    title: "Object", plural: "Objects", prefix: "OBJ",
    basis: Basis {
        power: "Common law duties of a constable; PACE 1984 ss.19 to 22 (seizure and retention); Police (Property) Act 1897",
        purpose: "prevention, investigation, detection and prosecution of crime (DPA 2018 s.31)",
        schedule_8: None,
    },
    retention: Retention {
        rule: "Police information: minimum period, then scheduled review", review_after_months: 72,
        source: "Code of Practice on Police Information and Records Management 2023; CPIA 1996 Code for material of a case",
        sure: "recalled",
    },
    access: DefaultAccess {
        view: &["officer", "supervisor", "analyst", "intelligence-officer", "custody-officer", "case-builder", "records-reviewer", "data-protection-officer"],
        create: &["officer", "supervisor", "analyst", "intelligence-officer", "custody-officer", "case-builder", "records-reviewer"],
        change: &["officer", "supervisor", "custody-officer", "case-builder", "records-reviewer"],
    },
    summary: summary,
    fields {
        1 TYPE: Code { label: "Type of object", about: About::Event, class: Fact, list: "object-type", search: SearchAs::Exact }
        2 DESCRIPTION: String {
            label: "Description", about: About::Event, class: Opinion, search: SearchAs::Words,
            hint: "What one would say to a person who must find it among others.",
            require: &[Rule {
                name: "object-description", when: UNTOLD, from: day(2018, 5, 25), until: None,
                law: "DPA 2018 s.37: adequate; s.38(1): accurate", stops: true,
                mend: "Choose what it is, or describe it. “Other” needs a description."
            }]
        }
        3 MAKE: String { label: "Make", about: About::Event, class: Fact, search: SearchAs::Words }
        4 MODEL: String { label: "Model", about: About::Event, class: Fact, search: SearchAs::Words }
        5 COLOUR: Code { label: "Colour", about: About::Event, class: Fact, list: "object-colour", search: SearchAs::Exact }
        6 SERIAL_NUMBERS: Vec<Body> {
            label: "Serial and other numbers", about: About::Own, class: Fact, group: &serial_number::GROUP
        }
        7 IMEI: Identifier {
            label: "IMEI", about: About::Own, class: Fact, identifies: IdentifierKind::Imei, search: SearchAs::Exact,
            hint: "Of a handset; a second one stands under the other numbers.",
            reveal: When::OneOf(TYPE.number(), &["phone", "computer"])
        }
        8 IDENTIFYING_MARKS: String {
            label: "Identifying marks", about: About::Own, class: Fact, search: SearchAs::Words,
            hint: "Engraving, damage, stickers, initials."
        }
        9 PROPERTY_MARK: String {
            label: "Property mark", about: About::Own, class: Fact, search: SearchAs::Exact,
            hint: "A postcode in invisible ink, a forensic marking or a register’s tag."
        }
        10 QUANTITY: i64 {
            label: "How many", about: About::Event, class: Fact, search: SearchAs::Number, between: (1, 1_000_000_000)
        }
        11 MEASURE: String {
            label: "Weight or measure", about: About::Event, class: Fact, search: SearchAs::Words,
            hint: "With its unit, and whether packaging is in it: 3.2 g without wrap."
        }
        12 VALUE: i64 {
            label: "Value in pounds", about: About::Event, class: Opinion, search: SearchAs::Number,
            between: (0, 10_000_000_000), hint: "What the owner says, or an estimate; whole pounds."
        }
        13 PROVENANCE: Vec<Body> {
            label: "Where this came from", about: About::Event, class: Fact, group: &provenance::GROUP
        }
    }
}

/// Colour, make, model and type, and the description where there is no make.
fn summary(body: &Body) -> String {
    let colour = body.get(COLOUR).map(|code| show::code_label("object-colour", &code.0));
    let kind = body.get(TYPE).map(|code| show::code_label("object-type", &code.0));
    let make = body.get(MAKE);
    let description = body.get(DESCRIPTION).filter(|_| make.is_none());
    show::joined([kind, colour, make, body.get(MODEL), description], "Object of which nothing is held")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derived::{index, validate};

    const ON: jiff::civil::Date = day(2024, 3, 1);

    fn of_type(code: &str) -> Body {
        let mut body = Body::default();
        body.set(TYPE, Code(code.into()));
        body
    }

    fn rules(body: &Body) -> Vec<&'static str> {
        validate::problems(&KIND, body, ON).iter().map(|problem| problem.rule).collect()
    }

    #[test]
    fn other_says_nothing_without_a_description() {
        assert_eq!(rules(&of_type("bicycle")), [""; 0]);
        assert_eq!(rules(&Body::default()), ["object-description"]);
        let mut body = of_type("other");
        assert_eq!(rules(&body), ["object-description"]);
        body.set(DESCRIPTION, "Garden gnome".to_owned());
        assert_eq!(rules(&body), [""; 0]);
    }

    #[test]
    fn a_wrong_imei_is_kept_with_a_warning_and_found() {
        let mut body = of_type("phone");
        body.set(IMEI, Identifier("490154203237519".into()));
        let problems = validate::problems(&KIND, &body, ON);
        assert_eq!(problems.iter().map(|problem| problem.stops).collect::<Vec<_>>(), [false]);
        let exact = index::document(&KIND, &body, ON).exact;
        assert!(exact.contains(&("imei".to_owned(), "490154203237519".to_owned())));
    }

    #[test]
    fn it_is_told_by_its_looks() {
        let mut body = of_type("bicycle");
        body.set(COLOUR, Code("green".into())).set(DESCRIPTION, "Folding, with a basket".to_owned());
        assert_eq!((KIND.summary)(&body), "Bicycle, Green, Folding, with a basket");
        body.set(MAKE, "Brompton".to_owned());
        assert_eq!((KIND.summary)(&body), "Bicycle, Green, Brompton");
    }
}
