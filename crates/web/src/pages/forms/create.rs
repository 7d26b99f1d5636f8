//! Making a record: first it is looked for, then it is filled in and saved, once, however often the button
//! is pressed.

use super::controls::{self, Filled};
use super::once::typed_once;
use super::page::FormPage;
use super::sections::recognised_by;
use super::{Asked, Stands, draft, roadside, said_beside, typed_of, without_row};
use crate::house::House;
use crate::pages::record_kind;
use crate::pages::search as search_page;
use crate::pages::sheet::{Part, Sheet, hidden};
use crate::pages::turned::{Turned, see};
use crate::pages::typed::{Sent, Typed};
use crate::pages::visitor::{Visitor, Working};
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use components::{BackLink, Button, InsetText, Markup, html};
use desk::Session;
use desk::clock::{id_at, london_day};
use desk::find::Answers;
use desk::record::reference_of;
use law::access::Action;
use model::derived::Fields;
use model::derived::form::{self, Texts};
use model::derived::show;
use model::derived::validate::Problem;
use model::value::PartialDate;
use model::{About, Body, FieldDecl, Kind, Labels, Type};
use uuid::Uuid;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new().route("/new/{kind}", get(begin::<S>).post(go_on::<S>))
}

/// Records that may be the one meant, before another is made.
const ALIKE: usize = 10;

async fn begin<S: RecordStore>(
    State(house): State<House<S>>,
    Working { visitor, .. }: Working,
    Path(kind): Path<String>,
) -> Result<Response, Turned> {
    let kind = record_kind(&kind)?;
    if !house.desk().may_on(&visitor.who, kind.number, Action::Create) {
        return Err(crate::problem::Problem::role("make records of this kind").into());
    }
    if !recognised_by(kind).is_empty() {
        return Ok(look_first(&house, &visitor, kind, &Texts::new()).shown(&house, &visitor, Part::Records));
    }
    let typed = starting(kind, &visitor.who, house.desk().now());
    Ok(page(&house, kind, &typed, Stands::default(), &Keys::new(&house)).sheet(&visitor).shown(
        &house,
        &visitor,
        Part::Records,
    ))
}

/// What makes that one form makes one record, however often it is sent, and has one draft.
pub(super) struct Keys {
    once: String,
    draft: Uuid,
    /// Nothing was typed under them yet.
    is_new: bool,
}

impl Keys {
    fn new<S: RecordStore>(house: &House<S>) -> Self {
        Self { is_new: true, ..Self::of_draft(house, id_at(house.desk().now())) }
    }

    /// Of a draft that somebody goes on with: the key under which it is saved is of today.
    pub(super) fn of_draft<S: RecordStore>(house: &House<S>, draft: Uuid) -> Self {
        Self { once: id_at(house.desk().now()).to_string(), draft, is_new: false }
    }

    /// Of a form that was sent.
    pub(super) fn sent<S: RecordStore>(house: &House<S>, sent: &Sent) -> Self {
        let new = Self::new(house);
        let once = if sent.has("once") { sent.text("once").to_owned() } else { new.once };
        Self { once, draft: draft::named(sent, house.desk().now()), is_new: false }
    }
}

/// What stands in the form before anything is typed: what is known already.
fn starting(kind: &Kind, who: &Session, now: i64) -> Texts {
    let mut typed = Texts::new();
    let happened = kind.happened.and_then(|number| kind.field(number));
    if let Some(decl) = happened.filter(|decl| decl.kind == Type::Instant) {
        let at = show::london(now).map(|at| at.datetime().strftime("%Y-%m-%dT%H:%M").to_string());
        typed.extend(at.map(|at| (decl.name(), at)));
    }
    typed.extend(officer_of(kind).map(|officer| (officer.name(), who.name().to_owned())));
    typed
}

/// The officer whom a record must name, who mostly is the one that writes it.
fn officer_of(kind: &Kind) -> Option<&'static FieldDecl> {
    let is_officer = |decl: &&FieldDecl| decl.about == About::Officer && decl.kind == Type::Text;
    Fields::of(kind).iter().filter(is_officer).find(|decl| !decl.rules.is_empty())
}

