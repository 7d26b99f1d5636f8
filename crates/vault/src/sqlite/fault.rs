//! Faults of SQLite in words for the person who must mend them.

use std::path::Path;

/// What a fault of a file says, and what to do about it.
pub(super) fn explain(path: &Path, doing: &str, error: &sqlx::Error) -> String {
    let file = path.display();
    match primary_code(error) {
        Some(SQLITE_FULL) => format!(
            "{doing}: the disk that holds {file} is full. Make room, then start again; nothing that was acknowledged is lost"
        ),
        Some(SQLITE_BUSY | SQLITE_LOCKED) => format!(
            "{doing}: {file} is locked by another process. Stop whatever else has it open (a copy job, a database tool), then try again"
        ),
        Some(SQLITE_CORRUPT | SQLITE_NOTADB) => format!(
            "{doing}: {file} is corrupt or no database ({error}). Stop the program, keep the file for analysis, and restore the newest backup"
        ),
        Some(SQLITE_READONLY | SQLITE_PERM | SQLITE_AUTH | SQLITE_CANTOPEN) => format!(
            "{doing}: no permission to read and write {file} ({error}). Make the file and its folder readable and writable for this user only"
        ),
        Some(SQLITE_IOERR) => format!(
            "{doing}: the disk that holds {file} does not read or write ({error}). Check the disk, then run `bluelamp doctor`"
        ),
        _ => format!("{doing}: {error} ({file}). Run `bluelamp doctor`"),
    }
}

const SQLITE_PERM: u32 = 3;
const SQLITE_BUSY: u32 = 5;
const SQLITE_LOCKED: u32 = 6;
const SQLITE_READONLY: u32 = 8;
const SQLITE_IOERR: u32 = 10;
const SQLITE_CORRUPT: u32 = 11;
const SQLITE_FULL: u32 = 13;
const SQLITE_CANTOPEN: u32 = 14;
const SQLITE_AUTH: u32 = 23;
const SQLITE_NOTADB: u32 = 26;

/// The shared memory beside the file cannot be given its size: that too is a full disk.
const SQLITE_IOERR_SHMSIZE: u32 = 4874;

/// The primary result code; the extended code holds it in its lowest eight bits.
fn primary_code(error: &sqlx::Error) -> Option<u32> {
    let code: u32 = error.as_database_error()?.code()?.parse().ok()?;
    Some(if code == SQLITE_IOERR_SHMSIZE { SQLITE_FULL } else { code & 0xff })
}

/// Whether another connection holds what this one needs.
pub(super) fn is_busy(error: &sqlx::Error) -> bool {
    matches!(primary_code(error), Some(SQLITE_BUSY | SQLITE_LOCKED))
}
