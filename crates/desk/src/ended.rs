//! What is kept for a time and not for good is destroyed when that has ended, whether or not its owner ever comes
//! back: saved searches, drafts, reports of trouble and what somebody follows (DPA 2018 s.39).

use crate::Desk;
use crate::error::DeskError;
use vault::store::RecordStore;

const ENDED: &str = "ended";

/// How often what has ended is looked for, in microseconds.
const PURGE_EVERY: i64 = 86_400_000_000;

impl<S: RecordStore> Desk<S> {
    /// Destroys what has ended, once a day.
    pub(crate) async fn purge_ended(&self) -> Result<(), DeskError> {
        let (now, last) = (self.clock.now(), self.vault.store.setting(ENDED, "purged").await?);
        let last: Option<i64> = last.and_then(|last| last.parse().ok());
        // A clock that was set back must not put it off.
        if last.is_some_and(|last| (0..PURGE_EVERY).contains(&(now - last))) {
            return Ok(());
        }
        self.purge_searches(now).await?;
        self.purge_drafts(now).await?;
        self.purge_troubles(now).await?;
        self.purge_followed(now).await?;
        let mut tx = self.vault.store.begin().await?;
        self.vault.store.put_setting(&mut tx, ENDED, "purged", &now.to_string()).await?;
        Ok(self.vault.store.commit(tx).await?)
    }
}
