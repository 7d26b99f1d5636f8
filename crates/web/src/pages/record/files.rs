//! The files of a record: listed, added, looked at. A picture or a text is shown on its page; anything else, a PDF
//! too, is only saved, and nothing in it ever runs here.

use super::{Shown, heading, unknown_kind};
use crate::file::{Incoming, Outgoing};
use crate::house::House;
use crate::pages::sheet::{Part, Sheet, hidden};
use crate::pages::sign_in::Onward;
use crate::pages::turned::{Turned, see};
use crate::pages::typed::TypedWithFile;
use crate::pages::visitor::{Visitor, Working};
use crate::pages::words;
use crate::problem::{Problem, Sort};
use axum::Router;
use axum::extract::multipart::{Field, Multipart};
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::response::Response;
use axum::routing::get;
use components::{
    BackLink, Button, Cell, Checkboxes, Choice, Details, ErrorLink, ErrorSummary, FileUpload, InsetText,
    Legend, Markup, NotificationBanner, Row, SummaryList, Table, Tag, TagColour, html,
};
use desk::attachments::{Attachment, BEGINNING, Malware, judged};
use law::access::Action;
use std::io::Cursor;
use tokio::io::AsyncReadExt;
use vault::attachments::Reading;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    // A file is no form: it is read piece by piece and has a limit of its own.
    let files = get(page::<S>).post(add::<S>).layer(DefaultBodyLimit::disable());
    Router::new()
        .route("/records/{reference}/files", files)
        .route("/records/{reference}/files/{file}", get(one::<S>))
        .route("/records/{reference}/files/{file}/content", get(content::<S>))
}

/// Pictures that a browser shows without running anything in them.
const PICTURES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];
/// Octets up to which a picture is shown on its page.
const LARGEST_PICTURE: u64 = 30 << 20;
/// Octets of a text that are shown on its page.
const SHOWN_OF_TEXT: usize = 64 << 10;

/// The section of a record's page.
pub(super) fn section(shown: &Shown<'_>, visitor: &Visitor, files: &[Attachment], may_add: bool) -> Markup {
    html! {
        @if !files.is_empty() || may_add {
            h2 class="govuk-heading-m" id="files" { "Files" }
            @if files.is_empty() { p class="govuk-body" { "There are none." } } @else { (list(shown, files)) }
            @if may_add { (Details::new("Add a file", form(&shown.path(), visitor, None))) }
        }
    }
}

fn list(shown: &Shown<'_>, files: &[Attachment]) -> Table {
    let rows = files.iter().map(|file| {
        vec![
            Cell::new(html! { a class="govuk-link" href={ (shown.path()) "/files/" (file.id) } { (file.name) } }),
            Cell::new(type_said(file)),
            Cell::new(size(file.length)),
            Cell::new(html! { (words::moment(file.added.at)) br; span class="bluelamp-result__what" { "by " (file.added.name) } }),
            Cell::new(state(&file.malware)),
        ]
    });
    let head = ["File", "Type", "Size", "Added", "Malware"].map(Cell::new);
    Table::new(head, rows)
        .caption("Files of this record")
        .caption_hidden(true)
        .classes("bluelamp-table--stacked")
}

fn type_said(file: &Attachment) -> Markup {
    html! {
        (type_name(&file.media_type))
        @if file.named_otherwise { " " (Tag::new("Named otherwise").colour(TagColour::Yellow)) }
    }
}

/// What people call a type; the type itself where it is a rarer one.
fn type_name(media_type: &str) -> &str {
    match media_type {
        "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "image/tiff" | "image/heif" => "Picture",
        "text/plain" => "Text",
        "application/pdf" => "PDF",
        "application/zip" => "Zip archive",
        "application/octet-stream" => "Not recognised",
        media_type if media_type.starts_with("video/") => "Video",
        media_type if media_type.starts_with("audio/") => "Sound",
        other => other,
    }
}

fn state(malware: &Malware) -> Markup {
    let (says, colour) = match malware {
        Malware::NotSearched => ("Not searched", TagColour::Grey),
        Malware::Waiting => ("In quarantine, waits for the search", TagColour::Yellow),
        Malware::Nothing => ("Searched, nothing found", TagColour::Green),
        Malware::Found(_) => ("In quarantine, malware found", TagColour::Red),
    };
    html! { (Tag::new(says).colour(colour)) }
}

/// `712 octets`, `34 KB`, `1.2 MB`.
fn size(octets: u64) -> String {
    const THOUSAND: f64 = 1000.0;
    let size = octets as f64;
    match octets {
        0..=999 => words::count(octets, "octet"),
        1_000..=999_999 => format!("{:.0} KB", size / THOUSAND),
        1_000_000..=999_999_999 => format!("{:.1} MB", size / THOUSAND.powi(2)),
        _ => format!("{:.1} GB", size / THOUSAND.powi(3)),
    }
}

