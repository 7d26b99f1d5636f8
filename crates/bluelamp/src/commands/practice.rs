//! `bluelamp practice`: a system of its own to practise in, with its own folder and keys, filled by the generator.
//! What it is stands sealed in it, so that it is never turned into a live one, nor a live one thrown away for it.

use super::absolute;
use super::init::{FirstAccount, first_accounts};
use super::made_up::{FIRST, Person, others, peopled, print_people, settings, signed};
use crate::arguments::Arguments;
use crate::output::{self, Complaint};
use clap::{Args, Subcommand};
use desk::clock::MachineClock;
use desk::deployment::{Deployment, Places};
use desk::nature::Nature;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Commands of `practice`.
#[derive(Debug, Subcommand)]
pub enum PracticeCommand {
    /// Make a practice system in a folder of its own, and fill it.
    #[command(after_help = "Example: bluelamp practice new --data ./practice --name 'Lampshire Police'")]
    New {
        /// Name of the force.
        #[arg(long, default_value = "Lampshire Police")]
        name: String,
        /// How it is filled.
        #[command(flatten)]
        filling: Filling,
    },
    /// Throw away all that was done in a practice system, and make it anew, with new keys and passwords.
    #[command(after_help = "Example: bluelamp practice reset --data ./practice")]
    Reset {
        /// How it is filled.
        #[command(flatten)]
        filling: Filling,
    },
}

/// How a practice system is filled.
#[derive(Debug, Args)]
pub struct Filling {
    /// People in it, with all that is linked with them.
    #[arg(long, default_value_t = 2_000)]
    people: u64,
}

/// What a deployment of one folder keeps in it.
const OWN: [&str; 8] = [
    "deployment.toml",
    "deployment.toml.new",
    "newest.checkpoint",
    "in-use.lock",
    "provider",
    "index",
    "attachments",
    "records.sqlite",
];

pub async fn run(arguments: &Arguments, command: &PracticeCommand) -> Result<(), Complaint> {
    match command {
        PracticeCommand::New { name, filling } => {
            make(arguments, &format!("{name} (practice)"), filling).await
        }
        PracticeCommand::Reset { filling } => {
            let name = take_away(&arguments.data).await?;
            make(arguments, &name, filling).await
        }
    }
}

async fn make(arguments: &Arguments, name: &str, filling: &Filling) -> Result<(), Complaint> {
    let settings = settings(Nature::Practice, name.to_owned());
    let made = first_accounts(&arguments.data, &settings, FIRST, true).await?;
    let deployment = Deployment::open(&arguments.data, Arc::new(MachineClock)).await?;
    let filled = fill(&deployment, &made, filling).await;
    deployment.close().await?;
    let people = filled?;
    output::line(&format!(
        "{name} is ready in {}. Nobody in it is real.",
        absolute(&arguments.data).display()
    ))?;
    print_people(&people)?;
    output::line(&format!(
        "Serve it with: bluelamp serve --data {} --listen 127.0.0.1:8490",
        absolute(&arguments.data).display()
    ))
}

async fn fill(
    deployment: &Deployment,
    made: &[FirstAccount],
    filling: &Filling,
) -> Result<Vec<Person>, Complaint> {
    let Some((administrator, _)) = made.first() else {
        return Err(Complaint::new("no account was made", "Run the command again."));
    };
    let administrator = signed(&deployment.desk, administrator).await?.for_purpose("practice");
    peopled(&deployment.desk, &administrator, filling.people).await?;
    let mut people: Vec<Person> =
        made.iter().enumerate().map(|(at, (_, password))| Person::first(at, password, true)).collect();
    people.extend(others(&deployment.desk, &administrator).await?);
    Ok(people)
}

/// Takes a practice system away, once it has proved that it is one; gives its name.
async fn take_away(data: &Path) -> Result<String, Complaint> {
    let named = Places::read(data)?.settings().name.clone();
    // Opening it holds what its settings say against what it was made as.
    let deployment = Deployment::open(data, Arc::new(MachineClock)).await?;
    let nature = deployment.desk.nature();
    deployment.close().await?;
    if !nature.is_practice() {
        return Err(Complaint::new(
            format!("{} is {} and no practice system: nothing was changed", data.display(), nature.words()),
            "Name the folder of the practice system with --data.",
        ));
    }
    let own = contents(data)?;
    for path in own {
        let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        removed.map_err(|error| {
            Complaint::new(
                format!("{} cannot be taken away: {error}", path.display()),
                "Mend that, and delete the folder.",
            )
        })?;
    }
    Ok(named)
}

/// What lies in the folder, the settings last, so that a reset that was cut off can be begun again; a file that is
/// none of a deployment's stops it.
fn contents(data: &Path) -> Result<Vec<PathBuf>, Complaint> {
    let fault = |error: std::io::Error| {
        Complaint::new(format!("{} cannot be read: {error}", data.display()), "Name another folder.")
    };
    let mut own = Vec::new();
    for entry in fs::read_dir(data).map_err(fault)? {
        let entry = entry.map_err(fault)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !is_own(&name) {
            return Err(Complaint::new(
                format!("{} is no part of a practice system: nothing was taken away", entry.path().display()),
                "Move it elsewhere, then run the command again.",
            ));
        }
        own.push(entry.path());
    }
    own.sort_by_key(|path| path.file_name().is_some_and(|name| name == "deployment.toml"));
    Ok(own)
}

fn is_own(name: &str) -> bool {
    OWN.contains(&name)
        || ["records.sqlite", "keys.sqlite"].iter().any(|part| name.starts_with(part))
        || name.ends_with(".lock")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_deployment_made_is_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["deployment.toml", "keys.sqlite", "records.sqlite-wal", "in-use.lock"] {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        let own = contents(folder.path()).unwrap();
        assert_eq!(own.len(), 4);
        assert!(own[3].ends_with("deployment.toml"));
        fs::write(folder.path().join("holiday.jpg"), "x").unwrap();
        assert!(contents(folder.path()).is_err());
    }
}
