//! Writes a table of all files of `ui/dist`, which `include_bytes!` takes into the program.
//!
//! `ui/build.js` wrote them, with `manifest.txt`: a line for each, its name, a tab, and the file that
//! carries the hash of its content in its name.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() {
    if let Err(problem) = write_table() {
        println!("cargo::error={problem}");
    }
}

fn write_table() -> Result<(), String> {
    let dist = Path::new(&variable("CARGO_MANIFEST_DIR")?).join("../../ui/dist");
    let manifest = dist.join("manifest.txt");
    println!("cargo::rerun-if-changed={}", manifest.display());
    let lines = fs::read_to_string(&manifest).map_err(|error| not_built(&manifest, &error))?;
    let mut table = String::from("[\n");
    for line in lines.lines() {
        let (name, file) =
            line.split_once('\t').ok_or_else(|| format!("{}: no tab in “{line}”", manifest.display()))?;
        let path = fs::canonicalize(dist.join(file)).map_err(|error| not_built(&dist.join(file), &error))?;
        println!("cargo::rerun-if-changed={}", path.display());
        add_row(&mut table, name, file, &path)?;
    }
    table.push(']');
    let out = PathBuf::from(variable("OUT_DIR")?).join("table.rs");
    fs::write(&out, table).map_err(|error| format!("{} cannot be written: {error}", out.display()))
}

fn add_row(table: &mut String, name: &str, file: &str, path: &Path) -> Result<(), String> {
    let media_type = media_type(file)?;
    writeln!(
        table,
        "    Asset {{ name: {name:?}, path: {:?}, media_type: {media_type:?}, bytes: include_bytes!({path:?}) }},",
        format!("/assets/{file}"),
    )
    .map_err(|error| error.to_string())
}

fn media_type(file: &str) -> Result<&'static str, String> {
    match file.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => Ok("text/css; charset=utf-8"),
        Some("html") => Ok("text/html; charset=utf-8"),
        Some("js") => Ok("text/javascript; charset=utf-8"),
        Some("svg") => Ok("image/svg+xml"),
        Some("txt") => Ok("text/plain; charset=utf-8"),
        _ => {
            Err(format!("ui/dist/{file}: crates/assets/build.rs knows no media type for this ending; add it"))
        }
    }
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|error| format!("{name}: {error}"))
}

fn not_built(path: &Path, error: &io::Error) -> String {
    format!("{} cannot be read ({error}). Build the styles and scripts first: scripts/ui.sh", path.display())
}
