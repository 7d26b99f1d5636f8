//! The *more thorough search* block: removal of more than outer clothing, on the street (Code A
//! 3.6, 3.7) or in custody (Code C Annex A). One schema for both.

use crate::field::{Code, Instant, Rule};
use crate::kind::day;
use crate::value::Place;
use crate::{About, Body, SearchAs, When, group};

/// A person who was there, with what role.
pub mod person_present {
    use super::*;

    group! {
        "person-present", title: "Person present",
        fields {
            1 ROLE: Code { label: "Role", about: About::Mixed, class: Fact, list: "presence-role" }
            2 NAME: String { label: "Name or warrant number", about: About::Mixed, class: Fact, disclose: false }
            3 SEX: Code { label: "Sex", about: About::Mixed, class: Fact, list: "gender" }
        }
    }
}

const CHILD: When =
    When::Any(&[When::Under(SUBJECT_AGE.number(), 18), When::Is(CHILD_OR_VULNERABLE.number())]);
const EXPOSED_CHILD: When = When::All(&[When::Is(INTIMATE_PARTS_EXPOSED.number()), CHILD]);
const ADULT_ABSENT: When = When::All(&[EXPOSED_CHILD, When::IsNot(APPROPRIATE_ADULT_PRESENT.number())]);

group! {
    "more-thorough-search", title: "More thorough search",
    fields {
        1 SUBJECT_AGE: i64 { label: "Age at the time", about: About::Own, class: Fact, between: (0, 130) }
        2 CHILD_OR_VULNERABLE: bool {
            label: "Child or vulnerable person", about: About::Own, class: Assessment, sensitive: true
        }
        3 INTIMATE_PARTS_EXPOSED: bool {
            label: "Intimate parts exposed", about: About::Own, class: Fact, sensitive: true,
            require: &[Rule {
                name: "search-exposure", when: When::Always, from: day(2015, 3, 19), until: None,
                law: "PACE Code A 3.7; Code C Annex A para 11", stops: true,
                mend: "Say whether intimate parts were exposed."
            }]
        }
        4 LOCATION_KIND: Code {
            label: "Kind of place", about: About::Event, class: Fact, list: "location-kind",
            search: SearchAs::Exact, named_by: PLACE,
            require: &[Rule {
                name: "search-location", when: When::Always, from: day(2015, 3, 19), until: None,
                law: "PACE s.3(6)(a)(iii); Code A 3.6, 4.3", stops: true,
                mend: "Choose where the search took place. “Other” needs the place named."
            }]
        }
        5 PLACE: Place {
            label: "Place", about: About::Event, class: Fact, search: SearchAs::Place,
            require: &[Rule {
                name: "search-place", when: EXPOSED_CHILD, from: day(2015, 3, 19), until: None,
                law: "PACE s.3(6)(a)(iii); Code A 3.7", stops: true,
                mend: "Give the address or the room where the child was searched."
            }]
        }
        6 ROOM: String { label: "Room and privacy", about: About::Event, class: Fact }
        7 STARTED: Instant { label: "Started", about: About::Event, class: Fact }
        8 ENDED: Instant { label: "Ended", about: About::Event, class: Fact }
        9 REASON: String {
            label: "Why it was necessary", about: About::Own, class: Opinion, search: SearchAs::Words,
            require: &[Rule {
                name: "search-reason", when: When::Always, from: day(2015, 3, 19), until: None,
                law: "PACE Code C Annex A para 12; Code A 3.6", stops: true,
                mend: "Say why the search was thought necessary."
            }]
        }
        10 AUTHORISER: String {
            label: "Authorised by", about: About::Officer, class: Fact,
            require: &[Rule {
                name: "search-authoriser", when: EXPOSED_CHILD, from: day(2015, 3, 19), until: None,
                law: "PACE Code A 3.6, Code C Annex A; the inspector's authority proposed in 2024 is force policy",
                stops: true, mend: "Name the officer who authorised the search."
            }]
        }
        11 AUTHORISER_RANK: Code { label: "Rank", about: About::Officer, class: Fact, list: "search-authoriser-rank" }
        12 AUTHORISED_AT: Instant { label: "Authorised at", about: About::Event, class: Fact }
        13 APPROPRIATE_ADULT_PRESENT: bool {
            label: "Appropriate adult present", about: About::Own, class: Fact,
            reveal: CHILD,
            require: &[Rule {
                name: "search-appropriate-adult", when: EXPOSED_CHILD, from: day(2015, 3, 19), until: None,
                law: "PACE Code C Annex A para 11(c)", stops: true,
                mend: "Say whether the appropriate adult was present."
            }]
        }
        14 APPROPRIATE_ADULT: String {
            label: "Appropriate adult", about: About::Linked("appropriate-adult"), class: Fact, disclose: false,
            hint: "Name, relation to the child, and when they arrived."
        }
        15 ADULT_ABSENT_BECAUSE: String {
            label: "Why no appropriate adult", about: About::Own, class: Fact, reveal: ADULT_ABSENT,
            hint: "Urgency with risk of serious harm; or the child said, in the adult's presence, that they do not want the adult there, and the adult agreed and signed.",
            require: &[Rule {
                name: "search-adult-absent-reason", when: ADULT_ABSENT, from: day(2015, 3, 19), until: None,
                law: "PACE Code C Annex A para 11(c)", stops: true,
                mend: "Give the reason: urgency, or the child's wish with the adult's signature."
            }]
        }
        16 PRESENT: Vec<Body> {
            label: "Everyone present", about: About::Mixed, class: Fact, group: &person_present::GROUP,
            require: &[Rule {
                name: "search-present", when: When::Is(INTIMATE_PARTS_EXPOSED.number()), from: day(2015, 3, 19), until: None,
                law: "PACE Code C Annex A paras 11(c), 12", stops: true,
                mend: "List everyone who was present, with their role."
            }]
        }
        17 PARENT_TOLD: String { label: "Parent or guardian told", about: About::Linked("parent"), class: Fact, reveal: CHILD }
        18 SAFEGUARDING_REFERRAL: String {
            label: "Safeguarding referral", about: About::Own, class: Fact, sensitive: true, reveal: CHILD,
            require: &[Rule {
                name: "search-safeguarding", when: EXPOSED_CHILD, from: day(2015, 3, 19), until: None,
                law: "Children Act 2004 s.11; force policy", stops: true,
                mend: "Give the reference of the safeguarding referral."
            }]
        }
        19 FORCE_USED: bool { label: "Force used", about: About::Own, class: Fact }
        20 FOUND: String {
            label: "Found", about: About::Own, class: Fact, search: SearchAs::Words,
            require: &[Rule {
                name: "search-result", when: When::Always, from: day(2015, 3, 19), until: None,
                law: "PACE Code C Annex A para 12", stops: true,
                mend: "Say what was found, or that nothing was."
            }]
        }
        21 BODY_WORN_VIDEO: String { label: "Body-worn video reference", about: About::Event, class: Fact }
    }
}
