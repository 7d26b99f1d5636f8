//! Makes of one record of a file what is handed to the door: a row with its body, or a reject.

use crate::connector::{Row, RowFault};
use crate::header::Columns;
use crate::reader::{Fields, Record};
use desk::intake::{IncomingRow, RejectedRow};

/// Reads a record by its table.
pub fn read(record: &Record<'_>, columns: &Columns) -> Result<IncomingRow, RejectedRow> {
    incoming(record, columns).map_err(|fault| reject(record, fault))
}

fn incoming(record: &Record<'_>, columns: &Columns) -> Result<IncomingRow, RowFault> {
    let fields = record.fields.map_err(|fault| RowFault::of_row(fault.reason()))?;
    check_width(fields, columns)?;
    let row = Row::new(
        columns.each().map(|(name, place)| text(name, fields.get(place))).collect::<Result<_, _>>()?,
    );
    if row.is_blank() {
        return Err(RowFault::of_row("every column is blank"));
    }
    let id = columns.table.id.map(|column| row.get(column)).filter(|id| !id.is_empty());
    let body = (columns.table.read)(&row)?;
    Ok(IncomingRow { line: record.line, content: row.content(), id: id.map(str::to_owned), body })
}

fn check_width(fields: Fields<'_>, columns: &Columns) -> Result<(), RowFault> {
    match fields.len().cmp(&columns.len()) {
        std::cmp::Ordering::Less => Err(RowFault::of_row("fewer columns than the header")),
        std::cmp::Ordering::Greater => Err(RowFault::of_row("more columns than the header")),
        std::cmp::Ordering::Equal => Ok(()),
    }
}

fn text<'r>(column: &'static str, octets: &'r [u8]) -> Result<&'r str, RowFault> {
    if octets.contains(&0) {
        return Err(RowFault::new(column, "holds a NUL octet"));
    }
    std::str::from_utf8(octets).map_err(|_| RowFault::new(column, "is not UTF-8 text"))
}

fn reject(record: &Record<'_>, fault: RowFault) -> RejectedRow {
    let mut reason = fault.reason.into_owned();
    if record.unended {
        reason.push_str("; the file ends here without a line end and seems cut short");
    }
    RejectedRow { line: record.line, field: fault.field.into_owned(), reason, raw: record.raw.to_vec() }
}
