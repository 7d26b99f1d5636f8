//! Reports of trouble: what people say is wrong with the program, with what it knows of the page by itself, and
//! nothing of any record. A report is sealed like a record and is none: it has no subject, is found by no search, and
//! is read by the administrator, who sees no record (`docs/adr/0015`). Whoever filed it follows what becomes of it.
//! What looks like somebody's data is pointed out ([`telling`]) and not kept.

mod telling;

pub use telling::{Telling, telling};

use crate::Desk;
use crate::clock::london_day;
use crate::error::DeskError;
use crate::session::Session;
use law::access::Act;
use ledger::Detail;
use model::ActorId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use vault::store::{ItemRow, RecordStore};

const TROUBLE: &str = "trouble";
/// The counter of their numbers; kinds have others.
const COUNTER: u16 = u16::MAX - 4;

/// Reports that one person may have open.
pub const MOST_OPEN: usize = 50;
/// Characters that a report or an answer may have.
pub const LONGEST_REPORT: usize = 4000;
/// Characters that each of what the program adds by itself may have.
const LONGEST_FACT: usize = 120;
const DAY: i64 = 86_400_000_000;
/// How long a report is kept after it was answered: its filer comes back from leave and reads it.
const ANSWERED: i64 = 90 * DAY;
/// How long one is kept that nobody answered: by then there are other releases.
const UNANSWERED: i64 = 365 * DAY;

/// What sort of trouble it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TroubleKind {
    /// It does not work.
    Broken,
    /// What it shows or says is wrong.
    Wrong,
    /// It is too slow.
    Slow,
    /// It is not understood.
    Unclear,
    /// Something is not there that work needs.
    Missing,
    /// Something else.
    Other,
}

impl TroubleKind {
    /// Every kind, with its word and how people say it.
    pub const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Broken, "broken", "It does not work"),
        (Self::Wrong, "wrong", "It shows or says something wrong"),
        (Self::Slow, "slow", "It is too slow"),
        (Self::Unclear, "unclear", "I do not understand it"),
        (Self::Missing, "missing", "Something that I need is not there"),
        (Self::Other, "other", "Something else"),
    ];

    /// The kind of this word.
    #[must_use]
    pub fn by_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, held, _)| *held == word).map(|(kind, ..)| kind)
    }

    /// How people say it.
    #[must_use]
    pub fn words(self) -> &'static str {
        Self::ALL.into_iter().find(|(kind, ..)| *kind == self).map_or("", |(.., words)| words)
    }
}

/// A report of trouble.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// Its name, `T-1`.
    pub id: String,
    /// What happened and what was expected, in its filer's words.
    pub said: String,
    /// What sort of trouble.
    pub kind: TroubleKind,
    /// The page, by the pattern of its address: it names no record.
    pub page: String,
    /// Version of the program.
    pub version: String,
    /// The filer's roles.
    pub roles: BTreeSet<String>,
    /// The filer's unit, where known.
    pub unit: Option<String>,
    /// The family of the browser.
    pub browser: String,
    /// The name of the fault that was shown, where one was.
    pub fault: Option<String>,
    /// When it was filed, in microseconds since 1970.
    pub filed: i64,
    /// What it was closed with; `None` while it is open.
    pub answer: Option<Answered>,
}

/// What a report was closed with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// In words for the filer.
    pub words: String,
    /// By whom.
    pub by: String,
    /// When, in microseconds since 1970.
    pub at: i64,
}

/// What somebody reports.
#[derive(Debug, Clone, Copy)]
pub struct NewTrouble<'a> {
    /// What happened and what was expected.
    pub said: &'a str,
    /// What sort of trouble.
    pub kind: TroubleKind,
    /// The pattern of the page's address.
    pub page: &'a str,
    /// Version of the program.
    pub version: &'a str,
    /// The family of the browser.
    pub browser: &'a str,
    /// The name of the fault that was shown.
    pub fault: Option<&'a str>,
    /// Whether the filer says that what may be a name is none.
    pub no_names: bool,
}

impl<S: RecordStore> Desk<S> {
    /// Files a report of trouble.
    ///
    /// # Errors
    /// A refusal; nothing said or too much; what looks like somebody's data; one open report too many.
    pub async fn report_trouble(&self, who: &Session, new: NewTrouble<'_>) -> Result<Trouble, DeskError> {
        let permit = self.permit_act(who, Act::ReportTrouble).await?;
        let now = self.clock.now();
        let said = self.usable(new.said, new.no_names, "said: say what happened, and what you expected")?;
        let mut tx = self.vault.store.begin_alone().await?;
        let open = self.troubles_of(who.actor()).await?;
        if open.iter().filter(|(_, trouble)| trouble.answer.is_none()).count() >= MOST_OPEN {
            let why = format!(
                "you have {MOST_OPEN} open reports, and that is the most: ask the administrator to answer them"
            );
            return Err(DeskError::not_now(why));
        }
        let number = self.vault.store.take_references(&mut tx, COUNTER, 1).await?;
        let trouble = Trouble {
            id: format!("T-{number}"),
            said,
            kind: new.kind,
            page: shortened(new.page),
            version: shortened(new.version),
            roles: who.roles().clone(),
            unit: permit.context().unit.clone(),
            browser: shortened(new.browser),
            fault: new.fault.map(shortened).filter(|fault| !fault.is_empty()),
            filed: now,
            answer: None,
        };
        self.keep_item(&mut tx, TROUBLE, &item_name(who.actor(), &trouble.id), &trouble).await?;
        let pending = self.ledger.record_in(&mut tx, &[(&permit, subject(&trouble.id, "filed"))]).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        Ok(trouble)
    }

