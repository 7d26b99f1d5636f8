//! One rejected row: what it said, the form that corrects it, and the one that discards it.

use crate::house::House;
use crate::pages::sheet::{Part, Sheet, done, hidden};
use crate::pages::turned::Turned;
use crate::pages::typed::Typed;
use crate::pages::visitor::{Visitor, Working};
use crate::pages::words;
use crate::runs::CONNECTOR;
use axum::extract::{Path, State};
use axum::response::Response;
use components::{
    BackLink, Button, Details, ErrorLink, ErrorSummary, Input, Markup, Row, SummaryList, Textarea, html,
};
use desk::DeskError;
use desk::intake::Reject;
use intake::{Table, rework};
use law::access::Action;
use vault::store::RecordStore;

/// A row by the three parts of its name.
pub(super) type ByRow = (String, String, String);

/// The name of a row.
pub(super) fn name_of((source, file, line): &ByRow) -> String {
    format!("{source}/{file}/{line}")
}

/// The page of a row, with what was typed and what was wrong with it.
pub(super) struct Reworking<'a> {
    /// The row.
    pub reject: &'a Reject,
    /// What stands in each column; `None` where the file is none that is known.
    pub fields: Option<(&'static Table, Vec<String>)>,
    /// Why it is corrected.
    pub why: String,
    /// What is wrong, by the control at fault: a column, `why` or `ground`; nothing for the whole.
    pub wrong: Option<(String, String)>,
}

impl<'a> Reworking<'a> {
    /// A row as it stood.
    pub(super) fn of(reject: &'a Reject) -> Self {
        let raw = hex::decode(&reject.raw).unwrap_or_default();
        let table = rework::table_of(CONNECTOR, &reject.file);
        let fields = table.map(|table| (table, rework::fields(table, &raw)));
        Self { reject, fields, why: String::new(), wrong: None }
    }

    fn error(&self, control: &str) -> Option<String> {
        self.wrong.as_ref().filter(|(at, _)| at == control).map(|(_, words)| words.clone())
    }

    /// Its page.
    pub(super) fn sheet<S: RecordStore>(&self, house: &House<S>, visitor: &Visitor) -> Sheet {
        let may_take_in = house.desk().may_on_some(&visitor.who, Action::Intake);
        let main = html! {
            @if let Some((at, words)) = &self.wrong { (ErrorSummary::new([self.link(at, words)])) }
            span class="govuk-caption-l" { "Rejected row" }
            h1 class="govuk-heading-l bluelamp-record__name" { "Line " (words::number(self.reject.line)) " of " (self.reject.file) }
            (SummaryList::new([
                Row::new("Column", self.reject.field.as_str()),
                Row::new("What is wrong", self.reject.reason.as_str()),
            ]))
            @if let Some((table, fields)) = &self.fields {
                @if may_take_in { (self.correct_form(visitor, table, fields)) }
            }
            (Details::new("The row as it stood", html! { p class="bluelamp-raw" { (raw_text(self.reject)) } }))
            (self.discard_form(visitor))
        };
        let back = BackLink::new("/intake/rejects").text("All rejected rows");
        let sheet = Sheet::new("Rejected row", main).before(back);
        if self.wrong.is_some() { sheet.with_errors() } else { sheet }
    }

    fn link(&self, at: &str, words: &str) -> ErrorLink {
        let place =
            self.fields.as_ref().and_then(|(table, _)| table.columns.iter().position(|name| *name == at));
        match (at, place) {
            (_, Some(place)) => ErrorLink::new(format!("#{}", control(place)), words),
            ("why" | "ground", None) => ErrorLink::new(format!("#{at}"), words),
            _ => ErrorLink::general(words),
        }
    }

    fn correct_form(&self, visitor: &Visitor, table: &Table, fields: &[String]) -> Markup {
        html! {
            h2 class="govuk-heading-m" { "Correct it, and take it in" }
            p class="govuk-body" { "The columns stand in the order in which they are published. Look whether each value stands under its own." }
            form action={ "/intake/rejects/" (self.reject.name) "/correct" } method="post" novalidate {
                (hidden(&visitor.token))
                @for (place, column) in table.columns.iter().enumerate() {
                    (Input::new(control(place), *column).value(fields.get(place).map_or("", String::as_str))
                        .error(self.error(column)).autocomplete("off").spellcheck(false))
                }
                (Textarea::new("why", "Why do you correct it, and how do you know?").value(self.why.as_str()).rows(2u16).error(self.error("why")))
                (Button::new("Take it in").prevent_double_click(true))
            }
        }
    }

    fn discard_form(&self, visitor: &Visitor) -> Markup {
        html! {
            h2 class="govuk-heading-m" { "Discard it" }
            p class="govuk-body" { "Its key is destroyed, and nobody can read it any more. The log keeps that you did it, and why." }
            form action={ "/intake/rejects/" (self.reject.name) "/discard" } method="post" novalidate {
                (hidden(&visitor.token))
                (Textarea::new("ground", "Why is it not needed?").rows(2u16).error(self.error("ground")))
                (Button::warning("Discard it for good").prevent_double_click(true))
            }
        }
    }
}

/// Name of the control of a column.
pub(super) fn control(place: usize) -> String {
    format!("column-{place}")
}

fn raw_text(reject: &Reject) -> String {
    String::from_utf8_lossy(&hex::decode(&reject.raw).unwrap_or_default()).into_owned()
}

pub(super) async fn page<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Path(row): Path<ByRow>,
) -> Result<Response, Turned> {
    let reject = house.desk().reject(&who, &name_of(&row)).await?;
    Ok(Reworking::of(&reject).sheet(&house, &visitor).shown(&house, &visitor, Part::Intake))
}

pub(super) async fn discard<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Path(row): Path<ByRow>,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    match house.desk().discard_reject(&who, &name_of(&row), sent.text("ground")).await {
        Ok(()) => Ok(done("/intake/rejects", "discarded")),
        Err(DeskError::Unusable(_)) => {
            let reject = house.desk().reject(&who, &name_of(&row)).await?;
            let wrong = Some(("ground".to_owned(), "Say why the row is not needed.".to_owned()));
            let reworking = Reworking { wrong, ..Reworking::of(&reject) };
            Ok(reworking.sheet(&house, &visitor).shown(&house, &visitor, Part::Intake))
        }
        Err(error) => Err(error.into()),
    }
}
