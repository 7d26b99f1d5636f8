//! Checks of form: what no rule of law needs to say.

use super::{Problem, each_row};
use crate::body::{Body, Slot};
use crate::derived::fields::Fields;
use crate::derived::show;
use crate::field::{FieldDecl, Type};
use crate::identifiers::{self, Standing};
use crate::value::{PartialDate, Place, Value};
use jiff::civil::Date;

/// Longest text of one field, in characters.
pub(crate) const LONGEST_TEXT: usize = 100_000;
/// Most rows under one field.
const MOST_ROWS: usize = 1_000;
/// Great Britain, Northern Ireland and the waters around them, in millionths of a degree.
const LATITUDES: std::ops::RangeInclusive<i32> = 49_000_000..=61_000_000;
const LONGITUDES: std::ops::RangeInclusive<i32> = -9_000_000..=2_000_000;
/// Years in which an event of a record can lie.
const YEARS: std::ops::RangeInclusive<i16> = 1800..=2200;

const ACCURACY: &str = "DPA 2018 s.38(1): personal data must be accurate";

pub(super) fn check_body(fields: Fields<'_>, body: &Body, path: &str, on: Date, problems: &mut Vec<Problem>) {
    for (number, slot) in body.slots() {
        let Some(decl) = fields.number(number) else {
            problems.push(unknown_field(path, number));
            continue;
        };
        let mut at = At { decl, path: format!("{path}{}", decl.name()), on, problems: &mut *problems };
        if let Slot::Held(value) = slot {
            at.check(value);
        }
        each_row(decl, body, &mut |row_at, group, row| {
            let path = format!("{path}{}[{row_at}]", decl.name());
            if row.is_empty() {
                problems.push(empty_row(decl, &path));
            }
            check_body(group, row, &format!("{path}."), on, problems);
        });
    }
}

fn unknown_field(path: &str, number: u16) -> Problem {
    Problem {
        field: format!("{path}{number}"),
        label: format!("Field {number}"),
        rule: "field",
        law: "Only declared fields have a purpose and a legal class (DPA 2018 s.36, s.38)".to_owned(),
        mend: "Take it out, or declare it first.".to_owned(),
        stops: true,
    }
}

fn empty_row(decl: &FieldDecl, path: &str) -> Problem {
    Problem {
        field: path.to_owned(),
        label: decl.label.to_owned(),
        rule: "row",
        law: ACCURACY.to_owned(),
        mend: "Fill the row in, or take it out.".to_owned(),
        stops: true,
    }
}

/// One field being checked.
struct At<'a> {
    decl: &'a FieldDecl,
    path: String,
    on: Date,
    problems: &'a mut Vec<Problem>,
}

