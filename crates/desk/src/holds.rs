//! Holds: while one stands, nothing erases a record (litigation, the duty of disclosure, an
//! inquiry, an open access request: DPA 2018 s.47(2), s.173; CPIA 1996 Code).

use crate::Desk;
use crate::clock::moment_text;
use crate::door::json;
use crate::error::DeskError;
use crate::session::Session;
use law::access::Act;
use ledger::Detail;
use model::RecordId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vault::store::RecordStore;

const HOLD: &str = "hold";

/// A hold on a record.
#[derive(Debug, Clone, Serialize, JsonSchema, Deserialize)]
pub struct Hold {
    /// Name within the record's holds.
    pub name: String,
    /// Why.
    pub reason: String,
    /// Who placed it.
    pub placed_by: String,
    /// When.
    pub placed: String,
}

impl<S: RecordStore> Desk<S> {
    /// Places a hold.
    ///
    /// # Errors
    /// A refusal, or a hold without a reason.
    pub async fn place_hold(&self, who: &Session, reference: &str, reason: &str) -> Result<Hold, DeskError> {
        let record = self.resolve_for(who, Act::PlaceHold, reference).await?;
        let permit = self.permit_act(who, Act::PlaceHold).await?;
        self.check_known(who, record).await?;
        if reason.trim().is_empty() {
            return Err(DeskError::unusable("reason: say what the record is held for"));
        }
        let now = self.clock.now();
        let hold = Hold {
            name: crate::clock::id_at(now).to_string(),
            reason: reason.trim().to_owned(),
            placed_by: who.name().to_owned(),
            placed: moment_text(now),
        };
        let items = self
            .vault
            .seal_items(HOLD, &[(item_name(record, &hold.name), json(&hold)?.into_bytes())])
            .await?;
        let mut tx = self.vault.store.begin().await?;
        // An erasure may have been quicker: a hold on nothing must not be acknowledged.
        let _there = self.head(record).await?;
        self.vault.store.put_items(&mut tx, &items).await?;
        let subject = Some(format!("hold {} placed", hold.name));
        let about = self.versions_of(&[record]).await?;
        let detail = Detail { subject, ground: Some(hold.reason.clone()), about, ..Detail::default() };
        let pending = self.ledger.record_in(&mut tx, &[(&permit, detail)]).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        Ok(hold)
    }

    /// Lifts a hold.
    ///
    /// # Errors
    /// A refusal; a record that is not there, or has no such hold; a missing reason.
    pub async fn lift_hold(
        &self,
        who: &Session,
        reference: &str,
        name: &str,
        reason: &str,
    ) -> Result<(), DeskError> {
        let record = self.resolve_for(who, Act::PlaceHold, reference).await?;
        let permit = self.permit_act(who, Act::PlaceHold).await?;
        self.check_known(who, record).await?;
        if reason.trim().is_empty() {
            return Err(DeskError::unusable("reason: say why the record is held no longer"));
        }
        let item = self.vault.store.item(HOLD, &item_name(record, name)).await?;
        let item = item.ok_or_else(|| {
            DeskError::unknown(format!(
                "the record has no hold “{name}”; `bluelamp hold list REF` names those that it has"
            ))
        })?;
        let mut tx = self.vault.store.begin().await?;
        self.vault.store.delete_item(&mut tx, HOLD, &item.name).await?;
        let subject = Some(format!("hold {name} lifted"));
        let about = self.versions_of(&[record]).await?;
        let detail = Detail { subject, ground: Some(reason.trim().to_owned()), about, ..Detail::default() };
        let pending = self.ledger.record_in(&mut tx, &[(&permit, detail)]).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        Ok(self.vault.keys.shred(&[item.key]).await?)
    }

    /// The holds on a record, oldest first, for somebody who may place one.
    ///
    /// # Errors
    /// A refusal, or [`DeskError::NotFound`].
    pub async fn list_holds(&self, who: &Session, reference: &str) -> Result<Vec<Hold>, DeskError> {
        let record = self.resolve_for(who, Act::PlaceHold, reference).await?;
        let permit = self.permit_act(who, Act::PlaceHold).await?;
        self.check_known(who, record).await?;
        let about = self.versions_of(&[record]).await?;
        let detail = Detail { subject: Some("list of holds".into()), about, ..Detail::default() };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        self.holds(record).await
    }

    /// The holds on a record.
    pub(crate) async fn holds(&self, record: RecordId) -> Result<Vec<Hold>, DeskError> {
        let first = format!("{record}/");
        let items = self.vault.store.items(HOLD, &first, 256).await?;
        let mut holds = Vec::new();
        for item in items.iter().filter(|item| item.name.starts_with(&first)) {
            holds.push(self.read_item(item).await?);
        }
        Ok(holds)
    }
}

fn item_name(record: RecordId, name: &str) -> String {
    format!("{record}/{name}")
}
