//! Reading a sealed file, piece by piece.

use std::fmt;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use sealing::{SecretKey, TAG_LEN};
use tantivy::HasLen;
use tantivy::directory::{FileHandle, OwnedBytes};
use zeroize::Zeroizing;

use super::FileKeys;
use super::cache::{Cache, Keep, Piece, PieceKey};
use super::damage::{Damaged, Fault};
use super::format::{CHUNK, HEADER, Header, Layout, Slot};

/// Numbers the opened files of this process, so that the cache never takes one for another, even
/// when a name is used again.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// An opened sealed file. It stays readable after the file is deleted, as the search engine
/// demands: it holds the file and the key.
pub(super) struct SealedFile {
    id: u64,
    name: String,
    file: File,
    key: SecretKey,
    header: Header,
    layout: Layout,
    len: usize,
    cache: Arc<Cache>,
    deleted: AtomicBool,
}

impl SealedFile {
    /// Opens a file and authenticates its length by opening its last chunk.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] only when the file is not there; [`Damaged`] when it cannot be
    /// trusted; else what the system or the keystore said.
    pub(super) fn open(path: &Path, name: &str, keys: &dyn FileKeys, cache: Arc<Cache>) -> io::Result<Self> {
        let file = File::open(path)?;
        let header = read_header(&file, name)?;
        let layout =
            Layout::of(file.metadata()?.len()).ok_or_else(|| Damaged::whole(name, Fault::CutShort))?;
        let len = usize::try_from(layout.plain_len()).map_err(io::Error::other)?;
        let key = keys
            .get(&header.slot.key_name(name))
            .map_err(keystore_failed)?
            .ok_or_else(|| Damaged::whole(name, Fault::NoKey))?;
        let sealed = Self {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            name: name.to_owned(),
            file,
            key,
            header,
            layout,
            len,
            cache,
            deleted: AtomicBool::new(false),
        };
        // The engine reads a footer from the end at once, so this chunk is not opened in vain.
        sealed.chunk(layout.last())?;
        Ok(sealed)
    }

    /// The slot whose key seals this file.
    pub(super) fn slot(&self) -> Slot {
        self.header.slot
    }

    /// Tells the cache to let go of this file, now and later.
    pub(super) fn mark_deleted(&self) {
        self.deleted.store(true, Ordering::SeqCst);
        self.cache.forget(self.id);
    }

    fn keep_in_cache(&self, key: PieceKey, piece: Piece) -> Piece {
        let deleted = || self.deleted.load(Ordering::SeqCst);
        let keep = if deleted() { Keep::WhileRead } else { Keep::WhileRoom };
        let piece = self.cache.put(key, piece, keep);
        // The file may have been deleted since we asked.
        if keep == Keep::WhileRoom && deleted() {
            self.cache.forget(self.id);
        }
        piece
    }

    fn piece_key(&self, start: u64, len: usize) -> PieceKey {
        PieceKey { file: self.id, start, len }
    }

    fn chunk_key(&self, n: u64) -> PieceKey {
        self.piece_key(n * CHUNK as u64, self.layout.chunk_len(n))
    }

    /// A chunk, from the cache or else into the cache.
    fn chunk(&self, n: u64) -> io::Result<Piece> {
        let key = self.chunk_key(n);
        if let Some(piece) = self.cache.get(&key) {
            return Ok(piece);
        }
        let opened = self.open_chunk(n)?;
        Ok(self.keep_in_cache(key, Arc::from(opened.as_slice())))
    }

