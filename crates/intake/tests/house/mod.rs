//! An embedded deployment with four small files of our own, and the people who work there.
#![allow(dead_code, reason = "each test program uses a part of it")]

use desk::clock::MachineClock;
use desk::deployment::Settings;
use desk::erasure::{Job, Part};
use desk::intake::{Counts, IncomingRow, IntakeRun, Position, RejectedRow, SourceFile};
use desk::record::{Edit, editable};
use desk::{Deployment, Desk, DeskError, Session};
use intake::police_uk::DataPoliceUk;
use intake::police_uk::crimes::{OUTCOME_COLUMNS, STREET_COLUMNS};
use intake::{Door, IntakeError, Options, Report};
use model::kinds::crime;
use model::kinds::provenance as from;
use model::{Body, ForceId, Labels, RecordId};
use search::Page;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tempfile::TempDir;
use vault::AnyStore;
use vault::Plain;

pub const STREET_1: usize = 0;
pub const STREET_2: usize = 1;
pub const OUTCOMES_2: usize = 2;
pub const OUTCOMES_3: usize = 3;

/// A street row of the crime whose id is this letter 64 times; a blank id for a blank.
pub fn street(id: char, place: &str, last: &str) -> String {
    let id = id.to_string().repeat(64);
    format!(
        "{},2024-01,Wessex Police,Wessex Police,-0.106453,51.518207,On or near {place},E01000916,Wessex 027B,Burglary,{last},",
        id.trim()
    )
}

/// A row of an outcomes file.
pub fn outcome(id: char, month: &str, kind: &str) -> String {
    let id = id.to_string().repeat(64);
    format!(
        "{id},{month},Wessex Police,Wessex Police,-0.106453,51.518207,On or near Mill Lane,E01000916,Wessex 027B,{kind}"
    )
}

/// The files by name, with these rows more in the last.
pub fn files_of(more: &[String]) -> Vec<(&'static str, String)> {
    let noise = street(' ', "Kestrel Yard", "").replace("Burglary", "Anti-social behaviour");
    let file = |columns: &[&str], rows: &[String]| columns.join(",") + "\n" + &rows.join("\n") + "\n";
    let first = [
        street('a', "Mill Lane", "Under investigation"),
        street('b', "High Street", "Under investigation"),
        street('a', "Mill Lane", "Under investigation"),
        noise.clone(),
        street('a', "Mill Lane", "Local resolution"),
        noise,
    ];
    let second =
        [street('b', "High Street", "Local resolution"), street('c', "Station Road", "Under investigation")];
    let third = [
        outcome('a', "2024-02", "Suspect charged"),
        outcome('b', "2024-02", "Local resolution"),
        outcome('a', "2024-02", "Suspect charged"),
        outcome('d', "2024-02", "Local resolution"),
    ];
    let mut fourth =
        vec![outcome('b', "2024-03", "Suspect charged"), outcome('a', "2024-03", "Offender given a caution")];
    fourth.extend_from_slice(more);
    vec![
        ("2024-01-wessex-street.csv", file(STREET_COLUMNS, &first)),
        ("2024-02-wessex-street.csv", file(STREET_COLUMNS, &second)),
        ("2024-02-wessex-outcomes.csv", file(OUTCOME_COLUMNS, &third)),
        ("2024-03-wessex-outcomes.csv", file(OUTCOME_COLUMNS, &fourth)),
    ]
}

/// A deployment with its people.
pub struct House {
    pub deployment: Deployment,
    pub administrator: Session,
    pub reviewer: Session,
    pub auditor: Session,
    /// A records reviewer who is in the restriction group `op-lantern`.
    pub member: Session,
    places: TempDir,
}

impl House {
    pub async fn new() -> Self {
        let places = tempfile::tempdir().unwrap();
        let root = places.path().join("data");
        let settings = Settings {
            force: ForceId(uuid::Uuid::from_u128(7)),
            name: "Lampshire Police".to_owned(),
            log: "lampshire.example/bluelamp".to_owned(),
            erasure_wait_hours: 0,
            provider: None,
            clamd: None,
            archives: Vec::new(),
            sign_in: desk::sign_in::Limits::default(),
            store: None,
            keystore: None,
        };
        Deployment::create(&root, &settings).unwrap();
        let deployment = Deployment::open(&root, Arc::new(MachineClock)).await.unwrap();
        let people = [("A", "administrator"), ("R", "records-reviewer"), ("U", "auditor")];
        let made = deployment.desk.first_accounts(people).await.unwrap();
        let mut sessions = Vec::new();
        for account in &made {
            let session = deployment.desk.sign_in(&account.token).await.unwrap().unwrap();
            sessions.push(session.for_purpose("a test"));
        }
        let administrator: &Session = &sessions[0];
        let member = deployment.desk.add_account(administrator, "M", &["records-reviewer"]).await.unwrap();
        put_into(&deployment.desk, administrator, "M", "op-lantern").await;
        let member = deployment.desk.sign_in(&member.token).await.unwrap().unwrap().for_purpose("a test");
        let folder = places.path().join("published");
        std::fs::create_dir(&folder).unwrap();
        for (name, text) in files_of(&[]) {
            std::fs::write(folder.join(name), text).unwrap();
        }
        let [administrator, reviewer, auditor] = sessions.try_into().unwrap();
        Self { deployment, administrator, reviewer, auditor, member, places }
    }

    pub fn desk(&self) -> &Desk<AnyStore> {
        &self.deployment.desk
    }

