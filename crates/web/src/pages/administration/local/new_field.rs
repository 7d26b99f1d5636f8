//! The form by which a field is proposed.

use super::FIELDS;
use crate::house::House;
use crate::pages::administration::Wrong;
use crate::pages::administration::grants::date;
use crate::pages::sheet::{Part, Sheet, done, hidden};
use crate::pages::turned::Turned;
use crate::pages::typed::{Sent, Typed};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use components::{
    BackLink, Button, Checkboxes, Choice, DateInput, Input, Legend, Markup, Radios, Select, SelectItem,
    Width, html,
};
use desk::local_fields::{FieldAsked, SORTS};
use law::access::Act;
use model::{codes, kinds};
use vault::store::RecordStore;

const PATH: &str = "/administration/local-fields/new";

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new().route("/administration/local-fields/new", get(begin::<S>).post(propose::<S>))
}

/// Whose personal data a field is, as a choice.
const ABOUT: [(&str, &str); 5] = [
    ("own", "The person or thing that the record is of"),
    ("linked", "Somebody else who has a part in it"),
    ("officer", "The officer or member of staff"),
    ("event", "Nobody: it is about the event or thing"),
    ("mixed", "Several people, so that a reviewer decides line by line"),
];

/// Fact or personal assessment, as a choice.
const CLASSES: [(&str, &str); 4] = [
    ("fact", "Fact"),
    ("opinion", "Opinion: what somebody believes"),
    ("allegation", "Allegation: what somebody says that another did"),
    ("assessment", "Assessment: a judgement made from several facts or opinions"),
];

/// What is true of a field, as boxes.
const MARKS: [(&str, &str); 3] = [
    ("sensitive", "It is sensitive processing (DPA 2018 s.35(8))"),
    ("reviewed", "A reviewer reads it before its subject gets it"),
    ("needed", "A record without it is incomplete; nobody is stopped"),
];

/// What the form says.
#[derive(Debug, Default)]
struct Form {
    asked: FieldAsked,
    role: String,
    from: [String; 3],
}

impl Form {
    fn sent(sent: &Sent) -> Self {
        let text = |name: &str| sent.text(name).trim().to_owned();
        let marked = |mark: &str| sent.all("marks").any(|sent| sent == mark);
        let asked = FieldAsked {
            kind: text("kind"),
            name: text("name"),
            label: text("label"),
            help: text("help"),
            sort: text("type"),
            list: text("list"),
            about: text("about"),
            class: text("class"),
            sensitive: marked("sensitive"),
            reviewed: marked("reviewed"),
            needed: marked("needed"),
            from: None,
            source: text("source"),
        };
        let from = ["day", "month", "year"].map(|part| text(&format!("from-{part}")));
        Self { asked, role: text("role"), from }
    }

    /// What is asked of the desk.
    fn asked(&self) -> Result<FieldAsked, Wrong> {
        let mut asked = self.asked.clone();
        if asked.about == "linked" {
            asked.about = format!("linked:{}", self.role.to_lowercase().replace(' ', "-"));
        }
        if asked.sort != "code" {
            asked.list.clear();
        }
        if self.from.iter().any(|part| !part.is_empty()) {
            let wrong = || Wrong::at("from-day", "Give day, month and year, for instance 31 12 2026.");
            asked.from = Some(date(&self.from).ok_or_else(wrong)?);
        }
        Ok(asked)
    }
}

async fn begin<S: RecordStore>(State(house): State<House<S>>, visitor: Visitor) -> Result<Response, Turned> {
    if !house.desk().may_do(&visitor.who, Act::ProposeLocalField) {
        return Err(Problem::role(Act::ProposeLocalField.words()).into());
    }
    Ok(sheet(&visitor, &Form::default(), None).shown(&house, &visitor, Part::Administration))
}

fn sheet(visitor: &Visitor, form: &Form, wrong: Option<&Wrong>) -> Sheet {
    let main = html! {
        div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
            (Wrong::above(wrong))
            h1 class="govuk-heading-l" { "Propose a field" }
            p class="govuk-body" {
                "Ask for no more than is needed (DPA 2018 s.37). Somebody else than you approves it; after that it \
                 changes no more, and can only end."
            }
            form action=(PATH) method="post" novalidate {
                (hidden(&visitor.token))
                (what(form, wrong))
                (legal_class(form, wrong))
                (why(form, wrong))
                (Button::new("Propose").prevent_double_click(true))
            }
        } }
    };
    let sheet = Sheet::new("Propose a field", main).before(BackLink::new(FIELDS).text("Own fields"));
    Wrong::on(wrong, sheet)
}

