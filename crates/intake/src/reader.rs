//! Reads delimited text of any size in bounded memory, and says of every octet what became of it.
//!
//! A line is at most 1 MiB; a longer one is a fault of its own and reading goes on at the next line.
//! A quoted field may hold line breaks. But a stray quotation mark must not swallow the rows after
//! it, so a record that spans lines is believed only if it ends within 1 MiB, has as many columns as
//! the header, and none of its lines from the second on looks like a row by itself, which is to say
//! that it has as many commas as the header. Otherwise only its first line is a fault, and the lines
//! that it would have covered are read one by one: each octet is looked at a bounded number of times,
//! whatever the file holds. The rule errs on the side of a reject, which is kept, against a row that
//! another swallows, which nobody would miss; a field in the first column that spans lines is always
//! one of its victims.

use csv_core::{ReadRecordResult, ReaderBuilder, Terminator};
use desk::intake::Position;
use std::io::{self, Read};

/// The longest line, and the longest record that spans lines, in octets.
pub const LINE_LIMIT: usize = 1 << 20;
/// So much of a faulty row is kept, in octets.
pub const KEPT: usize = 64 * 1024;
const CHUNK: usize = 256 * 1024;
const DELIMITER: u8 = b',';

/// Why a line has no fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineFault {
    /// It is longer than [`LINE_LIMIT`].
    TooLong,
    /// A quotation mark opens in it and does not close where it should.
    QuoteNotClosed,
}

impl LineFault {
    /// In words.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::TooLong => "line longer than 1 MiB",
            Self::QuoteNotClosed => "a quotation mark is opened and not closed",
        }
    }
}

/// One record as it stands in the file.
#[derive(Debug)]
pub struct Record<'r> {
    /// The line that it begins on, from 1.
    pub line: u64,
    /// Its octets, cut at [`KEPT`].
    pub raw: &'r [u8],
    /// Its fields, unquoted.
    pub fields: Result<Fields<'r>, LineFault>,
    /// Whether the file ends in it without a line end.
    pub unended: bool,
}

/// The fields of a record.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'r> {
    text: &'r [u8],
    ends: &'r [usize],
}

impl<'r> Fields<'r> {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none, which no record has.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// One field; empty beyond the last.
    #[must_use]
    pub fn get(&self, place: usize) -> &'r [u8] {
        let from = place.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(place).and_then(|end| self.text.get(from..*end)).unwrap_or(&[])
    }

    /// All fields in order.
    pub fn iter(self) -> impl Iterator<Item = &'r [u8]> {
        (0..self.len()).map(move |place| self.get(place))
    }
}

/// Splits a record's octets into fields.
struct Splitter {
    machine: csv_core::Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
    text_length: usize,
    fields: usize,
}

impl Splitter {
    fn new() -> Self {
        // Only a line feed ends a line, so that our count of lines agrees; the carriage return before
        // it is trimmed with the last field.
        let machine = ReaderBuilder::new().delimiter(DELIMITER).terminator(Terminator::Any(b'\n')).build();
        Self { machine, text: vec![0; 4096], ends: vec![0; 64], text_length: 0, fields: 0 }
    }

    /// Splits the record at the start of `input`, which ends in a line feed. Gives its length, or
    /// `None` where a quotation mark is still open at the end of the input.
    fn split(&mut self, input: &[u8]) -> Option<usize> {
        self.machine.reset();
        (self.text_length, self.fields) = (0, 0);
        let mut read = 0;
        while read < input.len() {
            let text = self.text.get_mut(self.text_length..)?;
            let ends = self.ends.get_mut(self.fields..)?;
            let (result, octets, written, ended) = self.machine.read_record(input.get(read..)?, text, ends);
            read += octets;
            self.text_length += written;
            self.fields += ended;
            match result {
                ReadRecordResult::Record => return Some(read),
                ReadRecordResult::OutputFull => self.text.resize(self.text.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::InputEmpty | ReadRecordResult::End => return None,
            }
        }
        None
    }

    fn fields(&self) -> Fields<'_> {
        Fields {
            text: self.text.get(..self.text_length).unwrap_or(&[]),
            ends: self.ends.get(..self.fields).unwrap_or(&[]),
        }
    }
}

/// What stands next in the buffer.
enum Next {
    /// A record of so many octets.
    Record(usize),
    /// A line of so many octets without a closing quotation mark.
    Unclosed(usize),
    /// A line longer than the limit; its end may not have been read yet.
    TooLong,
    /// Nothing.
    End,
}

/// Reads records one after the other.
pub struct Reader<R> {
    source: R,
    buffer: Vec<u8>,
    start: usize,
    source_ended: bool,
    /// A line feed that the file lacks at its end was put into the buffer.
    end_supplied: bool,
    position: Position,
    /// Up to here no record may span lines.
    one_by_one_until: u64,
    splitter: Splitter,
    kept: Vec<u8>,
}

impl<R: Read> Reader<R> {
    /// Reads a source that stands at `position`, which a reader of the same file gave before.
    pub fn new(source: R, position: Position) -> Self {
        Self {
            source,
            buffer: Vec::new(),
            start: 0,
            source_ended: false,
            end_supplied: false,
            position,
            one_by_one_until: 0,
            splitter: Splitter::new(),
            kept: Vec::new(),
        }
    }

    /// Up to where records were handed out.
    #[must_use]
    pub fn position(&self) -> Position {
        self.position
    }

    /// Whether the lines that stand next are read one by one, because a quotation mark before them
    /// was not closed. A reader that begins here anew does not know that.
    #[must_use]
    pub fn is_reading_one_by_one(&self) -> bool {
        self.position.offset < self.one_by_one_until
    }

