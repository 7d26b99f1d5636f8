//! Whether a paper is genuine, for whoever holds it. Nobody signs in, and no word of what a paper says is shown.

use crate::house::House;
use crate::pages::administration::Wrong;
use crate::pages::at::At;
use crate::pages::sheet::Sheet;
use crate::pages::turned::Turned;
use crate::pages::typed::{FileByAnybody, Sent, TypedByAnybody};
use crate::pages::visitor::peer_of;
use crate::pages::words;
use crate::problem::{Problem, Sort};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::{get, post};
use components::{
    Button, Details, FileUpload, Input, Markup, Row, SummaryList, Tag, TagColour, Textarea, Width, html,
};
use desk::papers::{About, Agreement, Brought, Checked, Standing};
use vault::store::RecordStore;

/// Octets that a file may have which somebody compares here; a larger one is compared offline.
const LARGEST: usize = 8 << 20;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    let with_file = post(of_file::<S>).layer(DefaultBodyLimit::max(LARGEST));
    Router::new().route("/papers", get(ask::<S>).post(of_words::<S>)).route("/papers/file", with_file)
}

async fn ask<S: RecordStore>(State(house): State<House<S>>) -> Response {
    shown(&house, page(&Sent::default(), None, None))
}

async fn of_words<S: RecordStore>(
    State(house): State<House<S>>,
    parts: Parts,
    TypedByAnybody(sent): TypedByAnybody,
) -> Result<Response, Turned> {
    house.limits().paper(peer_of(&parts))?;
    let brought = match brought(&sent) {
        Ok(brought) => brought,
        Err(wrong) => return Ok(shown(&house, page(&sent, Some(&wrong), None))),
    };
    answered(&house, &sent, brought).await
}

/// What somebody typed of a section.
fn brought(sent: &Sent) -> Result<Brought<'_>, Wrong> {
    if !sent.has("words") && !sent.has("beside") {
        return Ok(Brought::Nothing);
    }
    let number = sent.text("section").trim().parse().ok().filter(|number| *number > 0);
    let number =
        number.ok_or_else(|| Wrong::at("section", "Give the number of the section, for instance 1."))?;
    Ok(match sent.has("words") {
        true => Brought::Section(number, sent.text("words")),
        false => Brought::Beside(number, sent.text("beside")),
    })
}

async fn of_file<S: RecordStore>(
    State(house): State<House<S>>,
    parts: Parts,
    FileByAnybody(multipart): FileByAnybody,
) -> Result<Response, Turned> {
    house.limits().paper(peer_of(&parts))?;
    let (sent, octets) = read(multipart).await?;
    answered(&house, &sent, Brought::File(&octets)).await
}

async fn read(mut multipart: Multipart) -> Result<(Sent, Vec<u8>), Problem> {
    let broken = |_| {
        let most = LARGEST >> 20;
        Problem::new(
            Sort::TooLarge,
            format!(
                "The file did not arrive whole; here it may have {most} MiB. Compare a larger one offline."
            ),
        )
    };
    let (mut code, mut octets) = (String::new(), Vec::new());
    while let Some(field) = multipart.next_field().await.map_err(broken)? {
        match field.name() {
            Some("code") => code = field.text().await.map_err(broken)?,
            Some("file") => octets = field.bytes().await.map_err(broken)?.to_vec(),
            _ => {}
        }
    }
    Ok((Sent::one("code", &code), octets))
}

async fn answered<S: RecordStore>(
    house: &House<S>,
    sent: &Sent,
    brought: Brought<'_>,
) -> Result<Response, Turned> {
    match house.desk().check_paper(sent.text("code"), brought).await {
        Ok(checked) => {
            let told = told(&checked, house.desk().force_name());
            Ok(shown(house, page(sent, None, Some(told))))
        }
        Err(error) => {
            let wrong = Wrong::of(error, &[("code", "code")])?;
            Ok(shown(house, page(sent, Some(&wrong), None)))
        }
    }
}

fn shown<S: RecordStore>(house: &House<S>, sheet: Sheet) -> Response {
    sheet.for_anybody(house, &At::said("/papers"))
}

