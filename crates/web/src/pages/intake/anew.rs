//! All rows with one fault, judged anew: their files are read again from the exchange folder. What was
//! taken in before is held already; what still cannot become a record comes back as rejected.

use crate::house::House;
use crate::pages::sheet::{Part, Sheet};
use crate::pages::turned::{Turned, see};
use crate::pages::typed::Typed;
use crate::pages::visitor::Working;
use crate::pages::words;
use crate::problem::{Problem, Sort};
use crate::runs::{self, Taking};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use components::{BackLink, html};
use desk::intake::Reject;
use intake::rework::base_name;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use vault::store::RecordStore;

const PIECE: usize = 256 * 1024;

pub(super) async fn judge<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    house.desk().check_may_take_in(&who).await?;
    let (field, reason) = (sent.text("field").to_owned(), sent.text("reason").to_owned());
    let rejects = house.desk().rejects(&who).await?;
    let of_fault = rejects.iter().filter(|reject| reject.field == field && reject.reason == reason);
    let wanted: BTreeSet<Wanted> = of_fault.map(Wanted::of).collect();
    if wanted.is_empty() {
        return Err(Problem::new(Sort::NotNow, "No row is rejected for that any more.").into());
    }
    let names: BTreeSet<String> = wanted.iter().map(|file| file.name.clone()).collect();
    let exchange = house.options().exchange.clone();
    let found = tokio::task::spawn_blocking(move || exchange.map(|folder| lying_in(&folder, &wanted)));
    let found = found.await.map_err(|_| Problem::fault("a step was broken off"))?.unwrap_or_default();
    if found.is_empty() {
        return Ok(not_there(&names).shown(&house, &visitor, Part::Intake));
    }
    let what = format!("{} judged anew for “{field}: {reason}”", words::count(found.len() as u64, "file"));
    let (run, _) = runs::begin(&house, who, Taking::of_files(what, found))?;
    Ok(see(&format!("/intake/runs/{}", run.run)))
}

fn not_there(names: &BTreeSet<String>) -> Sheet {
    let main = html! {
        h1 class="govuk-heading-l" { "The files are not there any more" }
        p class="govuk-body" { "Put these files into the exchange folder, unchanged, then judge the rows anew. Rows can also be corrected one by one." }
        ul class="govuk-list govuk-list--bullet" { @for name in names { li { (name) } } }
    };
    let back = BackLink::new("/intake/rejects").text("All rejected rows");
    Sheet::new("The files are not there any more", main).before(back).status(StatusCode::CONFLICT)
}

/// A file whose rows are to be judged anew.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Wanted {
    name: String,
    /// The first octets of its digest, as they stand in the names of its rejects.
    digest: String,
}

impl Wanted {
    fn of(reject: &Reject) -> Self {
        let digest = reject.name.rsplit('/').nth(1).unwrap_or_default();
        Self { name: base_name(&reject.file).to_owned(), digest: digest.to_owned() }
    }
}

/// Where these files lie below a folder; links to folders are not followed.
fn lying_in(folder: &Path, wanted: &BTreeSet<Wanted>) -> Vec<PathBuf> {
    let mut folders = vec![folder.to_owned()];
    let mut found: Vec<(String, PathBuf)> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                Ok(kind) if kind.is_file() => found.extend(meant(&entry.path(), wanted)),
                _ => {}
            }
        }
    }
    found.sort();
    found.dedup_by(|one, other| one.0 == other.0);
    found.into_iter().map(|(_, path)| path).collect()
}

/// A file with its digest, where it is one of those wanted.
fn meant(path: &Path, wanted: &BTreeSet<Wanted>) -> Option<(String, PathBuf)> {
    let name = path.file_name()?.to_str()?;
    if !wanted.iter().any(|file| file.name == name) {
        return None;
    }
    let digest = digest_of(path).ok()?;
    let is_meant = wanted.iter().any(|file| file.name == name && digest.starts_with(&file.digest));
    is_meant.then(|| (digest, path.to_owned()))
}

fn digest_of(path: &Path) -> io::Result<String> {
    let (mut file, mut hash) = (File::open(path)?, Sha256::new());
    let mut piece = vec![0; PIECE];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hex::encode(hash.finalize())),
            read => hash.update(piece.get(..read).unwrap_or_default()),
        }
    }
}
