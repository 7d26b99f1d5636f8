//! A deployment: one folder and nothing to install, or one folder beside two databases of a force. It
//! puts store, keystore, key provider, log and index together and opens the door over them.

use crate::Desk;
use crate::clock::Clock;
use crate::clock_ahead::stood_ahead_until;
use crate::error::DeskError;
use crate::nature;
use crate::policy::policies;
use crate::restored;
use crate::sign_in::{Doorkeeper, Limits};
use ed25519_dalek::SigningKey;
use ledger::keys::KeyError;
use ledger::{Ledger, Options};
use model::ForceId;
use search::{Index, IndexError};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, Notify};
use tokio::task::JoinHandle;
use vault::AnyStore;
use vault::Vault;
use vault::attachments::AttachmentStore;
use vault::keys::KeyStore;
use vault::postgres::{Address, PostgresKeys, PostgresStore, apart};
use vault::provider::FileProvider;
use vault::sqlite::{SqliteKeys, SqliteStore};
use vault::store::RecordStore;

/// What a deployment is, in `deployment.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The force's identity.
    pub force: ForceId,
    /// The force's name.
    pub name: String,
    /// Base of the log's origin, for instance `lampshire.example/bluelamp`.
    pub log: String,
    /// Hours between the approval of an erasure and the earliest moment at which it may run.
    #[serde(default)]
    pub erasure_wait_hours: u32,
    /// Database of records and log; without it they are in files of this folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store: Option<Address>,
    /// Database of the keystore, on another cluster than the records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keystore: Option<Address>,
    /// Folder of the key provider, where it is not `provider` in this folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<PathBuf>,
    /// Where the scanner for malware listens (a clamd): a socket, `/run/clamav/clamd.ctl`, or an
    /// address of this machine, `127.0.0.1:3310`. Without it attachments are not searched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clamd: Option<String>,
    /// Folders into which the servers archive their write-ahead log, where this process may read them: the
    /// scan after an erasure reads them too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub archives: Vec<PathBuf>,
    /// How long people stay signed in.
    #[serde(default, skip_serializing_if = "Limits::is_default")]
    pub sign_in: Limits,
}

impl Settings {
    /// The databases of records and keys; `None` where both are files.
    ///
    /// # Errors
    /// Where only one of the two is named.
    pub fn databases(&self) -> Result<Option<(&Address, &Address)>, DeskError> {
        match (&self.store, &self.keystore) {
            (None, None) => Ok(None),
            (Some(store), Some(keystore)) => Ok(Some((store, keystore))),
            _ => Err(DeskError::unusable(
                "store and keystore: name both databases, on two clusters, or neither; nothing was changed",
            )),
        }
    }

    /// Looks whether both databases are there and on two clusters; files need no looking at.
    ///
    /// # Errors
    /// What cannot be reached, and two databases of one cluster.
    pub async fn check_databases(&self) -> Result<(), DeskError> {
        match self.databases()? {
            Some((records, keys)) => apart(records, keys).await.map_err(DeskError::unusable),
            None => Ok(()),
        }
    }
}

/// Where the parts of a deployment are.
#[derive(Debug, Clone)]
pub struct Places {
    root: PathBuf,
    settings: Settings,
}

impl Places {
    /// Reads the settings of a folder.
    ///
    /// # Errors
    /// [`DeskError::File`] or a text that is no `deployment.toml`.
    pub fn read(root: &Path) -> Result<Self, DeskError> {
        let path = root.join("deployment.toml");
        let text = std::fs::read_to_string(&path).map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => DeskError::unusable(format!(
                "{} is no deployment: it has no deployment.toml. Make one with `bluelamp init --data {}`",
                root.display(),
                root.display()
            )),
            _ => DeskError::File { path: path.clone(), source },
        })?;
        let settings: Settings = toml::from_str(&text)
            .map_err(|error| DeskError::unusable(format!("{} cannot be read: {error}", path.display())))?;
        settings.sign_in.check()?;
        Ok(Self { root: root.to_owned(), settings })
    }

    /// The folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Its settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Whether the plain settings of the deployment say a text anyway, such as the force's name: a
    /// finding of it would prove nothing about a record.
    #[must_use]
    pub fn settings_say(&self, text: &[u8]) -> bool {
        let settings = toml::to_string(&self.settings).unwrap_or_default().to_lowercase();
        settings.contains(&String::from_utf8_lossy(text).to_lowercase())
    }

    /// The database of records and log.
    #[must_use]
    pub fn records(&self) -> PathBuf {
        self.root.join("records.sqlite")
    }

    /// The database of records and log as people know it: its address, or its file.
    #[must_use]
    pub fn records_named(&self) -> String {
        match &self.settings.store {
            Some(address) => address.to_string(),
            None => self.records().display().to_string(),
        }
    }

    /// The keystore.
    #[must_use]
    pub fn keys(&self) -> PathBuf {
        self.root.join("keys.sqlite")
    }

    /// The key provider's folder.
    #[must_use]
    pub fn provider(&self) -> PathBuf {
        self.settings.provider.clone().unwrap_or_else(|| self.root.join("provider"))
    }

    /// The index.
    #[must_use]
    pub fn index(&self) -> PathBuf {
        self.root.join("index")
    }

    /// The contents of attachments.
    #[must_use]
    pub fn attachments(&self) -> PathBuf {
        self.root.join("attachments")
    }

    /// Waits some seconds for a process that is about to end.
    async fn lock_in_time(&self) -> Result<File, DeskError> {
        let until = Instant::now() + PATIENCE;
        loop {
            match self.lock() {
                Err(DeskError::InUse { .. }) if Instant::now() < until => tokio::time::sleep(GLANCE).await,
                other => return other,
            }
        }
    }

    fn lock(&self) -> Result<File, DeskError> {
        let path = self.root.join("in-use.lock");
        let fault = |source| DeskError::File { path: path.clone(), source };
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(fault)?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(std::fs::TryLockError::WouldBlock) => Err(DeskError::InUse { folder: self.root.clone() }),
            Err(std::fs::TryLockError::Error(source)) => Err(fault(source)),
        }
    }
}