    pub fn folder(&self) -> PathBuf {
        self.places.path().join("published")
    }

    pub fn files(&self) -> Vec<PathBuf> {
        files_of(&[]).iter().map(|(name, _)| self.folder().join(name)).collect()
    }

    pub async fn take_in(&self, path: &Path, batch_rows: usize) -> Report {
        let report = self.try_take_in(self.desk(), path, batch_rows).await.unwrap();
        assert!(report.refused.is_empty(), "{:?}", report.refused);
        self.desk().settle_intake().await.unwrap();
        report
    }

    pub async fn try_take_in<D: Door<Who = Session>>(
        &self,
        door: &D,
        path: &Path,
        batch_rows: usize,
    ) -> Result<Report, IntakeError> {
        let options = Options { batch_rows, ..Options::default() };
        intake::run(door, &self.administrator, &DataPoliceUk, path, &options, |_| {}).await
    }

    async fn records(&self, query: &str) -> Vec<RecordId> {
        let page = Page { offset: 0, limit: 100 };
        self.desk().settle_intake().await.unwrap();
        let answers = self.desk().search(&self.reviewer, query, page).await.unwrap();
        answers.found.iter().map(|found| found.record).collect()
    }

    pub async fn open(&self, record: RecordId) -> Plain {
        self.desk().open_record(&self.member, record).await.unwrap()
    }

    /// Every crime but for when it was taken in, in the order of what they say.
    pub async fn crimes(&self) -> Vec<Body> {
        let mut crimes = Vec::new();
        for record in self.records("kind:crime").await {
            let plain = self.desk().open_record(&self.reviewer, record).await.unwrap();
            let mut body = editable(&plain);
            let mut origins = body.get(crime::PROVENANCE).unwrap_or_default();
            for origin in &mut origins {
                origin.remove(from::TAKEN_IN.number());
            }
            body.set(crime::PROVENANCE, origins);
            crimes.push(body);
        }
        crimes.sort_by_cached_key(|body| format!("{body:?}"));
        crimes
    }

    pub async fn find(&self, id: &str) -> (RecordId, Body) {
        let found = self.records(&format!("published-id:{id}")).await;
        assert_eq!(found.len(), 1, "{id}");
        (found[0], editable(&self.desk().open_record(&self.reviewer, found[0]).await.unwrap()))
    }

    pub async fn change(&self, record: RecordId, body: Body, labels: Option<Labels>) {
        let plain = self.desk().open_record(&self.reviewer, record).await.unwrap();
        let before = plain.row().version.version;
        let reason = "from the notebook".to_owned();
        let edit = Edit { record, before, body, labels, anew: Vec::new(), reason };
        self.desk().change_record(&self.reviewer, edit).await.unwrap();
    }

    /// Plans, approves and runs an erasure.
    pub async fn erase(&self, record: RecordId, field: Option<&str>) -> Job {
        let desk = self.desk();
        let part = field.map_or(Part::Whole, Part::Field);
        let job = desk.plan_erasure(&self.reviewer, record, part, "DPA 2018 s.47(1)(a)").await.unwrap();
        let second = desk.add_account(&self.administrator, "Second", &["records-reviewer"]).await.unwrap();
        let second = desk.sign_in(&second.token).await.unwrap().unwrap().for_purpose("a test");
        desk.approve_erasure(&second, &job.id).await.unwrap();
        desk.run_erasure(&self.reviewer, &job.id).await.unwrap()
    }
}

/// Puts an account into a restriction group: the administrator proposes, a second person approves.
pub async fn put_into(desk: &Desk<AnyStore>, administrator: &Session, name: &str, group: &str) {
    let second = format!("{name} approver");
    let approver = desk.add_account(administrator, &second, &["data-protection-officer"]).await.unwrap();
    let approver = desk.sign_in(&approver.token).await.unwrap().unwrap();
    let days = (None, jiff::civil::date(2099, 12, 31));
    let grant = desk.propose_grant(administrator, name, group, days, "a test").await.unwrap();
    desk.approve_grant(&approver, &grant.id).await.unwrap();
}

/// The house's door, which fails after so many batches as a kill would.
pub struct Failing<'h> {
    house: &'h House,
    left: AtomicI64,
}

impl<'h> Failing<'h> {
    pub fn after(house: &'h House, batches: i64) -> Self {
        Self { house, left: AtomicI64::new(batches) }
    }
}

impl Door for Failing<'_> {
    type Who = Session;
    type Run = IntakeRun;

    async fn begin_intake(&self, who: &Session, file: SourceFile) -> Result<IntakeRun, DeskError> {
        self.house.desk().begin_intake(who, file).await
    }

    async fn take_in(
        &self,
        who: &Session,
        run: &mut IntakeRun,
        rows: Vec<IncomingRow>,
        rejects: Vec<RejectedRow>,
        to: Position,
    ) -> Result<(), DeskError> {
        if self.left.fetch_sub(1, Ordering::Relaxed) <= 0 {
            return Err(DeskError::Unusable("the power went out".to_owned()));
        }
        self.house.desk().take_in(who, run, rows, rejects, to).await
    }

    async fn end_intake(&self, who: &Session, run: IntakeRun) -> Result<Counts, DeskError> {
        self.house.desk().end_intake(who, run).await
    }

    fn position(&self, run: &IntakeRun) -> Position {
        run.position
    }

    fn rows(&self, run: &IntakeRun) -> u64 {
        run.counts.rows
    }
}
