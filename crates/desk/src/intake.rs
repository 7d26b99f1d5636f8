//! Taking rows in from another system: what the intake engine hands over, and what it gets back.

use crate::Desk;
use crate::clock::id_at;
use crate::door::{from_json, json};
use crate::error::DeskError;
use crate::record::Draft;
use crate::session::Session;
use hmac::{Hmac, KeyInit, Mac};
use law::access::{Act, Action, Permit};
use ledger::{Detail, Pending};
use model::body::Slot;
use model::field::Instant;
use model::{Body, Kind, Labels, RecordId, Value};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::collections::{BTreeMap, HashMap};
use vault::store::{ItemRow, RecordStore, SeenRow};

/// One file of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// What the file says of itself, and what makes its rows' identity with their content: the
    /// source's force, month and sort, for instance `2023-01-metropolitan-stop-and-search`.
    pub source: String,
    /// The file as it was named.
    pub file: String,
    /// Connector and its version, for instance `data-police-uk 1`.
    pub connector: String,
    /// The month that the file speaks of, `2023-01`.
    pub period: String,
    /// The licence or agreement under which it was received.
    pub licence: String,
    /// Number of the kind that its rows become.
    pub kind: u16,
    /// SHA-256 of the file's content, so that an interrupted run resumes only on the same file.
    pub digest: [u8; 32],
}

/// A row that became a body.
#[derive(Debug)]
pub struct IncomingRow {
    /// Line of the file, from 1, the header included.
    pub line: u64,
    /// The row's content in one canonical form: equal rows have equal content.
    pub content: Vec<u8>,
    /// The body, without provenance: the desk adds that.
    pub body: Body,
}

/// A row that could not become a body. It is kept sealed for re-work.
#[derive(Debug, Clone)]
pub struct RejectedRow {
    /// Line of the file, from 1, the header included.
    pub line: u64,
    /// The column that is at fault.
    pub field: String,
    /// What is wrong with it, in words and without the value.
    pub reason: String,
    /// The row as it stood, cut at 64 KiB.
    pub raw: Vec<u8>,
}

/// How a file stands. `rows = accepted + repeated + rejected`, always.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Rows read, without the header.
    pub rows: u64,
    /// Rows that became records.
    pub accepted: u64,
    /// Rows that were held already from an earlier run.
    pub repeated: u64,
    /// Rows that were rejected.
    pub rejected: u64,
    /// Of the accepted: rows identical to another of the same file, which may be other people.
    pub possible_repeats: u64,
    /// Rejected rows by `field: reason`.
    pub reasons: BTreeMap<String, u64>,
}

/// A place in a file up to which everything is durable.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Octets from the start of the file.
    pub offset: u64,
    /// Lines before that.
    pub line: u64,
}

/// A run over one file, from [`Desk::begin_intake`].
#[derive(Debug)]
pub struct IntakeRun {
    pub(crate) file: SourceFile,
    pub(crate) run: i64,
    /// Where to read on: the start, or where a kill cut the run off.
    pub position: Position,
    /// What is counted so far.
    pub counts: Counts,
}

/// How a source's newest run stands, kept in the transaction of each batch.
#[derive(Debug, Serialize, Deserialize)]
struct Standing {
    digest: String,
    run: i64,
    position: Position,
    counts: Counts,
    finished: bool,
}

const STANDING: &str = "intake";
/// Area of the sealed rejects.
pub(crate) const REJECT: &str = "reject";
const IDENTITY_KEY: &str = "intake/identity";

/// A rejected row as it is listed: where and why, not what it said.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Reject {
    /// Its name: the source, the file's digest in short, the line.
    pub name: String,
    /// The file as it was named.
    pub file: String,
    /// Line of the file.
    pub line: u64,
    /// The column that is at fault.
    pub field: String,
    /// What is wrong with it.
    pub reason: String,
    /// The row as it stood, in hexadecimal; empty in lists.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub raw: String,
}

impl<S: RecordStore> Desk<S> {
    /// Whether somebody may take rows in of any kind, before anything is looked at for them.
    ///
    /// # Errors
    /// A refusal.
    pub async fn check_may_take_in(&self, who: &Session) -> Result<(), DeskError> {
        let may = |kind: &&&Kind| self.matrix.allows(who.roles(), kind.number, Action::Intake);
        let kind = model::kinds::ALL.iter().find(may).map_or(0, |kind| kind.number);
        let _permit = self.permit(who, Action::Intake, kind, &[]).await?;
        Ok(())
    }

