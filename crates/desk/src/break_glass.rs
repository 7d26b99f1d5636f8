//! Breaking the glass: where a life is at risk, somebody who may not read a restricted record reads it
//! at once, with a reason. Owner and supervisors are told before it opens, a supervisor reviews it
//! within a day, and it is counted. What is covert stays so.

use crate::Desk;
use crate::accounts::Account;
use crate::approval::{Deed, second_person};
use crate::clock::moment_text;
use crate::door::labels_of;
use crate::error::DeskError;
use crate::find::reference_of_row;
use crate::notices::Notice;
use crate::session::Session;
use law::access::{Act, Action, Context, Filter, Permit, Target, decide_break_glass};
use ledger::Detail;
use model::{ActorId, RecordId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;
use vault::store::{ItemRow, RecordStore};
use vault::{Plain, Sealed};

const BROKEN: &str = "break-glass";
/// Name of the counter that numbers them: no kind has it.
const COUNTER: u16 = u16::MAX - 1;
/// Area of the settings that name those whose review nobody was reminded of, with when it falls due.
const UNTOLD: &str = "break-glass-due";
/// Within so many microseconds it is reviewed.
const REVIEW_WITHIN: i64 = 24 * 3_600_000_000;

/// A glass that was broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrokenGlass {
    /// `BG-1`, `BG-2` …
    pub id: String,
    /// The record.
    pub record: RecordId,
    /// The record's reference.
    pub reference: String,
    /// Who broke it, and when.
    pub by: Deed,
    /// Their unit, where known.
    pub unit: Option<String>,
    /// Why, in their words; gone where the record was erased since.
    pub reason: Option<String>,
    /// Until when it is to be reviewed: microseconds since 1970-01-01T00:00:00Z.
    pub review_due: i64,
    /// The review.
    #[serde(default)]
    pub review: Option<GlassReview>,
}

/// What a supervisor made of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GlassReview {
    /// Who reviewed it, and when.
    pub by: Deed,
    /// Whether it was necessary and proportionate.
    pub justified: bool,
    /// Why, in their words.
    pub words: String,
}

/// How often the glass was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct GlassFigures {
    /// In all.
    pub broken: u64,
    /// Found justified.
    pub justified: u64,
    /// Found not justified.
    pub not_justified: u64,
    /// Waiting for their review.
    pub waiting: u64,
    /// Of these: beyond the 24 hours.
    pub overdue: u64,
}

impl<S: RecordStore> Desk<S> {
    /// Breaks the glass before a restricted record and opens it.
    ///
    /// # Errors
    /// A refusal; a record that is not there, or that this person may read as it is; a missing reason.
    pub async fn break_glass(
        &self,
        who: &Session,
        reference: &str,
        reason: &str,
    ) -> Result<(BrokenGlass, Plain), DeskError> {
        if reason.trim().is_empty() {
            return Err(DeskError::unusable("reason: say whose life is at risk, and how"));
        }
        // The reason is the purpose of the looking up too.
        let who = who.for_purpose(reason);
        let record = self.resolve(&who, reference).await?;
        let sealed = self.head(record).await?;
        let labels = labels_of(sealed.row())?;
        let context = who.at(self.clock.now());
        if Filter::may_read(&self.matrix(), &context, Action::View).holds(sealed.version().kind, &labels) {
            return Err(DeskError::not_now("This record is open to you: there is no glass to break."));
        }
        let told = self.glass_permit(&context, &sealed).await?;
        let shown = self.glass_permit(&context, &sealed).await?;
        let glass = self.keep_broken(&who, &context, &sealed, labels.owner, told).await?;
        let subject = Some(format!("{} broken", glass.id));
        let detail = Detail { subject, ..Detail::default() };
        let receipt = self.ledger.record(vec![(shown, detail)]).await?;
        Ok((glass, sealed.open(&receipt)?))
    }

    async fn glass_permit(&self, context: &Arc<Context>, sealed: &Sealed) -> Result<Permit, DeskError> {
        let labels = labels_of(sealed.row())?;
        let target = Target { version: sealed.version(), labels: &labels };
        match decide_break_glass(&self.matrix(), context, &target) {
            Ok(permit) => Ok(permit),
            Err(refusal) => Err(self.refused(refusal).await?),
        }
    }

