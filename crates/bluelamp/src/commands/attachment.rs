//! `bluelamp attachment`.

use crate::arguments::Arguments;
use crate::output::{self, Complaint, grouped};
use crate::session::at_door;
use clap::Subcommand;
use desk::attachments::{Attachment, LARGEST};
use desk::clock::moment_text;
use serde_json::json;
use std::path::{Path, PathBuf};
use tokio::io::AsyncWriteExt;
use web::shapes::{File, Files};

/// Commands of `attachment`.
#[derive(Debug, Subcommand)]
pub enum AttachmentCommand {
    /// Add a file to a record.
    #[command(after_help = "Example: bluelamp attachment add C-0000017-T ./cctv.mp4 --purpose 'inquiry 17'")]
    Add {
        /// The reference.
        reference: String,
        /// The file.
        file: PathBuf,
    },
    /// List the files of a record.
    #[command(after_help = "Example: bluelamp attachment list C-0000017-T --purpose 'inquiry 17'")]
    List {
        /// The reference.
        reference: String,
    },
    /// Open a file of a record into a file of your own.
    #[command(
        after_help = "Example: bluelamp attachment open C-0000017-T 01a2… --out ./cctv.mp4 --purpose 'inquiry 17'"
    )]
    Open {
        /// The reference.
        reference: String,
        /// The attachment, as `list` names it.
        id: String,
        /// The file to write; it must not be there.
        #[arg(long)]
        out: PathBuf,
    },
    /// Search the files in quarantine that were not searched for malware yet.
    #[command(after_help = "Example: bluelamp attachment search")]
    Search,
}

pub async fn run(arguments: &Arguments, command: &AttachmentCommand) -> Result<(), Complaint> {
    match command {
        AttachmentCommand::Add { reference, file } => add(arguments, reference, file).await,
        AttachmentCommand::List { reference } => {
            let found = at_door(arguments, async |desk, who| {
                let record = desk.resolve(who, reference).await?;
                Ok(desk.attachments(who, record).await?)
            })
            .await?;
            if arguments.json {
                return output::json(&json!(Files::of(&found)));
            }
            if found.is_empty() {
                return output::line("It has no attachments.");
            }
            output::lines(found.iter().map(line))
        }
        AttachmentCommand::Open { reference, id, out } => open(arguments, reference, id, out).await,
        AttachmentCommand::Search => {
            let waiting =
                at_door(arguments, async |desk, who| Ok(desk.search_attachments(who).await?)).await?;
            if arguments.json {
                return output::json(&json!({ "waiting": waiting }));
            }
            output::line(&format!("{waiting} still wait for the scanner"))
        }
    }
}

async fn add(arguments: &Arguments, reference: &str, file: &Path) -> Result<(), Complaint> {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut input = tokio::fs::File::open(file).await.map_err(|error| {
        Complaint::new(format!("{} cannot be read: {error}", file.display()), "Name the right file.")
    })?;
    let added = at_door(arguments, async |desk, who| {
        let record = desk.resolve(who, reference).await?;
        Ok(desk.attach(who, record, &name, &mut input, LARGEST).await?)
    })
    .await?;
    if arguments.json {
        return output::json(&json!(File::of(&added)));
    }
    output::line(&line(&added))
}

async fn open(arguments: &Arguments, reference: &str, id: &str, out: &Path) -> Result<(), Complaint> {
    let written = at_door(arguments, async |desk, who| {
        let record = desk.resolve(who, reference).await?;
        let (attachment, mut reading) = desk.open_attachment(who, record, id).await?;
        let fault = |error: std::io::Error| {
            let mend = "Name a file that is not there, in a folder that you may write.";
            Complaint::new(format!("{} cannot be written: {error}", out.display()), mend)
        };
        let mut options = tokio::fs::OpenOptions::new();
        let mut file = options.write(true).create_new(true).mode(0o600).open(out).await.map_err(fault)?;
        while let Some(chunk) = reading.next().await.map_err(desk::DeskError::from)? {
            file.write_all(&chunk).await.map_err(fault)?;
        }
        file.sync_all().await.map_err(fault)?;
        Ok(attachment)
    })
    .await?;
    if arguments.json {
        return output::json(&json!(File::of(&written)));
    }
    output::line(&format!("{} is in {}", written.name, out.display()))
}

fn line(attachment: &Attachment) -> String {
    let otherwise = if attachment.named_otherwise { ", although its name says otherwise" } else { "" };
    format!(
        "{}  {}  {} octets  {}{otherwise}; added {} by {}; {}",
        attachment.id,
        attachment.name,
        grouped(attachment.length),
        attachment.media_type,
        moment_text(attachment.added.at),
        attachment.added.name,
        attachment.malware.words()
    )
}
