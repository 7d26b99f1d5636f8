//! The lines of a list as somebody gives them: one thing a line, or a table with a header.

use crate::error::DeskError;
use csv::{ReaderBuilder, StringRecord, Trim};
use model::identifiers::{self, IdentifierKind, vrm};
use model::reference::{ReferenceError, parse_reference, reference_text};
use search::{Query, is_date};

/// Lines of one list.
pub const MOST_LINES: usize = 500;
/// Longest line, in characters.
const LONGEST: usize = 500;
/// Most words of a line.
const MOST_WORDS: usize = 16;
/// Digits of a telephone number, one perhaps missing or too many.
const DIGITS_OF_PHONE: std::ops::RangeInclusive<usize> = 9..=15;

/// What a line is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A person, with a date of birth or without.
    Person,
    /// A registration mark.
    Plate,
    /// A telephone number.
    Phone,
    /// A reference of ours.
    Reference,
    /// Several of these, which one record holds together.
    Several,
}

impl Sort {
    /// The word for people and for JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Plate => "plate",
            Self::Phone => "phone",
            Self::Reference => "reference",
            Self::Several => "several",
        }
    }
}

/// What a line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) sort: Sort,
    pub(crate) query: Query,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// Its number in the file, from 1.
    pub(crate) number: u64,
    /// As it was given.
    pub(crate) given: String,
    /// What it asks for; else the rule and the mend.
    pub(crate) asked: Result<Asked, String>,
}

/// A list that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct List {
    pub(crate) lines: Vec<Line>,
    /// Columns that no search was made for.
    pub(crate) unused: Vec<String>,
}

/// What a column of a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Name,
    Born,
    Plate,
    Phone,
    Reference,
}

/// The columns of a table by their names; `None` for those that are not searched for.
type Columns = Vec<(String, Option<Column>)>;

/// Reads a list.
///
/// # Errors
/// A list that is empty or too long, and a table of which no column is known.
pub(crate) fn read(text: &str) -> Result<List, DeskError> {
    let text = text.trim_start_matches('\u{feff}');
    let list = match header(text) {
        Some((delimiter, columns)) => table(text, delimiter, &columns)?,
        None => List { lines: plain(text), unused: Vec::new() },
    };
    if list.lines.is_empty() {
        return Err(DeskError::unusable("list: it has no line to search for"));
    }
    match list.lines.get(MOST_LINES) {
        None => Ok(list),
        Some(line) => Err(DeskError::unusable(format!(
            "list: line {} is entry {}, and a list has at most {MOST_LINES}: give the rest as another list; nothing \
             was searched",
            line.number,
            MOST_LINES + 1
        ))),
    }
}

/// The delimiter and the columns, where the first line is a header.
fn header(text: &str) -> Option<(u8, Columns)> {
    let first = text.lines().find(|line| !line.trim().is_empty())?;
    let counted = [b',', b';', b'\t'].map(|sign| (first.bytes().filter(|byte| *byte == sign).count(), sign));
    let (_, delimiter) = counted.into_iter().max_by_key(|(count, _)| *count)?;
    let names =
        first.split(char::from(delimiter)).map(|name| name.trim().trim_matches('"').trim().to_owned());
    let columns: Columns = names.map(|name| (name.clone(), column(&name))).collect();
    columns.iter().any(|(_, column)| column.is_some()).then_some((delimiter, columns))
}

fn column(name: &str) -> Option<Column> {
    let plain: String = name.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    match plain.as_str() {
        "name" | "names" | "fullname" | "surname" | "lastname" | "familyname" | "forename" | "forenames"
        | "firstname" | "givenname" | "givennames" | "middlename" | "middlenames" => Some(Column::Name),
        "dateofbirth" | "dob" | "born" | "birthdate" => Some(Column::Born),
        "plate" | "plates" | "vrm" | "registration" | "registrationmark" | "reg" | "index" => {
            Some(Column::Plate)
        }
        "phone" | "phonenumber" | "telephone" | "mobile" | "msisdn" => Some(Column::Phone),
        "ref" | "reference" | "references" => Some(Column::Reference),
        _ => None,
    }
}

fn table(text: &str, delimiter: u8, columns: &Columns) -> Result<List, DeskError> {
    let mut reader = ReaderBuilder::new();
    let mut reader = reader.delimiter(delimiter).flexible(true).trim(Trim::All).from_reader(text.as_bytes());
    let mut lines = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|error| DeskError::unusable(format!("list: it is no table ({error})")))?;
        let number = row.position().map_or(0, csv::Position::line);
        if row.iter().all(str::is_empty) {
            continue;
        }
        // What is not searched for, such as remarks, is no part of what the log says was asked.
        let searched =
            row.iter().zip(columns).filter(|(cell, (_, column))| column.is_some() && !cell.is_empty());
        let given: Vec<&str> = searched.map(|(cell, _)| cell).collect();
        let given = given.join(", ");
        let asked = match given.chars().count() > LONGEST {
            true => Err(too_long()),
            false => cells(&row, columns),
        };
        lines.push(Line { number, given: given.chars().take(LONGEST).collect(), asked });
        // One too many is enough to refuse the list.
        if lines.len() > MOST_LINES {
            break;
        }
    }
    let unused = columns.iter().filter(|(_, column)| column.is_none());
    Ok(List { lines, unused: unused.map(|(name, _)| name.clone()).collect() })
}

