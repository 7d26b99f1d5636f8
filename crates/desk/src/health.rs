//! What `bluelamp doctor` says: each part looked at, what is wrong, and the mend.

use crate::clock::Clock;
use crate::clock_ahead::stood_ahead_until;
use crate::deployment::Places;
use crate::door::labels_of;
use crate::error::DeskError;
use crate::session::Session;
use crate::{Deployment, Desk};
use law::access::Act;
use ledger::{Detail, TouchFaults};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use vault::store::RecordStore;

/// One part, looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Finding {
    /// The part: `clock`, `disk`, `keys`, `store`, `ledger`, `index`, `erasures`, `glass`, `attachments`.
    pub part: &'static str,
    /// Whether it is well.
    pub well: bool,
    /// What was seen.
    pub says: String,
    /// What to do, where it is not well.
    pub mend: String,
}

impl Finding {
    fn well(part: &'static str, says: impl Into<String>) -> Self {
        Self { part, well: true, says: says.into(), mend: String::new() }
    }

    fn ill(part: &'static str, says: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { part, well: false, says: says.into(), mend: mend.into() }
    }
}

/// The newest entries whose touches are compared with what they say: all of a small log, and of a
/// large one what somebody would most want to hide.
const TOUCHES_LOOKED_AT: u64 = 1 << 18;

/// By so much clocks are set back every day, in microseconds.
const CLOCKS_DIFFER: i64 = 5_000_000;
const SET_THE_CLOCK: &str = "Set the clock of the machine, then start again. Where it is right now, and stood ahead \
                             when the entry was made: `bluelamp ledger clock-is-right`. Until then nothing starts \
                             anew before that moment has come.";

/// Space below which a deployment is in danger of stopping.
const LITTLE_SPACE: u64 = 1 << 30;

/// Looks at a deployment from outside in. Opening it already checks most parts; what does not open
/// is reported with its own words.
pub async fn examine(root: &Path, clock: Arc<dyn Clock>) -> Vec<Finding> {
    let places = match Places::read(root) {
        Ok(places) => places,
        Err(error) => {
            return vec![Finding::ill("folder", error.to_string(), "Name the right folder with --data.")];
        }
    };
    let mut findings =
        vec![Finding::well("folder", format!("{}: {}", root.display(), places.settings().name))];
    findings.push(disk(root));
    match Deployment::open(root, clock).await {
        Ok(deployment) => {
            findings.extend(deployment.desk.examine().await);
            if let Err(error) = deployment.close().await {
                findings.push(part_of(&error));
            }
        }
        Err(error) => findings.push(part_of(&error)),
    }
    findings
}

/// Which part an error is of. Its text says what is wrong and what to do.
fn part_of(error: &DeskError) -> Finding {
    let part = match error {
        DeskError::Index(_) => "index",
        DeskError::Keys(_)
        | DeskError::Provider(_)
        | DeskError::Ledger(ledger::LedgerError::KeyMissing(_) | ledger::LedgerError::Key(_))
        | DeskError::Vault(vault::VaultError::KeystoreOlder { .. }) => "keys",
        DeskError::Ledger(ledger::LedgerError::ClockWentBack { .. }) => "clock",
        DeskError::Ledger(_) | DeskError::Restored { .. } => "ledger",
        DeskError::Store(_) | DeskError::Vault(_) => "store",
        _ => "folder",
    };
    if let DeskError::Restored { .. } = error {
        let mend = "Put the newest records.sqlite in place, or begin a new generation of the log before anything \
                    else, and tell the overseer: `bluelamp ledger begin-generation --help`.";
        return Finding::ill(part, error.to_string(), mend);
    }
    let mend = match part {
        "index" => "Run `bluelamp rebuild-index`; the records are the source, and nothing of them is lost.",
        "keys" => "Put keystore and key provider that belong together in place, the newest of both.",
        "clock" => SET_THE_CLOCK,
        _ => "Do what the message says; if it stays, restore the newest backup and tell the overseer.",
    };
    Finding::ill(part, error.to_string(), mend)
}

fn disk(root: &Path) -> Finding {
    match fs4::available_space(root) {
        Ok(free) if free < LITTLE_SPACE => Finding::ill(
            "disk",
            format!("{} MiB are free", free >> 20),
            "Make room: while the log cannot write, nobody can read.",
        ),
        Ok(free) => Finding::well("disk", format!("{} MiB are free", free >> 20)),
        Err(error) => Finding::ill(
            "disk",
            format!("the free space cannot be read: {error}"),
            "Look at the file system.",
        ),
    }
}

