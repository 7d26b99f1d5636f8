//! Destroying payloads of the log, or single fields of them. The entry that authorises it comes
//! first; then the bundle is sealed again under a new key and the old key is destroyed.

use crate::commitment::Opening;
use crate::core::{PendingKey, bundle_key_name, ensure_key, pending_key_name, split_run};
use crate::entry::{Detail, permitted};
use crate::error::LedgerError;
use crate::integrate::BUNDLE;
use crate::ledger::Ledger;
use crate::payload;
use crate::store::{EntryStore, PayloadRun};
use crate::tags;
use law::access::Permit;
use sealing::SecretKey;
use std::collections::BTreeSet;

impl<S: EntryStore> Ledger<S> {
    /// Destroys what a leaf says: one field (`tag`), or all of it (`tag` 0). Gives the leaf of the
    /// entry that authorises it. Called again after a kill it finishes what was begun.
    ///
    /// # Errors
    /// [`LedgerError::Permanent`] for fields that other absences rest on, for instance any field
    /// that a later check needs; [`LedgerError::NoSuchField`] where the entry has none such; and
    /// faults of store and keys.
    pub async fn erase_payload(
        &self,
        leaf: u64,
        tag: u16,
        permit: &Permit,
        ground: &str,
    ) -> Result<u64, LedgerError> {
        self.erase_payloads(&[(leaf, tag)], permit, ground).await
    }

    /// [`Ledger::erase_payload`] of many leaves under one entry: each bundle is sealed again once.
    ///
    /// # Errors
    /// As [`Ledger::erase_payload`]; then nothing is destroyed.
    pub async fn erase_payloads(
        &self,
        erased: &[(u64, u16)],
        permit: &Permit,
        ground: &str,
    ) -> Result<u64, LedgerError> {
        self.settle().await?;
        for (leaf, tag) in erased {
            self.check_erasable(*leaf, *tag).await?;
        }
        let detail = Detail {
            ground: Some(ground.to_owned()),
            erases_leaves: erased.to_vec(),
            operation: Some("erasure"),
            ..Detail::default()
        };
        let entry = self.append_payload(&permitted(permit, &detail)?).await?;
        let authorised = self.position(entry).await?;
        self.turn_pending_key().await?;
        let bundles: BTreeSet<u64> = erased.iter().map(|(leaf, _)| leaf / BUNDLE).collect();
        for bundle in bundles {
            self.reseal(bundle, erased).await?;
        }
        for (leaf, _) in erased.iter().filter(|(_, tag)| *tag == 0) {
            self.core.store.forget_touches(*leaf).await?;
        }
        Ok(authorised)
    }

    async fn check_erasable(&self, leaf: u64, tag: u16) -> Result<(), LedgerError> {
        let size = self.head().size;
        if leaf >= size {
            return Err(LedgerError::NoSuchLeaf { leaf, size });
        }
        if tags::PERMANENT.contains(&tag) {
            return Err(LedgerError::Permanent(tag));
        }
        let opening = self.core.openings(leaf, leaf + 1).await?.pop().flatten();
        if tag != 0 {
            check_holds(leaf, tag, opening.as_ref())?;
        }
        let rests = [tags::ERASES_LEAVES, tags::ERASES_VERSIONS, tags::EARLIER_CHECKPOINT, tags::COMMITMENTS];
        let held = opening.iter().flat_map(Opening::fields).find(|(tag, _)| rests.contains(tag));
        match held {
            Some((held, _)) if tag == 0 || tag == *held || tag == tags::RECORDS => {
                Err(LedgerError::Permanent(*held))
            }
            _ => Ok(()),
        }
    }

