//! What became of every row of every file: accepted, held already, or rejected.

use crate::pages::words;
use components::{Cell, Details, InsetText, Markup, Table, html};
use intake::Report;
use intake::report::FileReport;

/// The whole of a run that has ended.
pub(super) fn reconciled(report: &Report) -> Markup {
    let totals = report.totals;
    html! {
        (InsetText::new(html! {
            strong { (words::count(totals.rows, "row")) " read" } " = "
            (words::number(totals.accepted)) " accepted + " (words::number(totals.repeated)) " held already + "
            (words::number(totals.rejected)) " rejected. Every row is accounted for."
        }))
        (refused(report))
        @if !report.files.is_empty() { (files(&report.files)) }
        (reasons(&report.files))
        @if totals.differing > 0 {
            p class="govuk-body" { (words::count(totals.differing, "row")) " say otherwise than another row of the same id; what each said is kept." }
        }
        @if !report.passed_over.is_empty() {
            (Details::new(
                format!("{} passed over, as the connector does not know them", words::count(report.passed_over.len() as u64, "file")),
                html! { ul class="govuk-list" { @for name in &report.passed_over { li { code { (name) } } } } },
            ))
        }
    }
}

fn refused(report: &Report) -> Markup {
    let rows = report
        .refused
        .iter()
        .map(|file| vec![Cell::new(file.file.as_str()), Cell::new(file.reason.as_str())]);
    html! {
        @if !report.refused.is_empty() {
            (Table::new(["File", "Why nothing of it was taken in"].map(Cell::new), rows).caption("Files that were refused as a whole"))
        }
    }
}

const COLUMNS: [&str; 5] = ["Rows", "Accepted", "Held already", "Rejected", "May be other people"];

fn files(files: &[FileReport]) -> Table {
    let rows = files.iter().map(|file| {
        let figures = [file.rows, file.accepted, file.repeated, file.rejected, file.possible_repeats];
        let figures = figures.into_iter().zip(COLUMNS).map(|(figure, column)| {
            Cell::number(html! {
                span class="bluelamp-figures__column" aria-hidden="true" { (column) }
                (words::number(figure))
            })
        });
        let name = html! {
            (file.file)
            @if file.resumed { br; span class="bluelamp-law" { "Read on from where an earlier run was cut off" } }
            @if file.unended { br; span class="bluelamp-law" { "The last line has no end: the file may be cut short" } }
        };
        std::iter::once(Cell::new(name)).chain(figures).collect()
    });
    let head = std::iter::once(Cell::new("File")).chain(COLUMNS.map(Cell::number));
    Table::new(head, rows)
        .caption("File by file")
        .first_cell_is_header(true)
        .classes("bluelamp-table--stacked bluelamp-figures")
}

fn reasons(files: &[FileReport]) -> Markup {
    let of_file = |file: &FileReport| {
        let rows: Vec<_> =
            file.reasons.iter().map(|(why, rows)| (file.file.clone(), why.clone(), *rows)).collect();
        rows
    };
    let lines: Vec<_> = files.iter().flat_map(of_file).collect();
    let rows = lines.iter().map(|(file, why, rows)| {
        vec![Cell::new(why.as_str()), Cell::new(file.as_str()), Cell::new(words::count(*rows, "row"))]
    });
    html! {
        @if !lines.is_empty() {
            (Table::new(["Column, and what is wrong", "File", "Rows"].map(Cell::new), rows)
                .caption("Why rows were rejected").classes("bluelamp-table--stacked"))
            p class="govuk-body" { a class="govuk-link" href="/intake/rejects" { "Look at the rejected rows" } }
        }
    }
}
