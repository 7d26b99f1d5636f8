//! Facts that stand in two places of a record are typed once: what the first says is carried to the second,
//! where nobody said otherwise. The rules on a child's more thorough search look at the age that stands with
//! that search; it must not be forgotten because it was given above.

use model::Kind;
use model::derived::Fields;
use model::derived::form::{self, Texts};
use model::kinds::{more_thorough_search as thorough, stop_and_search as stop};

/// A field whose text is carried into each row of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Carried {
    /// Where it is typed.
    pub from: String,
    /// The field of the rows.
    pub rows: String,
    /// Where it stands in a row.
    pub to: String,
}

/// What is carried in records of a kind.
pub(super) fn carried(kind: &Kind) -> Option<Carried> {
    let name = |fields: Fields<'_>, number: u16| fields.number(number).map(model::FieldDecl::name);
    if kind.number != stop::KIND.number {
        return None;
    }
    Some(Carried {
        from: name(Fields::of(kind), stop::AGE.number())?,
        rows: name(Fields::of(kind), stop::MORE_THOROUGH_SEARCH.number())?,
        to: name(Fields::of_group(&thorough::GROUP), thorough::SUBJECT_AGE.number())?,
    })
}

/// The texts with what is typed once in both places.
pub(super) fn typed_once(kind: &Kind, mut typed: Texts) -> Texts {
    let Some(carried) = carried(kind) else { return typed };
    let Some(text) = typed.get(&carried.from).filter(|text| !text.trim().is_empty()).cloned() else {
        return typed;
    };
    let said = |typed: &Texts, row: &str| {
        typed.iter().any(|(path, text)| path.starts_with(row) && !text.trim().is_empty())
    };
    for at in 1..=form::rows(&typed, &carried.rows) {
        let row = format!("{}[{at}].", carried.rows);
        let path = format!("{row}{}", carried.to);
        if said(&typed, &row) && typed.get(&path).is_none_or(|text| text.trim().is_empty()) {
            typed.insert(path, text.clone());
        }
    }
    typed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_age_of_a_stop_counts_for_the_search_that_went_further() {
        let typed: Texts = [
            ("age", "15"),
            ("more-thorough-search[1].found", "nothing"),
            ("more-thorough-search[2].found", ""),
        ]
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .into();
        let typed = typed_once(&stop::KIND, typed);
        assert_eq!(typed["more-thorough-search[1].subject-age"], "15");
        assert!(
            !typed.contains_key("more-thorough-search[2].subject-age"),
            "a row that says nothing stays empty"
        );
    }

    #[test]
    fn what_was_said_otherwise_stays() {
        let typed: Texts = [("age", "15"), ("more-thorough-search[1].subject-age", "16")]
            .map(|(path, text)| (path.to_owned(), text.to_owned()))
            .into();
        assert_eq!(typed_once(&stop::KIND, typed)["more-thorough-search[1].subject-age"], "16");
    }
}