    /// Keeps what happened and tells owner and supervisors, before anything is shown.
    async fn keep_broken(
        &self,
        who: &Session,
        context: &Context,
        sealed: &Sealed,
        owner: Option<ActorId>,
        permit: Permit,
    ) -> Result<BrokenGlass, DeskError> {
        let reference = reference_of_row(sealed.row());
        let record = sealed.version().record;
        let mut told = self.reviewers(context.unit.as_deref(), who.actor()).await?;
        told.extend(owner.filter(|owner| *owner != who.actor()));
        let mut tx = self.vault.store.begin().await?;
        let number = self.vault.store.take_references(&mut tx, COUNTER, 1).await?;
        let glass = BrokenGlass {
            id: format!("BG-{number}"),
            record,
            reference: reference.clone(),
            by: Deed::of(who, context.at),
            unit: context.unit.clone(),
            reason: context.purpose.clone(),
            review_due: context.at + REVIEW_WITHIN,
            review: None,
        };
        self.keep_item(&mut tx, BROKEN, &glass.id, &glass).await?;
        self.vault.store.put_setting(&mut tx, UNTOLD, &glass.id, &glass.review_due.to_string()).await?;
        for person in told {
            let what = format!(
                "The glass was broken: a restricted record was opened for a risk to life. {} is to be \
                 reviewed by {}.",
                glass.id,
                moment_text(glass.review_due)
            );
            let notice = Notice::new(&what, record, reference.clone(), context);
            self.tell(&mut tx, person, &notice).await?;
        }
        let subject = Some(format!("{} entered", glass.id));
        let detail = Detail { subject, event: Some("glass-broken"), ..Detail::default() };
        let pending = self.ledger.record_in(&mut tx, &[(&permit, detail)]).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        Ok(glass)
    }

    /// Tells every supervisor of the force of a review that fell due and was not made: once, before any of
    /// them is shown their notices.
    pub(crate) async fn tell_of_overdue_reviews(&self) -> Result<(), DeskError> {
        let _alone = self.reminding.lock().await;
        let now = self.clock.now();
        for (id, due) in self.vault.store.settings(UNTOLD).await? {
            if due.parse().is_ok_and(|due: i64| due < now) {
                self.tell_of_overdue_review(&id, now).await?;
            }
        }
        Ok(())
    }

    async fn tell_of_overdue_review(&self, id: &str, now: i64) -> Result<(), DeskError> {
        let waits = async || {
            let glass: Option<BrokenGlass> = self.kept(BROKEN, id).await?;
            Ok::<_, DeskError>(glass.filter(|glass| glass.review.is_none()))
        };
        if waits().await?.is_some() {
            let _entered =
                self.ledger.record_machine("reviewers told of an overdue review", &[], now).await?;
        }
        let mut tx = self.vault.store.begin_alone().await?;
        // Once more: it may have been reviewed meanwhile.
        if let Some(glass) = waits().await? {
            let what =
                format!("The review of {id} fell due at {} and was not made.", moment_text(glass.review_due));
            let notice = Notice::of_the_system(&what, glass.record, glass.reference.clone(), now);
            for person in self.reviewers(None, glass.by.actor).await? {
                self.tell(&mut tx, person, &notice).await?;
            }
        }
        self.vault.store.delete_setting(&mut tx, UNTOLD, id).await?;
        Ok(self.vault.store.commit(tx).await?)
    }

    /// Who may review it and is of a unit; of the whole force where the unit is not known or has nobody but
    /// whoever broke it.
    async fn reviewers(&self, unit: Option<&str>, but: ActorId) -> Result<BTreeSet<ActorId>, DeskError> {
        let (accounts, matrix) = (self.all_accounts().await?, self.matrix());
        let may_review = |account: &&Account| {
            !account.locked
                && account.actor != but
                && matrix.allows_act(&account.roles, Act::ReviewBreakGlass)
        };
        let all: Vec<&Account> = accounts.iter().filter(may_review).collect();
        let of_unit = all.iter().filter(|account| unit.is_some() && account.unit.as_deref() == unit);
        let of_unit: BTreeSet<ActorId> = of_unit.map(|account| account.actor).collect();
        Ok(if of_unit.is_empty() { all.iter().map(|account| account.actor).collect() } else { of_unit })
    }

