//! What the form of a stop kept on a device while there was no network.
//!
//! A device seals what was typed to a key of the day (HPKE in base mode, RFC 9180) and cannot open it again: whoever
//! finds the device reads nothing, and neither does the officer before they have signed in. The other half of the
//! key follows from a key of the keystore and the day, so that nothing is stored for it. What is older than
//! [`LONGEST_KEPT`] is not taken, and after two days no key opens it.

use crate::Desk;
use crate::error::DeskError;
use crate::session::Session;
use hmac::{Hmac, KeyInit, Mac};
use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, Serializable};
use serde::Deserialize;
use sha2::Sha256;
use vault::store::RecordStore;
use zeroize::Zeroizing;

type Secret = <X25519HkdfSha256 as Kem>::PrivateKey;
type Public = <X25519HkdfSha256 as Kem>::PublicKey;
type Encapsulated = <X25519HkdfSha256 as Kem>::EncappedKey;

/// Name of the key from which the keys of days follow.
const KEY: &str = "roadside/days";
/// What binds a seal to this use (RFC 9180 §8.1).
pub const INFO: &[u8] = b"bluelamp roadside 1";
/// How long a device keeps what could not be sent, in microseconds.
pub const LONGEST_KEPT: i64 = DAY;
/// A page may be a day old when it seals, and what it sealed another.
const DAYS_OPEN: i64 = 2;
const DAY: i64 = 86_400_000_000;

/// What a page seals to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealTo {
    /// The day of the key, counted from 1970.
    pub day: i64,
    /// The public key (X25519).
    pub key: Vec<u8>,
    /// Whose page it is: what they kept is not sent by somebody else.
    pub account: String,
}

/// What a device sends when the network is back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedForm {
    /// The day of the key.
    pub day: i64,
    /// The encapsulated key.
    pub encapsulated: Vec<u8>,
    /// The sealed form.
    pub sealed: Vec<u8>,
}

/// What was in the seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeptForm {
    /// The form as it was typed, as a browser encodes forms.
    Form(String),
    /// It was kept for too long, or under a key that is gone.
    TooOld,
    /// Somebody else typed it.
    OfAnother,
}

#[derive(Deserialize)]
struct Inner {
    account: String,
    /// Milliseconds since 1970, by the clock of the device.
    at: i64,
    form: String,
}

impl<S: RecordStore> Desk<S> {
    /// What a page of this person seals to today.
    ///
    /// # Errors
    /// Faults of the keystore.
    pub async fn roadside_key(&self, who: &Session) -> Result<SealTo, DeskError> {
        let day = self.clock.now().div_euclid(DAY);
        let (_, public) = self.keys_of_day(day).await?;
        Ok(SealTo { day, key: public.to_bytes().to_vec(), account: who.actor().to_string() })
    }

    /// Opens what a device of this person kept.
    ///
    /// # Errors
    /// What does not open, or says nothing that is understood; faults of the keystore.
    pub async fn open_kept(&self, who: &Session, kept: &SealedForm) -> Result<KeptForm, DeskError> {
        let now = self.clock.now();
        let today = now.div_euclid(DAY);
        if kept.day > today || today - kept.day > DAYS_OPEN {
            return Ok(KeptForm::TooOld);
        }
        let (secret, _) = self.keys_of_day(kept.day).await?;
        let opened = open(&secret, kept).ok_or_else(not_understood)?;
        let inner: Inner = serde_json::from_slice(&opened).map_err(|_| not_understood())?;
        if inner.account != who.actor().to_string() {
            return Ok(KeptForm::OfAnother);
        }
        let is_too_old = now.saturating_sub(inner.at.saturating_mul(1000)) > LONGEST_KEPT;
        Ok(if is_too_old { KeptForm::TooOld } else { KeptForm::Form(inner.form) })
    }

    async fn keys_of_day(&self, day: i64) -> Result<(Secret, Public), DeskError> {
        let key = self.named_key(KEY).await?;
        let mut block = Zeroizing::new([0u8; 64]);
        block[..32].copy_from_slice(key.expose());
        let mut mac = Hmac::<Sha256>::new(&(*block).into());
        mac.update(&day.to_be_bytes());
        let seed: Zeroizing<[u8; 32]> = Zeroizing::new(mac.finalize().into_bytes().into());
        Ok(X25519HkdfSha256::derive_keypair(&*seed))
    }
}

fn open(secret: &Secret, kept: &SealedForm) -> Option<Zeroizing<Vec<u8>>> {
    let encapsulated = Encapsulated::from_bytes(&kept.encapsulated).ok()?;
    let opened = hpke::single_shot_open::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        secret,
        &encapsulated,
        INFO,
        &kept.sealed,
        &[],
    );
    opened.ok().map(Zeroizing::new)
}

fn not_understood() -> DeskError {
    DeskError::unusable(
        "kept: what this device kept does not open here; it was altered, or kept for another force"
            .to_owned(),
    )
}
