//! Where PostgreSQL's programs are, and as whom they run.

use crate::Fault;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The oldest release that is used.
const OLDEST: u32 = 15;

/// PostgreSQL's programs.
#[derive(Debug)]
pub struct Programs {
    folder: PathBuf,
    /// The release, 15 or newer.
    version: u32,
    /// User and group, where this process is root.
    other: Option<(u32, u32)>,
}

impl Programs {
    /// Finds them: where `pg_config` says, or in Debian's folders. `None` where they are not installed.
    #[must_use]
    pub fn find() -> Option<Self> {
        let told = Command::new("pg_config").arg("--bindir").output().ok();
        let told = told.map(|told| PathBuf::from(String::from_utf8_lossy(&told.stdout).trim()));
        let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
        let mut debian: Vec<(u32, PathBuf)> = debian
            .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path())))
            .collect();
        debian.sort();
        let debian = debian.into_iter().rev().map(|(_, folder)| folder.join("bin"));
        let found = told.into_iter().chain(debian).find_map(|folder| Some((version_in(&folder)?, folder)));
        let (version, folder) = found?;
        Some(Self { folder, version, other: other_user() })
    }

    /// The release.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.version
    }

    /// A command that runs one of them, as the user who may, and that ends with this process.
    #[must_use]
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new("setpriv");
        // QUIT ends a server at once and in such order that it leaves no shared memory behind.
        command.args(["--pdeathsig", "QUIT"]);
        if let Some((user, group)) = self.other {
            command.arg(format!("--reuid={user}")).arg(format!("--regid={group}")).arg("--clear-groups");
        }
        command.arg(self.folder.join(program)).stdin(Stdio::null()).env_remove("PGDATA").env("LC_ALL", "C");
        command
    }

    /// Runs one of them to its end.
    ///
    /// # Errors
    /// [`Fault`] with what it said where it failed.
    pub fn run(&self, program: &str, arguments: &[&str]) -> Result<String, Fault> {
        let output = self.command(program).args(arguments).output()?;
        match output.status.success() {
            true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
            false => Err(Fault(format!("{program}: {}", String::from_utf8_lossy(&output.stderr).trim()))),
        }
    }

    /// Gives a folder to the user whom the servers run as.
    ///
    /// # Errors
    /// [`Fault`] where that is not allowed.
    pub fn give(&self, folder: &Path) -> Result<(), Fault> {
        if let Some((user, group)) = self.other {
            chown(folder, Some(user), Some(group))?;
        }
        Ok(std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?)
    }
}

/// The release of the programs in a folder, where it is one that is used.
fn version_in(folder: &Path) -> Option<u32> {
    let output = Command::new(folder.join("postgres")).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let number = text.split_whitespace().find_map(|word| word.split('.').next()?.parse::<u32>().ok())?;
    (number >= OLDEST && folder.join("initdb").exists()).then_some(number)
}

/// Whom to be instead of root.
fn other_user() -> Option<(u32, u32)> {
    if std::fs::metadata("/proc/self").ok()?.uid() != 0 {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let find = |name: &str| {
        let mut parts = users.lines().find(|line| line.starts_with(&format!("{name}:")))?.split(':').skip(2);
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    };
    find("postgres").or_else(|| find("nobody"))
}