    /// Every glass that was broken, oldest first.
    ///
    /// # Errors
    /// A refusal, or faults of the store.
    pub async fn broken_glasses(&self, who: &Session) -> Result<Vec<BrokenGlass>, DeskError> {
        let permit = self.permit_act(who, Act::ReviewBreakGlass).await?;
        let detail = Detail { subject: Some("broken glasses".to_owned()), ..Detail::default() };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        self.all_broken().await
    }

    /// Reviews one, as somebody else than who broke it.
    ///
    /// # Errors
    /// A refusal; an unknown one; the same person; one that is reviewed already; missing words.
    pub async fn review_break_glass(
        &self,
        who: &Session,
        id: &str,
        justified: bool,
        words: &str,
    ) -> Result<BrokenGlass, DeskError> {
        let permit = self.permit_act(who, Act::ReviewBreakGlass).await?;
        let (id, words) = (id.trim().to_uppercase(), words.trim());
        let by = Deed::of(who, self.clock.now());
        self.decide(&permit, (BROKEN, "broken glass"), &id, |glass: &mut BrokenGlass| {
            if let Some(review) = &glass.review {
                return Err(DeskError::not_now(format!("{id} was reviewed by {} already", review.by.name)));
            }
            second_person(&id, "broken", glass.by.actor, who)?;
            if words.is_empty() {
                return Err(DeskError::unusable(
                    "words: say why it was, or was not, necessary and proportionate",
                ));
            }
            glass.review = Some(GlassReview { by, justified, words: words.to_owned() });
            let found = if justified { "justified" } else { "not justified" };
            Ok(Detail { subject: Some(format!("{id} found {found}")), ..Detail::default() })
        })
        .await
    }

    /// How often the glass was broken, and what reviews found.
    ///
    /// # Errors
    /// A refusal, or faults of the store.
    pub async fn break_glass_figures(&self, who: &Session) -> Result<GlassFigures, DeskError> {
        let permit = self.permit_act(who, Act::Completeness).await?;
        let detail = Detail { subject: Some("figures of broken glasses".to_owned()), ..Detail::default() };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        self.glass_figures().await
    }

    pub(crate) async fn glass_figures(&self) -> Result<GlassFigures, DeskError> {
        let now = self.clock.now();
        let mut figures = GlassFigures::default();
        for glass in self.all_broken().await? {
            figures.broken += 1;
            match glass.review {
                Some(review) if review.justified => figures.justified += 1,
                Some(_) => figures.not_justified += 1,
                None => {
                    figures.waiting += 1;
                    figures.overdue += u64::from(glass.review_due < now);
                }
            }
        }
        Ok(figures)
    }

    pub(crate) async fn all_broken(&self) -> Result<Vec<BrokenGlass>, DeskError> {
        let kept: Vec<(ItemRow, BrokenGlass)> = self.kept_under(BROKEN, "").await?;
        let mut all: Vec<BrokenGlass> = kept.into_iter().map(|(_, glass)| glass).collect();
        all.sort_by_key(|glass| glass.by.at);
        Ok(all)
    }

    /// Takes the words out of what is kept about records that are erased: that the glass was broken,
    /// by whom and with what finding stays.
    pub(crate) async fn forget_glass_words(&self, records: &[RecordId]) -> Result<(), DeskError> {
        // Read where nobody else writes: a review of this moment is neither lost nor left with its words.
        let (mut old, mut tx) = (Vec::new(), self.vault.store.begin_alone().await?);
        let kept: Vec<(ItemRow, BrokenGlass)> = self.kept_under(BROKEN, "").await?;
        for (item, mut glass) in kept.into_iter().filter(|(_, glass)| records.contains(&glass.record)) {
            glass.reason = None;
            if let Some(review) = &mut glass.review {
                review.words.clear();
            }
            self.keep_item(&mut tx, BROKEN, &glass.id, &glass).await?;
            old.push(item);
        }
        self.vault.store.commit(tx).await?;
        self.shred_items(&old).await
    }
}
