//! The manual, inside the program: short pages by audience, written in `docs/manual` as Markdown, shown as HTML of
//! the design system, searched, and found by the page of the product that each explains.
//!
//! **To add a page:** write `docs/manual/NAME.md`. It begins with what [`Page`] says of itself:
//!
//! ```text
//! ---
//! for: Officer, Supervisor
//! explains: /search /searches/{name}
//! ---
//! # Find a person
//! ```
//!
//! `explains` names the routes that the page explains; each route has one page, and a test of the pages fails for
//! one that has none. Links lead to other pages (`[…](restrict.md)`) or to pages of the product (`[…](/search)`).
//! Markup in it is shown as text.

mod find;
mod page;
mod prose;

pub use find::{Found, find};
pub use page::{AUDIENCES, Page};
pub use prose::{Link, Named, links, named};

use std::sync::LazyLock;

static TEXTS: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/pages.rs"));

static PAGES: LazyLock<Vec<Page>> =
    LazyLock::new(|| TEXTS.iter().filter_map(|(name, text)| Page::read(name, text)).collect());

/// All pages, by name.
pub fn pages() -> &'static [Page] {
    &PAGES
}

/// The page of this name, such as `find-a-person`.
pub fn page(name: &str) -> Option<&'static Page> {
    pages().iter().find(|page| page.name == name)
}

/// The page that explains a page of the product, by its path or the pattern of its route, such as
/// `/records/{reference}`: of several the one that says most exactly which.
pub fn explaining(path: &str) -> Option<&'static Page> {
    let exactness = |page: &&Page| page.explains.iter().filter_map(|pattern| exactness(pattern, path)).max();
    pages().iter().filter(|page| exactness(page).is_some()).max_by_key(exactness)
}

/// In how many parts a pattern and a path agree word for word; `None` where it is not the pattern's.
fn exactness(pattern: &str, path: &str) -> Option<usize> {
    let (pattern, path): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    let same = pattern.iter().zip(&path).filter(|(one, other)| one == other).count();
    let fits = pattern.len() == path.len()
        && pattern.iter().zip(&path).all(|(one, other)| one == other || one.starts_with('{'));
    fits.then_some(same)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_page_says_what_it_is_and_for_whom() {
        let read: Vec<&str> = pages().iter().map(|page| page.name).collect();
        let written: Vec<&str> = TEXTS.iter().map(|(name, _)| *name).collect();
        assert_eq!(read, written, "these pages have no heading, or no lines above it that say for whom");
        for page in pages() {
            assert!(!page.audiences.is_empty(), "{} is for nobody", page.name);
            for audience in &page.audiences {
                assert!(AUDIENCES.contains(audience), "{}: nobody is called “{audience}”", page.name);
            }
            let words = page.text.split_whitespace().count();
            assert!((20..900).contains(&words), "{} has {words} words", page.name);
        }
    }

    #[test]
    fn everybody_has_a_page() {
        let has = |audience: &&str| pages().iter().any(|page| page.audiences.contains(audience));
        let without: Vec<&&str> = AUDIENCES.iter().filter(|audience| !has(audience)).collect();
        assert!(without.is_empty(), "nothing is written for {without:?}");
    }

    #[test]
    fn no_two_pages_explain_the_same() {
        let mut seen = BTreeSet::new();
        for pattern in pages().iter().flat_map(|page| &page.explains) {
            assert!(seen.insert(pattern), "two pages explain {pattern}");
        }
    }

    #[test]
    fn links_among_pages_lead_to_pages_and_their_headings() {
        for page in pages() {
            for link in links(page) {
                let Link::Page { name, heading } = &link else { continue };
                let to = self::page(name).unwrap_or_else(|| panic!("{} links to {name}.md", page.name));
                let is_there =
                    heading.is_empty() || to.html().into_string().contains(&format!("id=\"{heading}\""));
                assert!(is_there, "{}: {name}.md has no heading {heading}", page.name);
            }
            let outside: Vec<_> =
                links(page).into_iter().filter(|link| matches!(link, Link::Outside(_))).collect();
            assert!(outside.is_empty(), "{} leads out of the system: {outside:?}", page.name);
        }
    }

    #[test]
    fn the_most_exact_page_explains() {
        assert_eq!(exactness("/new/{kind}", "/new/vehicle"), Some(2));
        assert_eq!(exactness("/new/vehicle", "/new/vehicle"), Some(3));
        assert_eq!(exactness("/records/{reference}", "/records/{reference}"), Some(3));
        assert_eq!(exactness("/records/{reference}", "/records"), None);
        assert_eq!(exactness("/search", "/records"), None);
    }
}
