//! The turn: buckets are re-wrapped under a new epoch key and the old one is destroyed.

use crate::error::VaultError;
use crate::keys::KeyStore;
use crate::provider::FileProvider;
use std::path::Path;

/// What a turn did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The epoch that counts now.
    pub epoch: u64,
    /// Buckets that were re-wrapped.
    pub buckets: u64,
    /// Escrow copies that hold the new epoch's key, the old one destroyed.
    pub escrows_confirmed: Vec<String>,
    /// Escrow copies that could not be reached.
    pub escrows_unconfirmed: Vec<String>,
}

/// Turns the epoch.
///
/// # Errors
/// [`VaultError`].
pub async fn turn(keys: &dyn KeyStore, provider: &FileProvider, copy: Option<&Path>) -> Result<Report, VaultError> {
    let from = keys.epoch().await?;
    let next = provider.prepare_turn(from)?;
    let turned = keys.turn(&next).await?;
    provider.finish_turn(&next)?;
    if let Some(copy) = copy {
        keys.copy_to(copy).await?;
    }
    let (confirmed, unconfirmed): (Vec<_>, Vec<_>) =
        provider.escrows()?.into_iter().partition(|escrow| escrow.confirmed >= turned.epoch);
    let names = |escrows: Vec<crate::provider::EscrowState>| escrows.into_iter().map(|escrow| escrow.name).collect();
    Ok(Report {
        epoch: turned.epoch,
        buckets: turned.buckets,
        escrows_confirmed: names(confirmed),
        escrows_unconfirmed: names(unconfirmed),
    })
}
