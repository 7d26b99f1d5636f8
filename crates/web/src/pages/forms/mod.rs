//! Forms: a record is made or changed by a form that follows from the declaration of its kind.

mod controls;
mod create;
mod dates;
mod draft;
mod edit;
mod link;
mod once;
mod page;
mod restrict;
mod reveal;
mod roadside;
mod sections;

pub(super) use roadside::{WORKER, worker_headers};

use crate::house::House;
use crate::pages::typed::Sent;
use axum::Router;
use components::Markup;
use desk::DeskError;
use model::derived::form::{self, Texts};
use model::derived::validate::Problem;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new()
        .merge(create::routes())
        .merge(edit::routes())
        .merge(link::routes())
        .merge(restrict::routes())
        .merge(draft::routes())
        .merge(roadside::routes())
}

/// Controls of a form that are no fields of a record.
const OWN: [&str; 7] = ["do", "once", "draft", "kind", "of", "version", "reason"];

/// What somebody typed into the fields of a form.
fn typed_of(sent: &Sent) -> Texts {
    let mut texts = dates::joined(&sent.texts());
    texts.retain(|name, _| !OWN.contains(&name.as_str()));
    texts
}

/// What the button that was pressed asks for.
enum Asked<'a> {
    /// To save.
    Save,
    /// One more row of a field.
    Add(&'a str),
    /// A row less, by its path.
    Remove(&'a str),
    /// Another step of the form.
    Step(&'a str),
    /// To keep it as it is, and go on later.
    Draft,
}

impl<'a> Asked<'a> {
    fn of(sent: &'a Sent) -> Self {
        match sent.text("do").split_once(':') {
            Some(("add", name)) => Self::Add(name),
            Some(("remove", row)) => Self::Remove(row),
            Some(("step", step)) => Self::Step(step),
            None if sent.text("do") == "draft" => Self::Draft,
            _ => Self::Save,
        }
    }
}

/// What is wrong with a form, and what more it shows.
#[derive(Default)]
struct Stands<'a> {
    problems: &'a [Problem],
    general: Option<String>,
    one_more: Option<&'a str>,
    reason: &'a str,
    above: Markup,
}

/// The texts without one row.
fn without_row(mut typed: Texts, row: &str) -> Texts {
    let beginning = format!("{row}.");
    typed.retain(|path, _| !path.starts_with(&beginning));
    form::without_gaps(&typed)
}

/// What a refusal to save says beside the fields, and in general; other faults end the request.
fn said_beside(error: DeskError) -> Result<(Vec<Problem>, Option<String>), DeskError> {
    match error {
        DeskError::Problems(problems) => Ok((problems, None)),
        DeskError::Unusable(why) if why.starts_with("reason:") => Ok((vec![missing_reason()], None)),
        DeskError::Unusable(why) | DeskError::NotNow(why) => Ok((Vec::new(), Some(why))),
        other => Err(other),
    }
}

fn missing_reason() -> Problem {
    Problem {
        field: "reason".to_owned(),
        label: "Reason".to_owned(),
        rule: "reason",
        law: "DPA 2018 s.46, s.62".to_owned(),
        mend: "Say why you change it.".to_owned(),
        stops: true,
    }
}
