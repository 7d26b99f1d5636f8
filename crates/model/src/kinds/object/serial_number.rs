//! A number by which one object is told from others of its make.

use crate::field::{Code, Rule};
use crate::kind::day;
use crate::{About, SearchAs, When, group};

group! {
    "serial-number", title: "Number of an object",
    fields {
        1 TYPE: Code { label: "Type of number", about: About::Event, class: Fact, list: "serial-number-type", search: SearchAs::Exact }
        2 NUMBER: String {
            label: "Number", about: About::Own, class: Fact, search: SearchAs::Exact,
            hint: "As it stands on the object.",
            require: &[Rule {
                name: "serial-number", when: When::Always, from: day(2018, 5, 25), until: None,
                law: "DPA 2018 s.38(1): accurate data", stops: true, mend: "Give the number, or take the row out."
            }]
        }
    }
}