fn what(form: &Form, wrong: Option<&Wrong>) -> Markup {
    let asked = &form.asked;
    let error = |control| Wrong::beside(wrong, control);
    let choose = || std::iter::once(SelectItem::new("", "Choose"));
    let kinds = choose().chain(kinds::ALL.iter().map(|kind| SelectItem::new(kind.name, kind.plural)));
    let sorts = choose().chain(SORTS.iter().map(|sort| SelectItem::new(sort.word, sort.label)));
    let lists = std::iter::once(SelectItem::new("", "None"));
    let lists = lists.chain(codes::all().map(|list| SelectItem::new(list.id.as_str(), list.title.as_str())));
    html! {
        (Select::new("kind", "Of which records?", kinds).value(asked.kind.clone()).error(error("kind")))
        (Input::new("label", "What people see above it").value(asked.label.as_str()).width(Width::Thirty)
            .autocomplete("off").error(error("label")))
        (Input::new("help", "Help under it, if it needs some").value(asked.help.as_str()).autocomplete("off")
            .error(error("help")))
        (Input::new("name", "Name in searches and for programs").value(asked.name.as_str()).width(Width::Twenty)
            .spellcheck(false).autocomplete("off").error(error("name"))
            .hint("Lower-case letters, digits and hyphens. With “ward”, people search for local.ward:abbey"))
        (Select::new("type", "What does it hold?", sorts).value(asked.sort.clone()).error(error("type")))
        (Select::new("list", "Code list, if it holds a choice", lists).value(asked.list.clone())
            .error(error("list")))
    }
}

fn legal_class(form: &Form, wrong: Option<&Wrong>) -> Markup {
    let asked = &form.asked;
    let error = |control| Wrong::beside(wrong, control);
    let role = html! {
        (Input::new("role", "Which part?").value(form.role.as_str()).width(Width::Twenty).spellcheck(false)
            .hint("For instance witness, driver or appropriate adult"))
    };
    let about = ABOUT.map(|(value, label)| match value {
        "linked" => Choice::new(value, label).reveals(role.clone()),
        _ => Choice::new(value, label),
    });
    let marks = MARKS.map(|(value, label)| Choice::new(value, label));
    let marked = [asked.sensitive, asked.reviewed, asked.needed].into_iter().zip(MARKS);
    let marked: Vec<String> =
        marked.filter(|(is_marked, _)| *is_marked).map(|(_, (value, _))| value.to_owned()).collect();
    html! {
        (Radios::new("about", Legend::new("Whose personal data is it?"), about).value(asked.about.clone())
            .hint("It decides what an access request returns (DPA 2018 s.45)").error(error("about")))
        (Radios::new("class", Legend::new("Is it fact?"), CLASSES.map(|(value, label)| Choice::new(value, label)))
            .value(asked.class.clone())
            .hint("Fact and personal assessment are told apart wherever it is shown (DPA 2018 s.38(2))")
            .error(error("class")))
        (Checkboxes::new("marks", Legend::new("What is true of it?"), marks).values(marked)
            .error(error("marks")).classes("govuk-checkboxes--small"))
    }
}

fn why(form: &Form, wrong: Option<&Wrong>) -> Markup {
    html! {
        (Input::new("source", "By what authority is it asked?").value(form.asked.source.as_str())
            .hint("The policy, direction or law").error(Wrong::beside(wrong, "source")))
        (DateInput::new("from", Legend::new("First day, if it is not today"))
            .values(form.from.each_ref().map(String::as_str)).error(Wrong::beside(wrong, "from-day")))
    }
}

async fn propose<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    let form = Form::sent(&sent);
    let wrong = match form.asked() {
        Err(wrong) => wrong,
        Ok(asked) => match house.desk().propose_local_field(&visitor.who, &asked).await {
            Ok(declared) => return Ok(done(&format!("{FIELDS}/{}", declared.id), "proposed")),
            Err(error) => Wrong::of(error, &CONTROLS)?,
        },
    };
    Ok(sheet(&visitor, &form, Some(&wrong)).shown(&house, &visitor, Part::Administration))
}

/// The control of each part that the desk may name.
const CONTROLS: [(&str, &str); 10] = [
    ("kind", "kind"),
    ("name", "name"),
    ("label", "label"),
    ("type", "type"),
    ("list", "list"),
    ("about", "about"),
    ("class", "class"),
    ("sensitive", "marks"),
    ("from", "from-day"),
    ("source", "source"),
];
