//! `bluelamp backup`.

use crate::arguments::Arguments;
use crate::output::{self, Complaint, grouped};
use desk::backup::back_up;
use desk::clock::{Clock, MachineClock};
use serde_json::json;
use std::path::Path;

pub async fn run(arguments: &Arguments, into: &Path) -> Result<(), Complaint> {
    let copied = back_up(&arguments.data, into, MachineClock.now()).await?;
    if arguments.json {
        return output::json(&json!(copied));
    }
    output::line(&format!(
        "{} files, {} octets, in {}. The key of the provider is not among them.",
        grouped(copied.files),
        grouped(copied.octets),
        copied.folder.display()
    ))
}
