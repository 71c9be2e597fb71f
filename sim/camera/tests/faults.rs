//! Each fault does what it says, to a client that is not ours where it can show it.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use std::io;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use common::by_hand::{ByHand, timed_out};
use common::{Client, Events, H264_MP4, Rtp, SOON, clip, until};
use tempfile::TempDir;
use wayside_camera::{Fault, FaultKind, Options, ScheduledFault, Server};

/// How long faults last that end by themselves: long enough for a busy machine to look at them meanwhile.
const LASTS: Duration = Duration::from_secs(5);
/// Nothing within this is silence, where something would come at once.
const SILENCE: Duration = Duration::from_millis(500);
/// Frames a second of the clip.
const FPS: f64 = 25.0;

fn camera() -> (TempDir, Server, Events) {
    let dir = tempfile::tempdir().unwrap();
    let path = clip(&dir.path().join("clip.mp4"), H264_MP4, 20, (160, 120));
    let events = Events::default();
    let server =
        Server::start(Options { events: Some(events.sink()), ..Options::new(&path) }).unwrap();
    (dir, server, events)
}

#[test]
fn stop_closes_clients_and_port_and_comes_back() {
    let (_dir, server, events) = camera();
    let client = Client::play(&server.url(), "tcp");
    client.wait_frames(3);
    server.fault(Fault::lasting(FaultKind::Stop, LASTS)).unwrap();
    let refused = TcpStream::connect(server.address()).unwrap_err();
    assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);
    assert_eq!(server.clients(), Ok(0));
    assert!(client.ends(SOON).is_some(), "the client notices");
    until("the camera's return", || TcpStream::connect(server.address()).is_ok());
    Client::play(&server.url(), "udp").wait_frames(3);
    assert!(events.has("fault: stop for 5 s"), "{:?}", events.all());
    assert!(events.has("fault over: stop"), "{:?}", events.all());
    assert!(events.has("left: the camera went away"), "{:?}", events.all());
}

/// A camera hangs and goes on. Whether the client has every packet in the end.
fn hangs(protocols: &str) -> bool {
    let (_dir, server, _) = camera();
    let client = Client::play(&server.url(), protocols);
    let mut other = ByHand::connect(server.port());
    client.wait_frames(3);
    // Frames that the client does not have, of those that are due since its first one came.
    let behind = || {
        let since = client.rtp()[0].at.elapsed();
        since.as_secs_f64() * FPS - client.frames() as f64
    };
    server.fault(Fault::forever(FaultKind::Hang)).unwrap();
    // What was on its way still comes.
    let mut before = client.frames();
    until("silence", || {
        std::thread::sleep(SILENCE);
        let now = client.frames();
        std::mem::replace(&mut before, now) == now
    });
    other.send("OPTIONS", "", "");
    assert!(timed_out(&other.answer(SILENCE)), "nothing is answered");
    // A hung server's kernel still takes connections; nobody speaks there.
    let mut late = ByHand::connect(server.port());
    late.send("OPTIONS", "", "");
    assert!(timed_out(&late.answer(SILENCE)));
    assert_eq!(client.frames(), before, "nothing is sent");
    until("frames that are due", || behind() > 20.0);
    // What was due meanwhile comes in a burst: without it, the client would stay behind for good.
    server.heal().unwrap();
    until("the frames of meanwhile", || behind() < 10.0);
    assert!(other.answer(SOON).unwrap().starts_with("RTSP/1.0 200"));
    assert!(late.answer(SOON).unwrap().starts_with("RTSP/1.0 200"));
    let packets = client.rtp();
    let mut steps = packets.iter().zip(&packets[1..]);
    steps.all(|(before, after)| after.sequence == before.sequence.wrapping_add(1))
}

#[test]
fn hang_is_silence_and_then_a_burst_over_tcp() {
    assert!(hangs("tcp"), "the backlog is whole");
}

#[test]
fn hang_is_silence_and_then_a_burst_over_udp() {
    // The system drops a part of a burst where the client does not run for a while: then once more.
    assert!((0..3).any(|_| hangs("udp")), "the backlog is whole");
}

