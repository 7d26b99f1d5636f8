//! Writes a table of all pages of `docs/manual`, which `include_str!` takes into the program.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    if let Err(problem) = write_table() {
        println!("cargo::error={problem}");
    }
}

fn write_table() -> Result<(), String> {
    let folder = Path::new(&variable("CARGO_MANIFEST_DIR")?).join("../../docs/manual");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut table = String::from("[\n");
    for path in pages(&folder)? {
        println!("cargo::rerun-if-changed={}", path.display());
        let name =
            path.file_stem().and_then(|name| name.to_str()).ok_or("a page of the manual has no name")?;
        writeln!(table, "    ({name:?}, include_str!({path:?})),").map_err(|error| error.to_string())?;
    }
    table.push(']');
    let out = PathBuf::from(variable("OUT_DIR")?).join("pages.rs");
    fs::write(&out, table).map_err(|error| format!("{} cannot be written: {error}", out.display()))
}

/// The files of the pages in the order of their names, so that the same manual gives the same program.
fn pages(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let fault = |error| format!("{} cannot be read: {error}", folder.display());
    let mut pages = Vec::new();
    for entry in fs::read_dir(folder).map_err(fault)? {
        let path = fs::canonicalize(entry.map_err(fault)?.path()).map_err(fault)?;
        if path.extension().is_some_and(|ending| ending == "md") {
            pages.push(path);
        }
    }
    pages.sort();
    Ok(pages)
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|error| format!("{name}: {error}"))
}
