//! TLS of the server: certificate and key come from two files, are judged before they are used, and are read
//! again when somebody says so or the files change. What cannot be used never takes the place of what can.

use desk::clock::{Clock, moment_text};
use rustls::client::verify_server_name;
use rustls::crypto::ring;
use rustls::pki_types::pem::{Error as PemError, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::{ClientHello, ParsedCertificate, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};
use rustls::{InconsistentKeys, ServerConfig};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use x509_cert::Certificate;
use x509_cert::der::Decode;

/// Where certificate and key are, as PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The server's certificate, and those between it and the root, in that order.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
    /// The name by which people reach the server, which the certificate must be for.
    pub name: Option<String>,
}

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each says what it is")]
pub enum TlsError {
    #[error(
        "{path} cannot be read: {why}. It must be a PEM file that this process may read; where systemd starts it, that \
         is the user `bluelamp`"
    )]
    Unreadable { path: PathBuf, why: String },
    #[error(
        "{0} holds no certificate: it must have a line “-----BEGIN CERTIFICATE-----”. Perhaps the two files are \
         exchanged"
    )]
    NoCertificate(PathBuf),
    #[error(
        "{0} holds no private key that can be used: it must be PEM (PKCS#8, PKCS#1 or SEC1), RSA of 2,048 bits or \
         more, ECDSA P-256 or P-384, or Ed25519, and not be encrypted"
    )]
    NoKey(PathBuf),
    #[error(
        "{0} holds what is no certificate of form X.509 version 3: {1}. Ask whoever issued it for another"
    )]
    NotX509(PathBuf, String),
    #[error(
        "the key in {key} is not that of the first certificate in {certificate}: put the server's own certificate \
         first, and the key that was made for it beside it"
    )]
    KeyDoesNotMatch { certificate: PathBuf, key: PathBuf },
    #[error(
        "the certificate in {path} ended at {at}: browsers would refuse it. Put a newer one in its place"
    )]
    Ended { path: PathBuf, at: String },
    #[error(
        "the certificate in {path} is not valid before {at}: set the clock of the machine, or wait until then"
    )]
    NotYet { path: PathBuf, at: String },
    #[error(
        "the certificate in {path} is not for {name}: browsers would refuse it. Its names stand under “Subject \
         Alternative Name” (`openssl x509 -noout -ext subjectAltName -in {path}`)"
    )]
    OtherName { path: PathBuf, name: String },
    #[error("“{0}” is no name of a server: give one as people type it, for instance records.police.example")]
    NoName(String),
    #[error("TLS cannot be set up: {0}")]
    Other(#[from] rustls::Error),
}

/// What is shown to whoever connects.
#[derive(Debug)]
struct Held {
    key: Arc<CertifiedKey>,
    /// When the certificate ends: microseconds since 1970-01-01T00:00:00Z.
    ends: i64,
    /// What the files held, to see whether they changed.
    read: [Vec<u8>; 2],
}

/// TLS 1.2 and 1.3 over a certificate that can be read again while the server runs.
pub struct Tls {
    files: TlsFiles,
    clock: Arc<dyn Clock>,
    held: RwLock<Held>,
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tls").field("files", &self.files).finish_non_exhaustive()
    }
}

/// How often the files are looked at.
pub(crate) const GLANCE: Duration = Duration::from_secs(60);
/// Time before its end from which a certificate is complained of: microseconds.
const SOON: i64 = 14 * 24 * 3600 * 1_000_000;

impl Tls {
    /// Reads and judges certificate and key.
    ///
    /// # Errors
    /// [`TlsError`]: what is wrong with which file, and the mend.
    pub fn read(files: TlsFiles, clock: Arc<dyn Clock>) -> Result<Arc<Self>, TlsError> {
        let held = RwLock::new(judged(&files, clock.now())?);
        Ok(Arc::new(Self { files, clock, held }))
    }

    /// Reads the files again. Where they can be used, whoever connects from now on is shown what they hold;
    /// otherwise everything stays as it was.
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn read_again(&self) -> Result<(), TlsError> {
        let read = judged(&self.files, self.clock.now())?;
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = read;
        Ok(())
    }

