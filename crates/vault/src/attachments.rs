//! Content of attachments: large, sealed in chunks under a key of its own, kept as objects with random
//! names outside the database. What it is of, and its key, is a sealed item beside the records.
//!
//! Chunks follow the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015): each is sealed at
//! its number with a flag for the last, so that none can be dropped, doubled or put elsewhere, and a
//! content that was cut short does not pass for a whole one.

use bytes::Bytes;
use ledger::{Machine, Receipt, Show};
use model::VersionRef;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{GetRange, ObjectStore, ObjectStoreExt, PutPayload};
use sealing::{SecretKey, TAG_LEN};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncReadExt};
use zeroize::{Zeroize, Zeroizing};

/// Plain octets of one chunk.
pub const CHUNK: usize = 1 << 20;

/// Why a content cannot be kept or opened.
#[derive(Debug, thiserror::Error)]
pub enum AttachmentError {
    /// The folder or an object failed.
    #[error("the attachments' folder failed: {0}. Check the disk that holds it; nothing of it was kept")]
    Store(#[from] object_store::Error),
    /// The folder failed.
    #[error("the attachments' folder {folder} cannot be used: {source}")]
    Folder {
        /// Which.
        folder: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// What was given cannot be read.
    #[error("the content could not be read to its end: {0}; nothing of it was kept")]
    Input(std::io::Error),
    /// It is larger than is taken.
    #[error("the content is larger than {most} octets; nothing of it was kept")]
    TooLarge {
        /// The most that is taken.
        most: u64,
    },
    /// It was altered or cut short.
    #[error("the content {object} was altered or cut short. Restore its file from the newest backup")]
    Altered {
        /// The object.
        object: String,
    },
    /// The receipt is another's.
    #[error("the receipt does not cover the record of this attachment")]
    NotCovered,
    /// The operating system gave no randomness.
    #[error(transparent)]
    Seal(#[from] sealing::SealError),
}

/// Where a content is and what opens it. It belongs in a sealed item and nowhere else.
#[derive(Clone, Serialize, Deserialize)]
pub struct Content {
    /// Random name of the object.
    pub object: String,
    /// Plain octets.
    pub length: u64,
    /// SHA-256 of the plain octets, in hexadecimal.
    pub digest: String,
    key: [u8; 32],
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Content({}, {} octets)", self.object, self.length)
    }
}

impl Drop for Content {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

impl Content {
    /// The raw key, for the scan after an erasure.
    #[must_use]
    pub fn key_trace(&self) -> Vec<u8> {
        self.key.to_vec()
    }

    fn key(&self) -> SecretKey {
        SecretKey::from_bytes(self.key)
    }
}

/// The folder of the contents.
#[derive(Debug, Clone)]
pub struct AttachmentStore {
    folder: PathBuf,
    objects: Arc<LocalFileSystem>,
}

impl AttachmentStore {
    /// Opens the folder, making it where it is missing, for this user only.
    ///
    /// # Errors
    /// [`AttachmentError::Folder`].
    pub fn open(folder: &Path) -> Result<Self, AttachmentError> {
        let fault = |source| AttachmentError::Folder { folder: folder.to_owned(), source };
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(fault)?;
        let objects = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self { folder: folder.to_owned(), objects: Arc::new(objects) })
    }

    /// Seals a content into a new object, durable on return. A kill before that leaves octets that
    /// nothing opens, for [`AttachmentStore::sweep`].
    ///
    /// # Errors
    /// [`AttachmentError`]; then nothing is kept.
    pub async fn put(
        &self,
        input: &mut (dyn AsyncRead + Unpin + Send),
        most: u64,
    ) -> Result<Content, AttachmentError> {
        let key = SecretKey::generate()?;
        let object = hex::encode(&SecretKey::generate()?.expose()[..16]);
        let path = ObjectPath::from(object.as_str());
        let mut upload = self.objects.put_multipart(&path).await?;
        let mut sealing = Sealing { key: &key, object: &object, number: 0, length: 0, hasher: Sha256::new() };
        let mut here = read_chunk(input).await.map_err(AttachmentError::Input)?;
        loop {
            let next = match here.len() < CHUNK {
                true => Zeroizing::new(Vec::new()),
                false => read_chunk(input).await.map_err(AttachmentError::Input)?,
            };
            let last = next.is_empty();
            let sealed = sealing.chunk(&here, last)?;
            if sealing.length > most {
                upload.abort().await?;
                return Err(AttachmentError::TooLarge { most });
            }
            upload.put_part(PutPayload::from(sealed)).await?;
            if last {
                break;
            }
            here = next;
        }
        upload.complete().await?;
        let digest = hex::encode(sealing.hasher.finalize());
        Ok(Content { object: object.clone(), length: sealing.length, digest, key: *key.expose() })
    }

    /// Opens a content for a person, with a receipt that covers the version of the record it is of.
    ///
    /// # Errors
    /// [`AttachmentError::NotCovered`].
    pub fn read(
        &self,
        content: &Content,
        version: &VersionRef,
        receipt: &Receipt<Show>,
    ) -> Result<Reading, AttachmentError> {
        if !receipt.covers(version) {
            return Err(AttachmentError::NotCovered);
        }
        Ok(self.reading(content))
    }

    /// Opens a content for the search for malware, which shows nobody anything.
    ///
    /// # Errors
    /// [`AttachmentError::NotCovered`].
    pub fn work(
        &self,
        content: &Content,
        version: &VersionRef,
        receipt: &Receipt<Machine>,
    ) -> Result<Reading, AttachmentError> {
        if !receipt.covers(version) {
            return Err(AttachmentError::NotCovered);
        }
        Ok(self.reading(content))
    }

    fn reading(&self, content: &Content) -> Reading {
        Reading { objects: Arc::clone(&self.objects), content: content.clone(), number: 0, done: false }
    }

    /// Runs of ciphertext of a content, for the scan after an erasure.
    ///
    /// # Errors
    /// [`AttachmentError::Store`].
    pub async fn traces(&self, content: &Content) -> Result<Vec<Vec<u8>>, AttachmentError> {
        let path = ObjectPath::from(content.object.as_str());
        let mut runs = Vec::new();
        for number in 0..chunks(content.length) {
            let from = number * (CHUNK + TAG_LEN) as u64;
            let end = from + 48.min(sealed_length(content.length, number));
            runs.push(self.objects.get_range(&path, from..end).await?.to_vec());
        }
        Ok(runs)
    }

    /// Removes an object; one that is gone already is no fault.
    ///
    /// # Errors
    /// [`AttachmentError::Store`].
    pub async fn delete(&self, object: &str) -> Result<(), AttachmentError> {
        match self.objects.delete(&ObjectPath::from(object)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes every file that is none of these objects: what a kill left behind. Nobody may be
    /// putting a content meanwhile.
    ///
    /// # Errors
    /// [`AttachmentError::Folder`].
    pub fn sweep(&self, kept: &HashSet<String>) -> Result<u64, AttachmentError> {
        let fault = |source| AttachmentError::Folder { folder: self.folder.clone(), source };
        let mut swept = 0;
        for entry in std::fs::read_dir(&self.folder).map_err(fault)? {
            let entry = entry.map_err(fault)?;
            if !kept.contains(&*entry.file_name().to_string_lossy()) {
                std::fs::remove_file(entry.path()).map_err(fault)?;
                swept += 1;
            }
        }
        Ok(swept)
    }
}

/// A content on its way to a reader, chunk by chunk.
pub struct Reading {
    objects: Arc<LocalFileSystem>,
    content: Content,
    number: u64,
    done: bool,
}

impl Reading {
    /// The next chunk; `None` after the last.
    ///
    /// # Errors
    /// [`AttachmentError::Altered`].
    pub async fn next(&mut self) -> Result<Option<Zeroizing<Vec<u8>>>, AttachmentError> {
        if self.done {
            return Ok(None);
        }
        let altered = || AttachmentError::Altered { object: self.content.object.clone() };
        let path = ObjectPath::from(self.content.object.as_str());
        let from = self.number * (CHUNK + TAG_LEN) as u64;
        let range = GetRange::Bounded(from..from + (CHUNK + TAG_LEN) as u64);
        let options = object_store::GetOptions { range: Some(range), ..Default::default() };
        let sealed: Bytes = match self.objects.get_opts(&path, options).await {
            Ok(found) => found.bytes().await?,
            Err(object_store::Error::NotFound { .. }) => return Err(altered()),
            Err(error) => return Err(error.into()),
        };
        let last = self.number + 1 == chunks(self.content.length);
        let identity = identity(&self.content.object);
        let plain = self.content.key().open_at(place(self.number, last), identity.as_bytes(), &sealed);
        let plain = Zeroizing::new(plain.map_err(|_| altered())?);
        self.number += 1;
        self.done = last;
        Ok(Some(plain))
    }
}

struct Sealing<'a> {
    key: &'a SecretKey,
    object: &'a str,
    number: u64,
    length: u64,
    hasher: Sha256,
}

impl Sealing<'_> {
    fn chunk(&mut self, plain: &[u8], last: bool) -> Result<Vec<u8>, AttachmentError> {
        self.hasher.update(plain);
        self.length += plain.len() as u64;
        let sealed = self.key.seal_at(place(self.number, last), identity(self.object).as_bytes(), plain)?;
        self.number += 1;
        Ok(sealed)
    }
}

/// A chunk's number with the flag for the last.
fn place(number: u64, last: bool) -> u64 {
    number << 1 | u64::from(last)
}

fn identity(object: &str) -> String {
    format!("bluelamp/attachment/v1/{object}")
}

/// Chunks of a content; an empty one has one, which says that it is empty.
fn chunks(length: u64) -> u64 {
    length.div_ceil(CHUNK as u64).max(1)
}

fn sealed_length(length: u64, number: u64) -> u64 {
    (length - number * CHUNK as u64).min(CHUNK as u64) + TAG_LEN as u64
}

/// Reads until a chunk is full or the input ends.
async fn read_chunk(input: &mut (dyn AsyncRead + Unpin + Send)) -> std::io::Result<Zeroizing<Vec<u8>>> {
    let mut chunk = Zeroizing::new(Vec::with_capacity(CHUNK));
    (&mut *input).take(CHUNK as u64).read_to_end(&mut chunk).await?;
    Ok(chunk)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn kept(store: &AttachmentStore, plain: &[u8]) -> Content {
        store.put(&mut &plain[..], u64::MAX).await.unwrap()
    }

    async fn all(store: &AttachmentStore, content: &Content) -> Result<Vec<u8>, AttachmentError> {
        let (mut reading, mut found) = (store.reading(content), Vec::new());
        while let Some(chunk) = reading.next().await? {
            found.extend_from_slice(&chunk);
        }
        Ok(found)
    }

    #[tokio::test]
    async fn contents_of_every_length_come_back_and_lie_sealed() {
        let folder = tempfile::tempdir().unwrap();
        let store = AttachmentStore::open(folder.path()).unwrap();
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7] {
            let plain: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            let content = kept(&store, &plain).await;
            assert_eq!(content.length, length as u64);
            assert_eq!(content.digest, hex::encode(Sha256::digest(&plain)));
            assert_eq!(all(&store, &content).await.unwrap(), plain, "{length}");
            let sealed = std::fs::read(folder.path().join(&content.object)).unwrap();
            assert_eq!(sealed.len() as u64, content.length + chunks(content.length) * TAG_LEN as u64);
            assert!(length < 64 || !sealed.windows(64).any(|run| run == &plain[..64]));
        }
    }

    #[tokio::test]
    async fn what_was_altered_cut_short_or_moved_does_not_open() {
        let folder = tempfile::tempdir().unwrap();
        let store = AttachmentStore::open(folder.path()).unwrap();
        let content = kept(&store, &vec![7; 2 * CHUNK]).await;
        let path = folder.path().join(&content.object);
        let sealed = std::fs::read(&path).unwrap();
        let half = CHUNK + TAG_LEN;
        let mut flipped = sealed.clone();
        flipped[half + 9] ^= 1;
        let swapped = [&sealed[half..], &sealed[..half]].concat();
        for altered in [flipped, swapped, sealed[..half].to_vec(), sealed[..half + 5].to_vec(), Vec::new()] {
            std::fs::write(&path, altered).unwrap();
            assert!(all(&store, &content).await.is_err());
        }
        std::fs::remove_file(&path).unwrap();
        assert!(matches!(all(&store, &content).await, Err(AttachmentError::Altered { .. })));
    }

    #[tokio::test]
    async fn what_is_too_large_is_not_kept_and_what_nobody_knows_is_swept() {
        let folder = tempfile::tempdir().unwrap();
        let store = AttachmentStore::open(folder.path()).unwrap();
        let large = store.put(&mut &[1u8; 100][..], 99).await;
        assert!(matches!(large, Err(AttachmentError::TooLarge { most: 99 })));
        let content = kept(&store, b"kept").await;
        std::fs::write(folder.path().join("left#1"), b"half").unwrap();
        assert_eq!(store.sweep(&HashSet::from([content.object.clone()])).unwrap(), 1);
        assert_eq!(all(&store, &content).await.unwrap(), b"kept");
        store.delete(&content.object).await.unwrap();
        store.delete(&content.object).await.unwrap();
    }
}
