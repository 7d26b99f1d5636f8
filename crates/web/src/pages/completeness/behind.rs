//! The records behind a figure, as a search lists them: only what the visitor may read, each entered.

use super::rule::declared;
use super::scope::{Asked, Scope};
use crate::house::House;
use crate::pages::record_kind;
use crate::pages::search::results;
use crate::pages::sheet::{Part, Sheet};
use crate::pages::turned::Turned;
use crate::pages::visitor::Working;
use crate::pages::words;
use crate::problem::Problem;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use components::{BackLink, Markup, PageStep, Pagination, html};
use desk::completeness::STATES;
use desk::find::Answers;
use search::Page;
use vault::store::RecordStore;

/// Records of one page.
pub(super) const PAGE: usize = 20;
/// How the states are said.
const SAID: [&str; STATES.len()] = ["asked for", "answered", "missing", "a placeholder", "not in the source"];

pub(super) async fn page<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Path((kind, rule, state)): Path<(String, String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Turned> {
    let kind = record_kind(&kind)?;
    let rule = declared(kind, &rule)?;
    let said = STATES.iter().zip(SAID).find(|(known, _)| **known == state);
    let (_, said) = said.ok_or_else(Problem::not_found)?;
    let (scope, _) = Scope::of(&asked);
    let at = At::of(&asked);
    let figure = (rule.rule.name, state.as_str());
    let answers = house.desk().behind_figure(&who, kind, figure, &scope.within, at.page()).await?;
    let of_rule = format!("/completeness/{}/{}", kind.name, rule.rule.name);
    let main = html! {
        span class="govuk-caption-l" { (kind.plural) (scope.in_words()) }
        h1 class="govuk-heading-l" { (rule.label) ": " (said) }
        (at.list(&answers, |page| scope.address(&format!("{of_rule}/{state}"), &[("page", &page.to_string())])))
    };
    let title = format!("{}: {said}", rule.label);
    let back = BackLink::new(scope.address(&of_rule, &[])).text(rule.label.as_str());
    Ok(Sheet::new(title, main).before(back).wide().shown(&house, &visitor, Part::Completeness))
}

/// Which page of a list.
#[derive(Debug, Clone, Copy)]
pub(super) struct At(usize);

impl At {
    /// The page that was asked for.
    pub(super) fn of(asked: &Asked) -> Self {
        Self(asked.page.unwrap_or(1).clamp(1, 500))
    }

    fn offset(self) -> usize {
        (self.0 - 1) * PAGE
    }

    /// As the desk takes it.
    pub(super) fn page(self) -> Page {
        Page { offset: self.offset(), limit: PAGE }
    }

    /// The records of the page, and the way to the others.
    pub(super) fn list(self, answers: &Answers, address: impl Fn(usize) -> String) -> Markup {
        let more = answers.total > (self.offset() + PAGE) as u64;
        let before = (self.0 > 1).then(|| PageStep::new(address(self.0 - 1)).text("Newer records"));
        let after = more.then(|| PageStep::new(address(self.0 + 1)).text("Older records"));
        html! {
            p class="govuk-body" {
                @if answers.found.is_empty() { "There are none that you may see." }
                @else {
                    (words::count(answers.total, "record")) " that you may see, the newest first. Shown: "
                    (words::number(self.offset() as u64 + 1)) " to " (words::number((self.offset() + answers.found.len()) as u64))
                    ". The list is in the log, as a sight of each record on it."
                }
            }
            (results(answers, self.offset() + 1))
            @if before.is_some() || after.is_some() {
                (Pagination::new([]).previous(before).next(after).label("Pages of records"))
            }
        }
    }
}
