//! A whole review service on this machine: bus, desk, store, tokens, API.
#![allow(dead_code)] // Each test file uses its part.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use wayside_bus::{Bus, Log, LogOptions, Partition, Record, Start, Stored, Topic};
use wayside_cases::{Account, Actor, Policy, Role};
use wayside_desk::{Desk, DeskOptions};
use wayside_http::{Clock, Rate};
use wayside_package::{KeyRing, Package};
use wayside_plates::{Plate, Vault};
use wayside_proto::convert::Message as _;
use wayside_proto::{
    CameraId, EventTime, Evidence, EvidenceResult, Hash32, MotorVehicleClass, Outcome, OutcomeId,
    RunId, SealedPackage, SiteId, TrackId, Verdict,
};
use wayside_review::auth::{Entry, TokenFile, add_token};
use wayside_review::http::Limits;
use wayside_review::webhooks::delivery;
use wayside_review::webhooks::{Endpoint, SendOptions};
use wayside_review::{
    PackageStore, Packages, PlateReader, Service, ServiceOptions, Suggestion, TlsFiles,
};

/// What the reader of the tests reads, and what no log or file may have.
pub const PLATE: &str = "W12345X";

pub fn plate() -> Plate {
    Plate::parse(PLATE).expect("a plate")
}

/// Packages in memory.
#[derive(Debug, Default)]
pub struct Shelf(pub Mutex<BTreeMap<String, Vec<u8>>>);

impl PackageStore for Shelf {
    fn get(&self, uri: &str, _: u64) -> Result<Option<Vec<u8>>, String> {
        Ok(self.0.lock().expect("a lock").get(uri).cloned())
    }
}

#[derive(Debug)]
struct Reads;

impl PlateReader for Reads {
    fn read(&self, _: &Package<'_>) -> Result<Vec<Suggestion>, String> {
        Ok(vec![Suggestion { plate: plate(), confidence: 0.8 }])
    }
}

pub struct Place {
    pub dir: TempDir,
    pub bus: Arc<dyn Bus>,
    pub desk: Arc<Desk>,
    pub shelf: Arc<Shelf>,
    pub tokens: BTreeMap<String, String>,
    pub ring: KeyRing,
    pub tls: Option<TlsFiles>,
    pub limits: Limits,
}

/// Everything is issued at once, and nothing is sampled, so that a test sees the end.
pub fn policy() -> Policy {
    Policy { undo_s: 0, second_share: 0.0, known_share: 0.0, ..Policy::default() }
}

impl Place {
    pub fn new() -> Self {
        Self::with(policy())
    }

    pub fn with(policy: Policy) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let log = Log::open(&dir.path().join("log"), LogOptions::default()).expect("a log");
        let key = "k1 AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
        let vault = Vault::from_text(key, "the test").expect("a vault");
        // A busy machine keeps somebody waiting for the file, who is not to be sent away.
        let options = DeskOptions {
            policy,
            vault: Some(Arc::new(vault)),
            wait_ms_max: 250_000,
            ..DeskOptions::default()
        };
        let desk = Desk::sqlite(&dir.path().join("desk.sqlite"), options).expect("a desk");
        let limits = Limits {
            token: Rate { burst: 1e9, per_s: 1e9 },
            failures: Rate { burst: 1e9, per_s: 1e9 },
        };
        let mut place = Self {
            dir,
            bus: Arc::new(log),
            desk: Arc::new(desk),
            shelf: Arc::default(),
            tokens: BTreeMap::new(),
            ring: KeyRing::new(),
            tls: None,
            limits,
        };
        for role in Role::ALL.into_iter().filter(|role| *role != Role::System) {
            place.account(role.as_str(), role);
        }
        place
    }

    /// Gives an account a token; the token is found by the account's name.
    pub fn account(&mut self, name: &str, role: Role) {
        let actor = Actor::new(Account::new(name).expect("an account"), role);
        let expires = Clock::system().now().plus_s(3_600.0);
        let (entry, token) = Entry::create(actor, expires).expect("a token");
        add_token(&self.dir.path().join("tokens"), &entry).expect("added");
        self.tokens.insert(name.to_owned(), token.reveal().to_owned());
    }

    pub fn start(&self, endpoints: Vec<Endpoint>) -> Running {
        let auth = TokenFile::open(&self.dir.path().join("tokens")).expect("tokens");
        let options = ServiceOptions {
            listen: Some(SocketAddr::from(([127, 0, 0, 1], 0))),
            tls: self.tls.clone(),
            limits: self.limits,
            endpoints,
            send: SendOptions::default(),
            delivery: delivery::Policy { wait_first_s: 1, ..delivery::Policy::default() },
            account: Account::new("wayside-review").expect("an account"),
        };
        let service = Service::start(
            &self.bus,
            &self.desk,
            Arc::new(auth),
            Packages::new(Arc::clone(&self.shelf) as Arc<dyn PackageStore>, self.ring.clone()),
            Some(Arc::new(Reads)),
            &Clock::system(),
            options,
        );
        let service = service.expect("a service");
        let url = service.url().expect("an address");
        Running { service, url, tokens: self.tokens.clone() }
    }

    pub fn publish_violation(&self, outcome: &Outcome) {
        let record = Record {
            key: outcome.site.0.clone(),
            time: outcome.event_time.0,
            id: Some(outcome.id.0.clone()),
            value: outcome.to_bytes().expect("a message"),
        };
        self.bus.append(Topic::Violations, vec![record]).expect("appended");
    }

    pub fn publish_evidence(&self, evidence: &Evidence) {
        let record = Record {
            key: format!("{}/{}", evidence.site, evidence.violation),
            time: evidence.event_time.0,
            id: Some(evidence.violation.0.clone()),
            value: evidence.to_bytes().expect("a message"),
        };
        self.bus.append(Topic::Evidence, vec![record]).expect("appended");
    }

    /// A case without anything in the store, as it is admitted.
    pub fn admit(&self, number: u64) {
        let (outcome, evidence) = (outcome(number), evidence(number));
        let system = Actor::new(Account::new("test").expect("an account"), Role::System);
        let now = Clock::system().now();
        self.desk.admit(&system, &outcome, &evidence, now).expect("admitted");
    }

    pub fn records(&self, topic: Topic) -> Vec<Stored> {
        let mut reader = self.bus.read_from(topic, Partition(0), Start::Begin).expect("a reader");
        let mut all = Vec::new();
        loop {
            let some = reader.read(1_000, 16 << 20, Duration::ZERO).expect("records");
            if some.is_empty() {
                return all;
            }
            all.extend(some);
        }
    }
}

