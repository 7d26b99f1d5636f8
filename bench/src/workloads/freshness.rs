//! How soon a saved change is found while files are taken in: by whoever saved it, and by somebody else. Several
//! people save, one change after the other, through the door of the shipped program; beside each sits another
//! who searches for the change again and again from the moment at which the saving begins. Now and then one
//! record comes in for which nobody waits, as from another system.

use crate::Fault;
use crate::house;
use crate::load::Load;
use crate::report::{Goal, Report, Row};
use desk::clock::{Clock, MachineClock, id_at};
use desk::record::{Edit, Written};
use desk::take_over::{Named, Origin};
use desk::{Desk, DeskError, Session};
use model::derived::json::set_from_text;
use model::kinds::nominal;
use model::{Body, Labels, RecordId};
use search::Page;
use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use synth::random::Random;
use tokio::task::JoinSet;
use vault::sqlite::SqliteStore;

/// Pause between two searches of whoever looks for a change. It counts towards what is measured.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// Pause between two records for which nobody waits.
const COMES_EVERY: Duration = Duration::from_millis(250);
/// When looking for a change is given up.
const PATIENCE: Duration = Duration::from_secs(30);
/// Others find a saved change within a second.
const WITHIN: Goal = Goal::AtMost(1_000.0);

/// What was measured.
#[derive(Default)]
struct Times {
    /// Until the saving was done.
    saved: Vec<Duration>,
    /// Until its author's first search for it was answered, the saving included.
    author: Vec<Duration>,
    /// Changes that this search did not find.
    missed: u64,
    /// From the begin of the saving until somebody else found it.
    others: Vec<Duration>,
    /// From the moment at which it was durable until somebody found it, where nobody waited.
    unawaited: Vec<Duration>,
}

/// Saves and looks, until the files are taken in.
///
/// # Errors
/// Faults of the door; a change that is not found at all.
pub async fn run(work: Option<&Path>, rows: u64, writers: u32) -> Result<Report, Fault> {
    let house = house::shipped(work).await?;
    house.write_files(rows)?;
    let ended = Arc::new(AtomicBool::new(false));
    let mut people = JoinSet::new();
    for number in 0..writers.max(1) {
        let author = house.another(&format!("author {number}")).await?;
        let other = house.another(&format!("other {number}")).await?;
        let pair = Pair { desk: Arc::clone(&house.desk), author, other, ended: Arc::clone(&ended) };
        people.spawn(pair.work(u64::from(number)));
    }
    let (desk, who) = (Arc::clone(&house.desk), house.administrator.clone());
    let pair = Pair { desk, author: who, other: house.officer.clone(), ended: Arc::clone(&ended) };
    people.spawn(pair.take_over());
    let began = Instant::now();
    let taken = house.take_in().await?.totals.accepted;
    let took = began.elapsed();
    ended.store(true, Ordering::SeqCst);
    let mut times = Times::default();
    while let Some(done) = people.join_next().await {
        times.add(done??);
    }
    let of = |times: Vec<Duration>| Load::of(times, took);
    let (saved, author, others) = (of(times.saved), of(times.author), of(times.others));
    let unawaited = of(times.unawaited);
    Ok(Report::new(format!("freshness --rows {rows} --writers {writers}"))
        .setting("rows taken in meanwhile, a second", format!("{:.0}", taken as f64 / took.as_secs_f64()))
        .setting("seconds that it took", format!("{:.0}", took.as_secs_f64()))
        .setting("people who save one change after the other", writers)
        .setting("changes, every other one of a new record", saved.count())
        .setting("records for which nobody waited", unawaited.count())
        .setting("pause between two looks, ms", LOOK_EVERY.as_millis())
        .row(Row::new("saving, p50", "ms", saved.at(0.5)))
        .row(Row::new("saving, p99", "ms", saved.at(0.99)))
        .row(
            Row::new("changes that their author did not find at once", "", times.missed as f64)
                .goal(Goal::AtMost(0.0)),
        )
        .row(Row::new("saved and found by its author, p50", "ms", author.at(0.5)))
        .row(Row::new("saved and found by its author, p99", "ms", author.at(0.99)))
        .row(Row::new("from its saving until found by another, p50", "ms", others.at(0.5)))
        .row(Row::new("from its saving until found by another, p95", "ms", others.at(0.95)))
        .row(Row::new("from its saving until found by another, p99", "ms", others.at(0.99)).goal(WITHIN))
        .row(Row::new("nobody waits: from durable until found, p50", "ms", unawaited.at(0.5)))
        .row(Row::new("nobody waits: from durable until found, p95", "ms", unawaited.at(0.95)))
        .row(Row::new("nobody waits: from durable until found, p99", "ms", unawaited.at(0.99)).goal(WITHIN)))
}

