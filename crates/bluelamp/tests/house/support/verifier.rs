//! The overseer's program, which lies beside the other one.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the overseer's program found.
pub(crate) struct Verdict {
    status: i32,
    report: Value,
}

/// Verifies an export without a memory.
pub(crate) fn verify(export: &Path) -> Verdict {
    verify_with(export, &["--memory", "none"])
}

/// Verifies an export with what the overseer brings.
pub(crate) fn verify_with(export: &Path, arguments: &[&str]) -> Verdict {
    let output = Command::new(program()).arg(export).args(arguments).arg("--json").output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!error.contains("panicked"), "{error}");
    let report = serde_json::from_slice(&output.stdout);
    let report = report.unwrap_or_else(|fault| panic!("bluelamp-verify gives no JSON ({fault}): {error}"));
    Verdict { status: output.status.code().unwrap(), report }
}

fn program() -> PathBuf {
    let program = Path::new(env!("CARGO_BIN_EXE_bluelamp")).with_file_name("bluelamp-verify");
    let missing = "is not there: build it first with `cargo build -p bluelamp-witness`, as ./test does";
    assert!(program.exists(), "{} {missing}", program.display());
    program
}

impl Verdict {
    /// Says that the log is good.
    #[track_caller]
    pub(crate) fn good(self) -> Self {
        assert_eq!((self.status, &self.report["good"]), (0, &Value::Bool(true)), "{}", self.report);
        self
    }

    /// Says that the first fault is of this kind and stands at this leaf (`None`: at no single leaf).
    #[track_caller]
    pub(crate) fn first_fault(self, kind: &str, leaf: Option<u64>) -> Self {
        assert_eq!(self.status, 1, "{}", self.report);
        let first = &self.report["faults"][0];
        assert_eq!(first["kind"], kind, "{}", self.report["faults"]);
        assert_eq!(first["leaf"].as_u64(), leaf, "{}", self.report["faults"]);
        assert!(first["what"].as_str().unwrap().len() > 20, "it says too little: {first}");
        self
    }

    /// Says that a fault of this kind is among those found.
    #[track_caller]
    pub(crate) fn finds(self, kind: &str) -> Self {
        assert_eq!(self.status, 1, "{}", self.report);
        let faults = self.report["faults"].as_array().unwrap();
        assert!(faults.iter().any(|fault| fault["kind"] == kind), "no {kind} in {faults:?}");
        self
    }

    pub(crate) fn report(&self) -> &Value {
        &self.report
    }
}
