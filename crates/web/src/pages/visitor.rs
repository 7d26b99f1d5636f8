//! Who looks at a page: proved by the secret in a cookie, asked anew at each request, for the purpose
//! that they are working for.

use crate::around::Peer;
use crate::house::House;
use crate::pages::at::At;
use crate::pages::cookies::{self, cookie};
use crate::pages::turned::Turned;
use crate::pages::work::Work;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Method, Uri};
use desk::Session;
use sha2::{Digest, Sha256};
use std::net::{IpAddr, Ipv4Addr};
use vault::store::RecordStore;

/// Somebody who has signed in.
#[derive(Debug)]
pub(crate) struct Visitor {
    /// Who they are, without a purpose.
    pub who: Session,
    /// What they are working on; empty where they have not said it.
    pub work: Work,
    /// What proves them; it goes nowhere but to the desk.
    pub secret: String,
    /// What each of their forms carries.
    pub token: FormToken,
    /// The page that they are at.
    pub at: At,
}

/// Somebody who has signed in and has said what they are working on.
#[derive(Debug)]
pub(crate) struct Working {
    /// Who they are, for that purpose.
    pub who: Session,
    /// The visitor.
    pub visitor: Visitor,
}

/// Proof that a form came from a page of this sitting, and not from another site (CSRF).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FormToken(String);

impl FormToken {
    /// The token of a sitting.
    pub(crate) fn of(secret: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"bluelamp form token\0");
        hash.update(secret.as_bytes());
        Self(hex::encode(hash.finalize()))
    }

    /// The text that stands in a form.
    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

/// The secret that a request shows.
pub(crate) fn secret_of(parts: &Parts) -> Option<String> {
    cookie(&parts.headers, cookies::SITTING)
}

/// The address that a request came from.
pub(crate) fn peer_of(parts: &Parts) -> IpAddr {
    parts.extensions.get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0)
}

/// Where somebody goes on after they have signed in or said what for: only what can be asked for
/// again without sending anything.
fn back_to(method: &Method, uri: &Uri) -> String {
    match *method {
        Method::GET => uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
        _ => "/".to_owned(),
    }
}

/// Whether a text may be where somebody goes on: a path of this server and nothing else.
pub(crate) fn is_own_path(text: &str) -> bool {
    text.starts_with('/')
        && !text.starts_with("//")
        && !text.contains(['\\', '\r', '\n'])
        && text.parse::<Uri>().is_ok_and(|uri| uri.host().is_none())
}

impl<S: RecordStore> FromRequestParts<House<S>> for Visitor {
    type Rejection = Turned;

    async fn from_request_parts(parts: &mut Parts, house: &House<S>) -> Result<Self, Turned> {
        let next = back_to(&parts.method, &parts.uri);
        let sign_in = || Turned::to("/sign-in", &next);
        let secret = secret_of(parts).ok_or_else(sign_in)?;
        house.limits().token(&Sha256::digest(secret.as_bytes()).into())?;
        let sitting = house.desk().sitting_of(&secret).await?.ok_or_else(sign_in)?;
        let who = sitting.who().cloned().ok_or_else(|| Turned::to("/password", &next))?;
        let token = FormToken::of(&secret);
        let at = At::of(&parts.extensions, &parts.uri, &parts.method);
        Ok(Self { who, work: Work::of(&parts.headers), secret, token, at })
    }
}

impl<S: RecordStore> FromRequestParts<House<S>> for Working {
    type Rejection = Turned;

    async fn from_request_parts(parts: &mut Parts, house: &House<S>) -> Result<Self, Turned> {
        let visitor = Visitor::from_request_parts(parts, house).await?;
        if visitor.work.is_empty() {
            return Err(Turned::to("/working-on", &back_to(&parts.method, &parts.uri)));
        }
        Ok(Self { who: visitor.work.session(&visitor.who), visitor })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_to_another_site() {
        for own in ["/", "/records/N-0000017-T", "/searches/abc?page=2"] {
            assert!(is_own_path(own), "{own}");
        }
        for other in ["", "//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nX: y", "x"] {
            assert!(!is_own_path(other), "{other}");
        }
    }

    #[test]
    fn the_form_token_tells_nothing_of_the_secret_and_follows_it() {
        let (one, two) = (FormToken::of("one"), FormToken::of("two"));
        assert_ne!(one, two);
        assert_eq!(one, FormToken::of("one"));
        assert!(!one.text().contains("one"));
    }
}
