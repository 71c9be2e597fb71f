//! Cameras that fail in every way, over TCP and over UDP: each comes back, and the time that nobody
//! looked at is a gap with its cause.
//!
//! One worker watches a camera for each fault; all fail at the same time, but for one that must not
//! notice.

mod case;
mod left;

use std::sync::Mutex;
use std::time::Duration;

use wayside_camera::{Fault, FaultKind, Server};
use wayside_proto::GapCause;

use crate::cameras::{CameraProcess, free_port, serve, serve_with};
use crate::site::{self, Pole};
use crate::told::Told;
use crate::worker::{Worker, command};
use crate::{films, pass, turn, wall};
use case::{Case, Happened};
use left::{check, undisturbed};

const PASSWORD: &str = "Gr4pefruit-of-the-worker";
const OTHER_PASSWORD: &str = "Tang3rine-of-the-camera";

/// Frames up to so far apart need no gap between them, seconds: the usual five a second, where
/// half of them is lost.
const UNTOLD_S_MAX: f64 = 1.6;
/// How long a hung camera hangs, seconds.
const HANG_S: f64 = 10.0;
/// How long other faults last, seconds.
const FAULT_S: f64 = 6.0;
/// How long a busy machine may take to notice.
const NOTICED: Duration = Duration::from_secs(300);
/// How long a camera takes to restart, seconds.
const RESTART_S: f64 = 2.0;
/// Sender reports must be right for so long before they are believed again, seconds.
const SETTLE_S: f64 = 10.0;

/// Lets a server fail for a while.
fn fail(server: &Server, kind: FaultKind, seconds: f64) {
    fail_until(server, kind, seconds, || ());
}

/// The same, and until the worker has noticed.
fn fail_until(server: &Server, kind: FaultKind, seconds: f64, noticed: impl FnOnce()) {
    server.fault(Fault::forever(kind)).unwrap();
    pass(seconds);
    noticed();
    server.heal().unwrap();
}

#[test]
fn faults_over_tcp() {
    faults("tcp");
}

#[test]
fn faults_over_udp() {
    faults("udp");
}

