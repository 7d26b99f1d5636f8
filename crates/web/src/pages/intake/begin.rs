//! Where an intake begins: a file or folder of the exchange folder, or a file that somebody brings.

use crate::house::House;
use crate::pages::sheet::{Part, Sheet, hidden};
use crate::pages::sign_in::Onward;
use crate::pages::turned::{Turned, see};
use crate::pages::typed::{Typed, TypedWithFile};
use crate::pages::visitor::{Visitor, Working};
use crate::pages::words;
use crate::problem::{Problem, Sort};
use crate::runs::{self, Brought, CONNECTOR, Run, RunState, Taking, in_exchange};
use axum::extract::multipart::Field;
use axum::extract::{Multipart, Query, State};
use axum::response::Response;
use components::{
    Button, Cell, Details, ErrorLink, ErrorSummary, FileUpload, Input, InsetText, Markup, NotificationBanner,
    Table, html,
};
use law::access::Act;
use std::path::Path;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use vault::store::RecordStore;

/// Names of the exchange folder that are shown.
const MOST_NAMES: usize = 100;

/// What was wrong with what was sent.
#[derive(Default)]
struct Wrong {
    path: String,
    of_path: Option<String>,
    of_file: Option<String>,
}

pub(super) async fn page<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Query(onward): Query<Onward>,
) -> Result<Response, Turned> {
    house.desk().check_may_take_in(&who).await?;
    Ok(sheet(&house, &visitor, &onward.done, &Wrong::default()).shown(&house, &visitor, Part::Intake))
}

fn sheet<S: RecordStore>(house: &House<S>, visitor: &Visitor, done: &str, wrong: &Wrong) -> Sheet {
    let runs = house.runs().all_of(&visitor.who);
    let errors = [("#path", &wrong.of_path), ("#file", &wrong.of_file)];
    let errors: Vec<ErrorLink> = errors
        .into_iter()
        .filter_map(|(at, error)| error.as_ref().map(|error| ErrorLink::new(at, error.as_str())))
        .collect();
    let has_errors = !errors.is_empty();
    let main = html! {
        @if has_errors { (ErrorSummary::new(errors)) }
        @if done == "ended" { (NotificationBanner::success("The intake has ended.")) }
        h1 class="govuk-heading-l" { "Intake" }
        @if house.desk().may_do(&visitor.who, Act::ReworkRejects) {
            p class="govuk-body" { a class="govuk-link" href="/intake/rejects" { "Rows that were rejected" } }
        }
        @if house.runs().is_busy() { (InsetText::new(busy(&runs))) } @else { (forms(house, visitor, wrong)) }
        (past(&runs))
    };
    let sheet = Sheet::new("Intake", main);
    if has_errors { sheet.with_errors() } else { sheet }
}

fn busy(runs: &[Run]) -> Markup {
    html! {
        @match runs.iter().find(|run| run.state == RunState::Running) {
            Some(run) => {
                "You are taking in " strong { (run.what) } ". "
                a class="govuk-link" href={ "/intake/runs/" (run.run) } { "See how far it is" }
                ". The next can begin when it has ended."
            }
            None => "Somebody else is taking files in. Yours can begin when that has ended.",
        }
    }
}

fn forms<S: RecordStore>(house: &House<S>, visitor: &Visitor, wrong: &Wrong) -> Markup {
    let Some(exchange) = house.options().exchange.as_deref() else {
        let words = "This server has no exchange folder, through which files come in. Whoever runs it gives it one with “serve --exchange FOLDER”.";
        return html! { (InsetText::new(words)) };
    };
    html! {
        p class="govuk-body" {
            "Files of data.police.uk, named " (CONNECTOR.file_names()) ". Rows that are held already are told apart, so a file may be taken in again."
        }
        h2 class="govuk-heading-m" { "From the exchange folder" }
        form action="/intake" method="post" novalidate {
            (hidden(&visitor.token))
            (Input::new("path", "File or folder").value(wrong.path.as_str()).error(wrong.of_path.clone())
                .hint("Its name in the exchange folder, as 2024-01 or 2024-01/2024-01-lampshire-stop-and-search.csv")
                .autocomplete("off").autocapitalize("none").spellcheck(false))
            (lying_there(exchange))
            (Button::new("Take it in").prevent_double_click(true))
        }
        h2 class="govuk-heading-m" { "From your computer" }
        form action="/intake/upload" method="post" enctype="multipart/form-data" novalidate {
            (hidden(&visitor.token))
            (FileUpload::new("file", "A file").accept(".csv,text/csv").error(wrong.of_file.clone())
                .hint("It is removed from the exchange folder when it was read."))
            (Button::new("Send it and take it in").prevent_double_click(true))
        }
    }
}

