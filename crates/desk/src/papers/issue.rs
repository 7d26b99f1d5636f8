//! Making papers: prints of records and of answers, and the part that exports share.

use super::code::{Code, Hash, KeptHash};
use super::content::{self, Section};
use super::{PAPER, Paper, PaperKind, item_name};
use crate::Desk;
use crate::door::labels_of;
use crate::error::DeskError;
use crate::find::{Answers, Wanted};
use crate::record::kind_of;
use crate::session::Session;
use law::access::{Action, Permit};
use ledger::Detail;
use model::kinds::stop_and_search;
use model::{RecordId, VersionRef};
use vault::Plain;
use vault::store::RecordStore;

/// Records that one entry of the log names.
const OF_ENTRY: usize = 500;

/// A paper that is about to be given.
pub(crate) struct NewPaper<'a> {
    /// What sort it is.
    pub kind: PaperKind,
    /// What it says, with its code in it where it is a file.
    pub contents: Contents<'a>,
    /// The versions that it shows.
    pub versions: Vec<VersionRef>,
    /// How many records, lines or entries are in it.
    pub count: u64,
}

/// What a paper says.
pub(crate) enum Contents<'a> {
    /// Section by section.
    Sections(&'a [Section]),
    /// As a file.
    File(&'a [u8]),
}

impl Contents<'_> {
    fn digests(&self, code: &Code) -> Vec<Hash> {
        match self {
            Self::Sections(sections) => content::digests(code, sections),
            Self::File(octets) => vec![code.file(octets)],
        }
    }
}

/// A paper that is in the log and in the register: now it may be given.
#[derive(Debug, Clone)]
pub struct Issued {
    /// Its code.
    pub code: Code,
    /// Leaf of its entry in the log.
    pub leaf: u64,
    /// When it was made, in microseconds since 1970.
    pub made: i64,
    /// The digests of its sections, in their order; of a file, the one of the file.
    pub parts: Vec<[u8; 32]>,
}

/// A record on paper.
#[derive(Debug)]
pub struct Printed {
    /// Its receipt.
    pub paper: Issued,
    /// What sort it is.
    pub kind: PaperKind,
    /// What it says.
    pub sections: Vec<Section>,
    /// The record.
    pub plain: Plain,
    /// Its protective marking.
    pub marking: &'static str,
    /// Whether handling conditions go with it.
    pub handling_conditions: bool,
}

/// Answers to a search on paper.
#[derive(Debug)]
pub struct PrintedAnswers {
    /// Their receipt.
    pub paper: Issued,
    /// What it says.
    pub sections: Vec<Section>,
}

impl<S: RecordStore> Desk<S> {
    /// Puts the newest version of a record on paper, for somebody who may open it. The opening and the print are
    /// both in the log before anything is given.
    ///
    /// # Errors
    /// As [`Desk::open_record`].
    pub async fn print_record(&self, who: &Session, record: RecordId) -> Result<Printed, DeskError> {
        let plain = self.open_record(who, record).await?;
        let sections = content::of_record(kind_of(plain.row())?, &plain);
        self.printed(who, plain, PaperKind::Record, sections).await
    }

    /// Puts the receipt of a stop and search on paper, for the person who was searched (PACE 1984 s.3, Code A
    /// 4.10A).
    ///
    /// # Errors
    /// As [`Desk::open_record`]; a record that is no stop and search.
    pub async fn print_stop_receipt(&self, who: &Session, record: RecordId) -> Result<Printed, DeskError> {
        let plain = self.open_record(who, record).await?;
        if plain.row().version.kind != stop_and_search::KIND.number {
            return Err(DeskError::unusable(
                "reference: only a stop and search has a receipt; print the record",
            ));
        }
        let sections = content::of_receipt(self.force_name(), &plain);
        self.printed(who, plain, PaperKind::StopReceipt, sections).await
    }

