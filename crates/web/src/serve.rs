//! Listens, and stops when asked: connections that are at work end in peace, and so does work whose
//! asker has gone.

use crate::api::router;
use crate::around::Peer;
use crate::house::{House, Options};
use axum::extract::Request;
use desk::deployment::Door;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::ServiceExt;

/// Why a server could not listen.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address is not of this machine alone.
    #[error(
        "{0} can be reached from outside this machine, and this server speaks plain HTTP: tokens would cross the \
         network in clear. Listen on 127.0.0.1 or [::1], and put a proxy that speaks TLS before it"
    )]
    NotLoopback(SocketAddr),
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
/// [`ServeError`] where the address or the exchange folder cannot be used.
pub async fn serve(
    desk: Arc<Door>,
    address: SocketAddr,
    options: Options,
    listening: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    if !address.ip().is_loopback() {
        return Err(ServeError::NotLoopback(address));
    }
    check_exchange(&desk, &options)?;
    let fault = |error| ServeError::Listen(address, error);
    let listener = TcpListener::bind(address).await.map_err(fault)?;
    listening(listener.local_addr().map_err(fault)?);
    let places = Arc::new(Semaphore::new(options.most_connections));
    let house = House::new(desk, options);
    let router = router(house.clone());
    let graceful = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, peer)) => connect(stream, peer, &router, &graceful, &places),
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(FAREWELL, graceful.shutdown()).await.is_err() {
        tracing::warn!("connections were still open and are cut off; their work is waited for");
    }
    house.work().close();
    house.work().wait().await;
    Ok(())
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

fn connect(
    stream: TcpStream,
    peer: SocketAddr,
    router: &axum::Router,
    graceful: &GracefulShutdown,
    places: &Arc<Semaphore>,
) {
    let Ok(place) = Arc::clone(places).try_acquire_owned() else {
        tracing::warn!("a connection was turned away: as many are open as may be");
        return;
    };
    let router = router.clone();
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(axum::body::Body::new);
        request.extensions_mut().insert(Peer(peer.ip()));
        let router = router.clone();
        async move {
            let Ok(response) = router.oneshot(request).await;
            Ok::<_, Infallible>(response)
        }
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_headers(64);
    let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection ended");
        }
        drop(place);
    });
}