    /// Begins a run over a file, or goes on where a kill cut one off.
    ///
    /// # Errors
    /// A refusal, or faults of the store.
    pub async fn begin_intake(&self, who: &Session, file: SourceFile) -> Result<IntakeRun, DeskError> {
        let _permit = self.permit(who, Action::Intake, file.kind, &[]).await?;
        let held = self.vault.store.setting(STANDING, &file.source).await?;
        let held: Option<Standing> = held.as_deref().map(from_json).transpose()?;
        let same = |standing: &Standing| !standing.finished && standing.digest == hex::encode(file.digest);
        Ok(match held.filter(same) {
            Some(standing) => {
                IntakeRun { file, run: standing.run, position: standing.position, counts: standing.counts }
            }
            None => {
                self.forget_rejects(&file).await?;
                let (position, counts) = (Position::default(), Counts::default());
                IntakeRun { file, run: self.clock.now(), position, counts }
            }
        })
    }

    /// Takes rows in, with their rejects and the place reached, in one transaction.
    ///
    /// # Errors
    /// A refusal, or faults of store, keys and log: then nothing of the batch is held.
    pub async fn take_in(
        &self,
        who: &Session,
        run: &mut IntakeRun,
        rows: Vec<IncomingRow>,
        rejects: Vec<RejectedRow>,
        to: Position,
    ) -> Result<(), DeskError> {
        let permit = self.permit(who, Action::Intake, run.file.kind, &[]).await?;
        let rejected = self.seal_rejects(&run.file, &rejects).await?;
        let mut counts = run.counts.clone();
        counts.rows += (rows.len() + rejects.len()) as u64;
        for reject in &rejects {
            counts.rejected += 1;
            *counts.reasons.entry(format!("{}: {}", reject.field, reject.reason)).or_default() += 1;
        }
        let identity = self.identity_key().await?;
        let store = &self.vault.store;
        let mut tx = store.begin().await?;
        let fresh = self.sort_out(&mut tx, run, rows, &identity, &mut counts).await?;
        let pending = match fresh.is_empty() {
            false => Some(self.collect(&mut tx, who, &permit, &run.file, fresh).await?),
            true => None,
        };
        store.put_items(&mut tx, &rejected).await?;
        let standing = Standing {
            digest: hex::encode(run.file.digest),
            run: run.run,
            position: to,
            counts: counts.clone(),
            finished: false,
        };
        store.put_setting(&mut tx, STANDING, &run.file.source, &json(&standing)?).await?;
        match pending {
            Some(pending) => drop(self.ledger.commit(tx, pending).await?),
            None => store.commit(tx).await?,
        }
        run.counts = counts;
        run.position = to;
        Ok(())
    }

    /// Ends a run over a file.
    ///
    /// # Errors
    /// A refusal, or faults of the store.
    pub async fn end_intake(&self, who: &Session, run: IntakeRun) -> Result<Counts, DeskError> {
        let _permit = self.permit(who, Action::Intake, run.file.kind, &[]).await?;
        let standing = Standing {
            digest: hex::encode(run.file.digest),
            run: run.run,
            position: run.position,
            counts: run.counts.clone(),
            finished: true,
        };
        let mut tx = self.vault.store.begin().await?;
        self.vault.store.put_setting(&mut tx, STANDING, &run.file.source, &json(&standing)?).await?;
        self.vault.store.commit(tx).await?;
        Ok(run.counts)
    }

    /// Waits until everything taken in can be found.
    ///
    /// # Errors
    /// Faults of the index.
    pub async fn settle_intake(&self) -> Result<(), DeskError> {
        self.ledger.settle().await?;
        self.wanted.notify_one();
        self.catch_up().await?;
        Ok(())
    }

    /// Every rejected row: where and why, not what it said.
    ///
    /// # Errors
    /// A refusal, or faults of the store.
    pub async fn rejects(&self, who: &Session) -> Result<Vec<Reject>, DeskError> {
        let permit = self.permit_act(who, Act::ReworkRejects).await?;
        let detail = Detail { subject: Some("rejects of intake".into()), ..Detail::default() };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        let mut rejects = Vec::new();
        let mut after = String::new();
        loop {
            let items = self.vault.store.items(REJECT, &after, 256).await?;
            let Some(last) = items.last() else { return Ok(rejects) };
            after.clone_from(&last.name);
            for item in &items {
                let reject: Reject = self.read_item(item).await?;
                rejects.push(Reject { raw: String::new(), ..reject });
            }
        }
    }