/// Looks at a deployment that is open.
pub async fn examine_open<S: RecordStore>(desk: &Desk<S>) -> Vec<Finding> {
    desk.examine().await
}

impl<S: RecordStore> Desk<S> {
    /// Looks at a deployment that is open, for somebody who looks after it.
    ///
    /// # Errors
    /// A refusal.
    pub async fn health(&self, who: &Session) -> Result<Vec<Finding>, DeskError> {
        let permit = self.permit_act(who, Act::Maintain).await?;
        let detail = Detail { subject: Some("health".into()), ..Detail::default() };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        let mut findings = vec![disk(self.places.root())];
        findings.extend(self.examine().await);
        Ok(findings)
    }

    async fn examine(&self) -> Vec<Finding> {
        let parts = [
            self.clock_finding().await,
            self.keys_finding().await,
            self.store_finding().await,
            self.ledger_finding().await,
            self.index_finding().await,
            self.erasure_finding().await,
            self.glass_finding().await,
            self.attachment_finding().await,
        ];
        parts.into_iter().map(|finding| finding.unwrap_or_else(|error| part_of(&error))).collect()
    }

    async fn clock_finding(&self) -> Result<Finding, DeskError> {
        let (last, now) = (self.ledger.head().last_time, self.clock.now());
        let behind = last.saturating_sub(now);
        if behind <= CLOCKS_DIFFER {
            return Ok(Finding::well("clock", "not behind the log"));
        }
        let says = format!("the clock stands {} s before the newest entry of the log", behind / 1_000_000);
        Ok(match last <= stood_ahead_until(&*self.vault.store, now).await? {
            true => Finding::well(
                "clock",
                format!("{says}, which a clock made that stood ahead, as was declared"),
            ),
            false => Finding::ill("clock", says, SET_THE_CLOCK),
        })
    }

    async fn keys_finding(&self) -> Result<Finding, DeskError> {
        let epoch = self.vault.keys.epoch().await?;
        let escrows = self.provider.escrows()?;
        let stale: Vec<String> = escrows
            .iter()
            .filter(|escrow| escrow.confirmed < epoch)
            .map(|escrow| escrow.name.clone())
            .collect();
        if stale.is_empty() {
            return Ok(Finding::well(
                "keys",
                format!("epoch {epoch}, {} escrow copies, all of this epoch", escrows.len()),
            ));
        }
        Ok(Finding::ill(
            "keys",
            format!("epoch {epoch}; escrow copies of an older epoch: {}", stale.join(", ")),
            "Bring the place of each copy back within reach and run `bluelamp keys turn`.",
        ))
    }

    async fn store_finding(&self) -> Result<Finding, DeskError> {
        let faults = self.vault.store.check().await?;
        Ok(match faults.first() {
            None => Finding::well("store", "whole"),
            Some(first) => Finding::ill(
                "store",
                format!("{} fault(s), the first: {first}", faults.len()),
                "Restore the newest backup, begin a new generation of the log, and tell the overseer.",
            ),
        })
    }

    async fn ledger_finding(&self) -> Result<Finding, DeskError> {
        let head = self.ledger.settle().await?;
        let root = self.ledger.root(head.size).await?;
        if root != head.root {
            return Ok(Finding::ill(
                "ledger",
                format!("the tiles of the tree do not give its root at {} entries", head.size),
                "Export the log and run `bluelamp-verify`: it names the first leaf that is wrong.",
            ));
        }
        let from = head.size.saturating_sub(TOUCHES_LOOKED_AT);
        let receipt = self.ledger.record_machine("doctor: touches", &[], self.clock.now()).await?;
        let faults = self.ledger.check_touches(from, head.size, &receipt).await?;
        if faults != TouchFaults::default() {
            return Ok(Finding::ill(
                "ledger",
                format!(
                    "the list of who touched what is not what entries {from} to {} say: {} rows are missing or \
                     altered, {} speak of nothing",
                    head.size - 1,
                    faults.missing,
                    faults.invented
                ),
                "The entries themselves stand: export the log and run `bluelamp-verify`. Tell the overseer that \
                 somebody altered the store, and restore the table from the newest backup.",
            ));
        }
        Ok(Finding::well(
            "ledger",
            format!(
                "{} entries in generation {}, root and tiles agree, touches agree from entry {from}",
                head.size, head.generation
            ),
        ))
    }

