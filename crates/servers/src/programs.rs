//! Where PostgreSQL's programs are, and as whom they run.

use crate::Fault;
use std::ffi::OsStr;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The oldest release that is used.
const OLDEST: u32 = 15;

/// Variable of the environment: set to anything but nothing and `0`, it says that PostgreSQL has to be there,
/// and what would be passed over without it fails.
pub const NEED: &str = "NEED_POSTGRES";

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

    /// Finds them for something that is passed over without them: where they are not installed, one line
    /// says so.
    ///
    /// # Errors
    /// [`Fault`] where they are not installed and [`NEED`] says that they have to be.
    pub fn find_or_pass_over() -> Result<Option<Self>, Fault> {
        let needed = std::env::var_os(NEED).is_some_and(|set| is_said(&set));
        let found = found_or_passed_over(Self::find(), needed)?;
        if found.is_none() {
            say(&format!("passed over: {ABSENT}"));
        }
        Ok(found)
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

const ABSENT: &str = "PostgreSQL 15 or newer is not installed. On Debian: apt-get install postgresql";

/// Whether a variable of the environment that is set says yes.
pub(crate) fn is_said(set: &OsStr) -> bool {
    !set.is_empty() && set != "0"
}

fn found_or_passed_over(found: Option<Programs>, needed: bool) -> Result<Option<Programs>, Fault> {
    match (found, needed) {
        (None, true) => Err(Fault(format!("{NEED} is set, and {ABSENT}"))),
        (found, _) => Ok(found),
    }
}

#[expect(clippy::print_stderr, reason = "whoever runs tests must see what was passed over")]
pub(crate) fn say(line: &str) {
    eprintln!("{line}");
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_and_absent_is_a_fault() {
        let told = found_or_passed_over(None, true).unwrap_err().to_string();
        assert!(
            told.contains("NEED_POSTGRES is set") && told.contains("apt-get install postgresql"),
            "{told}"
        );
        assert!(found_or_passed_over(None, false).unwrap().is_none());
    }

    #[test]
    fn nothing_and_nought_say_nothing() {
        let said = |set: &str| is_said(OsStr::new(set));
        assert_eq!([said(""), said("0"), said("1"), said("yes")], [false, false, true, true]);
    }
}
