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
const NOWHERE: &[&str] = &[
    "elsewhere",
    "here",
    "nil",
    "nolocation",
    "none",
    "noplace",
    "onornear",
    "other",
    "otherlocation",
    "otherplace",
    "various",
];

/// Where converters put what has no position: the false origin of the National Grid (easting and
/// northing 0), in millionths of a degree (WGS 84), and so far around it.
const GRID_ORIGIN: (i32, i32) = (49_766_807, -7_557_160);
const AROUND: u32 = 5_000;
const DEGREE: i32 = 1_000_000;

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

/// Whether a position, in millionths of a degree (WGS 84), is the default of a device or converter
/// and not where anything happened: whole degrees both ways (0° N 0° E, and centres of maps such as
/// 54° N 2° W), or the false origin of the National Grid, which lies in the sea.
#[must_use]
pub fn is_position(latitude: i32, longitude: i32) -> bool {
    let is_whole = latitude % DEGREE == 0 && longitude % DEGREE == 0;
    let (origin_north, origin_east) = GRID_ORIGIN;
    is_whole || latitude.abs_diff(origin_north) <= AROUND && longitude.abs_diff(origin_east) <= AROUND
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
        for text in ["Other", "other place", "none", "various", "No Location", "On or near "] {
            assert!(is_place(text), "{text}");
        }
        assert!(!is_place("Flat 3, 12 Other Street"));
    }

    #[test]
    fn a_default_position_is_told_from_a_place() {
        for (latitude, longitude) in [(0, 0), (54_000_000, -2_000_000), (49_766_810, -7_557_160)] {
            assert!(is_position(latitude, longitude), "{latitude} {longitude}");
        }
        for (latitude, longitude) in
            [(51_507_400, -127_800), (51_000_000, -127_800), (49_766_810, -6_300_000)]
        {
            assert!(!is_position(latitude, longitude), "{latitude} {longitude}");
        }
    }

    #[test]
    fn any_word_may_be_a_name() {
        for name in ["Na", "Null", "Test", "O", "Xx", "Ng", "Ünal", "李", "N'Diaye"] {
            assert!(!is_name(name), "{name}");
        }
        assert!(is_name(".") && is_name("123") && is_name(""));
    }
}
