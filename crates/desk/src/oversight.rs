//! The log itself: checkpoint, proof, export for the overseer, who touched a record.

use crate::Desk;
use crate::clock::{id_at, moment_text};
use crate::error::DeskError;
use crate::papers::{Code, Contents, NewPaper, PaperKind};
use crate::restored;
use crate::session::Session;
use law::access::{Act, Permit, decide_act};
use ledger::export::VersionsWriter;
use ledger::store::{Head, Touch};
use ledger::{Begun, Detail, Opening, tags};
use model::{RecordId, VersionId};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::HashSet;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use vault::store::RecordStore;

/// Area of the exports that were made.
const EXPORT: &str = "export";

/// Proof that one entry stands in the log.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Proof {
    /// The leaf.
    pub leaf: u64,
    /// Leaves of the tree that the proof speaks of.
    pub size: u64,
    /// Hash of the leaf.
    pub leaf_hash: String,
    /// The hashes from the leaf up to the root (RFC 6962 §2.1.1).
    pub proof: Vec<String>,
    /// The root.
    pub root: String,
    /// The signed checkpoint of that size.
    pub checkpoint: String,
}

/// One entry about a record, as a reader of the log sees it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Trace {
    /// The leaf.
    pub leaf: u64,
    /// When.
    pub time: String,
    /// What was done.
    pub operation: String,
    /// By whom.
    pub actor: String,
    /// What for.
    pub purpose: Option<String>,
    /// The query, where it was a search.
    pub query: Option<String>,
    /// What an act was about in words: “erasure E-1 of SS-0000017-T approved”.
    pub subject: Option<String>,
    /// Why: the ground of an erasure, a hold or a refusal.
    pub ground: Option<String>,
}

/// Some of those who touched a record, newest first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Touched {
    /// By entry.
    pub touches: Vec<Trace>,
    /// Where there are earlier ones: they are before this leaf.
    pub before: Option<u64>,
}

/// Touches that one answer shows at most, and that one reading of the store takes.
const TOUCHES_SHOWN: u32 = 1000;
const TOUCHES_READ: u32 = 8192;

/// What an export holds.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Exported {
    /// Leaves.
    pub entries: u64,
    /// Versions of records.
    pub versions: u64,
    /// The verifier key.
    pub vkey: String,
    /// The signed checkpoint.
    pub checkpoint: String,
    /// The code of the export as a paper, for the letter that goes with it: its file is `checkpoint`.
    pub paper: String,
}

impl<S: RecordStore> Desk<S> {
    /// How many entries the log has.
    #[must_use]
    pub fn log_size(&self) -> u64 {
        self.ledger.head().size
    }

    /// The newest signed checkpoint, for an overseer to keep.
    ///
    /// # Errors
    /// A refusal, or faults of the log.
    pub async fn checkpoint(&self, who: &Session) -> Result<String, DeskError> {
        let permit = self.permit_act(who, Act::Checkpoint).await?;
        let _receipt = self.ledger.record(vec![(permit, Detail::default())]).await?;
        let checkpoint = self.ledger.settle().await?.checkpoint;
        self.remember_checkpoint(&checkpoint)?;
        Ok(checkpoint)
    }

    /// Proof that a leaf stands in the log.
    ///
    /// # Errors
    /// A refusal, or a leaf that is not there.
    pub async fn proof(&self, who: &Session, leaf: u64) -> Result<Proof, DeskError> {
        let permit = self.permit_act(who, Act::Checkpoint).await?;
        let detail = Detail { subject: Some(format!("proof of leaf {leaf}")), ..Detail::default() };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        let head = self.ledger.settle().await?;
        let proof = self.ledger.inclusion_proof(leaf, head.size).await?;
        Ok(Proof {
            leaf,
            size: head.size,
            leaf_hash: hex::encode(self.ledger.leaf_hash(leaf).await?),
            proof: proof.iter().map(hex::encode).collect(),
            root: hex::encode(head.root),
            checkpoint: head.checkpoint,
        })
    }

