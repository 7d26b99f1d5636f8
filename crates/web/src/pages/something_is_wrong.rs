//! “Something is wrong”: says to whoever runs the system what happened, with what the program knows of the page by
//! itself and nothing of any person; and shows what became of what was said before.

use crate::house::House;
use crate::pages::at::At;
use crate::pages::sheet::{Part, Sheet, done, hidden};
use crate::pages::sign_in::browser;
use crate::pages::turned::Turned;
use crate::pages::typed::{Sent, Typed};
use crate::pages::visitor::Visitor;
use crate::pages::words;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use components::{
    Button, Cell, Checkboxes, Choice, ErrorLink, ErrorSummary, Legend, Markup, NotificationBanner, Radios,
    Row, SummaryList, Table, Tag, TagColour, Textarea, WarningText, html,
};
use desk::DeskError;
use desk::clock::london_day;
use desk::trouble::{NewTrouble, Telling, Trouble, TroubleKind, telling};
use serde::Deserialize;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new().route(PATH, get(ask::<S>).post(report::<S>))
}

const PATH: &str = "/something-is-wrong";
/// Version of the program.
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Characters that the name of a fault may have.
const LONGEST_FAULT: usize = 60;

/// Where something is said of a page, and of the fault that it showed.
pub(super) fn address(at: &At, fault: Option<&str>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("at", at.pattern());
    if let Some(fault) = fault {
        query.append_pair("fault", fault);
    }
    format!("{PATH}?{}", query.finish())
}

/// Of what something is said.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Of {
    at: String,
    fault: String,
    done: String,
}

/// What is in the form.
struct Asked {
    at: At,
    fault: Option<String>,
    said: String,
    kind: String,
    browser: String,
}

impl Asked {
    fn new(at: &str, fault: &str, headers: &HeaderMap) -> Self {
        let plain = |c: char| c.is_ascii_alphanumeric() || ":-".contains(c);
        let is_name = !fault.is_empty() && fault.len() <= LONGEST_FAULT && fault.chars().all(plain);
        Self {
            at: At::said(at),
            fault: is_name.then(|| fault.to_owned()),
            said: String::new(),
            kind: String::new(),
            browser: browser(headers),
        }
    }

    fn sent(sent: &Sent, headers: &HeaderMap) -> Self {
        Self {
            said: sent.text("said").to_owned(),
            kind: sent.text("kind").to_owned(),
            ..Self::new(sent.text("at"), sent.text("fault"), headers)
        }
    }
}

/// What is wrong with what was sent.
#[derive(Default)]
struct Wrong {
    said: Option<String>,
    kind: Option<&'static str>,
    told: Vec<Telling>,
}

impl Wrong {
    fn is_any(&self) -> bool {
        self.said.is_some() || self.kind.is_some()
    }

    /// What may be names, where nothing else has to go.
    fn may_be_names(&self) -> bool {
        !self.told.is_empty() && self.told.iter().all(|telling| !telling.is_certain)
    }
}

async fn ask<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Query(of): Query<Of>,
    headers: HeaderMap,
) -> Result<Response, Turned> {
    let own = house.desk().own_troubles(&visitor.who).await?;
    let asked = Asked::new(&of.at, &of.fault, &headers);
    let sheet = page(&visitor, &asked, &Wrong::default(), &own, &of.done);
    Ok(sheet.shown(&house, &visitor, Part::Help))
}

fn page(visitor: &Visitor, asked: &Asked, wrong: &Wrong, own: &[Trouble], done: &str) -> Sheet {
    let links = wrong.said.iter().map(|said| ErrorLink::new("#said", said.as_str()));
    let links = links.chain(wrong.kind.iter().map(|kind| ErrorLink::new("#kind", *kind)));
    let main = html! {
        div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
            @if wrong.is_any() { (ErrorSummary::new(links)) }
            @if done == "filed" { (NotificationBanner::success("Thank you. Whoever runs the system reads it, and the answer stands below.")) }
            h1 class="govuk-heading-l" { "Something is wrong" }
            (WarningText::new("Say nothing of any person: no name, reference, date of birth, telephone number, registration mark or postcode."))
            (form(visitor, asked, wrong))
        } }
        (filed(own))
    };
    let sheet = Sheet::new("Something is wrong", main);
    if wrong.is_any() { sheet.with_errors() } else { sheet }
}

