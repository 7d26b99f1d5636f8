//! A crime as recorded, with the history of its outcomes. Who is suspected of it, or suffered it,
//! stands on links.

pub mod court_case;
pub mod gathered;
pub mod outcome;
pub mod statement;

use super::provenance;
use crate::derived::show;
use crate::field::{Code, Instant, Rule};
use crate::kind::{Basis, DefaultAccess, Retention, Upcast, day};
use crate::value::{PartialDate, Place};
use crate::{About, Body, SearchAs, When, kind};

const RECORDED_HERE: When = When::Answered(REFERENCE.number());

kind! {
    Crime = 4, "crime", shape 2,
    title: "Crime", plural: "Crimes", prefix: "C",
    basis: Basis {
        power: "Common law duties of a constable; Police Act 1996 s.44 (criminal statistics); Home Office Crime Recording Rules",
        purpose: "investigation, detection and prosecution of crime (DPA 2018 s.31)",
        schedule_8: Some("Sch.8 para 1: statutory purposes"),
    },
    retention: Retention {
        rule: "Crime record: minimum period, then scheduled review", review_after_months: 72,
        source: "Code of Practice on Police Information and Records Management 2023; CPIA 1996 Code for material of a case",
        sure: "recalled",
    },
    access: DefaultAccess {
        view: &["officer", "supervisor", "analyst", "intelligence-officer", "custody-officer", "case-builder", "records-reviewer", "data-protection-officer"],
        create: &["officer", "supervisor", "case-builder", "records-reviewer"],
        change: &["officer", "supervisor", "case-builder", "records-reviewer"],
    },
    happened: FIRST_COMMITTED or MONTH,
    unit: FALLS_WITHIN,
    upcasts: &[Upcast { from: 1, apply: std::convert::identity }],
    summary: summary,
    fields {
        1 REFERENCE: String {
            label: "Crime reference", about: About::Event, class: Fact, search: SearchAs::Exact,
            hint: "The force's own reference in the system that the crime came from."
        }
        2 PUBLISHED_ID: String {
            label: "Published crime ID", about: About::Event, class: Fact, search: SearchAs::Exact,
            hint: "The 64 hexadecimal digits under which data.police.uk publishes it; anti-social behaviour has none."
        }
        3 MONTH: PartialDate {
            label: "Month", about: About::Event, class: Fact, search: SearchAs::Date,
            require: &[Rule {
                name: "crime-month", when: When::Not(&When::Answered(FIRST_COMMITTED.number())),
                from: day(1998, 4, 1), until: None, law: "Home Office Crime Recording Rules, section A", stops: true,
                mend: "Say when it happened: the first time at which it can have been committed, or the month."
            }]
        }
        4 CRIME_TYPE: Code {
            label: "Crime type", about: About::Event, class: Allegation, list: "crime-type", search: SearchAs::Exact,
            require: &[Rule {
                name: "crime-type", when: When::Not(&When::Answered(CLASSIFICATION.number())),
                from: day(1998, 4, 1), until: None, law: "Home Office Crime Recording Rules, section B", stops: true,
                mend: "Choose the crime type, or give the classification."
            }]
        }
        5 CLASSIFICATION: String {
            label: "Home Office classification", about: About::Event, class: Allegation, search: SearchAs::Words,
            hint: "Class and sub-class, for instance 28A."
        }
        6 FIRST_COMMITTED: Instant {
            label: "Committed from", about: About::Event, class: Allegation, search: SearchAs::Date,
            hint: "The earliest time at which it can have been committed."
        }
        7 LAST_COMMITTED: Instant { label: "Committed until", about: About::Event, class: Allegation, search: SearchAs::Date }
        8 REPORTED_AT: Instant {
            label: "Reported", about: About::Event, class: Fact, search: SearchAs::Date,
            hint: "A crime is to be recorded within 24 hours of the report.",
            require: &[Rule {
                name: "reported-at", when: RECORDED_HERE, from: day(2015, 4, 1), until: None,
                law: "National Crime Recording Standard: recorded within 24 hours of the report", stops: false,
                mend: "Give the time of the report."
            }]
        }
        9 PLACE: Place {
            label: "Place", about: About::Event, class: Allegation, search: SearchAs::Place,
            hint: "Published places are moved to a near point on purpose.",
            require: &[Rule {
                name: "crime-place", when: When::Always, from: day(1998, 4, 1), until: None,
                law: "Home Office Crime Recording Rules, section G", stops: false, mend: "Give the place of the crime."
            }]
        }
        10 LSOA: String {
            label: "Lower layer super output area", about: About::Event, class: Fact, search: SearchAs::Exact
        }
        11 LSOA_NAME: String { label: "Name of that area", about: About::Event, class: Fact, search: SearchAs::Words }
        12 SUMMARY: String {
            label: "What was reported", about: About::Mixed, class: Allegation, search: SearchAs::Words, disclose: false
        }
        13 OUTCOMES: Vec<Body> {
            label: "Outcomes", about: About::Mixed, class: Fact, group: &outcome::GROUP,
            hint: "Every outcome in its order; none replaces the one before."
        }
        14 REPORTED_BY: String {
            label: "Force that reports it", about: About::Event, class: Fact, search: SearchAs::Words
        }
        15 FALLS_WITHIN: String { label: "Force area", about: About::Event, class: Fact, search: SearchAs::Words }
        16 PROVENANCE: Vec<Body> {
            label: "Where this came from", about: About::Event, class: Fact, group: &provenance::GROUP
        }
        /// Since shape 2.
        17 LAST_OUTCOME: Code {
            label: "Last outcome as published", about: About::Mixed, class: Fact, list: "crime-outcome", search: SearchAs::Exact,
            hint: "What the publication called the last outcome, without a date; the outcomes themselves stand apart."
        }
        /// Since shape 2.
        18 CONTEXT: String {
            label: "Context as published", about: About::Mixed, class: Fact, search: SearchAs::Words
        }
        /// Since shape 2.
        19 STATEMENTS: Vec<Body> {
            label: "What each row said", about: About::Mixed, class: Allegation, group: &statement::GROUP,
            hint: "Rows of a source that say otherwise than the fields above. Rows that agree with them are not repeated here."
        }
        /// Since shape 2.
        20 COURT_CASES: Vec<Body> {
            label: "Cases in court", about: About::Event, class: Fact, group: &court_case::GROUP
        }
    }
}

/// Crime type, month and place.
fn summary(body: &Body) -> String {
    let kind = body.get(CRIME_TYPE).map(|code| show::code_label("crime-type", &code.0));
    let committed = body.get(FIRST_COMMITTED).map(|at| show::instant(at.0));
    let when = committed.or_else(|| body.get(MONTH).map(show::date));
    let place = body.get(PLACE).map(|place| show::place(&place));
    show::joined([kind.or_else(|| body.get(CLASSIFICATION)), when, place], "Crime of which nothing is held")
}