    /// Who touched a record, newest first: only for the purposes of DPA 2018 s.62(4). Of an erased
    /// record too: its touches stay as long as the entries do.
    ///
    /// # Errors
    /// A refusal, or faults of the log.
    pub async fn who_touched(
        &self,
        who: &Session,
        reference: &str,
        before: Option<u64>,
    ) -> Result<Touched, DeskError> {
        let permit = self.permit_act(who, Act::ReadLog).await?;
        let detail =
            Detail { subject: Some(format!("who touched {}", reference.trim())), ..Detail::default() };
        let receipt = self.ledger.record(vec![(permit, detail)]).await?;
        let record = match self.find_reference(reference).await? {
            Some(record) => record,
            None => self.erased_record(reference).await?.ok_or(DeskError::NotFound)?,
        };
        self.ledger.settle().await?;
        let before = before.unwrap_or(u64::MAX);
        let found = self.vault.store.touches_of_record(record, before, TOUCHES_SHOWN + 1).await?;
        let (shown, more) = found.split_at(found.len().min(TOUCHES_SHOWN as usize));
        let mut touches = Vec::with_capacity(shown.len());
        for touch in shown {
            let payload = self.ledger.payload(touch.leaf, &receipt).await?;
            touches.push(trace(touch, payload.as_ref()));
        }
        let before = if more.is_empty() { None } else { shown.last().map(|touch| touch.leaf) };
        Ok(Touched { touches, before })
    }

    /// All plain touches of a record, newest first.
    pub(crate) async fn all_touches_of(&self, record: RecordId) -> Result<Vec<Touch>, DeskError> {
        let mut all: Vec<Touch> = Vec::new();
        loop {
            let before = all.last().map_or(u64::MAX, |touch| touch.leaf);
            let found = self.vault.store.touches_of_record(record, before, TOUCHES_READ).await?;
            if found.is_empty() {
                return Ok(all);
            }
            all.extend(found);
        }
    }

    /// Destroys what an entry says, or one field of it. The entry stays, and the log verifies.
    ///
    /// # Errors
    /// A refusal; an unknown field; a field on which other absences rest.
    pub async fn erase_log_entry(
        &self,
        who: &Session,
        leaf: u64,
        field: Option<&str>,
        ground: &str,
    ) -> Result<u64, DeskError> {
        let permit = self.permit_act(who, Act::EraseLog).await?;
        if ground.trim().is_empty() {
            return Err(DeskError::unusable(
                "ground: name the ground in law, for instance “DPA 2018 s.47(1)(a)”",
            ));
        }
        let tag = match field {
            None => 0,
            Some(name) => tags::erasable(name).ok_or_else(|| {
                DeskError::unusable(format!(
                    "field: there is no “{name}”; choose of {}",
                    tags::erasable_names()
                ))
            })?,
        };
        let _alone = self.upkeep.lock().await;
        let authorised = self.ledger.erase_payload(leaf, tag, &permit, ground.trim()).await?;
        self.clean_files().await?;
        Ok(authorised)
    }

    /// Whether somebody may export the log, before anything is looked at for them.
    ///
    /// # Errors
    /// A refusal.
    pub async fn check_may_export(&self, who: &Session) -> Result<(), DeskError> {
        let _permit = self.permit_act(who, Act::ExportLog).await?;
        Ok(())
    }

    /// Writes the log to a folder for somebody outside, who verifies it with `bluelamp-verify`.
    ///
    /// # Errors
    /// A refusal; a folder that is not empty; faults of log, vault and disk.
    pub async fn export_log(
        &self,
        who: &Session,
        dir: &Path,
        recipient: &str,
    ) -> Result<Exported, DeskError> {
        let permit = self.permit_act(who, Act::ExportLog).await?;
        let fault = |source| DeskError::File { path: dir.to_owned(), source };
        // What queries and purposes say stands in clear in an export: it is for this user alone.
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(fault)?;
        if std::fs::read_dir(dir).map_err(fault)?.next().is_some() {
            return Err(DeskError::unusable(format!(
                "{}: the folder is not empty; name a new one",
                dir.display()
            )));
        }
        let _alone = self.upkeep.lock().await;
        let detail = Detail {
            recipients: vec![recipient.to_owned()],
            subject: Some("export of the log".into()),
            ..Detail::default()
        };
        let now = self.clock.now();
        let given = format!("{recipient}, {}", moment_text(now));
        let mut tx = self.vault.store.begin().await?;
        self.vault.store.put_setting(&mut tx, EXPORT, &id_at(now).to_string(), &given).await?;
        let pending = self.ledger.record_in(&mut tx, &[(&permit, detail)]).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        let written = self.write_export(dir, &permit).await;
        if written.is_err() {
            // Half an export would be judged as if it were the log; the first error is the one to tell.
            let _ = std::fs::remove_dir_all(dir);
        }
        written
    }