    /// Drift: the newest versions of the store against what the index holds.
    async fn index_finding(&self) -> Result<Finding, DeskError> {
        self.catch_up().await?;
        let mut indexed = HashMap::new();
        let mut held = self.index.check();
        while let Some(batch) = held.recv().await {
            indexed.extend(batch?.into_iter().map(|version| (version.record, version.version)));
        }
        let (mut missing, mut records, mut closed, mut after) = (0u64, 0u64, 0u64, None);
        loop {
            let rows = self.vault.store.versions_after(after, 1024).await?;
            let Some(last) = rows.last().map(|row| row.version.version) else { break };
            after = Some(last);
            let ids: Vec<_> = rows.iter().map(|row| row.version.record).collect();
            for head in self.vault.store.heads(&ids).await? {
                if !rows.iter().any(|row| row.version == head.version) {
                    continue;
                }
                labels_of(&head)?;
                records += 1;
                if indexed.remove(&head.version.record) != Some(head.version.version) {
                    match self.opens(head).await? {
                        true => missing += 1,
                        false => closed += 1,
                    }
                }
            }
        }
        if closed > 0 {
            return Ok(Finding::ill(
                "store",
                format!(
                    "{closed} of {records} bodies do not open: their keys were shredded, or they were altered"
                ),
                "Export the log and run `bluelamp-verify`: it names each version that was altered. Bodies that an \
                 older copy of the database brought back after their erasure stay closed for ever.",
            ));
        }
        let stray = indexed.len();
        if missing == 0 && stray == 0 {
            let position =
                self.index.position().map_or_else(|| "nothing yet".to_owned(), |leaf| format!("leaf {leaf}"));
            return Ok(Finding::well(
                "index",
                format!("{records} records, no drift, built up to {position}"),
            ));
        }
        Ok(Finding::ill(
            "index",
            format!(
                "drift: {missing} of {records} records are missing or old in it, {stray} are in it alone"
            ),
            "Run `bluelamp rebuild-index`; the records are the source, and nothing of them is lost.",
        ))
    }

    async fn opens(&self, head: vault::VersionRow) -> Result<bool, DeskError> {
        let version = head.version;
        let receipt = self.ledger.record_machine("doctor", &[version], self.clock.now()).await?;
        let sealed = self.vault.with_keys(vec![head]).await?;
        Ok(sealed.into_iter().all(|sealed| sealed.work(&receipt).is_ok()))
    }

    async fn attachment_finding(&self) -> Result<Finding, DeskError> {
        let (waiting, found) = self.quarantined().await?;
        let says = format!("{waiting} wait for the scanner, malware was found in {found}");
        Ok(match waiting {
            0 => Finding::well("attachments", says),
            _ => Finding::ill(
                "attachments",
                says,
                "See that the scanner named in deployment.toml runs, then `bluelamp attachment search`.",
            ),
        })
    }

    async fn glass_finding(&self) -> Result<Finding, DeskError> {
        let figures = self.glass_figures().await?;
        let says = format!(
            "broken {} time(s), {} wait for their review, {} of them beyond 24 hours",
            figures.broken, figures.waiting, figures.overdue
        );
        Ok(match figures.overdue {
            0 => Finding::well("glass", says),
            _ => Finding::ill("glass", says, "Have a supervisor review them: `bluelamp break-glass list`."),
        })
    }

    async fn erasure_finding(&self) -> Result<Finding, DeskError> {
        let jobs = self.unfinished_erasures().await?;
        let waiting: Vec<String> =
            jobs.iter().map(|job| format!("{} ({})", job.id, job.state.word())).collect();
        let begun = jobs.iter().any(|job| {
            !matches!(job.state, crate::erasure::State::Planned | crate::erasure::State::Approved)
        });
        Ok(match (waiting.is_empty(), begun) {
            (true, _) => Finding::well("erasures", "none is waiting"),
            (false, false) => Finding::well("erasures", format!("waiting: {}", waiting.join(", "))),
            (false, true) => Finding::ill(
                "erasures",
                format!("cut off in the middle: {}", waiting.join(", ")),
                "Run `bluelamp erase run` for each: it goes on where it was cut off.",
            ),
        })
    }
}
