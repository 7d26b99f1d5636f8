//! Gathers rows and rejects into batches, each of which becomes one transaction.

use crate::header::Columns;
use crate::reader::{Reader, Record};
use crate::row;
use desk::intake::{IncomingRow, Position, RejectedRow};
use std::io::{self, Read};

/// While a stretch is read line by line a batch may grow to so many times its size, so that a run
/// that is cut off does not read on in the middle of the stretch, where lines may read otherwise.
const STRETCH: usize = 16;

/// How large a batch becomes.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Rows and rejects together.
    pub rows: usize,
    /// Octets of their content and raw lines.
    pub octets: usize,
}

/// Rows for one transaction.
#[derive(Debug)]
pub struct Batch {
    /// Rows that have a body.
    pub rows: Vec<IncomingRow>,
    /// Rows that have none.
    pub rejects: Vec<RejectedRow>,
    /// Up to here the file is read.
    pub to: Position,
    octets: usize,
}

impl Batch {
    fn starting(at: Position) -> Self {
        Self { rows: Vec::new(), rejects: Vec::new(), to: at, octets: 0 }
    }

    /// Rows and rejects together.
    pub fn len(&self) -> usize {
        self.rows.len() + self.rejects.len()
    }

    fn take(&mut self, record: &Record<'_>, columns: &Columns) {
        match row::read(record, columns) {
            Ok(row) => {
                self.octets += row.content.len();
                self.rows.push(row);
            }
            Err(reject) => {
                self.octets += reject.raw.len();
                self.rejects.push(reject);
            }
        }
    }

    fn is_full(&self, size: Size, times: usize) -> bool {
        self.len() >= size.rows * times || self.octets >= size.octets * times
    }
}

/// Reads the next batch; `None` at the end of the file.
///
/// # Errors
/// Where the file cannot be read.
pub fn next<R: Read>(reader: &mut Reader<R>, columns: &Columns, size: Size) -> io::Result<Option<Batch>> {
    let mut batch = Batch::starting(reader.position());
    while let Some(record) = reader.next(columns.len())? {
        batch.take(&record, columns);
        let times = if reader.is_reading_one_by_one() { STRETCH } else { 1 };
        if batch.is_full(size, times) {
            break;
        }
    }
    batch.to = reader.position();
    Ok((batch.len() > 0).then_some(batch))
}
