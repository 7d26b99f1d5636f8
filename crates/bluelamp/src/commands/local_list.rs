//! `bluelamp local-list`.

use crate::arguments::Arguments;
use crate::output::{self, Complaint};
use crate::session::{Door, at_door};
use clap::Subcommand;
use desk::Session;
use desk::local_fields::{DeclaredList, ListAsked, read_codes};
use serde_json::json;
use std::path::PathBuf;
use web::shapes::{LocalList, LocalLists};

/// Commands of `local-list`.
#[derive(Debug, Subcommand)]
pub enum LocalListCommand {
    /// Propose a code list of the force's own, or a new state of one; another approves.
    #[command(
        after_help = "Example: bluelamp local-list propose patrol-area areas.txt --title 'Patrol area' --source 'Neighbourhood plan 2026' --sure 'force policy'\nA line of the file: north | North of the river | 2026-01-01 | 2026-12-31, the days only where there are some."
    )]
    Propose {
        /// Its name: fields then name `local.NAME`.
        name: String,
        /// The file with the codes, one a line.
        file: PathBuf,
        /// Title that people see.
        #[arg(long)]
        title: String,
        /// Who publishes or decides it.
        #[arg(long)]
        source: String,
        /// How sure it is: read, recalled or force policy.
        #[arg(long)]
        sure: String,
    },
    /// Approve a list, as somebody else than who proposed it.
    #[command(after_help = "Example: bluelamp local-list approve LL-1")]
    Approve {
        /// Its declaration, `LL-1`.
        id: String,
    },
    /// Refuse a list that waits, or take your own proposal back.
    #[command(after_help = "Example: bluelamp local-list refuse LL-1 --why 'the plan is not agreed yet'")]
    Refuse {
        /// Its declaration.
        id: String,
        /// Why.
        #[arg(long)]
        why: String,
    },
    /// List the force's own code lists.
    #[command(after_help = "Example: bluelamp local-list list --json")]
    List,
}

pub async fn run(arguments: &Arguments, command: &LocalListCommand) -> Result<(), Complaint> {
    let lists = at_door(arguments, async |desk, who| carried_out(desk, who, command).await).await?;
    if arguments.json {
        return output::json(&json!(LocalLists::of(&lists)));
    }
    output::lines(lists.iter().map(|declared| text(&LocalList::of(declared))))
}

async fn carried_out(
    desk: &Door,
    who: &Session,
    command: &LocalListCommand,
) -> Result<Vec<DeclaredList>, Complaint> {
    Ok(match command {
        LocalListCommand::Propose { name, file, title, source, sure } => {
            let text = std::fs::read_to_string(file).map_err(|error| {
                Complaint::new(format!("{} cannot be read: {error}", file.display()), "Name the right file.")
            })?;
            let (name, title, source, sure) = (name.clone(), title.clone(), source.clone(), sure.clone());
            let asked = ListAsked { name, title, source, sure, codes: read_codes(&text)? };
            vec![desk.propose_local_list(who, &asked).await?]
        }
        LocalListCommand::Approve { id } => vec![desk.approve_local_list(who, id).await?],
        LocalListCommand::Refuse { id, why } => vec![desk.refuse_local_list(who, id, why).await?],
        LocalListCommand::List => desk.local_lists(who).await?,
    })
}

fn text(list: &LocalList) -> String {
    let state = match (&list.refused_by, &list.approved_by) {
        (Some(by), _) => format!("refused by {by}"),
        (None, Some(by)) => format!("approved by {by}"),
        (None, None) => "waits for a second person".to_owned(),
    };
    let codes: Vec<&str> = list.codes.iter().map(|code| code.code.as_str()).collect();
    format!(
        "{}  {} “{}” ({}, {}; proposed by {}, {state}): {}",
        list.id,
        list.name,
        list.title,
        list.source,
        list.sure,
        list.proposed_by,
        codes.join(", ")
    )
}
