//! What one row of a source said of a crime, where that is not what the crime's own fields say.

use crate::field::Code;
use crate::value::{PartialDate, Place};
use crate::{About, SearchAs, group};

group! {
    "statement", title: "What each row said",
    fields {
        /// As in the provenance of the row.
        1 FILE: String { label: "File", about: About::Event, class: Fact }
        /// As in the provenance of the row.
        2 LINE: i64 { label: "Line", about: About::Event, class: Fact }
        3 MONTH: PartialDate { label: "Month", about: About::Event, class: Fact, search: SearchAs::Date }
        4 CRIME_TYPE: Code {
            label: "Crime type", about: About::Event, class: Allegation, list: "crime-type", search: SearchAs::Exact
        }
        5 PLACE: Place { label: "Place", about: About::Event, class: Allegation, search: SearchAs::Place }
        6 LSOA: String {
            label: "Lower layer super output area", about: About::Event, class: Fact, search: SearchAs::Exact
        }
        7 LSOA_NAME: String { label: "Name of that area", about: About::Event, class: Fact, search: SearchAs::Words }
        8 LAST_OUTCOME: Code {
            label: "Last outcome as published", about: About::Mixed, class: Fact, list: "crime-outcome", search: SearchAs::Exact
        }
        9 CONTEXT: String {
            label: "Context as published", about: About::Mixed, class: Fact, search: SearchAs::Words
        }
        10 REPORTED_BY: String {
            label: "Force that reports it", about: About::Event, class: Fact, search: SearchAs::Words
        }
        11 FALLS_WITHIN: String { label: "Force area", about: About::Event, class: Fact, search: SearchAs::Words }
    }
}
