//! What a device kept without a network opens for its writer, for a day, and for nobody else.

use crate::support::{House, on_both_stores};
use desk::DeskError;
use desk::roadside::{INFO, KeptForm, SealTo, SealedForm};
use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeS, Serializable};
use serde_json::json;

on_both_stores! {
    what_a_device_kept_opens_for_its_writer_alone
    what_was_kept_for_more_than_a_day_is_not_taken
    what_was_altered_does_not_open
}

const DAY_SECONDS: i64 = 86_400;

fn sealed(to: &SealTo, at: i64, form: &str) -> SealedForm {
    let public = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&to.key).unwrap();
    let inner = json!({ "account": to.account, "at": at / 1000, "form": form }).to_string();
    let (encapsulated, sealed) = hpke::single_shot_seal::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
        &OpModeS::Base,
        &public,
        INFO,
        inner.as_bytes(),
        &[],
    )
    .unwrap();
    SealedForm { day: to.day, encapsulated: encapsulated.to_bytes().to_vec(), sealed }
}

async fn what_a_device_kept_opens_for_its_writer_alone(house: House) {
    let (desk, officer) = (house.desk(), &house.officer.for_purpose("inquiry 17"));
    let to = desk.roadside_key(officer).await.unwrap();
    assert_eq!(desk.roadside_key(officer).await.unwrap(), to, "a day has one key");
    let kept = sealed(&to, desk.now(), "grounds=Seen&do=save");
    let opened = desk.open_kept(officer, &kept).await.unwrap();
    assert_eq!(opened, KeptForm::Form("grounds=Seen&do=save".to_owned()));
    let reviewer = &house.reviewer.for_purpose("inquiry 17");
    assert_eq!(desk.open_kept(reviewer, &kept).await.unwrap(), KeptForm::OfAnother);
}

async fn what_was_kept_for_more_than_a_day_is_not_taken(house: House) {
    let (desk, officer) = (house.desk(), &house.officer.for_purpose("inquiry 17"));
    let to = desk.roadside_key(officer).await.unwrap();
    let kept = sealed(&to, desk.now(), "grounds=Seen");
    house.clock.set_on(DAY_SECONDS - 60);
    assert!(matches!(desk.open_kept(officer, &kept).await.unwrap(), KeptForm::Form(_)));
    assert_ne!(desk.roadside_key(officer).await.unwrap().key, to.key, "each day has its own key");
    // A page of yesterday seals what is typed today.
    let late = sealed(&to, desk.now(), "grounds=Seen");
    house.clock.set_on(120);
    assert_eq!(desk.open_kept(officer, &kept).await.unwrap(), KeptForm::TooOld);
    assert!(matches!(desk.open_kept(officer, &late).await.unwrap(), KeptForm::Form(_)));
    // Whatever the clock of the device says, the key of the day is gone after two.
    let ahead = sealed(&to, desk.now() + 30 * DAY_SECONDS * 1_000_000, "grounds=Seen");
    house.clock.set_on(2 * DAY_SECONDS);
    assert_eq!(desk.open_kept(officer, &ahead).await.unwrap(), KeptForm::TooOld);
}

async fn what_was_altered_does_not_open(house: House) {
    let (desk, officer) = (house.desk(), &house.officer.for_purpose("inquiry 17"));
    let to = desk.roadside_key(officer).await.unwrap();
    let good = sealed(&to, desk.now(), "grounds=Seen");
    let mut altered = good.clone();
    altered.sealed[3] ^= 1;
    let cut = SealedForm { sealed: Vec::new(), ..good.clone() };
    let of_nobody = SealedForm { encapsulated: vec![0; 32], ..good.clone() };
    for wrong in [altered, cut, of_nobody] {
        let refused = desk.open_kept(officer, &wrong).await;
        assert!(matches!(refused, Err(DeskError::Unusable(_))), "{refused:?}");
    }
    let tomorrow = SealedForm { day: to.day + 1, ..good };
    assert_eq!(desk.open_kept(officer, &tomorrow).await.unwrap(), KeptForm::TooOld);
}
