//! More thorough searches of children: what of place, authoriser and appropriate adult is not recorded
//! (PACE s.3(6)(a)(iii); Code A 3.6, 3.7; Code C Annex A para 11).

use super::countable;
use crate::Desk;
use crate::error::DeskError;
use crate::find::Answers;
use crate::session::Session;
use law::access::{Act, Context};
use model::kinds::stop_and_search::KIND;
use search::{Page, Query, Tally, Within};
use serde::Serialize;
use vault::store::RecordStore;

/// The rule that applies to each more thorough search of a child, and asks for its place.
const CHILD: &str = "place-of-more-thorough-search-of-child";
/// The rule that asks for the part on the search as a whole.
const PART: &str = "more-thorough-search";
const PLACE: &[&str] = &[CHILD, "search-place"];
const AUTHORISER: &[&str] = &["search-authoriser"];
const ADULT: &[&str] = &["search-appropriate-adult", "search-adult-absent-reason"];

/// What records of more thorough searches of children do not say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ChildSearches {
    /// Records of such searches.
    pub records: u64,
    /// Of these: without place, authoriser or appropriate adult, or without the part on the search.
    pub lacking: u64,
    /// Without the place.
    pub without_place: u64,
    /// Without the officer who authorised it.
    pub without_authoriser: u64,
    /// Without whether an appropriate adult was present, or why none was.
    pub without_adult: u64,
    /// Without any answer on the more thorough search.
    pub without_part: u64,
    /// From a source that carries nothing on who authorised it and who was present, which is not *no*.
    pub not_in_source: u64,
}

/// The query for the records that [`ChildSearches::lacking`] counts, as it stands in the log.
#[must_use]
pub fn children_lacking() -> String {
    let marks = open(&[PLACE, AUTHORISER, ADULT].concat()).join(" OR ");
    format!("kind:{} ({marks} OR (applies:{CHILD} missing:{PART}))", KIND.name)
}

impl<S: RecordStore> Desk<S> {
    /// The records of more thorough searches of children that lack place, authoriser or appropriate
    /// adult, newest first. They are listed as a search lists them: only what this person may read, and
    /// each is entered as consulted.
    ///
    /// # Errors
    /// A refusal; faults of the index.
    pub async fn child_searches_lacking(&self, who: &Session, page: Page) -> Result<Answers, DeskError> {
        let _figures = self.permit_act(who, Act::Completeness).await?;
        let text = children_lacking();
        let query = Query::parse(&text).map_err(|error| DeskError::unusable(error.to_string()))?;
        self.answer(who, &query.strictly(), &text, page).await
    }

    /// The figures of a part of the records; whoever calls enters that they were asked for.
    pub(crate) async fn child_searches(
        &self,
        context: &Context,
        within: &Within,
    ) -> Result<ChildSearches, DeskError> {
        let (child, no_part) = (format!("applies:{CHILD}"), format!("missing:{PART}"));
        let of = |marks: &[&str]| Tally::of(KIND.number, marks);
        let any = |rules: &[&[&str]]| open(&rules.concat());
        let searches = [child.clone(), "applies:search-authoriser".to_owned()];
        let lacking = any(&[PLACE, AUTHORISER, ADULT]);
        let tallies = vec![
            of(&[]).with_any(&searches),
            of(&[]).with_any(&lacking),
            of(&[&child, &no_part]),
            of(&[&child, &no_part]).with_any(&lacking),
            of(&[]).with_any(&any(&[PLACE])),
            of(&[]).with_any(&any(&[AUTHORISER])),
            of(&[]).with_any(&any(&[ADULT])),
            of(&[&child, &format!("not-in-source:{PART}")]),
        ];
        let filter = countable(&KIND, context);
        let broken = self.index.break_down(&filter, tallies, within, &[]).await?;
        let counts = broken.counts.into_values().next().unwrap_or_default();
        let count = |place: usize| counts.get(place).copied().unwrap_or(0);
        Ok(ChildSearches {
            records: count(0),
            lacking: count(1) + count(2) - count(3),
            without_part: count(2),
            without_place: count(4),
            without_authoriser: count(5),
            without_adult: count(6),
            not_in_source: count(7),
        })
    }
}

/// The marks of records in which one of these rules is not answered.
fn open(rules: &[&str]) -> Vec<String> {
    rules.iter().flat_map(|rule| [format!("missing:{rule}"), format!("placeholder:{rule}")]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::derived::validate;

    #[test]
    fn each_rule_that_is_counted_is_declared() {
        let declared = validate::rules(&KIND);
        for rule in [PLACE, AUTHORISER, ADULT, &[PART]].concat() {
            assert!(declared.iter().any(|known| known.rule.name == rule), "{rule}");
        }
    }

    #[test]
    fn the_query_reads() {
        Query::parse(&children_lacking()).unwrap();
    }
}
