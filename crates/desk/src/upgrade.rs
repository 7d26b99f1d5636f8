//! The way back from an upgrade. Where this release finds files that an earlier one wrote, and is about to
//! bring their schema up to date, it first copies them into a folder beside the deployment's. Beside, and not
//! in it: an erasure scans the deployment's own, and must find nothing there. Such a copy is a copy like any
//! other: the next turn of the epoch makes its keystore useless, and with that what was erased since.

use crate::backup::copy_plain;
use crate::deployment::Places;
use crate::error::DeskError;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use vault::sqlite::{SqliteKeys, SqliteStore, copy_file};

/// Copies what is about to be upgraded; gives the folder of the copy, or nothing where nothing is upgraded.
/// Whoever calls it holds the deployment, and nobody writes.
///
/// # Errors
/// Where the copy cannot be made; then nothing may be upgraded.
pub(crate) async fn keep_way_back(places: &Places) -> Result<Option<PathBuf>, DeskError> {
    let (records, keys) = (places.records(), places.keys());
    // One without the other is a deployment whose making was cut off: it holds nothing.
    if !(records.exists() && keys.exists()) {
        return Ok(None);
    }
    let of_records = SqliteStore::schema_before(&records).await?;
    let of_keys = SqliteKeys::schema_before(&keys).await?;
    let Some(schema) = of_records.or(of_keys) else { return Ok(None) };
    check_space(places, &[&records, &keys])?;
    let folder = free_folder(places.root(), schema)?;
    let unfinished = with_end(&folder, ".unfinished");
    make_anew(&unfinished)?;
    for file in [&records, &keys] {
        copy_file(file, &unfinished.join(name_of(file))).await.map_err(DeskError::not_now)?;
    }
    for name in ["deployment.toml", "newest.checkpoint"] {
        copy_plain(&places.root().join(name), &unfinished.join(name))?;
    }
    std::fs::rename(&unfinished, &folder).map_err(at(&folder))?;
    tracing::warn!(
        target: "bluelamp::upgrade",
        event = "copied-before-upgrade",
        schema,
        folder = %folder.display(),
        "this release brings records and keys up to date; what they were is in that folder"
    );
    Ok(Some(folder))
}

/// A folder beside the deployment's that is not there yet: no earlier copy is ever written over.
fn free_folder(root: &Path, schema: i64) -> Result<PathBuf, DeskError> {
    let root = root.canonicalize().map_err(at(root))?;
    let first = with_end(&root, &format!(".before-upgrade-from-{schema}"));
    let later = (2..1000).map(|number| with_end(&first, &format!("-{number}")));
    let free = std::iter::once(first.clone()).chain(later).find(|folder| !folder.exists());
    free.ok_or_else(|| {
        DeskError::not_now(format!("{} and its like are all there: remove old ones", first.display()))
    })
}

fn check_space(places: &Places, files: &[&PathBuf]) -> Result<(), DeskError> {
    let needed: u64 =
        files.iter().filter_map(|file| std::fs::metadata(file).ok()).map(|file| file.len()).sum();
    let free = fs4::available_space(places.root()).map_err(at(places.root()))?;
    // Once for the copy, and half as much again for what the upgrade itself may write.
    let wanted = needed + needed / 2;
    match free >= wanted {
        true => Ok(()),
        false => Err(DeskError::not_now(format!(
            "the upgrade keeps a copy of records and keys beside the deployment, and needs {} MiB for it, of which {} \
             are free: make room, then start again; nothing was changed",
            wanted.div_ceil(1 << 20),
            free >> 20
        ))),
    }
}

/// Makes a folder for this user alone; what an upgrade that was cut off left there is no copy, and goes.
fn make_anew(folder: &Path) -> Result<(), DeskError> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).map_err(at(folder))?;
    }
    std::fs::DirBuilder::new().mode(0o700).create(folder).map_err(at(folder))
}

fn name_of(file: &Path) -> &Path {
    Path::new(file.file_name().unwrap_or_default())
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

fn at(path: &Path) -> impl Fn(std::io::Error) -> DeskError {
    move |source| DeskError::File { path: path.to_owned(), source }
}
