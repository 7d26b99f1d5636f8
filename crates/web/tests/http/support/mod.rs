//! A force with an account for each role, and its API called as anybody would.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use desk::clock::{Clock, MachineClock, SetWrong, id_at};
use desk::deployment::{Deployment, Settings};
use http_body_util::BodyExt;
use law::access::Matrix;
use serde_json::{Value, json};
use servers::{Cluster, Pair};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;
use tower::ServiceExt;
use vault::postgres::Address;
use web::{House, Options, Rate};

pub mod browser;
pub mod person;

/// Where a force keeps records and keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    Sqlite,
    Postgres,
}

/// Makes two tests of each story, one for each store. Where PostgreSQL is not installed, its are passed
/// over, or fail: see `servers::NEED`.
macro_rules! on_both_stores {
    ($($story:ident)*) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                super::$story(crate::support::Store::Sqlite).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                if servers::Programs::find_or_pass_over().unwrap().is_some() {
                    super::$story(crate::support::Store::Postgres).await;
                }
            })*
        }
    };
}
pub(crate) use on_both_stores;

/// The group that may know of restricted records.
pub const GROUP: &str = "op-lantern";

/// Who approves that others belong to a group.
pub const APPROVER: &str = "approver";

/// A records reviewer in the group, who makes what others are then asked about.
pub const MAKER: &str = "maker";

pub struct Force {
    pub folder: TempDir,
    pub clock: Arc<SetWrong>,
    pub deployment: Deployment,
    pub router: Router,
    tokens: BTreeMap<String, String>,
    // Last, so that the servers outlive whatever is connected to them.
    _servers: Option<Pair>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// That it is the problem of this fragment, well formed.
    #[track_caller]
    pub fn is_problem(&self, status: u16, fragment: &str) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["type"], format!("/api/v1/problems#{fragment}"), "{problem}");
        assert_eq!(problem["status"], status);
        for member in ["title", "detail", "mend"] {
            assert!(problem[member].as_str().is_some_and(|text| !text.is_empty()), "{member}: {problem}");
        }
        self
    }

    #[track_caller]
    pub fn good(self) -> Self {
        assert!(self.status.is_success(), "{}: {}", self.status, self.text);
        self
    }
}

/// A request to be sent.
#[derive(Debug, Clone)]
pub struct Call {
    pub method: &'static str,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Option<String>,
}

pub fn get(path: &str) -> Call {
    Call::new("GET", path)
}

pub fn post(path: &str, body: Value) -> Call {
    Call::new("POST", path).sends(body)
}

impl Call {
    pub fn new(method: &'static str, path: impl Into<String>) -> Self {
        let headers = vec![("bluelamp-purpose".to_owned(), "inquiry 17".to_owned())];
        Self { method, path: path.into(), headers, body: None }
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(held, _)| held != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(held, _)| held != name);
        self
    }

    /// Brings a file of that name.
    pub fn brings(mut self, name: &str, content: &str) -> Self {
        self.body = Some(content.to_owned());
        self.with("content-type", "application/octet-stream").with("bluelamp-file-name", name)
    }

    pub fn sends(mut self, body: Value) -> Self {
        self.body = Some(body.to_string());
        self.with("content-type", "application/json")
    }
}

impl Call {
    fn request(self) -> Request<Body> {
        let mut request = Request::builder().method(self.method).uri(&self.path);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.body(Body::from(self.body.unwrap_or_default())).unwrap()
    }
}

impl Force {
    /// A force on the embedded store.
    pub async fn new() -> Self {
        Self::on(Store::Sqlite).await
    }

    /// A force on the embedded store, its server with other options.
    pub async fn with(change: impl FnOnce(&mut Options)) -> Self {
        Self::on_with(Store::Sqlite, change).await
    }

    /// A force on a store.
    pub async fn on(store: Store) -> Self {
        Self::on_with(store, |_| {}).await
    }

    /// A force on a store, its server with other options.
    pub async fn on_with(store: Store, change: impl FnOnce(&mut Options)) -> Self {
        Self::called(store, "lampshire.example/bluelamp", change).await
    }

    /// A system to practise in.
    pub async fn practice() -> Self {
        Self::called(Store::Sqlite, "bluelamp-practice/lampshire", |_| {}).await
    }