fn form(visitor: &Visitor, asked: &Asked, wrong: &Wrong) -> Markup {
    let kinds = TroubleKind::ALL.map(|(_, word, words)| Choice::new(word, words));
    let none = [Choice::new("yes", "None of this is the name of a person")];
    html! {
        form action=(PATH) method="post" novalidate {
            (hidden(&visitor.token))
            input type="hidden" name="at" value=(asked.at.pattern());
            @if let Some(fault) = &asked.fault { input type="hidden" name="fault" value=(fault); }
            (Textarea::new("said", "What happened, and what did you expect?").value(asked.said.as_str()).rows(6u16)
                .error(wrong.said.clone()))
            (pointed_out(&wrong.told))
            @if wrong.may_be_names() {
                (Checkboxes::new("no-names", Legend::new("Is it all right?"), none).classes("govuk-checkboxes--small"))
            }
            (Radios::new("kind", Legend::new("What sort of trouble is it?"), kinds).value(asked.kind.clone())
                .classes("govuk-radios--small").error(wrong.kind))
            h2 class="govuk-heading-s" { "Sent with it, by itself" }
            (SummaryList::new(facts(visitor, asked)))
            (Button::new("Send").prevent_double_click(true))
        }
    }
}

/// What looks like somebody's data, as it stands in the text.
pub(super) fn pointed_out(told: &[Telling]) -> Markup {
    html! {
        @if !told.is_empty() {
            div class="govuk-inset-text" {
                p class="govuk-body" { "Take this out, and say it without:" }
                ul class="govuk-list govuk-list--bullet" {
                    @for telling in told { li { strong { (telling.text) } ", " (telling.what) } }
                }
            }
        }
    }
}

/// What the program adds by itself.
fn facts(visitor: &Visitor, asked: &Asked) -> Vec<Row> {
    let roles: Vec<&str> = visitor.who.roles().iter().map(String::as_str).collect();
    let mut rows = vec![
        Row::new("Page", html! { code { (asked.at.pattern()) } }),
        Row::new("Version", VERSION),
        Row::new("Your roles and unit", format!("{}; the unit, where it is known", roles.join(", "))),
        Row::new("Browser", asked.browser.as_str()),
    ];
    rows.extend(asked.fault.as_ref().map(|fault| Row::new("Fault", html! { code { (fault) } })));
    rows
}

/// What somebody said before, and what became of it.
fn filed(own: &[Trouble]) -> Markup {
    let rows = own.iter().map(|trouble| {
        vec![
            Cell::new(html! { strong { (trouble.id) } }),
            Cell::new(words::moment(trouble.filed)),
            Cell::new(html! { p class="bluelamp-text" { (trouble.said) } }),
            Cell::new(became(trouble)),
        ]
    });
    let head = ["Report", "When", "What you said", "What became of it"].map(Cell::new);
    html! {
        @if !own.is_empty() {
            (Table::new(head, rows).caption("What you said before").classes("bluelamp-table--stacked"))
        }
    }
}

/// What became of a report.
pub(super) fn became(trouble: &Trouble) -> Markup {
    html! {
        @match &trouble.answer {
            None => (Tag::new("Open").colour(TagColour::Yellow)),
            Some(answer) => {
                (Tag::new("Answered").colour(TagColour::Green))
                p class="bluelamp-text" { (answer.words) }
                p class="govuk-hint govuk-!-margin-bottom-0" { (answer.by) ", " (words::moment(answer.at)) }
            }
        }
    }
}

async fn report<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    headers: HeaderMap,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    let asked = Asked::sent(&sent, &headers);
    let no_names = sent.has("no-names");
    let mut wrong = Wrong::default();
    let Some(kind) = TroubleKind::by_word(&asked.kind) else {
        wrong.kind = Some("Choose what sort of trouble it is");
        return refused(&house, &visitor, &asked, wrong).await;
    };
    let new = NewTrouble {
        said: &asked.said,
        kind,
        page: asked.at.pattern(),
        version: VERSION,
        browser: &asked.browser,
        fault: asked.fault.as_deref(),
        no_names,
    };
    match house.desk().report_trouble(&visitor.who, new).await {
        Ok(_) => Ok(done(PATH, "filed")),
        Err(DeskError::Unusable(why)) => {
            wrong.said = Some(why.trim_start_matches("said:").trim().to_owned());
            wrong.told = telling(&asked.said, london_day(house.desk().now()));
            wrong.told.retain(|telling| telling.is_certain || !no_names);
            refused(&house, &visitor, &asked, wrong).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn refused<S: RecordStore>(
    house: &House<S>,
    visitor: &Visitor,
    asked: &Asked,
    wrong: Wrong,
) -> Result<Response, Turned> {
    let own = house.desk().own_troubles(&visitor.who).await?;
    Ok(page(visitor, asked, &wrong, &own, "").shown(house, visitor, Part::Help))
}
