//! How a deployment stands, in figures: for those who watch over the machines. No record, no person and no
//! query is in them, so no receipt is needed and nothing is entered.

use crate::Desk;
use crate::error::DeskError;
use std::collections::BTreeMap;
use std::time::Duration;
use vault::store::RecordStore;

/// Changes that are counted where the index does not follow; more are said as so many.
const MOST_COUNTED: u32 = 10_000;

/// How a deployment stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Whether the log takes entries: where not, nobody reads.
    pub writes: bool,
    /// Entries of the log.
    pub entries: u64,
    /// Entries that the newest signed checkpoint speaks of.
    pub signed: u64,
    /// Time since this process signed a checkpoint; `None` before the first.
    pub since_checkpoint: Option<Duration>,
    /// Changes that the search index has not got, up to 10,000.
    pub index_behind: u64,
    /// Octets of the records and the log in the database.
    pub octets: u64,
    /// Octets that are free on the disk of the deployment's folder.
    pub octets_free: u64,
    /// Sessions that are open.
    pub sessions: u64,
    /// Erasures that are planned, approved or at work.
    pub erasures: u64,
    /// Files of records that wait for the scanner for malware.
    pub files_waiting: u64,
    /// Files of records in which malware was found.
    pub files_infected: u64,
    /// How often each event was told to the program's log since this process began.
    pub events: BTreeMap<&'static str, u64>,
}

impl<S: RecordStore> Desk<S> {
    /// How the deployment stands.
    ///
    /// # Errors
    /// Faults of the store and of the disk.
    pub async fn standing(&self) -> Result<Standing, DeskError> {
        let (head, now) = (self.ledger.head(), self.clock.now());
        let (files_waiting, files_infected) = self.quarantined().await?;
        let root = self.places.root();
        Ok(Standing {
            writes: self.ledger.check_running().is_ok(),
            entries: head.size,
            signed: head.checkpoint_size,
            since_checkpoint: self.ledger.since_checkpoint(),
            index_behind: self.ledger.feed(self.index.applied(), MOST_COUNTED).await?.len() as u64,
            octets: self.vault.store.octets().await?,
            octets_free: fs4::available_space(root)
                .map_err(|source| DeskError::File { path: root.to_owned(), source })?,
            sessions: self.vault.store.count_sessions(now, now - self.sign_in_limits().idle()).await?,
            erasures: self.unfinished_erasures().await?.len() as u64,
            files_waiting,
            files_infected,
            events: self.ledger.tally(),
        })
    }

    /// Says whether anybody can be served now: the log takes entries and the store answers.
    ///
    /// # Errors
    /// What stands in the way.
    pub async fn check_ready(&self) -> Result<(), DeskError> {
        self.ledger.check_running()?;
        self.vault.store.mark().await?;
        Ok(())
    }
}