#[test]
fn garbage_is_noise_under_right_headers() {
    let (_dir, server, _) = camera();
    let client = Client::play(&server.url(), "tcp");
    client.wait_frames(20);
    let from = client.count();
    server.fault(Fault::forever(FaultKind::Garbage { seed: 3 })).unwrap();
    until("noise", || spoilt(&client.rtp()).len() >= 15);
    server.heal().unwrap();
    until("whole frames again", || {
        let packets = client.rtp();
        let last_bad = spoilt(&packets).last().copied();
        let after = &packets[last_bad.unwrap() + 1..];
        after.iter().filter(|packet| packet.marker).count() >= 20
    });
    let packets = client.rtp();
    let bad = spoilt(&packets);
    assert!(bad[0] >= from, "nothing before the fault");
    // Whole frames in the midst of it would be none that the fault touched.
    let (first, last) = (bad[0], bad[bad.len() - 1]);
    let touched = packets[first..=last].iter().filter(|packet| packet.marker).count();
    let noisy = bad.iter().filter(|place| packets[**place].marker).count();
    assert_eq!(noisy, touched, "every frame of that time, and none after it");
    for (before, after) in packets.iter().zip(&packets[1..]) {
        assert_eq!(after.sequence, before.sequence.wrapping_add(1));
    }
}

/// Places of the packets that are not what they were in the first round: the clip has 20 frames.
fn spoilt(packets: &[Rtp]) -> Vec<usize> {
    let first = packets[0].timestamp;
    let frame = |packet: &Rtp| packet.timestamp.wrapping_sub(first) / 3_600;
    let whole = |packet: &Rtp| {
        let same = |other: &&Rtp| frame(other) == frame(packet) % 20;
        packets.iter().filter(same).any(|other| other.payload == packet.payload)
    };
    (0..packets.len()).filter(|place| !whole(&packets[*place])).collect()
}

#[test]
fn a_clock_jump_is_in_the_reports_alone() {
    let (_dir, server, _) = camera();
    let client = Client::play(&server.url(), "tcp");
    let same = |a: f64, b: f64| (a - b).abs() < 0.000_02;
    // By how much the reports are off, one after the other; several of the same count once.
    let jumps = || -> Vec<f64> {
        let reports = client.reports();
        let first = reports[0].time_us(reports[0].rtp);
        let off = reports.iter().map(|report| {
            let ticks = report.rtp.wrapping_sub(reports[0].rtp);
            (report.time_us(report.rtp) - first - f64::from(ticks) / 0.09) / 1e6
        });
        let mut jumps: Vec<f64> = off.collect();
        jumps.dedup_by(|a, b| same(*a, *b));
        jumps
    };
    until("a report", || !client.reports().is_empty());
    let jump = |jump_s| FaultKind::ClockJump { jump_s };
    server.fault(Fault::forever(jump(3_600.0))).unwrap();
    until("another", || jumps().len() >= 2);
    server.fault(Fault::lasting(jump(-1_800.5), LASTS)).unwrap();
    until("another", || jumps().len() >= 3);
    until("another", || jumps().len() >= 4);
    let jumps = jumps();
    for (jump, expected) in jumps.iter().zip([0.0, 3_600.0, 1_799.5, 3_600.0]) {
        assert!(same(*jump, expected), "{jumps:?}");
    }
}

fn loses(protocols: &str) {
    let (_dir, server, _) = camera();
    server.fault(Fault::forever(FaultKind::FrameLoss { share: 0.3, seed: 5 })).unwrap();
    let client = Client::play(&server.url(), protocols);
    until("packets", || client.count() >= 60);
    let packets = client.rtp();
    let steps = packets.iter().zip(&packets[1..]);
    let sent: u32 =
        steps.map(|(a, b)| u32::from(b.sequence.wrapping_sub(a.sequence))).sum::<u32>() + 1;
    let share = 1.0 - packets.len() as f64 / f64::from(sent);
    assert!((0.15..0.45).contains(&share), "{share} of {sent} were lost");
}

#[test]
fn packets_are_lost_over_tcp() {
    loses("tcp");
}

