//! Identities of the records of the synthetic force: UUIDv7 made of seed, household and slot alone,
//! so that a link can name a record of another household without that having been made.

use crate::random::Random;
use model::RecordId;
use uuid::Builder;

/// 2026-01-01T00:00:00Z in milliseconds; each household has a millisecond of its own after it, so
/// that identities ascend as households do.
const FIRST_MOMENT: u64 = 1_767_225_600_000;

/// Raised with every change of what the generator makes, so that a deployment can hold what an older
/// and a newer one made: one identity never stands for two records.
const GENERATION: &str = "identity 1";

/// The identity of the record in this slot of a household. A person's first record stands in the slot
/// of their place in the household; other records have the slots from [`FIRST_FREE`] on.
#[must_use]
pub fn record(seed: u64, household: u64, slot: u64) -> RecordId {
    let random = Random::numbered(seed, GENERATION, &[household, slot]).next();
    let mut octets = [0u8; 10];
    octets[..2].copy_from_slice(&(slot as u16).to_be_bytes());
    octets[2..].copy_from_slice(&random.to_be_bytes());
    RecordId(Builder::from_unix_timestamp_millis(FIRST_MOMENT + household, &octets).into_uuid())
}

/// First slot that no person of a household has.
pub const FIRST_FREE: u64 = 64;

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn identities_are_of_version_7_distinct_and_ascend_with_the_household() {
        let mut seen = BTreeSet::new();
        for household in 0..200 {
            for slot in 0..50 {
                let id = record(1, household, slot);
                assert_eq!(id.0.get_version_num(), 7);
                assert!(seen.insert(id));
            }
        }
        assert!(record(1, 5, 4_000) < record(1, 6, 0));
        assert!(record(1, 5, 0) != record(2, 5, 0));
    }
}