impl Times {
    fn add(&mut self, more: Self) {
        self.saved.extend(more.saved);
        self.author.extend(more.author);
        self.missed += more.missed;
        self.others.extend(more.others);
        self.unawaited.extend(more.unawaited);
    }
}

/// One who saves and one who looks.
struct Pair {
    desk: Arc<Desk<SqliteStore>>,
    author: Session,
    other: Session,
    ended: Arc<AtomicBool>,
}

impl Pair {
    /// Makes a record and changes it, in turns, until the files are in.
    async fn work(self, number: u64) -> Result<Times, Fault> {
        let mut random = Random::part(number, "surnames");
        let mut times = Times::default();
        while !self.ended.load(Ordering::SeqCst) {
            let new = surname(&mut random);
            let (kind, labels) = (&nominal::KIND, Labels::default());
            let made = self.desk.create_record(&self.author, kind, body(&new)?, labels);
            let made = self.measured(&mut times, &new, made).await?;
            let new = surname(&mut random);
            let edit = Edit {
                record: made.version.record,
                before: made.version.version,
                body: body(&new)?,
                labels: None,
                anew: Vec::new(),
                reason: "measured".to_owned(),
            };
            let changed = self.desk.change_record(&self.author, edit);
            self.measured(&mut times, &new, changed).await?;
        }
        Ok(times)
    }

    /// Saves a change by which a surname is held, while the other looks for it.
    async fn measured(
        &self,
        times: &mut Times,
        surname: &str,
        saving: impl Future<Output = Result<Written, DeskError>>,
    ) -> Result<Written, Fault> {
        let began = Instant::now();
        let looking = async { self.looked_for(surname, began).await };
        let saving = async {
            let written = saving.await?;
            times.saved.push(began.elapsed());
            let is_found = self.finds(&self.author, surname).await?;
            times.author.push(began.elapsed());
            times.missed += u64::from(!is_found);
            Ok::<_, Fault>(written)
        };
        let (written, found) = tokio::try_join!(saving, looking)?;
        times.others.push(found);
        Ok(written)
    }

    /// Lets records come in one by one, for which nobody waits, until the files are in.
    async fn take_over(self) -> Result<Times, Fault> {
        let origin = Origin {
            connector: "bluelamp-bench".to_owned(),
            whole: "records that nobody waits for".to_owned(),
            licence: "synthetic: no real person".to_owned(),
        };
        let mut random = Random::part(0, "surnames that nobody waits for");
        let mut times = Times::default();
        while !self.ended.load(Ordering::SeqCst) {
            let new = surname(&mut random);
            let record = RecordId(id_at(MachineClock.now()));
            let named = Named { record, kind: &nominal::KIND, body: body(&new)? };
            self.desk.take_over(&self.author, &origin, vec![named]).await?;
            times.unawaited.push(self.looked_for(&new, Instant::now()).await?);
            tokio::time::sleep(COMES_EVERY).await;
        }
        Ok(times)
    }

    /// How long after `began` the other finds a surname.
    async fn looked_for(&self, surname: &str, began: Instant) -> Result<Duration, Fault> {
        while began.elapsed() < PATIENCE {
            if self.finds(&self.other, surname).await? {
                return Ok(began.elapsed());
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Err(format!("{surname} was not found within {} s", PATIENCE.as_secs()).into())
    }

    async fn finds(&self, who: &Session, surname: &str) -> Result<bool, Fault> {
        let answers = self.desk.search(who, surname, Page::default()).await?;
        Ok(answers.found.iter().any(|found| found.name.to_lowercase().contains(surname)))
    }
}

/// A surname that nobody else has, nor one near to it.
fn surname(random: &mut Random) -> String {
    const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz";
    (0..12).filter_map(|_| random.pick(LETTERS)).map(|letter| char::from(*letter)).collect()
}

fn body(surname: &str) -> Result<Body, Fault> {
    let mut body = Body::default();
    set_from_text(&nominal::KIND, &mut body, "names[1].surname", surname)
        .map_err(|problem| format!("{}: {}", problem.field, problem.mend))?;
    Ok(body)
}
