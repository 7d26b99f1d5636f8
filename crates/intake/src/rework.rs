//! Rejected rows, looked at one by one: what stands in each column, whether a corrected row would be
//! taken in, and the corrected row as a file of its own, which is then taken in like any other.

use crate::connector::{Connector, Row, RowFault, Table};
use crate::reader::Reader;
use desk::intake::Position;

/// How the rows of a file are read, by the file as it was named; `None` where it is none of the
/// connector's.
#[must_use]
pub fn table_of(connector: &dyn Connector, file: &str) -> Option<&'static Table> {
    connector.recognise(base_name(file)).map(|recognised| recognised.table)
}

/// The last part of a file's path.
#[must_use]
pub fn base_name(file: &str) -> &str {
    file.rsplit(['/', '\\']).next().unwrap_or(file)
}

/// What stands in each column of a rejected row, in the order of the table. The header of its file is
/// not known any more: where a file had its columns in another order, values stand under others' names,
/// and whoever corrects the row must look. What cannot be split stands whole in the first column.
#[must_use]
pub fn fields(table: &Table, raw: &[u8]) -> Vec<String> {
    let text = |octets: &[u8]| String::from_utf8_lossy(octets).trim().to_owned();
    let mut reader = Reader::new(raw, Position::default());
    let split: Option<Vec<String>> = match reader.next(table.columns.len()) {
        Ok(Some(record)) => record.fields.ok().map(|fields| fields.iter().map(text).collect()),
        _ => None,
    };
    let mut fields = split.unwrap_or_else(|| vec![text(raw)]);
    fields.resize(table.columns.len().max(fields.len()), String::new());
    fields
}

/// Whether a row of these fields would become a record.
///
/// # Errors
/// The column at fault, and what is wrong with it.
pub fn judge(table: &Table, fields: &[String]) -> Result<(), RowFault> {
    let row = Row::new(fields.iter().map(String::as_str).collect());
    if row.is_blank() {
        return Err(RowFault::of_row("every column is blank"));
    }
    (table.read)(&row).map(drop)
}

/// A file that holds the header and this one row.
#[must_use]
pub fn file_of_one(table: &Table, fields: &[String]) -> String {
    let line = |cells: &mut dyn Iterator<Item = &str>| cells.map(quoted).collect::<Vec<_>>().join(",");
    let header = line(&mut table.columns.iter().copied());
    let row = line(&mut fields.iter().take(table.columns.len()).map(String::as_str));
    format!("{header}\n{row}\n")
}

/// A cell between quotation marks, on one line.
fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace(['\r', '\n'], " ").replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::police_uk::{DataPoliceUk, stops};

    const FILE: &str = "january/2024-01-lampshire-stop-and-search.csv";

    #[test]
    fn a_row_is_split_corrected_and_written_so_that_it_reads_again() {
        let table = table_of(&DataPoliceUk, FILE).unwrap();
        let raw = b"Person search,2024-01-01T99:00:00+00:00,,\"A, \"\"B\"\"\",51.5,-0.1,,,,,,,,,\n";
        let mut fields = fields(table, raw);
        assert_eq!(fields.len(), stops::COLUMNS.len());
        assert_eq!(fields[3], "A, \"B\"");
        assert_eq!(judge(table, &fields).unwrap_err().field, "Date");
        fields[1] = "2024-01-01T09:00:00+00:00".to_owned();
        judge(table, &fields).unwrap();
        let file = file_of_one(table, &fields);
        let (_, row) = file.split_once('\n').unwrap();
        assert_eq!(super::fields(table, row.as_bytes()), fields);
    }

    #[test]
    fn what_cannot_be_split_stands_whole() {
        let fields = fields(&stops::TABLE, b"\"a,b,c");
        assert_eq!(fields[0], "\"a,b,c");
        assert_eq!(fields.len(), stops::COLUMNS.len());
        assert!(judge(&stops::TABLE, &vec![String::new(); 15]).is_err());
        assert!(table_of(&DataPoliceUk, "holiday.jpg").is_none());
    }
}