pub fn outcome(number: u64) -> Outcome {
    let (site, camera, run) =
        (SiteId::from("junction"), CameraId::from("north"), RunId::from("r1"));
    let time = EventTime(1_780_297_407_174_000 + number as i64);
    Outcome {
        id: OutcomeId::derive(&site, &camera, &run, TrackId(number), "red_light", "N", time),
        rule: "red_light",
        rule_version: 1,
        site,
        camera,
        run,
        track: TrackId(number),
        class: MotorVehicleClass::Car,
        event_time: time,
        place: "N".to_owned(),
        approach: None,
        lane: None,
        quantities: Vec::new(),
        signal: None,
        verdict: Verdict::Violation,
    }
}

pub fn evidence(number: u64) -> Evidence {
    let outcome = outcome(number);
    Evidence {
        result: EvidenceResult::Sealed(SealedPackage {
            uri: format!("junction/{}.zip", outcome.id),
            sha256: Hash32([1; 32]),
            size_bytes: 1_000,
            key_id: "k1".to_owned(),
            chain_number: number,
            sealed_at: outcome.event_time.plus_s(9.0),
        }),
        violation: outcome.id,
        site: outcome.site,
        camera: outcome.camera,
        event_time: outcome.event_time,
    }
}

/// A service that runs.
pub struct Running {
    pub service: Service,
    pub url: String,
    pub tokens: BTreeMap<String, String>,
}

impl Running {
    pub fn addr(&self) -> SocketAddr {
        self.service.addr().expect("an address")
    }
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("no JSON: {}", String::from_utf8_lossy(&self.body)))
    }

    pub fn text(&self, key: &str) -> String {
        self.json()[key].as_str().unwrap_or_else(|| panic!("no {key}: {}", self.json())).to_owned()
    }
}

pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(300)))
        .build()
        .into()
}

impl Running {
    /// `headers` beyond those of the token and the body.
    pub fn call(
        &self,
        agent: &ureq::Agent,
        account: &str,
        method: &str,
        path: &str,
        body: Option<&str>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request =
            ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.url));
        if let Some(token) = self.tokens.get(account) {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = match body {
            Some(body) => agent.run(request.body(body.to_owned()).expect("a request")),
            None if method == "POST" => agent.run(request.body(String::new()).expect("a request")),
            None => agent.run(request.body(()).expect("a request")),
        };
        let mut answer = answer.expect("an answer");
        let headers = answer.headers().iter().map(|(name, value)| {
            (name.as_str().to_owned(), value.to_str().unwrap_or_default().to_owned())
        });
        let headers = headers.collect();
        let status = answer.status().as_u16();
        let body = answer.body_mut().read_to_vec().expect("a body");
        Answer { status, headers, body }
    }

    pub fn get(&self, account: &str, path: &str) -> Answer {
        self.call(&agent(), account, "GET", path, None, &[])
    }

    pub fn post(&self, account: &str, path: &str, body: &Value) -> Answer {
        self.call(&agent(), account, "POST", path, Some(&body.to_string()), &[])
    }
}

pub fn until(what: &str, done: impl FnMut() -> bool) {
    until_within(Duration::from_secs(300), what, done);
}

pub fn until_within(wait: Duration, what: &str, mut done: impl FnMut() -> bool) {
    let end = Instant::now() + wait;
    while !done() {
        assert!(Instant::now() < end, "{what} took too long");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Every file below a folder.
pub fn files(dir: &Path, all: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(dir).expect("a folder").flatten() {
        if entry.path().is_dir() { files(&entry.path(), all) } else { all.push(entry.path()) }
    }
}
