//! Proposed access matrices: what each would change, who proposed it, and the approval of a second person.

use super::access::{ACTIONS, day};
use super::{Sub, Wrong, beside, labelled, spoken, stacked};
use crate::house::House;
use crate::pages::sheet::{Part, Sheet, done, hidden};
use crate::pages::turned::Turned;
use crate::pages::typed::Typed;
use crate::pages::visitor::Visitor;
use crate::pages::words;
use crate::problem::Problem;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use components::{
    BackLink, Button, Cell, Details, Markup, NotificationBanner, Row, SummaryList, Tag, TagColour, Textarea,
    html,
};
use desk::policy::ProposedMatrix;
use law::access::{Act, Action, Matrix};
use serde::Deserialize;
use std::collections::BTreeSet;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new()
        .route("/administration/matrices", get(list::<S>))
        .route("/administration/matrices/read", get(view::<S>))
        .route("/administration/matrices/new", get(begin::<S>).post(propose::<S>))
        .route("/administration/matrices/approve", post(approve::<S>))
}

const PATH: &str = "/administration/matrices";

/// Which one, or what was done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    version: String,
    done: String,
}

fn path_of(version: &str) -> String {
    let query: String =
        form_urlencoded::Serializer::new(String::new()).append_pair("version", version).finish();
    format!("{PATH}/read?{query}")
}

async fn list<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Turned> {
    let proposed = house.desk().proposed_matrices(&visitor.who).await?;
    let said = match asked.done.as_str() {
        "proposed" => Some("It is proposed. It decides nothing until somebody else has approved it."),
        "approved" => Some("It is approved, and decides from its first day on."),
        _ => None,
    };
    let rows = proposed.iter().rev().map(row);
    let main = html! {
        (beside(&house, &visitor, Sub::Matrices))
        @if let Some(said) = said { (NotificationBanner::success(said)) }
        h1 class="govuk-heading-l" { "Changes of the rules" }
        p class="govuk-body" {
            "Version " (house.desk().matrix().version) " decides now. It is changed as a whole: one person proposes, \
             another approves, and it decides from its first day on."
        }
        @if house.desk().may_do(&visitor.who, Act::ProposeMatrix) {
            (Button::new("Propose a change").href("/administration/matrices/new"))
        }
        @if proposed.is_empty() { p class="govuk-body" { "None was proposed since the committed default." } }
        @else { (stacked(["Version", "Proposed", "Approved", "State"], rows).caption("Proposed matrices")) }
    };
    Ok(Sheet::new("Changes of the rules", main).shown(&house, &visitor, Part::Administration))
}

fn row(proposed: &ProposedMatrix) -> Vec<Cell> {
    let persons = &proposed.persons;
    let said = |deed: &desk::approval::Deed| format!("{}, {}", deed.name, words::moment(deed.at));
    vec![
        Cell::new(html! { a class="govuk-link" href=(path_of(&proposed.version)) { (proposed.version) } }),
        labelled("Proposed", said(&persons.proposed)),
        labelled("Approved", persons.approved.as_ref().map(said)),
        Cell::new(html! { (state(proposed)) }),
    ]
}

fn state(proposed: &ProposedMatrix) -> Tag {
    match proposed.persons.approved {
        Some(_) => Tag::new("Approved").colour(TagColour::Green),
        None => Tag::new("Waits").colour(TagColour::Yellow),
    }
}

async fn view<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Turned> {
    Ok(one(&house, &visitor, &asked.version, None).await?.shown(&house, &visitor, Part::Administration))
}

async fn one<S: RecordStore>(
    house: &House<S>,
    visitor: &Visitor,
    version: &str,
    wrong: Option<&Wrong>,
) -> Result<Sheet, Turned> {
    let all = house.desk().proposed_matrices(&visitor.who).await?;
    let found = all.iter().find(|proposed| proposed.version == version);
    let proposed = found.ok_or_else(Problem::not_found)?;
    let now = house.desk().matrix();
    let is_second = proposed.persons.proposed.actor != visitor.who.actor();
    let may_approve = house.desk().may_do(&visitor.who, Act::ApproveMatrix)
        && is_second
        && proposed.persons.approved.is_none();
    let main = html! {
        (Wrong::above(wrong))
        span class="govuk-caption-l" { "Proposed access matrix" }
        h1 class="govuk-heading-l" { (proposed.version) }
        (facts(proposed))
        h2 class="govuk-heading-m" { "What it changes" }
        p class="govuk-body" { "Compared with version " (now.version) ", which decides now." }
        (changes(&now, proposed))
        (Details::new("The whole text", html! { pre class="bluelamp-text bluelamp-source" tabindex="0" { (proposed.text) } }))
        @if may_approve {
            form action="/administration/matrices/approve" method="post" {
                (hidden(&visitor.token))
                input type="hidden" name="version" value=(proposed.version);
                input type="hidden" name="digest" value=(proposed.digest());
                (Button::new("Approve this text").prevent_double_click(true))
            }
        } @else if proposed.persons.approved.is_none() {
            p class="govuk-body" {
                @if is_second { "Somebody whose role approves it must do so." } @else { "You proposed it: somebody else approves it." }
            }
        }
    };
    let sheet = Sheet::new(format!("Access matrix {}", proposed.version), main);
    Ok(Wrong::on(wrong, sheet.before(BackLink::new(PATH).text("Changes of the rules"))))
}

