//! `bluelamp serve`.

use crate::arguments::Arguments;
use crate::output::{self, Complaint};
use crate::supervisor;
use clap::Args;
use desk::Deployment;
use desk::clock::MachineClock;
use ledger::events::TARGET as EVENTS;
use serde_json::json;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::JoinHandle;
use web::{Options, Rate, Tls, TlsFiles};

/// Arguments of `serve`.
#[derive(Debug, Args)]
pub struct ServeArguments {
    /// Address to listen on; without TLS one of this machine alone, or one that only proxies reach. Port 0
    /// takes a free one.
    #[arg(long, default_value = "127.0.0.1:8480")]
    pub listen: SocketAddr,
    /// The server's certificate and those between it and the root, as PEM: people then reach it by https.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_certificate: Option<PathBuf>,
    /// The private key of the certificate, as PEM. Both are read again on SIGHUP and when they change.
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    pub tls_key: Option<PathBuf>,
    /// The name by which people reach the server: a certificate that is not for it is refused.
    #[arg(long, value_name = "NAME", requires = "tls_certificate")]
    pub tls_name: Option<String>,
    /// Folder, apart from the deployment, through which files to take in come and exports go out;
    /// without it neither is served.
    #[arg(long)]
    pub exchange: Option<PathBuf>,
    /// Address of a proxy that speaks TLS with people: its word on the client's address counts, and it may
    /// speak in clear with this server from another machine.
    #[arg(long = "proxy")]
    pub proxies: Vec<IpAddr>,
    /// Address of this machine at which `/metrics` is asked for, for instance 127.0.0.1:9480; without it
    /// there are none.
    #[arg(long, value_name = "ADDRESS")]
    pub metrics: Option<SocketAddr>,
    /// Requests a minute under one token.
    #[arg(long, default_value_t = 3_000)]
    pub token_rate: u32,
    /// Requests a minute from one address.
    #[arg(long, default_value_t = 12_000)]
    pub address_rate: u32,
    /// Requests a minute from one address whose token proves nobody.
    #[arg(long, default_value_t = 10)]
    pub failure_rate: u32,
    /// Octets that a file of a record may have.
    #[arg(long, default_value_t = 5 << 30)]
    pub largest_file: u64,
    /// Seconds that an answer may take, and the next octets of a file that comes in.
    #[arg(long, default_value_t = 30)]
    pub patience: u64,
    /// Address of the practice system, to which the menu of the pages leads.
    #[arg(long, value_name = "URL", value_parser = web_address)]
    pub practice_address: Option<String>,
}

pub async fn run(arguments: &Arguments, serve: &ServeArguments) -> Result<(), Complaint> {
    let stop = Stop::new()?;
    let tls = tls(serve)?;
    let hangups = tokio::spawn(read_again_on(signal(SignalKind::hangup())?, tls.clone()));
    let deployment = Deployment::open(&arguments.data, Arc::new(MachineClock)).await?;
    let desk = Arc::clone(&deployment.desk);
    let options = Options { tls, ..options(serve) };
    let scheme = if options.tls.is_some() { "https" } else { "http" };
    let mut alive = None;
    let listening = |address| {
        say(arguments, scheme, address);
        tracing::info!(target: EVENTS, event = "server-started", version = env!("CARGO_PKG_VERSION"), scheme);
        alive = Some(supervisor::taking_requests());
    };
    let stopping = async {
        stop.wait().await;
        supervisor::stopping();
    };
    let served = web::serve(desk, serve.listen, options, listening, stopping).await;
    hangups.abort();
    let closed = deployment.close().await;
    // Until here it is alive, however long the closing takes.
    alive.iter().for_each(JoinHandle::abort);
    tracing::info!(target: EVENTS, event = "server-stopped");
    served.map_err(|error| Complaint::new(error.to_string(), ""))?;
    Ok(closed?)
}

/// Certificate and key, where they are named.
fn tls(serve: &ServeArguments) -> Result<Option<Arc<Tls>>, Complaint> {
    let (Some(certificate), Some(key)) = (&serve.tls_certificate, &serve.tls_key) else { return Ok(None) };
    let files = TlsFiles { certificate: certificate.clone(), key: key.clone(), name: serve.tls_name.clone() };
    let read = Tls::read(files, Arc::new(MachineClock));
    read.map(Some).map_err(|error| Complaint::new(error.to_string(), ""))
}

/// SIGHUP asks for the certificate to be read again; without one it does nothing, and ends nothing.
async fn read_again_on(mut hangup: Signal, tls: Option<Arc<Tls>>) {
    while hangup.recv().await.is_some() {
        if let Some(tls) = &tls {
            tls.told_to_read_again();
        }
    }
}

/// An address that a page may lead to.
fn web_address(text: &str) -> Result<String, String> {
    let rest = ["https://", "http://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    let plain = |c: char| c.is_ascii_graphic() && !"\"<>".contains(c);
    match rest.is_some_and(|rest| !rest.is_empty() && rest.chars().all(plain)) {
        true => Ok(text.to_owned()),
        false => Err("give an address such as https://practice.force.example/".to_owned()),
    }
}

fn options(serve: &ServeArguments) -> Options {
    let rate = |a_minute: u32| Rate::new(a_minute, (a_minute / 30).max(10));
    Options {
        per_address: rate(serve.address_rate),
        per_token: rate(serve.token_rate),
        failures: rate(serve.failure_rate),
        most_octets_of_file: serve.largest_file,
        patience: Duration::from_secs(serve.patience.max(1)),
        exchange: serve.exchange.clone(),
        proxies: serve.proxies.iter().copied().collect(),
        metrics: serve.metrics,
        practice: serve.practice_address.clone(),
        ..Options::default()
    }
}

/// Whoever started the server reads here when it takes requests.
fn say(arguments: &Arguments, scheme: &str, address: SocketAddr) {
    let said = match arguments.json {
        true => output::json(&json!({ "listening": address.to_string(), "scheme": scheme })),
        false => output::line(&format!("listening on {scheme}://{address}, API at /api/v1/openapi.json")),
    };
    if let Err(complaint) = said {
        output::complain(&complaint);
    }
}

/// What tells a server to stop: SIGTERM, or Ctrl-C at a terminal.
struct Stop {
    terminate: Signal,
    interrupt: Signal,
}

impl Stop {
    fn new() -> Result<Self, Complaint> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn wait(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_of_the_web_is_one_of_a_practice_system() {
        for good in ["https://practice.force.example/", "http://127.0.0.1:8490"] {
            assert_eq!(web_address(good), Ok(good.to_owned()));
        }
        for bad in ["javascript:alert(1)", "https://", "practice", "https://a b", "https://a\"><script>"] {
            assert!(web_address(bad).is_err(), "{bad}");
        }
    }
}
