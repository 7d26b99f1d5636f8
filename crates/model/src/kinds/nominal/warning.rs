//! A warning about a person: a judgement that somebody made on a day, with a day to look again.

use crate::field::{Code, Rule};
use crate::kind::day;
use crate::value::PartialDate;
use crate::{About, SearchAs, When, group};

group! {
    "warning", title: "Warning",
    fields {
        1 MARKER: Code {
            label: "Warning", about: About::Own, class: Assessment, sensitive: true, disclose: false,
            list: "warning-marker", search: SearchAs::Exact,
            require: &[Rule {
                name: "warning-marker", when: When::Always, from: day(2018, 5, 25), until: None,
                law: "DPA 2018 s.38(1): accurate data", stops: true, mend: "Choose the warning, or take the row out."
            }]
        }
        2 SOURCE: Code {
            label: "Source", about: About::Event, class: Fact, list: "information-source",
            require: &[Rule {
                name: "warning-source", when: When::Always, from: day(2018, 5, 25), until: None,
                law: "DPA 2018 s.38(2): fact and assessment distinguished; s.38(5): reliability", stops: true,
                mend: "Say where the warning comes from."
            }]
        }
        3 GIVEN: PartialDate {
            label: "Date of the information", about: About::Event, class: Fact,
            require: &[Rule {
                name: "warning-date", when: When::Always, from: day(2018, 5, 25), until: None,
                law: "DPA 2018 s.38(1), (5): up to date", stops: true,
                mend: "Give the day of the information, or at least its year."
            }]
        }
        4 REVIEW: PartialDate {
            label: "To be reviewed", about: About::Event, class: Fact, search: SearchAs::Date,
            require: &[Rule {
                name: "warning-review", when: When::Always, from: day(2018, 5, 25), until: None,
                law: "DPA 2018 s.39(2): time limits for periodic review", stops: true,
                mend: "Give the day on which the need for the warning is looked at again."
            }]
        }
        5 DETAIL: String {
            label: "Detail", about: About::Mixed, class: Assessment, sensitive: true, disclose: false,
            search: SearchAs::Words
        }
    }
}
