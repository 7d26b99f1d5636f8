//! The form of a stop without a network: what the device kept arrives once, whole, and as a record or a draft.

use crate::pages::{count, says};
use crate::support::browser::Browser;
use crate::support::{Answer, Call, Force, Store, on_both_stores};
use axum::http::StatusCode;
use desk::clock::id_at;
use desk::roadside::INFO;
use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeS, Serializable};
use serde_json::{Value, json};

on_both_stores! {
    what_a_device_kept_is_saved_once
    what_lacks_what_must_be_there_becomes_a_draft
}

const WHOLE: &[(&str, &str)] = &[
    ("kind", "stop-and-search"),
    ("at", "2024-01-02T23:10"),
    ("search-type", "person"),
    ("power", "pace-s1"),
    ("object", "drugs"),
    ("grounds", "Seen to pass a small packet."),
    ("self-defined-ethnicity", "not-held:declined"),
    ("place.words", "High Street, Lampton"),
    ("outcome", "no-action"),
    ("officer", "officer"),
    ("do", "save"),
];

/// Seals a form as the script of the page does.
async fn kept(browser: &mut Browser<'_>, fields: &[(&str, &str)]) -> Vec<(String, String)> {
    let to = browser.asks(Call::new("GET", "/roadside/key"), "/roadside/key").await.good().json();
    let text = |name: &str| to[name].as_str().unwrap().to_owned();
    let key = hex::decode(text("key")).unwrap();
    let public = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&key).unwrap();
    let now = browser.force.deployment.desk.now();
    let name = id_at(now).to_string();
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("once", &name).append_pair("draft", &name).extend_pairs(fields);
    let inner = json!({ "account": text("account"), "at": now / 1000, "form": form.finish() }).to_string();
    let (encapsulated, sealed) = hpke::single_shot_seal::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
        &OpModeS::Base,
        &public,
        INFO,
        inner.as_bytes(),
        &[],
    )
    .unwrap();
    let day = to["day"].to_string();
    [("day", day), ("encapsulated", hex::encode(encapsulated.to_bytes())), ("sealed", hex::encode(sealed))]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
}

async fn sends(browser: &mut Browser<'_>, kept: &[(String, String)]) -> Answer {
    let token = browser.asks(Call::new("GET", "/form-token"), "/form-token").await.json();
    let mut texts = kept.to_vec();
    texts.push(("form-token".to_owned(), token["token"].as_str().unwrap().to_owned()));
    browser.posts("/roadside/kept", &texts).await
}

fn text<'a>(said: &'a Value, name: &str) -> &'a str {
    said[name].as_str().unwrap()
}

async fn what_a_device_kept_is_saved_once(store: Store) {
    let force = Force::on(store).await;
    let mut browser = force.browser("officer").await;
    let kept = kept(&mut browser, WHOLE).await;
    let saved = sends(&mut browser, &kept).await.good().json();
    assert!(text(&saved, "href").starts_with("/records/SS-"), "{saved}");
    assert_eq!(
        sends(&mut browser, &kept).await.good().json(),
        saved,
        "the answer was lost, and it is sent again"
    );
    assert_eq!(count(&force, "stop-and-search").await, 1);
    says(&browser.opens(text(&saved, "href")).await, "High Street, Lampton");
}

async fn what_lacks_what_must_be_there_becomes_a_draft(store: Store) {
    let force = Force::on(store).await;
    let mut browser = force.browser("officer").await;
    let child: Vec<(&str, &str)> = WHOLE
        .iter()
        .filter(|(name, _)| *name != "place.words")
        .chain(&[
            ("age", "15"),
            ("more-than-outer", "yes"),
            ("more-thorough-search[1].reason", "Small objects hidden in clothing"),
        ])
        .copied()
        .collect();
    let kept = kept(&mut browser, &child).await;
    let became = sends(&mut browser, &kept).await.good().json();
    assert!(text(&became, "words").contains("Something that must be there is missing"), "{became}");
    assert_eq!(count(&force, "stop-and-search").await, 0);
    says(&browser.opens(text(&became, "href")).await, "Small objects hidden in clothing");
}

#[tokio::test]
async fn what_is_too_old_is_destroyed_and_what_is_of_another_waits() {
    let force = Force::new().await;
    let mut browser = force.browser("officer").await;
    let mut other = force.browser("supervisor").await;
    let kept = kept(&mut browser, WHOLE).await;
    let waits = sends(&mut other, &kept).await;
    assert_eq!(waits.status, StatusCode::CONFLICT);
    says(&waits, "somebody else typed");
    force.clock.set_on(25 * 3600);
    let mut browser = force.nobody();
    let sign_in = [("name", "officer"), ("password", crate::support::browser::PASSWORD)];
    browser.sends("/sign-in", "/sign-in", &sign_in).await.good();
    let not_yet = sends(&mut browser, &kept).await;
    assert_eq!(not_yet.status, StatusCode::SEE_OTHER, "first it is said what for");
    let form = [("purpose", "Investigating a crime"), ("task", "INC-17"), ("next", "/")];
    browser.sends("/working-on", "/working-on", &form).await.good();
    let gone = sends(&mut browser, &kept).await;
    assert_eq!(gone.status, StatusCode::GONE);
    says(&gone, "It was not sent, and is destroyed.");
    assert_eq!(count(&force, "stop-and-search").await, 0);
}

#[tokio::test]
async fn the_worker_may_stand_in_for_pages_and_nothing_else_may() {
    let force = Force::new().await;
    let mut browser = force.browser("officer").await;
    for (name, allowed) in [("roadside.js", "/"), ("form.js", "")] {
        let path = assets::path_of(name);
        let answer = browser.asks(Call::new("GET", path), path).await.good();
        assert_eq!(answer.header("service-worker-allowed"), allowed, "{name}");
        let asks = answer.header("content-security-policy").contains("connect-src 'self'");
        assert_eq!(asks, name == "roadside.js", "{name}");
    }
    let form = browser.opens("/new/stop-and-search").await;
    says(&form, "data-roadside=\"new\"");
    says(&form, assets::path_of("roadside.js"));
}
