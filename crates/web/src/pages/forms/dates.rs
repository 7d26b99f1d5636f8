//! Dates are typed in three boxes and kept as one text: `1987-03-04`, with question marks for what is not known.

use model::derived::form::Texts;

const PARTS: [&str; 3] = ["-year", "-month", "-day"];

/// The texts with the three boxes of each date as one.
pub(super) fn joined(typed: &Texts) -> Texts {
    let mut joined = Texts::new();
    for (name, text) in typed {
        match name.strip_suffix("-year").filter(|date| is_date(typed, date)) {
            Some(date) => drop(joined.insert(date.to_owned(), one_text(typed, date))),
            None if is_part(typed, name) => {}
            None => drop(joined.insert(name.clone(), text.clone())),
        }
    }
    joined
}

fn is_date(typed: &Texts, date: &str) -> bool {
    PARTS.iter().all(|part| typed.contains_key(&format!("{date}{part}")))
}

fn is_part(typed: &Texts, name: &str) -> bool {
    PARTS.iter().any(|part| name.strip_suffix(part).is_some_and(|date| is_date(typed, date)))
}

fn one_text(typed: &Texts, date: &str) -> String {
    let [year, month, day] = PARTS.map(|part| typed[&format!("{date}{part}")].trim());
    let or =
        |text: &str, unknown: &str| if text.is_empty() { unknown.to_owned() } else { format!("{text:0>2}") };
    match (year, month, day) {
        ("", "", "") => String::new(),
        (year, "", "") => year.to_owned(),
        (year, month, "") => format!("{}-{}", or(year, "????"), or(month, "??")),
        (year, month, day) => format!("{}-{}-{}", or(year, "????"), or(month, "??"), or(day, "??")),
    }
}

/// What stands in the boxes for day, month and year.
pub(super) fn parts(text: &str) -> [String; 3] {
    let mut parts = text.trim().splitn(3, '-');
    let mut next = || parts.next().filter(|part| !part.contains('?')).unwrap_or("").to_owned();
    let (year, month, day) = (next(), next(), next());
    let plain = |text: String| text.trim_start_matches('0').to_owned();
    [plain(day), plain(month), year]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(year: &str, month: &str, day: &str) -> Texts {
        [("d-year", year), ("d-month", month), ("d-day", day), ("other-day", "x")]
            .map(|(name, text)| (name.to_owned(), text.to_owned()))
            .into()
    }

    #[test]
    fn three_boxes_are_one_date_and_back() {
        for (boxes, text) in [
            (["1987", "3", "4"], "1987-03-04"),
            (["1987", "", ""], "1987"),
            (["1987", "3", ""], "1987-03"),
            (["", "3", "4"], "????-03-04"),
            (["1987", "", "4"], "1987-??-04"),
            (["", "", ""], ""),
        ] {
            let joined = joined(&typed(boxes[0], boxes[1], boxes[2]));
            assert_eq!(joined["d"], text);
            assert_eq!(joined["other-day"], "x", "a control that is no part of a date stays");
            assert_eq!(parts(text), [boxes[2], boxes[1], boxes[0]].map(str::to_owned));
        }
    }
}
