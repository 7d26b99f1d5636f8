//! The names of a deployment: they stand in every checkpoint and cannot be changed afterwards.

use crate::deployment::Settings;
use crate::error::DeskError;
use crate::nature::Nature;
use model::ForceId;

/// The longest name, in characters.
const LONGEST: usize = 200;

/// A name for a log that no other deployment has, where none is given.
#[must_use]
pub fn own_log_name(force: ForceId) -> String {
    Nature::Live.log_name(force)
}

/// Whether a deployment may be called so. The log's name stands in signed notes, which allow neither
/// spaces nor plus signs (C2SP signed-note).
///
/// # Errors
/// Field, rule and mend.
pub(crate) fn check(settings: &Settings) -> Result<(), DeskError> {
    let name = &settings.name;
    let is_line = !name.trim().is_empty() && !name.chars().any(char::is_control);
    if !is_line || name.chars().count() > LONGEST {
        return Err(DeskError::unusable(
            "name: the force's name is one line of 1 to 200 characters; give for instance --name 'Lampshire Police'",
        ));
    }
    if is_log_name(&settings.log) {
        return Ok(());
    }
    Err(DeskError::unusable(format!(
        "log: “{}” cannot name a log, because it stands in every signed checkpoint: 1 to 200 letters of a to z, \
         digits, dots, hyphens, underlines and strokes, no empty part between strokes; for instance \
         --log police.example/lampshire, or leave --log out",
        settings.log.escape_debug()
    )))
}

fn is_log_name(log: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    log.len() <= LONGEST && log.split('/').all(|part| !part.is_empty() && part.chars().all(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_name_can_stand_in_a_signed_note() {
        for good in ["lampshire.example/bluelamp", "a", "bluelamp/0192-ab"] {
            assert!(is_log_name(good), "{good}");
        }
        for bad in ["", " ", "bad name", "a+b/c", "/a", "a/", "a//b", "a\nb", "é"] {
            assert!(!is_log_name(bad), "{bad}");
        }
        assert!(!is_log_name(&"a".repeat(201)));
    }
}
