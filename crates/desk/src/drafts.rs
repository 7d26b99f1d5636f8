//! Drafts: what somebody typed and has not saved yet. A draft is sealed like a record, is its author's alone, is
//! entered in the log when it is kept and opened, goes when it was saved or with the record that it changes, and
//! ends thirty days after it was last touched.

use crate::Desk;
use crate::error::DeskError;
use crate::session::Session;
use law::access::{Action, Permit};
use ledger::Detail;
use model::derived::form::Texts;
use model::{ActorId, Kind, RecordId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vault::store::{ItemRow, RecordStore};

const DRAFT: &str = "draft";

/// Drafts that one person may have.
pub const MOST_DRAFTS: usize = 50;
/// Octets that the texts of a draft may have.
pub const LARGEST_DRAFT: usize = 256 << 10;
/// How long a draft is kept that nobody touches, in microseconds: long enough for a leave, and what matters is
/// in a record by then.
const UNTOUCHED: i64 = 30 * 86_400_000_000;

/// What somebody typed and has not saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Its name.
    pub id: Uuid,
    /// Name of the kind of record.
    pub kind: String,
    /// The record that it changes; `None` where it is to become one.
    pub record: Option<RecordId>,
    /// The reference of that record.
    pub reference: Option<String>,
    /// Ordinal of the version that its author had before them.
    pub version: Option<u32>,
    /// What was typed, by the path of its control.
    pub texts: Texts,
    /// Why the record is changed, as far as that was typed.
    pub reason: String,
    /// When it was begun, in microseconds since 1970.
    pub begun: i64,
    /// When it was last touched.
    pub touched: i64,
}

/// What is kept of a form.
#[derive(Debug, Clone)]
pub struct NewDraft<'a> {
    /// Its name, which whoever shows the form chose; the same form keeps it.
    pub id: Uuid,
    /// Kind of the record.
    pub kind: &'static Kind,
    /// Reference and ordinal of the version that it changes.
    pub of: Option<(&'a str, u32)>,
    /// What was typed.
    pub texts: Texts,
    /// Why the record is changed.
    pub reason: &'a str,
}

impl<S: RecordStore> Desk<S> {
    /// Keeps what somebody typed, in place of what they had typed in the same form before.
    ///
    /// # Errors
    /// A refusal, where they may not make or change such a record; too many drafts, or too large a one.
    pub async fn keep_draft(&self, who: &Session, new: NewDraft<'_>) -> Result<Draft, DeskError> {
        let size: usize = new.texts.iter().map(|(path, text)| path.len() + text.len()).sum();
        if size > LARGEST_DRAFT {
            let most = LARGEST_DRAFT >> 10;
            return Err(DeskError::unusable(format!(
                "draft: a form holds at most {most} KiB; save it in parts"
            )));
        }
        let (record, permit) = self.draft_permit(who, &new).await?;
        let now = self.clock.now();
        let name = item_name(who.actor(), new.id);
        let mut tx = self.vault.store.begin_alone().await?;
        let before = self.vault.store.item(DRAFT, &name).await?;
        let begun = match &before {
            Some(item) => self.read_item::<Draft>(item).await?.begun,
            None => now,
        };
        if before.is_none() && self.drafts_of(who.actor()).await?.len() >= MOST_DRAFTS {
            let why =
                format!("you have {MOST_DRAFTS} drafts, and that is the most: save one, or throw one away");
            return Err(DeskError::not_now(why));
        }
        let draft = Draft {
            id: new.id,
            kind: new.kind.name.to_owned(),
            record,
            reference: new.of.map(|(reference, _)| reference.trim().to_uppercase()),
            version: new.of.map(|(_, ordinal)| ordinal),
            texts: new.texts,
            reason: new.reason.to_owned(),
            begun,
            touched: now,
        };
        self.keep_item(&mut tx, DRAFT, &name, &draft).await?;
        let detail = Detail { subject: Some(subject("kept", new.id)), ..Detail::default() };
        let pending = self.ledger.record_in(&mut tx, &[(&permit, detail)]).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        // What was typed before opens no more.
        self.shred_items(&before.into_iter().collect::<Vec<_>>()).await?;
        Ok(draft)
    }

    /// Whoever may make or change such a record may have a draft of it.
    async fn draft_permit(
        &self,
        who: &Session,
        new: &NewDraft<'_>,
    ) -> Result<(Option<RecordId>, Permit), DeskError> {
        let Some((reference, _)) = new.of else {
            return Ok((None, self.permit(who, Action::Create, new.kind.number, &[]).await?));
        };
        let record = self.resolve_to(who, Action::Change, reference).await?;
        let head = self.head(record).await?;
        Ok((Some(record), self.permit_on(who, Action::Change, &head).await?))
    }

