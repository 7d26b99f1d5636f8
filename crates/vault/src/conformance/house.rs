//! A deployment under test: store, keys, vault and ledger, and the short way through the door.

use super::{Backend, Fault};
use crate::keys::KeyStore;
use crate::sealed::Plain;
use crate::vault::{NewVersion, Vault};
use crate::version::Link;
use ed25519_dalek::SigningKey;
use law::access::{Act, Action, Context, Matrix, Permit, Target, decide, decide_act};
use ledger::store::EntryStore;
use ledger::{Change, Detail, Ledger, LedgerError, Options, Receipt};
use model::kinds::stop_and_search as stop;
use model::{ActorId, Body, Labels, RecordId, VersionId, VersionRef};
use std::sync::Arc;
use uuid::Uuid;

/// The moment at which the tests live: microseconds since 1970-01-01T00:00:00Z.
pub const AT: i64 = 1_790_000_000_000_000;

/// Base of the log's origin.
const BASE: &str = "lampshire.example/bluelamp";

/// An open deployment.
pub struct House<B: Backend> {
    /// The store.
    pub store: Arc<B::Store>,
    /// The keystore.
    pub keys: Arc<dyn KeyStore>,
    /// The vault over both.
    pub vault: Vault<B::Store>,
    /// The log.
    pub ledger: Ledger<B::Store>,
    /// Who acts.
    pub context: Arc<Context>,
    matrix: Matrix,
}

/// What a record says, or why it did not open.
pub type Reading = Result<Plain, Fault>;

impl<B: Backend> House<B> {
    /// Opens everything as a start of the program does.
    ///
    /// # Errors
    /// Whatever does not open.
    pub async fn open(backend: &B) -> Result<Self, Fault> {
        Self::open_at(backend, AT).await
    }

    /// Opens everything at another time.
    ///
    /// # Errors
    /// Whatever does not open.
    pub async fn open_at(backend: &B, now: i64) -> Result<Self, Fault> {
        let (store, keys) = backend.open().await?;
        Self::over(store, keys, now).await
    }

    /// Opens everything over a store and a keystore.
    ///
    /// # Errors
    /// Whatever does not open.
    pub async fn over(store: Arc<B::Store>, keys: Arc<dyn KeyStore>, now: i64) -> Result<Self, Fault> {
        let vault = Vault::new(Arc::clone(&store), Arc::clone(&keys)).await?;
        let ledger = Self::ledger_over(&store, &keys, now).await?;
        Ok(Self { store, keys, vault, ledger, context: Arc::new(person()), matrix: Matrix::committed()? })
    }

    /// Opens everything over a restored copy: the log is held for its new generation.
    ///
    /// # Errors
    /// Whatever does not open.
    pub async fn held(store: Arc<B::Store>, keys: Arc<dyn KeyStore>) -> Result<Self, Fault> {
        let vault = Vault::new(Arc::clone(&store), Arc::clone(&keys)).await?;
        let options = Options::new(BASE);
        let log_keys: Arc<dyn ledger::keys::LogKeys> = Arc::clone(&keys) as _;
        let ledger = Ledger::open_restored(Arc::clone(&store), log_keys, signing_key(), options, AT).await?;
        Ok(Self { store, keys, vault, ledger, context: Arc::new(person()), matrix: Matrix::committed()? })
    }

    /// A ledger that must continue a checkpoint, over the same store.
    ///
    /// # Errors
    /// Whatever does not open.
    pub async fn ledger_after(
        store: &Arc<B::Store>,
        keys: &Arc<dyn KeyStore>,
        seen: &str,
    ) -> Result<Ledger<B::Store>, LedgerError> {
        let keys: Arc<dyn ledger::keys::LogKeys> = Arc::clone(keys) as _;
        let options = Options { seen: Some(seen.to_owned()), ..Options::new(BASE) };
        Ledger::open(Arc::clone(store), keys, signing_key(), options, AT).await
    }

    /// A ledger over the same store, as another process would open it.
    ///
    /// # Errors
    /// Whatever does not open.
    pub async fn ledger_over(
        store: &Arc<B::Store>,
        keys: &Arc<dyn KeyStore>,
        now: i64,
    ) -> Result<Ledger<B::Store>, Fault> {
        let keys: Arc<dyn ledger::keys::LogKeys> = Arc::clone(keys) as _;
        let options = Options::new(BASE);
        Ok(Ledger::open(Arc::clone(store), keys, signing_key(), options, now).await?)
    }

    /// A permit for an action on versions.
    ///
    /// # Errors
    /// A refusal.
    pub fn permit(&self, action: Action, versions: &[VersionRef]) -> Result<Permit, Fault> {
        let labels = Labels::default();
        let targets: Vec<Target<'_>> =
            versions.iter().map(|version| Target { version: *version, labels: &labels }).collect();
        Ok(decide(&self.matrix, &self.context, action, stop::KIND.number, &targets)?)
    }