/// How long an opening waits for another process to end, and how often it looks.
const PATIENCE: Duration = Duration::from_secs(5);
const GLANCE: Duration = Duration::from_millis(25);

/// Name of the key that signs checkpoints.
const SIGNING_KEY: &str = "ledger/signing";

/// How a door opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Opening {
    /// What becomes of the index.
    pub index: IndexAtOpening,
    /// Whether the clock is taken to be right even where the log has later entries: for
    /// [`Desk::declare_clock_right`] alone.
    pub trusts_clock: bool,
}

/// What becomes of the index when a door opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IndexAtOpening {
    /// It is used as it is, and brought up to date.
    #[default]
    Kept,
    /// It is built anew from the records.
    BuiltAnew,
    /// It is emptied, and built anew when the deployment is closed or followed: until then nothing
    /// enters the log by itself.
    BuiltLater,
}

/// The door of a deployment, whichever store it has.
pub type Door = Desk<AnyStore>;

/// An opened deployment. Dropping it closes it; nothing acknowledged is lost either way.
pub struct Deployment {
    /// The door.
    pub desk: Arc<Door>,
    followers: Vec<JoinHandle<()>>,
    _in_use: File,
}

impl Deployment {
    /// Makes a new, empty deployment in a folder.
    ///
    /// # Errors
    /// Where the folder holds one already, or cannot be written.
    pub fn create(root: &Path, settings: &Settings) -> Result<(), DeskError> {
        crate::naming::check(settings)?;
        let path = root.join("deployment.toml");
        let fault = |source| DeskError::File { path: path.clone(), source };
        settings.databases()?;
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(root).map_err(fault)?;
        if path.exists() {
            let why = format!("{} holds a deployment already: choose another folder", root.display());
            return Err(DeskError::unusable(why));
        }
        let places = Places { root: root.to_owned(), settings: settings.clone() };
        let text = toml::to_string_pretty(settings)
            .map_err(|error| DeskError::unusable(format!("the settings cannot be written: {error}")))?;
        let temporary = root.join("deployment.toml.new");
        let provider = FileProvider::new(&places.provider());
        // A kill can come between the key and the settings. Then the key is ours, and nothing was sealed
        // under it yet.
        let was_begun = begun_with(&temporary).is_some_and(|begun| begun.provider == settings.provider);
        if !was_begun {
            provider.check_none()?;
        }
        std::fs::write(&temporary, text).map_err(fault)?;
        if !(was_begun && provider.holds_first()) {
            FileProvider::create(&places.provider())?;
        }
        std::fs::rename(&temporary, &path).map_err(fault)
    }

    /// Opens a deployment.
    ///
    /// # Errors
    /// Each part that does not open says what is wrong and what to do. A damaged index is one of
    /// them: `bluelamp rebuild-index` makes it anew.
    pub async fn open(root: &Path, clock: Arc<dyn Clock>) -> Result<Self, DeskError> {
        Self::open_with(root, clock, Opening::default()).await
    }

    /// Opens a deployment and builds its index anew from the records.
    ///
    /// # Errors
    /// As [`Deployment::open`].
    pub async fn open_rebuilding(root: &Path, clock: Arc<dyn Clock>) -> Result<Self, DeskError> {
        Self::open_with(root, clock, Opening { index: IndexAtOpening::BuiltAnew, ..Opening::default() }).await
    }

