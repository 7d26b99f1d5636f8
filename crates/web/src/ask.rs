//! What a handler takes out of a request: who asks, the names in the address, the members of the
//! query and of the body, the version looked at. What cannot be read becomes a [`Problem`] that does
//! not repeat what was sent.

use crate::around::Peer;
use crate::house::House;
use crate::problem::{Problem, Sort};
use aide::OperationInput;
use aide::generate::GenContext;
use aide::openapi::Operation;
use aide::operation::{ParamLocation, add_parameters, parameters_from_schema};
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use desk::Session;
use jiff::civil::Date;
use schemars::{JsonSchema, Schema, json_schema};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::net::{IpAddr, Ipv4Addr};
use uuid::Uuid;
use vault::store::RecordStore;

/// Header that says what for.
pub const PURPOSE: &str = "bluelamp-purpose";
/// Header that names the task, case or incident in hand.
pub const TASK: &str = "bluelamp-task";
/// Longest text of a header.
pub(crate) const LONGEST: usize = 1000;

/// Who asks, proved by a token, for the purpose that they give.
#[derive(Debug)]
pub struct Who(pub Session);

impl<S: RecordStore> FromRequestParts<House<S>> for Who {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, house: &House<S>) -> Result<Self, Problem> {
        let peer = parts.extensions.get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0);
        let token = bearer(&parts.headers).ok_or_else(|| {
            Problem::new(Sort::NoToken, "The request has no `Authorization: Bearer` with a token.")
        })?;
        let mut session = house.prove(&token, peer).await?;
        if let Some(purpose) = text(&parts.headers, PURPOSE)? {
            session = session.for_purpose(&purpose);
        }
        if let Some(task) = text(&parts.headers, TASK)? {
            session = session.for_task(&task);
        }
        Ok(Self(session))
    }
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| token.to_owned())
}

pub(crate) fn text(headers: &HeaderMap, name: &'static str) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    let octets = value.as_bytes();
    // Clients write UTF-8 or, as headers once were, Latin-1, whose octets are the code points.
    let text = std::str::from_utf8(octets)
        .map_or_else(|_| octets.iter().map(|octet| char::from(*octet)).collect(), str::to_owned);
    if text.chars().count() > LONGEST || text.chars().any(char::is_control) {
        let detail = format!("`{name}` must have at most {LONGEST} characters, and no control characters.");
        return Err(Problem::new(Sort::Malformed, detail));
    }
    Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
}

impl OperationInput for Who {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        operation.security = vec![[("token".to_owned(), Vec::new())].into_iter().collect()];
        let words = json!({ "type": "string", "maxLength": LONGEST, "pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f]*$" });
        let purpose = "What for, in the words of whoever asks. Wherever a record or the log is shown, this or the task is needed.";
        let task = "The task, case or incident in hand, which gives the purpose its context.";
        header_parameter(ctx, operation, "Bluelamp-Purpose", purpose, &words, false);
        header_parameter(ctx, operation, "Bluelamp-Task", task, &words, false);
    }
}

/// Describes a header.
pub(crate) fn header_parameter(
    ctx: &mut GenContext,
    operation: &mut Operation,
    name: &str,
    about: &str,
    schema: &Value,
    required: bool,
) {
    let mut schema = schema.clone();
    schema["description"] = json!(about);
    let required: &[&str] = if required { &[name] } else { &[] };
    let all: Schema =
        json_schema!({ "type": "object", "properties": { name: schema }, "required": required });
    let parameters = parameters_from_schema(ctx, all, ParamLocation::Header);
    add_parameters(ctx, operation, parameters);
}

/// The names in the address.
#[derive(Debug)]
pub struct Named<T>(pub T);

impl<T, S> FromRequestParts<S> for Named<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<T>::from_request_parts(parts, state).await;
        let Path(names) = path.map_err(|_| {
            Problem::new(Sort::NotFound, "Nothing is at this address: a name in it is not of its form.")
        })?;
        Ok(Self(names))
    }
}

