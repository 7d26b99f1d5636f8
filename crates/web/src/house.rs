//! What every request has at hand: the door, the limits, and what a server remembers while it runs.

use crate::limits::{Limits, Rate, TokenDigest};
use crate::metrics::Metrics;
use crate::pages::{Searches, Tours};
use crate::problem::{Problem, Sort};
use crate::runs::Runs;
use crate::tls::Tls;
use desk::{Desk, Session};
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashMap};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::task::TaskTracker;
use vault::store::RecordStore;

/// How a server behaves.
#[derive(Debug, Clone)]
pub struct Options {
    /// Requests of one address.
    pub per_address: Rate,
    /// Requests under one token.
    pub per_token: Rate,
    /// Requests of one address whose token proves nobody: each is an entry of the log, which nobody
    /// may flood.
    pub failures: Rate,
    /// Checks of papers from one address: anybody may make them, and each is an entry of the log.
    pub papers: Rate,
    /// Octets that a body may have.
    pub most_octets: usize,
    /// Octets that a file may have.
    pub most_octets_of_file: u64,
    /// How long an answer may take; of a file that comes in, how long its next octets may take.
    pub patience: Duration,
    /// Connections at once.
    pub most_connections: usize,
    /// Requests that are worked on at once, those that nobody waits for any more included.
    pub most_at_work: usize,
    /// Folder through which files come in and exports go out; without it neither does.
    pub exchange: Option<PathBuf>,
    /// Addresses of proxies, whose word on the client's address counts.
    pub proxies: BTreeSet<IpAddr>,
    /// What connections are encrypted with; without it they are in clear, and stay on this machine or
    /// between it and the proxies.
    pub tls: Option<Arc<Tls>>,
    /// Where metrics are asked for, of this machine alone; without it they are not served.
    pub metrics: Option<SocketAddr>,
    /// Where the practice system is, to which the menu of the pages leads.
    pub practice: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            per_address: Rate::new(12_000, 400),
            per_token: Rate::new(3_000, 100),
            failures: Rate::new(10, 10),
            papers: Rate::new(20, 20),
            most_octets: 1 << 20,
            most_octets_of_file: 5 << 30,
            patience: Duration::from_secs(30),
            most_connections: 1024,
            most_at_work: 512,
            exchange: None,
            proxies: BTreeSet::new(),
            tls: None,
            metrics: None,
            practice: None,
        }
    }
}

/// Time after which a token that is still used has its sign-in entered again.
const SITTING: Duration = Duration::from_secs(3600);

/// What every request has at hand.
pub struct House<S: RecordStore> {
    inner: Arc<Inner<S>>,
}

struct Inner<S: RecordStore> {
    desk: Arc<Desk<S>>,
    options: Options,
    limits: Limits,
    /// When the sign-in of a token was entered last.
    entered: Mutex<HashMap<TokenDigest, Instant>>,
    runs: Arc<Runs>,
    metrics: Metrics,
    searches: Searches,
    tours: Tours,
    work: TaskTracker,
    places: Arc<Semaphore>,
}

impl<S: RecordStore> Clone for House<S> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner) }
    }
}

impl<S: RecordStore> House<S> {
    /// A server's house over a door.
    #[must_use]
    pub fn new(desk: Arc<Desk<S>>, options: Options) -> Self {
        let limits = Limits::new(&options);
        let places = Arc::new(Semaphore::new(options.most_at_work));
        let inner = Inner {
            desk,
            options,
            limits,
            entered: Mutex::new(HashMap::new()),
            runs: Arc::new(Runs::default()),
            metrics: Metrics::default(),
            searches: Searches::default(),
            tours: Tours::default(),
            work: TaskTracker::new(),
            places,
        };
        Self { inner: Arc::new(inner) }
    }

    /// The door.
    pub(crate) fn desk(&self) -> &Arc<Desk<S>> {
        &self.inner.desk
    }

    /// How the server behaves.
    pub(crate) fn options(&self) -> &Options {
        &self.inner.options
    }

    /// Its limits.
    pub(crate) fn limits(&self) -> &Limits {
        &self.inner.limits
    }

    /// Its runs of intake.
    pub(crate) fn runs(&self) -> &Arc<Runs> {
        &self.inner.runs
    }

    /// What it counts.
    pub(crate) fn metrics(&self) -> &Metrics {
        &self.inner.metrics
    }

    /// What people searched for lately on its pages.
    pub(crate) fn searches(&self) -> &Searches {
        &self.inner.searches
    }

    /// How far people are on the tour of its pages.
    pub(crate) fn tours(&self) -> &Tours {
        &self.inner.tours
    }

    /// The work that must end before the server does.
    pub(crate) fn work(&self) -> &TaskTracker {
        &self.inner.work
    }

    /// A place among the requests that are worked on; `None` where all are taken.
    pub(crate) fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.inner.places).try_acquire_owned().ok()
    }

    /// Whom a token proves now. The beginning of a sitting and each token that proves nobody are
    /// entered in the log; the latter only as often as the limit lets one address try.
    pub(crate) async fn prove(&self, token: &str, from: IpAddr) -> Result<Session, Problem> {
        let digest: TokenDigest = Sha256::digest(token.as_bytes()).into();
        let nobody = || Problem::new(Sort::NoToken, "The token proves nobody.");
        let Some(session) = self.desk().proved_by(token).await? else {
            self.limits().failure(from)?;
            let _nobody = self.desk().sign_in(token).await?;
            return Err(nobody());
        };
        self.limits().token(&digest)?;
        if !self.begins(digest) {
            return Ok(session);
        }
        match self.desk().sign_in(token).await {
            Ok(entered) => entered.ok_or_else(nobody),
            Err(error) => {
                self.forget(&digest);
                Err(error.into())
            }
        }
    }

    /// Whether a sitting begins with this request.
    fn begins(&self, digest: TokenDigest) -> bool {
        let mut entered = self.inner.entered.lock().unwrap_or_else(PoisonError::into_inner);
        entered.retain(|_, when| when.elapsed() < SITTING);
        let begins = !entered.contains_key(&digest);
        if begins {
            entered.insert(digest, Instant::now());
        }
        begins
    }

    fn forget(&self, digest: &TokenDigest) {
        self.inner.entered.lock().unwrap_or_else(PoisonError::into_inner).remove(digest);
    }
}
