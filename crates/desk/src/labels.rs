//! Labels as they may be put on a record: a restriction has an owner, and what is covert has groups,
//! one of which its author belongs to.

use crate::error::DeskError;
use law::access::Context;
use model::Labels;

/// Labels with the author as owner where a restriction names none.
///
/// # Errors
/// What would leave nobody who could ever read, change or answer for the record.
pub(crate) fn usable(context: &Context, mut labels: Labels) -> Result<Labels, DeskError> {
    if labels.covert && labels.groups.is_empty() {
        return Err(DeskError::unusable(
            "covert: name the restriction group too; a covert record without one could be read by nobody",
        ));
    }
    if labels.sensitive && labels.groups.is_empty() {
        return Err(DeskError::unusable(
            "sensitive: name the restriction group too; without one everybody could read the record",
        ));
    }
    labels.groups.iter().try_for_each(|group| check_group(group))?;
    if labels.covert && labels.groups.is_disjoint(&context.groups) {
        return Err(DeskError::unusable(
            "group: you belong to none of these groups, and could not find the record again once it is covert. Have \
             a member of the group do this, or have a grant of the group first",
        ));
    }
    if labels.owner.is_none() && !labels.is_open() {
        labels.owner = Some(context.actor);
    }
    Ok(labels)
}

/// Whether a restriction group may be called so: every store keeps and compares such a name alike.
///
/// # Errors
/// A name that is empty or has characters that cannot be seen.
pub(crate) fn check_group(group: &str) -> Result<(), DeskError> {
    if !group.trim().is_empty() && !group.chars().any(char::is_control) {
        return Ok(());
    }
    Err(DeskError::unusable("group: a restriction group has a name, one line without control characters"))
}
