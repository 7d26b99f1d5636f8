//! Files of `payloads/` and `versions/`: lines of a heading, then runs with their length before them.

use crate::error::{Malformed, Trouble, Unusable};
use crate::note::canonical_number;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

/// No line of a heading is longer: an origin is the longest, and may be a long name.
const LONGEST_LINE: usize = 4_096;
const BUFFER: usize = 256 * 1024;

/// A file read once from front to back. Nothing is allocated that the file's own size does not bear out.
pub(crate) struct Framed {
    reader: BufReader<File>,
    path: PathBuf,
    offset: u64,
    left: u64,
}

impl Framed {
    /// Opens the file and notes its size.
    pub fn open(path: &Path) -> Result<Self, Unusable> {
        let file = File::open(path).map_err(|error| Unusable::file(path, error))?;
        let left = file.metadata().map_err(|error| Unusable::file(path, error))?.len();
        Ok(Self { reader: BufReader::with_capacity(BUFFER, file), path: path.to_owned(), offset: 0, left })
    }

    /// The offset of what is read next.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Reads a line that must be exactly this.
    pub fn expect_line(&mut self, expected: &str, what: &str) -> Result<(), Trouble> {
        let at = self.offset;
        match self.line()? {
            line if line == expected.as_bytes() => Ok(()),
            line => Err(Trouble::Malformed(Malformed {
                offset: at,
                what: format!("{what} should be “{expected}”, but is “{}”", String::from_utf8_lossy(&line)),
            })),
        }
    }

    /// Reads a line that is a number in decimal.
    pub fn number_line(&mut self, what: &str) -> Result<u64, Trouble> {
        let at = self.offset;
        let line = self.line()?;
        let number = std::str::from_utf8(&line).ok().and_then(canonical_number);
        number.ok_or_else(|| {
            Malformed { offset: at, what: format!("{what} is not a number in decimal") }.into()
        })
    }

    /// Reads a run with its length before it in four octets into `run`, and says how long it was.
    pub fn counted(&mut self, run: &mut Vec<u8>, what: &str) -> Result<(), Trouble> {
        let length = self.length(what)?;
        run.clear();
        let read = self.reader.by_ref().take(length).read_to_end(run);
        let read = read.map_err(|error| Unusable::file(&self.path, error))? as u64;
        if read < length {
            return Err(self.malformed(format!("the file ends within {what}")));
        }
        self.advance(length);
        Ok(())
    }

    /// Passes over a run with its length before it.
    pub fn skip(&mut self, what: &str) -> Result<(), Trouble> {
        let length = self.length(what)?;
        let step = i64::try_from(length).map_err(|_| self.malformed(format!("{what} is too long")))?;
        self.reader.seek_relative(step).map_err(|error| Unusable::file(&self.path, error))?;
        self.advance(length);
        Ok(())
    }

    /// Checks that nothing is left over.
    pub fn end(&self) -> Result<(), Trouble> {
        match self.left {
            0 => Ok(()),
            left => Err(self.malformed(format!("{left} octets are left over at the end"))),
        }
    }

    /// A complaint about the present place.
    pub fn malformed(&self, what: impl Into<String>) -> Trouble {
        Trouble::Malformed(Malformed { offset: self.offset, what: what.into() })
    }

    fn length(&mut self, what: &str) -> Result<u64, Trouble> {
        let mut length = [0; 4];
        if self.left < 4 {
            return Err(self.malformed(format!("the file ends before {what}")));
        }
        self.exact(&mut length)?;
        let length = u64::from(u32::from_be_bytes(length));
        if length > self.left {
            let left = self.left;
            return Err(
                self.malformed(format!("{what} should be {length} octets long, but only {left} are left"))
            );
        }
        Ok(length)
    }

    fn line(&mut self) -> Result<Vec<u8>, Trouble> {
        let mut line = Vec::new();
        while line.len() <= LONGEST_LINE && self.left > 0 {
            let mut octet = [0];
            self.exact(&mut octet)?;
            match octet {
                [b'\n'] => return Ok(line),
                [other] => line.push(other),
            }
        }
        Err(self.malformed("a line of the heading does not end"))
    }

    fn exact(&mut self, octets: &mut [u8]) -> Result<(), Trouble> {
        self.reader.read_exact(octets).map_err(|error| Unusable::file(&self.path, error))?;
        self.advance(octets.len() as u64);
        Ok(())
    }

    fn advance(&mut self, count: u64) {
        self.offset = self.offset.saturating_add(count);
        self.left = self.left.saturating_sub(count);
    }
}

/// Reads a file that must be exactly so long; a longer or shorter one is malformed.
pub(crate) fn read_exactly(path: &Path, length: u64) -> Result<Vec<u8>, Trouble> {
    let file = File::open(path).map_err(|error| Unusable::file(path, error))?;
    let mut octets = Vec::new();
    let read = file.take(length.saturating_add(1)).read_to_end(&mut octets);
    let read = read.map_err(|error| Unusable::file(path, error))? as u64;
    if read == length {
        return Ok(octets);
    }
    let what = match read < length {
        true => format!("the file ends after {read} octets; it should have {length}"),
        false => format!("the file goes on after its {length} octets"),
    };
    Err(Malformed { offset: read.min(length), what }.into())
}

/// Reads a small file, and no more of it than `most` octets.
pub(crate) fn read_small(path: &Path, most: u64) -> Result<Vec<u8>, Trouble> {
    let file = File::open(path).map_err(|error| Unusable::file(path, error))?;
    let mut octets = Vec::new();
    file.take(most.saturating_add(1))
        .read_to_end(&mut octets)
        .map_err(|error| Unusable::file(path, error))?;
    if octets.len() as u64 > most {
        return Err(Malformed { offset: most, what: format!("the file is longer than {most} octets") }.into());
    }
    Ok(octets)
}