    /// The next record; blank lines are passed over. `columns` is the number of columns of the header;
    /// while that is not known give 0, and no record may span lines.
    ///
    /// # Errors
    /// Where the source cannot be read.
    pub fn next(&mut self, columns: usize) -> io::Result<Option<Record<'_>>> {
        let next = self.find(columns)?;
        let line = self.position.line + 1;
        let (fault, length) = match next {
            Next::End => return Ok(None),
            Next::Record(length) => (None, length),
            Next::Unclosed(length) => (Some(LineFault::QuoteNotClosed), length),
            Next::TooLong => return self.pass_over_long_line(line).map(Some),
        };
        let from = self.start;
        self.advance(length);
        let unended = self.is_at_supplied_end();
        let octets = length - usize::from(unended);
        let raw = self.buffer.get(from..from + octets.min(KEPT)).unwrap_or(&[]);
        let fields = match fault {
            None => Ok(self.splitter.fields()),
            Some(fault) => Err(fault),
        };
        Ok(Some(Record { line, raw, fields, unended }))
    }

    fn find(&mut self, columns: usize) -> io::Result<Next> {
        loop {
            let Some(length) = self.line_length()? else {
                return Ok(if self.pending().is_empty() { Next::End } else { Next::TooLong });
            };
            let line = self.pending().get(..length).unwrap_or(&[]);
            if line.iter().any(|octet| !matches!(octet, b'\r' | b'\n')) {
                return self.judge(length, columns);
            }
            self.advance(length);
        }
    }

    /// Says what the line at the start is, and makes of it and the next ones a record where it must.
    fn judge(&mut self, length: usize, columns: usize) -> io::Result<Next> {
        let line = self.buffer.get(self.start..self.start + length).unwrap_or(&[]);
        if self.splitter.split(line).is_some() {
            return Ok(Next::Record(length));
        }
        if self.is_reading_one_by_one() {
            return Ok(Next::Unclosed(length));
        }
        while self.pending().len() < LINE_LIMIT && self.fill()? {}
        let span = self.buffer.get(self.start..self.buffer.len().min(self.start + LINE_LIMIT)).unwrap_or(&[]);
        let spanned = self.splitter.split(span);
        let believed = spanned.filter(|record| {
            let later_lines = span.get(length..*record).unwrap_or(&[]);
            self.splitter.fields == columns && !has_whole_row(later_lines, columns)
        });
        if let Some(record) = believed {
            return Ok(Next::Record(record));
        }
        self.one_by_one_until = self.position.offset + spanned.unwrap_or(span.len()) as u64;
        Ok(Next::Unclosed(length))
    }

    /// Length of the first line with its line end; `None` where nothing is left or it is too long.
    fn line_length(&mut self) -> io::Result<Option<usize>> {
        loop {
            let within = self.pending().get(..LINE_LIMIT.min(self.pending().len())).unwrap_or(&[]);
            if let Some(end) = line_end(within) {
                return Ok(Some(end));
            }
            if self.pending().len() >= LINE_LIMIT || !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// Passes over a line that is too long, in bounded memory, and keeps its beginning.
    fn pass_over_long_line(&mut self, line: u64) -> io::Result<Record<'_>> {
        let beginning = self.pending().get(..KEPT).unwrap_or(&[]).to_vec();
        let unended = loop {
            if let Some(end) = line_end(self.pending()) {
                self.advance(end);
                break self.is_at_supplied_end();
            }
            self.advance(self.pending().len());
            if !self.fill()? {
                break true;
            }
        };
        self.position.line = line;
        self.kept = beginning;
        Ok(Record { line, raw: &self.kept, fields: Err(LineFault::TooLong), unended })
    }

    fn pending(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or(&[])
    }

    fn is_at_supplied_end(&self) -> bool {
        self.end_supplied && self.pending().is_empty()
    }

    fn advance(&mut self, octets: usize) {
        let passed = self.buffer.get(self.start..self.start + octets).unwrap_or(&[]);
        self.position.line += passed.iter().filter(|octet| **octet == b'\n').count() as u64;
        self.position.offset += octets as u64;
        self.start += octets;
        if octets > 0 && self.is_at_supplied_end() {
            self.position.offset -= 1;
        }
    }

    /// Reads on, and says whether there is more in the buffer than before. A last line without a line
    /// end gets one.
    fn fill(&mut self) -> io::Result<bool> {
        if self.source_ended {
            return Ok(false);
        }
        self.buffer.drain(..self.start);
        self.start = 0;
        let held = self.buffer.len();
        self.buffer.resize(held + CHUNK, 0);
        let read = read_some(&mut self.source, self.buffer.get_mut(held..).unwrap_or(&mut []));
        self.buffer.truncate(held + *read.as_ref().unwrap_or(&0));
        if read? > 0 {
            return Ok(true);
        }
        self.source_ended = true;
        self.end_supplied = self.buffer.last().is_some_and(|octet| *octet != b'\n');
        if self.end_supplied {
            self.buffer.push(b'\n');
        }
        Ok(self.end_supplied)
    }
}

fn read_some(source: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    loop {
        match source.read(into) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

/// Octets up to and with the first line feed.
fn line_end(octets: &[u8]) -> Option<usize> {
    octets.iter().position(|octet| *octet == b'\n').map(|at| at + 1)
}

/// Whether one of these lines has by itself as many columns as a whole row.
fn has_whole_row(lines: &[u8], columns: usize) -> bool {
    let delimiters = |line: &[u8]| line.iter().filter(|octet| **octet == DELIMITER).count();
    columns > 1 && lines.split(|octet| *octet == b'\n').any(|line| delimiters(line) + 1 == columns)
}

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;
