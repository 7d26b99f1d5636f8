//! What a command said.

use serde_json::Value;
use std::process::Output;

/// What a command said, and whether it succeeded.
pub(crate) struct Answer {
    what: String,
    success: bool,
    out: String,
    error: String,
}

impl Answer {
    pub(crate) fn of(arguments: &[&str], output: Output) -> Self {
        let text = |octets: Vec<u8>| String::from_utf8(octets).unwrap();
        let answer = Self {
            what: arguments.join(" "),
            success: output.status.success(),
            out: text(output.stdout),
            error: text(output.stderr),
        };
        // No fault, whatever it is, is met by a panic. (The index's own words for a thread that a full disk
        // stopped are “io::Error most likely) or panicked”: those are no panic's.)
        assert!(!answer.error.contains("panicked at"), "{answer}");
        answer
    }

    /// Says that the command succeeded, and that it complained of nothing.
    #[track_caller]
    pub(crate) fn good(self) -> Self {
        assert!(self.success, "{self}");
        self
    }

    /// Says that the command failed, and that its complaint has all of these words.
    #[track_caller]
    pub(crate) fn fails(self, words: &[&str]) -> Self {
        assert!(!self.success, "it succeeded: {self}");
        assert!(!self.error.trim().is_empty(), "it says nothing: {self}");
        for word in words {
            assert!(self.error.contains(word), "“{word}” is not said: {self}");
        }
        self
    }

    /// Says that the output has all of these words.
    #[track_caller]
    pub(crate) fn says(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.out.contains(word), "“{word}” is not said: {self}");
        }
        self
    }

    /// The one JSON object of the output.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("no JSON object ({error}): {self}"))
    }

    pub(crate) fn succeeded(&self) -> bool {
        self.success
    }

    /// What was said on standard output.
    pub(crate) fn out(&self) -> &str {
        &self.out
    }

    /// What was said on standard error.
    pub(crate) fn error(&self) -> &str {
        &self.error
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let end = if self.success { "succeeded" } else { "failed" };
        write!(f, "“bluelamp {}” {end}\nsaid: {}\ncomplained: {}", self.what, self.out, self.error)
    }
}
