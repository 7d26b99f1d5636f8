//! The command: its exit status, its memory and its two kinds of answer.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends where its ground is missing")]

#[expect(dead_code, reason = "these tests use a part of the writer")]
mod common;

use common::{Files, Log, sample};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn export(&self, name: &str, files: &Files) -> PathBuf {
        files.write(&self.path(name));
        self.path(name)
    }

    fn file(&self, name: &str, content: &str) -> String {
        std::fs::write(self.path(name), content).unwrap();
        self.path(name).display().to_string()
    }

    fn run(&self, export: &Path, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bluelamp-verify"));
        command.arg(export).args(arguments).env("XDG_STATE_HOME", self.folder.path());
        command.output().unwrap()
    }

    fn status(&self, export: &Path, arguments: &[&str]) -> i32 {
        self.run(export, arguments).status.code().unwrap()
    }

    fn memory(&self) -> PathBuf {
        self.path("bluelamp-verify/log.example_force.json")
    }
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn the_memory_pins_the_key_and_finds_a_rewind() {
    let desk = Desk::new();
    let mut log = sample();
    let early = desk.export("early", &log.files());
    log.plain();
    let late = desk.export("late", &log.files());
    let first = desk.run(&early, &[]);
    assert_eq!(first.status.code(), Some(0), "{}", text(&first));
    assert!(text(&first).contains("First use: the key was taken from this export itself, on trust"));
    assert!(text(&first).trim_end().ends_with("\nGOOD"));
    assert!(text(&first).contains(&format!("in {}", desk.memory().display())), "{}", text(&first));
    let second = desk.run(&late, &[]);
    assert_eq!(second.status.code(), Some(0));
    assert!(text(&second).contains("12 entries): this log continues it"), "{}", text(&second));
    assert!(!text(&second).contains("First use"));
    let before = std::fs::read(desk.memory()).unwrap();
    let rewound = desk.run(&early, &[]);
    assert_eq!(rewound.status.code(), Some(1));
    assert!(text(&rewound).contains("rewind"), "{}", text(&rewound));
    assert_eq!(std::fs::read(desk.memory()).unwrap(), before, "a faulty log must not change the memory");
    assert_eq!(desk.status(&early, &["--memory", "none"]), 0);
    let mut forged = log;
    forged.key = ed25519_dalek::SigningKey::from_bytes(&[1; 32]);
    let forged = desk.run(&desk.export("forged", &forged.files()), &[]);
    assert_eq!(forged.status.code(), Some(1));
    assert!(text(&forged).contains("pinned by the memory"), "{}", text(&forged));
}

#[test]
fn the_memory_goes_through_generations() {
    let desk = Desk::new();
    let first = Log::of(20);
    let second = first.restored(15, &first.checkpoint(), (15, 20));
    let third = second.restored(16, &second.checkpoint(), (16, 16));
    for (name, log) in [("first", &first), ("second", &second), ("third", &third)] {
        let output = desk.run(&desk.export(name, &log.files()), &[]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    }
    assert!(text(&desk.run(&desk.path("third"), &[])).contains("leaves 15 to 19"));
    assert_eq!(desk.status(&desk.path("first"), &[]), 1);
}

#[test]
fn keys_and_checkpoints_may_be_given() {
    let desk = Desk::new();
    let log = sample();
    let export = desk.export("export", &log.files());
    let mut forged = log.clone();
    forged.key = ed25519_dalek::SigningKey::from_bytes(&[1; 32]);
    let other = forged.vkey();
    let (own, file) = (log.vkey(), desk.file("key", &format!("{}\n", log.vkey())));
    assert_eq!(desk.status(&export, &["--memory", "none", "--key", &own]), 0);
    assert_eq!(desk.status(&export, &["--memory", "none", "--key-file", &file]), 0);
    assert_eq!(desk.status(&export, &["--memory", "none", "--key", &other]), 1);
    assert_eq!(desk.status(&export, &["--memory", "none", "--key", "no key"]), 2);
    let earlier = desk.file("earlier", &log.checkpoint_at(5));
    let mut longer = log.clone();
    longer.plain();
    let later = desk.file("later", &longer.checkpoint());
    let compare = ["--memory", "none", "--checkpoint", &earlier, "--checkpoint", &later];
    assert_eq!(desk.status(&export, &compare[..4]), 0);
    let output = desk.run(&export, &compare);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output).contains("REWIND") && text(&output).contains("this log continues it"));
    assert_eq!(desk.status(&export, &["--checkpoint", &file]), 2);
}

#[test]
fn the_answer_for_machines_is_one_object() {
    let desk = Desk::new();
    let mut files = sample().files();
    let good = desk.run(&desk.export("good", &files), &["--json", "--memory", "none"]);
    let answer: serde_json::Value = serde_json::from_slice(&good.stdout).unwrap();
    assert_eq!(answer["good"], true);
    assert_eq!(
        (&answer["size"], &answer["generation"], &answer["entries"]),
        (&12.into(), &1.into(), &12.into())
    );
    assert_eq!(answer["payloads"], serde_json::json!({"open": 11, "erased_whole": 1, "erased_fields": 1}));
    assert_eq!(answer["versions"], serde_json::json!({"held": 3, "erased": 1, "erased_fields": 1}));
    assert_eq!((&answer["first_use"], &answer["fault_count"]), (&true.into(), &0.into()));
    files.flip("versions/000", 200, 1);
    let bad = desk.run(&desk.export("bad", &files), &["--json", "--memory", "none"]);
    assert_eq!(bad.status.code(), Some(1));
    let answer: serde_json::Value = serde_json::from_slice(&bad.stdout).unwrap();
    assert_eq!(answer["good"], false);
    let fault = &answer["faults"][0];
    assert_eq!((&fault["leaf"], &fault["kind"]), (&1.into(), &"altered-version".into()));
    assert_eq!(fault["version"], "0a0a0a0a-0a0a-0a0a-0a0a-0a0a0a0a0a0a");
}

#[test]
fn input_that_cannot_be_used_has_its_own_status() {
    let desk = Desk::new();
    assert_eq!(desk.status(&desk.path("nowhere"), &[]), 2);
    std::fs::create_dir(desk.path("empty")).unwrap();
    let output = desk.run(&desk.path("empty"), &["--json"]);
    assert_eq!(output.status.code(), Some(2));
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["good"], false);
    let export = desk.export("export", &sample().files());
    let in_a_file = format!("{}/memory", desk.file("file", ""));
    assert_eq!(desk.status(&export, &["--memory", &in_a_file]), 2);
    let damaged = desk.file("memory", "{");
    let output = desk.run(&export, &["--memory", &damaged]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(damaged).unwrap(), "{", "a damaged memory is left as it is");
}
