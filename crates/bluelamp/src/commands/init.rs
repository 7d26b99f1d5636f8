//! `bluelamp init`: an empty deployment with its first three accounts.

use crate::arguments::Arguments;
use crate::output::{self, Complaint};
use clap::Args;
use desk::accounts::NewAccount;
use desk::clock::{Clock, MachineClock, id_at};
use desk::deployment::{Deployment, Places, Settings};
use desk::naming::own_log_name;
use desk::nature::Nature;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vault::postgres::Address;
use zeroize::Zeroizing;

/// Arguments of `init`.
#[derive(Debug, Args)]
pub struct InitArguments {
    /// Name of the force.
    #[arg(long, default_value = "Lampshire Police")]
    pub name: String,
    /// Name of the log in every signed checkpoint: a name that the force controls, and a path, for
    /// instance `police.example/lampshire`. Without it the log is named after the deployment's identity.
    /// No two deployments may share a name.
    #[arg(long)]
    pub log: Option<String>,
    /// Hours between the approval of an erasure and the earliest moment at which it may run.
    #[arg(long, default_value_t = 0)]
    pub erasure_wait_hours: u32,
    /// Folder of the key provider, outside every backup; `provider` in the deployment otherwise.
    #[arg(long)]
    pub provider: Option<PathBuf>,
    /// Socket or address of the scanner for malware (a clamd) that searches attachments.
    #[arg(long)]
    pub clamd: Option<String>,
    /// Folder into which a server archives its write-ahead log; the scan after an erasure reads it too.
    #[arg(long = "archive", value_name = "DIR", requires = "store")]
    pub archives: Vec<PathBuf>,
    /// Database of records and log, `postgres://…`; without it they are files in the folder.
    #[arg(long, requires = "keystore")]
    pub store: Option<Address>,
    /// Database of the keystore, on another cluster than the records.
    #[arg(long, requires = "store")]
    pub keystore: Option<Address>,
    /// Name of the first administrator.
    #[arg(long, default_value = "administrator")]
    pub administrator: String,
    /// Name of the first records reviewer.
    #[arg(long, default_value = "records-reviewer")]
    pub records_reviewer: String,
    /// Name of the first auditor.
    #[arg(long, default_value = "auditor")]
    pub auditor: String,
}

pub async fn run(arguments: &Arguments, init: &InitArguments) -> Result<(), Complaint> {
    let force = model::ForceId(id_at(MachineClock.now()));
    let settings = Settings {
        force,
        name: init.name.clone(),
        log: init.log.clone().unwrap_or_else(|| own_log_name(force)),
        erasure_wait_hours: init.erasure_wait_hours,
        provider: init.provider.as_deref().map(absolute),
        clamd: init.clamd.clone(),
        archives: init.archives.iter().map(|folder| absolute(folder)).collect(),
        sign_in: desk::sign_in::Limits::default(),
        store: init.store.clone(),
        keystore: init.keystore.clone(),
    };
    let names = [
        (init.administrator.as_str(), "administrator"),
        (init.records_reviewer.as_str(), "records-reviewer"),
        (init.auditor.as_str(), "auditor"),
    ];
    let made = first_accounts(&arguments.data, &settings, names, true).await?;
    if arguments.json {
        let users: Vec<_> = made.iter().map(user).collect();
        return output::json(&json!({ "users": users }));
    }
    output::line(&format!("{} is ready in {}.", settings.name, absolute(&arguments.data).display()))?;
    output::line("Its first accounts, with tokens and passwords that are shown only now:")?;
    for (new, password) in &made {
        let roles: Vec<&str> = new.account.roles.iter().map(String::as_str).collect();
        output::line(&format!("  {:<18} {:<18} {}", new.account.name, roles.join(", "), *new.token))?;
        output::line(&format!("  {:<37} password {}", "", **password))?;
    }
    output::line(
        "Keep each with its person alone. The token goes into BLUELAMP_TOKEN for commands; the password signs in to \
         the pages, and must be changed at the first sign-in.",
    )
}

/// A first account with its password.
pub type FirstAccount = (NewAccount, Zeroizing<String>);

/// Makes a deployment and its first accounts, whose passwords must be changed at the first sign-in where that
/// is said; goes on where a kill came between the two.
pub async fn first_accounts(
    data: &Path,
    settings: &Settings,
    names: [(&str, &str); 3],
    must_change: bool,
) -> Result<Vec<FirstAccount>, Complaint> {
    settings.check_databases().await?;
    if !is_begun(data, settings) {
        Deployment::create(data, settings)?;
    }
    let deployment = Deployment::open(data, Arc::new(MachineClock)).await?;
    let made = deployment.desk.first_accounts_with_passwords(names, must_change).await;
    let closed = deployment.close().await;
    let made = made?;
    if let Err(error) = closed {
        // Tokens and passwords are shown only once: they must not be lost to a fault of tidying up.
        output::complain(&Complaint::new(
            format!("made, but not tidied up: {error}"),
            "Run `bluelamp doctor`.",
        ));
    }
    Ok(made)
}

/// Whether the folder holds this very deployment. Where it has accounts too, making the first ones
/// says so.
fn is_begun(data: &Path, settings: &Settings) -> bool {
    // Where no name of the log was given, each attempt makes another one.
    let nature = |of: &Settings| Nature::of_log(&of.log);
    let is_own = |of: &Settings| of.log == nature(of).log_name(of.force);
    let same_own = |held: &Settings| is_own(held) && is_own(settings) && nature(held) == nature(settings);
    let same_log = |held: &Settings| held.log == settings.log || same_own(held);
    let same = |held: &Settings| held.name == settings.name && same_log(held);
    Places::read(data).is_ok_and(|places| same(places.settings()))
}

/// A path as it can be used from any folder.
pub fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn user((made, password): &FirstAccount) -> serde_json::Value {
    let role = made.account.roles.iter().next().cloned().unwrap_or_default();
    json!({ "name": made.account.name, "role": role, "token": *made.token, "password": **password })
}