impl<T: JsonSchema> OperationInput for Named<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        Path::<T>::operation_input(ctx, operation);
    }
}

/// The members of the query.
#[derive(Debug)]
pub struct Asked<T>(pub T);

impl<T, S> FromRequestParts<S> for Asked<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let query = Query::<T>::from_request_parts(parts, state).await;
        let Query(members) = query.map_err(|_| {
            let detail = "The query of the address has a member that is unknown, missing or not of its form.";
            Problem::new(Sort::Malformed, detail)
        })?;
        Ok(Self(members))
    }
}

impl<T: JsonSchema> OperationInput for Asked<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        Query::<T>::operation_input(ctx, operation);
    }
}

/// The members of a JSON body.
#[derive(Debug)]
pub struct Sent<T>(pub T);

impl<T, S> FromRequest<S> for Sent<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            let detail = "The body must come as `Content-Type: application/json`.";
            return Err(Problem::new(Sort::WrongMediaType, detail));
        }
        let octets = Bytes::from_request(request, state).await.map_err(|rejection| unread(&rejection))?;
        let mut reader = serde_json::Deserializer::from_slice(&octets);
        let read = serde_path_to_error::deserialize(&mut reader);
        let read = read.map_err(|error| unlike(&error.path().to_string(), error.inner()))?;
        reader.end().map_err(|error| unlike("", &error))?;
        Ok(Self(read))
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    is_of_type(headers, "application/json")
}

/// Whether the body is said to be of a media type, whatever its parameters are.
pub(crate) fn is_of_type(headers: &HeaderMap, media_type: &str) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = value.and_then(|value| value.split(';').next()).map(str::trim);
    essence.is_some_and(|essence| essence.eq_ignore_ascii_case(media_type))
}

fn unread(rejection: &BytesRejection) -> Problem {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::new(Sort::TooLarge, "The body has more octets than the server takes.")
        }
        _ => Problem::new(Sort::Malformed, "The body could not be read to its end."),
    }
}

/// Says where a body is not of its form, and what was expected; what stood there is not repeated.
fn unlike(path: &str, error: &serde_json::Error) -> Problem {
    let (line, column) = (error.line(), error.column());
    if error.classify() != serde_json::error::Category::Data {
        let detail = format!("The body is not JSON: line {line}, column {column}.");
        return Problem::new(Sort::Malformed, detail);
    }
    let text = error.to_string();
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text);
    let expected = match text.split_once(", expected ") {
        Some((_, expected)) => format!("expected {expected}"),
        None if text.starts_with("missing field") => text.to_owned(),
        None => "it is not of the form that the document of the API describes".to_owned(),
    };
    let place = if path.is_empty() || path == "." { "the body" } else { path };
    Problem::new(Sort::Unusable, format!("{place} (line {line}, column {column}): {expected}."))
}

impl<T: JsonSchema> OperationInput for Sent<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        Json::<T>::operation_input(ctx, operation);
    }
}

/// The version of a record that somebody looked at, as `ETag` and `If-Match` say it: `"v3"`, or
/// `"v3e1"` where one of its fields was erased since it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Ordinal of the version.
    pub ordinal: u32,
    /// Fields of it that were erased by law.
    pub erased: u32,
}

impl Seen {
    /// As a header says it.
    #[must_use]
    pub fn tag(self) -> String {
        match self.erased {
            0 => format!("\"v{}\"", self.ordinal),
            erased => format!("\"v{}e{erased}\"", self.ordinal),
        }
    }

    fn parse(tag: &str) -> Option<Self> {
        let inner = tag.trim().strip_prefix("\"v")?.strip_suffix('"')?;
        let (ordinal, erased) = inner.split_once('e').unwrap_or((inner, "0"));
        let seen = Self { ordinal: ordinal.parse().ok()?, erased: erased.parse().ok()? };
        (seen.tag() == tag.trim()).then_some(seen)
    }
}

