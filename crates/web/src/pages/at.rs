//! At which page somebody is: the pattern of its address, which names no record and no person.

use axum::extract::MatchedPath;
use axum::http::{Extensions, Method, Uri};
use model::kinds;

/// A page, by the pattern of its address: `/records/{reference}`. Where a kind of record stands in the address it
/// stands in the pattern too: `/new/vehicle`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct At {
    pattern: String,
    is_sent: bool,
}

/// What stands for a page that is none of ours.
const NOWHERE: &str = "none";
/// Characters that the pattern of an address may have.
const LONGEST: usize = 100;

impl At {
    /// The page that a request asks for.
    pub(crate) fn of(extensions: &Extensions, uri: &Uri, method: &Method) -> Self {
        let pattern = extensions.get::<MatchedPath>().map(MatchedPath::as_str);
        let pattern = pattern.map_or_else(|| NOWHERE.to_owned(), |pattern| with_kind(pattern, uri.path()));
        Self { pattern, is_sent: method == Method::POST }
    }

    /// What somebody says of the page that they were at; only what can be the pattern of an address counts.
    pub(crate) fn said(text: &str) -> Self {
        let pattern = if is_pattern(text) { text } else { NOWHERE };
        Self { pattern: pattern.to_owned(), is_sent: false }
    }

    /// The pattern.
    pub(crate) fn pattern(&self) -> &str {
        &self.pattern
    }

    /// Whether something was sent to it.
    pub(crate) fn is_sent(&self) -> bool {
        self.is_sent
    }

    /// Where it is explained: its page of the manual, or the manual.
    pub(crate) fn explained(&self) -> String {
        manual::explaining(&self.pattern).map_or_else(|| "/help".to_owned(), manual::Page::path)
    }
}

/// A pattern with the kind that the path names in it.
fn with_kind(pattern: &str, path: &str) -> String {
    let part = |(pattern, path): (&str, &str)| match pattern {
        "{kind}" if kinds::by_name(path).is_some() => path.to_owned(),
        pattern => pattern.to_owned(),
    };
    pattern.split('/').zip(path.split('/')).map(part).collect::<Vec<_>>().join("/")
}

/// Whether a text can be the pattern of an address: no digit and no capital, so neither reference nor name of a
/// search stands in it.
fn is_pattern(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || "-/{}".contains(c);
    text.starts_with('/') && text.len() <= LONGEST && text.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_names_a_kind_and_no_record() {
        assert_eq!(with_kind("/new/{kind}", "/new/vehicle"), "/new/vehicle");
        assert_eq!(with_kind("/new/{kind}", "/new/Smith"), "/new/{kind}");
        assert_eq!(with_kind("/records/{reference}", "/records/N-0000017-X"), "/records/{reference}");
    }

    #[test]
    fn what_is_said_of_a_page_counts_only_as_a_pattern() {
        assert_eq!(At::said("/records/{reference}").pattern(), "/records/{reference}");
        for not in ["/records/N-0000017-X", "records", "", "/searches/7f3a", "/a b", "//evil.example"] {
            assert_eq!(At::said(not).pattern(), NOWHERE, "{not}");
        }
    }
}
