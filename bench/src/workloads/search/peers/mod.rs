//! The engines that are measured: ours and its peers. Each runs in a process of its own, so that each has
//! its own memory.

mod logged;
mod ours;
mod postgres;
mod postgres_query;
mod soundex;
mod sqlite;
mod substring;

pub use ours::{Ours, entry, typed};

use super::needs::Need;
use super::records::Record;
use crate::Fault;
use crate::arguments::EngineName;
use async_trait::async_trait;
use search::Weights;
use std::collections::BTreeMap;
use std::path::Path;
use uuid::Uuid;

/// What an engine answered.
#[derive(Debug, Clone, Default)]
pub struct Answered {
    /// What it was asked, in its own language.
    pub asked: String,
    /// Answers in all.
    pub total: u64,
    /// The first of them, best first.
    pub ids: Vec<Uuid>,
    /// Why there is no answer, where the query could not be read.
    pub error: Option<String>,
}

/// What an engine takes of the machine.
#[derive(Debug, Clone, Default)]
pub struct Cost {
    /// Memory held now, in MiB.
    pub memory_mib: f64,
    /// The most memory held, in MiB.
    pub peak_mib: f64,
    /// Room on disk, in MiB.
    pub disk_mib: Option<f64>,
    /// Settings and versions.
    pub settings: BTreeMap<String, String>,
}

/// An engine that holds records and answers needs.
#[async_trait]
pub trait Engine: Send {
    /// The peers of the table as which it answers: one engine may be asked in several ways.
    fn peers(&self) -> Vec<&'static str>;

    /// Whether ranks below the first 20 are of use.
    fn is_deep(&self) -> bool {
        true
    }

    /// Whether it lies in memory and gives all answers at once: then it is asked once.
    fn is_in_memory(&self) -> bool {
        false
    }

    /// Takes records in.
    async fn put(&mut self, records: Vec<Record>) -> Result<(), Fault>;

    /// Makes everything that was taken in ready to be found.
    async fn finish(&mut self) -> Result<(), Fault>;

    /// Answers a need, with so many answers at most.
    async fn ask(&mut self, peer: &'static str, need: &Need, most: usize) -> Result<Answered, Fault>;

    /// What it takes of the machine.
    async fn cost(&mut self) -> Result<Cost, Fault>;
}

/// Starts an engine; `None` where this machine has not got it. Only ours counts with these costs.
///
/// # Errors
/// Whatever stops it.
pub async fn open(
    name: EngineName,
    work: Option<&Path>,
    weights: Weights,
) -> Result<Option<Box<dyn Engine>>, Fault> {
    Ok(Some(match name {
        EngineName::Ours => Box::new(Ours::open(work, weights).await?),
        EngineName::OursLogged => Box::new(logged::Logged::open(work).await?),
        EngineName::Postgres => match postgres::Postgres::open().await? {
            Some(postgres) => Box::new(postgres),
            None => return Ok(None),
        },
        EngineName::Sqlite => Box::new(sqlite::Sqlite::open(work).await?),
        EngineName::Soundex => Box::new(soundex::Soundex::default()),
        EngineName::Substring => Box::new(substring::Substring::default()),
    }))
}

/// Octets of all files in a folder, in MiB.
fn size_mib(folder: &Path) -> Result<f64, Fault> {
    let (mut octets, mut folders) = (0, vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let about = entry.metadata()?;
            match about.is_dir() {
                true => folders.push(entry.path()),
                false => octets += about.len(),
            }
        }
    }
    Ok(octets as f64 / 1_048_576.0)
}

/// What this process takes, with settings.
fn own_cost(disk_mib: Option<f64>, settings: &[(&str, &str)]) -> Result<Cost, Fault> {
    let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Ok(Cost {
        memory_mib: crate::process::memory_mib()?,
        peak_mib: crate::process::peak_mib()?,
        disk_mib,
        settings,
    })
}

/// The folded words of a text, each once.
fn words_of(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in super::flat::plain(text).split(|letter: char| !letter.is_alphanumeric()) {
        if !word.is_empty() && !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
    words
}
