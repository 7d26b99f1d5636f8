//! Full text over the manual. The pages are few, so that each is read through: no index is kept.

use crate::{Page, pages};
use std::collections::BTreeSet;

/// What a word counts in a title, in a heading and in the text.
const IN_TITLE: f64 = 8.0;
const IN_HEADING: f64 = 3.0;
const IN_TEXT: f64 = 1.0;
/// How often a word of the text counts at most: a long page must not win by its length.
const MOST_IN_TEXT: f64 = 4.0;
/// Letters from which on the beginning of a word is enough.
const BEGINNING: usize = 4;

/// A page that was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// The page.
    pub page: &'static Page,
    /// The line of it that says most of what was asked.
    pub excerpt: String,
    score: f64,
}

/// The pages that say something of what was asked, the most telling first.
pub fn find(asked: &str) -> Vec<Found> {
    let asked: BTreeSet<String> = words(asked).filter(|word| !is_filler(word)).collect();
    let weighed: Vec<(&str, f64)> = asked.iter().map(|word| (word.as_str(), rarity(word))).collect();
    let mut found: Vec<Found> = pages().iter().filter_map(|page| judged(page, &weighed)).collect();
    found.sort_by(|one, other| other.score.total_cmp(&one.score));
    found
}

fn judged(page: &'static Page, asked: &[(&str, f64)]) -> Option<Found> {
    let worth: Vec<f64> = asked.iter().map(|(word, rarity)| rarity * weight(page, word)).collect();
    let held = worth.iter().filter(|worth| **worth > 0.0).count();
    // A page that says all of it comes before one that says a part of it often.
    let score = worth.iter().sum::<f64>() * held as f64 / asked.len().max(1) as f64;
    (score > 0.0).then(|| Found { page, excerpt: excerpt(page, asked), score })
}

/// Words are worth more the fewer pages have them.
fn rarity(word: &str) -> f64 {
    let holding = pages().iter().filter(|page| weight(page, word) > 0.0).count();
    (1.0 + pages().len() as f64 / (1.0 + holding as f64)).ln()
}

fn weight(page: &Page, word: &str) -> f64 {
    let times = |text: &str| words(text).filter(|held| is_meant(held, word)).count() as f64;
    let headings: f64 = page.text.lines().filter(|line| line.starts_with('#')).map(times).sum();
    IN_TITLE * times(page.title) + IN_HEADING * headings + IN_TEXT * times(page.text).min(MOST_IN_TEXT)
}

/// Whether a word of a page is the one asked for, in any of its forms.
fn is_meant(held: &str, asked: &str) -> bool {
    let (held, asked) = (stem(held), stem(asked));
    held == asked || (asked.len() >= BEGINNING && held.starts_with(asked))
}

/// A word without its commonest endings: enough to find “searching” by “search”.
fn stem(word: &str) -> &str {
    let endings = ["ing", "ed", "es", "s", "e"];
    let shorter = endings.iter().find_map(|ending| word.strip_suffix(ending));
    shorter.filter(|rest| rest.len() >= 3).unwrap_or(word)
}

/// Words that stand in every question and tell nothing of it.
fn is_filler(word: &str) -> bool {
    [
        "a", "an", "and", "can", "do", "does", "for", "how", "i", "in", "is", "it", "my", "of", "on", "or",
        "the", "to", "what", "who", "with",
    ]
    .contains(&word)
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

/// The line that holds most of what was asked, without the marks of Markdown.
fn excerpt(page: &Page, asked: &[(&str, f64)]) -> String {
    let telling = |line: &&str| {
        let held: Vec<String> = words(line).collect();
        let has = |word: &str| held.iter().any(|held| is_meant(held, word));
        let worth: f64 = asked.iter().filter(|(word, _)| has(word)).map(|(_, rarity)| rarity).sum();
        (worth * 1000.0) as i64
    };
    let lines = paragraphs(page.text);
    let mut best: Option<(&str, i64)> = None;
    for line in lines.iter().map(String::as_str) {
        let worth = telling(&line);
        if best.is_none_or(|(_, before)| worth > before) {
            best = Some((line, worth));
        }
    }
    best.map_or_else(String::new, |(line, _)| plain(line))
}

/// Paragraphs and items, each in one line; headings and blocks of commands are left out.
fn paragraphs(text: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    for line in text.lines() {
        let line = line.trim();
        let begins =
            line.starts_with(['-', '*', '#', '|', '`']) || line.starts_with(|c: char| c.is_ascii_digit());
        if begins || line.is_empty() {
            found.push(String::new());
        }
        if let Some(last) = found.last_mut().filter(|_| !line.starts_with(['#', '|', '`'])) {
            last.push_str(line);
            last.push(' ');
        }
    }
    found.retain(|line| !line.trim().is_empty());
    found
}

/// A line without the marks of Markdown, and without where its links lead.
fn plain(line: &str) -> String {
    let (mut said, mut rest) = (String::new(), line);
    while let Some((before, after)) = rest.split_once("](") {
        said.push_str(before);
        rest = after.split_once(')').map_or("", |(_, after)| after);
    }
    said.push_str(rest);
    let said = said.replace(['*', '`', '[', ']', '>'], "");
    let said = said.trim().trim_start_matches(|c: char| c.is_ascii_digit() || ".- ".contains(c));
    said.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_finds_the_page_that_answers_it() {
        for (asked, name) in [
            ("how do I search for a person", "find-a-person"),
            ("strip search of a child", "record-a-stop"),
            ("searching misspelt names", "find-a-person"),
            ("forgot password", "sign-in"),
            ("erasing a record", "erase"),
            ("checkpoint overseer", "check-the-log"),
        ] {
            let found = find(asked);
            let first: Vec<&str> = found.iter().take(3).map(|found| found.page.name).collect();
            assert!(first.contains(&name), "“{asked}” finds {first:?}");
        }
    }

    #[test]
    fn nothing_is_found_by_nothing() {
        assert!(find("").is_empty());
        assert!(find("the of and").is_empty());
        assert!(find("xylophone").is_empty());
    }

    #[test]
    fn an_excerpt_is_plain() {
        assert_eq!(plain("1. Open [the **log**](/log), then `go`."), "Open the log, then go.");
    }
}
