//! The turn of the epoch, escrow copies and copies of the keystore.

use crate::Desk;
use crate::erasure::TurnReport;
use crate::error::DeskError;
use crate::session::Session;
use law::access::Act;
use ledger::Detail;
use std::path::Path;
use vault::provider::EscrowState;
use vault::store::RecordStore;

impl<S: RecordStore> Desk<S> {
    /// Turns the epoch: buckets are re-wrapped under a new key and the old one is destroyed, so
    /// that older copies of the keystore open nothing any more.
    ///
    /// # Errors
    /// A refusal, or faults of provider and keystore.
    pub async fn turn_keys(&self, who: &Session, copy: Option<&Path>) -> Result<TurnReport, DeskError> {
        let permit = self.permit_act(who, Act::Maintain).await?;
        let _alone = self.upkeep.lock().await;
        let report = self.turn_epoch(copy).await?;
        let subject = format!("turn to epoch {}: {} buckets re-wrapped", report.epoch, report.buckets);
        let detail = Detail { subject: Some(subject), count: Some(report.buckets), ..Detail::default() };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        Ok(report)
    }

    /// Registers an escrow copy of the epoch key, which each turn then replaces.
    ///
    /// # Errors
    /// A refusal, or a place that cannot be written.
    pub async fn add_escrow(
        &self,
        who: &Session,
        name: &str,
        path: &Path,
    ) -> Result<Vec<EscrowState>, DeskError> {
        let permit = self.permit_act(who, Act::Maintain).await?;
        self.provider.add_escrow(name, path, self.vault.keys.epoch().await?)?;
        let detail =
            Detail { subject: Some(format!("escrow copy “{name}” registered")), ..Detail::default() };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        Ok(self.provider.escrows()?)
    }

    pub(crate) async fn turn_epoch(&self, copy: Option<&Path>) -> Result<TurnReport, DeskError> {
        let report = vault::turn(&*self.vault.keys, &self.provider, copy).await?;
        self.clean_files().await?;
        Ok(crate::erasure::turned(report))
    }
}
