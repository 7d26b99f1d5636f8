//! What waits for somebody: decisions that need a second person, reviews, and what their unit has to complete. Each
//! is counted, by what their roles let them do; nothing of a record is shown.

use crate::Desk;
use crate::break_glass::BrokenGlass;
use crate::error::DeskError;
use crate::grants::Grant;
use crate::intake::rejects::REJECT;
use crate::session::Session;
use law::access::{Act, Permit};
use ledger::Detail;
use search::Within;
use vault::store::{ItemRow, RecordStore};

/// Rejected rows up to which they are counted.
pub const MOST_COUNTED: u64 = 10_000;

/// Something that somebody can do and that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// Memberships of restriction groups that another proposed.
    Grants,
    /// Access matrices that another proposed.
    Matrices,
    /// Erasures that another planned.
    Erasures,
    /// Restricted records that another opened for a risk to life.
    Glasses,
    /// More thorough searches of children whose place, authoriser or appropriate adult is not recorded.
    ChildSearches,
    /// Rows of an intake that were rejected.
    Rejects,
}

/// How much of it waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Task {
    /// What.
    pub what: Waiting,
    /// How many.
    pub count: u64,
    /// How many of them should have been done by now.
    pub overdue: u64,
}

impl Waiting {
    /// The order in which they are told: what protects somebody comes first.
    const ALL: [Self; 6] =
        [Self::ChildSearches, Self::Glasses, Self::Erasures, Self::Grants, Self::Matrices, Self::Rejects];

    /// What somebody must be allowed so that it waits for them.
    #[must_use]
    pub const fn act(self) -> Act {
        match self {
            Self::Grants => Act::ApproveGrant,
            Self::Matrices => Act::ApproveMatrix,
            Self::Erasures => Act::ApproveErasure,
            Self::Glasses => Act::ReviewBreakGlass,
            Self::ChildSearches => Act::Completeness,
            Self::Rejects => Act::ReworkRejects,
        }
    }
}

/// What for somebody looks at what waits for them.
const OWN_TASKS: &str = "own tasks";

impl<S: RecordStore> Desk<S> {
    /// What waits for this person, the most pressing first. What their roles do not let them do is not looked at.
    ///
    /// # Errors
    /// Faults of the store, the index or the log.
    pub async fn tasks(&self, who: &Session) -> Result<Vec<Task>, DeskError> {
        // Whoever looks what waits for them need not say what for.
        let who = &who.for_purpose(OWN_TASKS);
        let mut entries: Vec<(Permit, Detail)> = Vec::new();
        let mut tasks = Vec::new();
        for what in Waiting::ALL.into_iter().filter(|what| self.may_do(who, what.act())) {
            let permit = self.permit_act(who, what.act()).await?;
            let (count, overdue) = self.waiting(who, &permit, what).await?;
            let detail = Detail { subject: Some(OWN_TASKS.to_owned()), ..Detail::default() };
            entries.push((permit, detail));
            if count > 0 {
                tasks.push(Task { what, count, overdue });
            }
        }
        if !entries.is_empty() {
            let _receipt = self.ledger.record(entries).await?;
        }
        Ok(tasks)
    }

    /// How many wait, and how many of them are overdue.
    async fn waiting(&self, who: &Session, permit: &Permit, what: Waiting) -> Result<(u64, u64), DeskError> {
        let now = self.clock.now();
        let count = match what {
            Waiting::Grants => {
                let kept: Vec<(ItemRow, Grant)> = self.kept_under(crate::grants::GRANT, "").await?;
                let waits = |grant: &Grant| {
                    let is_open =
                        grant.persons.approved.is_none() && grant.withdrawn.is_none() && grant.until > now;
                    is_open && grant.persons.proposed.actor != who.actor() && grant.account != who.name()
                };
                kept.iter().filter(|(_, grant)| waits(grant)).count()
            }
            Waiting::Matrices => {
                let proposed = crate::policy::proposed(&*self.vault.store).await?;
                let waits = |persons: &crate::approval::TwoPersons| {
                    persons.approved.is_none() && persons.proposed.actor != who.actor()
                };
                proposed.iter().filter(|matrix| waits(&matrix.persons)).count()
            }
            Waiting::Erasures => self.erasures_planned_by_others(who).await?,
            Waiting::Glasses => {
                let broken = self.all_broken().await?;
                let waits = |glass: &&BrokenGlass| glass.review.is_none() && glass.by.actor != who.actor();
                let overdue = broken.iter().filter(waits).filter(|glass| glass.review_due < now).count();
                return Ok((broken.iter().filter(waits).count() as u64, overdue as u64));
            }
            Waiting::ChildSearches => {
                let context = permit.context();
                let within = Within { unit: context.unit.clone(), period: None };
                // The law asked for it while it happened: whatever lacks it is late.
                let lacking = self.child_searches(context, &within).await?.lacking;
                return Ok((lacking, lacking));
            }
            Waiting::Rejects => return Ok((self.rejects_counted().await?, 0)),
        };
        Ok((count as u64, 0))
    }

    async fn rejects_counted(&self) -> Result<u64, DeskError> {
        let (mut counted, mut after) = (0, String::new());
        while counted < MOST_COUNTED {
            let items = self.vault.store.items(REJECT, &after, 1000).await?;
            let Some(last) = items.last() else { break };
            after.clone_from(&last.name);
            counted += items.len() as u64;
        }
        Ok(counted.min(MOST_COUNTED))
    }
}
