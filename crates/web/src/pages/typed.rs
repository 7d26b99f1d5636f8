//! What somebody sent with a form: its texts, once it is proved that the form came from a page of ours.

use crate::house::House;
use crate::pages::cookies::{self, cookie};
use crate::pages::visitor::FormToken;
use crate::problem::{Problem, Sort};
use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::HeaderMap;
use model::derived::form::Texts;
use vault::store::RecordStore;

/// Name of the control that carries the token of a form.
pub(crate) const TOKEN: &str = "form-token";
/// Octets after which what should be a token is none.
const LONGEST_TOKEN: usize = 256;

/// The texts of a form of this sitting.
#[derive(Debug)]
pub(crate) struct Typed(pub Sent);

/// The texts of a form that needs no sitting: that of signing in.
#[derive(Debug)]
pub(crate) struct TypedByAnybody(pub Sent);

/// The texts of a form in their order; a name may stand several times.
#[derive(Debug, Default)]
pub(crate) struct Sent(Vec<(String, String)>);

impl Sent {
    /// The text of a control; empty where it was not sent.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(named, _)| named == name).map_or("", |(_, text)| text)
    }

    /// Whether a control was sent with something in it.
    pub(crate) fn has(&self, name: &str) -> bool {
        !self.text(name).trim().is_empty()
    }

    /// Every text of a name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(named, _)| named == name).map(|(_, text)| text.as_str())
    }

    /// All texts by name, the last of each, line ends as one character.
    pub(crate) fn texts(&self) -> Texts {
        let own = |name: &String| name != TOKEN;
        let pairs = self.0.iter().filter(|(name, _)| own(name));
        pairs.map(|(name, text)| (name.clone(), text.replace("\r\n", "\n"))).collect()
    }

    /// A single text.
    pub(crate) fn one(name: &str, text: &str) -> Self {
        Self(vec![(name.to_owned(), text.to_owned())])
    }

    /// Texts that stand in a form before anybody typed.
    pub(crate) fn of(texts: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(texts.into_iter().collect())
    }

    /// The texts of a form as a browser encodes it.
    pub(crate) fn read(octets: &[u8]) -> Self {
        Self(form_urlencoded::parse(octets).into_owned().collect())
    }
}

/// Whether a browser says that a form came from another site. Old browsers say nothing.
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
    site.is_some_and(|site| !matches!(site, "same-origin" | "none"))
}

fn from_elsewhere() -> Problem {
    Problem::new(Sort::Malformed, "The form was sent from another site, and nothing was done.")
}

fn of_another_sitting() -> Problem {
    let detail = "The form belongs to another sitting: you signed out, or signed in again, since it was opened. \
                  Nothing was done. Open the page again.";
    Problem::new(Sort::Malformed, detail)
}

async fn sent<S: RecordStore>(request: Request, house: &House<S>) -> Result<Sent, Problem> {
    if is_from_elsewhere(request.headers()) {
        return Err(from_elsewhere());
    }
    if !crate::ask::is_of_type(request.headers(), "application/x-www-form-urlencoded") {
        return Err(Problem::new(Sort::WrongMediaType, "Send it with a form of a page."));
    }
    let octets = Bytes::from_request(request, house).await.map_err(|rejection| {
        let most = house.options().most_octets / 1024;
        match rejection.status().as_u16() {
            413 => Problem::new(
                Sort::TooLarge,
                format!("A form may have at most {most} KiB; nothing was saved."),
            ),
            _ => Problem::new(Sort::Malformed, "The form did not arrive whole, and nothing was done."),
        }
    })?;
    Ok(Sent::read(&octets))
}

/// A form of this sitting that brings a file: its token stands first, and the rest is read piece by piece.
pub(crate) struct TypedWithFile(pub Multipart);

impl<S: RecordStore> FromRequest<House<S>> for TypedWithFile {
    type Rejection = Problem;

    async fn from_request(request: Request, house: &House<S>) -> Result<Self, Problem> {
        let broken = || Problem::new(Sort::Malformed, "The form did not arrive whole, and nothing was done.");
        if is_from_elsewhere(request.headers()) {
            return Err(from_elsewhere());
        }
        if !crate::ask::is_of_type(request.headers(), "multipart/form-data") {
            return Err(Problem::new(Sort::WrongMediaType, "Send it with a form of a page."));
        }
        let secret = cookie(request.headers(), cookies::SITTING).unwrap_or_default();
        let mut parts = Multipart::from_request(request, house).await.map_err(|_| broken())?;
        let mut first = parts.next_field().await.map_err(|_| broken())?.ok_or_else(broken)?;
        let mut token = Vec::new();
        while let Some(more) =
            first.chunk().await.map_err(|_| broken())?.filter(|_| token.len() < LONGEST_TOKEN)
        {
            token.extend_from_slice(&more);
        }
        let is_token = first.name() == Some(TOKEN) && token == FormToken::of(&secret).text().as_bytes();
        drop(first);
        if is_token { Ok(Self(parts)) } else { Err(of_another_sitting()) }
    }
}

/// A form that needs no sitting and brings a file.
pub(crate) struct FileByAnybody(pub Multipart);

impl<S: RecordStore> FromRequest<House<S>> for FileByAnybody {
    type Rejection = Problem;

    async fn from_request(request: Request, house: &House<S>) -> Result<Self, Problem> {
        if is_from_elsewhere(request.headers()) {
            return Err(from_elsewhere());
        }
        if !crate::ask::is_of_type(request.headers(), "multipart/form-data") {
            return Err(Problem::new(Sort::WrongMediaType, "Send it with a form of a page."));
        }
        let broken =
            |_| Problem::new(Sort::Malformed, "The form did not arrive whole, and nothing was done.");
        Ok(Self(Multipart::from_request(request, house).await.map_err(broken)?))
    }
}

impl<S: RecordStore> FromRequest<House<S>> for TypedByAnybody {
    type Rejection = Problem;

    async fn from_request(request: Request, house: &House<S>) -> Result<Self, Problem> {
        Ok(Self(sent(request, house).await?))
    }
}

impl<S: RecordStore> FromRequest<House<S>> for Typed {
    type Rejection = Problem;

    async fn from_request(request: Request, house: &House<S>) -> Result<Self, Problem> {
        let secret = cookie(request.headers(), cookies::SITTING).unwrap_or_default();
        let sent = sent(request, house).await?;
        if sent.text(TOKEN) == FormToken::of(&secret).text() {
            return Ok(Self(sent));
        }
        Err(of_another_sitting())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_keep_what_was_typed() {
        let sent = Sent::read(b"a=1&b=x%0D%0Ay&form-token=t&a=2");
        assert_eq!(sent.text("a"), "1");
        assert_eq!(sent.all("a").collect::<Vec<_>>(), ["1", "2"]);
        let texts = sent.texts();
        assert_eq!(texts["b"], "x\ny");
        assert!(!texts.contains_key(TOKEN));
        assert!(!sent.has("c"));
    }
}