    /// One rejected row, with what it said.
    ///
    /// # Errors
    /// A refusal, or [`DeskError::NotFound`].
    pub async fn reject(&self, who: &Session, name: &str) -> Result<Reject, DeskError> {
        let permit = self.permit_act(who, Act::OpenReject).await?;
        let detail = Detail { subject: Some(format!("reject {}", name.trim())), ..Detail::default() };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        let item = self.vault.store.item(REJECT, name.trim()).await?.ok_or(DeskError::NotFound)?;
        self.read_item(&item).await
    }

    /// Discards a rejected row for good: its key is shredded.
    ///
    /// # Errors
    /// A refusal, [`DeskError::NotFound`], or a missing ground.
    pub async fn discard_reject(&self, who: &Session, name: &str, ground: &str) -> Result<(), DeskError> {
        let permit = self.permit_act(who, Act::OpenReject).await?;
        if ground.trim().is_empty() {
            return Err(DeskError::unusable("ground: say why the row is not needed (DPA 2018 s.37, s.47)"));
        }
        let item = self.vault.store.item(REJECT, name.trim()).await?.ok_or(DeskError::NotFound)?;
        let mut tx = self.vault.store.begin().await?;
        self.vault.store.delete_item(&mut tx, REJECT, &item.name).await?;
        let detail = Detail {
            operation: Some("erasure"),
            subject: Some(format!("reject {} discarded", item.name)),
            ground: Some(ground.trim().to_owned()),
            ..Detail::default()
        };
        let pending = self.ledger.record_in(&mut tx, &[(&permit, detail)]).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        self.vault.keys.shred(&[item.key]).await?;
        self.clean_files().await
    }

    /// Reading a file again, for instance after a list was extended, judges its rows anew: the
    /// rejects of the run before go, and those that still cannot be taken in come back.
    async fn forget_rejects(&self, file: &SourceFile) -> Result<(), DeskError> {
        let first = reject_prefix(file);
        let mut after = first.clone();
        let mut keys = Vec::new();
        let mut tx = self.vault.store.begin().await?;
        loop {
            let items = self.vault.store.items(REJECT, &after, 256).await?;
            let of_file: Vec<&ItemRow> = items.iter().filter(|item| item.name.starts_with(&first)).collect();
            let Some(last) = of_file.last() else { break };
            after.clone_from(&last.name);
            for item in of_file {
                self.vault.store.delete_item(&mut tx, REJECT, &item.name).await?;
                keys.push(item.key);
            }
        }
        if keys.is_empty() {
            return Ok(());
        }
        self.vault.store.commit(tx).await?;
        Ok(self.vault.keys.shred(&keys).await?)
    }

    pub(crate) async fn read_item<T: serde::de::DeserializeOwned>(
        &self,
        item: &ItemRow,
    ) -> Result<T, DeskError> {
        let octets = zeroize::Zeroizing::new(self.vault.open_item(item).await?);
        from_json(&String::from_utf8_lossy(&octets))
    }

    async fn seal_rejects(
        &self,
        file: &SourceFile,
        rejects: &[RejectedRow],
    ) -> Result<Vec<ItemRow>, DeskError> {
        let mut things = Vec::with_capacity(rejects.len());
        for reject in rejects {
            let name = reject_name(file, reject.line);
            let kept = Reject {
                name: name.clone(),
                file: file.file.clone(),
                line: reject.line,
                field: reject.field.clone(),
                reason: reject.reason.clone(),
                raw: hex::encode(&reject.raw),
            };
            things.push((name, json(&kept)?.into_bytes()));
        }
        Ok(self.vault.seal_items(REJECT, &things).await?)
    }

    /// The key under which contents are hashed, so that nobody can test a guess against the store.
    async fn identity_key(&self) -> Result<sealing::SecretKey, DeskError> {
        Ok(match self.vault.keys.get(IDENTITY_KEY).await? {
            Some(key) => key,
            None => self.vault.keys.create(IDENTITY_KEY).await?,
        })
    }

