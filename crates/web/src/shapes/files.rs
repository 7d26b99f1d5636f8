//! Files of records.

use desk::attachments::{Attachment, Malware};
use desk::clock::moment_text;
use schemars::JsonSchema;
use serde::Serialize;

/// A file of a record, without what it says.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct File {
    /// Its name within the record.
    pub id: String,
    /// What it was called by whoever added it.
    pub name: String,
    /// Its type, judged by its content.
    pub media_type: String,
    /// Whether what it was called says another type.
    pub named_otherwise: bool,
    /// Octets.
    pub length: u64,
    /// SHA-256 of its octets, in hexadecimal.
    pub digest: String,
    /// Who added it.
    pub added_by: String,
    /// When.
    pub added: String,
    /// What the search for malware found. Only what was not searched at all, because the force has no
    /// scanner, and that in which nothing was found can be opened.
    pub malware: Malware,
}

impl File {
    /// Of the desk's attachment.
    #[must_use]
    pub fn of(attachment: &Attachment) -> Self {
        Self {
            id: attachment.id.clone(),
            name: attachment.name.clone(),
            media_type: attachment.media_type.clone(),
            named_otherwise: attachment.named_otherwise,
            length: attachment.length,
            digest: attachment.digest.clone(),
            added_by: attachment.added.name.clone(),
            added: moment_text(attachment.added.at),
            malware: attachment.malware.clone(),
        }
    }
}

/// The files of a record, oldest first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Files {
    /// The files.
    pub attachments: Vec<File>,
}

impl Files {
    /// Of the desk's attachments.
    #[must_use]
    pub fn of(attachments: &[Attachment]) -> Self {
        Self { attachments: attachments.iter().map(File::of).collect() }
    }
}
