//! Answers and how the document describes them.

use crate::ask::Seen;
use aide::OperationOutput;
use aide::generate::GenContext;
use aide::openapi::{
    Header, Operation, ParameterSchemaOrContent, ReferenceOr, Response, SchemaObject, StatusCode,
};
use axum::Json;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use schemars::{JsonSchema, json_schema};
use serde::Serialize;

/// What was asked for, whose version it is with its `ETag`.
#[derive(Debug)]
pub struct Tagged<T>(pub Seen, pub T);

/// What was made, at its address.
#[derive(Debug)]
pub struct Made<T>(pub String, pub T);

/// What was begun and goes on, at the address where it can be followed.
#[derive(Debug)]
pub struct Begun<T>(pub String, pub T);

impl<T: Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> axum::response::Response {
        ([(header::ETAG, self.0.tag())], Json(self.1)).into_response()
    }
}

impl<T: Serialize> IntoResponse for Made<T> {
    fn into_response(self) -> axum::response::Response {
        (axum::http::StatusCode::CREATED, [location(&self.0)], Json(self.1)).into_response()
    }
}

impl<T: Serialize> IntoResponse for Begun<T> {
    fn into_response(self) -> axum::response::Response {
        (axum::http::StatusCode::ACCEPTED, [location(&self.0)], Json(self.1)).into_response()
    }
}

fn location(address: &str) -> (header::HeaderName, HeaderValue) {
    // Addresses are made of our own words, references and percent-encoded names.
    (header::LOCATION, HeaderValue::from_str(address).unwrap_or(HeaderValue::from_static("/")))
}

/// An address below the API, each part of it percent-encoded where it must be (RFC 3986 §3.3).
#[must_use]
pub(crate) fn address(parts: &[&str]) -> String {
    let mut out = String::from("/api/v1");
    for part in parts {
        out.push('/');
        out.push_str(&percent_encoded(part));
    }
    out
}

/// A text of the characters that addresses and headers' parameters take as they are, all others
/// percent-encoded as UTF-8 (RFC 3986 §2.3, RFC 8187 §3.2).
pub(crate) fn percent_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for octet in text.bytes() {
        match octet {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(octet.into()),
            _ => out.push_str(&format!("%{octet:02X}")),
        }
    }
    out
}

fn described<T: JsonSchema>(ctx: &mut GenContext, operation: &mut Operation) -> Response {
    Json::<T>::operation_response(ctx, operation).unwrap_or_default()
}

pub(crate) fn with_header(mut response: Response, name: &str, about: &str) -> Response {
    let schema =
        SchemaObject { json_schema: json_schema!({ "type": "string" }), example: None, external_docs: None };
    let header = Header {
        description: Some(about.to_owned()),
        style: aide::openapi::HeaderStyle::Simple,
        required: true,
        deprecated: None,
        format: ParameterSchemaOrContent::Schema(schema),
        example: None,
        examples: Default::default(),
        extensions: Default::default(),
    };
    response.headers.insert(name.to_owned(), ReferenceOr::Item(header));
    response
}

type Responses = Vec<(Option<StatusCode>, Response)>;

impl<T: JsonSchema> OperationOutput for Tagged<T> {
    type Inner = T;

    fn inferred_responses(ctx: &mut GenContext, operation: &mut Operation) -> Responses {
        let response = described::<T>(ctx, operation);
        let response = with_header(response, "ETag", "The version, to be sent as `If-Match` with a change.");
        vec![(Some(StatusCode::Code(200)), response)]
    }
}

impl<T: JsonSchema> OperationOutput for Made<T> {
    type Inner = T;

    fn inferred_responses(ctx: &mut GenContext, operation: &mut Operation) -> Responses {
        let response = described::<T>(ctx, operation);
        let response = with_header(response, "Location", "Where it can be found from now on.");
        vec![(Some(StatusCode::Code(201)), response)]
    }
}

impl<T: JsonSchema> OperationOutput for Begun<T> {
    type Inner = T;

    fn inferred_responses(ctx: &mut GenContext, operation: &mut Operation) -> Responses {
        let response = described::<T>(ctx, operation);
        let response = with_header(response, "Location", "Where it can be followed.");
        vec![(Some(StatusCode::Code(202)), response)]
    }
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn addresses_are_encoded_part_by_part() {
        assert_eq!(address(&["accounts", "PC 1234/ß"]), "/api/v1/accounts/PC%201234%2F%C3%9F");
    }
}
