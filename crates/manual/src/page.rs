//! A page of the manual, and what stands at its head.

/// For whom there are pages, in the order in which the manual lists them.
pub const AUDIENCES: &[&str] = &[
    "Everybody",
    "Officer",
    "Supervisor",
    "Custody and case workers",
    "Intelligence analyst",
    "Records reviewer",
    "Data protection officer",
    "Overseer and auditor",
    "Administrator",
    "IT team",
    "The person whose data it is",
];

/// A page of the manual.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its name in addresses.
    pub name: &'static str,
    /// Its title.
    pub title: &'static str,
    /// For whom it is: of [`AUDIENCES`].
    pub audiences: Vec<&'static str>,
    /// The routes of the product that it explains.
    pub explains: Vec<&'static str>,
    /// What it says, as Markdown, without head and title.
    pub text: &'static str,
}

impl Page {
    /// Reads a page; `None` where its head or its title is missing.
    pub(crate) fn read(name: &'static str, text: &'static str) -> Option<Self> {
        let (head, rest) = text.strip_prefix("---\n")?.split_once("\n---\n")?;
        let (title, text) = rest.trim_start().strip_prefix("# ")?.split_once('\n')?;
        let line = |key: &str| {
            head.lines().filter_map(|line| line.split_once(": ")).find(|(named, _)| *named == key)
        };
        let (_, audiences) = line("for")?;
        let explains = line("explains").map_or("", |(_, explains)| explains);
        Some(Self {
            name,
            title: title.trim(),
            audiences: audiences.split(", ").map(str::trim).collect(),
            explains: explains.split_whitespace().collect(),
            text,
        })
    }

    /// Where it is shown.
    pub fn path(&self) -> String {
        format!("/help/manual/{}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_without_head_or_title_is_none() {
        let whole = "---\nfor: Officer, Everybody\nexplains: /a /b/{c}\n---\n\n# Title \nText\n";
        let page = Page::read("x", whole).unwrap();
        assert_eq!((page.title, page.text), ("Title", "Text\n"));
        assert_eq!(page.audiences, ["Officer", "Everybody"]);
        assert_eq!(page.explains, ["/a", "/b/{c}"]);
        for not in ["# Title\nText", "---\nfor: Officer\n---\nText", "---\nabout: x\n---\n# Title\nText"] {
            assert_eq!(Page::read("x", not), None, "{not}");
        }
    }
}
