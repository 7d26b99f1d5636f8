//! Premises of an organisation, in time.

use crate::field::{Code, Rule};
use crate::kind::day;
use crate::value::{PartialDate, Place};
use crate::{About, SearchAs, When, group};

group! {
    "premises", title: "Premises",
    fields {
        1 TYPE: Code { label: "Type of premises", about: About::Event, class: Fact, list: "premises-type", search: SearchAs::Exact }
        2 PLACE: Place {
            label: "Address", about: About::Event, class: Fact, search: SearchAs::Place,
            require: &[Rule {
                name: "premises-address", when: When::Always, from: day(2018, 5, 25), until: None,
                law: "DPA 2018 s.38(1): accurate data", stops: true, mend: "Give the address, or take the row out."
            }]
        }
        3 FROM: PartialDate { label: "From", about: About::Event, class: Fact }
        4 UNTIL: PartialDate { label: "Until", about: About::Event, class: Fact }
    }
}
