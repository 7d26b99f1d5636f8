//! Listens, and stops when asked: connections that are at work end in peace, and so does work whose
//! asker has gone.

use crate::api::router;
use crate::around::Peer;
use crate::house::{House, Options};
use crate::tls::{self, Tls, TlsError};
use axum::extract::Request;
use desk::deployment::Door;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use std::convert::Infallible;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

/// Why a server could not listen.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address is not of this machine alone, and nothing keeps what is said from others.
    #[error(
        "{0} can be reached from outside this machine, and this server speaks plain HTTP: passwords and tokens would \
         cross the network in clear. Give it a certificate (--tls-certificate and --tls-key), or listen on 127.0.0.1 \
         or [::1] and put a proxy that speaks TLS before it; where that is another machine, name its address with \
         --proxy, and it alone is listened to"
    )]
    NotLoopback(SocketAddr),
    /// The certificate cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The address of the metrics is not of this machine alone.
    #[error("{0}: metrics are told to this machine alone. Name 127.0.0.1 or [::1] with --metrics")]
    MetricsNotLoopback(SocketAddr),
    /// The exchange folder lies where the deployment's own files do.
    #[error("the exchange folder {0} cannot be used: {1}")]
    Exchange(std::path::PathBuf, String),
    /// The address cannot be had.
    #[error("cannot listen on {0}: {1}. Is another process there? Choose another port")]
    Listen(SocketAddr, std::io::Error),
}

/// Time in which a client must have sent the head of a request.
const HEAD: Duration = Duration::from_secs(15);
/// Time that connections have to end when the server stops.
const FAREWELL: Duration = Duration::from_secs(10);

/// Serves a door until `stop` is ready. `listening` is told the address, once requests are taken.
///
/// # Errors
/// [`ServeError`] where the address, the certificate or the exchange folder cannot be used.
pub async fn serve(
    desk: Arc<Door>,
    address: SocketAddr,
    options: Options,
    listening: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    check_address(address, &options)?;
    let metrics = match options.metrics {
        Some(metrics) => Some(listen(metrics).await?),
        None => None,
    };
    check_exchange(&desk, &options)?;
    let listener = listen(address).await?;
    let taken = listener.local_addr().map_err(|error| ServeError::Listen(address, error))?;
    let renewal = options.tls.clone().map(|tls| tokio::spawn(tls.follow(tls::GLANCE)));
    let house = House::new(desk, options);
    let graceful = GracefulShutdown::new();
    let entrance = Entrance::new(&house)?;
    let figures = metrics.map(|listener| tokio::spawn(tell_metrics(listener, house.clone())));
    listening(taken);
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, peer)) => entrance.connect(stream, peer.ip().to_canonical(), graceful.watcher()),
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    renewal.into_iter().chain(figures).for_each(|task| task.abort());
    if tokio::time::timeout(FAREWELL, graceful.shutdown()).await.is_err() {
        tracing::warn!("connections were still open and are cut off; their work is waited for");
    }
    house.work().close();
    house.work().wait().await;
    Ok(())
}

async fn listen(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).await.map_err(|error| ServeError::Listen(address, error))
}

/// Connections at once that ask for metrics: a scraper or two.
const SCRAPERS: usize = 8;