/// What was wrong with a file that was sent.
struct Wrong {
    words: String,
    /// Whether it can be kept all the same.
    is_named_otherwise: bool,
}

fn form(path: &str, visitor: &Visitor, wrong: Option<&Wrong>) -> Markup {
    let anyway = wrong.is_some_and(|wrong| wrong.is_named_otherwise);
    let keep = Choice::new("yes", "Keep it under that name all the same: the name is part of the evidence");
    html! {
        form action={ (path) "/files" } method="post" enctype="multipart/form-data" novalidate {
            (hidden(&visitor.token))
            @if anyway { (Checkboxes::new("anyway", Legend::default(), [keep])) }
            (FileUpload::new("file", "A file").error(wrong.map(|wrong| wrong.words.clone()))
                .hint("A photograph, a document, a recording. Its type is judged by what is in it."))
            (Button::secondary("Add it").prevent_double_click(true))
        }
    }
}

async fn page<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Path(reference): Path<String>,
    Query(onward): Query<Onward>,
) -> Result<Response, Turned> {
    let sheet = sheet(&house, &who, &visitor, &reference, &onward.done, None).await?;
    Ok(sheet.shown(&house, &visitor, Part::Records))
}

async fn sheet<S: RecordStore>(
    house: &House<S>,
    who: &desk::Session,
    visitor: &Visitor,
    reference: &str,
    done: &str,
    wrong: Option<&Wrong>,
) -> Result<Sheet, Turned> {
    let record = house.desk().resolve(who, reference).await?;
    let plain = house.desk().open_record(who, record).await?;
    let files = house.desk().attachments(who, record).await?;
    let shown = Shown::of(&plain).ok_or_else(unknown_kind)?;
    let may_add = house.desk().may_on(&visitor.who, shown.kind.number, Action::Change);
    let main = html! {
        @if let Some(wrong) = wrong { (ErrorSummary::new([ErrorLink::new("#file", wrong.words.as_str())])) }
        @if done == "added" { (NotificationBanner::success("The file is kept with the record.")) }
        (heading(&shown))
        h2 class="govuk-heading-m" { "Files" }
        @if files.is_empty() { p class="govuk-body" { "There are none." } } @else { (list(&shown, &files)) }
        @if may_add { h2 class="govuk-heading-m" { "Add a file" } (form(&shown.path(), visitor, wrong)) }
    };
    let sheet =
        Sheet::new(format!("Files of {}", shown.reference), main).before(BackLink::new(shown.path())).wide();
    Ok(if wrong.is_some() { sheet.with_errors() } else { sheet })
}

async fn add<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Path(reference): Path<String>,
    TypedWithFile(parts): TypedWithFile,
) -> Result<Response, Turned> {
    match taken(&house, &who, &reference, parts).await {
        Ok(()) => Ok(see(&format!("/records/{reference}/files?done=added"))),
        Err(Refused::Wrong(wrong)) => {
            let sheet = sheet(&house, &who, &visitor, &reference, "", Some(&wrong)).await?;
            Ok(sheet.shown(&house, &visitor, Part::Records))
        }
        Err(Refused::Problem(problem)) => Err(problem.into()),
    }
}

/// Why a file was not kept.
enum Refused {
    /// It is told beside the control.
    Wrong(Wrong),
    /// It is a page of its own.
    Problem(Problem),
}

impl Refused {
    fn wrong(words: impl Into<String>) -> Self {
        Self::Wrong(Wrong { words: words.into(), is_named_otherwise: false })
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        match problem.sort() {
            Sort::TooLarge | Sort::Unusable | Sort::NotNow => Self::wrong(problem.details().detail()),
            _ => Self::Problem(problem),
        }
    }
}

impl From<desk::DeskError> for Refused {
    fn from(error: desk::DeskError) -> Self {
        Problem::from(error).into()
    }
}

async fn taken<S: RecordStore>(
    house: &House<S>,
    who: &desk::Session,
    reference: &str,
    mut parts: Multipart,
) -> Result<(), Refused> {
    let record = house.desk().resolve_to(who, Action::Change, reference).await?;
    let mut anyway = false;
    while let Some(field) = parts.next_field().await.map_err(|_| not_whole())? {
        match field.name() {
            Some("anyway") => anyway = true,
            Some("file") => {
                let name = field.file_name().unwrap_or_default().to_owned();
                if name.is_empty() {
                    return Err(Refused::wrong("Choose a file"));
                }
                return keep(house, who, record, (&name, anyway), field).await;
            }
            _ => {}
        }
    }
    Err(Refused::wrong("Choose a file"))
}