    /// When the certificate ends: microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn ends(&self) -> i64 {
        self.held.read().unwrap_or_else(PoisonError::into_inner).ends
    }

    /// Whether the files hold something else than what is shown. Files that cannot be read count as changed,
    /// so that reading them again says what is wrong.
    fn is_changed(&self) -> bool {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let now = [&self.files.certificate, &self.files.key].map(|path| std::fs::read(path).ok());
        now.iter().zip(&held.read).any(|(now, then)| now.as_ref() != Some(then))
    }

    /// Looks at the files for ever, and reads them again once they change: a renewal needs no restart.
    pub(crate) async fn follow(self: Arc<Self>, every: Duration) {
        let mut tick = tokio::time::interval(every);
        loop {
            tick.tick().await;
            if self.is_changed() {
                self.told_to_read_again();
            } else if self.ends() - self.clock.now() < SOON {
                let ends = moment_text(self.ends());
                tracing::warn!(target: "bluelamp::tls", event = "certificate-ends-soon", ends);
            }
        }
    }

    /// Reads the files again, and says in the program's log what came of it.
    pub fn told_to_read_again(&self) {
        match self.read_again() {
            Ok(()) => {
                let ends = moment_text(self.ends());
                tracing::info!(target: "bluelamp::tls", event = "certificate-read", ends);
            }
            Err(error) => {
                tracing::error!(target: "bluelamp::tls", event = "certificate-refused", %error, "the one before stays");
            }
        }
    }

    /// The settings of the connections: TLS 1.2 and 1.3 alone, HTTP/1.1 alone.
    ///
    /// # Errors
    /// [`TlsError::Other`].
    pub(crate) fn config(self: &Arc<Self>) -> Result<Arc<ServerConfig>, TlsError> {
        let provider = Arc::new(ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&TLS13, &TLS12])?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(Shown(Arc::clone(self))));
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

/// Shows whoever connects what is held now.
#[derive(Debug)]
struct Shown(Arc<Tls>);

impl ResolvesServerCert for Shown {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let held = self.0.held.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&held.key))
    }
}

fn judged(files: &TlsFiles, now: i64) -> Result<Held, TlsError> {
    let (certificate, key) = (&files.certificate, &files.key);
    let read = [octets(certificate)?, octets(key)?];
    let chain = chain(certificate, &read[0])?;
    let first = chain.first().ok_or_else(|| TlsError::NoCertificate(certificate.clone()))?;
    let private = PrivateKeyDer::from_pem_slice(&read[1]).map_err(|_| TlsError::NoKey(key.clone()))?;
    let ends = check_times(certificate, first, now)?;
    if let Some(name) = &files.name {
        check_name(certificate, first, name)?;
    }
    let provider = ring::default_provider();
    let key = CertifiedKey::from_der(chain, private, &provider).map_err(|error| match error {
        rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
            TlsError::KeyDoesNotMatch { certificate: certificate.clone(), key: key.clone() }
        }
        rustls::Error::InvalidCertificate(why) => TlsError::NotX509(certificate.clone(), format!("{why:?}")),
        _ => TlsError::NoKey(key.clone()),
    })?;
    Ok(Held { key: Arc::new(key), ends, read })
}

fn octets(path: &Path) -> Result<Vec<u8>, TlsError> {
    std::fs::read(path)
        .map_err(|error| TlsError::Unreadable { path: path.to_owned(), why: error.to_string() })
}

fn chain(path: &Path, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let chain: Result<Vec<_>, PemError> = CertificateDer::pem_slice_iter(pem).collect();
    chain.map_err(|error| TlsError::Unreadable { path: path.to_owned(), why: error.to_string() })
}

/// Looks at the time for which a certificate holds; gives when it ends.
fn check_times(path: &Path, certificate: &CertificateDer<'_>, now: i64) -> Result<i64, TlsError> {
    let parsed = Certificate::from_der(certificate)
        .map_err(|error| TlsError::NotX509(path.to_owned(), error.to_string()))?;
    let validity = parsed.tbs_certificate.validity;
    let micros =
        |time: x509_cert::time::Time| i64::try_from(time.to_unix_duration().as_micros()).unwrap_or(i64::MAX);
    let (begins, ends) = (micros(validity.not_before), micros(validity.not_after));
    if now < begins {
        return Err(TlsError::NotYet { path: path.to_owned(), at: moment_text(begins) });
    }
    if now > ends {
        return Err(TlsError::Ended { path: path.to_owned(), at: moment_text(ends) });
    }
    Ok(ends)
}

fn check_name(path: &Path, certificate: &CertificateDer<'_>, name: &str) -> Result<(), TlsError> {
    let server = ServerName::try_from(name).map_err(|_| TlsError::NoName(name.to_owned()))?;
    let parsed = ParsedCertificate::try_from(certificate)
        .map_err(|error| TlsError::NotX509(path.to_owned(), error.to_string()))?;
    verify_server_name(&parsed, &server)
        .map_err(|_| TlsError::OtherName { path: path.to_owned(), name: name.to_owned() })
}