/// Answers whoever asks for metrics, for ever.
async fn tell_metrics(listener: TcpListener, house: House<vault::AnyStore>) {
    let graceful = GracefulShutdown::new();
    let entrance = Entrance {
        router: crate::metrics::routes(house.clone()),
        places: Arc::new(Semaphore::new(SCRAPERS)),
        tls: None,
        options: house.options().clone(),
    };
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => entrance.connect(stream, peer.ip().to_canonical(), graceful.watcher()),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

/// What is said in clear must not leave this machine, but to a proxy that was named.
fn check_address(address: SocketAddr, options: &Options) -> Result<(), ServeError> {
    let stays = address.ip().is_loopback() || options.tls.is_some() || !options.proxies.is_empty();
    match options.metrics {
        _ if !stays => Err(ServeError::NotLoopback(address)),
        Some(metrics) if !metrics.ip().is_loopback() => Err(ServeError::MetricsNotLoopback(metrics)),
        _ => Ok(()),
    }
}

/// What is exchanged must not lie among the deployment's own files, nor they in it.
fn check_exchange(desk: &Door, options: &Options) -> Result<(), ServeError> {
    let Some(exchange) = &options.exchange else { return Ok(()) };
    let fault = |why: &str| ServeError::Exchange(exchange.clone(), why.to_owned());
    let real = exchange.canonicalize().map_err(|error| fault(&error.to_string()))?;
    let root = desk.root().canonicalize().map_err(|error| fault(&error.to_string()))?;
    match real.starts_with(&root) || root.starts_with(&real) {
        true => Err(fault("the deployment lies in the same place; name a folder apart from it")),
        false => {
            crate::runs::remove_left_behind(&real);
            Ok(())
        }
    }
}

/// Takes connections in.
struct Entrance {
    router: axum::Router,
    places: Arc<Semaphore>,
    tls: Option<TlsAcceptor>,
    options: Options,
}

impl Entrance {
    fn new(house: &House<vault::AnyStore>) -> Result<Self, ServeError> {
        let options = house.options().clone();
        let config = options.tls.as_ref().map(Tls::config).transpose()?;
        Ok(Self {
            router: router(house.clone()),
            places: Arc::new(Semaphore::new(options.most_connections)),
            tls: config.map(TlsAcceptor::from),
            options,
        })
    }

    fn connect(&self, stream: TcpStream, peer: IpAddr, watcher: Watcher) {
        if !may_speak(peer, &self.options) {
            tracing::warn!(
                "a connection was turned away: it is no proxy that was named, and would speak in clear"
            );
            return;
        }
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            tracing::warn!("a connection was turned away: as many are open as may be");
            return;
        };
        let (router, tls) = (self.router.clone(), self.tls.clone());
        tokio::spawn(async move {
            match tls {
                None => talk(stream, peer, router, watcher, place).await,
                Some(tls) => match tokio::time::timeout(HEAD, tls.accept(stream)).await {
                    Ok(Ok(stream)) => talk(stream, peer, router, watcher, place).await,
                    Ok(Err(error)) => tracing::debug!(%error, "TLS was not agreed on"),
                    Err(_) => tracing::debug!("TLS was not agreed on in time"),
                },
            }
        });
    }
}

/// Whether somebody may speak here at all: in clear, this machine and the proxies that were named.
fn may_speak(peer: IpAddr, options: &Options) -> bool {
    options.tls.is_some() || peer.is_loopback() || options.proxies.contains(&peer)
}

/// Answers the requests of one connection until it ends.
async fn talk(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    peer: IpAddr,
    router: axum::Router,
    watcher: Watcher,
    place: OwnedSemaphorePermit,
) {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(axum::body::Body::new);
        request.extensions_mut().insert(Peer(peer));
        let router = router.clone();
        async move {
            let Ok(response) = router.oneshot(request).await;
            Ok::<_, Infallible>(response)
        }
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_headers(64);
    if let Err(error) = watcher.watch(http.serve_connection(TokioIo::new(stream), service)).await {
        tracing::debug!(%error, "a connection ended");
    }
    drop(place);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn in_clear_only_this_machine_and_named_proxies_are_heard() {
        let named = IpAddr::from([192, 0, 2, 7]);
        let options = Options { proxies: BTreeSet::from([named]), ..Options::default() };
        assert!(may_speak(named, &options));
        assert!(may_speak(IpAddr::from([127, 0, 0, 1]), &options));
        assert!(!may_speak(IpAddr::from([192, 0, 2, 8]), &options));
    }
}
