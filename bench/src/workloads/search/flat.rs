//! A record as the peers take it: folded in the same way as ours folds, so that none of them fails for
//! capitals, accents or the spacing of a number.

use super::records::Record;
use jiff::civil::Date;
use model::derived::index::{IndexDocument, document};
use model::kinds::nominal::{self, name};
use model::{Body, PartialDate, Value};
use search::tokens::fold;
use uuid::Uuid;

/// A name of a person, folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// All forenames; empty where there are none.
    pub forenames: String,
    /// The surname or only name.
    pub surname: String,
}

impl Name {
    /// First forename and surname.
    pub fn short(&self) -> String {
        let first = self.forenames.split(' ').next().unwrap_or_default();
        format!("{first} {}", self.surname).trim().to_owned()
    }
}

/// One record, flat.
#[derive(Debug, Clone)]
pub struct Flat {
    /// Its identity.
    pub id: Uuid,
    /// Number of its kind.
    pub kind: u16,
    /// When the event happened, in microseconds since 1970-01-01T00:00:00Z.
    pub at: Option<i64>,
    /// Names of people in it.
    pub names: Vec<Name>,
    /// Dates of birth.
    pub births: Vec<PartialDate>,
    /// Telephone numbers: digits without the country's 44 or the leading 0.
    pub phones: Vec<String>,
    /// Registration marks, letters and digits that look alike folded into one.
    pub marks: Vec<String>,
    /// Latitude and longitude in millionths of a degree.
    pub point: Option<(i32, i32)>,
    /// Everything that it says, codes with their labels and dates in three forms.
    pub text: String,
}

/// The day for which forms of identifiers are read where a record has none of its own.
pub const TODAY: Date = jiff::civil::date(2026, 1, 1);

/// What our index is given.
pub fn indexed(record: &Record) -> IndexDocument {
    document(record.kind, &record.body, record.kind.day_of(&record.body).unwrap_or(TODAY))
}

/// Makes a record flat.
pub fn flat(record: &Record) -> Flat {
    let said = indexed(record);
    let ends = |path: &str, end: &str| path == end || path.ends_with(&format!(".{end}"));
    let dates: Vec<PartialDate> = said.dates.iter().map(|(_, date)| *date).collect();
    let births = said.dates.iter().filter(|(path, _)| path == "dates-of-birth.date").map(|(_, date)| *date);
    let exact = said.exact.iter();
    let phones = exact.clone().filter(|(_, value)| value.starts_with('+')).map(|(_, value)| national(value));
    let marks = exact.clone().filter(|(path, _)| ends(path, "look-alike")).map(|(_, mark)| fold(mark));
    let mut points = said.places.iter().filter_map(|(_, place)| Some((place.latitude?, place.longitude?)));
    Flat {
        id: record.id,
        kind: record.kind.number,
        at: happened(record),
        names: names(record, &said),
        births: births.collect(),
        phones: phones.collect(),
        marks: marks.collect(),
        point: points.next(),
        text: text(record, &said, &dates),
    }
}

/// When the event of a record happened, where its kind is an event: the moment, or the first of the
/// month where no more is known.
pub fn happened(record: &Record) -> Option<i64> {
    let kind = record.kind;
    match kind.happened.and_then(|field| record.body.value(field)) {
        Some(Value::Instant(at)) => Some(*at),
        _ => kind.day_of(&record.body).map(micros),
    }
}

/// The first moment of a day in microseconds, by the clock of Greenwich.
pub fn micros(day: Date) -> i64 {
    let midnight = jiff::tz::TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0));
    midnight.map_or(0, jiff::Timestamp::as_microsecond)
}

/// Digits of a telephone number without 44, 0 and marks.
pub fn national(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let rest = digits.strip_prefix("44").unwrap_or(&digits);
    rest.trim_start_matches('0').to_owned()
}

fn names(record: &Record, said: &IndexDocument) -> Vec<Name> {
    if record.kind.number == nominal::KIND.number {
        return record.body.get(nominal::NAMES).unwrap_or_default().iter().map(name_of).collect();
    }
    let whole = |(_, text): &(String, String)| {
        let folded = plain(text);
        let (forenames, surname) = folded.rsplit_once(' ').unwrap_or(("", &folded));
        Name { forenames: forenames.to_owned(), surname: surname.to_owned() }
    };
    said.names.iter().map(whole).collect()
}

fn name_of(row: &Body) -> Name {
    let part = |part: Option<String>| part.map(|part| plain(&part)).unwrap_or_default();
    Name { forenames: part(row.get(name::FORENAMES)), surname: part(row.get(name::SURNAME)) }
}

/// Folded, without apostrophes, hyphens as spaces.
pub fn plain(text: &str) -> String {
    let folded = fold(text);
    let kept = folded.chars().filter(|letter| !matches!(letter, '\'' | '’' | '`' | '.'));
    let spaced: String = kept.map(|letter| if letter == '-' { ' ' } else { letter }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn text(record: &Record, said: &IndexDocument, dates: &[PartialDate]) -> String {
    let mut parts: Vec<String> = Vec::new();
    let is_word = |value: &str| Uuid::parse_str(value).is_err() && !matches!(value, "true" | "false");
    parts.extend(said.names.iter().chain(&said.words).map(|(_, text)| text.clone()));
    parts.extend(said.exact.iter().filter(|(_, value)| is_word(value)).map(|(_, value)| value.clone()));
    parts.extend(said.numbers.iter().map(|(_, number)| number.to_string()));
    let event = happened(record).and_then(|at| model::derived::show::london(at).map(|at| at.date()));
    let event = event.map(PartialDate::full);
    parts.extend(dates.iter().copied().chain(event).map(date_text));
    parts.retain(|part| !part.is_empty());
    let mut seen = std::collections::HashSet::new();
    parts.retain(|part| seen.insert(part.clone()));
    fold(&parts.join(" ")).replace(['\'', '’'], "")
}

fn date_text(date: PartialDate) -> String {
    let shown = model::derived::show::date(date);
    match date.whole() {
        Some(day) => format!("{day} {} {shown}", day.strftime("%d/%m/%Y")),
        None => shown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::derived::json::from_json;

    #[test]
    fn a_person_lies_flat_and_folded() {
        let kind = &nominal::KIND;
        let body = from_json(
            kind,
            &serde_json::json!({
                "names": [{ "forenames": "Zoë Ann", "surname": "O'Brien-Łuk" }],
                "dates-of-birth": [{ "date": "1987-03-04" }],
                "phones": [{ "number": "+44 (0)7123 456789" }],
            }),
        )
        .unwrap();
        let flat = flat(&Record { id: Uuid::nil(), kind, body });
        assert_eq!(flat.names[0].short(), "zoe obrien luk");
        assert_eq!(flat.births[0].year, Some(1987));
        assert_eq!(flat.phones, ["7123456789"]);
        assert!(flat.text.contains("obrien-luk") && flat.text.contains("04/03/1987"), "{}", flat.text);
        assert!(flat.text.contains("4 march 1987"), "{}", flat.text);
    }

    #[test]
    fn a_number_is_the_same_however_it_is_written() {
        for text in ["07123 456789", "+447123456789", "+44 (0)7123 456 789"] {
            assert_eq!(national(text), "7123456789");
        }
    }
}
