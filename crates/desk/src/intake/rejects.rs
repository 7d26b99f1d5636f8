//! Rows that could not become records: kept sealed, listed, opened for re-work, discarded.

use super::{RejectedRow, SourceFile};
use crate::Desk;
use crate::door::json;
use crate::error::DeskError;
use crate::session::Session;
use law::access::Act;
use ledger::Detail;
use serde::{Deserialize, Serialize};
use vault::store::{ItemRow, RecordStore};

/// Area of the sealed rejects.
pub(crate) const REJECT: &str = "reject";

/// A rejected row as it is listed: where and why, not what it said.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Reject {
    /// Its name: the source, the file's digest in short, the line.
    pub name: String,
    /// The file as it was named.
    pub file: String,
    /// Line of the file.
    pub line: u64,
    /// The column that is at fault.
    pub field: String,
    /// What is wrong with it.
    pub reason: String,
    /// The row as it stood, in hexadecimal; empty in lists.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub raw: String,
}

impl<S: RecordStore> Desk<S> {
    /// Every rejected row: where and why, not what it said.
    ///
    /// # Errors
    /// A refusal, or faults of the store.
    pub async fn rejects(&self, who: &Session) -> Result<Vec<Reject>, DeskError> {
        let permit = self.permit_act(who, Act::ReworkRejects).await?;
        let detail = Detail { subject: Some("rejects of intake".into()), ..Detail::default() };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        let mut rejects = Vec::new();
        let mut after = String::new();
        loop {
            let items = self.vault.store.items(REJECT, &after, 256).await?;
            let Some(last) = items.last() else { return Ok(rejects) };
            after.clone_from(&last.name);
            for item in &items {
                let reject: Reject = self.read_item(item).await?;
                rejects.push(Reject { raw: String::new(), ..reject });
            }
        }
    }

    /// One rejected row, with what it said.
    ///
    /// # Errors
    /// A refusal, or [`DeskError::NotFound`].
    pub async fn reject(&self, who: &Session, name: &str) -> Result<Reject, DeskError> {
        let permit = self.permit_act(who, Act::OpenReject).await?;
        let detail = Detail { subject: Some(format!("reject {}", name.trim())), ..Detail::default() };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        let item = self.vault.store.item(REJECT, name.trim()).await?.ok_or(DeskError::NotFound)?;
        self.read_item(&item).await
    }

    /// Discards a rejected row for good: its key is shredded.
    ///
    /// # Errors
    /// A refusal, [`DeskError::NotFound`], or a missing ground.
    pub async fn discard_reject(&self, who: &Session, name: &str, ground: &str) -> Result<(), DeskError> {
        let permit = self.permit_act(who, Act::OpenReject).await?;
        if ground.trim().is_empty() {
            return Err(DeskError::unusable("ground: say why the row is not needed (DPA 2018 s.37, s.47)"));
        }
        let item = self.vault.store.item(REJECT, name.trim()).await?.ok_or(DeskError::NotFound)?;
        let mut tx = self.vault.store.begin().await?;
        self.vault.store.delete_item(&mut tx, REJECT, &item.name).await?;
        let detail = Detail {
            operation: Some("erasure"),
            subject: Some(format!("reject {} discarded", item.name)),
            ground: Some(ground.trim().to_owned()),
            ..Detail::default()
        };
        let pending = self.ledger.record_in(&mut tx, &[(&permit, detail)]).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        self.vault.keys.shred(&[item.key]).await?;
        self.clean_files().await
    }

    /// Reading a file again, for instance after a list was extended, judges its rows anew: the
    /// rejects of the run before go, and those that still cannot be taken in come back.
    pub(super) async fn forget_rejects(&self, file: &SourceFile) -> Result<(), DeskError> {
        let first = reject_prefix(file);
        let mut after = first.clone();
        let mut keys = Vec::new();
        let mut tx = self.vault.store.begin().await?;
        loop {
            let items = self.vault.store.items(REJECT, &after, 256).await?;
            let of_file: Vec<&ItemRow> = items.iter().filter(|item| item.name.starts_with(&first)).collect();
            let Some(last) = of_file.last() else { break };
            after.clone_from(&last.name);
            for item in of_file {
                self.vault.store.delete_item(&mut tx, REJECT, &item.name).await?;
                keys.push(item.key);
            }
        }
        if keys.is_empty() {
            return Ok(());
        }
        self.vault.store.commit(tx).await?;
        Ok(self.vault.keys.shred(&keys).await?)
    }

    pub(super) async fn seal_rejects(
        &self,
        file: &SourceFile,
        rejects: &[RejectedRow],
    ) -> Result<Vec<ItemRow>, DeskError> {
        let mut things = Vec::with_capacity(rejects.len());
        for reject in rejects {
            let name = reject_name(file, reject.line);
            let kept = Reject {
                name: name.clone(),
                file: file.file.clone(),
                line: reject.line,
                field: reject.field.clone(),
                reason: reject.reason.clone(),
                raw: hex::encode(&reject.raw),
            };
            things.push((name, json(&kept)?.into_bytes()));
        }
        Ok(self.vault.seal_items(REJECT, &things).await?)
    }
}

/// A reject's name: source, the file's digest in short (a corrected file of the same source keeps
/// its own rejects), line.
fn reject_name(file: &SourceFile, line: u64) -> String {
    format!("{}{line:010}", reject_prefix(file))
}

fn reject_prefix(file: &SourceFile) -> String {
    format!("{}/{}/", file.source, hex::encode(&file.digest[..4]))
}
