//! What stands around every request: the limit of its address, the time that its answer may take,
//! the headers that its answer carries, and one line in the program's log, which names the route but
//! neither who asked nor what for.

use crate::house::House;
use crate::metrics::known;
use crate::problem::{Problem, Sort};
use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use std::net::{IpAddr, Ipv4Addr};
use std::time::Instant;
use vault::store::RecordStore;

/// The address that a request came from, which whoever accepts the connection puts among its
/// extensions.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub IpAddr);

/// Puts everything around a router that every request needs.
pub(crate) fn around<S: RecordStore>(router: Router, house: &House<S>) -> Router {
    router
        .layer(DefaultBodyLimit::max(house.options().most_octets))
        .layer(from_fn_with_state(house.clone(), to_its_end::<S>))
        .layer(from_fn_with_state(house.clone(), limited::<S>))
        .layer(from_fn_with_state(house.clone(), crate::pages::for_people::<S>))
        .layer(from_fn(safe))
        .layer(from_fn_with_state(house.clone(), kept_to_tls::<S>))
        .layer(from_fn_with_state(house.clone(), noted::<S>))
}

/// Work goes on to its end where nobody waits for the answer any more: the connection was lost, or
/// patience has run out. A server that stops waits for it. A file is waited for as long as it comes.
async fn to_its_end<S: RecordStore>(
    State(house): State<House<S>>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let is_file = brings_file(&request);
    // The place stays taken until the work is done, and not only until somebody stops waiting for it.
    let place = house.place().ok_or_else(Problem::busy)?;
    let work = house.work().spawn(async move {
        let _place = place;
        next.run(request).await
    });
    if is_file {
        return work.await.map_err(|_| Problem::fault("a handler was broken off"));
    }
    match tokio::time::timeout(house.options().patience, work).await {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(_)) => Err(Problem::fault("a handler was broken off")),
        Err(_) => {
            let seconds = house.options().patience.as_secs();
            Err(Problem::new(Sort::TooSlow, format!("No answer came within {seconds} s.")))
        }
    }
}

/// How the routes end that take a file.
const BRINGS: [&str; 2] = ["/attachments", "/intake/upload"];

/// Whether a file comes in, which may take as long as its octets keep coming.
fn brings_file(request: &Request) -> bool {
    let route = request.extensions().get::<MatchedPath>();
    request.method() == Method::POST
        && route.is_some_and(|path| BRINGS.iter().any(|end| path.as_str().ends_with(end)))
}

async fn limited<S: RecordStore>(
    State(house): State<House<S>>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let socket = request.extensions().get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0);
    let trusted = house.options().proxies.contains(&socket);
    let client = if trusted { said_by_proxy(request.headers()).unwrap_or(socket) } else { socket };
    house.limits().address(client)?;
    request.extensions_mut().insert(Peer(client));
    Ok(next.run(request).await)
}

/// The address that the nearest proxy saw: what stands before it, anybody may have written.
fn said_by_proxy(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    last.rsplit(',').next()?.trim().parse().ok()
}

/// Headers of every answer: nothing is kept on the way, framed, guessed or run.
const SAFE: &[(&str, &str)] = &[
    ("cache-control", "no-store"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ("cross-origin-resource-policy", "same-origin"),
];

async fn safe(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in SAFE {
        response.headers_mut().entry(*name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// A browser that was here once by TLS never asks in clear again (RFC 6797): two years, as lists of such
/// servers ask for. Other names of the force's are none of our business.
const KEEP_TO_TLS: HeaderValue = HeaderValue::from_static("max-age=63072000");

async fn kept_to_tls<S: RecordStore>(
    State(house): State<House<S>>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    if house.options().tls.is_some() {
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, KEEP_TO_TLS);
    }
    response
}

async fn noted<S: RecordStore>(State(house): State<House<S>>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let method = request.method().clone();
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), began.elapsed());
    let route = route.unwrap_or_else(|| "none".to_owned());
    house.metrics().answered(&method, &route, status, took);
    let micros = took.as_micros() as u64;
    tracing::info!(target: "bluelamp::requests", event = "request", method = known(&method), route, status, micros);
    response
}

/// What is said where no route is.
pub(crate) async fn nothing_here() -> Response {
    Problem::new(Sort::NotFound, "Nothing is at this address.").into_response()
}

/// What is said where a route does not take the method.
pub(crate) async fn wrong_method() -> Response {
    Problem::new(Sort::WrongMethod, "This address does not take that method.").into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_nearest_word_on_the_address_counts() {
        let mut headers = HeaderMap::new();
        assert_eq!(said_by_proxy(&headers), None);
        headers.append("x-forwarded-for", HeaderValue::from_static("6.6.6.6"));
        headers.append("x-forwarded-for", HeaderValue::from_static("7.7.7.7, 10.0.0.9"));
        assert_eq!(said_by_proxy(&headers), Some(IpAddr::from([10, 0, 0, 9])));
    }
}
