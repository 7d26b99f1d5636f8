//! Files on their way in and out: octets as they come, never a whole file in memory.

use crate::answer::{percent_encoded, with_header};
use crate::ask::{LONGEST, header_parameter, is_of_type, text};
use crate::house::House;
use crate::problem::{Problem, Sort};
use aide::generate::GenContext;
use aide::openapi::{MediaType, Operation, RequestBody, Response as Described, SchemaObject, StatusCode};
use aide::operation::set_body;
use aide::{OperationInput, OperationOutput};
use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use desk::attachments::Attachment;
use futures::{Stream, TryStream, stream};
use schemars::json_schema;
use serde_json::json;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, ReadBuf};
use tokio::time::Sleep;
use vault::attachments::{AttachmentError, Reading};
use vault::store::RecordStore;

/// Header that says what a file is called. It is no part of the address: those end up in the logs of
/// machines on the way, and what a file is called may name people.
const NAME: &str = "bluelamp-file-name";
/// The type as which a file is sent; what it is, its content says.
const OCTETS: &str = "application/octet-stream";

/// What a file is called.
#[derive(Debug)]
pub struct FileName(pub String);

impl<S: Send + Sync> FromRequestParts<S> for FileName {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        if !parts.headers.contains_key(NAME) {
            let detail = "The request has no `Bluelamp-File-Name` with what the file is called.";
            return Err(Problem::new(Sort::Malformed, detail));
        }
        Ok(Self(text(&parts.headers, NAME)?.unwrap_or_default()))
    }
}

impl OperationInput for FileName {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        let about =
            "What the file is called, as UTF-8: 1 to 255 octets. Of a path only the last part counts.";
        let pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$";
        let schema = json!({ "type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": pattern });
        header_parameter(ctx, operation, "Bluelamp-File-Name", about, &schema, true);
    }
}

/// The octets of a file that comes in, in the pieces of a body or of a part of one.
pub struct Incoming<S = BodyDataStream> {
    octets: S,
    here: Bytes,
    patience: Duration,
    waiting: Option<Pin<Box<Sleep>>>,
    /// Octets that it may have.
    pub(crate) most: u64,
}

impl<S: RecordStore> FromRequest<House<S>> for Incoming {
    type Rejection = Problem;

    async fn from_request(request: Request, house: &House<S>) -> Result<Self, Problem> {
        if !is_of_type(request.headers(), OCTETS) {
            let detail = "A file must come as `Content-Type: application/octet-stream`.";
            return Err(Problem::new(Sort::WrongMediaType, detail));
        }
        let most = house.options().most_octets_of_file;
        if said_length(request.headers()).is_some_and(|length| length > most) {
            return Err(AttachmentError::TooLarge { most }.into());
        }
        Ok(Self::new(request.into_body(), house.options().patience, most))
    }
}

fn said_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

impl Incoming {
    fn new(body: Body, patience: Duration, most: u64) -> Self {
        Self::of(body.into_data_stream(), patience, most)
    }
}

impl<S> Incoming<S>
where
    S: TryStream<Ok = Bytes> + Unpin,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    /// The octets of these pieces, each waited for no longer than this.
    pub(crate) fn of(octets: S, patience: Duration, most: u64) -> Self {
        Self { octets, here: Bytes::new(), patience, waiting: None, most }
    }

    /// Waits for more octets, as long as patience lasts.
    fn poll_more(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Option<Bytes>>> {
        if let Poll::Ready(more) = Pin::new(&mut self.octets).try_poll_next(cx) {
            self.waiting = None;
            return Poll::Ready(more.transpose().map_err(io::Error::other));
        }
        let patience = self.patience;
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        ready!(waiting.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S> AsyncRead for Incoming<S>
where
    S: TryStream<Ok = Bytes> + Unpin,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        while self.here.is_empty() {
            match ready!(self.poll_more(cx))? {
                Some(more) => self.here = more,
                None => return Poll::Ready(Ok(())),
            }
        }
        let fits = self.here.len().min(into.remaining());
        into.put_slice(&self.here.split_to(fits));
        Poll::Ready(Ok(()))
    }
}

impl OperationInput for Incoming {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        let body = RequestBody {
            description: Some("The octets of the file.".to_owned()),
            content: [(OCTETS.to_owned(), binary())].into_iter().collect(),
            required: true,
            extensions: Default::default(),
        };
        set_body(ctx, operation, body);
    }
}

