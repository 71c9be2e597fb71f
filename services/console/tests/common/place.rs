//! A whole console on this machine: embedded log, accounts, pages over a real listener.
#![allow(dead_code)] // Each test file uses its part.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use serde_json::Value;
use tempfile::TempDir;
use wayside_accounts::http::HttpOptions;
use wayside_bus::{Bus, Log, LogOptions, Record, Topic};
use wayside_console::feed::LookBack;
use wayside_console::web::Web;
use wayside_console::{Parts, Service, ServiceOptions, SiteEntry, Sites};
use wayside_http::Clock;
use wayside_proto::convert::Message;
use wayside_proto::{CameraHealth, Evidence, Observation, Outcome, Receipt, SignalReport};

use super::people::People;
use super::records::site;

/// How long a busy machine may take.
pub const PATIENCE: Duration = Duration::from_secs(300);

pub struct Place {
    pub dir: TempDir,
    pub bus: Arc<dyn Bus>,
    pub sites: Arc<Sites>,
    pub people: People,
    pub parts: Parts,
}

/// A web app of three files, one of them compressed.
pub fn web() -> Web {
    Web::of([
        ("index.html", Bytes::from_static(b"<!doctype html><title>Wayside</title>")),
        ("assets/app-4f2a.js", Bytes::from_static(b"console.log('plain')")),
        ("assets/app-4f2a.js.br", Bytes::from_static(b"not really brotli")),
        ("assets/app-4f2a.js.gz", Bytes::from_static(b"not really gzip")),
        ("icon.svg", Bytes::from_static(b"<svg/>")),
    ])
}

impl Place {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let log = Log::open(&dir.path().join("log"), LogOptions::default()).expect("a log");
        let bus: Arc<dyn Bus> = Arc::new(log);
        let sites = Arc::new(Sites::new([SiteEntry::new(site())]));
        let people = People::new(dir.path());
        let parts = Parts {
            bus: Arc::clone(&bus),
            sites: Arc::clone(&sites),
            accounts: people.accounts(),
            sign_in: HttpOptions::default(),
            review: None,
            engineer: None,
            pictures: None,
            signs: None,
            queue: None,
            web: web(),
            look_back: LookBack::default(),
            clock: Clock::system(),
        };
        Self { dir, bus, sites, people, parts }
    }

    pub fn append(&self, topic: Topic, key: &str, id: Option<String>, time: i64, value: Vec<u8>) {
        let record = Record { key: key.to_owned(), time, id, value };
        self.bus.append(topic, vec![record]).expect("appended");
    }

    pub fn observe(&self, seen: &Observation) {
        let key = format!("{}/{}", seen.site, seen.camera);
        let value = seen.to_bytes().expect("a message");
        self.append(Topic::Observations, &key, None, seen.time.0, value);
    }

    pub fn outcome(&self, outcome: &Outcome) {
        self.outcomes(std::slice::from_ref(outcome));
    }

    pub fn outcomes(&self, outcomes: &[Outcome]) {
        let record = |outcome: &Outcome| Record {
            key: outcome.site.0.clone(),
            time: outcome.event_time.0,
            id: Some(outcome.id.0.clone()),
            value: outcome.to_bytes().expect("a message"),
        };
        self.bus
            .append(Topic::Violations, outcomes.iter().map(record).collect())
            .expect("appended");
    }

    pub fn evidence(&self, evidence: &Evidence) {
        let key = format!("{}/{}", evidence.site, evidence.violation);
        let value = evidence.to_bytes().expect("a message");
        self.append(Topic::Evidence, &key, None, evidence.event_time.0, value);
    }

    pub fn health(&self, health: &CameraHealth) {
        let key = format!("{}/{}", health.site, health.camera);
        let value = health.to_bytes().expect("a message");
        self.append(Topic::Health, &key, None, health.time.0, value);
    }

    pub fn signal(&self, report: &SignalReport) {
        let value = report.to_bytes().expect("a message");
        self.append(Topic::Signals, report.site.as_str(), None, report.time.0, value);
    }

    pub fn receipt(&self, receipt: &Receipt) {
        let value = receipt.to_bytes().expect("a message");
        self.append(Topic::Receipts, &receipt.what, None, receipt.deletion.when.0, value);
    }

    pub fn start(&self) -> Running {
        let options = ServiceOptions {
            listen: wayside_listen::Bound::to(SocketAddr::from(([127, 0, 0, 1], 0)))
                .expect("a port"),
            tls: None,
        };
        let service = Service::start(self.parts.clone(), options).expect("a service");
        let running = Running { addr: service.addr(), service, people: self.people.clone() };
        // What was there before is folded in.
        wait(|| {
            running.service.shared().feed_json().state
                == wayside_console::shapes::FeedCondition::Reading
        });
        running
    }
}

/// Waits until it is so.
pub fn wait(mut so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !so() {
        assert!(began.elapsed() < PATIENCE, "it does not come to be");
        std::thread::sleep(Duration::from_millis(5));
    }
}

