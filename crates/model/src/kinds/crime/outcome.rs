//! One outcome of a crime, in time.

use crate::field::{Code, Rule};
use crate::kind::day;
use crate::value::PartialDate;
use crate::{About, SearchAs, When, group};

group! {
    "outcome", title: "Outcome",
    fields {
        1 OUTCOME: Code {
            label: "Outcome", about: About::Mixed, class: Fact, list: "crime-outcome", search: SearchAs::Exact,
            require: &[Rule {
                name: "crime-outcome", when: When::Always, from: day(2013, 4, 1), until: None,
                law: "Home Office Crime Recording Rules, section H", stops: true,
                mend: "Choose the outcome, or take the row out."
            }]
        }
        2 DATE: PartialDate {
            label: "Date or month", about: About::Event, class: Fact, search: SearchAs::Date,
            require: &[Rule {
                name: "crime-outcome-date", when: When::Always, from: day(2013, 4, 1), until: None,
                law: "Home Office Crime Recording Rules, section H", stops: true,
                mend: "Give the day or the month of the outcome."
            }]
        }
        3 SOURCE: Code { label: "Source", about: About::Event, class: Fact, list: "information-source" }
        4 SOURCE_DETAIL: String { label: "Source in words", about: About::Event, class: Fact }
        /// As in the provenance of the row that said it. Since shape 2 of the crime.
        5 FILE: String { label: "File", about: About::Event, class: Fact }
        /// As in the provenance of the row that said it. Since shape 2 of the crime.
        6 LINE: i64 { label: "Line", about: About::Event, class: Fact }
    }
}