impl At<'_> {
    fn check(&mut self, value: &Value) {
        match (self.decl.kind, value) {
            (Type::Bool, Value::Bool(_)) | (Type::Record, Value::Record(_)) => {}
            (Type::Text, Value::Text(text)) => self.check_text(text),
            (Type::Number, Value::Number(number)) => self.check_number(*number),
            (Type::Instant, Value::Instant(micros)) => self.check_instant(*micros),
            (Type::Date, Value::Date(date)) => self.check_date(*date),
            (Type::Code, Value::Code(code)) => self.check_code(code),
            (Type::Identifier, Value::Identifier(text)) => self.check_identifier(text),
            (Type::Place, Value::Place(place)) => self.check_place(place),
            (Type::Rows, Value::Rows(rows)) => self.check_rows(rows),
            _ => self.stop(
                "type",
                "Every field has one type",
                format!("Give {}.", show::takes(self.decl.kind)),
            ),
        }
    }

    fn stop(&mut self, rule: &'static str, law: &str, mend: String) {
        self.add(rule, law, mend, true);
    }

    fn add(&mut self, rule: &'static str, law: &str, mend: String, stops: bool) {
        self.problems.push(Problem {
            field: self.path.clone(),
            label: self.decl.label.to_owned(),
            rule,
            law: law.to_owned(),
            mend,
            stops,
        });
    }

    fn check_text(&mut self, text: &str) {
        if text.contains('\0') {
            let mend = "It holds a NUL character, which no keyboard writes; take it out.";
            self.stop("text", "Text must be readable by every program that receives it", mend.to_owned());
        }
        let length = text.chars().count();
        if length > LONGEST_TEXT {
            let mend =
                format!("It has {length} characters; shorten it to {LONGEST_TEXT}, or attach a document.");
            self.stop("text-length", "DPA 2018 s.37: not excessive", mend);
        }
    }

    fn check_number(&mut self, number: i64) {
        let Some((least, most)) = self.decl.range else { return };
        if !(least..=most).contains(&number) {
            self.stop(
                "number",
                ACCURACY,
                format!("{number} cannot be; give a number from {least} to {most}."),
            );
        }
    }

    fn check_instant(&mut self, micros: i64) {
        if !show::london(micros).is_some_and(|at| YEARS.contains(&at.year())) {
            let mend = format!("Give a time in a year from {} to {}.", YEARS.start(), YEARS.end());
            self.stop("instant", ACCURACY, mend);
        }
    }

    fn check_date(&mut self, date: PartialDate) {
        if !date.is_possible() || date.year.is_some_and(|year| !YEARS.contains(&year)) {
            let mend =
                format!("{date} is no day of any calendar; correct it, or leave out what is not known.");
            self.stop("date", ACCURACY, mend);
        }
    }

    fn check_code(&mut self, code: &str) {
        let Some(list) = self.decl.code_list.and_then(crate::codes::list) else { return };
        let mend = match list.code(code) {
            Some(entry) if entry.holds_on(self.on) => return,
            Some(entry) => format!("“{}” could not be chosen on {}; choose another.", entry.label, self.on),
            None => format!("“{}” is not in the list “{}”; choose one that is.", shortened(code), list.title),
        };
        self.stop("code", &list.source, mend);
    }

    fn check_identifier(&mut self, text: &str) {
        self.check_text(text);
        let Some(kind) = self.decl.identifier else { return };
        if !text.trim().is_empty() && !text.chars().any(char::is_alphanumeric) {
            let mend = format!("“{}” has neither letter nor digit; give it as it was read.", shortened(text));
            return self.stop("identifier", ACCURACY, mend);
        }
        let reading = identifiers::read(kind, text, self.on.year());
        if let (Standing::Unverified, Some(warning)) = (reading.standing, reading.warning) {
            self.add("identifier", ACCURACY, warning, false);
        }
    }

    fn check_place(&mut self, place: &Place) {
        if let Some(words) = &place.words {
            self.check_text(words);
        }
        if let Some(postcode) = &place.postcode {
            self.check_postcode(postcode);
        }
        if place.latitude.is_some() != place.longitude.is_some() {
            self.stop("place-bounds", ACCURACY, "Give latitude and longitude together.".to_owned());
        }
        let is_inside = place.latitude.is_none_or(|n| LATITUDES.contains(&n))
            && place.longitude.is_none_or(|n| LONGITUDES.contains(&n));
        if !is_inside {
            let mend = "The coordinates lie outside Britain (latitude 49 to 61, longitude -9 to 2); correct them, \
                        perhaps by changing them over, or give the place in words.";
            self.stop("place-bounds", ACCURACY, mend.to_owned());
        }
        if place.is_empty() {
            self.stop(
                "place-empty",
                ACCURACY,
                "Give words, a postcode or coordinates, or take the place out.".to_owned(),
            );
        }
    }

    fn check_postcode(&mut self, postcode: &str) {
        self.check_text(postcode);
        let reading = identifiers::read(identifiers::IdentifierKind::Postcode, postcode, self.on.year());
        if let Some(warning) = reading.warning {
            self.add("identifier", ACCURACY, warning, false);
        }
    }

    fn check_rows(&mut self, rows: &[Body]) {
        if rows.len() > MOST_ROWS {
            let mend =
                format!("There are {} rows; {MOST_ROWS} are the most that one field holds.", rows.len());
            self.stop("rows", "DPA 2018 s.37: not excessive", mend);
        }
    }
}

/// A wrong value in a message, short enough to read.
fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    if text.chars().count() <= MOST {
        text.to_owned()
    } else {
        text.chars().take(MOST).chain(['…']).collect()
    }
}
