//! A copy of a deployment whose parts are files, while its server is at work or while nothing is. It opens
//! nothing by itself: the key of the provider is never in it. The order is what makes it whole: a key is
//! durable before what it seals, so the keystore that is copied after the records has every key of theirs.
//!
//! The index is not copied: it is built anew from the records.

use crate::clock::moment_text;
use crate::deployment::Places;
use crate::error::DeskError;
use serde::Serialize;
use std::fs::{DirBuilder, File};
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use vault::sqlite::copy_file;

/// What was copied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BackedUp {
    /// The folder of the copy.
    pub folder: PathBuf,
    /// Files in it.
    pub files: u64,
    /// Octets in it.
    pub octets: u64,
}

/// Copies a deployment into a new folder below `into`, which is named after the moment. Nobody finds half a
/// copy under that name: until it is whole its folder ends with `.unfinished`.
///
/// # Errors
/// Where the deployment is on PostgreSQL, or a part cannot be copied; what was begun is then removed.
pub async fn back_up(root: &Path, into: &Path, now: i64) -> Result<BackedUp, DeskError> {
    let places = Places::read(root)?;
    if places.settings().databases()?.is_some() {
        return Err(DeskError::unusable(
            "this deployment keeps records and keys on PostgreSQL: copy the records with pg_basebackup or pgBackRest, \
             and the keys with `bluelamp keys turn --copy FOLDER`",
        ));
    }
    check_apart(root, into)?;
    let folder = into.join(moment_text(now).replace(':', ""));
    if folder.exists() {
        return Err(DeskError::not_now(format!("{} is there already", folder.display())));
    }
    let unfinished = folder.with_extension("unfinished");
    let copied = copy(&places, &unfinished).await;
    if copied.is_err() {
        // What cannot be removed is known by its name; the first fault is the one to tell.
        let _ = std::fs::remove_dir_all(&unfinished);
    }
    let (files, octets) = copied?;
    std::fs::rename(&unfinished, &folder).map_err(at(&folder))?;
    Ok(BackedUp { folder, files, octets })
}

/// A copy in the deployment's own folder would stand in the way of every erasure, and burn with it.
fn check_apart(root: &Path, into: &Path) -> Result<(), DeskError> {
    DirBuilder::new().recursive(true).mode(0o700).create(into).map_err(at(into))?;
    let (root, into) = (root.canonicalize().map_err(at(root))?, into.canonicalize().map_err(at(into))?);
    match into.starts_with(&root) {
        true => Err(DeskError::unusable(format!(
            "{}: the copy would lie in the deployment itself; name a folder apart from it",
            into.display()
        ))),
        false => Ok(()),
    }
}

async fn copy(places: &Places, folder: &Path) -> Result<(u64, u64), DeskError> {
    let attachments = folder.join("attachments");
    DirBuilder::new().recursive(true).mode(0o700).create(&attachments).map_err(at(folder))?;
    let mut octets = 0;
    let mut files = 0;
    let mut took = |length: u64| {
        files += 1;
        octets += length;
    };
    for file in [places.records(), places.keys()] {
        let copy = folder.join(file.file_name().unwrap_or_default());
        copy_file(&file, &copy).await.map_err(DeskError::not_now)?;
        took(copy.metadata().map_err(at(&copy))?.len());
    }
    for name in ["deployment.toml", "newest.checkpoint"] {
        took(copy_plain(&places.root().join(name), &folder.join(name))?.unwrap_or_default());
    }
    for entry in objects(&places.attachments())? {
        // One that went meanwhile was erased, with the record that named it.
        if let Some(length) = copy_plain(&entry, &attachments.join(entry.file_name().unwrap_or_default()))? {
            took(length);
        }
    }
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(at(folder))?;
    Ok((files, octets))
}

/// The sealed contents of attachments; none where the deployment has no folder for them yet.
fn objects(folder: &Path) -> Result<Vec<PathBuf>, DeskError> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(at(folder))?,
    };
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let paths: Result<Vec<_>, _> = paths.collect();
    Ok(paths.map_err(at(folder))?.into_iter().filter(|path| path.is_file()).collect())
}

/// Copies a file that is never written in place, durable on return; gives its length, or nothing where it is
/// not there.
pub(crate) fn copy_plain(from: &Path, to: &Path) -> Result<Option<u64>, DeskError> {
    match std::fs::copy(from, to) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(at(from)(error)),
        Ok(length) => {
            File::open(to).and_then(|file| file.sync_all()).map_err(at(to))?;
            Ok(Some(length))
        }
    }
}

fn at(path: &Path) -> impl Fn(std::io::Error) -> DeskError {
    move |source| DeskError::File { path: path.to_owned(), source }
}
