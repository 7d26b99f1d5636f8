//! Attachments of records: files, sealed in chunks, shown only as far as their record is. The type is
//! judged by the content and not by the name; where a scanner for malware is configured nothing is
//! shown before it found nothing.

use crate::Desk;
use crate::approval::Deed;
use crate::clock::id_at;
use crate::error::DeskError;
use crate::session::Session;
use law::access::{Act, Action};
use ledger::Detail;
use model::{RecordId, VersionRef};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use tokio::io::{AsyncRead, AsyncReadExt};
use vault::attachments::{Content, Reading};
use vault::store::{ItemRow, RecordStore};

mod erasing;
mod scanner;

/// Area of the attachments' sealed items.
const ATTACHMENT: &str = "attachment";
/// The largest file that is ever taken, in octets: 16 GiB.
pub const LARGEST: u64 = 16 << 30;
/// Octets at the beginning by which a type is judged.
pub const BEGINNING: usize = 8192;

/// What the search for malware found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Malware {
    /// No scanner is configured.
    NotSearched,
    /// The scanner was not there: nobody opens it until it was.
    Waiting,
    /// Nothing.
    Nothing,
    /// Something, by the scanner's name for it: nobody opens it.
    Found(String),
}

impl Malware {
    /// Whether the file may be opened.
    #[must_use]
    pub fn lets_open(&self) -> bool {
        matches!(self, Self::NotSearched | Self::Nothing)
    }

    /// In words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::NotSearched => "not searched for malware: no scanner is configured".to_owned(),
            Self::Waiting => "in quarantine until it is searched for malware".to_owned(),
            Self::Nothing => "searched for malware, nothing found".to_owned(),
            Self::Found(name) => format!("in quarantine: malware found ({name})"),
        }
    }
}

/// A file of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its name within the record.
    pub id: String,
    /// The file's name as it was given.
    pub name: String,
    /// Its type, by its content.
    pub media_type: String,
    /// Whether its name says another type.
    pub named_otherwise: bool,
    /// Octets.
    pub length: u64,
    /// SHA-256 of its octets, in hexadecimal.
    pub digest: String,
    /// Who added it, and when.
    pub added: Deed,
    /// What the search for malware found.
    pub malware: Malware,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Kept {
    attachment: Attachment,
    content: Content,
}

impl<S: RecordStore> Desk<S> {
    /// Adds a file of so many octets at most to a record. It is durable on return, searched for malware
    /// or in quarantine.
    ///
    /// # Errors
    /// A refusal; a name that cannot be used; a file that cannot be read or is too large.
    pub async fn attach(
        &self,
        who: &Session,
        record: RecordId,
        name: &str,
        input: &mut (dyn AsyncRead + Unpin + Send),
        most: u64,
    ) -> Result<Attachment, DeskError> {
        let sealed = self.head(record).await?;
        let permit = self.permit_on(who, Action::Change, &sealed).await?;
        let name = file_name(name)?;
        let mut beginning = Vec::new();
        (&mut *input).take(BEGINNING as u64).read_to_end(&mut beginning).await.map_err(unreadable)?;
        let (media_type, named_otherwise) = judged(&name, &beginning);
        let most = most.min(LARGEST);
        let content = self.attachments.put(&mut beginning.as_slice().chain(input), most).await?;
        let now = self.clock.now();
        let attachment = Attachment {
            id: id_at(now).to_string(),
            name,
            media_type,
            named_otherwise,
            length: content.length,
            digest: content.digest.clone(),
            added: Deed::of(who, now),
            malware: match self.places.settings().clamd {
                Some(_) => Malware::Waiting,
                None => Malware::NotSearched,
            },
        };
        let kept = Kept { attachment, content };
        let item = item_name(record, &kept.attachment.id);
        let mut tx = self.vault.store.begin().await?;
        // An erasure may have been quicker: a file of nothing must not be acknowledged.
        let _there = self.head(record).await?;
        self.keep_item(&mut tx, ATTACHMENT, &item, &kept).await?;
        let detail = Detail {
            subject: Some(added(&kept.attachment.id)),
            digest: hex::decode(&kept.content.digest).ok().and_then(|octets| octets.try_into().ok()),
            ..Detail::default()
        };
        let pending = self.ledger.record_in(&mut tx, &[(&permit, detail)]).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        self.search_for_malware(sealed.version(), &item).await
    }

