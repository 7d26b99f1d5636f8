//! A disk that can be filled.

use crate::Fault;
use crate::programs::{is_said, say};
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Variable of the environment: set to anything but nothing and `0`, it says that a small file system can be
/// mounted here, and what would be passed over without it fails.
pub const NEED_DISK: &str = "NEED_SMALL_DISK";

const REFUSED: &str = "no small file system can be mounted here, which a full disk needs: that takes root's rights, \
    and a container that has them";

/// A small file system in memory, which goes away with this. Mounting it is root's right.
pub struct SmallDisk {
    folder: TempDir,
}

impl SmallDisk {
    /// Mounts one of so many mebibytes. `None` where that is refused: then one line says so.
    ///
    /// # Errors
    /// [`Fault`] where there is no folder for it, and where it is refused and [`NEED_DISK`] says that it must
    /// not be.
    pub fn mount(mebibytes: u32) -> Result<Option<Self>, Fault> {
        let folder = tempfile::tempdir()?;
        let size = format!("size={mebibytes}m");
        let mut command = Command::new("mount");
        command.args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder.path()).stderr(Stdio::null());
        if command.status().is_ok_and(|status| status.success()) {
            return Ok(Some(Self { folder }));
        }
        if std::env::var_os(NEED_DISK).is_some_and(|set| is_said(&set)) {
            return Err(Fault(format!("{NEED_DISK} is set, and {REFUSED}")));
        }
        say(&format!("passed over: {REFUSED}"));
        Ok(None)
    }

    /// Where it is mounted.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Whoever still has a file of it open keeps that until it ends.
        let _ = Command::new("umount").arg("--lazy").arg(self.path()).status();
    }
}
