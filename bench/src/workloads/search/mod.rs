//! How well and how fast records are found, by ours and by peers: the same records, the same needs, the
//! same machine, one after the other, each engine in a process of its own. docs/search-quality.md has the
//! method; [`raw`] what is written, from which [`table`] is computed.

mod flat;
mod measure;
pub mod needs;
mod peers;
mod raw;
pub mod records;
mod table;

pub use flat::{flat, national};
pub use peers::{Engine, Ours, entry, typed};

use crate::Fault;
use crate::arguments::{EngineName, Part, SearchArguments};
use crate::report::Print;
use crate::workloads::weights::file;
use model::kinds::nominal;
use needs::Need;
use peers::Answered;
use raw::{Answer, Entry, Seen};
use records::{Ids, Records};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use table::Table;
use uuid::Uuid;

/// Ranks are looked at down to this one: as far as our index pages.
const DEPTH: usize = 10_000;
/// Answers of a page, for which the time is taken.
const PAGE: usize = 20;
/// Records after which progress is told.
const TELL_EVERY: u64 = 100_000;

/// Measures every engine that is asked for, and makes the table.
///
/// # Errors
/// Files that cannot be read, by line; an engine that fails.
pub fn run(work: Option<&Path>, wanted: &SearchArguments) -> Result<Table, Fault> {
    announce(wanted.part);
    if wanted.weights.is_some() && wanted.peers.contains(&EngineName::OursLogged) {
        return Err("only ours counts with other costs (--weights): leave ours-logged out of --peers".into());
    }
    let needs = needs::read(&wanted.needs, wanted.part, wanted.most)?;
    let (records, nominals) = check(&wanted.records, &needs)?;
    tell(&format!("{records} records, {nominals} of them nominals; {} needs", needs.len()));
    let mut out = File::create(&wanted.raw)
        .map_err(|error| format!("{} cannot be written: {error}", wanted.raw.display()))?;
    let run = Entry::Run { command: command(wanted), records, nominals, part: wanted.part };
    writeln!(out, "{}", serde_json::to_string(&run)?)?;
    for engine in &wanted.peers {
        let part = wanted.raw.with_extension(format!("{engine}.part"));
        in_a_process(work, wanted, *engine, &part)?;
        std::io::copy(&mut File::open(&part)?, &mut out)?;
        std::fs::remove_file(&part)?;
    }
    out.sync_all()?;
    Table::of(raw::read(&wanted.raw)?)
}

/// One engine, in this process.
///
/// # Errors
/// Whatever stops it.
pub async fn once(work: Option<&Path>, name: EngineName, wanted: &SearchArguments) -> Result<Quiet, Fault> {
    let needs = needs::read(&wanted.needs, wanted.part, wanted.most)?;
    let mut out = BufWriter::new(OpenOptions::new().create(true).append(true).open(&wanted.raw)?);
    let weights = wanted.weights.as_deref().map(file::read).transpose()?.unwrap_or_default();
    let Some(mut engine) = peers::open(name, work, weights).await? else {
        tell(&format!("{name} is not installed on this machine: left out of the table"));
        return Ok(Quiet);
    };
    let (mut held, ids) = load(name, &mut *engine, &wanted.records).await?;
    for peer in engine.peers() {
        tell(&format!("{peer}: {} needs", needs.len()));
        for answer in answers(&mut *engine, peer, &needs, &ids).await? {
            writeln!(out, "{}", serde_json::to_string(&Entry::Answer(answer))?)?;
        }
    }
    let cost = engine.cost().await?;
    held.memory_mib = cost.memory_mib;
    held.peak_mib = cost.peak_mib;
    held.disk_mib = cost.disk_mib;
    held.settings = cost.settings;
    held.peers = engine.peers().into_iter().map(str::to_owned).collect();
    writeln!(out, "{}", serde_json::to_string(&Entry::Engine(held))?)?;
    out.flush()?;
    Ok(Quiet)
}

/// What one engine's process prints: nothing, its figures are in the raw file.
pub struct Quiet;

impl Print for Quiet {
    fn print(&self, _: bool) -> Result<(), Fault> {
        Ok(())
    }
}

fn announce(part: Part) {
    let loud = match part {
        Part::Development => "DEVELOPMENT PART: for building and tuning; not for the published table",
        Part::Reported => "*** REPORTED PART ***: for the published table alone; nothing may be tuned on it",
        Part::All => "*** BOTH PARTS ***: includes the reported part; nothing may be tuned on it",
    };
    tell(loud);
}

/// Progress, on standard error: standard output is the table's.
pub fn tell(line: &str) {
    // Nothing is left to be done where even standard error is closed.
    let _ = writeln!(std::io::stderr().lock(), "bluelamp-bench: {line}");
}