fn faults(transport: &str) {
    let _turn = turn();
    let dir = tempfile::tempdir().unwrap();
    let quiet = films::quiet();
    let killed = Mutex::new(CameraProcess::start(quiet));
    let paused = CameraProcess::start(quiet);
    let [steady, hung, resized, garbage, half_open, lossy, jumping, recoded] =
        std::array::from_fn(|_| serve(quiet));
    let bframes = serve(&films::bframes());
    let port = free_port();
    let guarded = Mutex::new(Some(serve_with(quiet, port, PASSWORD)));

    let servers = [
        ("steady", &steady),
        ("hung", &hung),
        ("resized", &resized),
        ("garbage", &garbage),
        ("half_open", &half_open),
        ("lossy", &lossy),
        ("jumping", &jumping),
        ("recoded", &recoded),
    ];
    let mut poles: Vec<Pole> =
        servers.iter().map(|(id, server)| Pole::new(id, &server.url())).collect();
    poles.push(Pole::new("killed", &killed.lock().unwrap().url()));
    poles.push(Pole::new("paused", &paused.url()));
    poles.push(Pole::new("bframes", &bframes.url()).sized(160, 96));
    let url = format!("rtsp://127.0.0.1:{port}/camera");
    let account = "user = \"viewer\"\npassword_env = \"CAMERA_PASSWORD\"";
    poles.push(Pole::new("guarded", &url).with(account));
    // Reports that a busy machine reads late are no wrong clock, and its stalls are none of the camera's.
    poles[0] = poles[0].clone().with("silence_s_max = 30.0");
    let keys = format!("transport = \"{transport}\"\nclock_error_ms_max = 5000.0");
    let poles: Vec<Pole> = poles.into_iter().map(|p| p.with(&keys)).collect();
    site::write(dir.path(), &poles);
    let mut command = command("run", dir.path());
    command.env("CAMERA_PASSWORD", PASSWORD).arg("--json");
    let worker = Worker::spawn(command, dir.path());
    let ids: Vec<&str> = poles.iter().map(|pole| pole.id.as_str()).collect();
    worker.until_connected(&ids);
    // A stream that was up for five seconds is a steady one.
    pass(6.0);

    // Datagrams that cease say nothing of a connection that has ended: at first that is silence.
    let restarted: &[GapCause] =
        if transport == "udp" { &[GapCause::Lost, GapCause::Stalled] } else { &[GapCause::Lost] };
    let stands_down = |id: &'static str, condition: &'static str| {
        worker.until(condition, NOTICED, |worker| worker.conditions(id) == [condition]);
    };
    let counts = |metric: &'static str, labels: &[(&str, &str)]| {
        worker.until(metric, NOTICED, |worker| worker.metric(metric, labels) >= 1.0);
    };
    let why = [("camera", "guarded"), ("cause", "unauthorised")];
    let switch = |server: &Server, file: &std::path::Path| {
        fail(server, FaultKind::Switch { file: file.to_owned() }, FAULT_S);
    };
    let cases = vec![
        Case::new("killed", &[GapCause::Lost], || {
            let mut camera = killed.lock().unwrap();
            camera.kill();
            pass(FAULT_S);
            camera.again();
        }),
        Case::new("paused", &[GapCause::Stalled], || {
            paused.signal("STOP");
            pass(HANG_S);
            paused.signal("CONT");
        })
        .gap_s_min(HANG_S * 0.9),
        Case::new("hung", &[GapCause::Stalled], || fail(&hung, FaultKind::Hang, HANG_S))
            .gap_s_min(HANG_S * 0.9),
        Case::new("half_open", &[GapCause::Stalled], || {
            fail(&half_open, FaultKind::HalfOpen, FAULT_S);
        }),
        Case::new("resized", &[GapCause::StoodDown], || {
            let kind = FaultKind::Resolution { width_px: 160, height_px: 90 };
            fail_until(&resized, kind, FAULT_S, || {
                stands_down("resized", "size");
                pass(RESTART_S);
            });
        })
        .gap_s_min(1.0)
        .condition("size"),
        Case::new("guarded", &[GapCause::Lost], || {
            let mut server = guarded.lock().unwrap();
            *server = None;
            pass(RESTART_S);
            *server = Some(serve_with(quiet, port, OTHER_PASSWORD));
            pass(FAULT_S);
            counts("wayside_disconnections_total", &why);
            *server = None;
            pass(RESTART_S);
            *server = Some(serve_with(quiet, port, PASSWORD));
        }),
        Case::new("garbage", &[GapCause::Undecodable], || {
            fail(&garbage, FaultKind::Garbage { seed: 5 }, FAULT_S);
        })
        .gap_s_min(1.0),
        Case::new("lossy", &[GapCause::Lost], || {
            fail_until(&lossy, FaultKind::FrameLoss { share: 0.3, seed: 9 }, FAULT_S, || {
                counts("wayside_packets_lost_total", &[("camera", "lossy")]);
            });
        })
        .gap_s_min(0.2),
        Case::new("jumping", &[GapCause::StoodDown], || {
            fail_until(&jumping, FaultKind::ClockJump { jump_s: 3_600.0 }, FAULT_S, || {
                stands_down("jumping", "clock");
                pass(FAULT_S);
            });
        })
        .condition("clock")
        .settle_s(SETTLE_S),
        Case::new("recoded", restarted, || switch(&recoded, films::mjpeg())).gap_s_min(0.1),
        Case::new("bframes", restarted, || switch(&bframes, &films::hevc())).gap_s_min(0.0),
    ];
    let mut happened: Vec<(Case<'static>, Happened)> = std::thread::scope(|scope| {
        let threads: Vec<_> = cases
            .into_iter()
            .map(|case| {
                scope.spawn(move || {
                    let Case { id, causes, gap_s_min, condition, settle_s, happen } = case;
                    let began = wall();
                    happen();
                    let over = Happened { began, returned: wall() };
                    let happen = Box::new(|| ());
                    (Case { id, causes, gap_s_min, condition, settle_s, happen }, over)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    worker.until_connected(&ids);
    worker.until("reinstatement", NOTICED, |worker| {
        ids.iter().all(|id| worker.conditions(id).is_empty())
    });
    pass(2.0);

    let lost = worker.metric("wayside_packets_lost_total", &[("camera", "lossy")]);
    let of_steady = worker.metric("wayside_packets_lost_total", &[("camera", "steady")]);
    let refused = worker.metric("wayside_disconnections_total", &why);
    let broken = worker.metric("wayside_invariant_violations_total", &[]);
    let pages = ["/metrics", "/healthz", "/readyz"].map(|page| worker.page(page)).concat();
    let ended = worker.stop();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(broken, 0.0);
    assert!(lost >= 1.0, "packets lost: {lost}");
    assert!(refused >= 1.0, "refusals: {refused}");

    let told = Told::read(&dir.path().join("data"));
    let bytes = String::from_utf8_lossy(&told.bytes);
    for text in [&ended.stdout, &ended.stderr, &pages, &*bytes] {
        assert!(!text.contains(PASSWORD) && !text.contains(OTHER_PASSWORD), "a password: {text}");
    }
    for id in &ids {
        told.check(id, UNTOLD_S_MAX);
        told.check_sums(id);
    }
    println!("{transport}: {lost} packets of the lossy camera were lost");
    happened.sort_by_key(|(case, _)| case.id);
    let mut wrong = undisturbed(&told, "steady", of_steady);
    for (case, span) in &happened {
        wrong.extend(check(&told, transport, case, span));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
