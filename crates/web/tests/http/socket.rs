//! The server on a real socket: what a client on the wire sees, and how it stops.

use crate::support::{Call, Force, MAKER, Store, on_both_stores};
use serde_json::json;
use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use web::{Options, ServeError};

on_both_stores! { a_server_that_stops_ends_what_it_began }

/// A server that runs, and the way to stop it.
pub(crate) struct Running {
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    served: JoinHandle<Result<(), ServeError>>,
}

impl Running {
    /// Stops it, and waits until it has.
    pub(crate) async fn stop(self) {
        self.stop.send(()).unwrap();
        self.served.await.unwrap().unwrap();
    }
}

pub(crate) async fn start(force: &Force, options: Options) -> Running {
    let (tell, told) = oneshot::channel();
    let (stop, stopped) = oneshot::channel::<()>();
    let desk = Arc::clone(&force.deployment.desk);
    let served = tokio::spawn(async move {
        let listening = |address| tell.send(address).unwrap();
        let stop = async { stopped.await.unwrap_or_default() };
        web::serve(desk, "127.0.0.1:0".parse().unwrap(), options, listening, stop).await
    });
    Running { address: told.await.unwrap(), stop, served }
}

fn request(force: &Force, method: &str, path: &str, body: &str) -> String {
    let token = force.token(MAKER);
    format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\nbluelamp-purpose: inquiry 17\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

async fn exchange(address: SocketAddr, text: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

fn make(mark: usize) -> String {
    json!({ "kind": "vehicle", "fields": { "vrm": format!("X{mark} ABC") } }).to_string()
}

async fn a_server_that_stops_ends_what_it_began(store: Store) {
    let force = Force::on(store).await;
    let running = start(&force, Options::default()).await;
    let document = exchange(
        running.address,
        "GET /api/v1/openapi.json HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
    )
    .await;
    assert!(
        document.starts_with("HTTP/1.1 200") && document.contains("cache-control: no-store"),
        "{document:.300}"
    );
    // A client that goes away while its request is at work, and many that are cut off by the stop.
    let mut gone = TcpStream::connect(running.address).await.unwrap();
    gone.write_all(request(&force, "POST", "/api/v1/records", &make(99)).as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;
    drop(gone);
    let texts: Vec<String> = (0..20).map(|n| request(&force, "POST", "/api/v1/records", &make(n))).collect();
    let clients: Vec<_> = texts
        .into_iter()
        .map(|text| {
            let address = running.address;
            tokio::spawn(async move {
                let mut answer = String::new();
                let Ok(mut stream) = TcpStream::connect(address).await else { return answer };
                if stream.write_all(text.as_bytes()).await.is_ok() {
                    // A connection that was not accepted any more has no answer.
                    let _ = stream.read_to_string(&mut answer).await;
                }
                answer
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(60)).await;
    running.stop.send(()).unwrap();
    running.served.await.unwrap().unwrap();
    let mut acknowledged = 0;
    for client in clients {
        let answer = client.await.unwrap();
        if answer.starts_with("HTTP/1.1 201") {
            acknowledged += 1;
        }
    }
    assert!(TcpStream::connect(running.address).await.is_err());
    let search = json!({ "query": "kind:vehicle" });
    let found = force.call(MAKER, Call::new("POST", "/api/v1/searches").sends(search)).await.good().json();
    let there = found["total"].as_u64().unwrap();
    assert!(there >= acknowledged && there >= 1, "{there} are there, {acknowledged} were acknowledged");
}

fn head_of_file(force: &Force, reference: &str) -> String {
    format!(
        "POST /api/v1/records/{reference}/attachments HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\n\
         bluelamp-purpose: inquiry 17\r\nbluelamp-file-name: cctv.bin\r\n\
         content-type: application/octet-stream\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n",
        force.token(MAKER)
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_all_places_of_work_are_taken_a_request_is_not_begun() {
    let force = Force::new().await;
    let reference = force.vehicle("AB12 CDE", json!({})).await;
    let running = start(&force, Options { most_at_work: 1, ..Options::default() }).await;
    let session = request(&force, "GET", "/api/v1/session", "");
    assert!(exchange(running.address, &session).await.starts_with("HTTP/1.1 200"));
    let mut file = TcpStream::connect(running.address).await.unwrap();
    file.write_all(head_of_file(&force, &reference).as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let busy = exchange(running.address, &session).await;
    assert!(busy.starts_with("HTTP/1.1 429") && busy.contains("nothing was done"), "{busy}");
    file.write_all(b"4\r\nabcd\r\n0\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    file.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    assert!(exchange(running.address, &session).await.starts_with("HTTP/1.1 200"));
    running.stop.send(()).unwrap();
    running.served.await.unwrap().unwrap();
}

/// A file takes as long as it needs while its octets keep coming, and no longer once they stop.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_may_come_slowly_and_may_not_stop_coming() {
    let force = Force::new().await;
    let reference = force.vehicle("AB12 CDE", json!({})).await;
    let patience = Duration::from_millis(600);
    let running = start(&force, Options { patience, ..Options::default() }).await;
    let head = head_of_file(&force, &reference);
    let piece = [b"80000\r\n".as_slice(), &[7; 0x80000], b"\r\n"].concat();
    let send = async |pieces: u32, end: bool| {
        let mut stream = TcpStream::connect(running.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        for _ in 0..pieces {
            stream.write_all(&piece).await.unwrap();
            tokio::time::sleep(patience / 4).await;
        }
        if end {
            stream.write_all(b"0\r\n\r\n").await.unwrap();
        }
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    };
    let whole = send(6, true).await;
    assert!(whole.starts_with("HTTP/1.1 201") && whole.contains("\"length\":3145728"), "{whole}");
    let stopped = send(2, false).await;
    assert!(stopped.starts_with("HTTP/1.1 400") && stopped.contains("to its end"), "{stopped}");
    let listed = Call::new("GET", format!("/api/v1/records/{reference}/attachments"));
    let listed = force.call(MAKER, listed).await.good().json();
    assert_eq!(listed["attachments"].as_array().unwrap().len(), 1);
    running.stop.send(()).unwrap();
    running.served.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_head_that_never_ends_is_not_waited_for() {
    let force = Force::new().await;
    let running = start(&force, Options { most_connections: 1, ..Options::default() }).await;
    let mut slow = TcpStream::connect(running.address).await.unwrap();
    slow.write_all(b"GET /api/v1/session HTTP/1.1\r\nx-slow: ").await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    // While it holds the only place, others are turned away and not queued.
    let mut other = TcpStream::connect(running.address).await.unwrap();
    let mut text = String::new();
    let read = other.read_to_string(&mut text).await;
    assert!(read.is_err() || text.is_empty(), "{text}");
    drop(slow);
    running.stop.send(()).unwrap();
    running.served.await.unwrap().unwrap();
}

#[tokio::test]
async fn only_this_machine_is_served_and_nothing_of_the_deployment() {
    let force = Force::new().await;
    let desk = || Arc::clone(&force.deployment.desk);
    let outside = "0.0.0.0:0".parse().unwrap();
    let refused = web::serve(desk(), outside, Options::default(), |_| {}, async {}).await.unwrap_err();
    assert!(refused.to_string().contains("plain HTTP"), "{refused}");
    // Where a proxy was named that address may be listened on; whoever else speaks there in clear is not heard.
    let proxies = BTreeSet::from([IpAddr::from([192, 0, 2, 7])]);
    let options = Options { proxies, ..Options::default() };
    web::serve(desk(), outside, options, |_| {}, async {}).await.unwrap();
    for folder in [force.folder.path().join("force"), force.folder.path().to_owned()] {
        let options = Options { exchange: Some(folder), ..Options::default() };
        let local = "127.0.0.1:0".parse().unwrap();
        let refused = web::serve(desk(), local, options, |_| {}, async {}).await.unwrap_err();
        assert!(refused.to_string().contains("apart from it"), "{refused}");
    }
}