    async fn write_export(&self, dir: &Path, permit: &Permit) -> Result<Exported, DeskError> {
        let head = self.ledger.export(dir).await?;
        let versions = self.export_versions(dir, &head).await?;
        self.remember_checkpoint(&head.checkpoint)?;
        // The export holds the entries before it was made, and so not that of its own paper.
        let paper = NewPaper {
            kind: PaperKind::LogExport,
            contents: Contents::File(head.checkpoint.as_bytes()),
            versions: Vec::new(),
            count: head.size,
        };
        let paper = self.issue_paper(permit, Code::generate()?, paper).await?;
        Ok(Exported {
            entries: head.size,
            versions,
            vkey: self.ledger.verifier_key(),
            checkpoint: head.checkpoint,
            paper: paper.code.to_string(),
        })
    }

    /// Exports of the log that were made: to whom, and when.
    pub(crate) async fn exports(&self) -> Result<Vec<String>, DeskError> {
        Ok(self.vault.store.settings(EXPORT).await?.into_iter().map(|(_, given)| given).collect())
    }

    /// Begins a new generation of the log after an older database was restored, for whoever the
    /// token proves. The generation's entry must be the first after the copy, so the log-in follows
    /// it; a refusal enters nothing.
    ///
    /// # Errors
    /// A token that proves nobody; a refusal; a checkpoint that is not of this log.
    pub async fn begin_generation(
        &self,
        token: &str,
        purpose: &str,
        outside: &[String],
        ground: &str,
    ) -> Result<Begun, DeskError> {
        let who = self.proved_by(token).await?;
        let who = who.ok_or_else(|| DeskError::unusable("the token proves nobody"))?.for_purpose(purpose);
        let context = who.at(self.clock.now());
        let permit = decide_act(&self.matrix(), &context, Act::Maintain)
            .map_err(|refusal| DeskError::Refused(Box::new(refusal)))?;
        if ground.trim().is_empty() {
            return Err(DeskError::unusable("ground: say why an older database was restored"));
        }
        // What this deployment itself remembers counts like what somebody outside holds.
        let remembered = restored::not_continued(&self.ledger, &self.places).await?;
        let known: Vec<String> = outside.iter().cloned().chain(remembered).collect();
        let begun = self.ledger.begin_generation(&permit, &known, ground.trim()).await?;
        self.ledger.record_log_in(Some(&context), context.at).await?;
        Ok(begun)
    }

    async fn export_versions(&self, dir: &Path, head: &Head) -> Result<u64, DeskError> {
        let mut writer = VersionsWriter::new(dir, &self.places.settings().log, head);
        let (mut count, mut after) = (0, None);
        let mut later = Later { versions: HashSet::new(), read: head.size.checked_sub(1) };
        loop {
            let rows = self.vault.store.versions_after(after, 1024).await?;
            let Some(last) = rows.last().map(|row| row.version.version) else { break };
            after = Some(last);
            self.read_later(&mut later).await?;
            let versions: Vec<_> = rows.iter().map(|row| row.version).collect();
            let receipt =
                self.ledger.record_machine("export of commitments", &versions, self.clock.now()).await?;
            for sealed in self.vault.with_keys(rows).await? {
                let version = sealed.version();
                if later.versions.contains(&version.version) {
                    continue;
                }
                // A body that does not open is the verifier's to judge; the export says so.
                let working = sealed.work(&receipt).ok();
                writer.push(&version, working.as_ref().map(vault::Working::opening))?;
                count += 1;
            }
        }
        writer.finish()?;
        Ok(count)
    }

    /// Versions whose entries came after the exported head: they belong to the next export.
    async fn read_later(&self, later: &mut Later) -> Result<(), DeskError> {
        self.ledger.settle().await?;
        loop {
            let items = self.ledger.feed(later.read, 1024).await?;
            let Some(last) = items.last() else { return Ok(()) };
            later.read = Some(last.leaf);
            later.versions.extend(items.iter().map(|item| item.version));
        }
    }
}

struct Later {
    versions: HashSet<VersionId>,
    read: Option<u64>,
}

fn trace(touch: &Touch, payload: Option<&Opening>) -> Trace {
    let text =
        |tag| payload.and_then(|p| p.value(tag)).map(|octets| String::from_utf8_lossy(octets).into_owned());
    let operation = ledger::entry::OPERATIONS.get(usize::from(touch.operation)).copied().unwrap_or("unknown");
    Trace {
        leaf: touch.leaf,
        time: moment_text(touch.time),
        operation: operation.to_owned(),
        actor: text(tags::ACTOR_NAME).unwrap_or_else(|| touch.actor.to_string()),
        purpose: text(tags::PURPOSE),
        query: text(tags::QUERY),
        subject: text(tags::SUBJECT),
        ground: text(tags::GROUND),
    }
}
