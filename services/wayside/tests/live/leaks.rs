//! Cameras that go and come again and again leave nothing behind in the worker.

use std::time::Duration;

use wayside_camera::{Fault, FaultKind, Server};

use crate::cameras::serve;
use crate::site::{self, Pole};
use crate::told::Told;
use crate::worker::Worker;
use crate::{comes, films, turn, wall};

const CAMERAS: [(&str, &str); 4] = [("a", "tcp"), ("b", "tcp"), ("c", "udp"), ("d", "udp")];
/// Reconnects before the first count: libraries load what they need, and thread pools fill.
const WARM_UP: usize = 2;
/// Idle threads of GLib's pools end after 15 s, on a machine that has time for them.
const SETTLE: Duration = Duration::from_secs(240);
/// How long the counts must hold still to be those of a quiet worker.
const STILL: Duration = Duration::from_secs(5);
/// As for the faults.
const UNTOLD_S_MAX: f64 = 1.6;

/// What a process has.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Has {
    threads: usize,
    descriptors: usize,
    resident_kib: u64,
}

impl Has {
    fn of(pid: u32) -> Self {
        let count = |what: &str| std::fs::read_dir(format!("/proc/{pid}/{what}")).unwrap().count();
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        let resident = resident.trim().trim_end_matches(" kB").parse().unwrap();
        Self { threads: count("task"), descriptors: count("fd"), resident_kib: resident }
    }
}

#[test]
fn twelve_reconnects_leave_nothing_behind() {
    // Pages of the allocator's arenas, each touched for the first time by some thread.
    reconnects(3, 24);
}

#[test]
#[ignore = "takes minutes; see make soak"]
fn soak_two_hundred_reconnects_leave_nothing_behind() {
    // A session has some 2 MiB (pipeline, decoder, stacks): one in ten kept would break this.
    reconnects(50, 32);
}

/// Lets every camera go and come back `rounds` times.
fn reconnects(rounds: usize, grown_mib_max: u64) {
    let _turn = turn();
    let dir = tempfile::tempdir().unwrap();
    let servers = CAMERAS.map(|_| serve(films::quiet()));
    let poles: Vec<Pole> = CAMERAS
        .iter()
        .zip(&servers)
        .map(|((id, transport), server)| {
            Pole::new(id, &server.url()).with(&format!("transport = \"{transport}\""))
        })
        .collect();
    site::write(dir.path(), &poles);
    let worker = Worker::start("ingest", dir.path(), ["--evidence-window-s", "1"]);
    worker.until_connected(&CAMERAS.map(|(id, _)| id));
    let mut slowest = 0.0_f64;
    for _ in 0..WARM_UP {
        slowest = slowest.max(again(&worker, &servers));
    }
    let before = settled(&worker, None);
    let mut memory_mib = Vec::new();
    for round in 0..rounds {
        slowest = slowest.max(again(&worker, &servers));
        if round % 5 == 4 {
            memory_mib.push(Has::of(worker.pid()).resident_kib >> 10);
        }
    }
    if !memory_mib.is_empty() {
        println!("MiB after every {} reconnects: {memory_mib:?}", 5 * CAMERAS.len());
    }
    let after = settled(&worker, Some(before));
    println!(
        "{} reconnects: {before:?}, then {after:?}; all back within {slowest:.1} s",
        rounds * CAMERAS.len()
    );
    assert!(after.threads <= before.threads, "threads: {before:?}, then {after:?}");
    assert!(after.descriptors <= before.descriptors, "descriptors: {before:?}, then {after:?}");
    let grown_mib = after.resident_kib.saturating_sub(before.resident_kib) >> 10;
    assert!(grown_mib <= grown_mib_max, "memory: {before:?}, then {after:?}");
    assert_eq!(worker.stop().code, Some(0));
    let told = Told::read(&dir.path().join("data"));
    for (id, _) in CAMERAS {
        told.check(id, UNTOLD_S_MAX);
        told.check_sums(id);
    }
}

/// Lets every camera go for a second; seconds until the last one is back.
fn again(worker: &Worker, servers: &[Server]) -> f64 {
    // Counted, because on a busy machine the first may be back before the last is missed.
    let connections =
        || CAMERAS.map(|(id, _)| worker.metric("wayside_connections_total", &[("camera", id)]));
    let before = connections();
    for server in servers {
        server.fault(Fault::lasting(FaultKind::Stop, Duration::from_secs(1))).unwrap();
    }
    let gone = wall();
    worker.until("absence and return", SETTLE, |_| {
        connections().iter().zip(&before).all(|(now, before)| now > before)
    });
    worker.until_connected(&CAMERAS.map(|(id, _)| id));
    wall().since_s(gone) - 1.0
}

/// What the worker has once threads of pools have ended: as little as before, where that is known,
/// or no less than a moment ago.
fn settled(worker: &Worker, before: Option<Has>) -> Has {
    let mut now = Has::of(worker.pid());
    if let Some(before) = before {
        comes(SETTLE, || {
            now = Has::of(worker.pid());
            now.threads <= before.threads && now.descriptors <= before.descriptors
        });
        return now;
    }
    let mut since = std::time::Instant::now();
    comes(SETTLE, || {
        let next = Has::of(worker.pid());
        if (next.threads, next.descriptors) != (now.threads, now.descriptors) {
            since = std::time::Instant::now();
        }
        now = next;
        since.elapsed() > STILL
    });
    now
}
