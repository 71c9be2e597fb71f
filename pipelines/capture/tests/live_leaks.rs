//! Nothing is left of a session. Alone in its process, because it counts. `WAYSIDE_CYCLES=200` makes
//! it long.

#![allow(clippy::unwrap_used)] // Its helpers are test code too.

#[path = "common/camera.rs"]
mod camera;
mod common;

use std::time::{Duration, Instant};

use camera::{Play, SOON, bframes, serve, source};
use wayside_camera::{Fault, FaultKind};
use wayside_capture::live::{Transport, open_sessions};

fn count(what: &str) -> usize {
    std::fs::read_dir(format!("/proc/self/{what}")).unwrap().count()
}

fn resident_kb() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// The counts once they hold still: threads of GStreamer's pool end a little later.
fn settled(at_most: Option<(usize, usize)>) -> (usize, usize) {
    let started = Instant::now();
    loop {
        let found = (count("task"), count("fd"));
        let low = at_most.is_none_or(|(tasks, files)| found.0 <= tasks && found.1 <= files);
        let wait = if at_most.is_some() { SOON } else { Duration::from_secs(3) };
        if (at_most.is_some() && low) || started.elapsed() > wait {
            return found;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn sessions_leave_no_thread_and_no_descriptor() {
    let server = serve(&bframes());
    let cycle = |n: usize| {
        let transport = if n.is_multiple_of(2) { Transport::Tcp } else { Transport::Udp };
        let mut play = Play::open(&source(&server.url(), transport));
        play.frames(2);
        if n == 3 {
            println!("{} threads, {} files with one session", count("task"), count("fd"));
        }
        match n % 5 {
            // The camera ends it, it hangs, or the caller ends it.
            4 => {
                server.fault(Fault::forever(FaultKind::Stop)).unwrap();
                play.ended(SOON);
                drop(play);
                server.heal().unwrap();
            }
            3 => {
                server.fault(Fault::forever(FaultKind::Hang)).unwrap();
                drop(play);
                server.heal().unwrap();
            }
            _ => drop(play),
        }
        // One that a busy machine does not close in time is closed behind the caller's back.
        let dropped = Instant::now();
        while open_sessions() > 0 {
            assert!(dropped.elapsed() < SOON, "{} are open", open_sessions());
            std::thread::sleep(Duration::from_millis(10));
        }
    };
    (0..2).for_each(cycle);
    let (before, resident) = (settled(None), resident_kb());
    let cycles = std::env::var("WAYSIDE_CYCLES").map_or(10, |n| n.parse().unwrap());
    (0..cycles).for_each(cycle);
    let after = settled(Some(before));
    println!("{before:?} then {after:?}, {resident} kB then {} kB", resident_kb());
    assert!(after.0 <= before.0 && after.1 <= before.1, "{before:?} then {after:?}");
}

/// Not a test: what sessions cost.
#[test]
#[ignore = "prints figures"]
fn cost() {
    let server = serve(&bframes());
    let mut plays = vec![Play::open(&source(&server.url(), Transport::Tcp))];
    plays[0].frames(10);
    let names = || {
        let mut names: Vec<String> = std::fs::read_dir("/proc/self/task")
            .unwrap()
            .map(|task| std::fs::read_to_string(task.unwrap().path().join("comm")).unwrap())
            .collect();
        names.sort();
        names.join(" ").replace('\n', "")
    };
    println!("{}", names());
    let (before, start) = ((count("task"), count("fd")), resident_kb());
    for transport in [Transport::Tcp, Transport::Udp].repeat(8) {
        let mut play = Play::open(&source(&server.url(), transport));
        play.frames(2);
        plays.push(play);
    }
    for _ in 0..20 {
        plays.iter_mut().for_each(|play| _ = play.frames(2));
    }
    let now = (count("task"), count("fd"));
    println!("16 more: {before:?} then {now:?}, {start} kB then {} kB", resident_kb());
    let started = Instant::now();
    drop(plays);
    println!("closed one after the other in {:?}", started.elapsed());
}
