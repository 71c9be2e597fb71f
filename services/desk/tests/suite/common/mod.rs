//! What the suite needs: both databases, and a city to fill them with.

pub mod server;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use wayside_cases::{Account, Actor, CaseId, ClaimToken, Decision, Policy, Reason, Role};
use wayside_desk::{ClaimFilter, ClaimedCase, Decided, Desk, DeskOptions};
use wayside_plates::{MasterKeyId, Plate, Vault};
use wayside_proto::{
    CameraId, EventTime, Evidence, EvidenceResult, Hash32, MotorVehicleClass, Outcome, OutcomeId,
    Quantity, RunId, SealedPackage, SiteId, TrackId, Unit, Verdict,
};

/// An empty database of one kind; in PostgreSQL a schema, which is made faster.
pub struct Place {
    kind: Kind,
    vault: Arc<Vault>,
}

enum Kind {
    Sqlite(tempfile::TempDir),
    Postgres(Arc<server::Server>, String),
}

impl Place {
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { kind: Kind::Sqlite(folder), vault: vault() }
    }

    /// None where PostgreSQL is not installed.
    pub fn postgres() -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let server = server::shared()?;
        let name = format!("desk_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let mut client = postgres::Client::connect(&server.url("postgres"), postgres::NoTls)
            .expect("a connection");
        client.batch_execute(&format!("CREATE SCHEMA {name}")).expect("a schema");
        Some(Self { kind: Kind::Postgres(server, name), vault: vault() })
    }

    pub fn options(&self) -> DeskOptions {
        let policy = Policy {
            second_share: 0.0,
            known_share: 0.0,
            plate_required: false,
            ..Policy::default()
        };
        let vault = Some(Arc::clone(&self.vault));
        DeskOptions { policy, vault, ..DeskOptions::default() }
    }

    /// A desk with the suite's settings, changed.
    pub fn desk_with(&self, change: impl FnOnce(&mut DeskOptions)) -> Desk {
        let mut options = self.options();
        change(&mut options);
        self.open(options).expect("a desk")
    }

    pub fn desk(&self) -> Desk {
        self.desk_with(|_| {})
    }

    pub fn open(&self, options: DeskOptions) -> Result<Desk, wayside_desk::DeskError> {
        match &self.kind {
            Kind::Sqlite(folder) => Desk::sqlite(&folder.path().join("desk.sqlite"), options),
            Kind::Postgres(server, name) => Desk::postgres(&server.schema(name), None, options),
        }
    }

    /// Statements past the desk, as somebody with the database's password could.
    pub fn tamper(&self, sql: &str) -> Result<(), String> {
        match &self.kind {
            Kind::Sqlite(folder) => {
                let file = rusqlite::Connection::open(folder.path().join("desk.sqlite"))
                    .map_err(|error| error.to_string())?;
                file.execute_batch(sql).map_err(|error| error.to_string())
            }
            Kind::Postgres(server, name) => {
                let mut client = postgres::Client::connect(&server.schema(name), postgres::NoTls)
                    .map_err(|error| error.to_string())?;
                client.batch_execute(sql).map_err(|error| {
                    error.as_db_error().map_or(error.to_string(), |db| db.message().to_owned())
                })
            }
        }
    }

    /// Takes the triggers away that keep the audit log as it is.
    pub fn disarm(&self) {
        let sql = match &self.kind {
            Kind::Sqlite(_) => "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete;",
            Kind::Postgres(..) => "ALTER TABLE audit DISABLE TRIGGER USER",
        };
        self.tamper(sql).expect("the owner may");
    }

    /// Every file of SQLite, to look for what must not be in them.
    pub fn files(&self) -> Vec<PathBuf> {
        match &self.kind {
            Kind::Sqlite(folder) => std::fs::read_dir(folder.path())
                .expect("a folder")
                .map(|entry| entry.expect("an entry").path())
                .collect(),
            Kind::Postgres(..) => Vec::new(),
        }
    }
}

