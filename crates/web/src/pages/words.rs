//! How figures and kinds are said on pages.

use jiff::Timestamp;
use model::derived::show;
use model::kinds;

/// `1,234`.
pub(crate) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut said = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            said.push(',');
        }
        said.push(digit);
    }
    said
}

/// `1 record`, `1,234 records`.
pub(crate) fn count(how_many: u64, one: &str) -> String {
    format!("{} {one}{}", number(how_many), if how_many == 1 { "" } else { "s" })
}

/// The same words, with a capital letter first.
pub(crate) fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// `30 November 2026, 11:52` on London's clocks.
pub(crate) fn moment(micros: i64) -> String {
    let said = show::london(micros).map(|at| at.strftime("%-d %B %Y, %H:%M").to_string());
    said.unwrap_or_else(|| show::instant(micros))
}

/// The same for machines (RFC 3339).
pub(crate) fn machine_time(micros: i64) -> String {
    Timestamp::from_microsecond(micros).map_or_else(|_| micros.to_string(), |at| at.to_string())
}

/// The title of a kind by its name.
pub(crate) fn kind_title(name: &str) -> &'static str {
    kinds::by_name(name).map_or("Record", |kind| kind.title)
}

/// How probable it is that a record is the one meant.
pub(crate) fn probability(probability: f32) -> String {
    format!("{} likely the one meant", percent(probability))
}

/// A probability.
pub(crate) fn percent(probability: f32) -> String {
    let percent = (probability * 100.0).round();
    match percent {
        percent if percent < 1.0 => "less than 1%".to_owned(),
        // Nothing that was typed proves that a record is the one meant.
        percent if percent > 99.0 => "over 99%".to_owned(),
        percent => format!("{percent:.0}%"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_easy_to_read() {
        for (figure, said) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(number(figure), said);
        }
        assert_eq!(count(1, "record"), "1 record");
        assert_eq!(count(2000, "record"), "2,000 records");
    }

    #[test]
    fn nothing_is_said_to_be_certain() {
        assert_eq!(probability(1.0), "over 99% likely the one meant");
        assert_eq!(probability(0.5), "50% likely the one meant");
        assert_eq!(probability(0.0), "less than 1% likely the one meant");
    }
}
