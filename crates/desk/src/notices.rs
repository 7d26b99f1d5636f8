//! What somebody is told without having asked: that a search met a covert record which they answer
//! for, that the glass before a restricted one was broken, or that a record came in which a search of
//! theirs meets. A notice stays until it is dismissed.

use crate::Desk;
use crate::clock::{id_at, london_day, moment_text};
use crate::door::labels_of;
use crate::error::DeskError;
use crate::find::reference_of_row;
use crate::keyed_hash::keyed_hash;
use crate::session::Session;
use law::access::{Act, Action, Context, Filter, Permit, Target};
use ledger::Detail;
use model::{ActorId, RecordId, VersionRef};
use search::Query;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;
use vault::store::{ItemRow, RecordStore};

const NOTICE: &str = "notice";
/// Covert records whose owners one search tells, the newest first. Each owner hears of the search once,
/// however many of theirs it meets.
const MOST_TOLD: usize = 1000;

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
    /// The records that a search met, where it was one that met covert ones.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) met: BTreeSet<RecordId>,
    /// The saved search that the record meets, where this is an alert.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alert: Option<Alert>,
}

/// What an alert is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// The saved search, `S-1`.
    pub search: String,
    /// Its name.
    pub name: String,
    /// The version that meets it.
    pub version: VersionRef,
    /// How many more came in together with it that meet the search too, and have no notice of their own.
    pub more: u64,
}

impl Notice {
    /// What fell due by itself at a moment.
    pub(crate) fn of_the_system(what: &str, record: RecordId, reference: String, at: i64) -> Self {
        Self {
            id: id_at(at).to_string(),
            what: what.to_owned(),
            record,
            reference,
            by: "the system".to_owned(),
            unit: None,
            purpose: None,
            task: None,
            query: None,
            at: moment_text(at),
            met: BTreeSet::new(),
            alert: None,
        }
    }

    pub(crate) fn new(what: &str, record: RecordId, reference: String, by: &Context) -> Self {
        Self {
            by: by.name.clone(),
            unit: by.unit.clone(),
            purpose: by.purpose.clone(),
            task: by.task.clone(),
            ..Self::of_the_system(what, record, reference, by.at)
        }
    }
}

impl Notice {
    /// Takes out what somebody asked or wrote where it says something; whether anything went.
    fn forget(&mut self, says: &impl Fn(&str) -> bool) -> bool {
        let mut went = false;
        for said in [&mut self.query, &mut self.purpose, &mut self.task] {
            if said.as_deref().is_some_and(says) {
                *said = None;
                went = true;
            }
        }
        if let Some(alert) = self.alert.as_mut().filter(|alert| says(&alert.name)) {
            alert.name = "erased".to_owned();
            self.what = format!("A record came in or changed that your search {} meets.", alert.search);
            went = true;
        }
        went
    }
}

impl<S: RecordStore> Desk<S> {
    /// What this person was told and has not dismissed, oldest first. An alert tells of a record, so it is
    /// shown only while they may read that, and is a consultation of it, for the purpose of their search.
    ///
    /// # Errors
    /// A refusal, or faults of the store.
    pub async fn notices(&self, who: &Session) -> Result<Vec<Notice>, DeskError> {
        let permit = self.permit_act(who, Act::FollowNotices).await?;
        self.tell_of_overdue_reviews().await?;
        let kept: Vec<(ItemRow, Notice)> = self.kept_under(NOTICE, &begins(who.actor())).await?;
        let mut notices: Vec<Notice> = kept.into_iter().map(|(_, notice)| notice).collect();
        let detail = Detail { subject: Some("own notices".to_owned()), ..Detail::default() };
        let mut entries = vec![(permit, detail)];
        let shown = self.alerts_shown(who, &notices, &mut entries).await?;
        notices.retain(|notice| notice.alert.is_none() || shown.contains(&notice.id));
        let _receipt = self.ledger.record(entries).await?;
        Ok(notices)
    }

