//! The form by which a code list, or a new state of one, is proposed.

use super::{FIELDS, LISTS};
use crate::house::House;
use crate::pages::administration::Wrong;
use crate::pages::sheet::{Part, Sheet, done, hidden};
use crate::pages::turned::Turned;
use crate::pages::typed::{Sent, Typed};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use components::{BackLink, Button, Choice, Input, Legend, Radios, Textarea, Width, html};
use desk::local_fields::{ListAsked, read_codes};
use law::access::Act;
use vault::store::RecordStore;

const PATH: &str = "/administration/local-lists/new";

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new().route("/administration/local-lists/new", get(begin::<S>).post(propose::<S>))
}

/// How sure a list is, as a choice.
const SURE: [(&str, &str); 3] = [
    ("force policy", "The force decides it"),
    ("read", "It was read from its source"),
    ("recalled", "It is from memory, to be confirmed"),
];

/// What the form says; the codes as they were typed.
#[derive(Debug, Default)]
struct Form {
    asked: ListAsked,
    codes: String,
}

impl Form {
    fn sent(sent: &Sent) -> Self {
        let text = |name: &str| sent.text(name).trim().to_owned();
        let (name, title, source, sure) = (text("name"), text("title"), text("source"), text("sure"));
        let codes = sent.text("codes").replace("\r\n", "\n");
        Self { asked: ListAsked { name, title, source, sure, codes: Vec::new() }, codes }
    }
}

async fn begin<S: RecordStore>(State(house): State<House<S>>, visitor: Visitor) -> Result<Response, Turned> {
    if !house.desk().may_do(&visitor.who, Act::ProposeLocalField) {
        return Err(Problem::role(Act::ProposeLocalField.words()).into());
    }
    Ok(sheet(&visitor, &Form::default(), None).shown(&house, &visitor, Part::Administration))
}

fn sheet(visitor: &Visitor, form: &Form, wrong: Option<&Wrong>) -> Sheet {
    let asked = &form.asked;
    let error = |control| Wrong::beside(wrong, control);
    let sure = SURE.map(|(value, label)| Choice::new(value, label));
    let main = html! {
        div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
            (Wrong::above(wrong))
            h1 class="govuk-heading-l" { "Propose a code list" }
            p class="govuk-body" {
                "To change a list, propose it again as a whole under its name. A code that is in force stays and \
                 keeps its words; it can be given a last day. Somebody else than you approves it."
            }
            form action=(PATH) method="post" novalidate {
                (hidden(&visitor.token))
                (Input::new("title", "What people call it").value(asked.title.as_str()).width(Width::Thirty)
                    .autocomplete("off").error(error("title")))
                (Input::new("name", "Name for programs").value(asked.name.as_str()).width(Width::Twenty)
                    .spellcheck(false).autocomplete("off").hint("Lower-case letters, digits and hyphens")
                    .error(error("name")))
                (Input::new("source", "Who publishes or decides it?").value(asked.source.as_str())
                    .error(error("source")))
                (Radios::new("sure", Legend::new("How sure is it?"), sure).value(asked.sure.clone())
                    .error(error("sure")))
                (Textarea::new("codes", "Codes, one a line").value(form.codes.as_str()).rows(10u16)
                    .spellcheck(false).error(error("codes"))
                    .hint("code | what people see | first day | last day, for instance: north | North of the river. Days are written as 2026-12-31"))
                (Button::new("Propose").prevent_double_click(true))
            }
        } }
    };
    let sheet = Sheet::new("Propose a code list", main).before(BackLink::new(FIELDS).text("Own fields"));
    Wrong::on(wrong, sheet)
}

async fn propose<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    let form = Form::sent(&sent);
    let proposed = match read_codes(&form.codes) {
        Ok(codes) => {
            let asked = ListAsked { codes, ..form.asked.clone() };
            house.desk().propose_local_list(&visitor.who, &asked).await
        }
        Err(error) => Err(error),
    };
    let error = match proposed {
        Ok(declared) => return Ok(done(&format!("{LISTS}/{}", declared.id), "proposed")),
        Err(error) => error,
    };
    let wrong = Wrong::of(error, &CONTROLS)?;
    Ok(sheet(&visitor, &form, Some(&wrong)).shown(&house, &visitor, Part::Administration))
}

/// The control of each part that the desk may name.
const CONTROLS: [(&str, &str); 5] =
    [("name", "name"), ("title", "title"), ("source", "source"), ("sure", "sure"), ("codes", "codes")];
