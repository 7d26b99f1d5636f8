//! A date of birth, of which parts may be unknown. People give more than one.

use crate::field::{Code, Rule};
use crate::kind::day;
use crate::value::PartialDate;
use crate::{About, SearchAs, When, group};

group! {
    "date-of-birth", title: "Date of birth",
    fields {
        1 DATE: PartialDate {
            label: "Date of birth", about: About::Own, class: Fact, search: SearchAs::Date,
            hint: "Day, month and year as far as known: 1987-03-04, 1987-03 or 1987.",
            require: &[Rule {
                name: "date-of-birth", when: When::Always, from: day(2018, 5, 25), until: None,
                law: "DPA 2018 s.38(1): accurate data", stops: true, mend: "Give the date or at least the year, or take the row out."
            }]
        }
        2 KNOWN_BY: Code { label: "How it is known", about: About::Event, class: Fact, list: "date-of-birth-source" }
        3 SOURCE_DETAIL: String { label: "Source in words", about: About::Mixed, class: Fact, disclose: false }
    }
}
