//! Figures for those who watch over the machines, in the text format of OpenMetrics: how many requests by
//! route and status, how long they took, and how the deployment stands. Nothing in them names a person, a
//! record or what was asked for: a route is the pattern, and never the address.

use crate::house::House;
use crate::problem::Problem;
use axum::Router;
use axum::extract::State;
use axum::http::{Method, header};
use axum::response::IntoResponse;
use axum::routing::get;
use desk::standing::Standing;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::time::Duration;
use vault::store::RecordStore;

/// What a request is counted under.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: String,
    route: String,
    status: String,
}

/// What a time is counted under.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Timed {
    route: String,
}

/// What an event is counted under.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Named {
    event: &'static str,
}

/// What a server counts while it runs.
#[derive(Debug, Clone)]
pub(crate) struct Metrics {
    requests: Family<Answered, Counter>,
    seconds: Family<Timed, Histogram, fn() -> Histogram>,
}

/// Upper ends of the ranges of a time: seconds. The goal for a page is a tenth.
const RANGES: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

impl Default for Metrics {
    fn default() -> Self {
        let ranges: fn() -> Histogram = || Histogram::new(RANGES);
        Self { requests: Family::default(), seconds: Family::new_with_constructor(ranges) }
    }
}

/// A method by its name, where it is one that we know: others are words of whoever asked.
pub(crate) fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

impl Metrics {
    /// Counts an answer. What is no route of ours counts under one name, whatever was asked for.
    pub(crate) fn answered(&self, method: &Method, route: &str, status: u16, took: Duration) {
        let method = known(method).to_owned();
        let answered = Answered { method, route: route.to_owned(), status: status.to_string() };
        self.requests.get_or_create(&answered).inc();
        self.seconds.get_or_create(&Timed { route: route.to_owned() }).observe(took.as_secs_f64());
    }

    /// Everything as text, with how the deployment stands, how many intakes are at work, and when the
    /// certificate ends.
    fn text(&self, standing: &Standing, intakes: usize, certificate_ends: Option<i64>) -> String {
        let mut all = Registry::with_prefix("bluelamp");
        all.register("requests", "Requests that were answered", self.requests.clone());
        all.register_with_unit("request", "Time of an answer", Unit::Seconds, self.seconds.clone());
        let events: Family<Named, Counter> = Family::default();
        for (&event, &count) in &standing.events {
            events.get_or_create(&Named { event }).inc_by(count);
        }
        all.register("events", "Events that the program's log was told of", events);
        let mut gauge = |name: &str, help: &str, value: u64| {
            let gauge: Gauge = Gauge::default();
            gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
            all.register(name, help, gauge);
        };
        gauge(
            "ledger_writes",
            "1 where the log takes entries; where not, nobody reads",
            standing.writes.into(),
        );
        gauge("ledger_entries", "Entries of the log", standing.entries);
        gauge("ledger_signed_entries", "Entries that the newest checkpoint speaks of", standing.signed);
        gauge("index_behind_changes", "Changes that the search index has not got", standing.index_behind);
        gauge("store_bytes", "Size of records and log in the database", standing.octets);
        gauge("disk_free_bytes", "Free on the disk of the deployment's folder", standing.octets_free);
        gauge("sessions", "Sessions that are open", standing.sessions);
        gauge("erasures_open", "Erasures that are planned, approved or at work", standing.erasures);
        gauge("intakes_at_work", "Intakes that are at work", intakes as u64);
        gauge(
            "files_waiting",
            "Files of records that wait for the scanner for malware",
            standing.files_waiting,
        );
        gauge("files_infected", "Files of records in which malware was found", standing.files_infected);
        if let Some(age) = standing.since_checkpoint {
            gauge("ledger_checkpoint_age_seconds", "Time since a checkpoint was signed here", age.as_secs());
        }
        if let Some(ends) = certificate_ends {
            let seconds = u64::try_from(ends / 1_000_000).unwrap_or(0);
            gauge("certificate_end_time_seconds", "When the certificate ends, since 1970", seconds);
        }
        let mut text = String::new();
        // Writing to a text cannot fail.
        let _ = encode(&mut text, &all);
        text
    }
}

/// What the listener of the metrics answers, which is not that of people.
pub(crate) fn routes<S: RecordStore>(house: House<S>) -> Router {
    Router::new().route("/metrics", get(scraped::<S>)).with_state(house)
}

/// Media type of the text format of OpenMetrics.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

async fn scraped<S: RecordStore>(State(house): State<House<S>>) -> Result<impl IntoResponse, Problem> {
    let standing = house.desk().standing().await?;
    let ends = house.options().tls.as_ref().map(|tls| tls.ends());
    let text = house.metrics().text(&standing, usize::from(house.runs().is_busy()), ends);
    Ok(([(header::CONTENT_TYPE, OPEN_METRICS)], text))
}
