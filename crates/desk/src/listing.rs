//! Lists: the records of a kind, newest first, by page. The access rule stands inside the statement, the
//! decision is made again on the labels that came back, and a line shown is a consultation of its record
//! (DPA 2018 s.62(1)(c)).

use crate::Desk;
use crate::door::labels_of;
use crate::error::DeskError;
use crate::find::{line_of, reference_of_row};
use crate::record::parsed;
use crate::session::Session;
use law::access::{Action, Filter, Target};
use ledger::Detail;
use model::{Kind, Labels, RecordId};
use schemars::JsonSchema;
use serde::Serialize;
use vault::Sealed;
use vault::store::RecordStore;

/// The longest page.
pub const MOST_LISTED: u32 = 200;

/// A page of the records of a kind.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Listed {
    /// Name of the kind.
    pub kind: &'static str,
    /// Its records, newest first.
    pub records: Vec<Line>,
    /// Where there are older ones: the reference before which the next page begins.
    pub next: Option<String>,
}

/// One record of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Line {
    /// The record.
    #[serde(skip)]
    pub record: RecordId,
    /// Its reference.
    #[serde(rename = "ref")]
    pub reference: String,
    /// One line to recognise it by.
    pub name: String,
}

impl<S: RecordStore> Desk<S> {
    /// The records of a kind that this person may read, newest first: those before a reference, or from
    /// the newest on. What they may not read is neither shown nor counted, and no page is shorter for it.
    ///
    /// # Errors
    /// A refusal where their roles see no record of the kind; a reference of another kind; a `limit` of 0
    /// or above [`MOST_LISTED`].
    pub async fn records_of(
        &self,
        who: &Session,
        kind: &'static Kind,
        before: Option<&str>,
        limit: u32,
    ) -> Result<Listed, DeskError> {
        let _seen = self.permit(who, Action::View, kind.number, &[]).await?;
        if limit == 0 || limit > MOST_LISTED {
            return Err(DeskError::unusable(format!("limit: a page has 1 to {MOST_LISTED} records")));
        }
        let below = before.map(|before| number_of(kind, before)).transpose()?;
        let allowed = Filter::may_read(&self.matrix(), &who.at(self.clock.now()), Action::List);
        // One more than is shown tells whether there is a next page.
        let mut page = self.vault.newest(kind.number, &allowed, below, limit + 1).await?;
        let more = page.len() > limit as usize;
        page.truncate(limit as usize);
        let next = page.last().filter(|_| more).map(|last| reference_of_row(last.row()));
        let records = self.consulted(who, kind, before, page).await?;
        Ok(Listed { kind: kind.name, records, next })
    }

    /// Enters a page as a consultation of each record on it, and opens them.
    async fn consulted(
        &self,
        who: &Session,
        kind: &Kind,
        before: Option<&str>,
        page: Vec<Sealed>,
    ) -> Result<Vec<Line>, DeskError> {
        let labels: Vec<Labels> =
            page.iter().map(|sealed| labels_of(sealed.row())).collect::<Result<_, _>>()?;
        let targets = page.iter().zip(&labels);
        let targets: Vec<Target<'_>> =
            targets.map(|(sealed, labels)| Target { version: sealed.version(), labels }).collect();
        let permit = self.permit(who, Action::List, kind.number, &targets).await?;
        let results = Some(page.len() as u64);
        let detail = Detail { query: Some(asked(kind, before)), results, ..Detail::default() };
        let receipt = self.ledger.record(vec![(permit, detail)]).await?;
        let mut lines = Vec::with_capacity(page.len());
        for sealed in page {
            let (record, reference) = (sealed.version().record, reference_of_row(sealed.row()));
            let name = line_of(sealed, &receipt)?;
            lines.extend(name.map(|name| Line { record, reference, name }));
        }
        Ok(lines)
    }
}

/// The number of a reference of this kind.
fn number_of(kind: &Kind, reference: &str) -> Result<u64, DeskError> {
    let (other, number) = parsed(reference)?;
    if other.number == kind.number {
        return Ok(number);
    }
    Err(DeskError::unusable(format!(
        "before: {} is of kind {}; name a reference of kind {}, as the page before this one gave it",
        reference.trim(),
        other.name,
        kind.name
    )))
}

/// A list as the log keeps what was asked.
fn asked(kind: &Kind, before: Option<&str>) -> String {
    match before {
        Some(before) => format!("list {} before {}", kind.name, before.trim()),
        None => format!("list {}", kind.name),
    }
}
