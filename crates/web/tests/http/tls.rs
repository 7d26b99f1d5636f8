//! TLS: which certificates are refused and in what words, what a client on the wire sees, and that a renewal
//! needs no restart.

use crate::socket::{Running, start};
use crate::support::Force;
use desk::clock::SetWrong;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use web::{Options, Tls, TlsFiles};

const NAME: &str = "records.police.example";
const YEAR: i64 = 365 * 24 * 3600 * 1_000_000;

fn made(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/certificates").join(file)
}

fn files(certificate: &str, key: &str) -> TlsFiles {
    TlsFiles { certificate: made(certificate), key: made(key), name: Some(NAME.to_owned()) }
}

fn refused(files: TlsFiles, years: i64) -> String {
    Tls::read(files, SetWrong::by(years * YEAR)).unwrap_err().to_string()
}

#[test]
fn a_certificate_that_cannot_serve_is_refused_with_what_is_wrong() {
    let good = || files("records.pem", "records.key");
    Tls::read(good(), SetWrong::by(0)).unwrap();
    let cases = [
        (refused(good(), 150), "ended at 2126-"),
        (refused(good(), -40), "not valid before 2026-"),
        (refused(files("records.pem", "renewed.key"), 0), "is not that of the first certificate"),
        (refused(files("records.key", "records.pem"), 0), "holds no certificate"),
        (refused(files("records.pem", "renewed.pem"), 0), "holds no private key"),
        (refused(files("missing.pem", "records.key"), 0), "missing.pem cannot be read"),
        (
            refused(TlsFiles { name: Some("pnc.police.example".into()), ..good() }, 0),
            "not for pnc.police.example",
        ),
        (refused(TlsFiles { name: Some("not a name".into()), ..good() }, 0), "is no name of a server"),
    ];
    for (said, expected) in cases {
        assert!(said.contains(expected), "“{said}” does not say “{expected}”");
    }
}

/// A server over files of its own, which a test may replace.
struct Secured {
    folder: TempDir,
    tls: Arc<Tls>,
    running: Running,
}

impl Secured {
    async fn start(force: &Force) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files = TlsFiles {
            certificate: folder.path().join("server.pem"),
            key: folder.path().join("server.key"),
            name: Some(NAME.to_owned()),
        };
        put(&folder, "records");
        let tls = Tls::read(files, SetWrong::by(0)).unwrap();
        let options = Options { tls: Some(Arc::clone(&tls)), ..Options::default() };
        let running = start(force, options).await;
        Self { folder, tls, running }
    }

    /// What a client is answered that trusts one certificate; what it is told where that is not shown.
    async fn ask(&self, trusted: &str) -> Result<String, String> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(made(trusted)).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let client = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let stream = TcpStream::connect(self.running.address).await.unwrap();
        let name = ServerName::try_from(NAME).unwrap();
        let mut stream = TlsConnector::from(Arc::new(client))
            .connect(name, stream)
            .await
            .map_err(|error| error.to_string())?;
        stream.write_all(REQUEST).await.unwrap();
        let mut answer = String::new();
        // A peer that closes without saying so in TLS is told of as an error after all was read.
        let _ = stream.read_to_string(&mut answer).await;
        Ok(answer)
    }
}

const REQUEST: &[u8] = b"GET /sign-in HTTP/1.1\r\nhost: records.police.example\r\nconnection: close\r\n\r\n";

/// Puts a certificate and its key where the server has them.
fn put(folder: &TempDir, named: &str) {
    for end in ["pem", "key"] {
        fs::copy(made(&format!("{named}.{end}")), folder.path().join(format!("server.{end}"))).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_are_served_by_tls_alone_and_a_renewed_certificate_needs_no_restart() {
    let force = Force::new().await;
    let secured = Secured::start(&force).await;
    let answer = secured.ask("records.pem").await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer:.300}");
    assert!(answer.contains("strict-transport-security: max-age=63072000\r\n"), "{answer:.900}");
    let mut plain = TcpStream::connect(secured.running.address).await.unwrap();
    plain.write_all(REQUEST).await.unwrap();
    let mut said = Vec::new();
    let _ = plain.read_to_end(&mut said).await;
    assert!(!said.starts_with(b"HTTP"), "what is said in clear is not answered");

    put(&secured.folder, "renewed");
    secured.tls.read_again().unwrap();
    assert!(secured.ask("records.pem").await.unwrap_err().contains("certificate"));
    secured.ask("renewed.pem").await.unwrap();
    // Half a renewal: the pair that was there goes on.
    fs::copy(made("records.key"), secured.folder.path().join("server.key")).unwrap();
    assert!(secured.tls.read_again().unwrap_err().to_string().contains("not that of the first"));
    secured.ask("renewed.pem").await.unwrap();
    secured.running.stop().await;
}