fn page(sent: &Sent, wrong: Option<&Wrong>, told: Option<Markup>) -> Sheet {
    let main = html! {
        (Wrong::above(wrong))
        div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
            h1 class="govuk-heading-l" { "Check a paper" }
            @if let Some(told) = told { (told) }
            p class="govuk-body" {
                "Every paper and file of this force carries a code. It tells whether the force made it, whether it was altered, and \
                 whether it still counts. You see nothing of what it says."
            }
            form action="/papers" method="post" novalidate {
                (Input::new("code", "Code").value(sent.text("code")).width(Width::Twenty).spellcheck(false)
                    .autocomplete("off").autocapitalize("characters")
                    .hint("16 letters and digits, beside the square at the top of the paper")
                    .error(Wrong::beside(wrong, "code")))
                (Details::new("Was a word of it altered?", section_controls(sent, wrong))
                    .open(sent.has("words") || sent.has("beside") || sent.has("section")))
                (Button::new("Check"))
            }
            (Details::new("Compare a file", file_form(sent)))
            p class="govuk-body" {
                "Each check is entered in the log, without who made it. To check a paper without this page, take the program "
                code { "bluelamp-verify" } " and an export of the log."
            }
        } }
    };
    Wrong::on(wrong, Sheet::new("Check a paper", main))
}

fn section_controls(sent: &Sent, wrong: Option<&Wrong>) -> Markup {
    html! {
        (Input::new("section", "Number of the section").value(sent.text("section")).width(Width::Two)
            .inputmode("numeric").spellcheck(false).error(Wrong::beside(wrong, "section")))
        (Textarea::new("words", "Its words").value(sent.text("words")).spellcheck(false)
            .hint("All that the section says, line by line from its title on. Small and capital letters are alike."))
        (Input::new("beside", "Or the four letters and digits beside its number").value(sent.text("beside"))
            .width(Width::Four).spellcheck(false)
            .hint("They tell whether the sheet belongs to this paper, not whether a word on it was altered"))
    }
}

fn file_form(sent: &Sent) -> Markup {
    html! {
        form action="/papers/file" method="post" enctype="multipart/form-data" novalidate {
            (Input::new("code", "Code").id("code-of-file").value(sent.text("code")).width(Width::Twenty)
                .spellcheck(false).autocomplete("off").hint("It stands in the file, under “paper”"))
            (FileUpload::new("file", "The file, as it came")
                .hint("It is compared and not kept. Saved again by a spreadsheet it is another file."))
            (Button::secondary("Compare"))
        }
    }
}

fn told(checked: &Checked, force: &str) -> Markup {
    let (colour, word, meaning) = said(checked);
    html! {
        section class="bluelamp-told" aria-labelledby="told" role="status" {
            h2 class="govuk-heading-m" id="told" { (Tag::new(word).colour(colour)) }
            p class="govuk-body" { (meaning) }
            @if let Some(about) = &checked.about { (rows(about, force)) }
        }
    }
}

/// What is worst of it comes first.
fn said(checked: &Checked) -> (TagColour, &'static str, &'static str) {
    match (checked.standing, checked.agreement) {
        (Standing::Unknown, _) => (TagColour::Red, "Unknown", "This force has made no paper with this code."),
        (_, Agreement::Altered) => (
            TagColour::Red,
            "Altered",
            "What you brought is not what was printed. Compare it with the paper, letter by letter: where it is typed \
             right, the paper was altered.",
        ),
        (Standing::Erased, _) => (
            TagColour::Red,
            "Recalled",
            "This force made this paper, and it counts no longer: what it says was erased by law. Destroy it.",
        ),
        (Standing::Recalled, _) => (
            TagColour::Red,
            "Recalled",
            "This force made this paper, and it counts no longer. Ask the force before you rely on it.",
        ),
        (Standing::Superseded, _) => (
            TagColour::Orange,
            "Superseded",
            "This force made this paper, and what it shows has changed since. Ask for a new one.",
        ),
        (Standing::Genuine, Agreement::Same) => (
            TagColour::Green,
            "Genuine",
            "This force made this paper, it still counts, and what you brought is what was printed.",
        ),
        (Standing::Genuine, _) => (
            TagColour::Green,
            "Genuine",
            "This force made a paper with this code, and it still counts. Whether a word of it was altered was not compared.",
        ),
    }
}

fn rows(about: &About, force: &str) -> SummaryList {
    let unit = about.unit.as_deref().unwrap_or("not said");
    let mut rows = vec![
        Row::new("What it is", about.kind.words()),
        Row::new("Force", force),
        Row::new("Unit", unit),
        Row::new("Made", words::moment(about.made)),
        Row::new("Records, lines or entries in it", words::number(about.count)),
    ];
    if about.sections > 0 {
        rows.push(Row::new("Sections", about.sections.to_string()));
    }
    if let Some(recalled) = about.recalled {
        rows.push(Row::new("Recalled", words::moment(recalled)));
    }
    SummaryList::new(rows)
}