fn command(wanted: &SearchArguments) -> String {
    let peers: Vec<&str> = wanted.peers.iter().map(|peer| peer.word()).collect();
    let most = wanted.most.map_or_else(String::new, |most| format!(" --most {most}"));
    let weights = wanted.weights.as_ref().map(|path| format!(" --weights {}", path.display()));
    let weights = weights.unwrap_or_default();
    format!(
        "search --records {} --needs {} --raw {} --part {} --peers {}{most}{weights}",
        wanted.records.display(),
        wanted.needs.display(),
        wanted.raw.display(),
        wanted.part.word(),
        peers.join(",")
    )
}

/// Reads all records once, before any engine is started: a bad line, an identity that stands twice, or a
/// relevant record that is not there. Gives how many records there are and how many nominals.
pub fn check(path: &Path, needs: &[Need]) -> Result<(u64, u64), Fault> {
    let mut records = Records::open(path)?;
    let (mut held, mut nominals) = (HashSet::new(), 0u64);
    while let Some(record) = records.next()? {
        nominals += u64::from(record.kind.number == nominal::KIND.number);
        if !held.insert(record.id) {
            let id = records.ids.write(record.id);
            return Err(records.fault(format!("the record “{id}” stands twice")));
        }
    }
    for need in needs {
        let missing = need.relevant.iter().find(|relevant| !held.contains(&records::id_of(&relevant.id)));
        if let Some(missing) = missing {
            return Err(format!(
                "the need “{}” has the relevant record “{}”, which is not in {}",
                need.need,
                missing.id,
                path.display()
            )
            .into());
        }
    }
    Ok((held.len() as u64, nominals))
}

fn in_a_process(
    work: Option<&Path>,
    wanted: &SearchArguments,
    engine: EngineName,
    part: &PathBuf,
) -> Result<(), Fault> {
    // A part that a run left which was cut off is none of this run's.
    File::create(part).map_err(|error| format!("{} cannot be written: {error}", part.display()))?;
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("search-once").args(["--engine", engine.word(), "--part", wanted.part.word()]);
    command.arg("--records").arg(&wanted.records).arg("--needs").arg(&wanted.needs).arg("--raw").arg(part);
    if let Some(most) = wanted.most {
        command.args(["--most", &most.to_string()]);
    }
    if let Some(weights) = &wanted.weights {
        command.arg("--weights").arg(weights);
    }
    if let Some(work) = work {
        command.arg("--work").arg(work);
    }
    match command.status()?.success() {
        true => Ok(()),
        false => Err(format!("{engine} failed; what it said stands above").into()),
    }
}

/// Hands all records to an engine; only its own work counts as indexing.
///
/// # Errors
/// A line that is no record, by its number; what the engine said.
pub async fn load(
    name: EngineName,
    engine: &mut dyn Engine,
    path: &Path,
) -> Result<(raw::Engine, Ids), Fault> {
    let mut records = Records::open(path)?;
    let (mut held, mut took) = (0u64, Duration::ZERO);
    loop {
        let batch = records.batch()?;
        if batch.is_empty() {
            break;
        }
        let count = batch.len() as u64;
        let began = Instant::now();
        engine.put(batch).await?;
        took += began.elapsed();
        if (held + count) / TELL_EVERY > held / TELL_EVERY {
            tell(&format!("{name}: {} records, {:.0} s", held + count, took.as_secs_f64()));
        }
        held += count;
    }
    let began = Instant::now();
    engine.finish().await?;
    took += began.elapsed();
    tell(&format!("{name}: {held} records ready after {:.1} s", took.as_secs_f64()));
    let engine = raw::Engine {
        engine: name.word().to_owned(),
        records: held,
        indexing_seconds: took.as_secs_f64(),
        ..raw::Engine::default()
    };
    Ok((engine, records.ids))
}

/// Asks every need twice: first deep, for the ranks, which warms what can be warmed; then for a page, with
/// the clock running. What lies in memory and gives all answers is asked once.
async fn answers(
    engine: &mut dyn Engine,
    peer: &'static str,
    needs: &[Need],
    ids: &Ids,
) -> Result<Vec<Answer>, Fault> {
    let (is_once, depth) = (engine.is_in_memory(), if engine.is_deep() { DEPTH } else { PAGE });
    let mut ranked: Vec<Vec<Seen>> = Vec::new();
    for need in needs.iter().filter(|_| !is_once) {
        ranked.push(seen(need, &engine.ask(peer, need, depth).await?.ids, ids));
    }
    let mut ranked = ranked.into_iter();
    let mut answers = Vec::with_capacity(needs.len());
    for need in needs {
        let began = Instant::now();
        let page = engine.ask(peer, need, PAGE).await?;
        let took = began.elapsed();
        let depth = if is_once { page.ids.len().max(DEPTH) } else { depth };
        let seen = ranked.next().unwrap_or_else(|| seen(need, &page.ids, ids));
        let answer = Answer { depth: depth as u64, seen, ..answer(peer, need, page, took, ids) };
        answers.push(answer);
    }
    Ok(answers)
}