    /// Opens a deployment whose database was restored from an older copy, for
    /// [`Desk::begin_generation`] alone: that entry must be the first after the copy, or the log is
    /// a fork of what outsiders have seen. The index follows when the deployment is closed.
    ///
    /// # Errors
    /// As [`Deployment::open`].
    pub async fn open_restored(root: &Path, clock: Arc<dyn Clock>) -> Result<Self, DeskError> {
        Self::open_with(root, clock, Opening { index: IndexAtOpening::BuiltLater, ..Opening::default() })
            .await
    }

    /// Opens a deployment whose log has entries from a clock that stood ahead, for
    /// [`Desk::declare_clock_right`] alone.
    ///
    /// # Errors
    /// As [`Deployment::open`].
    pub async fn open_trusting_clock(root: &Path, clock: Arc<dyn Clock>) -> Result<Self, DeskError> {
        Self::open_with(root, clock, Opening { trusts_clock: true, ..Opening::default() }).await
    }

    async fn open_with(root: &Path, clock: Arc<dyn Clock>, opening: Opening) -> Result<Self, DeskError> {
        let places = Places::read(root)?;
        let in_use = places.lock_in_time().await?;
        let (store, keys) = open_stores(&places).await?;
        let desk = Desk::open(store, keys, places, clock, opening).await?;
        let follows = opening.index != IndexAtOpening::BuiltLater;
        let followers = match follows {
            true => vec![
                tokio::spawn(Desk::follow(Arc::downgrade(&desk))),
                tokio::spawn(Desk::alert(Arc::downgrade(&desk))),
            ],
            false => Vec::new(),
        };
        Ok(Self { desk, followers, _in_use: in_use })
    }

    /// Makes everything durable that may wait otherwise, so that the next start is quick.
    ///
    /// # Errors
    /// Faults of log and index.
    pub async fn close(self) -> Result<(), DeskError> {
        for follower in self.followers {
            follower.abort();
            // An aborted task ends with an error that says just that.
            let _ = follower.await;
        }
        self.desk.remember_before_restored()?;
        self.desk.catch_up().await?;
        self.desk.note_clock().await?;
        // What is amiss with an alert keeps nothing else from being made durable.
        let alerts = self.desk.end_alerts().await;
        let head = self.desk.ledger.settle().await?;
        self.desk.index.close().await?;
        self.desk.clean_files().await?;
        self.desk.remember_checkpoint(&head.checkpoint)?;
        alerts
    }
}

impl<S: RecordStore> Desk<S> {
    /// The folder of the deployment.
    #[must_use]
    pub fn root(&self) -> &Path {
        self.places.root()
    }

    /// Opens the door over a store and a keystore: checks that they belong together, and opens log
    /// and index. The index follows once [`Desk::follow`] runs.
    ///
    /// # Errors
    /// Each part that does not open says what is wrong and what to do.
    pub async fn open(
        store: Arc<S>,
        keys: Arc<dyn KeyStore>,
        places: Places,
        clock: Arc<dyn Clock>,
        opening: Opening,
    ) -> Result<Arc<Self>, DeskError> {
        let force = places.settings.force;
        let provider = FileProvider::new(&places.provider());
        let vault = Vault::new(Arc::clone(&store), Arc::clone(&keys)).await?;
        let made_as = nature::made_as(&vault).await?;
        made_as.map_or(Ok(()), |made_as| nature::check(made_as, &places.settings))?;
        let signing = signing_key(&*keys).await?;
        let (log_keys, now) = (Arc::clone(&keys) as _, clock.now());
        let clock_stood_ahead_until = match opening.trusts_clock {
            true => i64::MAX,
            false => stood_ahead_until(&*store, now).await?,
        };
        let seen = restored::read(&places)?;
        let options = Options { seen, clock_stood_ahead_until, ..Options::new(&places.settings.log) };
        let ledger = match opening.index {
            IndexAtOpening::BuiltLater => Ledger::open_restored(store, log_keys, signing, options, now).await,
            _ => Ledger::open(store, log_keys, signing, options, now).await,
        };
        let ledger = ledger.map_err(|error| restored::explain(error, &places))?;
        if opening.index != IndexAtOpening::Kept {
            Index::reset(&places.index(), Arc::clone(&keys) as _, force).await?;
        }
        let index = match Index::open(&places.index(), Arc::clone(&keys) as _, force).await {
            // A kill while the deployment was made: nothing was entered yet, so there is nothing to lose.
            Err(IndexError::Rebuild { .. }) if ledger.head().size == 0 => {
                Index::reset(&places.index(), keys as _, force).await?
            }
            opened => opened?,
        };
        let policies = policies(&*vault.store).await?;
        let attachments = AttachmentStore::open(&places.attachments())?;
        let desk = Arc::new(Self {
            vault,
            ledger,
            index: Arc::new(index),
            policies,
            clock,
            places,
            attachments,
            provider: Arc::new(provider),
            wanted: Arc::new(Notify::new()),
            following: Mutex::new(()),
            pace: crate::intake::Pace::default(),
            alerting: Mutex::default(),
            upkeep: Mutex::new(()),
            reminding: Mutex::new(()),
            refiling: Mutex::default(),
            doorkeeper: Doorkeeper::default(),
        });
        desk.check_index_is_not_ahead()?;
        desk.use_declarations().await?;
        desk.sweep_attachments().await?;
        if opening.index != IndexAtOpening::BuiltLater {
            desk.seal_nature(made_as).await?;
            desk.catch_up().await?;
            desk.note_clock().await?;
        }
        Ok(desk)
    }