    /// The files of a record, oldest first.
    ///
    /// # Errors
    /// A refusal, or [`DeskError::NotFound`].
    pub async fn attachments(&self, who: &Session, record: RecordId) -> Result<Vec<Attachment>, DeskError> {
        let sealed = self.head(record).await?;
        let permit = self.permit_on(who, Action::View, &sealed).await?;
        let detail = Detail { subject: Some("list of attachments".to_owned()), ..Detail::default() };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        let kept = self.files_of(record).await?;
        Ok(kept.into_iter().map(|(_, kept)| kept.attachment).collect())
    }

    /// Opens a file of a record, chunk by chunk.
    ///
    /// # Errors
    /// A refusal; a record or file that is not there; a file in quarantine.
    pub async fn open_attachment(
        &self,
        who: &Session,
        record: RecordId,
        id: &str,
    ) -> Result<(Attachment, Reading), DeskError> {
        let sealed = self.head(record).await?;
        let permit = self.permit_on(who, Action::View, &sealed).await?;
        let kept = self.kept_file(record, id).await?;
        if !kept.attachment.malware.lets_open() {
            // Its name may say what the record says, and is left out.
            let why = format!("attachment {} is {}", kept.attachment.id, kept.attachment.malware.words());
            return Err(DeskError::not_now(why));
        }
        let detail = Detail { subject: Some(format!("attachment {}", id.trim())), ..Detail::default() };
        let receipt = self.ledger.record(vec![(permit, detail)]).await?;
        let reading = self.attachments.read(&kept.content, &sealed.version(), &receipt)?;
        Ok((kept.attachment, reading))
    }

    /// A file of a record by its name within it.
    async fn kept_file(&self, record: RecordId, id: &str) -> Result<Kept, DeskError> {
        let kept = self.kept(ATTACHMENT, &item_name(record, id.trim())).await?;
        kept.ok_or_else(|| {
            DeskError::unknown(
                "the record has no such attachment; `bluelamp attachment list` names those it has",
            )
        })
    }

    /// The files of a record, oldest first, with the items that keep them.
    pub(crate) async fn files_of(&self, record: RecordId) -> Result<Vec<(ItemRow, Kept)>, DeskError> {
        self.kept_under(ATTACHMENT, &begins(record)).await
    }

    /// Searches every file in quarantine that was not searched yet; gives how many still wait.
    ///
    /// # Errors
    /// A refusal, or faults of the store.
    pub async fn search_attachments(&self, who: &Session) -> Result<u64, DeskError> {
        let permit = self.permit_act(who, Act::Maintain).await?;
        let detail = Detail { subject: Some("search for malware".to_owned()), ..Detail::default() };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        let kept: Vec<(ItemRow, Kept)> = self.kept_under(ATTACHMENT, "").await?;
        let mut waiting = 0;
        for (item, _) in kept.iter().filter(|(_, kept)| kept.attachment.malware == Malware::Waiting) {
            let Some(record) = record_of(&item.name) else { continue };
            let Ok(sealed) = self.head(record).await else { continue };
            let attachment = self.search_for_malware(sealed.version(), &item.name).await?;
            waiting += u64::from(attachment.malware == Malware::Waiting);
        }
        Ok(waiting)
    }

    /// Searches one file where a scanner is configured, and keeps what was found.
    async fn search_for_malware(&self, version: VersionRef, name: &str) -> Result<Attachment, DeskError> {
        let item = self.vault.store.item(ATTACHMENT, name).await?.ok_or(DeskError::NotFound)?;
        let mut kept: Kept = self.read_item(&item).await?;
        let Some(address) = self.places.settings().clamd.as_deref() else { return Ok(kept.attachment) };
        let now = self.clock.now();
        let receipt = self.ledger.record_machine("search for malware", &[version], now).await?;
        let reading = self.attachments.work(&kept.content, &version, &receipt)?;
        kept.attachment.malware = scanner::search(address, reading).await;
        if kept.attachment.malware == Malware::Waiting {
            return Ok(kept.attachment);
        }
        let mut tx = self.vault.store.begin().await?;
        // Erased meanwhile: nothing may bring it back.
        if self.vault.store.item(ATTACHMENT, name).await?.is_none() {
            return Err(DeskError::NotFound);
        }
        self.keep_item(&mut tx, ATTACHMENT, name, &kept).await?;
        self.vault.store.commit(tx).await?;
        self.shred_items(&[item]).await?;
        Ok(kept.attachment)
    }

    /// Removes objects that no attachment speaks of: what a kill left behind. For the opening, before
    /// anybody can add one.
    pub(crate) async fn sweep_attachments(&self) -> Result<u64, DeskError> {
        let kept: Vec<(ItemRow, Kept)> = self.kept_under(ATTACHMENT, "").await?;
        let objects: HashSet<String> = kept.iter().map(|(_, kept)| kept.content.object.clone()).collect();
        Ok(self.attachments.sweep(&objects)?)
    }

