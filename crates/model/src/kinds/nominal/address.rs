//! An address of a person, in time.

use crate::field::{Code, Rule};
use crate::kind::day;
use crate::value::{PartialDate, Place};
use crate::{About, SearchAs, When, group};

group! {
    "address", title: "Address",
    fields {
        1 TYPE: Code { label: "Type of address", about: About::Own, class: Fact, list: "address-type", search: SearchAs::Exact }
        2 PLACE: Place {
            label: "Address", about: About::Own, class: Fact, search: SearchAs::Place,
            require: &[Rule {
                name: "address", when: When::Not(&When::OneOf(TYPE.number(), &["no-fixed"])),
                from: day(2018, 5, 25), until: None, law: "DPA 2018 s.38(1): accurate data", stops: true,
                mend: "Write the address or the postcode, or choose “no fixed address”."
            }]
        }
        3 FROM: PartialDate { label: "From", about: About::Own, class: Fact }
        4 UNTIL: PartialDate { label: "Until", about: About::Own, class: Fact }
        5 SOURCE: Code { label: "Source", about: About::Event, class: Fact, list: "information-source" }
        6 SOURCE_DETAIL: String { label: "Source in words", about: About::Mixed, class: Fact, disclose: false }
    }
}
