//! A desk, a store and a log in a folder, with cases in every state.
#![allow(dead_code)] // Each test file uses its part.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::Path;

use tempfile::TempDir;
use wayside_bus::{Log, LogOptions, Offset, Topic};
use wayside_cases::retention::RetentionPolicy;
use wayside_cases::{Account, Actor, CaseId, CitationEvent, Decision, Policy, Reason, Role};
use wayside_desk::{ClaimFilter, Desk, DeskOptions};
use wayside_evidence::chain::package_uri;
use wayside_evidence::{Object, Put, S3Options, Store, StoreError, StoreFault};
use wayside_proto::convert::Message;
use wayside_proto::{
    CameraId, CitationId, EventTime, Evidence, EvidenceResult, Hash32, MotorVehicleClass, Outcome,
    OutcomeId, Receipt, RunId, SealedPackage, SiteId, TrackId, Verdict, verify_chain,
};
use wayside_retention::{Kept, Retention, Shelf};

/// Today: what the store writes is stamped by the clock of the machine.
pub fn now() -> EventTime {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    EventTime(since.expect("after 1970").as_micros() as i64)
}

pub fn days(count: f64) -> f64 {
    count * 86_400.0
}

pub fn actor(name: &str, role: Role) -> Actor {
    Actor::new(Account::new(name).expect("a name"), role)
}

pub fn program() -> Actor {
    actor("retention", Role::System)
}

/// The parts of an installation.
pub struct World {
    pub dir: TempDir,
    pub desk: Desk,
    pub store: Store,
    pub log: Log,
    pub policy: RetentionPolicy,
    pub began: EventTime,
}

impl World {
    pub fn new() -> Self {
        let dir = TempDir::new().expect("a directory");
        let policy = Policy {
            second_share: 0.0,
            known_share: 0.0,
            undo_s: 0,
            plate_required: false,
            ..Policy::default()
        };
        let options = DeskOptions { policy, ..DeskOptions::default() };
        let desk = Desk::sqlite(&dir.path().join("desk.sqlite"), options).expect("a desk");
        let store = dir.path().join("store");
        let place = store.to_str().expect("a path");
        let store = Store::open(place, &S3Options::default()).expect("a store");
        let log = Log::open(&dir.path().join("log"), LogOptions::default()).expect("a log");
        Self { dir, desk, store, log, policy: RetentionPolicy::default(), began: now() }
    }

    pub fn retention(&self) -> Retention<'_> {
        self.retention_with(&self.store)
    }

    /// As if nobody reviewed.
    pub fn without_desk(&self) -> Retention<'_> {
        let kept = Kept { desk: None, ..self.retention().kept };
        Retention { kept, ..self.retention() }
    }

    pub fn retention_with<'a>(&'a self, shelf: &'a dyn Shelf) -> Retention<'a> {
        Retention {
            bus: &self.log,
            kept: Kept { shelf, desk: Some(&self.desk), sites: None, policy: self.policy },
            actor: program(),
        }
    }

    /// Seals a "package" of a violation, and admits its case.
    pub fn admit(&self, site: &str, number: u32) -> CaseId {
        let (outcome, evidence) = violation(site, number, self.began);
        self.store_package(&outcome, 0);
        self.desk.admit(&program(), &outcome, &evidence, self.began).expect("admitted");
        CaseId::of(&outcome.id)
    }

    pub fn store_package(&self, outcome: &Outcome, attempt: u32) {
        let uri = package_uri(&outcome.site, &outcome.id, attempt);
        let put = self.store.put_new(&uri, b"a package".to_vec()).expect("stored");
        assert_eq!(put, Put::Stored);
    }

    /// The next case in the queue is decided.
    pub fn decide(&self, decision: Decision) {
        let reviewer = actor("reviewer-1", Role::Reviewer);
        let claimed = self.desk.claim(&reviewer, &ClaimFilter::default(), self.began);
        let claimed = claimed.expect("asked").expect("a case");
        self.desk
            .decide(&reviewer, &claimed.case, &claimed.token, decision, None, "", self.began)
            .expect("decided");
    }

    pub fn reject(&self) {
        self.decide(Decision::Reject { reason: Reason::WrongVehicle });
    }

    /// The next case is approved, its citation issued and published.
    pub fn approve(&self) -> CitationId {
        self.decide(Decision::Approve);
        let issued = self.desk.issue_due(&program(), self.began, 10).expect("issued");
        let [citation] = issued.as_slice() else { panic!("{} citations", issued.len()) };
        let out = self.desk.outbox_take(&program(), self.began, 10).expect("taken");
        let ids: Vec<_> = out.into_iter().map(|out| out.id).collect();
        self.desk.outbox_done(&program(), &ids, self.began).expect("done");
        citation.id.clone()
    }

    pub fn pay(&self, citation: &CitationId) {
        let ticketing = actor("ticketing", Role::Ticketing);
        self.desk
            .citation_status(&ticketing, citation, CitationEvent::Paid, "r1", self.began)
            .expect("told");
    }

    /// Packages that the store has, by path; plans and orders, too.
    pub fn objects(&self) -> Vec<String> {
        self.store.list("").expect("listed").into_iter().map(|object| object.uri).collect()
    }

    pub fn receipts(&self) -> Vec<Receipt> {
        let stored = self.log.read(Topic::Receipts, Offset(0), 1_000, usize::MAX).expect("read");
        stored.iter().map(|it| Receipt::from_bytes(&it.value).expect("a receipt")).collect()
    }

    /// How much each chain has deleted; every chain is whole.
    pub fn deleted(&self) -> BTreeMap<String, u64> {
        let mut chains: BTreeMap<String, Vec<Receipt>> = BTreeMap::new();
        for receipt in self.receipts() {
            chains.entry(receipt.what.clone()).or_default().push(receipt);
        }
        let sum = |(what, chain)| (what, verify_chain(chain).expect("a whole chain").deleted);
        chains.into_iter().map(sum).collect()
    }
}