fn vault() -> Arc<Vault> {
    let id = MasterKeyId::parse("k1").expect("an id");
    let mut next = 0_u8;
    let mut random = |buffer: &mut [u8]| {
        for byte in buffer {
            next = next.wrapping_mul(31).wrapping_add(7);
            *byte = next;
        }
    };
    let line = Vault::new_key_line(&id, &mut random).expect("a key");
    Arc::new(Vault::from_text(&line, "test").expect("a vault"))
}

/// Seconds after an arbitrary instant.
pub fn at(seconds: f64) -> EventTime {
    EventTime(1_780_000_000_000_000).plus_s(seconds)
}

pub fn actor(name: &str, role: Role) -> Actor {
    Actor::new(Account::new(name).expect("an account"), role)
}

pub fn reviewer(name: &str) -> Actor {
    actor(name, Role::Reviewer)
}

pub fn senior(name: &str) -> Actor {
    actor(name, Role::Senior)
}

pub fn system() -> Actor {
    actor("program", Role::System)
}

pub fn ticketing() -> Actor {
    actor("tickets", Role::Ticketing)
}

pub fn plate(text: &str) -> Plate {
    Plate::parse(text).expect("a plate")
}

/// A violation and its evidence, different for each number.
pub fn violation(number: u64) -> (Outcome, Evidence) {
    let (site, camera, run) = (SiteId::from("demo"), CameraId::from("A1"), RunId::from("r1"));
    let event_time = at(-1_000.0 + number as f64 / 100.0);
    let track = TrackId(number);
    let id = OutcomeId::derive(&site, &camera, &run, track, "red_light", "N", event_time);
    let outcome = Outcome {
        id: id.clone(),
        rule: "red_light",
        rule_version: 1,
        site: site.clone(),
        camera: camera.clone(),
        run,
        track,
        class: MotorVehicleClass::Car,
        event_time,
        place: "N".to_owned(),
        approach: None,
        lane: None,
        quantities: vec![Quantity {
            name: "time_into_red",
            value: 1.5,
            low: Some(1.4),
            high: Some(1.6),
            unit: Unit::Second,
        }],
        signal: None,
        verdict: Verdict::Violation,
    };
    let package = SealedPackage {
        uri: format!("demo/{id}.wayside"),
        sha256: Hash32([7; 32]),
        size_bytes: 1_000_000,
        key_id: "site-1".to_owned(),
        chain_number: number,
        sealed_at: at(0.0),
    };
    let result = EvidenceResult::Sealed(package);
    (outcome, Evidence { violation: id, site, camera, event_time, result })
}

pub fn admit(desk: &Desk, number: u64, now: EventTime) -> CaseId {
    let (outcome, evidence) = violation(number);
    desk.admit(&system(), &outcome, &evidence, now).expect("admitted").case().clone()
}

pub fn claim(desk: &Desk, actor: &Actor, now: EventTime) -> ClaimedCase {
    desk.claim(actor, &ClaimFilter::default(), now).expect("a claim").expect("a case")
}

pub const REJECT: Decision = Decision::Reject { reason: Reason::SignalNotRed };

/// Decides without a plate.
pub fn decide(
    desk: &Desk,
    actor: &Actor,
    case: &CaseId,
    token: &ClaimToken,
    decision: Decision,
    now: EventTime,
) -> Decided {
    desk.decide(actor, case, token, decision, None, "", now).expect("decided")
}

/// Claims the next case and decides it.
pub fn next(desk: &Desk, actor: &Actor, decision: Decision, now: EventTime) -> Decided {
    let claimed = claim(desk, actor, now);
    decide(desk, actor, &claimed.case, &claimed.token, decision, now)
}

/// Each test twice: on SQLite and on PostgreSQL.
#[macro_export]
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test] fn $name() { super::$name(&$crate::common::Place::sqlite()); })+
        }
        mod postgres {
            $(#[test] fn $name() {
                if let Some(place) = $crate::common::Place::postgres() { super::$name(&place); }
            })+
        }
    };
}
