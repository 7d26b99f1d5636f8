//! What is written only to fill a box: it answers no rule.

/// Words that people type where they have nothing to say, folded.
const NOTHING: &[&str] = &[
    "asabove",
    "blank",
    "n/a",
    "na",
    "n\\a",
    "n.a",
    "nk",
    "noneavailable",
    "nonegiven",
    "nonestated",
    "notapplicable",
    "notavailable",
    "notgiven",
    "notknown",
    "notrecorded",
    "notstated",
    "null",
    "seeabove",
    "tba",
    "tbc",
    "tbd",
    "test",
    "tofollow",
    "unk",
    "unknown",
    "unstated",
    "-none-",
];

/// Further words that name no place. “None” answers what was found, but not where.
const NOWHERE: &[&str] =
    &["elsewhere", "here", "nil", "none", "noplace", "other", "otherlocation", "otherplace", "various"];

/// Whether a text only fills a box: “N/A”, “unknown”, “.”, “xxx”.
#[must_use]
pub fn is_text(text: &str) -> bool {
    let folded = folded(text);
    NOTHING.contains(&folded.as_str()) || has_no_letter(text) || folded.chars().all(|c| c == 'x')
}

/// Whether a text names no place: all of [`is_text`], and “other”, “none”, “here”.
#[must_use]
pub fn is_place(text: &str) -> bool {
    is_text(text) || NOWHERE.contains(&folded(text).as_str())
}

/// Whether a text is no person's name. Any word may be a name (Na is one), so only marks without
/// a letter are none.
#[must_use]
pub fn is_name(text: &str) -> bool {
    !text.chars().any(char::is_alphabetic)
}

fn has_no_letter(text: &str) -> bool {
    !text.chars().any(char::is_alphanumeric)
}

/// Lower case, without white space, and without marks around it.
fn folded(text: &str) -> String {
    let lower: String = text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    lower.trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn box_fillers_are_told_from_answers() {
        for text in [
            "N/A",
            " n / a ",
            "Unknown.",
            ".",
            "-",
            "---",
            "?",
            "xxx",
            "None given",
            "(not known)",
            "TBC",
            "",
        ] {
            assert!(is_text(text), "{text}");
            assert!(is_place(text), "{text}");
        }
        for text in ["none", "nothing", "Nil", "7", "A12", "Café", "東京", "Exeter Road", "x-ray clinic"] {
            assert!(!is_text(text), "{text}");
        }
        for text in ["Other", "other place", "none", "various"] {
            assert!(is_place(text), "{text}");
        }
        assert!(!is_place("Flat 3, 12 Other Street"));
    }

    #[test]
    fn any_word_may_be_a_name() {
        for name in ["Na", "Null", "Test", "O", "Xx", "Ng", "Ünal", "李", "N'Diaye"] {
            assert!(!is_name(name), "{name}");
        }
        assert!(is_name(".") && is_name("123") && is_name(""));
    }
}
