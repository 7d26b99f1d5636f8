//! Stop and search (PACE 1984 ss.1–3, Code A).

use super::{more_thorough_search, provenance};
use crate::derived::show;
use crate::field::{Code, Identifier, Instant, Rule};
use crate::identifiers::IdentifierKind;
use crate::kind::{Asks, Basis, DefaultAccess, Retention, day};
use crate::value::Place;
use crate::{About, Body, SearchAs, When, kind};

/// The person searched was a child, by exact age or by age range.
pub const CHILD: When =
    When::Any(&[When::Under(AGE.number(), 18), When::OneOf(AGE_RANGE.number(), &["under-10", "10-17"])]);
const PERSON: When = When::OneOf(SEARCH_TYPE.number(), &["person", "person-and-vehicle"]);
const MORE_THAN_OUTER_OF_CHILD: When = When::All(&[When::Is(MORE_THAN_OUTER.number()), CHILD]);

kind! {
    StopAndSearch = 5, "stop-and-search", shape 1,
    title: "Stop and search", plural: "Stops and searches", prefix: "SS",
    basis: Basis {
        power: "PACE 1984 ss.1–3 and the power named in the record; record: PACE s.3, Code A 4",
        purpose: "prevention, investigation and detection of crime (DPA 2018 s.31)",
        schedule_8: Some("Sch.8 para 1: statutory purposes"),
    },
    retention: Retention {
        rule: "Stop and search record", review_after_months: 84,
        source: "Limitation Act 1980 with a margin, as the MPS schedule guide explains; force policy decides",
        sure: "force policy",
    },
    access: DefaultAccess {
        view: &["officer", "supervisor", "analyst", "intelligence-officer", "records-reviewer", "data-protection-officer"],
        create: &["officer", "supervisor", "records-reviewer"],
        change: &["officer", "supervisor", "records-reviewer"],
    },
    happened: AT,
    asks: &[
        Asks { title: "The search", fields: &[AT.number(), PLACE.number(), SEARCH_TYPE.number(), VRM.number()] },
        Asks { title: "Why", fields: &[POWER.number(), OBJECT.number(), GROUNDS.number()] },
        Asks {
            title: "The person",
            fields: &[
                SELF_DEFINED_ETHNICITY.number(), OFFICER_DEFINED_ETHNICITY.number(), GENDER.number(), AGE.number(),
                AGE_RANGE.number(), NAME.number(), DESCRIPTION.number(),
            ]
        },
        Asks { title: "What was removed", fields: &[MORE_THAN_OUTER.number(), MORE_THOROUGH_SEARCH.number()] },
        Asks {
            title: "What came of it",
            fields: &[OUTCOME.number(), OUTCOME_LINKED.number(), COPY_GIVEN.number(), OFFICER.number()]
        },
    ],
    summary: summary,
    fields {
        1 AT: Instant {
            label: "Date and time", about: About::Event, class: Fact, search: SearchAs::Date,
            require: &[Rule {
                name: "date", when: When::Always, from: day(1986, 1, 1), until: None,
                law: "PACE 1984 s.3(6)(a)(iii)", stops: true, mend: "Give the date and time of the search."
            }]
        }
        2 SEARCH_TYPE: Code {
            label: "What was searched", about: About::Event, class: Fact, list: "search-type", search: SearchAs::Exact,
            require: &[Rule {
                name: "search-type", when: When::Always, from: day(1986, 1, 1), until: None,
                law: "PACE 1984 s.1(2)", stops: true, mend: "Choose person, vehicle, or both."
            }]
        }
        3 PLACE: Place {
            label: "Place", about: About::Event, class: Fact, search: SearchAs::Place,
            hint: "Where the search took place. A published blank does not prove that none was recorded.",
            require: &[
                Rule {
                    name: "place", when: When::Always, from: day(1986, 1, 1), until: None,
                    law: "PACE 1984 s.3(6)(a)(iii)", stops: true, mend: "Give the place of the search."
                },
                Rule {
                    name: "place-of-more-thorough-search", when: When::Is(MORE_THAN_OUTER.number()),
                    from: day(2015, 3, 19), until: None, law: "PACE s.3(6)(a)(iii); Code A 3.6, 4.3", stops: true,
                    mend: "Give the place where more than outer clothing was removed."
                },
                Rule {
                    name: "place-of-more-thorough-search-of-child", when: MORE_THAN_OUTER_OF_CHILD,
                    from: day(2015, 3, 19), until: None, law: "PACE s.3(6)(a)(iii); Code A 3.6, 3.7, 4.3", stops: true,
                    mend: "Give the place where the child was searched."
                },
            ]
        }
        4 POWER: Code {
            label: "Power", about: About::Event, class: Fact, list: "stop-search-power", search: SearchAs::Exact,
            require: &[Rule {
                name: "power", when: When::Always, from: day(2015, 3, 19), until: None,
                law: "Code A 4.3", stops: true, mend: "Choose the power that was used."
            }]
        }
        5 OBJECT: Code {
            label: "Object of search", about: About::Own, class: Allegation, list: "object-of-search", search: SearchAs::Exact,
            require: &[Rule {
                name: "object", when: When::Always, from: day(1986, 1, 1), until: None,
                law: "PACE 1984 s.3(6)(a)(i)", stops: true, mend: "Choose what was searched for."
            }]
        }
        6 GROUNDS: String {
            label: "Grounds", about: About::Own, class: Opinion, search: SearchAs::Words,
            hint: "What was seen, heard or known that gave reasonable grounds.",
            require: &[Rule {
                name: "grounds", when: When::Always, from: day(1986, 1, 1), until: None,
                law: "PACE 1984 s.3(6)(a)(ii)", stops: true, mend: "Write the grounds for the search."
            }]
        }
        7 OUTCOME: Code {
            label: "Outcome", about: About::Own, class: Fact, list: "stop-outcome", search: SearchAs::Exact,
            require: &[Rule {
                name: "outcome", when: When::Always, from: day(2015, 3, 19), until: None,
                law: "Best Use of Stop and Search Scheme; Code A 4.3", stops: false, mend: "Choose the outcome."
            }]
        }
        8 OUTCOME_LINKED: bool {
            label: "Outcome linked to the object of the search", about: About::Own, class: Fact
        }
        9 SELF_DEFINED_ETHNICITY: Code {
            label: "Ethnicity as the person described it", about: About::Own, class: Fact, sensitive: true,
            list: "self-defined-ethnicity", search: SearchAs::Exact,
            require: &[Rule {
                name: "self-defined-ethnicity", when: PERSON, from: day(1986, 1, 1), until: None,
                law: "PACE 1984 s.3(6)(a)(iv), (6A)", stops: true,
                mend: "Ask the person; “not stated” is an answer."
            }]
        }
        10 OFFICER_DEFINED_ETHNICITY: Code {
            label: "Ethnicity as the officer saw it", about: About::Own, class: Opinion, sensitive: true,
            list: "officer-defined-ethnicity", search: SearchAs::Exact
        }
        11 GENDER: Code { label: "Gender", about: About::Own, class: Fact, list: "gender", search: SearchAs::Exact }
        12 AGE: i64 { label: "Age", about: About::Own, class: Fact, search: SearchAs::Number, between: (0, 130) }
        13 AGE_RANGE: Code { label: "Age range", about: About::Own, class: Fact, list: "age-range", search: SearchAs::Exact }
        14 NAME: String {
            label: "Name, where given", about: About::Own, class: Fact, search: SearchAs::Name,
            hint: "There is no power to require a name for a search alone."
        }
        15 DESCRIPTION: String { label: "Description", about: About::Own, class: Opinion, search: SearchAs::Words }
        16 VRM: Identifier {
            label: "Vehicle registration mark", about: About::Own, class: Fact,
            identifies: IdentifierKind::Vrm, search: SearchAs::Exact,
            reveal: When::OneOf(SEARCH_TYPE.number(), &["vehicle", "person-and-vehicle"])
        }
        17 OFFICER: String {
            label: "Officer", about: About::Officer, class: Fact, search: SearchAs::Exact, disclose: false,
            hint: "Warrant number and station where a name would endanger.",
            require: &[Rule {
                name: "officer", when: When::Always, from: day(1986, 1, 1), until: None,
                law: "PACE 1984 s.3(6)(b)", stops: true, mend: "Name the officer, or give warrant number and station."
            }]
        }
        18 POLICING_OPERATION: bool { label: "Part of a policing operation", about: About::Event, class: Fact }
        19 OPERATION: String { label: "Operation", about: About::Event, class: Fact, search: SearchAs::Words, disclose: false }
        20 MORE_THAN_OUTER: bool {
            label: "More than outer clothing removed", about: About::Own, class: Fact, sensitive: true, search: SearchAs::Exact,
            require: &[Rule {
                name: "more-than-outer", when: PERSON, from: day(2015, 3, 19), until: None,
                law: "Code A 3.6, 4.3; Home Office annual data requirement", stops: true,
                mend: "Say whether more than outer coat, jacket or gloves was removed."
            }]
        }
        21 MORE_THOROUGH_SEARCH: Vec<Body> {
            label: "More thorough search", about: About::Own, class: Fact, sensitive: true,
            group: &more_thorough_search::GROUP, reveal: When::Is(MORE_THAN_OUTER.number()),
            require: &[Rule {
                name: "more-thorough-search", when: When::Is(MORE_THAN_OUTER.number()), from: day(2015, 3, 19), until: None,
                law: "Code A 3.6, 3.7; Code C Annex A para 12", stops: true,
                mend: "Complete the part on the more thorough search."
            }]
        }
        22 COPY_GIVEN: bool { label: "Copy or receipt given", about: About::Own, class: Fact }
        23 PROVENANCE: Vec<Body> {
            label: "Where this came from", about: About::Event, class: Fact, group: &provenance::GROUP
        }
    }
}

/// Date, object, outcome and place.
fn summary(body: &Body) -> String {
    let at = body.get(AT).map(|at| show::instant(at.0));
    let object = body.get(OBJECT).map(|code| show::code_label("object-of-search", &code.0));
    let outcome = body.get(OUTCOME).map(|code| show::code_label("stop-outcome", &code.0));
    let place = body.get(PLACE).map(|place| show::place(&place));
    show::joined([at, object, outcome, place], "Stop and search of which nothing is held")
}
