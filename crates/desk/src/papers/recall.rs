//! Recalling papers: by a person with a reason, and by an erasure of what they say.

use super::check::{About, Standing};
use super::code::{Code, Hash};
use super::{PAPER, Paper, RECALLED, Recall, item_name};
use crate::Desk;
use crate::error::DeskError;
use crate::session::Session;
use law::access::{Act, Permit};
use ledger::{Detail, Opening, tags};
use model::VersionId;
use std::collections::BTreeSet;
use vault::store::{ItemRow, RecordStore};

/// Touches of a record that are gone through for its papers, the newest.
const TOUCHES: u32 = 1000;
/// Letters that a reason has at most.
const LONGEST_REASON: usize = 500;

/// A paper of a record, for whoever may recall it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// Leaf of its entry in the log, which stands on the paper.
    pub leaf: u64,
    /// What it is.
    pub standing: Standing,
    /// What is known of it.
    pub about: About,
    /// Why it was recalled.
    pub reason: Option<String>,
}

/// Which paper is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// The one with this code.
    Code(Code),
    /// The one whose entry has this leaf.
    Leaf(u64),
}

impl Which {
    /// Reads a code, or the number of an entry.
    ///
    /// # Errors
    /// What is neither.
    pub fn read(text: &str) -> Result<Self, DeskError> {
        let digits: String = text.chars().filter(|sign| !sign.is_whitespace() && *sign != ',').collect();
        match digits.len() <= 12 {
            true => digits.parse().map(Self::Leaf).map_err(|_| {
                DeskError::unusable(
                    "paper: give its code, or the number of its entry in the log: both stand on it",
                )
            }),
            false => {
                Ok(Self::Code(Code::read(text).map_err(|error| DeskError::unusable(error.to_string()))?))
            }
        }
    }
}

impl<S: RecordStore> Desk<S> {
    /// Recalls a paper: from then on whoever checks it hears that it counts no longer. The reason is entered, and
    /// not shown to them.
    ///
    /// # Errors
    /// A refusal; a missing reason; a paper that is not there, or is recalled already.
    pub async fn recall_paper(&self, who: &Session, which: &Which, reason: &str) -> Result<About, DeskError> {
        let permit = self.permit_act(who, Act::Disclose).await?;
        let reason = reason.trim();
        if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
            return Err(DeskError::unusable(format!(
                "reason: say why the paper counts no longer, in 1 to {LONGEST_REASON} letters"
            )));
        }
        let mark = self.marked(who, which).await?;
        let tx = self.vault.store.begin_alone().await?;
        let Some(mut paper) = self.paper(&mark).await? else { return Err(no_such_paper()) };
        if paper.recalled.is_some() {
            return Err(DeskError::not_now("the paper is recalled already"));
        }
        let recall = Recall { at: self.clock.now(), reason: reason.to_owned(), erased: false };
        self.recall_in(tx, &permit, (mark, &mut paper), recall).await?;
        Ok(About::of(&paper))
    }

    /// The papers of a record, the newest first, of the thousand entries that touched it last.
    ///
    /// # Errors
    /// A refusal, or [`DeskError::NotFound`].
    pub async fn papers_of(&self, who: &Session, reference: &str) -> Result<Vec<Registered>, DeskError> {
        let record = self.resolve_for(who, Act::Disclose, reference).await?;
        let permit = self.permit_act(who, Act::Disclose).await?;
        self.check_known(who, record).await?;
        let about = self.versions_of(&[record]).await?;
        let detail = Detail {
            subject: Some("list of papers".to_owned()),
            about,
            operation: Some("consultation"),
            ..Detail::default()
        };
        let receipt = self.ledger.record(vec![(permit, detail)]).await?;
        self.ledger.settle().await?;
        let mut found = Vec::new();
        for touch in self.vault.store.touches_of_record(record, u64::MAX, TOUCHES).await? {
            let payload = self.ledger.payload(touch.leaf, &receipt).await?;
            let Some(mark) = payload.as_ref().filter(|payload| is_making(payload)).and_then(mark_of) else {
                continue;
            };
            let Some(paper) = self.paper(&mark).await? else { continue };
            found.push(Registered {
                leaf: touch.leaf,
                standing: self.standing_of(&paper).await?,
                about: About::of(&paper),
                reason: paper.recalled.map(|recall| recall.reason),
            });
        }
        Ok(found)
    }

    async fn marked(&self, who: &Session, which: &Which) -> Result<Hash, DeskError> {
        let leaf = match which {
            Which::Code(code) => return Ok(code.mark()),
            Which::Leaf(leaf) => *leaf,
        };
        let permit = self.permit_act(who, Act::Disclose).await?;
        let detail = Detail {
            subject: Some(format!("paper of entry {leaf}")),
            operation: Some("log-read"),
            ..Detail::default()
        };
        let receipt = self.ledger.record(vec![(permit, detail)]).await?;
        if leaf >= self.ledger.settle().await?.size {
            return Err(no_such_paper());
        }
        let payload = self.ledger.payload(leaf, &receipt).await?;
        payload.as_ref().and_then(mark_of).ok_or_else(no_such_paper)
    }

    /// Recalls the papers with these marks that show one of these versions, and takes those out of the register.
    pub(crate) async fn recall_erased(
        &self,
        permit: &Permit,
        marks: &BTreeSet<Hash>,
        (versions, why): (&[VersionId], &str),
    ) -> Result<(), DeskError> {
        let gone: BTreeSet<VersionId> = versions.iter().copied().collect();
        for mark in marks {
            let tx = self.vault.store.begin_alone().await?;
            let Some(mut paper) = self.paper(mark).await? else { continue };
            let shown = paper.versions.len();
            paper.versions.retain(|version| !gone.contains(&version.version));
            if paper.versions.len() == shown {
                continue;
            }
            let recall = Recall { at: self.clock.now(), reason: why.to_owned(), erased: true };
            self.recall_in(tx, permit, (*mark, &mut paper), recall).await?;
        }
        Ok(())
    }

    /// Keeps and enters a recall in the transaction in which the paper was read. What the register held before
    /// opens no more.
    async fn recall_in(
        &self,
        mut tx: S::Tx,
        permit: &Permit,
        (mark, paper): (Hash, &mut Paper),
        recall: Recall,
    ) -> Result<(), DeskError> {
        let detail = Detail {
            subject: Some(RECALLED.to_owned()),
            ground: Some(recall.reason.clone()),
            paper: Some(mark),
            ..Detail::default()
        };
        paper.recalled = Some(recall);
        let name = item_name(&mark);
        let before: Vec<ItemRow> = self.vault.store.item(PAPER, &name).await?.into_iter().collect();
        self.keep_item(&mut tx, PAPER, &name, paper).await?;
        let pending = self.ledger.record_in(&mut tx, &[(permit, detail)]).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        self.shred_items(&before).await
    }
}

fn no_such_paper() -> DeskError {
    DeskError::unknown(
        "there is no such paper: compare the code, or the number of the entry, with what stands on it",
    )
}

/// The mark of the paper that an entry is about.
pub(crate) fn mark_of(payload: &Opening) -> Option<Hash> {
    payload.value(tags::PAPER)?.try_into().ok()
}

fn is_making(payload: &Opening) -> bool {
    payload.value(tags::DIGEST).is_some()
}
