//! A name that an organisation has used, in time.

use crate::field::{Code, Rule};
use crate::kind::day;
use crate::value::PartialDate;
use crate::{About, SearchAs, When, group};

group! {
    "organisation-name", title: "Name of an organisation",
    fields {
        1 TYPE: Code {
            label: "Type of name", about: About::Event, class: Fact, list: "organisation-name-type", search: SearchAs::Exact
        }
        2 NAME: String {
            label: "Name", about: About::Event, class: Fact, search: SearchAs::Words,
            require: &[Rule {
                name: "organisation-name-text", when: When::Always, from: day(2018, 5, 25), until: None,
                law: "DPA 2018 s.38(1): accurate data", stops: true, mend: "Give the name, or take the row out."
            }]
        }
        3 FROM: PartialDate { label: "Used from", about: About::Event, class: Fact }
        4 UNTIL: PartialDate { label: "Used until", about: About::Event, class: Fact }
    }
}