    /// The alerts that this person may see now, with the entry of each search's.
    async fn alerts_shown(
        &self,
        who: &Session,
        notices: &[Notice],
        entries: &mut Vec<(Permit, Detail)>,
    ) -> Result<HashSet<String>, DeskError> {
        let alerts: Vec<(&Notice, &Alert)> =
            notices.iter().filter_map(|notice| Some((notice, notice.alert.as_ref()?))).collect();
        let records: Vec<RecordId> = alerts.iter().map(|(notice, _)| notice.record).collect();
        let filter = Filter::may_read(&self.matrix(), &who.at(self.clock.now()), Action::List);
        let mut labels = BTreeMap::new();
        for row in self.vault.head_rows(&records).await? {
            let of = labels_of(&row)?;
            if filter.holds(row.version.kind, &of) {
                labels.insert(row.version.record, of);
            }
        }
        let mut searches: BTreeMap<&str, Vec<(&Notice, Target<'_>)>> = BTreeMap::new();
        for (notice, alert) in alerts {
            if let Some(labels) = labels.get(&notice.record) {
                let target = Target { version: alert.version, labels };
                searches.entry(&alert.search).or_default().push((notice, target));
            }
        }
        let mut shown = HashSet::new();
        for (search, told) in searches {
            let Some((first, _)) = told.first() else { continue };
            let who = first.purpose.as_ref().map_or_else(|| who.clone(), |purpose| who.for_purpose(purpose));
            let who = first.task.as_ref().map_or_else(|| who.clone(), |task| who.for_task(task));
            let targets: Vec<Target<'_>> = told.iter().map(|(_, target)| *target).collect();
            let detail = Detail {
                subject: Some(format!("alerts of search {search}")),
                query: first.query.clone(),
                results: Some(targets.len() as u64),
                ..Detail::default()
            };
            entries.push((self.permit(&who, Action::List, 0, &targets).await?, detail));
            shown.extend(told.iter().map(|(notice, _)| notice.id.clone()));
        }
        Ok(shown)
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
    /// the searcher is answered, once a day for each owner, searcher and query: so a searcher who measures
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
        let records: Vec<RecordId> = met.iter().map(|version| version.record).collect();
        self.tell_owners_of(context, text, &records).await
    }

    /// The same where it is known already which covert records were met.
    pub(crate) async fn tell_owners_of(
        &self,
        context: &Context,
        text: &str,
        records: &[RecordId],
    ) -> Result<(), DeskError> {
        if records.is_empty() {
            return Ok(());
        }
        let mut met: BTreeMap<ActorId, Vec<(VersionRef, String)>> = BTreeMap::new();
        for row in self.vault.head_rows(records).await? {
            let labels = labels_of(&row)?;
            if let Some(owner) = labels.owner.filter(|_| labels.covert) {
                met.entry(owner).or_default().push((row.version, reference_of_row(&row)));
            }
        }
        if met.is_empty() {
            return Ok(());
        }
        // Names of items are plain, and a query says whom somebody looks for.
        let query = hex::encode(keyed_hash(&self.hash_key().await?, "queries of notices", text.as_bytes()));
        let id = format!("{}-{}-{query}", london_day(context.at), context.actor);
        let mut told = Vec::new();
        for (owner, met) in met {
            let before: Option<Notice> = self.kept(NOTICE, &item_name(owner, &id)).await?;
            let known = before.map(|notice| notice.met).unwrap_or_default();
            if met.iter().any(|(version, _)| !known.contains(&version.record)) {
                let notice = notice_of_search(&id, &met, &known, text, context);
                told.extend(notice.map(|notice| (owner, notice, met)));
            }
        }
        self.keep_told(told, context.at).await
    }

    async fn keep_told(&self, told: Vec<Told>, now: i64) -> Result<(), DeskError> {
        if told.is_empty() {
            return Ok(());
        }
        let versions: Vec<_> = told.iter().flat_map(|(_, _, met)| met.iter().map(|(of, _)| *of)).collect();
        let _entered =
            self.ledger.record_machine("owners of covert records told of a search", &versions, now).await?;
        let mut tx = self.vault.store.begin().await?;
        for (owner, notice, _) in &told {
            self.tell(&mut tx, *owner, notice).await?;
        }
        Ok(self.vault.store.commit(tx).await?)
    }

    /// What these saved searches told and nobody dismissed.
    pub(crate) async fn alerts_of(&self, searches: &[&str]) -> Result<Vec<ItemRow>, DeskError> {
        if searches.is_empty() {
            return Ok(Vec::new());
        }
        let kept: Vec<(ItemRow, Notice)> = self.kept_under(NOTICE, "").await?;
        let is_theirs = |notice: &Notice| {
            notice.alert.as_ref().is_some_and(|alert| searches.contains(&alert.search.as_str()))
        };
        Ok(kept.into_iter().filter(|(_, notice)| is_theirs(notice)).map(|(item, _)| item).collect())
    }

    /// Destroys every notice about records that are erased: it says who they are by what was asked. Those
    /// about others stay, without the words that say what is erased.
    pub(crate) async fn forget_notices(
        &self,
        records: &[RecordId],
        says: impl Fn(&str) -> bool,
    ) -> Result<(), DeskError> {
        let mut tx = self.vault.store.begin_alone().await?;
        let kept: Vec<(ItemRow, Notice)> = self.kept_under(NOTICE, "").await?;
        let (of_them, others): (Vec<_>, Vec<_>) =
            kept.into_iter().partition(|(_, notice)| records.contains(&notice.record));
        let mut items: Vec<ItemRow> = of_them.into_iter().map(|(item, _)| item).collect();
        self.delete_items(&mut tx, &items).await?;
        for (item, mut notice) in others {
            let met = notice.met.len();
            notice.met.retain(|record| !records.contains(record));
            let went = notice.forget(&says);
            if went || notice.met.len() < met {
                // Its name was made of what was asked.
                notice.id = if went { id_at(self.clock.now()).to_string() } else { notice.id };
                let owner = item.name.split('/').next().unwrap_or_default();
                self.delete_items(&mut tx, std::slice::from_ref(&item)).await?;
                self.keep_item(&mut tx, NOTICE, &format!("{owner}/{}", notice.id), &notice).await?;
                items.push(item);
            }
        }
        self.vault.store.commit(tx).await?;
        self.shred_items(&items).await
    }
}

/// An owner, what they are told, and which of their records were met.
type Told = (ActorId, Notice, Vec<(VersionRef, String)>);

fn notice_of_search(
    id: &str,
    met: &[(VersionRef, String)],
    known: &BTreeSet<RecordId>,
    text: &str,
    context: &Context,
) -> Option<Notice> {
    let (version, reference) = met.iter().find(|(version, _)| !known.contains(&version.record))?;
    let all: BTreeSet<RecordId> =
        met.iter().map(|(version, _)| version.record).chain(known.clone()).collect();
    let what = match all.len() - 1 {
        0 => "A search met a covert record that you answer for.".to_owned(),
        more => format!("A search met a covert record that you answer for, and {more} more."),
    };
    let mut notice = Notice::new(&what, version.record, reference.clone(), context);
    notice.id = id.to_owned();
    notice.query = Some(text.to_owned());
    notice.met = all;
    Some(notice)
}

fn begins(person: ActorId) -> String {
    format!("{person}/")
}

fn item_name(person: ActorId, id: &str) -> String {
    format!("{person}/{id}")
}
