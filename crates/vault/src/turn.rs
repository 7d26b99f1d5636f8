//! The turn from one epoch to the next: what makes every older copy of the keystore useless.

use crate::error::VaultError;
use crate::keys::KeyStore;
use crate::provider::FileProvider;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// What a turn did, for the certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TurnReport {
    /// The new epoch.
    pub epoch: u64,
    /// Buckets that were wrapped again.
    pub buckets: u64,
    /// Escrow copies that hold the new key and no longer the old one, by name.
    pub confirmed: Vec<String>,
    /// Escrow copies that may still hold an older key, by name.
    pub unconfirmed: Vec<String>,
    /// The new copy of the keystore, where a folder for copies is set and the copy could be made.
    pub copy: Option<PathBuf>,
    /// Why there is no such copy although a folder is set. The turn stands.
    pub copy_fault: Option<String>,
}

impl TurnReport {
    /// Whether what was shredded before this turn is beyond recovery: the provider and every
    /// escrow copy have destroyed the key that older copies of the keystore need.
    #[must_use]
    pub fn is_beyond_recovery(&self) -> bool {
        self.unconfirmed.is_empty()
    }
}

/// Makes the next epoch key, wraps every bucket under it, destroys the old key in provider and
/// escrow copies, and makes a new checked copy of the keystore in `copies`. That folder is made and
/// tried before anything turns.
///
/// A kill at any point is repaired at the next start: the keystore says which epoch counts, and
/// [`FileProvider::key_for`] finishes or drops the rest.
///
/// # Errors
/// [`VaultError`]; then nothing has turned, or the next start finishes it. Where only the copy failed,
/// the turn stands and [`TurnReport::copy_fault`] says why.
pub async fn turn(
    keys: &dyn KeyStore,
    provider: &FileProvider,
    copies: Option<&Path>,
) -> Result<TurnReport, VaultError> {
    let from = keys.epoch().await?;
    // Also repairs what an earlier kill left.
    provider.key_for(from)?;
    if let Some(folder) = copies {
        check_copies(folder)?;
    }
    let next = provider.prepare_turn(from)?;
    let turned = keys.turn(&next).await?;
    provider.finish_turn(&next)?;
    let (confirmed, unconfirmed): (Vec<_>, Vec<_>) =
        provider.escrows()?.into_iter().partition(|escrow| escrow.confirmed >= turned.epoch);
    let copied = match copies {
        Some(folder) => copy_into(keys, folder, turned.epoch).await.map(Some),
        None => Ok(None),
    };
    let (copy, copy_fault) = match copied {
        Ok(copy) => (copy, None),
        Err(error) => (None, Some(error.to_string())),
    };
    let names =
        |escrows: Vec<crate::provider::EscrowState>| escrows.into_iter().map(|escrow| escrow.name).collect();
    Ok(TurnReport {
        epoch: turned.epoch,
        buckets: turned.buckets,
        confirmed: names(confirmed),
        unconfirmed: names(unconfirmed),
        copy,
        copy_fault,
    })
}

/// Makes the folder of the copies where it is missing, and sees whether it can be written.
fn check_copies(folder: &Path) -> Result<(), VaultError> {
    let fault = |source| VaultError::Copies { folder: folder.to_owned(), source };
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(fault)?;
    let trial = folder.join("keys-epoch.trial");
    std::fs::write(&trial, b"").and_then(|()| std::fs::remove_file(&trial)).map_err(fault)
}

async fn copy_into(keys: &dyn KeyStore, folder: &Path, epoch: u64) -> Result<PathBuf, VaultError> {
    let path = folder.join(format!("keys-epoch-{epoch}.sqlite"));
    keys.copy_to(&path).await?;
    Ok(path)
}