pub struct Running {
    pub service: Service,
    pub addr: SocketAddr,
    pub people: People,
}

pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl Running {
    /// `GET` as an account; of nobody where there is no such.
    pub fn get(&self, account: &str, path: &str) -> Answer {
        self.ask("GET", account, path, &[])
    }

    /// A request, byte by byte as it is written here.
    pub fn ask(&self, method: &str, account: &str, path: &str, more: &[(&str, &str)]) -> Answer {
        let mut stream = self.send(method, account, path, more, true);
        let mut all = Vec::new();
        stream.read_to_end(&mut all).expect("an answer");
        let split = all.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8(all[..split].to_vec()).expect("a head is text");
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).expect("a status");
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        let mut body = all[split + 4..].to_vec();
        if headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked") {
            body = dechunk(&body);
        }
        Answer { status: status.parse().expect("a number"), headers, body }
    }

    pub fn send(
        &self,
        method: &str,
        account: &str,
        path: &str,
        more: &[(&str, &str)],
        close: bool,
    ) -> TcpStream {
        let mut stream = TcpStream::connect(self.addr).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n", self.addr);
        for (name, value) in self.people.headers(account) {
            head += &format!("{name}: {value}\r\n");
        }
        for (name, value) in more {
            head += &format!("{name}: {value}\r\n");
        }
        if close {
            head += "Connection: close\r\n";
        }
        stream.write_all((head + "\r\n").as_bytes()).expect("sent");
        stream
    }

    /// Live events as an account.
    pub fn live(&self, account: &str, query: &str, last_id: Option<&str>) -> Live {
        let more: Vec<(&str, &str)> = last_id.iter().map(|id| ("Last-Event-ID", *id)).collect();
        let stream = self.send("GET", account, &format!("/api/v1/live{query}"), &more, false);
        Live::new(stream)
    }
}

fn dechunk(mut body: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    while let Some(line) = body.windows(2).position(|two| two == b"\r\n") {
        let size = std::str::from_utf8(&body[..line]).expect("a size");
        let size = usize::from_str_radix(size.trim(), 16).expect("a size");
        if size == 0 {
            break;
        }
        all.extend_from_slice(&body[line + 2..line + 2 + size]);
        body = &body[line + 2 + size + 2..];
    }
    all
}

/// One live event.
#[derive(Clone, Debug)]
pub struct Told {
    pub event: String,
    pub id: Option<String>,
    pub data: Value,
}

/// A stream of live events, as a browser reads it.
pub struct Live {
    reader: BufReader<Chunks>,
}

/// The body of a chunked answer.
struct Chunks {
    stream: BufReader<TcpStream>,
    left: usize,
}

impl std::io::Read for Chunks {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.left == 0 {
            let mut line = String::new();
            while line.trim().is_empty() {
                line.clear();
                if self.stream.read_line(&mut line)? == 0 {
                    return Ok(0);
                }
            }
            self.left = usize::from_str_radix(line.trim(), 16).expect("a size");
            if self.left == 0 {
                return Ok(0);
            }
        }
        let most = into.len().min(self.left);
        let count = self.stream.read(&mut into[..most])?;
        self.left -= count;
        Ok(count)
    }
}

impl Live {
    fn new(stream: TcpStream) -> Self {
        let mut stream = BufReader::new(stream);
        let mut line = String::new();
        stream.read_line(&mut line).expect("a status");
        assert!(line.contains(" 200 "), "{line}");
        while line != "\r\n" {
            line.clear();
            stream.read_line(&mut line).expect("a header");
        }
        let mut live = Self { reader: BufReader::new(Chunks { stream, left: 0 }) };
        // The first lines say when to come back; the client has joined by then.
        let mut hello = String::new();
        live.reader.read_line(&mut hello).expect("a line");
        assert!(hello.starts_with("retry: "), "{hello}");
        live
    }

    /// The next event; none where the stream has ended.
    pub fn next(&mut self) -> Option<Told> {
        let mut told = Told { event: String::new(), id: None, data: Value::Null };
        loop {
            let mut line = String::new();
            if self.reader.read_line(&mut line).ok()? == 0 {
                return None;
            }
            let line = line.trim_end();
            if line.is_empty() {
                if told.event.is_empty() {
                    continue;
                }
                return Some(told);
            }
            match line.split_once(": ") {
                Some(("event", name)) => told.event = name.to_owned(),
                Some(("id", id)) => told.id = Some(id.to_owned()),
                Some(("data", data)) => told.data = serde_json::from_str(data).expect("JSON"),
                _ => panic!("{line}"),
            }
        }
    }

    /// The next event of this name; others are passed over.
    pub fn next_of(&mut self, event: &str) -> Told {
        loop {
            let told = self.next().expect("an event");
            if told.event == event {
                return told;
            }
        }
    }
}
