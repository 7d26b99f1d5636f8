//! `bluelamp bench`: runs the bench program that lies beside this one. It is a program of its own,
//! because its in-memory log must not be within reach of a force.

use crate::output::Complaint;
use std::os::unix::process::CommandExt;
use std::process::Command;

pub fn run(arguments: &[String]) -> Result<(), Complaint> {
    let program = std::env::current_exe()?.with_file_name("bluelamp-bench");
    if !program.exists() {
        return Err(Complaint::new(
            format!("{} is not there", program.display()),
            "Build it with `cargo build --release -p bluelamp-bench`.",
        ));
    }
    Err(Command::new(program).args(arguments).exec().into())
}
