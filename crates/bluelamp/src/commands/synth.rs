//! `bluelamp synth`: a synthetic force, written to a folder or taken over by the deployment.

use crate::arguments::Arguments;
use crate::output::{self, Complaint, grouped};
use crate::session::{Door, at_door};
use clap::Args;
use desk::Session;
use desk::take_over::{Named, Origin, TakenOver};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;
use synth::force::{Force, Household, Plan};

/// Records to a transaction, or a few more: a household is never split.
const BATCH: usize = 1_024;

/// Arguments of `synth`.
#[derive(Debug, Args)]
pub struct SynthArguments {
    /// Nominals to make, repeated records of one person included.
    #[arg(long, default_value_t = 1_000)]
    pub nominals: u64,
    /// The same seed and size give the same force.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Write JSON lines, the truth and published files here, and leave the deployment alone.
    #[arg(long)]
    pub out: Option<PathBuf>,
}

pub async fn run(arguments: &Arguments, wanted: &SynthArguments) -> Result<(), Complaint> {
    let plan = Plan { seed: wanted.seed, nominals: wanted.nominals };
    match &wanted.out {
        Some(folder) => write(arguments, plan, folder),
        None => {
            let loaded = at_door(arguments, async |desk, who| load(desk, who, plan).await).await?;
            say(arguments, plan, &loaded)
        }
    }
}

fn write(arguments: &Arguments, plan: Plan, folder: &Path) -> Result<(), Complaint> {
    let (bar, began) = (bar(plan), Instant::now());
    let written = synth::write::write(folder, plan, |nominals| bar.set_position(nominals));
    bar.finish_and_clear();
    let written = written?;
    let seconds = began.elapsed().as_secs_f64();
    if arguments.json {
        return output::json(&json!({
            "nominals": plan.nominals, "seed": plan.seed, "folder": folder, "seconds": seconds, "written": written,
        }));
    }
    print_kinds(&written.records)?;
    output::line(&format!(
        "  {} people in {} households; {} acts of reading, of which {} are browsing",
        grouped(written.people),
        grouped(written.households),
        grouped(written.reads),
        grouped(written.browsing)
    ))?;
    let records = written.records.values().sum();
    output::line(&format!("  {} in {}", rate(records, seconds), folder.display()))
}

/// What was taken over.
#[derive(Debug, Default)]
pub(super) struct Loaded {
    records: BTreeMap<String, u64>,
    taken: TakenOver,
    seconds: f64,
}

/// Takes a force over household by household; no more than a batch is held in memory.
pub(super) async fn load(desk: &Door, who: &Session, plan: Plan) -> Result<Loaded, Complaint> {
    let (bar, began) = (bar(plan), Instant::now());
    let origin = Origin {
        connector: "bluelamp-synth 1".to_owned(),
        whole: format!("synthetic force, seed {}", plan.seed),
        licence: "synthetic: no real person".to_owned(),
    };
    let mut loaded = Loaded::default();
    let mut batch = Vec::with_capacity(2 * BATCH);
    for household in Force::new(plan)? {
        bar.inc(gather(household, &mut batch, &mut loaded.records));
        if batch.len() >= BATCH {
            loaded.add(desk.take_over(who, &origin, std::mem::take(&mut batch)).await?);
        }
    }
    loaded.add(desk.take_over(who, &origin, batch).await?);
    bar.finish_and_clear();
    desk.settle_intake().await?;
    loaded.seconds = began.elapsed().as_secs_f64();
    Ok(loaded)
}

/// Adds a household's records to the batch; gives how many nominals are among them.
fn gather(household: Household, batch: &mut Vec<Named>, records: &mut BTreeMap<String, u64>) -> u64 {
    let mut nominals = 0;
    for made in household.records {
        *records.entry(made.kind.name.to_owned()).or_default() += 1;
        nominals += u64::from(made.truth.is_some());
        batch.push(Named { record: made.id, kind: made.kind, body: made.body });
    }
    nominals
}

impl Loaded {
    /// Records in all, and in how many seconds they came in and could be found.
    pub(super) fn records_and_seconds(&self) -> (u64, f64) {
        (self.records.values().sum(), self.seconds)
    }

    fn add(&mut self, taken: TakenOver) {
        self.taken.accepted += taken.accepted;
        self.taken.repeated += taken.repeated;
    }
}

fn say(arguments: &Arguments, plan: Plan, loaded: &Loaded) -> Result<(), Complaint> {
    let records: u64 = loaded.records.values().sum();
    if arguments.json {
        return output::json(&json!({
            "nominals": plan.nominals, "seed": plan.seed, "records": loaded.records,
            "accepted": loaded.taken.accepted, "repeated": loaded.taken.repeated,
            "seconds": loaded.seconds, "records_per_second": records as f64 / loaded.seconds.max(0.001),
        }));
    }
    print_kinds(&loaded.records)?;
    output::line(&format!(
        "  {} taken over, {} held before; {}, all of them found",
        grouped(loaded.taken.accepted),
        grouped(loaded.taken.repeated),
        rate(records, loaded.seconds)
    ))
}

fn print_kinds(records: &BTreeMap<String, u64>) -> Result<(), Complaint> {
    output::lines(records.iter().map(|(kind, count)| format!("  {kind:<18} {:>12}", grouped(*count))))
}

fn rate(records: u64, seconds: f64) -> String {
    let rate = records as f64 / seconds.max(0.001);
    format!("{} records in {seconds:.1} s, {} a second", grouped(records), grouped(rate as u64))
}

fn bar(plan: Plan) -> ProgressBar {
    let bar = ProgressBar::new(plan.nominals);
    let form = "{bar:30} {percent}%  {pos} of {len} nominals, {per_sec}, {eta} left";
    bar.set_style(ProgressStyle::with_template(form).unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}
