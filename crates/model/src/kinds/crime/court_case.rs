//! The references of one case in which a crime came to court.

use crate::field::Identifier;
use crate::identifiers::IdentifierKind;
use crate::{About, SearchAs, group};

group! {
    "court-case", title: "Case in court",
    fields {
        1 URN: Identifier {
            label: "Unique reference number (PTIURN)", about: About::Event, class: Fact,
            identifies: IdentifierKind::CaseUrn, search: SearchAs::Exact,
            hint: "Force, unit, serial number and year."
        }
        2 MAGISTRATES: Identifier {
            label: "Magistrates’ court case reference", about: About::Event, class: Fact,
            identifies: IdentifierKind::CourtCase, search: SearchAs::Exact
        }
        3 CROWN_COURT: Identifier {
            label: "Crown Court case number", about: About::Event, class: Fact,
            identifies: IdentifierKind::CrownCourtCase, search: SearchAs::Exact
        }
        4 COURT: String { label: "Court", about: About::Event, class: Fact, search: SearchAs::Words }
    }
}
