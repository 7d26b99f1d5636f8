//! `bluelamp matrix`.

use crate::arguments::Arguments;
use crate::output::{self, Complaint};
use crate::session::{Door, at_door};
use clap::Subcommand;
use desk::Session;
use serde_json::json;
use std::path::PathBuf;
use web::shapes::{MatrixInForce, ProposedMatrices};

/// Commands of `matrix`.
#[derive(Debug, Subcommand)]
pub enum MatrixCommand {
    /// Print the matrix that decides, as the page that an overseer reads, or as data.
    #[command(after_help = "Example: bluelamp matrix show --toml > matrix.toml")]
    Show {
        /// As the data that `propose` takes.
        #[arg(long)]
        toml: bool,
    },
    /// Propose a whole matrix with a new version and the day from which it decides.
    #[command(after_help = "Example: bluelamp matrix propose matrix.toml")]
    Propose {
        /// The file.
        file: PathBuf,
    },
    /// Approve a proposed matrix that you have read, as a second person.
    #[command(after_help = "Example: bluelamp matrix approve 2026-12-01.1 --digest 9f86d0…")]
    Approve {
        /// Its version.
        version: String,
        /// Digest of the text that you have read, as `matrix list` and `sha256sum` give it.
        #[arg(long)]
        digest: String,
    },
    /// List what was proposed, each with the digest of its text; with `--json`, the texts too.
    #[command(after_help = "Example: bluelamp matrix list --json")]
    List,
}

pub async fn run(arguments: &Arguments, command: &MatrixCommand) -> Result<(), Complaint> {
    let matrices = match command {
        MatrixCommand::Show { toml } => {
            let matrix = at_door(arguments, async |desk, _| Ok(desk.matrix())).await?;
            return match (toml, arguments.json) {
                (true, _) => output::line(matrix.text().trim_end()),
                (_, true) => output::json(&json!(MatrixInForce::of(&matrix))),
                _ => output::line(law::access::page(&matrix).trim_end()),
            };
        }
        MatrixCommand::Propose { file } => {
            let text = std::fs::read_to_string(file).map_err(|error| {
                Complaint::new(format!("{} cannot be read: {error}", file.display()), "Name the right file.")
            })?;
            vec![at_door(arguments, async |desk, who| Ok(desk.propose_matrix(who, &text).await?)).await?]
        }
        MatrixCommand::Approve { version, digest } => {
            let approve =
                async |desk: &Door, who: &Session| Ok(desk.approve_matrix(who, version, digest).await?);
            vec![at_door(arguments, approve).await?]
        }
        MatrixCommand::List => {
            at_door(arguments, async |desk, who| Ok(desk.proposed_matrices(who).await?)).await?
        }
    };
    if arguments.json {
        return output::json(&json!(ProposedMatrices::of(&matrices)));
    }
    output::lines(matrices.iter().map(|proposed| {
        let approved = match &proposed.persons.approved {
            Some(deed) => format!("approved by {}", deed.name),
            None => "waits for a second person".to_owned(),
        };
        let (version, by) = (&proposed.version, &proposed.persons.proposed.name);
        format!("{version}: proposed by {by}, {approved}; digest {}", proposed.digest())
    }))
}
