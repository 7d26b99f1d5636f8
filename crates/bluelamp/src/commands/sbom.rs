//! `bluelamp sbom`: the software bill of materials of this program, which was made with it.

use crate::output::{self, Complaint};

/// What the program is made of, as CycloneDX. `tests/house/bom.rs` makes it, and fails where it is not that
/// of the lock files.
const BILL: &str = include_str!("../../sbom.cdx.json");

pub fn run() -> Result<(), Complaint> {
    output::line(BILL.trim_end())
}