fn lying_there(exchange: &Path) -> Markup {
    let entries = std::fs::read_dir(exchange).into_iter().flatten().flatten();
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| !name.starts_with('.'));
    names.sort_unstable();
    let rest = names.len().saturating_sub(MOST_NAMES);
    let list = html! {
        ul class="govuk-list" {
            @for name in names.iter().take(MOST_NAMES) { li { code { (name) } } }
            @if rest > 0 { li { "and " (words::number(rest as u64)) " more" } }
        }
    };
    html! {
        @if !names.is_empty() { (Details::new("What lies in the exchange folder", list)) }
    }
}

fn past(runs: &[Run]) -> Markup {
    let rows = runs.iter().map(|run| {
        vec![
            Cell::new(html! { a class="govuk-link" href={ "/intake/runs/" (run.run) } { (run.what) } }),
            Cell::new(words::moment(run.begun)),
            Cell::new(super::run::state_tag(run.state)),
            Cell::new(words::count(run.report.as_ref().map_or(run.rows, |report| report.totals.rows), "row")),
        ]
    });
    let head = ["What", "Begun", "How it stands", "Rows"].map(Cell::new);
    html! {
        @if !runs.is_empty() {
            (Table::new(head, rows).caption("What you took in since the server began").classes("bluelamp-table--stacked"))
        }
    }
}

pub(super) async fn from_exchange<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    house.desk().check_may_take_in(&who).await?;
    let path = sent.text("path").trim().to_owned();
    let begun = if path.is_empty() {
        Err(Problem::new(Sort::Unusable, "Write the name of a file or folder of the exchange folder."))
    } else {
        in_exchange(&house, &path, true)
            .and_then(|full| runs::begin(&house, who, Taking::of_exchange(&path, full)))
    };
    match begun {
        Ok((run, _)) => Ok(see(&format!("/intake/runs/{}", run.run))),
        Err(problem) if matches!(problem.sort(), Sort::Unusable | Sort::NotNow) => {
            let of_path = Some(problem.details().detail().to_owned());
            let wrong = Wrong { path, of_path, of_file: None };
            Ok(sheet(&house, &visitor, "", &wrong).shown(&house, &visitor, Part::Intake))
        }
        Err(problem) => Err(problem.into()),
    }
}

pub(super) async fn upload<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    TypedWithFile(parts): TypedWithFile,
) -> Result<Response, Turned> {
    house.desk().check_may_take_in(&who).await?;
    let begun = match bring(&house, parts).await {
        Ok((name, brought)) => runs::begin(&house, who, Taking::of_brought(name, brought)),
        Err(problem) => Err(problem),
    };
    match begun {
        Ok((run, _)) => Ok(see(&format!("/intake/runs/{}", run.run))),
        Err(problem) if matches!(problem.sort(), Sort::Unusable | Sort::NotNow | Sort::TooLarge) => {
            let of_file = Some(problem.details().detail().to_owned());
            let wrong = Wrong { of_file, ..Wrong::default() };
            Ok(sheet(&house, &visitor, "", &wrong).shown(&house, &visitor, Part::Intake))
        }
        Err(problem) => Err(problem.into()),
    }
}

/// Writes the file of a form into a place of its own; gives its name too.
async fn bring<S: RecordStore>(house: &House<S>, mut parts: Multipart) -> Result<(String, Brought), Problem> {
    let none = || Problem::new(Sort::Unusable, "Choose a file.");
    while let Some(field) = parts.next_field().await.map_err(|_| not_whole())? {
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().map(intake::rework::base_name).unwrap_or_default().to_owned();
        if name.is_empty() {
            return Err(none());
        }
        if intake::rework::table_of(CONNECTOR, &name).is_none() {
            let (connector, file_names) = (CONNECTOR.name(), CONNECTOR.file_names());
            let error = intake::IntakeError::NothingRecognised { path: name, connector, file_names };
            return Err(Problem::new(Sort::Unusable, error.to_string()));
        }
        let brought = Brought::place(house, &name)?;
        write(house, field, &brought.file).await?;
        return Ok((name, brought));
    }
    Err(none())
}

async fn write<S: RecordStore>(house: &House<S>, mut field: Field<'_>, to: &Path) -> Result<(), Problem> {
    let fault = |error| Problem::fault(&format!("exchange folder: {error}"));
    let most = house.options().most_octets_of_file;
    let mut file = tokio::fs::File::create_new(to).await.map_err(fault)?;
    let mut octets = 0_u64;
    while let Some(more) = next_piece(&mut field, house.options().patience).await? {
        octets += more.len() as u64;
        if octets > most {
            let detail = format!("The file is larger than {most} octets, and nothing of it was taken in.");
            return Err(Problem::new(Sort::TooLarge, detail));
        }
        file.write_all(&more).await.map_err(fault)?;
    }
    file.flush().await.map_err(fault)
}

async fn next_piece(field: &mut Field<'_>, patience: Duration) -> Result<Option<axum::body::Bytes>, Problem> {
    match tokio::time::timeout(patience, field.chunk()).await {
        Ok(more) => more.map_err(|_| not_whole()),
        Err(_) => Err(not_whole()),
    }
}

fn not_whole() -> Problem {
    Problem::new(Sort::Malformed, "The file did not arrive whole, and nothing of it was taken in.")
}
