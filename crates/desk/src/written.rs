//! Tables as RFC 4180 has them, for spreadsheets, and whole files.

use crate::error::DeskError;
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// A table that is written row by row.
pub(crate) struct Table {
    text: String,
}

impl Table {
    pub(crate) fn new(header: &[&str]) -> Self {
        let mut table = Self { text: String::new() };
        table.row(header);
        table
    }

    pub(crate) fn row(&mut self, cells: &[&str]) {
        let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
        self.text.push_str(&cells.join(","));
        self.text.push_str("\r\n");
    }

    pub(crate) fn text(self) -> String {
        self.text
    }
}

/// A cell. What a spreadsheet would run as a formula is given an apostrophe before it: a record may say
/// whatever somebody was called.
fn quoted(cell: &str) -> String {
    let runs = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cell = if runs { format!("'{cell}") } else { cell.to_owned() };
    match cell.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell,
    }
}

/// Writes a new file, for this user alone, whole or not at all: it gets its name once it is on the disk.
///
/// # Errors
/// A file that is there already, or that cannot be written; then nothing of it is left.
pub fn write_whole(path: &Path, contents: &str) -> Result<(), DeskError> {
    let fault = |source| DeskError::File { path: path.to_owned(), source };
    let name =
        path.file_name().ok_or_else(|| DeskError::unusable(format!("{} names no file", path.display())))?;
    if path.symlink_metadata().is_ok() {
        let why = format!("{} is there already: choose another name; nothing was changed", path.display());
        return Err(DeskError::unusable(why));
    }
    let part = path.with_file_name(format!(".{}.part", name.to_string_lossy()));
    let written = write_part(&part, contents).and_then(|()| give_name(&part, path));
    // What a kill has left is written over the next time.
    let removed = remove(&part);
    written.map_err(fault)?;
    removed.map_err(fault)
}

/// Unlike a renaming, a link never takes the place of a file that somebody made meanwhile. Some memory sticks
/// know no links.
fn give_name(part: &Path, path: &Path) -> std::io::Result<()> {
    match std::fs::hard_link(part, path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => std::fs::rename(part, path),
        linked => linked,
    }
}

fn remove(part: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(part) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

fn write_part(part: &Path, contents: &str) -> std::io::Result<()> {
    remove(part)?;
    let mut file = File::options().write(true).create_new(true).mode(0o600).open(part)?;
    file.write_all(contents.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_run_nothing() {
        let mut table = Table::new(&["a", "b"]);
        table.row(&["O'Brien, \"Ned\"", "=HYPERLINK(1)"]);
        table.row(&["+44 7700", "two\nlines"]);
        let expected = "a,b\r\n\"O'Brien, \"\"Ned\"\"\",'=HYPERLINK(1)\r\n'+44 7700,\"two\nlines\"\r\n";
        assert_eq!(table.text(), expected);
    }

    #[test]
    fn a_file_is_there_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answers.csv");
        write_whole(&path, "one").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one");
        let told = write_whole(&path, "two").unwrap_err().to_string();
        assert!(told.contains("there already"), "{told}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one");
        assert!(write_whole(&folder.path().join("nowhere/answers.csv"), "x").is_err());
        // What a kill left behind is written over.
        std::fs::write(folder.path().join(".more.csv.part"), "half of an earlier one, and longer").unwrap();
        write_whole(&folder.path().join("more.csv"), "all").unwrap();
        assert_eq!(std::fs::read_to_string(folder.path().join("more.csv")).unwrap(), "all");
        let left: Vec<_> =
            std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left.len(), 2, "{left:?}");
    }
}