async fn keep<S: RecordStore>(
    house: &House<S>,
    who: &desk::Session,
    record: model::RecordId,
    (name, anyway): (&str, bool),
    field: Field<'_>,
) -> Result<(), Refused> {
    let options = house.options();
    let mut incoming = Incoming::of(field, options.patience, options.most_octets_of_file);
    let mut beginning = Vec::new();
    let first = (&mut incoming).take(BEGINNING as u64).read_to_end(&mut beginning).await;
    first.map_err(|_| not_whole())?;
    let (media_type, is_named_otherwise) = judged(name, &beginning);
    if is_named_otherwise && !anyway {
        let words = format!(
            "The name “{name}” says one type of file, and what is in it another ({}). Choose the right file, or give it the right name",
            type_name(&media_type).to_lowercase()
        );
        return Err(Refused::Wrong(Wrong { words, is_named_otherwise }));
    }
    let mut whole = Cursor::new(beginning).chain(incoming);
    house.desk().attach(who, record, name, &mut whole, options.most_octets_of_file).await?;
    Ok(())
}

fn not_whole() -> Problem {
    Problem::new(Sort::Malformed, "The file did not arrive whole, and nothing of it was kept.")
}

async fn one<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Path((reference, file)): Path<(String, uuid::Uuid)>,
) -> Result<Response, Turned> {
    let record = house.desk().resolve(&who, &reference).await?;
    let files = house.desk().attachments(&who, record).await?;
    let file = files.into_iter().find(|held| held.id == file.to_string()).ok_or_else(Problem::not_found)?;
    let path = format!("/records/{}", reference.to_uppercase());
    let shown = match (file.malware.lets_open(), file.media_type.as_str()) {
        (false, _) => {
            html! { (InsetText::new("Nobody opens it until it was searched for malware and nothing was found.")) }
        }
        (true, "text/plain") => {
            let (_, reading) = house.desk().open_attachment(&who, record, &file.id).await?;
            text(&file, beginning_of(reading).await?)
        }
        (true, media_type) if PICTURES.contains(&media_type) && file.length <= LARGEST_PICTURE => html! {
            p { img class="bluelamp-picture" src={ (path) "/files/" (file.id) "/content" } alt={ "The picture " (file.name) }; }
        },
        _ => {
            html! { (InsetText::new("It is not shown here, because files of its type can hold programs. Save it, and open it in what your force has for that.")) }
        }
    };
    let main = html! {
        span class="govuk-caption-l" { "File of " (reference.to_uppercase()) }
        h1 class="govuk-heading-l bluelamp-record__name" { (file.name) }
        @if file.malware.lets_open() {
            (Button::secondary("Save it").href(format!("{path}/files/{}/content", file.id)))
        }
        (shown)
        (about(&file))
    };
    let sheet = Sheet::new(format!("File of {}", reference.to_uppercase()), main);
    Ok(sheet.before(BackLink::new(format!("{path}/files")).text("Files")).wide().shown(
        &house,
        &visitor,
        Part::Records,
    ))
}

/// The first octets of a file.
async fn beginning_of(mut reading: Reading) -> Result<Vec<u8>, Turned> {
    let mut text = Vec::new();
    while text.len() <= SHOWN_OF_TEXT {
        let Some(chunk) = reading.next().await.map_err(Problem::from)? else { break };
        let room = SHOWN_OF_TEXT + 1 - text.len();
        text.extend(chunk.iter().take(room));
    }
    Ok(text)
}

fn text(file: &Attachment, mut octets: Vec<u8>) -> Markup {
    let is_cut = octets.len() > SHOWN_OF_TEXT;
    octets.truncate(SHOWN_OF_TEXT);
    html! {
        pre class="bluelamp-raw bluelamp-text-file" tabindex="0" aria-label={ "What " (file.name) " says" } { (String::from_utf8_lossy(&octets)) }
        @if is_cut { p class="govuk-body-s" { "This is its beginning. Save it to read the rest." } }
    }
}

fn about(file: &Attachment) -> SummaryList {
    SummaryList::new([
        Row::new("Type, by its content", format!("{} ({})", type_name(&file.media_type), file.media_type)),
        Row::new("Size", size(file.length)),
        Row::new("Added", format!("{} by {}", words::moment(file.added.at), file.added.name)),
        Row::new("Malware", words::capital(&file.malware.words())),
        Row::new("SHA-256", html! { code class="bluelamp-digest" { (file.digest) } }),
    ])
}

async fn content<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, .. }: Working,
    Path((reference, file)): Path<(String, uuid::Uuid)>,
) -> Result<Outgoing, Turned> {
    let record = house.desk().resolve(&who, &reference).await?;
    Ok(Outgoing::new(house.desk().open_attachment(&who, record, &file.to_string()).await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_easy_to_read() {
        for (octets, said) in [
            (0, "0 octets"),
            (712, "712 octets"),
            (34_400, "34 KB"),
            (1_234_567, "1.2 MB"),
            (5 << 30, "5.4 GB"),
        ] {
            assert_eq!(size(octets), said);
        }
    }
}
