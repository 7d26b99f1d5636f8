//! The turn of the epoch, escrow copies and copies of the keystore.

use crate::Desk;
use crate::clock::moment_text;
use crate::erasure::TurnReport;
use crate::error::DeskError;
use crate::session::Session;
use law::access::Act;
use ledger::Detail;
use std::path::Path;
use vault::provider::{EscrowState, Removal};
use vault::store::RecordStore;

/// The keys of a deployment, without any key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeysNow {
    /// The epoch that counts.
    pub epoch: u64,
    /// Escrow copies on the register.
    pub escrows: Vec<EscrowState>,
    /// Escrow copies that were taken off it.
    pub removed: Vec<EscrowState>,
}

impl<S: RecordStore> Desk<S> {
    /// Turns the epoch: buckets are re-wrapped under a new key and the old one is destroyed, so
    /// that older copies of the keystore open nothing any more.
    ///
    /// # Errors
    /// A refusal, or faults of provider and keystore.
    pub async fn turn_keys(&self, who: &Session, copy: Option<&Path>) -> Result<TurnReport, DeskError> {
        let permit = self.permit_act(who, Act::Maintain).await?;
        let _alone = self.upkeep.lock().await;
        let (report, copy_fault) = self.turn_epoch(copy).await?;
        let subject = format!("turn to epoch {}: {} buckets re-wrapped", report.epoch, report.buckets);
        let detail = Detail { subject: Some(subject), count: Some(report.buckets), ..Detail::default() };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        match copy_fault {
            None => Ok(report),
            Some(why) => Err(DeskError::unusable(format!(
                "epoch {} began and the turn stands, but the copy of the keystore was not made: {why}. Older \
                 copies open nothing any more: make room, end every process, and copy keys.sqlite yourself",
                report.epoch
            ))),
        }
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

    /// The epoch that counts, and the escrow copies.
    ///
    /// # Errors
    /// A refusal, or a register that cannot be read.
    pub async fn keys_now(&self, who: &Session) -> Result<KeysNow, DeskError> {
        let (escrows, removed) = self.escrows(who).await?;
        Ok(KeysNow { epoch: self.vault.keys.epoch().await?, escrows, removed })
    }

    /// The escrow copies: those on the register, then those that were taken off it.
    ///
    /// # Errors
    /// A refusal, or a register that cannot be read.
    pub async fn escrows(&self, who: &Session) -> Result<(Vec<EscrowState>, Vec<EscrowState>), DeskError> {
        let permit = self.permit_act(who, Act::Maintain).await?;
        let detail = Detail { subject: Some("list of escrow copies".into()), ..Detail::default() };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        Ok((self.provider.escrows()?, self.provider.removed_escrows()?))
    }

    /// Takes an escrow copy off the register, because whoever kept it has destroyed it. Certificates
    /// of erasure name it from then on: no turn can confirm that it is gone.
    ///
    /// # Errors
    /// A refusal; no such copy; a missing ground.
    pub async fn remove_escrow(&self, who: &Session, name: &str, ground: &str) -> Result<(), DeskError> {
        let permit = self.permit_act(who, Act::Maintain).await?;
        let _alone = self.upkeep.lock().await;
        if ground.trim().is_empty() {
            return Err(DeskError::unusable("ground: say who destroyed the copy, and when"));
        }
        let escrows = self.provider.escrows()?;
        let Some(escrow) = escrows.iter().find(|escrow| escrow.name == name) else {
            let names: Vec<_> = escrows.iter().map(|escrow| format!("“{}”", escrow.name)).collect();
            return Err(DeskError::unknown(format!(
                "there is no escrow copy “{name}” on the register; there are: {}",
                if names.is_empty() { "none".to_owned() } else { names.join(", ") }
            )));
        };
        let subject = format!(
            "escrow copy “{name}”, confirmed up to epoch {}, taken off the register",
            escrow.confirmed
        );
        let ground = ground.trim().to_owned();
        let detail = Detail { subject: Some(subject), ground: Some(ground.clone()), ..Detail::default() };
        // The entry comes first: nothing leaves the register unseen.
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        let on = moment_text(self.clock.now());
        self.provider.remove_escrow(name, Removal { by: who.name().to_owned(), on, ground })?;
        Ok(())
    }

    /// Turns the epoch; where only the copy of the keystore failed, the second says why.
    pub(crate) async fn turn_epoch(
        &self,
        copy: Option<&Path>,
    ) -> Result<(TurnReport, Option<String>), DeskError> {
        let report = vault::turn(&*self.vault.keys, &self.provider, copy).await?;
        self.clean_files().await?;
        let copy_fault = report.copy_fault.clone();
        let removed = self.provider.removed_escrows()?.iter().map(removed_text).collect();
        let turned = crate::erasure::turned(report);
        Ok((TurnReport { escrows_removed: removed, ..turned }, copy_fault))
    }
}

/// “safe: removed from the register on … by …, confirmed up to epoch 3”.
fn removed_text(escrow: &EscrowState) -> String {
    let removal = escrow.removed.as_ref();
    format!(
        "{}: removed from the register on {} by {} ({}), confirmed up to epoch {}",
        escrow.name,
        removal.map_or("", |removal| &removal.on),
        removal.map_or("", |removal| &removal.by),
        removal.map_or("", |removal| &removal.ground),
        escrow.confirmed
    )
}
