//! Writing a sealed file, chunk by chunk.

use std::fs::File;
use std::io::{self, Write};

use sealing::SecretKey;
use tantivy::directory::{AntiCallToken, TerminatingWrite};
use zeroize::Zeroizing;

use super::format::{CHUNK, Header};

/// Seals what is written to it. It holds one chunk of plain text, however long the file gets.
pub(super) struct SealedWriter {
    file: File,
    name: String,
    key: SecretKey,
    header: Header,
    pending: Zeroizing<Vec<u8>>,
    next: u64,
    /// Set while a chunk is on its way. If that fails, the file ends somewhere inside a chunk,
    /// and nothing may follow: the next chunk would be sealed at a place already used.
    unsound: bool,
}

impl SealedWriter {
    /// Starts a new, empty file under a key that has sealed nothing yet.
    pub(super) fn start(mut file: File, name: &str, key: SecretKey, header: Header) -> io::Result<Self> {
        file.write_all(&header.to_bytes())?;
        // Full size at once: a growing buffer would leave unwiped copies behind.
        let pending = Zeroizing::new(Vec::with_capacity(CHUNK));
        Ok(Self { file, name: name.to_owned(), key, header, pending, next: 0, unsound: false })
    }

    /// Writes everything, seals the last chunk and waits until it is on disk.
    pub(super) fn finish_with(mut self, text: &[u8]) -> io::Result<()> {
        self.write_all(text)?;
        self.finish()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.seal_pending(true)?;
        // Nothing may follow the last chunk.
        self.unsound = true;
        self.file.sync_all()
    }

    fn still_sound(&self) -> io::Result<()> {
        if self.unsound {
            let message = format!("nothing more can be written to {}", self.name);
            return Err(io::Error::other(message));
        }
        Ok(())
    }

    fn seal_pending(&mut self, last: bool) -> io::Result<()> {
        self.still_sound()?;
        self.unsound = true;
        let identity = self.header.identity(&self.name, last);
        let sealed = self.key.seal_at(self.next, &identity, &self.pending).map_err(io::Error::other)?;
        self.file.write_all(&sealed)?;
        self.next += 1;
        self.pending.clear();
        self.unsound = false;
        Ok(())
    }
}

impl Write for SealedWriter {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.still_sound()?;
        // A full chunk waits for the next octet: until then it may turn out to be the last.
        if self.pending.len() == CHUNK && !text.is_empty() {
            self.seal_pending(false)?;
        }
        let take = text.len().min(CHUNK - self.pending.len());
        self.pending.extend_from_slice(&text[..take]);
        Ok(take)
    }

    /// Does nothing: a chunk can only be sealed once, so a part of one cannot be written early.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl TerminatingWrite for SealedWriter {
    fn terminate_ref(&mut self, _: AntiCallToken) -> io::Result<()> {
        self.finish()
    }
}
