//! A browser without scripts over one connection: it keeps cookies and measures how long each answer takes.

use crate::Fault;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;

/// Somebody's browser.
pub struct Client {
    address: SocketAddr,
    sender: SendRequest<Full<Bytes>>,
    cookies: BTreeMap<String, String>,
}

/// What came back.
pub struct Page {
    /// Its status.
    pub status: StatusCode,
    /// Where it leads, where it leads elsewhere.
    pub location: Option<String>,
    /// The octets as they were sent.
    pub octets: Bytes,
    /// From the request until the last octet.
    pub took: Duration,
}

impl Page {
    /// The page as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.octets).into_owned()
    }

    /// That it went well, or leads on.
    ///
    /// # Errors
    /// The status, and what the page is headed.
    pub fn good(self, what: &str) -> Result<Self, Fault> {
        if self.status.is_success() || self.status == StatusCode::SEE_OTHER {
            return Ok(self);
        }
        let text = self.text();
        let title = text.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next()).unwrap_or("");
        Err(format!("{what} was answered with {}: {title}", self.status).into())
    }
}

impl Client {
    /// A browser of nobody.
    ///
    /// # Errors
    /// Where the server cannot be reached.
    pub async fn new(address: SocketAddr) -> Result<Self, Fault> {
        Ok(Self { address, sender: connected(address).await?, cookies: BTreeMap::new() })
    }

    /// Opens a page.
    ///
    /// # Errors
    /// Faults of the connection, and answers that are none.
    pub async fn opens(&mut self, path: &str) -> Result<Page, Fault> {
        self.asks(Method::GET, path, String::new()).await?.good(path)
    }

    /// Sends texts as a form.
    ///
    /// # Errors
    /// Faults of the connection, and answers that are none.
    pub async fn sends(&mut self, path: &str, texts: &[(String, String)]) -> Result<Page, Fault> {
        self.sends_whatever(path, texts).await?.good(path)
    }

    /// Sends texts as a form, whatever comes of it.
    ///
    /// # Errors
    /// Faults of the connection.
    pub async fn sends_whatever(&mut self, path: &str, texts: &[(String, String)]) -> Result<Page, Fault> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(texts).finish();
        self.asks(Method::POST, path, body).await
    }

    async fn asks(&mut self, method: Method, path: &str, body: String) -> Result<Page, Fault> {
        // A server may end a connection that was idle.
        if self.sender.ready().await.is_err() {
            self.sender = connected(self.address).await?;
        }
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, self.address.to_string())
            .header(header::COOKIE, cookies.join("; "))
            .header(header::ACCEPT_ENCODING, "gzip, br")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::new(Bytes::from(body)))?;
        let began = Instant::now();
        let answer = self.sender.send_request(request).await?;
        let (head, body) = answer.into_parts();
        let octets = body.collect().await?.to_bytes();
        let took = began.elapsed();
        for line in head.headers.get_all(header::SET_COOKIE) {
            self.keeps(line.to_str()?);
        }
        let location = head.headers.get(header::LOCATION).and_then(|to| to.to_str().ok()).map(str::to_owned);
        Ok(Page { status: head.status, location, octets, took })
    }

    fn keeps(&mut self, line: &str) {
        let Some((name, value)) = line.split(';').next().and_then(|pair| pair.split_once('=')) else {
            return;
        };
        match line.contains("Max-Age=0") {
            true => drop(self.cookies.remove(name)),
            false => drop(self.cookies.insert(name.to_owned(), value.to_owned())),
        }
    }
}

async fn connected(address: SocketAddr) -> Result<SendRequest<Full<Bytes>>, Fault> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender)
}