    /// This person's drafts, the newest first.
    ///
    /// # Errors
    /// Faults of the store or the log.
    pub async fn drafts(&self, who: &Session) -> Result<Vec<Draft>, DeskError> {
        let now = self.clock.now();
        let mut drafts: Vec<Draft> =
            self.drafts_of(who.actor()).await?.into_iter().map(|(_, draft)| draft).collect();
        drafts.retain(|draft| draft.touched + UNTOUCHED > now);
        drafts.sort_by_key(|draft| std::cmp::Reverse(draft.touched));
        Ok(drafts)
    }

    /// Opens one of this person's drafts, where they may still make or change what it is of.
    ///
    /// # Errors
    /// A refusal, or a draft that is not there.
    pub async fn open_draft(&self, who: &Session, id: Uuid) -> Result<Draft, DeskError> {
        let (_, draft) = self.own_draft(who, id).await?;
        let kind = model::kinds::by_name(&draft.kind).ok_or(DeskError::NotFound)?;
        let of = draft.reference.as_deref().zip(draft.version);
        let asked = NewDraft { id, kind, of, texts: Texts::new(), reason: "" };
        let (_, permit) = self.draft_permit(who, &asked).await?;
        let detail = Detail { subject: Some(subject("opened", id)), ..Detail::default() };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        Ok(draft)
    }

    /// Destroys one of this person's drafts: it was saved, or they do not want it any more. One that is not
    /// there is gone already.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn discard_draft(&self, who: &Session, id: Uuid) -> Result<(), DeskError> {
        let mut tx = self.vault.store.begin_alone().await?;
        let item = self.vault.store.item(DRAFT, &item_name(who.actor(), id)).await?;
        let items: Vec<ItemRow> = item.into_iter().collect();
        self.delete_items(&mut tx, &items).await?;
        self.vault.store.commit(tx).await?;
        self.shred_items(&items).await
    }

    /// Destroys the drafts that change one of these records, which are erased.
    pub(crate) async fn forget_drafts(&self, records: &[RecordId]) -> Result<(), DeskError> {
        self.destroy_drafts(|draft| draft.record.is_some_and(|record| records.contains(&record))).await
    }

    /// Destroys the drafts that nobody has touched for thirty days by `now`.
    pub(crate) async fn purge_drafts(&self, now: i64) -> Result<(), DeskError> {
        self.destroy_drafts(|draft| draft.touched + UNTOUCHED <= now).await
    }

    async fn destroy_drafts(&self, goes: impl Fn(&Draft) -> bool) -> Result<(), DeskError> {
        let kept: Vec<(ItemRow, Draft)> = self.kept_under(DRAFT, "").await?;
        let named: Vec<String> =
            kept.into_iter().filter(|(_, draft)| goes(draft)).map(|(item, _)| item.name).collect();
        if named.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        let _entered = self.ledger.record_machine("drafts that ended are destroyed", &[], now).await?;
        let mut tx = self.vault.store.begin_alone().await?;
        let mut items = Vec::new();
        for name in named {
            // Once more, where nobody else writes: its author may have touched it.
            let Some(item) = self.vault.store.item(DRAFT, &name).await? else { continue };
            if goes(&self.read_item::<Draft>(&item).await?) {
                items.push(item);
            }
        }
        self.delete_items(&mut tx, &items).await?;
        self.vault.store.commit(tx).await?;
        self.shred_items(&items).await
    }

    async fn own_draft(&self, who: &Session, id: Uuid) -> Result<(ItemRow, Draft), DeskError> {
        let item = self.vault.store.item(DRAFT, &item_name(who.actor(), id)).await?;
        let item =
            item.ok_or_else(|| DeskError::unknown("you have no such draft: it was saved or has ended"))?;
        let draft: Draft = self.read_item(&item).await?;
        Ok((item, draft))
    }

    async fn drafts_of(&self, owner: ActorId) -> Result<Vec<(ItemRow, Draft)>, DeskError> {
        self.kept_under(DRAFT, &format!("{owner}/")).await
    }
}

/// The log says which draft, and nothing of what it says.
fn subject(what: &str, id: Uuid) -> String {
    format!("draft {} {what}", id.simple())
}

fn item_name(owner: ActorId, id: Uuid) -> String {
    format!("{owner}/{}", id.simple())
}