    /// A force whose log has this name.
    async fn called(store: Store, log: &str, change: impl FnOnce(&mut Options)) -> Self {
        let servers = match store {
            Store::Sqlite => None,
            Store::Postgres => Some(Pair::start().unwrap().unwrap()),
        };
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("force");
        let settings = Settings {
            force: model::ForceId(id_at(MachineClock.now())),
            name: "Lampshire Police".into(),
            log: log.into(),
            erasure_wait_hours: 0,
            provider: None,
            clamd: None,
            archives: Vec::new(),
            sign_in: desk::sign_in::Limits::default(),
            store: servers.as_ref().map(|pair| database(&pair.records)),
            keystore: servers.as_ref().map(|pair| database(&pair.keys)),
        };
        Deployment::create(&root, &settings).unwrap();
        let clock = Arc::new(SetWrong::default());
        let deployment = Deployment::open(&root, Arc::clone(&clock) as _).await.unwrap();
        let first = [("first", "administrator"), ("second", "records-reviewer"), ("third", "auditor")];
        let first = deployment.desk.first_accounts(first).await.unwrap();
        let exchange = folder.path().join("exchange");
        std::fs::create_dir(&exchange).unwrap();
        let much = Rate::new(1_000_000, 100_000);
        let mut options =
            Options { per_address: much, per_token: much, exchange: Some(exchange), ..Options::default() };
        let router = web::api::router(House::new(Arc::clone(&deployment.desk), options.clone()));
        let tokens = BTreeMap::from([("first".to_owned(), first[0].token.to_string())]);
        let mut force = Self { folder, clock, deployment, router, tokens, _servers: servers };
        force.add(APPROVER, "data-protection-officer", &[]).await;
        for role in roles() {
            force.add(&role, &role, &[]).await;
            force.add(&member(&role), &role, &[GROUP]).await;
        }
        force.add(MAKER, "records-reviewer", &[GROUP]).await;
        change(&mut options);
        force.router = web::api::router(House::new(Arc::clone(&force.deployment.desk), options));
        force
    }

    pub fn exchange(&self) -> PathBuf {
        self.folder.path().join("exchange")
    }

    /// Adds an account of a role, put into restriction groups by the first administrator and a second person.
    pub async fn add(&mut self, name: &str, role: &str, groups: &[&str]) {
        let body = json!({ "name": name, "roles": [role] });
        let made = self.call("first", Call::new("POST", "/api/v1/accounts").sends(body)).await.good();
        self.tokens.insert(name.to_owned(), made.json()["token"].as_str().unwrap().to_owned());
        for group in groups {
            let grant =
                json!({ "account": name, "group": group, "until": "2099-12-31", "ground": "the operation" });
            let made = self.call("first", Call::new("POST", "/api/v1/grants").sends(grant)).await.good();
            let approval = format!("/api/v1/grants/{}/approval", made.json()["id"].as_str().unwrap());
            self.call(APPROVER, Call::new("POST", &approval)).await.good();
        }
    }

    pub fn token(&self, name: &str) -> &str {
        &self.tokens[name]
    }

    /// Calls as somebody.
    pub async fn call(&self, name: &str, call: Call) -> Answer {
        let token = format!("Bearer {}", self.token(name));
        self.send(call.with("authorization", &token)).await
    }

    /// Whether the answer to a call is broken off after its head.
    pub async fn broken_off(&self, name: &str, call: Call) -> bool {
        let request = call.with("authorization", &format!("Bearer {}", self.token(name))).request();
        let response = self.router.clone().oneshot(request).await.unwrap();
        assert!(response.status().is_success(), "{}", response.status());
        response.into_body().collect().await.is_err()
    }

    /// Calls as nobody.
    pub async fn send(&self, call: Call) -> Answer {
        let response = self.router.clone().oneshot(call.request()).await.unwrap();
        let (parts, body) = response.into_parts();
        let octets = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(octets.to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    /// Makes a vehicle with labels; gives its reference.
    pub async fn vehicle(&self, mark: &str, labels: Value) -> String {
        let body = json!({ "kind": "vehicle", "fields": { "vrm": mark, "make": "Ford" }, "labels": labels });
        let make = Call::new("POST", "/api/v1/records").sends(body);
        let made = self.call(MAKER, make).await;
        made.good().json()["ref"].as_str().unwrap().to_owned()
    }
}

/// A new database of a cluster.
fn database(cluster: &Cluster) -> Address {
    cluster.create_database("force").unwrap();
    cluster.url("force").parse().unwrap()
}

/// The account of a role whose holder is in the group.
pub fn member(role: &str) -> String {
    format!("{role} in the group")
}

/// So many published stops of January 2024, some of them at fault.
pub fn stops(rows: u32, faulty_in_a_thousand: u32) -> synth::stops::Plan {
    let january = synth::Month::new(2024, 1).unwrap();
    synth::stops::Plan {
        seed: 7,
        force: "lampshire".to_owned(),
        first: january,
        last: january,
        rows_per_month: rows,
        answers_from: Some(january),
        faulty_in_a_thousand,
        cut_last_row: false,
    }
}

/// The roles of the committed matrix.
pub fn roles() -> Vec<String> {
    Matrix::committed().unwrap().roles.keys().cloned().collect()
}
