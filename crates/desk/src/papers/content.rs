//! What a paper says, section by section: what is shown on it is what is digested.

use super::code::{Code, Hash};
use crate::find::{Answers, Found, reference_of_row};
use crate::record::editable;
use model::Kind;
use model::derived::{Fields, show};
use model::kinds::{self, stop_and_search};
use vault::Plain;

/// A section of a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its title.
    pub title: String,
    /// Its lines: what each is about, and what it says.
    pub lines: Vec<(String, String)>,
}

impl Section {
    fn new(title: impl Into<String>, lines: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        let lines = lines.into_iter().map(|(label, text)| (label.to_owned(), text)).collect();
        Self { title: title.into(), lines }
    }

    /// Its words as they are printed, from the title on.
    #[must_use]
    pub fn text(&self) -> String {
        let lines = self.lines.iter().map(|(label, text)| format!("{label} {text}"));
        std::iter::once(self.title.clone()).chain(lines).collect::<Vec<_>>().join("\n")
    }
}

/// The digests of sections, in their order.
pub(super) fn digests(code: &Code, sections: &[Section]) -> Vec<Hash> {
    (1..=u16::MAX).zip(sections).map(|(number, section)| code.section(number, &section.text())).collect()
}

/// What a record says.
pub(super) fn of_record(kind: &'static Kind, plain: &Plain) -> Vec<Section> {
    let (row, body) = (plain.row(), editable(plain));
    let head = [
        ("Kind", kind.title.to_owned()),
        ("Reference", reference_of_row(row)),
        ("Name", show::summary(kind, &body)),
        ("Version", row.ordinal.to_string()),
        ("Written", written(row.written)),
    ];
    let mut sections = vec![Section::new("The record", head)];
    for line in show::lines(kind, &body) {
        let (title, label) = titled(kind, &line.field, &line.label);
        let text = match line.class {
            "fact" => line.text,
            class => format!("{} ({class})", line.text),
        };
        match sections.iter_mut().find(|section| section.title == title) {
            Some(section) => section.lines.push((label, text)),
            None => sections.push(Section { title, lines: vec![(label, text)] }),
        }
    }
    sections
}

const ANSWERS: &str = "What it says";

/// What of a stop and search the person searched takes away (PACE 1984 s.3(6), Code A 4.10A): not who they are, nor
/// how they were described.
const OF_RECEIPT: [u16; 10] = [
    stop_and_search::AT.number(),
    stop_and_search::PLACE.number(),
    stop_and_search::SEARCH_TYPE.number(),
    stop_and_search::POWER.number(),
    stop_and_search::OBJECT.number(),
    stop_and_search::GROUNDS.number(),
    stop_and_search::MORE_THAN_OUTER.number(),
    stop_and_search::SELF_DEFINED_ETHNICITY.number(),
    stop_and_search::OUTCOME.number(),
    stop_and_search::OFFICER.number(),
];

/// The receipt of a stop and search.
pub(super) fn of_receipt(force: &str, plain: &Plain) -> Vec<Section> {
    let (kind, body) = (&stop_and_search::KIND, editable(plain));
    let head =
        [("Police force", force.to_owned()), ("Reference of the record", reference_of_row(plain.row()))];
    let said = OF_RECEIPT.iter().filter_map(|number| {
        let field = kind.field(*number)?;
        Some((field.label.to_owned(), show::slot_text(field, body.slot(*number)?)))
    });
    let search = Section { title: "Your search".to_owned(), lines: said.collect() };
    let copy = "You may have a copy of the whole record of your search, if you ask the police force named above for it \
                before 3 months, beginning with the day of the search, are over (PACE 1984 s.3(7) to (9)). Give the reference.";
    let rights = Section::new("What you can ask for", [("A copy", copy.to_owned())]);
    vec![Section::new("Receipt of a stop and search", head), search, rights]
}

/// Which section a line of a record belongs to: rows stand under the label of their field.
fn titled(kind: &Kind, path: &str, label: &str) -> (String, String) {
    let rows = path.split_once('[').and_then(|(name, _)| Fields::of(kind).named(name));
    match rows {
        Some(field) => {
            let label = label.strip_prefix(field.label).unwrap_or(label).trim_start();
            (field.label.to_owned(), label.to_owned())
        }
        None => (ANSWERS.to_owned(), label.to_owned()),
    }
}

/// What a search was answered.
pub(super) fn of_answers(query: &str, answers: &Answers) -> Vec<Section> {
    let asked = [
        ("Search", query.to_owned()),
        ("Found", answers.total.to_string()),
        ("On this paper", answers.found.len().to_string()),
        ("Searched", answers.scope.kinds.join(", ")),
        ("Not searched", answers.scope.not_searched.join("; ")),
    ];
    let found = (1..).zip(&answers.found).map(|(at, found)| of_found(at, found));
    std::iter::once(Section::new("What was asked", asked)).chain(found).collect()
}

fn of_found(at: usize, found: &Found) -> Section {
    let kind = kinds::by_name(found.kind).map_or("Record", |kind| kind.title);
    let lines = [
        ("Kind", kind.to_owned()),
        ("Reference", found.reference.clone()),
        ("Why it is here", found.why.join("; ")),
    ];
    Section::new(format!("{at} {}", found.name), lines)
}

/// A moment as a paper says it, on London's clocks.
pub(super) fn written(micros: i64) -> String {
    let said = show::london(micros).map(|at| at.strftime("%-d %B %Y, %H:%M").to_string());
    said.unwrap_or_else(|| show::instant(micros))
}

/// A restriction or marking that whoever holds the paper must know of.
pub(super) fn marking(labels: &model::Labels) -> &'static str {
    match labels.marking {
        model::Marking::Official => "OFFICIAL",
        model::Marking::OfficialSensitive => "OFFICIAL-SENSITIVE",
    }
}
