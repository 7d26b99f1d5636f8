//! A deployment on either store and the people in it.

use desk::clock::{Clock, MachineClock, SetWrong, id_at};
use desk::deployment::{Deployment, Door, Settings};
use desk::record::Written;
use desk::{DeskError, Session};
use jiff::civil::date;
use model::kinds::vehicle;
use model::{Body, ForceId, Kind, Labels};
use servers::Pair;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, SqliteConnection};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

/// The restriction group of these tests.
pub const GROUP: &str = "op-lantern";

/// Where a deployment keeps records and keys.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum On {
    Sqlite,
    Postgres,
}

/// Makes two tests of each story, one for each store. Where PostgreSQL is not installed, its are passed
/// over.
macro_rules! on_both_stores {
    ($($story:ident)*) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                super::$story($crate::support::House::on($crate::support::On::Sqlite).await.unwrap()).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                if let Some(house) = $crate::support::House::on($crate::support::On::Postgres).await {
                    super::$story(house).await;
                }
            })*
        }
    };
}
pub(crate) use on_both_stores;

/// An open deployment.
pub struct House {
    pub clock: Arc<SetWrong>,
    pub deployment: Deployment,
    pub administrator: Session,
    /// A records reviewer in [`GROUP`].
    pub reviewer: Session,
    pub auditor: Session,
    /// In no group.
    pub officer: Session,
    /// A data protection officer in [`GROUP`].
    pub protector: Session,
    pub servers: Option<Pair>,
    folder: TempDir,
}

impl House {
    /// `None` where PostgreSQL is asked for and not installed.
    pub async fn on(store: On) -> Option<Self> {
        let servers = match store {
            On::Sqlite => None,
            On::Postgres => Some(Pair::start().unwrap()?),
        };
        let address = |cluster: &servers::Cluster| {
            cluster.create_database("force").unwrap();
            cluster.url("force").parse().unwrap()
        };
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("force");
        let settings = Settings {
            force: ForceId(id_at(MachineClock.now())),
            name: "Lampshire Police".to_owned(),
            log: "lampshire.example/bluelamp".to_owned(),
            erasure_wait_hours: 0,
            provider: None,
            clamd: None,
            archives: Vec::new(),
            sign_in: desk::sign_in::Limits::default(),
            store: servers.as_ref().map(|pair| address(&pair.records)),
            keystore: servers.as_ref().map(|pair| address(&pair.keys)),
        };
        Deployment::create(&root, &settings).unwrap();
        let clock = Arc::new(SetWrong::default());
        let deployment = Deployment::open(&root, clock.clone()).await.unwrap();
        let first = [("admin", "administrator"), ("first", "records-reviewer"), ("auditor", "auditor")];
        let made = deployment.desk.first_accounts(first).await.unwrap();
        let administrator = signed_in(&deployment.desk, &made[0].token).await;
        let auditor = signed_in(&deployment.desk, &made[2].token).await;
        let desk = &deployment.desk;
        let add = async |name: &str, role: &str| {
            desk.add_account(&administrator, name, &[role]).await.unwrap().token
        };
        let (reviewer, officer) =
            (add("reviewer", "records-reviewer").await, add("officer", "officer").await);
        let protector = add("protector", "data-protection-officer").await;
        let approver = signed_in(desk, &add("approver", "data-protection-officer").await).await;
        for name in ["reviewer", "protector"] {
            let last = date(2099, 12, 31);
            let grant = desk.propose_grant(&administrator, name, GROUP, (None, last), "the operation").await;
            desk.approve_grant(&approver, &grant.unwrap().id).await.unwrap();
        }
        let reviewer = signed_in(desk, &reviewer).await;
        let (officer, protector) = (signed_in(desk, &officer).await, signed_in(desk, &protector).await);
        Some(Self {
            clock,
            deployment,
            administrator,
            reviewer,
            auditor,
            officer,
            protector,
            servers,
            folder,
        })
    }

    pub fn desk(&self) -> &Door {
        &self.deployment.desk
    }

    /// The folder of the deployment.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("force")
    }

    /// A path beside the deployment.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Every folder that holds anything of it.
    pub fn folders(&self) -> Vec<PathBuf> {
        let servers = self.servers.iter().flat_map(|pair| [pair.records.data(), pair.keys.data()]);
        std::iter::once(self.root()).chain(servers).collect()
    }

    /// The names of the sealed items of an area, as the database has them.
    pub async fn items(&self, area: &str) -> Vec<String> {
        let names = "SELECT name FROM items WHERE area = $1";
        match &self.servers {
            None => {
                let mut records = read_only(&self.root()).await;
                sqlx::query_scalar(names).bind(area).fetch_all(&mut records).await.unwrap()
            }
            Some(servers) => {
                let mut records = PgConnection::connect(&servers.records.url("force")).await.unwrap();
                sqlx::query_scalar(names).bind(area).fetch_all(&mut records).await.unwrap()
            }
        }
    }

    /// How many rows a table has, as the database has it.
    pub async fn count(&self, table: &str) -> i64 {
        let count = AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
        match &self.servers {
            None => sqlx::query_scalar(count).fetch_one(&mut read_only(&self.root()).await).await.unwrap(),
            Some(servers) => {
                let mut records = PgConnection::connect(&servers.records.url("force")).await.unwrap();
                sqlx::query_scalar(count).fetch_one(&mut records).await.unwrap()
            }
        }
    }

    /// The same house after its program was ended and begun again. What people signed in with counts on.
    pub async fn begun_again(self) -> Self {
        let root = self.root();
        self.deployment.close().await.unwrap();
        let deployment = Deployment::open(&root, self.clock.clone()).await.unwrap();
        Self { deployment, ..self }
    }

    /// Makes a record as the reviewer.
    pub async fn make(&self, kind: &'static Kind, body: Body, labels: Labels) -> Result<Written, DeskError> {
        self.desk().create_record(&self.reviewer, kind, body, labels).await
    }

    /// Makes a vehicle with a mark of this number; gives its reference.
    pub async fn vehicle(&self, number: u32, labels: Labels) -> String {
        let written = self.make(&vehicle::KIND, car(number), labels).await.unwrap();
        reference(&written)
    }
}

async fn read_only(root: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(root.join("records.sqlite")).read_only(true);
    options.connect().await.unwrap()
}

async fn signed_in(desk: &Door, token: &str) -> Session {
    desk.sign_in(token).await.unwrap().unwrap().for_purpose("inquiry 17")
}

/// A vehicle's body.
pub fn car(number: u32) -> Body {
    let fields = serde_json::json!({ "vrm": format!("AB{:02} CDE", number % 100), "make": "Ford" });
    model::derived::json::from_json(&vehicle::KIND, &fields).unwrap()
}

/// Labels that restrict to [`GROUP`].
pub fn restricted(covert: bool) -> Labels {
    Labels { groups: BTreeSet::from([GROUP.to_owned()]), covert, ..Labels::default() }
}

/// The reference of what was written.
pub fn reference(written: &Written) -> String {
    desk::record::reference_of(written.version.kind, written.reference)
}
