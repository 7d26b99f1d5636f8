//! Committed texts that a test compares with what the model makes.

use std::path::{Path, PathBuf};

/// Set to 1 to write the committed texts anew; then read the difference before committing it.
const REGENERATE: &str = "BLUELAMP_REGENERATE";

/// Whether the committed texts are to be written anew.
pub fn is_regenerating() -> bool {
    std::env::var(REGENERATE).is_ok_and(|value| value == "1")
}

/// A path under the crate.
pub fn in_crate(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Compares a text with the committed one, or writes it.
#[track_caller]
pub fn assert_committed(path: &Path, text: &str) {
    if is_regenerating() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    let differs = committed.lines().zip(text.lines()).position(|(old, new)| old != new);
    let at = differs.unwrap_or_else(|| committed.lines().count().min(text.lines().count()));
    assert!(
        committed == text,
        "{} is not what the declarations give (first difference in line {}:\n  committed: {}\n  now:       {}\n). \
         If the change is meant, run the tests of bluelamp-model with {REGENERATE}=1 and read the difference.",
        path.display(),
        at + 1,
        committed.lines().nth(at).unwrap_or("(nothing)"),
        text.lines().nth(at).unwrap_or("(nothing)"),
    );
}