/// The few controls by which somebody looks whether the record is there already.
fn look_first<S: RecordStore>(
    house: &House<S>,
    visitor: &Visitor,
    kind: &'static Kind,
    typed: &Texts,
) -> Sheet {
    let action = format!("/new/{}", kind.name);
    let (on, one_more) = (today(house), None);
    let filled = Filled { typed, problems: &[], on, today: on, one_more, action: action.clone() };
    let main = html! {
        div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
            span class="govuk-caption-l" { "New: " (kind.title.to_lowercase()) }
            h1 class="govuk-heading-l" { "Is it here already?" }
            p class="govuk-body" { "Look first: a second record of the same hides half of what is known. What you type here need not be typed again." }
            form action=(action) method="post" novalidate {
                (hidden(&visitor.token))
                (few_controls(&filled, kind))
                div class="govuk-button-group" {
                    (Button::new("Look for it").name("do").value("step:look"))
                }
            }
        } }
    };
    Sheet::new(format!("New: {}", kind.title.to_lowercase()), main)
}

fn few_controls(filled: &Filled<'_>, kind: &'static Kind) -> Markup {
    let fields = Fields::of(kind);
    html! {
        @for path in recognised_by(kind) {
            @match form::row_of(&path) {
                Some((name, at, rest)) => {
                    @if let Some(group) = fields.named(name).and_then(|decl| decl.row_group) {
                        @let inner = Fields::of_group(group);
                        @if let Some(decl) = inner.named(rest) { (controls::control(filled, inner, decl, &format!("{name}[{at}]."))) }
                    }
                }
                None => { @if let Some(decl) = fields.named(&path) { (controls::control(filled, fields, decl, "")) } }
            }
        }
    }
}

fn today<S: RecordStore>(house: &House<S>) -> jiff::civil::Date {
    london_day(house.desk().now())
}

/// What is typed to recognise a record, as a query.
fn query_of(kind: &Kind, typed: &Texts) -> String {
    let said = recognised_by(kind).into_iter().flat_map(|path| {
        let own = typed.get(&path).cloned();
        let parts = ["words", "postcode"].map(|part| typed.get(&format!("{path}.{part}")).cloned());
        own.into_iter().chain(parts.into_iter().flatten()).collect::<Vec<_>>()
    });
    let word = |text: String| match PartialDate::parse(&text) {
        Some(date) if text.contains('-') => show::date(date),
        _ => text.replace(['"', '(', ')', ':', '*', '?', '~'], " "),
    };
    let words: Vec<String> = said.map(word).filter(|text| !text.trim().is_empty()).collect();
    words.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn go_on<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Path(kind): Path<String>,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    let kind = record_kind(&kind)?;
    let typed = typed_of(&sent);
    let keys = Keys::sent(&house, &sent);
    let shown = |page: FormPage<'_>| page.sheet(&visitor).shown(&house, &visitor, Part::Records);
    match Asked::of(&sent) {
        Asked::Step("look") => look(&house, &who, &visitor, kind, &typed).await,
        Asked::Step(_) => {
            let typed = starting(kind, &who, house.desk().now()).into_iter().chain(typed).collect();
            Ok(shown(page(&house, kind, &typed, Stands::default(), &keys)))
        }
        Asked::Add(name) => {
            let stands = Stands { one_more: Some(name), ..Stands::default() };
            Ok(shown(page(&house, kind, &form::without_gaps(&typed), stands, &keys)))
        }
        Asked::Remove(row) => {
            Ok(shown(page(&house, kind, &without_row(typed, row), Stands::default(), &keys)))
        }
        Asked::Draft => draft::kept(&house, &who, &sent).await,
        Asked::Save => {
            let typed = typed_once(kind, form::without_gaps(&typed));
            save(&house, &who, &visitor, kind, &typed, &keys).await
        }
    }
}

async fn look<S: RecordStore>(
    house: &House<S>,
    who: &Session,
    visitor: &Visitor,
    kind: &'static Kind,
    typed: &Texts,
) -> Result<Response, Turned> {
    let query = query_of(kind, typed);
    if query.is_empty() {
        return Ok(look_first(house, visitor, kind, typed).shown(house, visitor, Part::Records));
    }
    let page = search::Page { offset: 0, limit: ALIKE };
    let asked = format!("kind:{} {query}", kind.name);
    let answers = house.desk().search(who, &asked, page).await?;
    Ok(alike(visitor, kind, typed, &answers).shown(house, visitor, Part::Records))
}

