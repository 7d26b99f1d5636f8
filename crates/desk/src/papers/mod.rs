//! Papers: every print and export carries a code, by which anybody can tell whether it is genuine, unaltered,
//! superseded or recalled, at a page and offline (docs/adr/0017-papers-carry-receipts.md).
//!
//! A paper is made once what it says was opened under an entry of its own: its code is drawn, what it says is put
//! together, and an entry with the digests, and a row in the register, commit together before anything of it is
//! given ([`issue`]). Whoever holds it asks by its code ([`check`]); whoever may disclose lists and recalls
//! ([`recall`]).
//!
//! **What the register and the log hold of a paper tells nothing of what it says**, also after what it says was
//! erased: every digest is keyed by the code, which is 75 bits of chance, stands on the paper alone and is kept
//! nowhere. Whoever has the database, the keys and the log, and guesses what an erased record said, cannot test the
//! guess; whoever has the code has the paper, and needs no guess. The register names records by their identities
//! only, and an erasure takes those out of it.
//!
//! **To give something more out on paper:** add a [`PaperKind`], and in its use case draw a [`Code`], put together
//! what goes with the code in it, and call [`Desk::issue_paper`] before giving it.

mod check;
mod code;
mod content;
mod issue;
mod recall;

pub use check::{About, Agreement, Brought, Checked, Standing};
pub use code::{Code, CodeUnread, as_compared, beside};
pub use content::Section;
pub(crate) use issue::{Contents, NewPaper};
pub use issue::{Issued, Printed, PrintedAnswers};
pub(crate) use recall::mark_of;
pub use recall::{Registered, Which};

use crate::Desk;
use crate::error::DeskError;
use code::{Hash, KeptHash};
use model::VersionRef;
use serde::{Deserialize, Serialize};
use vault::store::RecordStore;

/// Area of the register.
const PAPER: &str = "paper";
/// What the log says of an entry that recalls.
const RECALLED: &str = "paper recalled";

/// What sort of paper it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaperKind {
    /// A record, printed.
    Record,
    /// The receipt that somebody who was searched takes away.
    StopReceipt,
    /// Answers to a search, printed.
    Answers,
    /// Answers to a search, disclosed to somebody outside.
    Disclosure,
    /// What came of a list of names.
    ListReport,
    /// The log, exported.
    LogExport,
}

impl PaperKind {
    /// In words that tell nothing of what it says.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Record => "print of a record",
            Self::StopReceipt => "receipt of a stop and search",
            Self::Answers => "print of answers to a search",
            Self::Disclosure => "disclosure of answers to a search",
            Self::ListReport => "report on a list",
            Self::LogExport => "export of the log",
        }
    }

    /// Whether it is a file, and no sections that somebody could type.
    #[must_use]
    pub const fn is_file(self) -> bool {
        matches!(self, Self::Disclosure | Self::ListReport | Self::LogExport)
    }

    fn subject(self) -> String {
        format!("paper: {}", self.words())
    }
}

/// Why a paper counts no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Recall {
    at: i64,
    /// The words of whoever recalled it; they may name somebody, and are not shown to whoever checks a code.
    reason: String,
    /// Whether it was recalled because what it says was erased.
    erased: bool,
}

/// A paper as the register keeps it, sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Paper {
    kind: PaperKind,
    made: i64,
    unit: Option<String>,
    count: u64,
    /// The versions that it shows, but for those that were erased since.
    versions: Vec<VersionRef>,
    /// Digests of its sections, or of the file.
    parts: Vec<KeptHash>,
    recalled: Option<Recall>,
}

/// The name of a paper in the register.
fn item_name(mark: &Hash) -> String {
    hex::encode(mark)
}

impl<S: RecordStore> Desk<S> {
    /// What the force is called, for whoever holds a paper of it.
    #[must_use]
    pub fn force_name(&self) -> &str {
        &self.places.settings().name
    }

    async fn paper(&self, mark: &Hash) -> Result<Option<Paper>, DeskError> {
        self.kept(PAPER, &item_name(mark)).await
    }
}
