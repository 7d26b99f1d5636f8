//! A telephone number of a person, in time.

use crate::field::{Code, Identifier, Rule};
use crate::identifiers::IdentifierKind;
use crate::kind::day;
use crate::value::PartialDate;
use crate::{About, SearchAs, When, group};

group! {
    "phone", title: "Telephone number",
    fields {
        1 TYPE: Code { label: "Type of telephone", about: About::Own, class: Fact, list: "phone-type" }
        2 NUMBER: Identifier {
            label: "Number", about: About::Own, class: Fact, identifies: IdentifierKind::Phone, search: SearchAs::Exact,
            require: &[Rule {
                name: "phone-number", when: When::Always, from: day(2018, 5, 25), until: None,
                law: "DPA 2018 s.38(1): accurate data", stops: true, mend: "Give the number, or take the row out."
            }]
        }
        3 FROM: PartialDate { label: "From", about: About::Own, class: Fact }
        4 UNTIL: PartialDate { label: "Until", about: About::Own, class: Fact }
        5 SOURCE: Code { label: "Source", about: About::Event, class: Fact, list: "information-source" }
        6 SOURCE_DETAIL: String { label: "Source in words", about: About::Mixed, class: Fact, disclose: false }
    }
}