/// What the cells of a row ask for together.
fn cells(row: &StringRecord, columns: &Columns) -> Result<Asked, String> {
    if row.len() > columns.len() {
        return Err(format!(
            "it has {} cells and the header has {}: put what holds a comma into quotation marks",
            row.len(),
            columns.len()
        ));
    }
    let known = row.iter().zip(columns).filter_map(|(cell, (_, column))| Some((cell, (*column)?)));
    let mut known: Vec<(&str, Column)> = known.filter(|(cell, _)| !cell.is_empty()).collect();
    if let Some((cell, _)) = known.iter().find(|(_, column)| *column == Column::Reference) {
        return reference(cell);
    }
    // A surname may follow the forenames or stand before them: as for any name, that does not count.
    known.sort_by_key(|(_, column)| *column == Column::Born);
    let (mut wanted, mut sorts) = (Vec::new(), Vec::new());
    for (cell, column) in known {
        let sort = match column {
            Column::Name => {
                wanted.extend(name_words(cell)?);
                Sort::Person
            }
            Column::Born => {
                wanted.push(date(cell)?);
                Sort::Person
            }
            Column::Plate => {
                wanted.push(plate(cell).ok_or_else(|| no_plate(cell))?);
                Sort::Plate
            }
            Column::Phone => {
                wanted.push(phone(cell).ok_or_else(|| no_phone(cell))?);
                Sort::Phone
            }
            Column::Reference => continue,
        };
        sorts.push(sort);
    }
    sorts.dedup();
    let sort = match sorts.as_slice() {
        [] => return Err("it has nothing in the columns that are searched: fill one of them".to_owned()),
        [sort] => *sort,
        _ => Sort::Several,
    };
    of_words(sort, &wanted)
}

fn plain(text: &str) -> Vec<Line> {
    let numbered = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let line = |(number, line): (u64, &str)| Line {
        number,
        given: line.trim().chars().take(LONGEST).collect(),
        asked: one(line.trim()),
    };
    numbered.take(MOST_LINES + 1).map(line).collect()
}

fn too_long() -> String {
    format!("it is longer than {LONGEST} characters: one name or number stands in a line")
}

/// What a line without a header is taken for.
fn one(line: &str) -> Result<Asked, String> {
    if line.chars().count() > LONGEST {
        return Err(too_long());
    }
    // A mark such as `N12 B` reads as a reference too; ours are written with a hyphen.
    if line.contains('-')
        && !matches!(
            parse_reference(line),
            Err(ReferenceError::Form(_) | ReferenceError::UnknownPrefix { .. })
        )
    {
        return reference(line);
    }
    if let Some(mark) = plate(line).filter(|mark| vrm::class(mark) != vrm::Class::Unknown) {
        return of_words(Sort::Plate, &[mark]);
    }
    if let Some(number) = phone(line) {
        return of_words(Sort::Phone, &[number]);
    }
    of_words(Sort::Person, &name_words(line)?)
}

fn reference(text: &str) -> Result<Asked, String> {
    let (kind, number) = parse_reference(text).map_err(|error| error.to_string())?;
    let query = Query::parse(&reference_text(kind, number)).map_err(|error| error.to_string())?;
    Ok(Asked { sort: Sort::Reference, query })
}

/// The words of a name, with a date of birth among them or not.
fn name_words(text: &str) -> Result<Vec<String>, String> {
    let parts = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '"'));
    let mut words = Vec::new();
    for part in parts.filter(|part| part.chars().any(char::is_alphanumeric)) {
        let word = match part.chars().any(char::is_alphabetic) {
            true => part.to_owned(),
            false => date(part)?,
        };
        words.push(word);
    }
    match words.iter().any(|word| word.chars().any(char::is_alphabetic)) {
        true => Ok(words),
        false => Err(
            "it names nobody: a surname was expected; a date of birth alone is searched for with a date of \
                      its own in `bluelamp search`"
                .to_owned(),
        ),
    }
}

fn date(text: &str) -> Result<String, String> {
    match is_date(text) {
        true => Ok(text.to_owned()),
        false => Err(format!(
            "“{text}” is no date of birth: write it day first, as 12/03/1985, or as 1985-03-12, or the year alone"
        )),
    }
}

/// A registration mark, squeezed.
fn plate(text: &str) -> Option<String> {
    let mark = identifiers::read(IdentifierKind::Vrm, text, 0).canonical;
    let is_plain = mark.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let has_digit = mark.bytes().any(|byte| byte.is_ascii_digit());
    (is_plain && has_digit && (3..=8).contains(&mark.len())).then_some(mark)
}

fn no_plate(text: &str) -> String {
    format!("“{text}” is no registration mark: 3 to 8 letters and digits were expected, as AB12 CDE")
}

/// A telephone number as it is dialled here.
fn phone(text: &str) -> Option<String> {
    let is_sign = |c: char| c.is_ascii_digit() || c.is_whitespace() || "+()-./".contains(c);
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_number = text.chars().all(is_sign) && DIGITS_OF_PHONE.contains(&digits.len());
    if !is_number {
        return None;
    }
    let british = text.trim_start().starts_with('+').then(|| digits.strip_prefix("44")).flatten();
    Some(british.map_or(digits.clone(), |rest| format!("0{}", rest.trim_start_matches('0'))))
}

fn no_phone(text: &str) -> String {
    format!("“{text}” is no telephone number: 9 to 15 digits were expected, as 07700 900123")
}

fn of_words(sort: Sort, words: &[String]) -> Result<Asked, String> {
    if words.len() > MOST_WORDS {
        return Err(format!("it has more than {MOST_WORDS} words: one name or number stands in a line"));
    }
    let query =
        Query::of_words(words).ok_or("nothing is left to look for: a name or a number was expected")?;
    Ok(Asked { sort, query })
}

#[cfg(test)]
mod tests;