    /// Tells rows that are held from rows that are not. Identical rows of one file are different
    /// people: the n-th of a content is held already only where n of it are.
    async fn sort_out(
        &self,
        tx: &mut S::Tx,
        run: &IntakeRun,
        rows: Vec<IncomingRow>,
        identity: &sealing::SecretKey,
        counts: &mut Counts,
    ) -> Result<Vec<FreshRow>, DeskError> {
        let hashes: Vec<[u8; 16]> =
            rows.iter().map(|row| content_hash(identity, &run.file.source, &row.content)).collect();
        let mut distinct = hashes.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let known = self.vault.store.seen_rows(tx, &run.file.source, &distinct).await?;
        let mut known: HashMap<[u8; 16], SeenRow> = known.into_iter().map(|row| (row.content, row)).collect();
        let mut fresh = Vec::new();
        for (row, content) in rows.into_iter().zip(hashes) {
            let seen = known.entry(content).or_insert(SeenRow { content, ..SeenRow::default() });
            if seen.run != run.run {
                (seen.run, seen.seen) = (run.run, 0);
            }
            seen.seen += 1;
            if seen.seen <= seen.held {
                counts.repeated += 1;
                continue;
            }
            seen.held = seen.seen;
            counts.accepted += 1;
            counts.possible_repeats += u64::from(seen.seen > 1);
            fresh.push(FreshRow { row, occurrence: i64::from(seen.seen) });
        }
        let known: Vec<SeenRow> = known.into_values().collect();
        self.vault.store.put_seen_rows(tx, &run.file.source, &known).await?;
        Ok(fresh)
    }

    async fn collect(
        &self,
        tx: &mut S::Tx,
        who: &Session,
        permit: &Permit,
        file: &SourceFile,
        fresh: Vec<FreshRow>,
    ) -> Result<Pending, DeskError> {
        let kind = model::kinds::by_number(file.kind);
        let kind = kind.ok_or_else(|| DeskError::unusable(format!("there is no kind {}", file.kind)))?;
        let now = self.clock.now();
        let count = fresh.len() as u64;
        let first = self.vault.store.take_references(tx, kind.number, count).await?;
        let span = (fresh.first().map_or(0, |row| row.row.line), fresh.last().map_or(0, |row| row.row.line));
        let versions = (first..).zip(fresh).map(|(reference, fresh)| {
            let body = with_provenance(kind, file, fresh, now);
            let record = RecordId(id_at(now));
            let draft =
                Draft { kind, record, reference, before: None, ordinal: 1, labels: Labels::default() };
            self.new_version(draft, body, who, now)
        });
        let prepared = self.vault.prepare(versions.collect()).await?;
        self.vault.add(tx, &prepared).await?;
        let detail = Detail {
            commitments: prepared.commitments,
            count: Some(count),
            subject: Some(format!("{} lines {} to {}", file.file, span.0, span.1)),
            ..Detail::default()
        };
        Ok(self.ledger.record_in(tx, &[(permit, detail)]).await?)
    }
}

struct FreshRow {
    row: IncomingRow,
    occurrence: i64,
}

fn with_provenance(kind: &Kind, file: &SourceFile, fresh: FreshRow, now: i64) -> Body {
    use model::kinds::provenance as from;
    let mut body = fresh.row.body;
    let Some(field) = kind.field_named("provenance") else { return body };
    let mut row = Body::default();
    row.set(from::CONNECTOR, file.connector.clone())
        .set(from::FILE, file.file.clone())
        .set(from::LINE, i64::try_from(fresh.row.line).unwrap_or(i64::MAX))
        .set(from::PERIOD, file.period.clone())
        .set(from::OCCURRENCE, fresh.occurrence)
        .set(from::TAKEN_IN, Instant(now))
        .set(from::LICENCE, file.licence.clone());
    body.put(field.number, Slot::Held(Value::Rows(vec![row])));
    body
}

fn content_hash(key: &sealing::SecretKey, source: &str, content: &[u8]) -> [u8; 16] {
    // A key shorter than the block is filled up with zeros (RFC 2104 §2).
    let mut block = zeroize::Zeroizing::new([0u8; 64]);
    block[..32].copy_from_slice(key.expose());
    let mut mac = Hmac::<Sha256>::new(&(*block).into());
    mac.update(&(source.len() as u64).to_be_bytes());
    mac.update(source.as_bytes());
    mac.update(content);
    let whole: [u8; 32] = mac.finalize().into_bytes().into();
    let (half, _) = whole.split_at(16);
    let mut out = [0u8; 16];
    out.copy_from_slice(half);
    out
}

/// A reject's name: source, the file's digest in short (a corrected file of the same source keeps
/// its own rejects), line.
fn reject_name(file: &SourceFile, line: u64) -> String {
    format!("{}{line:010}", reject_prefix(file))
}

fn reject_prefix(file: &SourceFile) -> String {
    format!("{}/{}/", file.source, hex::encode(&file.digest[..4]))
}
