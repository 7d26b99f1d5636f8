//! How long a session lasts.

use crate::error::DeskError;
use serde::{Deserialize, Serialize};

/// Minutes without use after which a session is over: so that a screen somebody has left is nobody's. It is
/// what NIST SP 800-63B (revision 3, §4.2.3) asks for where records are confidential and two factors prove
/// a person; with one factor, less would be reason to write a password down.
const IDLE_MINUTES: u32 = 30;
/// Hours after which a session is over whatever its use: a long shift, so that nobody is signed out in
/// the middle of one, and nobody stays signed in over two (same section).
const ABSOLUTE_HOURS: u32 = 12;

pub(super) const MINUTE: i64 = 60_000_000;

/// How long sessions last: `[sign_in]` in `deployment.toml`. A force may shorten both and lengthen neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Minutes without use after which a session is over: 1 to 30.
    pub idle_minutes: u32,
    /// Hours after which a session is over whatever its use: 1 to 12.
    pub absolute_hours: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { idle_minutes: IDLE_MINUTES, absolute_hours: ABSOLUTE_HOURS }
    }
}

impl Limits {
    /// Whether nothing but the defaults is said.
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Looks whether a deployment may run with them.
    ///
    /// # Errors
    /// What is out of its range.
    pub(crate) fn check(&self) -> Result<(), DeskError> {
        let rules = [
            ("idle_minutes", self.idle_minutes, IDLE_MINUTES),
            ("absolute_hours", self.absolute_hours, ABSOLUTE_HOURS),
        ];
        match rules.iter().find(|(_, said, most)| !(1..=*most).contains(said)) {
            None => Ok(()),
            Some((field, said, most)) => Err(DeskError::unusable(format!(
                "sign_in.{field}: {said} is not from 1 to {most}; mend it in deployment.toml, or leave it out"
            ))),
        }
    }

    /// The time without use, in microseconds.
    pub(crate) fn idle(&self) -> i64 {
        i64::from(self.idle_minutes) * MINUTE
    }

    /// The time whatever the use, in microseconds.
    pub(super) fn absolute(&self) -> i64 {
        i64::from(self.absolute_hours) * 60 * MINUTE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_force_shortens_and_never_lengthens() {
        Limits::default().check().unwrap();
        Limits { idle_minutes: 10, absolute_hours: 8 }.check().unwrap();
        for (idle_minutes, absolute_hours, field) in [
            (0, 12, "idle_minutes"),
            (31, 12, "idle_minutes"),
            (30, 0, "absolute_hours"),
            (30, 13, "absolute_hours"),
        ] {
            let told = Limits { idle_minutes, absolute_hours }.check().unwrap_err().to_string();
            assert!(told.starts_with(&format!("sign_in.{field}: ")) && told.contains("mend it"), "{told}");
        }
        let half: Limits = toml::from_str("idle_minutes = 15").unwrap();
        assert_eq!(half, Limits { idle_minutes: 15, absolute_hours: 12 });
        assert!(toml::from_str::<Limits>("idle_hours = 1").is_err());
    }
}
