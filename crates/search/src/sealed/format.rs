//! How a sealed file lies on disk.
//!
//! ```text
//! header   16 octets: "BLSEALIX", version, slot, six zeros
//! chunks   64 KiB of text each (the last one 0 to 64 KiB), every one followed by its 16-octet tag
//! ```
//!
//! A chunk is sealed at its own number, so chunks cannot change places. What it is sealed *with*
//! holds the whole header, the file's name, and whether this is the last chunk: a chunk cannot
//! pass for one of another file, and a file cut off between two chunks ends in a chunk that was
//! never sealed as the last one.

use std::io;

use sealing::TAG_LEN;

use super::damage::{Damaged, Fault};

/// Plain text in a full chunk.
pub(super) const CHUNK: usize = 64 * 1024;
/// A full chunk as it lies on disk.
pub(super) const FRAME: usize = CHUNK + TAG_LEN;
/// Length of the header.
pub(super) const HEADER: usize = 16;

const MAGIC: &[u8; 8] = b"BLSEALIX";
const VERSION: u8 = 1;

/// Which of a file's possible keys seals it.
///
/// A file that is written once has one key. A file that is rewritten goes back and forth between
/// two: the new text always goes under the key that the old text does not use. Because the names
/// are fixed, a key left over from a crash is never lost sight of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    Once,
    First,
    Second,
}

impl Slot {
    pub(super) const ALL: [Slot; 3] = [Slot::Once, Slot::First, Slot::Second];

    /// The name under which the keystore holds the key.
    pub(super) fn key_name(self, file: &str) -> String {
        match self {
            Slot::Once => file.to_owned(),
            Slot::First => format!("{file}#1"),
            Slot::Second => format!("{file}#2"),
        }
    }

    fn octet(self) -> u8 {
        match self {
            Slot::Once => 0,
            Slot::First => 1,
            Slot::Second => 2,
        }
    }

    fn from_octet(octet: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|slot| slot.octet() == octet)
    }
}

/// The header of a sealed file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) slot: Slot,
}

impl Header {
    pub(super) fn to_bytes(self) -> [u8; HEADER] {
        let mut bytes = [0u8; HEADER];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8] = VERSION;
        bytes[9] = self.slot.octet();
        bytes
    }

    pub(super) fn parse(file: &str, bytes: [u8; HEADER]) -> io::Result<Self> {
        let not_sealed = || Damaged::whole(file, Fault::NotSealed);
        let (magic, rest) = bytes.split_first_chunk::<8>().ok_or_else(not_sealed)?;
        if magic != MAGIC {
            return Err(not_sealed());
        }
        if rest[0] != VERSION {
            return Err(Damaged::whole(file, Fault::Version(rest[0])));
        }
        let slot = Slot::from_octet(rest[1]).ok_or_else(not_sealed)?;
        let header = Self { slot };
        // The spare octets are part of what is sealed; a file that fills them is not ours.
        if header.to_bytes() == bytes { Ok(header) } else { Err(not_sealed()) }
    }

    /// What a chunk is sealed with, besides its number.
    pub(super) fn identity(self, file: &str, last: bool) -> Vec<u8> {
        let mut identity = Vec::with_capacity(HEADER + 1 + file.len());
        identity.extend_from_slice(&self.to_bytes());
        identity.push(u8::from(last));
        identity.extend_from_slice(file.as_bytes());
        identity
    }
}

/// Where the chunks of a file of a given length lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    chunks: u64,
    plain: u64,
}

impl Layout {
    /// Works the layout out from the length on disk. `None` when no whole chunks give that length.
    pub(super) fn of(on_disk: u64) -> Option<Self> {
        let body = on_disk.checked_sub(HEADER as u64)?;
        let chunks = body.div_ceil(FRAME as u64).max(1);
        let plain = body.checked_sub(chunks * TAG_LEN as u64)?;
        // Only an empty file has an empty last chunk, and the last chunk has its tag.
        let before_last = (chunks - 1) * CHUNK as u64;
        let last_fits = chunks == 1 || plain > before_last;
        last_fits.then_some(Self { chunks, plain })
    }

    /// Length of the plain text.
    pub(super) fn plain_len(self) -> u64 {
        self.plain
    }

    /// The number of the last chunk.
    pub(super) fn last(self) -> u64 {
        self.chunks - 1
    }

    /// Where chunk `n` starts on disk.
    pub(super) fn offset(n: u64) -> u64 {
        HEADER as u64 + n * FRAME as u64
    }

    /// Length of the plain text of chunk `n`.
    pub(super) fn chunk_len(self, n: u64) -> usize {
        let start = n.saturating_mul(CHUNK as u64).min(self.plain);
        // At most CHUNK, so it fits any usize.
        (self.plain - start).min(CHUNK as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_disk(plain: u64) -> u64 {
        let chunks = plain.div_ceil(CHUNK as u64).max(1);
        HEADER as u64 + plain + chunks * TAG_LEN as u64
    }

    #[test]
    fn the_layout_follows_from_the_length() {
        let chunk = CHUNK as u64;
        for plain in [0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk, 5 * chunk + 7] {
            let layout = Layout::of(on_disk(plain)).unwrap();
            assert_eq!(layout.plain_len(), plain);
            assert_eq!(layout.last(), plain.div_ceil(chunk).max(1) - 1);
            let sum: usize = (0..=layout.last()).map(|n| layout.chunk_len(n)).sum();
            assert_eq!(sum as u64, plain);
        }
    }

    #[test]
    fn a_length_that_no_writer_makes_is_refused() {
        let frame = FRAME as u64;
        for len in [0, 15, 16, 31, 16 + frame + 1, 16 + frame + 16] {
            assert_eq!(Layout::of(len), None, "{len}");
        }
    }

    #[test]
    fn a_header_reads_back_and_nothing_else_does() {
        for slot in Slot::ALL {
            let bytes = Header { slot }.to_bytes();
            assert_eq!(Header::parse("f", bytes).unwrap(), Header { slot });
            for at in 0..HEADER {
                let mut altered = bytes;
                altered[at] ^= 0x80;
                assert!(Header::parse("f", altered).is_err(), "octet {at}");
            }
        }
    }
}
