//! What somebody is told without having asked: that a search met a covert record which they answer
//! for, or that the glass before a restricted one was broken. A notice stays until it is dismissed.

use crate::Desk;
use crate::clock::{id_at, london_day, moment_text};
use crate::door::labels_of;
use crate::error::DeskError;
use crate::find::reference_of_row;
use crate::session::Session;
use law::access::{Act, Context, Filter};
use ledger::Detail;
use model::{ActorId, RecordId};
use search::Query;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use vault::store::{ItemRow, RecordStore};

const NOTICE: &str = "notice";
/// Covert records of which one search tells at most: a broad query meets many, and its owner needs to
/// know of the search, not of each.
const MOST_TOLD: usize = 20;

/// Something that somebody is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Its name, for dismissing it.
    pub id: String,
    /// What happened, in words.
    pub what: String,
    /// The record.
    pub record: RecordId,
    /// The record's reference.
    pub reference: String,
    /// Who did it.
    pub by: String,
    /// Their unit, where known.
    pub unit: Option<String>,
    /// What for, in their words.
    pub purpose: Option<String>,
    /// The task or case.
    pub task: Option<String>,
    /// The query, where it was a search.
    pub query: Option<String>,
    /// When.
    pub at: String,
}

impl Notice {
    pub(crate) fn new(what: &str, record: RecordId, reference: String, by: &Context) -> Self {
        Self {
            id: id_at(by.at).to_string(),
            what: what.to_owned(),
            record,
            reference,
            by: by.name.clone(),
            unit: by.unit.clone(),
            purpose: by.purpose.clone(),
            task: by.task.clone(),
            query: None,
            at: moment_text(by.at),
        }
    }
}

impl<S: RecordStore> Desk<S> {
    /// What this person was told and has not dismissed, oldest first.
    ///
    /// # Errors
    /// A refusal, or faults of the store.
    pub async fn notices(&self, who: &Session) -> Result<Vec<Notice>, DeskError> {
        let permit = self.permit_act(who, Act::FollowNotices).await?;
        let kept: Vec<(ItemRow, Notice)> = self.kept_under(NOTICE, &begins(who.actor())).await?;
        let detail = Detail { subject: Some("own notices".to_owned()), ..Detail::default() };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        Ok(kept.into_iter().map(|(_, notice)| notice).collect())
    }

    /// Dismisses one of this person's notices: it is gone for good.
    ///
    /// # Errors
    /// A refusal, or a notice that this person does not have.
    pub async fn dismiss_notice(&self, who: &Session, id: &str) -> Result<(), DeskError> {
        let permit = self.permit_act(who, Act::FollowNotices).await?;
        let name = item_name(who.actor(), id.trim());
        let item = self.vault.store.item(NOTICE, &name).await?;
        let item = item.ok_or_else(|| DeskError::unknown("you have no notice of that name"))?;
        let detail = Detail { subject: Some(format!("notice {} dismissed", id.trim())), ..Detail::default() };
        let mut tx = self.vault.store.begin().await?;
        self.delete_items(&mut tx, std::slice::from_ref(&item)).await?;
        let pending = self.ledger.record_in(&mut tx, &[(&permit, detail)]).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        self.shred_items(&[item]).await
    }

    /// Tells somebody in a transaction.
    pub(crate) async fn tell(
        &self,
        tx: &mut S::Tx,
        person: ActorId,
        notice: &Notice,
    ) -> Result<(), DeskError> {
        self.keep_item(tx, NOTICE, &item_name(person, &notice.id), notice).await
    }

    /// Tells the owners of covert records that a search of this person meets them. It happens before
    /// the searcher is answered, once a day for each record and searcher: so a searcher who measures
    /// how long an answer takes learns nothing more, and has told the owner.
    pub(crate) async fn tell_owners(
        &self,
        context: &Arc<Context>,
        text: &str,
        query: &Query,
    ) -> Result<(), DeskError> {
        let hidden = Filter::All(vec![
            Filter::Covert,
            Filter::Not(Box::new(Filter::InGroups(context.groups.clone()))),
        ]);
        let met = self.index.meets(&hidden, query, MOST_TOLD).await?;
        if met.is_empty() {
            return Ok(());
        }
        let records: Vec<RecordId> = met.iter().map(|version| version.record).collect();
        let mut told = Vec::new();
        for sealed in self.vault.heads(&records).await? {
            let labels = labels_of(sealed.row())?;
            let Some(owner) = labels.owner.filter(|_| labels.covert) else { continue };
            let reference = reference_of_row(sealed.row());
            let what = "A search met a covert record that you answer for.";
            let mut notice = Notice::new(what, sealed.version().record, reference, context);
            let day = london_day(context.at);
            notice.id = format!("{day}-{}-{}", sealed.version().record, context.actor);
            notice.query = Some(text.to_owned());
            if self.vault.store.item(NOTICE, &item_name(owner, &notice.id)).await?.is_none() {
                told.push((owner, sealed.version(), notice));
            }
        }
        self.keep_told(told, context.at).await
    }

    async fn keep_told(
        &self,
        told: Vec<(ActorId, model::VersionRef, Notice)>,
        now: i64,
    ) -> Result<(), DeskError> {
        if told.is_empty() {
            return Ok(());
        }
        let versions: Vec<_> = told.iter().map(|(_, version, _)| *version).collect();
        let _entered =
            self.ledger.record_machine("owners of covert records told of a search", &versions, now).await?;
        let mut tx = self.vault.store.begin().await?;
        for (owner, _, notice) in &told {
            self.tell(&mut tx, *owner, notice).await?;
        }
        Ok(self.vault.store.commit(tx).await?)
    }

    /// Destroys every notice about records that are erased: it says who they are by what was asked.
    pub(crate) async fn forget_notices(&self, records: &[RecordId]) -> Result<(), DeskError> {
        let kept: Vec<(ItemRow, Notice)> = self.kept_under(NOTICE, "").await?;
        let of_them = kept.into_iter().filter(|(_, notice)| records.contains(&notice.record));
        let items: Vec<ItemRow> = of_them.map(|(item, _)| item).collect();
        let mut tx = self.vault.store.begin().await?;
        self.delete_items(&mut tx, &items).await?;
        self.vault.store.commit(tx).await?;
        self.shred_items(&items).await
    }
}

fn begins(person: ActorId) -> String {
    format!("{person}/")
}

fn item_name(person: ActorId, id: &str) -> String {
    format!("{person}/{id}")
}
