//! `bluelamp disclose`.

use super::search_list::is_table;
use crate::arguments::Arguments;
use crate::output::{self, Complaint, counted};
use crate::session::at_door;
use clap::Args;
use desk::find::{DisclosureRequest, Form};
use desk::written::write_whole;
use serde_json::json;
use std::path::PathBuf;

/// Arguments of `disclose`.
#[derive(Debug, Args)]
pub struct DiscloseArguments {
    /// The query whose answers are disclosed.
    pub query: String,
    /// The new file: a table where its name ends in `.csv`, JSON where it ends in `.json`.
    #[arg(long)]
    pub out: PathBuf,
    /// Who gets it.
    #[arg(long)]
    pub recipient: String,
    /// The ground in law.
    #[arg(long)]
    pub ground: String,
    /// How the handling conditions of records that have such are met.
    #[arg(long)]
    pub conditions: Option<String>,
    /// Leave out what may not go, rather than refuse the whole.
    #[arg(long)]
    pub leave_out: bool,
    /// Records at most; where there are more answers nothing is disclosed.
    #[arg(long, default_value_t = 500)]
    pub most: usize,
}

pub async fn run(arguments: &Arguments, asked: &DiscloseArguments) -> Result<(), Complaint> {
    let request = DisclosureRequest {
        query: &asked.query,
        recipient: &asked.recipient,
        ground: &asked.ground,
        conditions: asked.conditions.as_deref(),
        leave_out: asked.leave_out,
        most: asked.most,
        form: if is_table(&asked.out)? { Form::Csv } else { Form::Json },
    };
    if asked.out.symlink_metadata().is_ok() {
        // Looked at before anything is entered as disclosed.
        let what = format!("{} is there already; nothing was disclosed", asked.out.display());
        return Err(Complaint::new(what, "Choose another name."));
    }
    let disclosed =
        at_door(arguments, async |desk, who| Ok(desk.disclose_answers(who, request).await?)).await?;
    write_whole(&asked.out, &disclosed.contents).map_err(|error| {
        Complaint::new(
            format!(
                "{error}. The log says that these records were disclosed; no part of the file was written"
            ),
            "Mend that and disclose again: both are then in the log.",
        )
    })?;
    if arguments.json {
        return output::json(&json!({
            "records": disclosed.records,
            "left_out": disclosed.left_out,
            "paper": disclosed.paper,
            "out": asked.out.display().to_string(),
        }));
    }
    let left = match disclosed.left_out {
        0 => String::new(),
        left => format!("; {} that may not go left out", counted(left, "answer", "answers")),
    };
    output::line(&format!(
        "{} disclosed to {}, in {}{left}; its code as a paper is {}",
        counted(disclosed.records, "record", "records"),
        asked.recipient.trim(),
        asked.out.display(),
        disclosed.paper
    ))
}
