//! A name that a person has used, in time.

use crate::field::{Code, Rule};
use crate::kind::day;
use crate::value::PartialDate;
use crate::{About, SearchAs, When, group};

group! {
    "name", title: "Name",
    fields {
        1 TYPE: Code { label: "Type of name", about: About::Own, class: Fact, list: "name-type", search: SearchAs::Exact }
        2 FORENAMES: String {
            label: "Forenames", about: About::Own, class: Fact, search: SearchAs::Name,
            hint: "As the person writes them, in any script. Leave empty where there is only one name."
        }
        3 SURNAME: String {
            label: "Surname or only name", about: About::Own, class: Fact, search: SearchAs::Name,
            require: &[Rule {
                name: "surname-or-forenames", when: When::Not(&When::Answered(FORENAMES.number())),
                from: day(2018, 5, 25), until: None, law: "DPA 2018 s.37: adequate; s.38(1): accurate", stops: true,
                mend: "Give a surname, an only name, or forenames."
            }]
        }
        4 FROM: PartialDate { label: "Used from", about: About::Own, class: Fact }
        5 UNTIL: PartialDate { label: "Used until", about: About::Own, class: Fact }
        6 SOURCE: Code { label: "Source", about: About::Event, class: Fact, list: "information-source" }
        7 SOURCE_DETAIL: String { label: "Source in words", about: About::Mixed, class: Fact, disclose: false }
    }
}