    /// An index that speaks of leaves which the log does not have belongs to a newer database: one
    /// was restored and the other was not.
    fn check_index_is_not_ahead(&self) -> Result<(), DeskError> {
        let size = self.ledger.head().size;
        match self.index.position() {
            Some(position) if position >= size => Err(IndexError::Rebuild {
                why: format!(
                    "it speaks of leaf {position}, and the log has {size}: where an older copy of the database was \
                     restored, begin a new generation before anything else (`bluelamp ledger begin-generation`)"
                ),
            }
            .into()),
            _ => Ok(()),
        }
    }
}

/// The settings of a deployment whose making was begun and not finished.
fn begun_with(path: &Path) -> Option<Settings> {
    std::fs::read_to_string(path).ok().and_then(|text| toml::from_str(&text).ok())
}

/// Opens store and keystore of whichever kind the settings name.
async fn open_stores(places: &Places) -> Result<(Arc<AnyStore>, Arc<dyn KeyStore>), DeskError> {
    let force = places.settings.force;
    places.settings.check_databases().await?;
    let Some((records, keys)) = places.settings.databases()? else {
        crate::upgrade::keep_way_back(places).await?;
        let store = AnyStore::Sqlite(Box::new(SqliteStore::open(&places.records(), force).await?));
        let keys = open_key_file(places, &store).await?;
        return Ok((Arc::new(store), Arc::new(keys)));
    };
    let store = AnyStore::Postgres(Box::new(PostgresStore::open(records, force).await?));
    let keys = open_key_database(places, &store, keys).await?;
    Ok((Arc::new(store), Arc::new(keys)))
}

/// Puts a copy of the keystore in its place, while nothing has the deployment open. Gives its mark.
///
/// # Errors
/// Where the deployment is in use, the copy is no copy of this force's keystore, or the keystore that is
/// there has newer keys and `older` does not allow that; then nothing is changed.
pub async fn restore_keys(root: &Path, copy: &Path, older: bool) -> Result<u64, DeskError> {
    let places = Places::read(root)?;
    let _in_use = places.lock()?;
    match places.settings.databases()? {
        Some((_, keys)) => Ok(PostgresKeys::restore(keys, places.settings.force, copy, older).await?),
        None => Err(DeskError::unusable(format!(
            "this keystore is a file: put the copy in the place of {} yourself; nothing was changed",
            places.keys().display()
        ))),
    }
}

async fn open_key_file(places: &Places, store: &AnyStore) -> Result<SqliteKeys, DeskError> {
    let (path, force) = (places.keys(), places.settings.force);
    let provider = FileProvider::new(&places.provider());
    if path.exists() {
        return Ok(match store.mark().await? > 0 {
            true => SqliteKeys::open(&path, force, provider).await?,
            false => SqliteKeys::open_new(&path, force, provider).await?,
        });
    }
    check_nothing_needs_keys(store, &path.display().to_string()).await?;
    Ok(SqliteKeys::create(&path, force, provider).await?)
}

async fn open_key_database(
    places: &Places,
    store: &AnyStore,
    keys: &Address,
) -> Result<PostgresKeys, DeskError> {
    let (force, provider) = (places.settings.force, FileProvider::new(&places.provider()));
    if !PostgresKeys::is_empty(keys).await? {
        return Ok(PostgresKeys::open(keys, force, provider).await?);
    }
    check_nothing_needs_keys(store, &keys.to_string()).await?;
    Ok(PostgresKeys::create(keys, force, provider).await?)
}

/// A new keystore is made only where no record needs an old one.
async fn check_nothing_needs_keys(store: &AnyStore, keystore: &str) -> Result<(), DeskError> {
    if store.mark().await? == 0 {
        return Ok(());
    }
    let why = format!(
        "the keystore {keystore} is missing, and there are records that need it. Put the newest copy of it in place; \
         nothing was changed"
    );
    Err(KeyError(why).into())
}

async fn signing_key(keys: &dyn KeyStore) -> Result<SigningKey, DeskError> {
    let key = match keys.get(SIGNING_KEY).await? {
        Some(key) => key,
        None => keys.create(SIGNING_KEY).await?,
    };
    Ok(SigningKey::from_bytes(key.expose()))
}