    /// The reports that this person filed, the newest first.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn own_troubles(&self, who: &Session) -> Result<Vec<Trouble>, DeskError> {
        let kept = self.troubles_of(who.actor()).await?;
        Ok(newest_first(kept.into_iter().map(|(_, trouble)| trouble).collect()))
    }

    /// All reports, the newest first: for the administrator. Who filed one is not said.
    ///
    /// # Errors
    /// A refusal, or faults of the store.
    pub async fn troubles(&self, who: &Session) -> Result<Vec<Trouble>, DeskError> {
        let permit = self.permit_act(who, Act::Maintain).await?;
        let kept: Vec<(ItemRow, Trouble)> = self.kept_under(TROUBLE, "").await?;
        let detail = Detail {
            subject: Some("reports of trouble".to_owned()),
            results: Some(kept.len() as u64),
            ..Detail::default()
        };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        Ok(newest_first(kept.into_iter().map(|(_, trouble)| trouble).collect()))
    }

    /// Closes a report with an answer that its filer sees.
    ///
    /// # Errors
    /// A refusal; a report that is not there or is closed; nothing said; what looks like somebody's data.
    pub async fn answer_trouble(
        &self,
        who: &Session,
        id: &str,
        words: &str,
        no_names: bool,
    ) -> Result<Trouble, DeskError> {
        let permit = self.permit_act(who, Act::Maintain).await?;
        let words = self.usable(words, no_names, "answer: say what was done, or why nothing is")?;
        let kept: Vec<(ItemRow, Trouble)> = self.kept_under(TROUBLE, "").await?;
        let found = kept.into_iter().find(|(_, trouble)| trouble.id == id);
        let (item, _) = found.ok_or_else(|| DeskError::unknown(format!("there is no report “{id}”")))?;
        let answered = Answered { words, by: who.name().to_owned(), at: self.clock.now() };
        let before = item.name.clone();
        let closed = self
            .decide(&permit, (TROUBLE, "report"), &before, |trouble: &mut Trouble| {
                if trouble.answer.is_some() {
                    return Err(DeskError::not_now(format!("{} is closed already", trouble.id)));
                }
                trouble.answer = Some(answered);
                Ok(subject(&trouble.id, "answered"))
            })
            .await?;
        // It opens in its new wording alone.
        self.shred_items(&[item]).await?;
        Ok(closed)
    }

    /// Destroys the reports whose time has ended by `now`.
    pub(crate) async fn purge_troubles(&self, now: i64) -> Result<(), DeskError> {
        let kept: Vec<(ItemRow, Trouble)> = self.kept_under(TROUBLE, "").await?;
        let ended: Vec<ItemRow> =
            kept.into_iter().filter(|(_, trouble)| ends(trouble) <= now).map(|(item, _)| item).collect();
        if ended.is_empty() {
            return Ok(());
        }
        let _entered =
            self.ledger.record_machine("reports of trouble that ended are destroyed", &[], now).await?;
        let mut tx = self.vault.store.begin_alone().await?;
        self.delete_items(&mut tx, &ended).await?;
        self.vault.store.commit(tx).await?;
        self.shred_items(&ended).await
    }

    async fn troubles_of(&self, filer: ActorId) -> Result<Vec<(ItemRow, Trouble)>, DeskError> {
        self.kept_under(TROUBLE, &format!("{filer}/")).await
    }

    /// A text that may be kept: something is said, not too much, and nobody's data.
    fn usable(&self, text: &str, no_names: bool, nothing: &str) -> Result<String, DeskError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(DeskError::unusable(nothing));
        }
        if text.chars().count() > LONGEST_REPORT {
            let field = nothing.split(':').next().unwrap_or_default();
            return Err(DeskError::unusable(format!("{field}: use at most {LONGEST_REPORT} characters")));
        }
        let told = telling(text, london_day(self.clock.now()));
        let kept = told.iter().find(|telling| telling.is_certain || !no_names);
        match kept {
            None => Ok(text.to_owned()),
            Some(telling) => {
                let field = nothing.split(':').next().unwrap_or_default();
                Err(DeskError::unusable(format!("{field}: take out {}, and say it without", telling.what)))
            }
        }
    }
}

/// When a report is destroyed.
fn ends(trouble: &Trouble) -> i64 {
    trouble.answer.as_ref().map_or(trouble.filed + UNANSWERED, |answer| answer.at + ANSWERED)
}

fn newest_first(mut troubles: Vec<Trouble>) -> Vec<Trouble> {
    troubles.sort_by_key(|trouble| std::cmp::Reverse(trouble.filed));
    troubles
}

fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(LONGEST_FACT).collect()
}

/// The log says which report, and nothing of what it says.
fn subject(id: &str, what: &str) -> Detail {
    Detail { subject: Some(format!("report of trouble {id} {what}")), ..Detail::default() }
}

fn item_name(filer: ActorId, id: &str) -> String {
    format!("{filer}/{id}")
}