/// A file that is shown, chunk by chunk.
pub struct Outgoing {
    attachment: Attachment,
    reading: Reading,
}

impl Outgoing {
    /// Of what the desk opened.
    pub(crate) fn new((attachment, reading): (Attachment, Reading)) -> Self {
        Self { attachment, reading }
    }
}

/// What a browser may do with a file beyond what holds for every answer: nothing at all.
const SANDBOX: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

impl IntoResponse for Outgoing {
    fn into_response(self) -> Response {
        let Self { attachment, reading } = self;
        let media_type = HeaderValue::from_str(&attachment.media_type);
        // Whoever saves it is asked; nothing is run or shown where it was asked for.
        let disposition = format!("attachment; filename*=UTF-8''{}", percent_encoded(&attachment.name));
        let disposition = HeaderValue::from_str(&disposition);
        let headers = [
            (header::CONTENT_TYPE, media_type.unwrap_or(HeaderValue::from_static(OCTETS))),
            (header::CONTENT_DISPOSITION, disposition.unwrap_or(HeaderValue::from_static("attachment"))),
            (header::CONTENT_LENGTH, HeaderValue::from(attachment.length)),
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(SANDBOX)),
        ];
        (headers, Body::from_stream(chunks(reading))).into_response()
    }
}

/// Its chunks; each is wiped from memory once it is sent. A chunk that does not open breaks the answer
/// off before its promised length.
fn chunks(reading: Reading) -> impl Stream<Item = Result<Bytes, AttachmentError>> {
    stream::try_unfold(reading, async |mut reading| {
        let chunk = reading.next().await.inspect_err(|error| {
            tracing::error!(%error, "a file of a record could not be shown to its end");
        })?;
        Ok(chunk.map(|chunk| (Bytes::from_owner(chunk), reading)))
    })
}

impl OperationOutput for Outgoing {
    type Inner = Self;

    fn inferred_responses(_: &mut GenContext, _: &mut Operation) -> Vec<(Option<StatusCode>, Described)> {
        let response = Described {
            description: "The octets of the file, under the type that its content has".to_owned(),
            content: [("*/*".to_owned(), binary())].into_iter().collect(),
            ..Described::default()
        };
        let about = "`attachment`, with what the file is called (RFC 6266).";
        vec![(Some(StatusCode::Code(200)), with_header(response, "Content-Disposition", about))]
    }
}

fn binary() -> MediaType {
    let json_schema = json_schema!({ "type": "string", "format": "binary" });
    let schema = SchemaObject { json_schema, example: None, external_docs: None };
    MediaType { schema: Some(schema), ..MediaType::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt;

    #[tokio::test]
    async fn octets_come_as_they_were_sent_whatever_their_pieces() {
        let pieces = ["ab", "", "cdefg", "h"].map(|piece| Ok::<_, io::Error>(Bytes::from(piece)));
        let body = Body::from_stream(stream::iter(pieces));
        let mut incoming = Incoming::new(body, Duration::from_secs(9), 100);
        let mut two = [0; 2];
        incoming.read_exact(&mut two).await.unwrap();
        let mut rest = String::new();
        incoming.read_to_string(&mut rest).await.unwrap();
        assert_eq!((&two, rest.as_str()), (b"ab", "cdefgh"));
    }

    #[tokio::test]
    async fn a_file_that_stops_coming_is_not_waited_for() {
        let never = Body::from_stream(stream::pending::<Result<Bytes, io::Error>>());
        let mut incoming = Incoming::new(never, Duration::from_millis(20), 100);
        let error = incoming.read_u8().await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }
}