    async fn printed(
        &self,
        who: &Session,
        plain: Plain,
        kind: PaperKind,
        sections: Vec<Section>,
    ) -> Result<Printed, DeskError> {
        let version = plain.row().version;
        let labels = labels_of(plain.row())?;
        let permit = self.permit(who, Action::View, version.kind, &[]).await?;
        let contents = Contents::Sections(&sections);
        let new = NewPaper { kind, contents, versions: vec![version], count: 1 };
        let paper = self.issue_paper(&permit, Code::generate()?, new).await?;
        let marking = content::marking(&labels);
        Ok(Printed { paper, kind, sections, plain, marking, handling_conditions: labels.handling_conditions })
    }

    /// Puts answers to a search on paper. The search is entered as any other, and the print after it.
    ///
    /// # Errors
    /// As [`Desk::search`].
    pub async fn print_answers(
        &self,
        who: &Session,
        query: &str,
        wanted: Wanted,
    ) -> Result<PrintedAnswers, DeskError> {
        let answers = self.search(who, query, wanted).await?;
        let sections = content::of_answers(query, &answers);
        let permit = self.permit(who, Action::List, 0, &[]).await?;
        let new = NewPaper {
            kind: PaperKind::Answers,
            contents: Contents::Sections(&sections),
            versions: self.versions_shown(&answers).await?,
            count: answers.found.len() as u64,
        };
        let paper = self.issue_paper(&permit, Code::generate()?, new).await?;
        Ok(PrintedAnswers { paper, sections })
    }

    async fn versions_shown(&self, answers: &Answers) -> Result<Vec<VersionRef>, DeskError> {
        let records: Vec<RecordId> = answers.found.iter().map(|found| found.record).collect();
        self.versions_of(&records).await
    }

    /// Enters a paper in the log and in the register, in one transaction.
    ///
    /// # Errors
    /// Faults of log and store: then nothing of the paper may be given.
    pub(crate) async fn issue_paper(
        &self,
        permit: &Permit,
        code: Code,
        new: NewPaper<'_>,
    ) -> Result<Issued, DeskError> {
        let (made, mark, parts) = (self.clock.now(), code.mark(), new.contents.digests(&code));
        let paper = Paper {
            kind: new.kind,
            made,
            unit: permit.context().unit.clone(),
            count: new.count,
            versions: new.versions,
            parts: parts.iter().copied().map(KeptHash).collect(),
            recalled: None,
        };
        let mut tx = self.vault.store.begin().await?;
        self.keep_item(&mut tx, PAPER, &item_name(&mark), &paper).await?;
        let entries = entries(&paper, mark, code.whole(&parts), &parts);
        let entries: Vec<_> = entries.into_iter().map(|detail| (permit, detail)).collect();
        let pending = self.ledger.record_in(&mut tx, &entries).await?;
        let receipt = self.ledger.commit(tx, pending).await?;
        // The receipt is of the last entry; the first, which says what was made, stands before the others.
        let last = self.ledger.position(receipt.entry()).await?;
        let leaf = last.saturating_sub(entries.len().saturating_sub(1) as u64);
        Ok(Issued { code, leaf, made, parts })
    }
}

/// The entries of a paper: the first says that it was made, and each names some of its records.
fn entries(paper: &Paper, mark: Hash, whole: Hash, parts: &[Hash]) -> Vec<Detail> {
    let said = |about: &[VersionRef]| Detail {
        subject: Some(paper.kind.subject()),
        paper: Some(mark),
        about: about.to_vec(),
        // To whom something was disclosed is said by entries of their own.
        operation: Some("consultation"),
        ..Detail::default()
    };
    let mut chunks = paper.versions.chunks(OF_ENTRY);
    let first = Detail {
        digest: Some(whole),
        sections: parts.to_vec(),
        count: Some(paper.count),
        ..said(chunks.next().unwrap_or_default())
    };
    std::iter::once(first).chain(chunks.map(said)).collect()
}
