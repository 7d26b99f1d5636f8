//! The scanner for malware: a clamd that the force runs, at a socket or an address.

use super::Malware;
use bytes::Bytes;
use clamav_client::tokio::{Socket, Tcp, scan_stream};
use futures::Stream;
use std::io;
use vault::attachments::Reading;

/// Searches a content. A scanner that is not there, or that gives up, leaves it waiting.
pub(super) async fn search(address: &str, reading: Reading) -> Malware {
    let answer = match address.strip_prefix("unix:").or_else(|| address.starts_with('/').then_some(address)) {
        Some(socket_path) => scan_stream(chunks(reading), Socket { socket_path }, None).await,
        None => scan_stream(chunks(reading), Tcp { host_address: address }, None).await,
    };
    match answer {
        Ok(answer) => understood(&answer),
        Err(error) => {
            tracing::warn!(%error, "the scanner for malware did not answer");
            Malware::Waiting
        }
    }
}

/// `stream: OK`, `stream: Eicar-Test-Signature FOUND`, or an error, which decides nothing.
fn understood(answer: &[u8]) -> Malware {
    let text = String::from_utf8_lossy(answer);
    let text = text.trim_end_matches(['\0', '\n']).trim();
    if text.ends_with(": OK") {
        return Malware::Nothing;
    }
    let found = text.strip_suffix(" FOUND").map(|found| found.trim_start_matches("stream:").trim());
    match found.filter(|name| !name.is_empty()) {
        Some(name) => Malware::Found(name.to_owned()),
        None => {
            tracing::warn!(answer = text, "the scanner for malware did not decide");
            Malware::Waiting
        }
    }
}

fn chunks(reading: Reading) -> impl Stream<Item = Result<Bytes, io::Error>> {
    let next = |reading: Option<Reading>| async move {
        let mut reading = reading?;
        match reading.next().await {
            Ok(Some(chunk)) => Some((Ok(Bytes::copy_from_slice(&chunk)), Some(reading))),
            Ok(None) => None,
            Err(error) => Some((Err(io::Error::other(error)), None)),
        }
    };
    Box::pin(futures::stream::unfold(Some(reading), next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_answer_decides() {
        assert_eq!(understood(b"stream: OK\0"), Malware::Nothing);
        assert_eq!(understood(b"stream: Eicar-Test FOUND\0"), Malware::Found("Eicar-Test".into()));
        for unclear in [&b"INSTREAM size limit exceeded. ERROR\0"[..], b"", b"stream: FOUND", b"OKAY"] {
            assert_eq!(understood(unclear), Malware::Waiting, "{}", String::from_utf8_lossy(unclear));
        }
    }
}