#[test]
fn packets_are_lost_over_udp() {
    loses("udp");
}

#[test]
fn a_forgotten_session_stays_silent_and_open() {
    let (_dir, server, _) = camera();
    let mut old = ByHand::connect(server.port());
    old.play();
    old.packet(SOON).unwrap();
    server.fault(Fault::lasting(FaultKind::HalfOpen, LASTS)).unwrap();
    let mut new = ByHand::connect(server.port());
    new.send("OPTIONS", "", "");
    assert!(timed_out(&new.answer(SILENCE)), "nobody answers yet");
    assert!(new.answer(SOON).unwrap().starts_with("RTSP/1.0 200"), "new connections work again");
    new.play();
    new.packet(SOON).unwrap();
    old.send("OPTIONS", "", "");
    // A packet that was on its way may still be there; then there is nothing, and no end either.
    let silent = |old: &mut ByHand| (0..50).any(|_| timed_out(&old.packet(SILENCE)));
    assert!(silent(&mut old));
    assert_eq!(server.clients(), Ok(2), "the connection is still open");
    drop(old);
    until("its end to be noticed", || server.clients() == Ok(1));
}

#[test]
fn another_clip_after_a_switch() {
    let (dir, server, _) = camera();
    let other = clip(&dir.path().join("other.mov"), "jpegenc ! qtmux", 10, (320, 240));
    let client = Client::play(&server.url(), "tcp");
    client.wait_frames(2);
    server.fault(Fault::forever(FaultKind::Switch { file: other })).unwrap();
    assert!(client.ends(SOON).is_some());
    let description = ByHand::connect(server.port()).ask("DESCRIBE", "", "");
    assert!(description.contains("a=rtpmap:26 JPEG/90000"), "{description}");
    Client::play(&server.url(), "udp").wait_frames(3);
    server.heal().unwrap();
    // A connection of the moment in which the clip changes is closed without an answer.
    let h264 = || {
        let mut asking = ByHand::connect(server.port());
        asking.send("DESCRIBE", "", "");
        asking.answer(SOON).is_ok_and(|answer| answer.contains("H264/90000"))
    };
    until("the first clip again", h264);
}

#[test]
fn another_size_after_a_resolution() {
    let (_dir, server, _) = camera();
    let profile = |server: &Server| ByHand::connect(server.port()).ask("DESCRIBE", "", "");
    let before = profile(&server);
    let kind = FaultKind::Resolution { width_px: 320, height_px: 180 };
    server.fault(Fault::forever(kind)).unwrap();
    let after = profile(&server);
    let sets = |sdp: &str| {
        let fmtp = sdp.lines().find(|line| line.starts_with("a=fmtp")).map(str::to_owned);
        fmtp.unwrap()
    };
    assert_ne!(sets(&before), sets(&after), "other parameter sets");
    Client::play(&server.url(), "tcp").wait_frames(25);
    server.heal().unwrap();
    assert_eq!(sets(&before), sets(&profile(&server)));
}

#[test]
fn faults_come_at_their_times() {
    let dir = tempfile::tempdir().unwrap();
    let path = clip(&dir.path().join("clip.mp4"), H264_MP4, 20, (160, 120));
    // Seconds apart: one that is a little late does not fall into the next.
    let text = "[[fault]]\nat_s = 4.0\nkind = \"stop\"\nfor_s = 0.3\n\n\
                [[fault]]\nat_s = 0.1\nkind = \"hang\"\nfor_s = 0.1\n";
    let faults = wayside_camera::parse_faults("faults.toml".as_ref(), text).unwrap();
    assert!(faults.is_sorted_by_key(|fault: &ScheduledFault| fault.at));
    let events = Events::default();
    let began = Instant::now();
    let _server =
        Server::start(Options { faults, events: Some(events.sink()), ..Options::new(&path) });
    until("the last fault's end", || events.has("fault over: stop"));
    assert!(began.elapsed() >= Duration::from_millis(4_300));
    assert_eq!(
        events.all(),
        ["fault: hang for 0.1 s", "fault over: hang", "fault: stop for 0.3 s", "fault over: stop"]
    );
}