/// A violation of a site with its evidence.
pub fn violation(site: &str, number: u32, at: EventTime) -> (Outcome, Evidence) {
    let id = OutcomeId(format!("{number:032x}"));
    let (site, camera) = (SiteId::from(site), CameraId::from("north"));
    let event_time = at.plus_s(-60.0 - f64::from(number));
    let package = SealedPackage {
        uri: package_uri(&site, &id, 0),
        sha256: Hash32([number as u8; 32]),
        size_bytes: 9,
        key_id: "test".to_owned(),
        chain_number: u64::from(number),
        sealed_at: at,
    };
    let outcome = Outcome {
        id: id.clone(),
        rule: "red_light",
        rule_version: 1,
        site: site.clone(),
        camera: camera.clone(),
        run: RunId::from("r1"),
        track: TrackId(u64::from(number)),
        class: MotorVehicleClass::Car,
        event_time,
        place: "N".to_owned(),
        approach: None,
        lane: None,
        quantities: Vec::new(),
        signal: None,
        verdict: Verdict::Violation,
    };
    let result = EvidenceResult::Sealed(package);
    (outcome, Evidence { violation: id, site, camera, event_time, result })
}

/// A store whose process dies: before its call of that number, or after it and before anybody hears.
pub struct Dying<'a> {
    pub store: &'a Store,
    pub calls_left: Cell<u32>,
    pub after: bool,
}

impl Dying<'_> {
    fn call<T>(&self, call: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
        let dead = || StoreError {
            doing: "reached",
            uri: String::new(),
            place: "here".to_owned(),
            fault: StoreFault::Unreachable,
            cause: "the process is dead".to_owned(),
        };
        let left = self.calls_left.get();
        if left == 0 {
            return Err(dead());
        }
        self.calls_left.set(left - 1);
        if left == 1 {
            if self.after {
                drop(call());
            }
            return Err(dead());
        }
        call()
    }
}

impl Shelf for Dying<'_> {
    fn place(&self) -> &str {
        self.store.place()
    }

    fn list(&self, folder: &str) -> Result<Vec<Object>, StoreError> {
        self.call(|| self.store.list(folder))
    }

    fn get(&self, uri: &str, bytes_max: u64) -> Result<Option<Vec<u8>>, StoreError> {
        self.call(|| self.store.get(uri, bytes_max))
    }

    fn put_new(&self, uri: &str, bytes: Vec<u8>) -> Result<Put, StoreError> {
        self.call(|| self.store.put_new(uri, bytes))
    }

    fn delete(&self, uri: &str) -> Result<(), StoreError> {
        self.call(|| self.store.delete(uri))
    }
}

pub fn write(dir: &Path, uri: &str, text: &str) {
    let path = dir.join("store").join(uri);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(path, text).expect("a file");
}
