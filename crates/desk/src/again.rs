//! Acts that are done again where the store has undone them whole, because another's change got in the way
//! (a deadlock, a serialisation failure) or the connection was cut before the commit. Only a transaction is
//! repeated, from its beginning: what was decided and entered before it stands.

use crate::error::DeskError;
use std::time::Duration;
use uuid::Uuid;

/// How often a transaction is begun in all.
const TRIES: u32 = 6;
/// Longest pause before the second try; it doubles with each.
const FIRST_PAUSE: Duration = Duration::from_millis(10);

/// The tries of one transaction.
pub(crate) struct Tries {
    done: u32,
    /// A number that two who got in each other's way do not share.
    chance: fn() -> u64,
}

impl Default for Tries {
    fn default() -> Self {
        Self::with(|| Uuid::now_v7().as_u64_pair().1)
    }
}

impl Tries {
    /// Tries whose pauses follow from `chance`.
    pub(crate) fn with(chance: fn() -> u64) -> Self {
        Self { done: 0, chance }
    }

    /// Whether a transaction that failed so is to be begun anew; waits before it says so.
    pub(crate) async fn again(&mut self, error: &DeskError) -> bool {
        self.done += 1;
        if self.done >= TRIES || !error.is_undone() {
            return false;
        }
        tracing::info!(%error, tries = self.done, "a transaction was undone by the store, and begins anew");
        tokio::time::sleep(self.pause()).await;
        true
    }

    /// Anything up to the longest pause, so that two do not meet again.
    fn pause(&self) -> Duration {
        let longest = FIRST_PAUSE * 2_u32.saturating_pow(self.done - 1);
        let micros = u64::try_from(longest.as_micros()).unwrap_or(u64::MAX);
        Duration::from_micros((self.chance)() % (micros + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::LedgerError;
    use ledger::store::StoreError;

    fn undone() -> DeskError {
        LedgerError::Store(StoreError::Undone("two changes got in each other's way".to_owned())).into()
    }

    #[tokio::test]
    async fn what_was_undone_is_begun_anew_and_not_for_ever() {
        let mut tries = Tries::with(|| 0);
        let mut begun = 1;
        while tries.again(&undone()).await {
            begun += 1;
        }
        assert_eq!(begun, TRIES);
    }

    #[tokio::test]
    async fn what_failed_otherwise_is_not_repeated() {
        let failed = DeskError::Store(StoreError::Failed("the disk is full".to_owned()));
        assert!(!Tries::default().again(&failed).await);
        assert!(!Tries::default().again(&DeskError::NotFound).await);
    }

    #[test]
    fn pauses_follow_from_chance_and_grow() {
        let pause = |done, chance| Tries { done, chance }.pause();
        assert_eq!(pause(1, || 10_000), Duration::from_millis(10));
        assert_eq!(pause(1, || 10_001), Duration::ZERO);
        assert_eq!(pause(4, || 79_999), Duration::from_micros(79_999));
    }
}
