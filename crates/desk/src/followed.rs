//! Records that somebody follows: on their home page they see which of them changed since they last looked. Nothing
//! of what a record says is kept or shown; what may not be read any more is not told of. It ends where nobody has
//! looked for ninety days, and goes with the record.

use crate::Desk;
use crate::door::labels_of;
use crate::error::DeskError;
use crate::find::reference_of_row;
use crate::session::Session;
use law::access::{Act, Action, Filter};
use ledger::Detail;
use model::{ActorId, RecordId, kinds};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use vault::store::{ItemRow, RecordStore};

const FOLLOWED: &str = "followed";

/// Records that one person may follow.
pub const MOST_FOLLOWED: usize = 200;
/// How long one is followed that nobody looks at, in microseconds (DPA 2018 s.39).
const UNSEEN: i64 = 90 * 86_400_000_000;

/// What is kept: which record, and the version that was last seen.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Kept {
    record: RecordId,
    seen: u32,
    looked: i64,
}

/// A record that somebody follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// The record.
    pub record: RecordId,
    /// Its reference.
    pub reference: String,
    /// Name of its kind.
    pub kind: &'static str,
    /// Ordinal of its newest version.
    pub newest: u32,
    /// Ordinal of the version that was last seen.
    pub seen: u32,
    /// When the newest version was written, in microseconds since 1970.
    pub written: i64,
}

impl Followed {
    /// Whether it changed since it was last seen.
    #[must_use]
    pub fn changed(&self) -> bool {
        self.newest > self.seen
    }
}

impl<S: RecordStore> Desk<S> {
    /// Follows a record from its present version on, or says that it was seen as it now is.
    ///
    /// # Errors
    /// A refusal, [`DeskError::NotFound`], or one too many.
    pub async fn follow_record(&self, who: &Session, record: RecordId) -> Result<(), DeskError> {
        let head = self.head(record).await?;
        let permit = self.permit_on(who, Action::View, &head).await?;
        let name = item_name(who.actor(), record);
        let mut tx = self.vault.store.begin_alone().await?;
        let before = self.vault.store.item(FOLLOWED, &name).await?;
        if before.is_none() && self.follows(who.actor()).await?.len() >= MOST_FOLLOWED {
            let why = format!("you follow {MOST_FOLLOWED} records, and that is the most: end one first");
            return Err(DeskError::not_now(why));
        }
        let kept = Kept { record, seen: head.row().ordinal, looked: self.clock.now() };
        self.keep_item(&mut tx, FOLLOWED, &name, &kept).await?;
        let detail = Detail { subject: Some("record followed".to_owned()), ..Detail::default() };
        let pending = self.ledger.record_in(&mut tx, &[(&permit, detail)]).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        self.shred_items(&before.into_iter().collect::<Vec<_>>()).await
    }

    /// Follows a record no more. One that is not followed is left already.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn unfollow_record(&self, who: &Session, record: RecordId) -> Result<(), DeskError> {
        let mut tx = self.vault.store.begin_alone().await?;
        let item = self.vault.store.item(FOLLOWED, &item_name(who.actor(), record)).await?;
        let items: Vec<ItemRow> = item.into_iter().collect();
        self.delete_items(&mut tx, &items).await?;
        self.vault.store.commit(tx).await?;
        self.shred_items(&items).await
    }

    /// Whether this person follows a record.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn is_followed(&self, who: &Session, record: RecordId) -> Result<bool, DeskError> {
        Ok(self.vault.store.item(FOLLOWED, &item_name(who.actor(), record)).await?.is_some())
    }

    /// The records that this person follows and may still read: those that changed first, then the newest.
    ///
    /// # Errors
    /// A refusal, or faults of the store.
    pub async fn followed(&self, who: &Session) -> Result<Vec<Followed>, DeskError> {
        let permit = self.permit_act(who, Act::FollowNotices).await?;
        let now = self.clock.now();
        let mut kept: HashMap<RecordId, Kept> = HashMap::new();
        for (_, held) in self.follows(who.actor()).await? {
            if held.looked + UNSEEN > now {
                kept.insert(held.record, held);
            }
        }
        let records: Vec<RecordId> = kept.keys().copied().collect();
        let filter = Filter::may_read(&self.matrix(), &who.at(now), Action::View);
        let mut followed = Vec::new();
        let heads = if records.is_empty() { Vec::new() } else { self.vault.heads(&records).await? };
        for sealed in heads {
            let row = sealed.row();
            let Some((held, kind)) = kept.get(&row.version.record).zip(kinds::by_number(row.version.kind))
            else {
                continue;
            };
            if filter.holds(row.version.kind, &labels_of(row)?) {
                followed.push(Followed {
                    record: held.record,
                    reference: reference_of_row(row),
                    kind: kind.name,
                    newest: row.ordinal,
                    seen: held.seen,
                    written: row.written,
                });
            }
        }
        followed.sort_by_key(|one| std::cmp::Reverse((one.changed(), one.written)));
        let references: Vec<&str> = followed.iter().map(|one| one.reference.as_str()).collect();
        let subject = format!("own followed records: {}", references.join(", "));
        let detail = Detail { subject: Some(subject), ..Detail::default() };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        Ok(followed)
    }

    /// Destroys what is kept of who follows one of these records, which are erased.
    pub(crate) async fn forget_followed(&self, records: &[RecordId]) -> Result<(), DeskError> {
        self.destroy_followed(|kept| records.contains(&kept.record)).await
    }

    /// Destroys what nobody has looked at for ninety days by `now`.
    pub(crate) async fn purge_followed(&self, now: i64) -> Result<(), DeskError> {
        self.destroy_followed(|kept| kept.looked + UNSEEN <= now).await
    }

    async fn destroy_followed(&self, goes: impl Fn(&Kept) -> bool) -> Result<(), DeskError> {
        let mut tx = self.vault.store.begin_alone().await?;
        let kept: Vec<(ItemRow, Kept)> = self.kept_under(FOLLOWED, "").await?;
        let items: Vec<ItemRow> =
            kept.into_iter().filter(|(_, kept)| goes(kept)).map(|(item, _)| item).collect();
        self.delete_items(&mut tx, &items).await?;
        self.vault.store.commit(tx).await?;
        self.shred_items(&items).await
    }

    async fn follows(&self, owner: ActorId) -> Result<Vec<(ItemRow, Kept)>, DeskError> {
        self.kept_under(FOLLOWED, &format!("{owner}/")).await
    }
}

fn item_name(owner: ActorId, record: RecordId) -> String {
    format!("{owner}/{record}")
}
