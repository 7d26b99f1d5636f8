//! Files on their way out: which an erasure takes, and what they must leave nowhere.

use super::{ATTACHMENT, Attachment, Kept};
use crate::Desk;
use crate::door::json;
use crate::erasure::Job;
use crate::error::DeskError;
use model::RecordId;
use vault::store::{ItemRow, RecordStore};

/// What an erasure must leave nowhere of files.
#[derive(Debug, Default)]
pub(crate) struct AttachmentTraces {
    /// What the files were called, as their sealed items say it.
    pub plaintext: Vec<Vec<u8>>,
    /// Runs of ciphertext.
    pub ciphertext: Vec<Vec<u8>>,
    /// Raw keys.
    pub keys: Vec<Vec<u8>>,
    /// Wrapped keys.
    pub wrapped: Vec<Vec<u8>>,
    /// Names of the objects.
    pub objects: Vec<String>,
    /// Places of the items' keys.
    pub places: Vec<(u32, u32)>,
    /// Names of the items.
    pub items: Vec<String>,
}

impl<S: RecordStore> Desk<S> {
    /// A file that is there to be erased.
    pub(crate) async fn known_attachment(&self, record: RecordId, id: &str) -> Result<Attachment, DeskError> {
        Ok(self.kept_file(record, id).await?.attachment)
    }

    /// The files that an erasure takes: one, those of its records, or none with a field.
    pub(crate) async fn files_that_go(&self, job: &Job) -> Result<Vec<(ItemRow, Kept)>, DeskError> {
        if job.scope.field.is_some() {
            return Ok(Vec::new());
        }
        let mut files = Vec::new();
        for record in job.records() {
            files.extend(self.files_of(record).await?);
        }
        if let Some(id) = &job.scope.attachment {
            files.retain(|(_, kept)| kept.attachment.id == *id);
        }
        Ok(files)
    }

    /// What these files would leave behind.
    pub(crate) async fn attachment_traces(
        &self,
        files: &[(ItemRow, Kept)],
    ) -> Result<AttachmentTraces, DeskError> {
        let mut traces = AttachmentTraces::default();
        for (item, kept) in files {
            traces.plaintext.push(as_sealed(&kept.attachment)?);
            traces.ciphertext.extend(self.attachments.traces(&kept.content).await?);
            traces.keys.push(kept.content.key_trace());
            let keys = self.vault.keys.traces(&[item.key]).await?;
            traces.keys.extend(keys.material);
            traces.wrapped.extend(keys.wrapped);
            traces.objects.push(kept.content.object.clone());
            traces.places.push((item.key.bucket, item.key.slot));
            traces.items.push(item.name.clone());
        }
        Ok(traces)
    }

    /// Deletes the sealed items of attachments in a transaction.
    pub(crate) async fn delete_attachments(&self, tx: &mut S::Tx, items: &[String]) -> Result<(), DeskError> {
        for name in items {
            self.vault.store.delete_item(tx, ATTACHMENT, name).await?;
        }
        Ok(())
    }
}

/// The name as it stands in the sealed item between its neighbours: the name alone may be as common as
/// “scan.pdf”, and would be found where it is not of this file.
fn as_sealed(attachment: &Attachment) -> Result<Vec<u8>, DeskError> {
    let (name, media_type) = (json(&attachment.name)?, json(&attachment.media_type)?);
    Ok(format!("\"name\":{name},\"media_type\":{media_type}").into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::approval::Deed;
    use crate::attachments::Malware;
    use model::ActorId;

    #[test]
    fn what_is_looked_for_stands_in_the_sealed_item_so() {
        let attachment = Attachment {
            id: "01a2".to_owned(),
            name: "Caf\u{e9} \"Lock\".pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            named_otherwise: false,
            length: 7,
            digest: String::new(),
            added: Deed { actor: ActorId::SYSTEM, name: "PC 1".to_owned(), at: 0 },
            malware: Malware::Nothing,
        };
        let sealed = json(&attachment).unwrap();
        let sought = String::from_utf8(as_sealed(&attachment).unwrap()).unwrap();
        assert!(sealed.contains(&sought), "{sought} in {sealed}");
    }
}
