//! A person as the force knows them. What somebody is said to have done or suffered belongs to an
//! event and stands on a link; nothing here says suspect, victim or witness (DPA 2018 s.38(3)).

pub mod address;
pub mod date_of_birth;
pub mod name;
pub mod phone;
pub mod warning;

use super::provenance;
use crate::derived::show;
use crate::field::{Code, Identifier, Rule};
use crate::identifiers::IdentifierKind;
use crate::kind::{Asks, Basis, DefaultAccess, Retention, Upcast, day};
use crate::{About, Body, SearchAs, When, kind};

kind! {
    Nominal = 1, "nominal", shape 2,
    title: "Person", plural: "People", prefix: "N",
    basis: Basis {
        power: "Common law duties of a constable; Police Act 1996 s.39A (code of practice on police information)",
        purpose: "prevention, investigation, detection and prosecution of crime, and safeguarding against threats to public security (DPA 2018 s.31)",
        schedule_8: Some("Sch.8 paras 1 and 4: statutory purposes; safeguarding of children and of individuals at risk"),
    },
    retention: Retention {
        rule: "Police information: minimum period, then scheduled review", review_after_months: 72,
        source: "Code of Practice on Police Information and Records Management 2023; APP: review group decides",
        sure: "recalled",
    },
    access: DefaultAccess {
        view: &["officer", "supervisor", "analyst", "intelligence-officer", "custody-officer", "case-builder", "records-reviewer", "data-protection-officer"],
        create: &["officer", "supervisor", "analyst", "intelligence-officer", "custody-officer", "case-builder", "records-reviewer"],
        change: &["officer", "supervisor", "intelligence-officer", "custody-officer", "records-reviewer"],
    },
    asks: &[
        Asks { title: "", fields: &[NAMES.number(), DATES_OF_BIRTH.number(), GENDER.number()] },
        Asks { title: "", fields: &[ADDRESSES.number(), PHONES.number(), DESCRIPTION.number()] },
        Asks { title: "", fields: &[WARNINGS.number()] },
    ],
    upcasts: &[Upcast { from: 1, apply: std::convert::identity }],
    summary: summary,
    fields {
        1 NAMES: Vec<Body> {
            label: "Names", about: About::Own, class: Fact, group: &name::GROUP,
            hint: "Every name that the person has used, the present one first.",
            require: &[Rule {
                name: "name-or-description", when: When::Not(&When::Answered(DESCRIPTION.number())),
                from: day(2018, 5, 25), until: None, law: "DPA 2018 s.38(1): accurate data; s.37: adequate", stops: true,
                mend: "Give a name, or describe a person whose name is not known."
            }]
        }
        2 DATES_OF_BIRTH: Vec<Body> {
            label: "Dates of birth", about: About::Own, class: Fact, group: &date_of_birth::GROUP,
            hint: "Several where sources differ; only a year where no more is known."
        }
        3 GENDER: Code { label: "Gender", about: About::Own, class: Fact, list: "gender", search: SearchAs::Exact }
        4 SELF_DEFINED_ETHNICITY: Code {
            label: "Ethnicity as the person described it", about: About::Own, class: Fact, sensitive: true,
            list: "self-defined-ethnicity", search: SearchAs::Exact
        }
        5 ADDRESSES: Vec<Body> { label: "Addresses", about: About::Own, class: Fact, group: &address::GROUP }
        6 PHONES: Vec<Body> { label: "Telephone numbers", about: About::Own, class: Fact, group: &phone::GROUP }
        7 WARNINGS: Vec<Body> {
            label: "Warnings", about: About::Own, class: Assessment, sensitive: true, disclose: false,
            group: &warning::GROUP,
            hint: "What an officer must know before meeting the person. Each has a source and is reviewed."
        }
        8 PNC_ID: Identifier {
            label: "PNCID", about: About::Own, class: Fact, identifies: IdentifierKind::PncId, search: SearchAs::Exact
        }
        9 CRO: Identifier {
            label: "CRO number", about: About::Own, class: Fact, identifies: IdentifierKind::Cro, search: SearchAs::Exact
        }
        10 DESCRIPTION: String { label: "Description", about: About::Own, class: Opinion, search: SearchAs::Words }
        11 PROVENANCE: Vec<Body> {
            label: "Where this came from", about: About::Event, class: Fact, group: &provenance::GROUP
        }
        /// Since shape 2.
        12 NINO: Identifier {
            label: "National Insurance number", about: About::Own, class: Fact,
            identifies: IdentifierKind::Nino, search: SearchAs::Exact
        }
        /// Since shape 2.
        13 NHS_NUMBER: Identifier {
            label: "NHS number", about: About::Own, class: Fact, sensitive: true,
            identifies: IdentifierKind::NhsNumber, search: SearchAs::Exact,
            hint: "It opens health records: hold it only where strictly necessary, for instance for a missing person."
        }
        /// Since shape 2.
        14 DRIVER_NUMBER: Identifier {
            label: "Driver number", about: About::Own, class: Fact,
            identifies: IdentifierKind::DriverNumber, search: SearchAs::Exact
        }
    }
}

/// `SMITH, Anna, b. 4 March 1987`, from the first name and date of birth held.
fn summary(body: &Body) -> String {
    let names = body.get(NAMES).unwrap_or_default();
    let births = body.get(DATES_OF_BIRTH).unwrap_or_default();
    let surname = names.first().and_then(|row| row.get(name::SURNAME)).map(|name| name.to_uppercase());
    let forenames = names.first().and_then(|row| row.get(name::FORENAMES));
    let born = births.first().and_then(|row| row.get(date_of_birth::DATE));
    let parts = [surname, forenames, born.map(|date| format!("b. {}", show::date(date)))];
    show::joined(parts, "Person whose name is not held")
}
