//! A link between two records: typed, dated, with its source. The role that a person has in an
//! event stands here and nowhere else (DPA 2018 s.38(3)).

use super::provenance;
use crate::derived::show;
use crate::field::{Code, Rule};
use crate::kind::{Basis, DefaultAccess, Retention, day};
use crate::value::PartialDate;
use crate::{About, Body, SearchAs, When, kind};
use uuid::Uuid;

kind! {
    Link = 6, "link", shape 1,
    title: "Link", plural: "Links", prefix: "K",
    basis: Basis {
        power: "Common law duties of a constable; Police Act 1996 s.39A (code of practice on police information)",
        purpose: "prevention, investigation, detection and prosecution of crime (DPA 2018 s.31)",
        schedule_8: None,
    },
    retention: Retention {
        rule: "Link: as the records that it joins, reviewed with them", review_after_months: 72,
        source: "Code of Practice on Police Information and Records Management 2023; force policy decides",
        sure: "force policy",
    },
    access: DefaultAccess {
        view: &["officer", "supervisor", "analyst", "intelligence-officer", "custody-officer", "case-builder", "records-reviewer", "data-protection-officer"],
        create: &["officer", "supervisor", "analyst", "intelligence-officer", "custody-officer", "case-builder", "records-reviewer"],
        change: &["officer", "supervisor", "analyst", "intelligence-officer", "records-reviewer"],
    },
    summary: summary,
    fields {
        1 FROM: Uuid {
            label: "From", about: About::Mixed, class: Fact, search: SearchAs::Exact,
            require: &[Rule {
                name: "link-from", when: When::Always, from: day(2018, 5, 25), until: None,
                law: "DPA 2018 s.38(1): accurate data", stops: true, mend: "Name the record from which the link goes."
            }]
        }
        2 TO: Uuid {
            label: "To", about: About::Mixed, class: Fact, search: SearchAs::Exact,
            require: &[Rule {
                name: "link-to", when: When::Always, from: day(2018, 5, 25), until: None,
                law: "DPA 2018 s.38(1): accurate data", stops: true, mend: "Name the record to which the link goes."
            }]
        }
        3 TYPE: Code {
            label: "Type of link", about: About::Mixed, class: Allegation, list: "link-type", search: SearchAs::Exact,
            require: &[Rule {
                name: "link-type", when: When::Always, from: day(2018, 5, 25), until: None,
                law: "DPA 2018 s.38(3): categories of data subject distinguished", stops: true,
                mend: "Choose what joins the two records."
            }]
        }
        4 SINCE: PartialDate { label: "From (date)", about: About::Mixed, class: Fact, search: SearchAs::Date }
        5 UNTIL: PartialDate { label: "Until (date)", about: About::Mixed, class: Fact, search: SearchAs::Date }
        6 SOURCE: Code {
            label: "Source", about: About::Event, class: Fact, list: "information-source", search: SearchAs::Exact,
            require: &[Rule {
                name: "link-source", when: When::Always, from: day(2018, 5, 25), until: None,
                law: "DPA 2018 s.38(2), (5): reliability of what is asserted", stops: true,
                mend: "Say where the information comes from."
            }]
        }
        7 SOURCE_DETAIL: String { label: "Source in words", about: About::Mixed, class: Fact, disclose: false }
        8 NOTE: String { label: "Note", about: About::Mixed, class: Opinion, search: SearchAs::Words, disclose: false }
        9 PROVENANCE: Vec<Body> {
            label: "Where this came from", about: About::Event, class: Fact, group: &provenance::GROUP
        }
    }
}

/// The type of the link and its dates; the two ends are records of their own and stand beside it.
fn summary(body: &Body) -> String {
    let kind = body.get(TYPE).map(|code| show::code_label("link-type", &code.0));
    let since = body.get(SINCE).map(|date| format!("from {}", show::date(date)));
    let until = body.get(UNTIL).map(|date| format!("until {}", show::date(date)));
    show::joined([kind, since, until], "Link of which nothing is held")
}