/// Where the relevant stand among answers.
fn seen(need: &Need, found: &[Uuid], ids: &Ids) -> Vec<Seen> {
    let relevant: HashMap<Uuid, u8> =
        need.relevant.iter().map(|relevant| (records::id_of(&relevant.id), relevant.grade)).collect();
    let seen = found.iter().zip(1..).filter_map(|(id, rank)| {
        let grade = *relevant.get(id)?;
        Some(Seen { rank, grade, id: ids.write(*id) })
    });
    seen.collect()
}

fn answer(peer: &str, need: &Need, page: Answered, took: Duration, ids: &Ids) -> Answer {
    let mut relevant = BTreeMap::new();
    for one in &need.relevant {
        *relevant.entry(one.grade).or_insert(0) += 1;
    }
    Answer {
        peer: peer.to_owned(),
        need: need.need.clone(),
        type_of: need.type_of.clone(),
        flags: need.flags.clone(),
        asked: page.asked,
        error: page.error,
        ms: took.as_secs_f64() * 1e3,
        total: page.total,
        depth: 0,
        relevant: relevant.into_iter().collect(),
        seen: Vec::new(),
        first: page.ids.iter().take(PAGE).map(|id| ids.write(*id)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::NeedsArguments;
    use crate::workloads::needs as maker;

    fn made() -> (tempfile::TempDir, SearchArguments) {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().to_owned();
        let wanted =
            NeedsArguments { nominals: 400, seed: 2, out: out.clone(), names: 30, judged: 4, people: false };
        maker::run(&wanted).unwrap();
        let wanted = SearchArguments {
            records: out.join("records.jsonl"),
            needs: out.join("needs.jsonl"),
            raw: out.join("raw.jsonl"),
            peers: EngineName::ALL.to_vec(),
            part: Part::All,
            most: None,
            weights: None,
        };
        (folder, wanted)
    }

    /// Every engine holds the same records and is asked the same; PostgreSQL where it is installed.
    #[tokio::test(flavor = "multi_thread")]
    async fn a_whole_run() {
        let (_folder, wanted) = made();
        let needs = needs::read(&wanted.needs, wanted.part, None).unwrap();
        let (records, nominals) = check(&wanted.records, &needs).unwrap();
        let run = Entry::Run { command: command(&wanted), records, nominals, part: wanted.part };
        std::fs::write(&wanted.raw, format!("{}\n", serde_json::to_string(&run).unwrap())).unwrap();
        for engine in &wanted.peers {
            once(None, *engine, &wanted).await.unwrap();
        }
        let entries = raw::read(&wanted.raw).unwrap();
        let held = entries.iter().filter_map(|entry| match entry {
            Entry::Engine(engine) => Some(engine.records),
            _ => None,
        });
        assert!(held.clone().count() >= 5 && held.into_iter().all(|held| held == records));
        let answers: Vec<&Answer> = entries
            .iter()
            .filter_map(|entry| match entry {
                Entry::Answer(answer) => Some(answer),
                _ => None,
            })
            .collect();
        let of = |peer: &str, type_of: &str| -> measure::Measures {
            let of_peer = answers.iter().filter(|one| one.peer == peer && one.type_of == type_of).copied();
            measure::Measures::of(peer, &of_peer.collect::<Vec<_>>()).unwrap()
        };
        // What the records say in the same words is found by everybody that looks for words.
        for peer in ["ours", "ours-logged", "sqlite-fts5", "soundex", "substring"] {
            assert_eq!(of(peer, "street-name").recall_20.mean, 1.0, "{peer}");
        }
        // Two letters wrong are found by trigrams, and hardly by Soundex.
        assert!(of("sqlite-fts5", needs::NAME_TEST).recall_20.mean > 0.8);
        assert!(of("soundex", needs::NAME_TEST).recall_20.mean < 0.6);
        if answers.iter().any(|answer| answer.peer == "postgres-0.2") {
            assert!(of("postgres-0.2", needs::NAME_TEST).recall_20.mean > 0.9);
        }
        Table::of(entries).unwrap();
    }

    #[test]
    fn a_file_that_contradicts_itself_is_refused() {
        let (_folder, wanted) = made();
        let mut needs = needs::read(&wanted.needs, Part::All, Some(1)).unwrap();
        let text = std::fs::read_to_string(&wanted.records).unwrap();
        let twice = format!("{text}{}\n", text.lines().next().unwrap());
        std::fs::write(&wanted.records, twice).unwrap();
        let error = check(&wanted.records, &needs).unwrap_err().to_string();
        assert!(error.contains("stands twice") && error.contains("line "), "{error}");
        std::fs::write(&wanted.records, text).unwrap();
        needs[0].relevant[0].id = "nobody".to_owned();
        let error = check(&wanted.records, &needs).unwrap_err().to_string();
        assert!(error.contains("“nobody”, which is not in"), "{error}");
    }
}
