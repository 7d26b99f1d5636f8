//! Whether a paper is genuine, for whoever holds it: no sign-in, and not a word of what it says.

use super::code::{Code, CodeUnread, Hash, beside, beside_as_typed};
use super::{Paper, PaperKind};
use crate::Desk;
use crate::error::DeskError;
use model::{RecordId, VersionRef};
use std::collections::BTreeMap;
use vault::store::RecordStore;

/// What is said of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The force made this paper, and it counts.
    Genuine,
    /// The force made it, and what it shows has a later version.
    Superseded,
    /// The force made it, and it counts no longer: somebody recalled it.
    Recalled,
    /// The force made it, and it counts no longer: what it says was erased by law.
    Erased,
    /// The force made no such paper.
    Unknown,
}

impl Standing {
    /// The word for people and for JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Genuine => "genuine",
            Self::Superseded => "superseded",
            Self::Recalled => "recalled",
            Self::Erased => "recalled-because-erased",
            Self::Unknown => "unknown",
        }
    }
}

/// What came of comparing what somebody brought with what was printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement {
    /// Nothing was brought.
    NotCompared,
    /// It is to the letter what was printed.
    Same,
    /// It is not what was printed.
    Altered,
}

impl Agreement {
    /// The word for people and for JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotCompared => "not-compared",
            Self::Same => "same",
            Self::Altered => "altered",
        }
    }
}

/// What somebody brings of a paper.
#[derive(Debug, Clone, Copy)]
pub enum Brought<'a> {
    /// Its code alone.
    Nothing,
    /// The words of a section, by its number from 1.
    Section(u16, &'a str),
    /// The four symbols that stand beside a section.
    Beside(u16, &'a str),
    /// The file.
    File(&'a [u8]),
}

/// What is known of a paper that there is: nothing of what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// What sort it is.
    pub kind: PaperKind,
    /// When it was made, in microseconds since 1970.
    pub made: i64,
    /// By which unit, where that was known.
    pub unit: Option<String>,
    /// How many records, lines or entries are in it.
    pub count: u64,
    /// How many sections it has.
    pub sections: usize,
    /// When it was recalled.
    pub recalled: Option<i64>,
}

impl About {
    pub(super) fn of(paper: &Paper) -> Self {
        Self {
            kind: paper.kind,
            made: paper.made,
            unit: paper.unit.clone(),
            count: paper.count,
            sections: if paper.kind.is_file() { 0 } else { paper.parts.len() },
            recalled: paper.recalled.as_ref().map(|recall| recall.at),
        }
    }
}

/// The answer to whoever holds a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What it is.
    pub standing: Standing,
    /// Whether what was brought of it is what was printed.
    pub agreement: Agreement,
    /// What is known of it; nothing where it is unknown.
    pub about: Option<About>,
}

const UNKNOWN: Checked =
    Checked { standing: Standing::Unknown, agreement: Agreement::NotCompared, about: None };

impl<S: RecordStore> Desk<S> {
    /// Says what a paper is, by its code. Each attempt is an entry of the log, whatever comes of it.
    ///
    /// # Errors
    /// A text that is no code: that tells nothing of what papers there are.
    pub async fn check_paper(&self, code: &str, brought: Brought<'_>) -> Result<Checked, DeskError> {
        let code = Code::read(code).map_err(|error: CodeUnread| DeskError::unusable(error.to_string()))?;
        let _entered =
            self.ledger.record_machine("a paper is checked by its code", &[], self.clock.now()).await?;
        let Some(paper) = self.paper(&code.mark()).await? else { return Ok(UNKNOWN) };
        Ok(Checked {
            standing: self.standing_of(&paper).await?,
            agreement: agreement(&code, &paper, brought),
            about: Some(About::of(&paper)),
        })
    }

    pub(super) async fn standing_of(&self, paper: &Paper) -> Result<Standing, DeskError> {
        match &paper.recalled {
            Some(recall) if recall.erased => return Ok(Standing::Erased),
            Some(_) => return Ok(Standing::Recalled),
            None => {}
        }
        let records: Vec<RecordId> = paper.versions.iter().map(|version| version.record).collect();
        let heads = self.versions_of(&records).await?;
        let heads: BTreeMap<RecordId, VersionRef> =
            heads.into_iter().map(|version| (version.record, version)).collect();
        let of = |version: &VersionRef| heads.get(&version.record);
        if paper.versions.iter().any(|version| of(version).is_none()) {
            return Ok(Standing::Erased);
        }
        let is_newest = |version: &VersionRef| of(version) == Some(version);
        Ok(if paper.versions.iter().all(is_newest) { Standing::Genuine } else { Standing::Superseded })
    }
}

fn agreement(code: &Code, paper: &Paper, brought: Brought<'_>) -> Agreement {
    let held = |number: u16| paper.parts.get(usize::from(number).wrapping_sub(1)).map(|part| part.0);
    let same = |digest: Hash, number: u16| held(number) == Some(digest);
    let is_same = match brought {
        Brought::Nothing => return Agreement::NotCompared,
        Brought::File(octets) => paper.kind.is_file() && same(code.file(octets), 1),
        Brought::Section(number, words) => !paper.kind.is_file() && same(code.section(number, words), number),
        Brought::Beside(number, typed) => {
            held(number).is_some_and(|part| beside(&part) == beside_as_typed(typed))
        }
    };
    if is_same { Agreement::Same } else { Agreement::Altered }
}
