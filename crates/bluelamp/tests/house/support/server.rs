//! A server that runs as a process, spoken to as any client does, and what it told meanwhile.

use super::{House, Person, bluelamp_path};
use serde_json::Value;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A server at work; it is killed with the test where nobody stops it.
pub(crate) struct Server {
    process: Child,
    pub address: SocketAddr,
    told: PathBuf,
}

/// What a server answered.
pub(crate) struct Reply {
    pub status: u16,
    head: String,
    body: String,
}

impl Server {
    /// Serves a deployment on a free port, with more arguments.
    pub(crate) fn start(house: &House, arguments: &[&str]) -> Self {
        let told = house.beside("told.log");
        let mut command = Command::new(bluelamp_path());
        command.args(["serve", "--listen", "127.0.0.1:0", "--json"]).args(arguments);
        command.arg("--data").arg(house.data()).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(File::create(&told).unwrap());
        let mut process = command.spawn().unwrap();
        let mut first = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let said: Value = serde_json::from_str(&first)
            .unwrap_or_else(|_| panic!("it does not listen: {}", fs::read_to_string(&told).unwrap()));
        let address = said["listening"].as_str().unwrap().parse().unwrap();
        Self { process, address, told }
    }

    /// A request with a body of JSON, as somebody with a token and a purpose.
    pub(crate) fn call(&self, who: &Person, method: &str, path: &str, body: &Value) -> Reply {
        let purpose = who.purpose().unwrap_or_default();
        let headers = format!(
            "authorization: Bearer {}\r\nbluelamp-purpose: {purpose}\r\ncontent-type: application/json\r\n",
            who.token()
        );
        self.send(method, path, &headers, &if body.is_null() { String::new() } else { body.to_string() })
    }

    /// A form of a page.
    pub(crate) fn form(&self, path: &str, body: &str) -> Reply {
        self.send("POST", path, "content-type: application/x-www-form-urlencoded\r\n", body)
    }

    /// A request as it stands.
    pub(crate) fn send(&self, method: &str, path: &str, headers: &str, body: &str) -> Reply {
        ask(self.address, method, path, headers, body)
    }

    /// Stops it as systemd does; gives what it told, one JSON object a line.
    pub(crate) fn stop(mut self) -> Vec<Value> {
        let stopped = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status().unwrap();
        assert!(stopped.success());
        assert!(self.process.wait().unwrap().success());
        let told = fs::read_to_string(&self.told).unwrap();
        let line = |line: &str| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
        told.lines().map(line).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Where it was stopped already there is nothing to kill.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Sends one request, and reads the answer to its end.
pub(crate) fn ask(address: SocketAddr, method: &str, path: &str, headers: &str, body: &str) -> Reply {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut octets = Vec::new();
    stream.read_to_end(&mut octets).unwrap();
    let text = String::from_utf8_lossy(&octets);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text}"));
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Reply { status, head: head.to_owned(), body: body.to_owned() }
}

impl Reply {
    /// Says that it has this status.
    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}\n{}", self.head, self.body);
        self
    }

    /// Its JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// Its body.
    pub(crate) fn body(&self) -> &str {
        &self.body
    }
}