    /// New entries are sealed under a new pending key; the old one is destroyed, so that what was
    /// once pending cannot be opened in an old copy of the database.
    async fn turn_pending_key(&self) -> Result<(), LedgerError> {
        let number = self.core.pending_key().number;
        let key = ensure_key(&*self.core.keys, &pending_key_name(number + 1)).await?;
        self.core.replace_pending_key(PendingKey { number: number + 1, key }).await?;
        self.settle().await?;
        let mut sequencer = self.core.sequencer.lock().await;
        sequencer.head.pending_key = number + 1;
        self.core.store.keep_checkpoint(&sequencer.head).await?;
        self.core.head.send_replace(sequencer.head.clone());
        self.core.keys.destroy(&pending_key_name(number)).await?;
        Ok(())
    }

    /// Seals a bundle under a new key, without what is erased, and destroys the old key.
    async fn reseal(&self, bundle: u64, erased: &[(u64, u16)]) -> Result<(), LedgerError> {
        let _sequencer = self.core.sequencer.lock().await;
        let size = self.core.head.borrow().size;
        let (first, end) = (bundle * BUNDLE, ((bundle + 1) * BUNDLE).min(size));
        // Read anew: that also clears up what a fault left of an earlier attempt.
        self.core.forget_bundle_key(bundle);
        let old = self.core.bundle_key(bundle).await?;
        let _renewing = self.core.renewing.lock().await;
        let name = bundle_key_name(bundle);
        let next = self.core.keys.create(&format!("{name}/next")).await?;
        let mut runs = self.core.store.payloads(first, end).await?;
        for run in &mut runs {
            reseal_run(run, &old, &next, erased)?;
        }
        self.core.store.replace_payloads(runs).await?;
        let renamed = self.core.keys.rename(&format!("{name}/next"), &name).await;
        // Whatever the keystore says, it may have come that far: nothing more is sealed under the
        // old key.
        self.core.forget_bundle_key(bundle);
        Ok(renamed?)
    }
}

/// A field can be destroyed where the entry has it. One that was destroyed already passes: the call
/// may be the second after a kill.
fn check_holds(leaf: u64, tag: u16, opening: Option<&Opening>) -> Result<(), LedgerError> {
    let held: Vec<u16> = opening.iter().flat_map(|opening| opening.fields()).map(|(tag, _)| *tag).collect();
    if held.contains(&tag) {
        return Ok(());
    }
    let names: Vec<_> =
        tags::ERASABLE.iter().filter(|(_, tag)| held.contains(tag)).map(|(name, _)| *name).collect();
    Err(LedgerError::NoSuchField {
        leaf,
        name: tags::name(tag),
        holds: if names.is_empty() {
            "nothing that can be erased alone".to_owned()
        } else {
            names.join(", ")
        },
    })
}

fn reseal_run(
    run: &mut PayloadRun,
    old: &SecretKey,
    next: &SecretKey,
    erased: &[(u64, u16)],
) -> Result<(), LedgerError> {
    let mut sealed = Vec::with_capacity(run.sealed.len());
    for (leaf, part) in (run.first..).zip(split_run(run)?) {
        let tags: Vec<u16> = erased.iter().filter(|(of, _)| *of == leaf).map(|(_, tag)| *tag).collect();
        let kept = match part.is_empty() || tags.contains(&0) {
            true => Vec::new(),
            false => reseal_part(leaf, part, old, next, &tags)?,
        };
        sealed.extend((kept.len() as u32).to_be_bytes());
        sealed.extend(kept);
    }
    run.sealed = sealed;
    Ok(())
}

/// A payload that no longer opens is carried along as it is: it must not stop the erasure of
/// others, and the verifier names it.
fn reseal_part(
    leaf: u64,
    part: &[u8],
    old: &SecretKey,
    next: &SecretKey,
    tags: &[u16],
) -> Result<Vec<u8>, LedgerError> {
    let Ok(mut plain) = payload::open(old, leaf, part) else { return Ok(part.to_vec()) };
    for tag in tags {
        plain = Opening::decode(&plain)?.without(*tag).encode();
    }
    payload::seal(next, leaf, &plain)
}
