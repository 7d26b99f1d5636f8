//! The print view: the paper itself, as it is shown before a browser prints it.

use super::qr;
use crate::pages::sheet;
use crate::pages::words;
use axum::response::Response;
use components::{Markup, html};
use desk::papers::{Issued, PaperKind, Section, beside};
use maud::DOCTYPE;

/// What is on a paper.
pub(super) struct View<'a> {
    /// Name of the force.
    pub force: &'a str,
    /// What sort it is.
    pub kind: PaperKind,
    /// Its protective marking.
    pub marking: &'a str,
    /// Whether handling conditions go with it.
    pub handling_conditions: bool,
    /// Its receipt.
    pub paper: &'a Issued,
    /// What it says.
    pub sections: &'a [Section],
    /// The page that leads back.
    pub back: &'a str,
}

impl View<'_> {
    /// The answer.
    pub(super) fn shown(&self) -> Response {
        sheet::of_document(&self.document())
    }

    fn document(&self) -> Markup {
        let title = self.title();
        html! {
            (DOCTYPE)
            html lang="en" class="govuk-template" {
                head {
                    meta charset="utf-8";
                    // What a browser prints at the edge of each sheet.
                    title { (title) " – " (self.paper.code) }
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light";
                    link rel="icon" sizes="any" type="image/svg+xml" href=(assets::path_of("lamp.svg"));
                    link rel="stylesheet" href=(assets::path_of("bluelamp.css"));
                    script type="module" src=(assets::path_of("paper.js")) {}
                }
                body class="govuk-template__body bluelamp-paper-page" {
                    (self.tools())
                    main class="bluelamp-paper" id="main-content" {
                        (self.head(&title))
                        @for (number, section) in (1..).zip(self.sections) { (self.section(number, section)) }
                        (self.foot())
                    }
                }
            }
        }
    }

    fn title(&self) -> String {
        let words = self.kind.words();
        let mut letters = words.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }

    /// What stands on the screen alone.
    fn tools(&self) -> Markup {
        html! {
            nav class="bluelamp-paper__tools" aria-label="What to do with this paper" {
                a class="govuk-back-link" href=(self.back) { "Back" }
                p class="govuk-body" {
                    "This is in the log, and in the register of papers. Print it with the print command of your browser; "
                    "printed again from here, it is the same paper."
                }
            }
        }
    }

    fn head(&self, title: &str) -> Markup {
        html! {
            header class="bluelamp-paper__head" {
                div {
                    p class="bluelamp-paper__force" { (self.force) }
                    h1 class="govuk-heading-l" { (title) }
                    p class="bluelamp-paper__marking" {
                        (self.marking)
                        @if self.handling_conditions { ". Handling conditions apply: see them before you share any of it." }
                    }
                }
                div class="bluelamp-paper__receipt" {
                    @if let Some(picture) = qr::picture(&self.paper.code.to_string()) { (picture) }
                    p { "Code" br; strong class="bluelamp-paper__code" { (self.paper.code) } }
                    p { "Entry " (words::number(self.paper.leaf)) " of the log, " (words::moment(self.paper.made)) }
                }
            }
        }
    }

    fn section(&self, number: u16, section: &Section) -> Markup {
        let check = self.paper.parts.get(usize::from(number).wrapping_sub(1)).map(beside);
        html! {
            section class="bluelamp-paper__section" aria-labelledby={ "section-" (number) } {
                h2 class="govuk-heading-m" id={ "section-" (number) } { (section.title) }
                p class="bluelamp-paper__check" {
                    "Section " (number) @if let Some(check) = check { " · " (check) }
                }
                dl class="bluelamp-paper__lines" {
                    @for (label, text) in &section.lines {
                        div { dt { (label) } dd { (text) } }
                    }
                }
            }
        }
    }

    fn foot(&self) -> Markup {
        let sections = words::count(self.sections.len() as u64, "section");
        html! {
            footer class="bluelamp-paper__foot" {
                p {
                    "End of this paper, " (sections) ". Whoever holds it can check that it is genuine, unaltered and not recalled: \
                     with its code at the page /papers of this force’s Bluelamp, without signing in, or without a network with \
                     the program bluelamp-verify and an export of the log. To check a section, type its words from its title on."
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use desk::papers::Code;

    #[test]
    fn the_print_view_is_as_it_was_looked_at() {
        let code = Code::read("0123-4567-89AB-CDE4").unwrap();
        let section = |title: &str, lines: &[(&str, &str)]| Section {
            title: title.to_owned(),
            lines: lines.iter().map(|(label, text)| ((*label).to_owned(), (*text).to_owned())).collect(),
        };
        let sections = [
            section("The record", &[("Reference", "N-0000017-T"), ("Name", "EXAMPLEBY, Ottoline <b>")]),
            section("Warnings", &[("1: Warning", "Weapons (assessment)")]),
        ];
        let parts = (1..).zip(&sections).map(|(at, section)| code.section(at, &section.text())).collect();
        let paper = Issued { code, leaf: 1234, made: 1_800_000_000_000_000, parts };
        let view = View {
            force: "Lampshire Police",
            kind: PaperKind::Record,
            marking: "OFFICIAL-SENSITIVE",
            handling_conditions: true,
            paper: &paper,
            sections: &sections,
            back: "/records/N-0000017-T",
        };
        let text = view.document().into_string();
        // Names of files carry hashes of their content, which are none of this.
        let mut shown = text.replace("><", ">\n<");
        for name in ["lamp.svg", "bluelamp.css", "paper.js"] {
            shown = shown.replace(assets::path_of(name), name);
        }
        if std::env::var("BLUELAMP_REGENERATE").is_ok_and(|value| value == "1") {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/pages/papers/print_view.html");
            std::fs::write(path, shown).unwrap();
            return;
        }
        let looked_at = include_str!("print_view.html");
        assert_eq!(
            shown, looked_at,
            "the print view is another; where that is meant, set BLUELAMP_REGENERATE=1"
        );
        assert!(!text.contains("style="), "the content security policy refuses styles in the page");
    }
}