    /// Files that wait for the scanner, and files in which it found something.
    pub(crate) async fn quarantined(&self) -> Result<(u64, u64), DeskError> {
        let kept: Vec<(ItemRow, Kept)> = self.kept_under(ATTACHMENT, "").await?;
        let count = |is: fn(&Malware) -> bool| {
            kept.iter().filter(|(_, kept)| is(&kept.attachment.malware)).count() as u64
        };
        Ok((
            count(|malware| *malware == Malware::Waiting),
            count(|malware| matches!(malware, Malware::Found(_))),
        ))
    }
}

/// What the entry of a file's adding is about.
pub(crate) fn added(id: &str) -> String {
    format!("attachment {id} added")
}

fn begins(record: RecordId) -> String {
    format!("{record}/")
}

fn item_name(record: RecordId, id: &str) -> String {
    format!("{record}/{id}")
}

fn record_of(item: &str) -> Option<RecordId> {
    item.split('/').next()?.parse().ok().map(RecordId)
}

fn unreadable(error: std::io::Error) -> DeskError {
    DeskError::Attachment(vault::attachments::AttachmentError::Input(error))
}

/// The last part of a file's name, however it was given.
fn file_name(name: &str) -> Result<String, DeskError> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    let usable = !last.is_empty() && last.len() <= 255 && !last.chars().any(char::is_control);
    match usable && last != "." && last != ".." {
        true => Ok(last.to_owned()),
        false => Err(DeskError::unusable(
            "name: a file's name has 1 to 255 octets and no control characters; give it another",
        )),
    }
}

/// The type of a file by the first [`BEGINNING`] octets of its content, and whether its name says another.
#[must_use]
pub fn judged(name: &str, beginning: &[u8]) -> (String, bool) {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase()).unwrap_or_default();
    if let Some(found) = infer::get(beginning) {
        let same = found.extension() == extension || found.mime_type() == media_type_of(&extension);
        return (found.mime_type().to_owned(), !same);
    }
    match is_text(beginning) {
        true => ("text/plain".to_owned(), is_media(&extension)),
        false => ("application/octet-stream".to_owned(), is_media(&extension)),
    }
}

/// Types that people give other endings than the content's own.
fn media_type_of(extension: &str) -> &'static str {
    match extension {
        "jpeg" | "jpe" => "image/jpeg",
        "tiff" => "image/tiff",
        "m4v" | "mpeg4" => "video/mp4",
        "htm" => "text/html",
        _ => "",
    }
}

/// Endings that promise a content which would have been recognised.
fn is_media(extension: &str) -> bool {
    matches!(
        extension,
        "jpg"
            | "jpeg"
            | "png"
            | "gif"
            | "pdf"
            | "mp4"
            | "mov"
            | "mp3"
            | "wav"
            | "zip"
            | "docx"
            | "xlsx"
            | "tif"
            | "tiff"
    )
}

/// UTF-8 that a person could read; a character may be cut in two at the end of what is looked at.
fn is_text(beginning: &[u8]) -> bool {
    let text = match std::str::from_utf8(beginning) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&beginning[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !text.chars().any(|c| c.is_control() && !c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_says_the_type_and_the_name_is_compared() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
        assert_eq!(judged("face.png", png), ("image/png".to_owned(), false));
        assert_eq!(judged("face.pdf", png), ("image/png".to_owned(), true));
        assert_eq!(judged("note.txt", "a caf\u{e9}".as_bytes()), ("text/plain".to_owned(), false));
        assert_eq!(judged("scan.pdf", b"just words"), ("text/plain".to_owned(), true));
        assert_eq!(judged("dump", &[0, 1, 2, 255]), ("application/octet-stream".to_owned(), false));
        assert_eq!(judged("photo.jpeg", &[0xFF, 0xD8, 0xFF, 0xE0]), ("image/jpeg".to_owned(), false));
        assert!(judged("run.pdf", b"\x7fELF\x02\x01\x01").1);
    }

    #[test]
    fn a_name_is_its_last_part_and_has_no_control_characters() {
        assert_eq!(file_name("C:\\evidence\\CCTV 1.mp4").unwrap(), "CCTV 1.mp4");
        assert_eq!(file_name("../../etc/passwd").unwrap(), "passwd");
        for bad in ["", "  ", "a/", "..", "a\u{7}b", &"x".repeat(256)] {
            assert!(file_name(bad).is_err(), "{bad}");
        }
    }
}
