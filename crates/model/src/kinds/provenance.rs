//! Where a record came from: kept with every record that was not typed here (DPA 2018 s.45(2)(g)
//! asks for the origin; s.38(5) for what a recipient needs to judge it).

use crate::field::Instant;
use crate::{About, SearchAs, group};

group! {
    "provenance", title: "Where this came from",
    fields {
        /// The connector and its version.
        1 CONNECTOR: String { label: "Connector", about: About::Event, class: Fact, search: SearchAs::Exact }
        /// The file as it was named.
        2 FILE: String { label: "File", about: About::Event, class: Fact, search: SearchAs::Exact }
        /// Line of the file, from 1, the header included.
        3 LINE: i64 { label: "Line", about: About::Event, class: Fact }
        /// The month that the file speaks of.
        4 PERIOD: String { label: "Month published", about: About::Event, class: Fact, search: SearchAs::Exact }
        /// How often a row of the same content had occurred in its file, this one included.
        5 OCCURRENCE: i64 {
            label: "Occurrence of an identical row", about: About::Event, class: Fact,
            hint: "From 2 on this is a possible repeat: identical rows may be different people."
        }
        /// When the row was taken in.
        6 TAKEN_IN: Instant { label: "Taken in", about: About::Event, class: Fact }
        /// The licence or agreement under which it was received.
        7 LICENCE: String { label: "Licence or agreement", about: About::Event, class: Fact }
    }
}
