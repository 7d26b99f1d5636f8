//! The declarations that count are read when the door opens and whenever two persons have decided. Records
//! written before are then filed anew in the index, so that figures speak of all of them; a mark beside each
//! kind says what it was filed by, so that a stop in the middle is made up for.

use super::DeclaredField;
use crate::Desk;
use crate::error::DeskError;
use model::VersionId;
use model::derived::local::{self, OfForce};
use model::kinds;
use std::collections::BTreeMap;
use vault::store::RecordStore;

/// Area of the settings that say by which rules of the force's own the records of a kind are filed.
const FILED: &str = "local-fields-filed";
/// Versions looked through at once.
const PAGE: u32 = 1024;

/// The kinds whose records are to be filed anew, and how far that has come.
#[derive(Debug, Default)]
pub(crate) struct Refiling {
    due: BTreeMap<u16, String>,
    after: Option<VersionId>,
}

impl<S: RecordStore> Desk<S> {
    /// Works with the declarations that count now.
    pub(crate) async fn use_declarations(&self) -> Result<(), DeskError> {
        let mut refiling = self.refiling.lock().await;
        let mut declared = self.declared_fields().await?;
        declared.retain(DeclaredField::is_approved);
        let fields: Vec<_> = declared.iter().map(|one| (one.kind.clone(), one.field.clone())).collect();
        let of_force = OfForce::accept(self.lists_in_force().await?, &fields).map_err(|faults| {
            DeskError::damaged(format!("the force’s own fields cannot be used: {}", faults.join("; ")))
        })?;
        local::begin_use(of_force);
        *refiling = Refiling { due: self.due(&declared).await?, after: None };
        drop(refiling);
        self.wanted.notify_one();
        Ok(())
    }

    /// Whether every record is filed in the index by the declarations that count.
    pub async fn local_fields_are_filed(&self) -> bool {
        self.refiling.lock().await.due.is_empty()
    }

    /// The kinds that are filed by other rules than those that count.
    async fn due(&self, declared: &[DeclaredField]) -> Result<BTreeMap<u16, String>, DeskError> {
        let filed: BTreeMap<String, String> = self.vault.store.settings(FILED).await?.into_iter().collect();
        let mut due = BTreeMap::new();
        for kind in kinds::ALL {
            let mark = mark(kind.name, declared);
            if filed.get(kind.name).map_or("", String::as_str) != mark {
                due.insert(kind.number, mark);
            }
        }
        Ok(due)
    }

    /// Files some more records anew; gives whether there are more to do.
    pub(crate) async fn refile_some(&self) -> Result<bool, DeskError> {
        let mut refiling = self.refiling.lock().await;
        if refiling.due.is_empty() {
            return Ok(false);
        }
        let rows = self.vault.store.versions_after(refiling.after, PAGE).await?;
        let Some(last) = rows.last().map(|row| row.version.version) else {
            self.note_filed(&refiling).await?;
            *refiling = Refiling::default();
            return Ok(false);
        };
        for kind in refiling.due.keys() {
            self.file_newest(&rows, *kind).await?;
        }
        refiling.after = Some(last);
        Ok(true)
    }

    /// Files those of these versions anew that are the newest of their records. Nothing else changes the index
    /// meanwhile, so that nothing newer is overwritten.
    async fn file_newest(&self, rows: &[vault::VersionRow], kind: u16) -> Result<(), DeskError> {
        let _alone = self.following.lock().await;
        let Some(position) = self.index.applied() else { return Ok(()) };
        let newest = self.newest_of(rows, kind).await?;
        if newest.is_empty() {
            return Ok(());
        }
        let changes = self.entries(newest).await?;
        Ok(self.index.apply(changes, position).await?)
    }

    async fn note_filed(&self, refiling: &Refiling) -> Result<(), DeskError> {
        {
            let _alone = self.following.lock().await;
            self.index.publish().await?;
        }
        let mut tx = self.vault.store.begin().await?;
        for (number, mark) in &refiling.due {
            if let Some(kind) = kinds::by_number(*number) {
                self.vault.store.put_setting(&mut tx, FILED, kind.name, mark).await?;
            }
        }
        Ok(self.vault.store.commit(tx).await?)
    }
}

/// What decides how records of a kind are filed: the force's rules and their ends. A field without a rule files
/// no record otherwise that was written before it.
fn mark(kind: &str, declared: &[DeclaredField]) -> String {
    let with_rules = declared.iter().filter(|one| one.kind == kind && !one.field.rules.is_empty());
    let marks = with_rules.map(|one| match one.field.until {
        Some(until) => format!("{} until {until}", one.id),
        None => one.id.clone(),
    });
    marks.collect::<Vec<_>>().join(", ")
}
