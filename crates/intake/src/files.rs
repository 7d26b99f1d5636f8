//! Finds the files of a connector under a path, in the order of their names.

use crate::connector::{Connector, Recognised};
use crate::error::IntakeError;
use std::fs;
use std::path::{Path, PathBuf};

/// A file that the connector knows.
#[derive(Debug)]
pub struct Candidate {
    /// Where it is.
    pub path: PathBuf,
    /// As it is named in reports and provenance: its path below the one that was given.
    pub name: String,
    /// What it is.
    pub recognised: Recognised,
    /// Its size in octets.
    pub octets: u64,
}

/// What stands under a path.
#[derive(Debug, Default)]
pub struct Found {
    /// Files of the connector, by name.
    pub candidates: Vec<Candidate>,
    /// Names of the other files.
    pub passed_over: Vec<String>,
}

/// Looks at a file, or at a folder and all folders in it; links to folders are not followed.
///
/// # Errors
/// [`IntakeError`] where the path cannot be read or holds nothing for this connector.
pub fn find(path: &Path, connector: &dyn Connector) -> Result<Found, IntakeError> {
    let mut found = Found::default();
    let is_folder = fs::metadata(path).map_err(|source| unreadable(path, source))?.is_dir();
    let root = if is_folder { path } else { path.parent().unwrap_or(path) };
    let mut folders = Vec::new();
    if is_folder {
        folders.push(path.to_owned());
    } else {
        found.add(path.to_owned(), root, connector)?;
    }
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(|source| unreadable(&folder, source))? {
            let entry = entry.map_err(|source| unreadable(&folder, source))?;
            let kind = entry.file_type().map_err(|source| unreadable(&entry.path(), source))?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else {
                found.add(entry.path(), root, connector)?;
            }
        }
    }
    found.candidates.sort_by(|a, b| a.name.cmp(&b.name));
    found.passed_over.sort();
    if found.candidates.is_empty() {
        return Err(IntakeError::NothingRecognised {
            path: path.display().to_string(),
            connector: connector.name(),
            file_names: connector.file_names(),
        });
    }
    Ok(found)
}

impl Found {
    fn add(&mut self, path: PathBuf, root: &Path, connector: &dyn Connector) -> Result<(), IntakeError> {
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
        let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let Some(recognised) = connector.recognise(&file_name) else {
            self.passed_over.push(name);
            return Ok(());
        };
        let about = fs::metadata(&path).map_err(|source| unreadable(&path, source))?;
        if about.is_file() {
            self.candidates.push(Candidate { path, name, recognised, octets: about.len() });
        } else {
            self.passed_over.push(name);
        }
        Ok(())
    }
}

fn unreadable(path: &Path, source: std::io::Error) -> IntakeError {
    IntakeError::Unreadable { path: path.display().to_string(), source }
}