fn facts(proposed: &ProposedMatrix) -> Markup {
    let persons = &proposed.persons;
    let said = |deed: &desk::approval::Deed| format!("{}, {}", deed.name, words::moment(deed.at));
    let approved = persons.approved.as_ref().map_or_else(|| "Nobody yet".to_owned(), said);
    html! {
        (SummaryList::new([
            Row::new("State", html! { (state(proposed)) }),
            Row::new("Proposed by", said(&persons.proposed)),
            Row::new("Approved by", approved),
            Row::new("Digest of the text", html! { code class="bluelamp-secret" { (proposed.digest()) } }),
        ]))
    }
}

fn changes(now: &Matrix, proposed: &ProposedMatrix) -> Markup {
    let Ok(then) = Matrix::read(&proposed.text) else {
        return html! { p class="govuk-body" { "Its text cannot be read by this release." } };
    };
    let (given, taken) = (differences(now, &then), differences(&then, now));
    html! {
        (SummaryList::new([Row::new("Decides from", day(then.from)), Row::new("Source", then.source.as_str())]))
        @if given.is_empty() && taken.is_empty() { p class="govuk-body" { "Nobody may more or less than now." } }
        @for (title, lines) in [("More than now", &given), ("Less than now", &taken)] {
            @if !lines.is_empty() {
                h3 class="govuk-heading-s" { (title) }
                ul class="govuk-list govuk-list--bullet" { @for line in lines { li { (line) } } }
            }
        }
    }
}

/// What roles may do by the second matrix and not by the first, in words.
fn differences(first: &Matrix, second: &Matrix) -> Vec<String> {
    let mut lines = Vec::new();
    for role in second.roles.keys() {
        let roles = BTreeSet::from([role.clone()]);
        for kind in model::kinds::ALL {
            let more = |(action, _): &&(Action, &str)| {
                second.allows(&roles, kind.number, *action) && !first.allows(&roles, kind.number, *action)
            };
            let words: Vec<&str> = ACTIONS.iter().filter(more).map(|(_, word)| *word).collect();
            if !words.is_empty() {
                lines.push(format!("{}: {} – {}", spoken(role), kind.plural, words.join(", ")));
            }
        }
        let more = |act: &&Act| second.allows_act(&roles, **act) && !first.allows_act(&roles, **act);
        lines.extend(Act::ALL.iter().filter(more).map(|act| format!("{}: {}", spoken(role), act.words())));
    }
    lines
}

async fn approve<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    let version = sent.text("version");
    match house.desk().approve_matrix(&visitor.who, version, sent.text("digest")).await {
        Ok(_) => Ok(done(PATH, "approved")),
        Err(error) => {
            let wrong = Wrong::of(error, &[])?;
            let page = one(&house, &visitor, version, Some(&wrong)).await?;
            Ok(page.shown(&house, &visitor, Part::Administration))
        }
    }
}

async fn begin<S: RecordStore>(State(house): State<House<S>>, visitor: Visitor) -> Result<Response, Turned> {
    if !house.desk().may_do(&visitor.who, Act::ProposeMatrix) {
        return Err(Problem::role("propose a change of the access matrix").into());
    }
    let now = house.desk().matrix();
    Ok(form(&visitor, now.text(), None).shown(&house, &visitor, Part::Administration))
}

fn form(visitor: &Visitor, text: &str, wrong: Option<&Wrong>) -> Sheet {
    let main = html! {
        (Wrong::above(wrong))
        h1 class="govuk-heading-l" { "Propose a change" }
        p class="govuk-body" {
            "This is the whole access matrix that decides now. Change it, give it a new version, and name the day \
             from which it is to decide: today or later."
        }
        form action="/administration/matrices/new" method="post" novalidate {
            (hidden(&visitor.token))
            (Textarea::new("matrix", "Access matrix, in TOML").value(text).rows(30u16).spellcheck(false)
                .classes("bluelamp-source").error(Wrong::beside(wrong, "matrix")))
            (Button::new("Propose").prevent_double_click(true))
        }
    };
    let sheet = Sheet::new("Propose a change", main).before(BackLink::new(PATH).text("Changes of the rules"));
    Wrong::on(wrong, sheet)
}

async fn propose<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    // Browsers send line ends as two characters.
    let text = sent.text("matrix").replace("\r\n", "\n");
    match house.desk().propose_matrix(&visitor.who, &text).await {
        Ok(_) => Ok(done(PATH, "proposed")),
        Err(error) => {
            let wrong = Wrong::of(error, &[("from", "matrix"), ("version", "matrix")])?;
            Ok(form(&visitor, &text, Some(&wrong)).shown(&house, &visitor, Part::Administration))
        }
    }
}