/// The version that `If-Match` names; without it nothing is changed (RFC 6585 §3).
#[derive(Debug)]
pub struct IfMatch(pub Seen);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        MaybeIfMatch::read(&parts.headers)?.map(Self).ok_or_else(version_needed)
    }
}

/// What is said where `If-Match` is missing.
pub(crate) fn version_needed() -> Problem {
    Problem::new(Sort::VersionNeeded, "The request has no `If-Match` with the `ETag` of the version you saw.")
}

impl OperationInput for IfMatch {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        header_parameter(ctx, operation, "If-Match", IF_MATCH, &tag_schema(), true);
    }
}

/// The version that `If-Match` names, where it is needed only for some of what may be sent.
#[derive(Debug)]
pub struct MaybeIfMatch(pub Option<Seen>);

impl MaybeIfMatch {
    fn read(headers: &HeaderMap) -> Result<Option<Seen>, Problem> {
        let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
        let seen = value.to_str().ok().and_then(Seen::parse);
        let detail = "`If-Match` names no version: it must be one `ETag` as a record's answer has it, for instance \"v3\".";
        seen.map(Some).ok_or_else(|| Problem::new(Sort::VersionNeeded, detail))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for MaybeIfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(Self(Self::read(&parts.headers)?))
    }
}

impl OperationInput for MaybeIfMatch {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        header_parameter(ctx, operation, "If-Match", IF_MATCH, &tag_schema(), false);
    }
}

const IF_MATCH: &str = "The `ETag` of the version that was looked at.";

fn tag_schema() -> Value {
    json!({ "type": "string", "pattern": "^\"v[1-9][0-9]{0,8}(e[1-9][0-9]{0,3})?\"$" })
}

/// The key under which a record is made once, however often the request is sent.
#[derive(Debug)]
pub struct Once(pub Option<Uuid>);

impl<S: Send + Sync> FromRequestParts<S> for Once {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get("idempotency-key") else { return Ok(Self(None)) };
        let key = value.to_str().ok().map(|text| text.trim().trim_matches('"'));
        let key = key.and_then(|text| Uuid::try_parse(text).ok());
        let detail = "`Idempotency-Key` must be a UUID of version 7.";
        key.map(|key| Self(Some(key))).ok_or_else(|| Problem::new(Sort::Malformed, detail))
    }
}

impl OperationInput for Once {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        let about = "A UUID of version 7 made for this record within the last 24 hours. The same request sent \
                     again under it makes no second record.";
        let schema = json!({ "type": "string", "format": "uuid" });
        header_parameter(ctx, operation, "Idempotency-Key", about, &schema, false);
    }
}

/// A day as people and machines write it.
///
/// # Errors
/// A problem that names the field.
pub(crate) fn day(field: &str, text: &str) -> Result<Date, Problem> {
    text.trim()
        .parse()
        .map_err(|_| Problem::new(Sort::Unusable, format!("{field}: not a day; write it as 2026-12-31.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_reads_as_it_is_written_and_no_other_way() {
        for seen in [Seen { ordinal: 1, erased: 0 }, Seen { ordinal: 40, erased: 2 }] {
            assert_eq!(Seen::parse(&seen.tag()), Some(seen));
        }
        for tag in ["v1", "\"1\"", "W/\"v1\"", "*", "\"v1e0\"", "\"v01\"", "\"v-1\"", "\"v1\", \"v2\"", ""] {
            assert_eq!(Seen::parse(tag), None, "{tag}");
        }
    }

    #[test]
    fn what_stood_in_a_body_is_not_repeated() {
        #[derive(Debug, serde::Deserialize)]
        struct Body {
            #[expect(dead_code, reason = "only its form is asked")]
            limit: u32,
        }
        let read = serde_json::from_str::<Body>(r#"{"limit": "Ottoline"}"#).unwrap_err();
        let text = serde_json::to_string(unlike("limit", &read).details()).unwrap();
        assert!(text.contains("limit (line 1") && text.contains("expected u32"), "{text}");
        assert!(!text.contains("Ottoline"), "{text}");
    }
}