    fn open_chunk(&self, n: u64) -> io::Result<Zeroizing<Vec<u8>>> {
        let mut sealed = vec![0u8; self.layout.chunk_len(n) + TAG_LEN];
        self.file.read_exact_at(&mut sealed, Layout::offset(n)).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => Damaged::at(&self.name, n, Fault::CutShort),
            _ => error,
        })?;
        self.cache.count_unsealed();
        let identity = self.header.identity(&self.name, n == self.layout.last());
        self.key
            .open_at(n, &identity, &sealed)
            .map(Zeroizing::new)
            .map_err(|_| Damaged::at(&self.name, n, Fault::DoesNotOpen))
    }

    /// A range that lies in several chunks, as one piece.
    fn span(&self, range: Range<usize>) -> io::Result<Piece> {
        let key = self.piece_key(range.start as u64, range.len());
        if let Some(piece) = self.cache.get(&key) {
            return Ok(piece);
        }
        // Filled while nobody else holds it, then frozen.
        let mut piece: Piece = std::iter::repeat_n(0u8, range.len()).collect();
        let text = Arc::get_mut(&mut piece)
            .ok_or_else(|| io::Error::other("a new piece is held by somebody else"))?;
        self.fill(range.start, text)?;
        Ok(self.keep_in_cache(key, piece))
    }

    fn fill(&self, start: usize, mut text: &mut [u8]) -> io::Result<()> {
        let mut at = start;
        while !text.is_empty() {
            let n = (at / CHUNK) as u64;
            let within = at % CHUNK;
            let take = text.len().min(CHUNK - within);
            let (now, later) = text.split_at_mut(take);
            self.copy_from_chunk(n, within, now)?;
            text = later;
            at += take;
        }
        Ok(())
    }

    /// Copies out of a chunk. A chunk that goes whole into a span is not cached besides it; one
    /// at the edge is, for the neighbouring range is likely to be read soon.
    fn copy_from_chunk(&self, n: u64, from: usize, text: &mut [u8]) -> io::Result<()> {
        let whole = text.len() == self.layout.chunk_len(n);
        if !whole {
            return self.copy(n, &self.chunk(n)?, from, text);
        }
        match self.cache.get(&self.chunk_key(n)) {
            Some(piece) => self.copy(n, &piece, from, text),
            None => self.copy(n, &self.open_chunk(n)?, from, text),
        }
    }

    fn copy(&self, n: u64, chunk: &[u8], from: usize, text: &mut [u8]) -> io::Result<()> {
        let source =
            chunk.get(from..from + text.len()).ok_or_else(|| Damaged::at(&self.name, n, Fault::CutShort))?;
        text.copy_from_slice(source);
        Ok(())
    }

    /// A range of the plain text.
    fn read(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if range.start > range.end || range.end > self.len {
            let message = format!("octets {range:?} of {} were asked for, which has {}", self.name, self.len);
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        if range.is_empty() {
            return Ok(OwnedBytes::empty());
        }
        let first = range.start / CHUNK;
        if first == (range.end - 1) / CHUNK {
            let base = first * CHUNK;
            let chunk = self.chunk(first as u64)?;
            return Ok(OwnedBytes::new(chunk).slice(range.start - base..range.end - base));
        }
        Ok(OwnedBytes::new(self.span(range)?))
    }

    /// The whole plain text, for the small files that are rewritten.
    pub(super) fn read_all(&self) -> io::Result<Vec<u8>> {
        let mut text = vec![0u8; self.len];
        self.fill(0, &mut text)?;
        Ok(text)
    }
}

impl fmt::Debug for SealedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealedFile({}, {} octets)", self.name, self.len)
    }
}

impl HasLen for SealedFile {
    fn len(&self) -> usize {
        self.len
    }
}

impl FileHandle for SealedFile {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        self.read(range)
    }
}

/// Letting go of the last reader of a deleted file is the moment to wipe what it left behind.
impl Drop for SealedFile {
    fn drop(&mut self) {
        self.cache.forget(self.id);
    }
}

/// Reads the header of an opened file.
pub(super) fn read_header(file: &File, name: &str) -> io::Result<Header> {
    let mut bytes = [0u8; HEADER];
    file.read_exact_at(&mut bytes, 0).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => Damaged::whole(name, Fault::CutShort),
        _ => error,
    })?;
    Header::parse(name, bytes)
}

/// Keeps what a keystore says of a key from being taken for the same said of the file.
pub(super) fn keystore_failed(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::AlreadyExists => io::Error::other(error),
        _ => error,
    }
}