/// What is there already, and the way on.
fn alike(visitor: &Visitor, kind: &'static Kind, typed: &Texts, answers: &Answers) -> Sheet {
    let lower = kind.title.to_lowercase();
    let main = html! {
        div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
            span class="govuk-caption-l" { "New: " (lower) }
            h1 class="govuk-heading-l" { "Is it one of these?" }
            @if answers.found.is_empty() { (InsetText::new("Nothing like it is here.")) }
            (search_page::results(answers, 1))
            form action={ "/new/" (kind.name) } method="post" {
                (hidden(&visitor.token))
                @for (path, text) in typed { input type="hidden" name=(path) value=(text); }
                (Button::new(if answers.found.is_empty() { "Make a new one" } else { "None of these: make a new one" })
                    .name("do").value("step:fill"))
            }
        } }
    };
    Sheet::new(format!("New: {lower}"), main)
        .before(BackLink::new(format!("/new/{}", kind.name)).text("Look again"))
}

/// The form of a record that is to be made.
pub(super) fn page<'a, S: RecordStore>(
    house: &House<S>,
    kind: &'static Kind,
    typed: &'a Texts,
    stands: Stands<'a>,
    keys: &Keys,
) -> FormPage<'a> {
    let action = format!("/new/{}", kind.name);
    FormPage {
        kind,
        draft: keys.draft,
        roadside: roadside::mark(kind, keys.is_new),
        of: None,
        title: format!("New: {}", kind.title.to_lowercase()),
        filled: Filled {
            typed,
            problems: stands.problems,
            on: today(house),
            today: today(house),
            one_more: stands.one_more,
            action,
        },
        general: stands.general,
        carried: vec![("once", keys.once.clone())],
        reason: None,
        above: stands.above,
    }
}

async fn save<S: RecordStore>(
    house: &House<S>,
    who: &Session,
    visitor: &Visitor,
    kind: &'static Kind,
    typed: &Texts,
    keys: &Keys,
) -> Result<Response, Turned> {
    let refused = |problems: &[Problem], general: Option<String>| {
        let stands = Stands { problems, general, ..Stands::default() };
        page(house, kind, typed, stands, keys).sheet(visitor).shown(house, visitor, Part::Records)
    };
    match saved(house, who, kind, typed, keys).await? {
        Saved::As(reference) => Ok(see(&format!("/records/{reference}?done=made"))),
        Saved::Refused(problems, general) => Ok(refused(&problems, general)),
    }
}

/// What came of saving a form.
pub(super) enum Saved {
    /// It is a record with this reference.
    As(String),
    /// What is wrong with its fields, and in general.
    Refused(Vec<Problem>, Option<String>),
}

/// Makes the record of a form, and throws its draft away.
pub(super) async fn saved<S: RecordStore>(
    house: &House<S>,
    who: &Session,
    kind: &'static Kind,
    typed: &Texts,
    keys: &Keys,
) -> Result<Saved, Turned> {
    let body = match form::body_of(Fields::of(kind), &Body::default(), typed) {
        Ok(body) => body,
        Err(problems) => return Ok(Saved::Refused(problems, None)),
    };
    let once = Uuid::parse_str(&keys.once).unwrap_or_else(|_| id_at(house.desk().now()));
    match house.desk().create_record_once(who, kind, body, Labels::default(), once).await {
        Ok(written) => {
            house.desk().discard_draft(who, keys.draft).await?;
            Ok(Saved::As(reference_of(written.version.kind, written.reference)))
        }
        Err(error) => {
            let (problems, general) = said_beside(error)?;
            Ok(Saved::Refused(problems, general))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::kinds::nominal;

    #[test]
    fn what_was_typed_to_look_is_a_query_of_plain_words() {
        let typed: Texts = [
            ("names[1].forenames", "Anna (\"Annie\")"),
            ("names[1].surname", "Smith"),
            ("dates-of-birth[1].date", "1987-03-04"),
        ]
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .into();
        assert_eq!(query_of(&nominal::KIND, &typed), "Anna Annie Smith 4 March 1987");
    }
}
