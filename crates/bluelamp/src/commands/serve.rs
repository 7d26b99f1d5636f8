//! `bluelamp serve`.

use crate::arguments::{Arguments, ServeArguments};
use crate::output::{self, Complaint};
use desk::Deployment;
use desk::clock::MachineClock;
use serde_json::json;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};
use web::{Options, Rate};

pub async fn run(arguments: &Arguments, serve: &ServeArguments) -> Result<(), Complaint> {
    let stop = Stop::new()?;
    let deployment = Deployment::open(&arguments.data, Arc::new(MachineClock)).await?;
    let desk = Arc::clone(&deployment.desk);
    let listening = |address| say(arguments, address);
    let served = web::serve(desk, serve.listen, options(serve), listening, stop.wait()).await;
    let closed = deployment.close().await;
    served.map_err(|error| Complaint::new(error.to_string(), ""))?;
    Ok(closed?)
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
        ..Options::default()
    }
}

/// Whoever started the server reads here when it takes requests.
fn say(arguments: &Arguments, address: SocketAddr) {
    let said = match arguments.json {
        true => output::json(&json!({ "listening": address.to_string() })),
        false => output::line(&format!("listening on http://{address}, API at /api/v1/openapi.json")),
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