    /// A permit for an act that shows no record.
    ///
    /// # Errors
    /// A refusal.
    pub fn act(&self, act: Act) -> Result<Permit, Fault> {
        Ok(decide_act(&self.matrix, &self.context, act)?)
    }

    /// Takes the next reference number of stops.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn reference(&self) -> Result<u64, Fault> {
        use crate::store::RecordStore;
        let mut tx = self.store.begin().await?;
        let reference = self.store.take_references(&mut tx, stop::KIND.number, 1).await?;
        self.store.commit(tx).await?;
        Ok(reference)
    }

    /// Writes versions and their entry in one transaction.
    ///
    /// # Errors
    /// A conflict, or whatever fails.
    pub async fn write(&self, versions: Vec<NewVersion>) -> Result<Receipt<Change>, Fault> {
        let changed: Vec<VersionRef> = versions.iter().map(|version| version.version).collect();
        let prepared = self.vault.prepare(versions).await?;
        let permit = self.permit(Action::Create, &changed)?;
        let detail = Detail { commitments: prepared.commitments.clone(), ..Detail::default() };
        let mut tx = self.store.begin().await?;
        self.vault.add(&mut tx, &prepared).await?;
        let pending = self.ledger.record_in(&mut tx, &[(&permit, detail)]).await?;
        Ok(self.ledger.commit(tx, pending).await?)
    }

    /// Writes one new record that says `grounds`; gives its version.
    ///
    /// # Errors
    /// Whatever fails.
    pub async fn new_record(&self, grounds: &str) -> Result<VersionRef, Fault> {
        let draft = draft(None, self.reference().await?, grounds);
        let version = draft.version;
        let _ = self.write(vec![draft]).await?;
        Ok(version)
    }

    /// Reads versions through the door: permit, entry, receipt, body.
    ///
    /// # Errors
    /// Whatever fails.
    pub async fn read(&self, version: VersionRef) -> Reading {
        let permit = self.permit(Action::View, &[version])?;
        let receipt = self.ledger.record(vec![(permit, Detail::default())]).await?;
        let sealed =
            self.vault.versions(&[version.version]).await?.pop().ok_or("there is no such version")?;
        Ok(sealed.open(&receipt)?)
    }

    /// What the log's leaf `leaf` says, read through the door.
    ///
    /// # Errors
    /// Whatever fails.
    pub async fn payload(&self, leaf: u64) -> Result<Option<ledger::Opening>, Fault> {
        let permit = self.act(Act::ReadLog)?;
        let receipt = self.ledger.record(vec![(permit, Detail::default())]).await?;
        Ok(self.ledger.payload(leaf, &receipt).await?)
    }
}

/// The force's signing key in the tests.
#[must_use]
pub fn signing_key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

/// A records reviewer who may also read the log.
fn person() -> Context {
    Context {
        actor: ActorId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001)),
        name: "PC 4711 O\u{2019}Neil".to_owned(),
        roles: ["records-reviewer", "auditor"].map(str::to_owned).into(),
        groups: std::collections::BTreeSet::new(),
        unit: Some("Response A".to_owned()),
        device: None,
        purpose: Some("conformance of a store".to_owned()),
        task: None,
        at: AT,
    }
}

/// A version of a stop that says `grounds`: the first of a new record, or the one after `before`.
#[must_use]
pub fn draft(before: Option<(VersionRef, u32)>, reference: u64, grounds: &str) -> NewVersion {
    let record = before.map_or_else(|| RecordId(Uuid::now_v7()), |(version, _)| version.record);
    let mut body = Body::default();
    body.set(stop::GROUNDS, grounds.to_owned()).set(stop::NAME, format!("Name in {grounds}"));
    NewVersion {
        version: VersionRef { record, version: VersionId(Uuid::now_v7()), kind: stop::KIND.number },
        before: before.map(|(version, _)| version.version),
        reference,
        ordinal: before.map_or(1, |(_, ordinal)| ordinal + 1),
        shape: stop::KIND.shape,
        labels: Labels::default().canonical(),
        happened: Some(AT - 3_600_000_000),
        review_due: jiff::civil::date(2032, 11, 24),
        link: None,
        author: ActorId(Uuid::from_u128(1)),
        written: AT,
        body,
    }
}

/// A draft that is a link between two records.
#[must_use]
pub fn link_draft(from: RecordId, to: RecordId, reference: u64) -> NewVersion {
    let mut version = draft(None, reference, "a link");
    version.link = Some(Link { from, to, link_type: "same-incident".to_owned() });
    version
}
