//! What a client gets from a camera that works.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use std::time::{Duration, Instant};

use common::{Client, H264_MP4, clip, junction, serve, timestamps, until};
use wayside_camera::{Options, Server};
use wayside_proto::EventTime;

/// One frame at 25 frames/s, in ticks of the RTP clock.
const FRAME: i64 = 3_600;

/// Plays until so many frames came, all packets of which are there. Over UDP the system drops packets of a client
/// that does not run for a while: then it plays once more.
fn whole(server: &Server, protocols: &str, frames: usize) -> Client {
    for again in [true, true, false] {
        let client = Client::play(&server.url(), protocols);
        client.wait_frames(frames);
        let packets = client.rtp();
        let mut steps = packets.iter().zip(&packets[1..]);
        let whole = steps.all(|(a, b)| b.sequence == a.sequence.wrapping_add(1));
        if whole {
            return client;
        }
        assert!(again && protocols == "udp", "packets are lost over {protocols}");
    }
    unreachable!("the last round returns or fails")
}

fn plays(protocols: &str) {
    let server = serve(&junction());
    let began = Instant::now();
    let client = whole(&server, protocols, 20);
    let packets = client.rtp();
    // The clip has B-frames: frames come in decode order, each with its own presentation time.
    let times = timestamps(&packets);
    let pts = server.clip().pts.iter().take(times.len());
    let expected: Vec<i64> = pts.map(|pts| (pts.as_secs_f64() * 90_000.0).round() as i64).collect();
    assert_eq!(times, expected, "the stream begins with the first frame");
    assert!(!times.is_sorted(), "this clip has B-frames");
    // Sequence and picture parameter sets (types 7, 8) come before the key frame (5, in pieces 28),
    // at most after a delimiter (9) and remarks (6).
    let kinds = packets.iter().map(|packet| packet.payload[0] & 0x1f);
    let mut kinds: Vec<u8> = kinds.filter(|kind| !matches!(kind, 6 | 9)).take(5).collect();
    // The recording may have them in its frames too.
    kinds.dedup_by_key(|kind| matches!(kind, 7 | 8));
    assert!(matches!(kinds[..], [7, 5 | 28, ..]), "{kinds:?}");
    // In real time: the last of the frames came when it was due.
    let took = packets[packets.len() - 1].at - began;
    let due = *server.clip().pts[..times.len()].iter().max().unwrap();
    assert!(took + Duration::from_millis(150) > due, "{took:?} is much less than {due:?}");
}

#[test]
fn over_tcp() {
    plays("tcp");
}

#[test]
fn over_udp() {
    plays("udp");
}

#[test]
fn loops_without_a_seam() {
    let dir = tempfile::tempdir().unwrap();
    let path = clip(&dir.path().join("short.mp4"), H264_MP4, 12, (160, 120));
    let server = serve(&path);
    assert_eq!(server.clip().frames, 12);
    assert_eq!(server.clip().period, Duration::from_millis(480));
    let client = Client::play(&server.url(), "tcp");
    client.wait_frames(40);
    let packets = client.rtp();
    let times = timestamps(&packets);
    let expected: Vec<i64> = (0..).map(|frame| frame * FRAME).take(times.len()).collect();
    assert_eq!(times, expected, "no gap and no step back at the seam");
    // Every round is the same bytes.
    let frame = |number: i64| -> Vec<&[u8]> {
        let first = packets[0].timestamp;
        let of = |timestamp: u32| i64::from(timestamp.wrapping_sub(first)) == number * FRAME;
        let packets = packets.iter().filter(|packet| of(packet.timestamp));
        packets.map(|packet| packet.payload.as_slice()).collect()
    };
    assert_eq!(frame(0), frame(12));
    assert_eq!(frame(5), frame(29));
    assert_ne!(frame(0), frame(5));
}

fn reports(protocols: &str, start: EventTime) {
    let dir = tempfile::tempdir().unwrap();
    let path = clip(&dir.path().join("short.mp4"), H264_MP4, 12, (160, 120));
    let server = Server::start(Options { start: Some(start), ..Options::new(&path) }).unwrap();
    let client = whole(&server, protocols, 60);
    until("reports, about one a second", || client.reports().len() >= 3);
    let (packets, reports) = (client.rtp(), client.reports());
    // Of two sockets either may be read first.
    let first_by = if protocols == "udp" { 25 } else { 3 };
    assert!(reports[0].after <= first_by, "it came with the first packets: {:?}", reports[0]);
    for report in &reports {
        for (frame, packet) in packets.iter().filter(|packet| packet.marker).enumerate() {
            let expected = start.0 as f64 + frame as f64 * 40_000.0;
            let error_us = report.time_us(packet.timestamp) - expected;
            assert!(error_us.abs() <= 20.0, "frame {frame}: {error_us} us by {report:?}");
        }
    }
}

#[test]
fn reports_give_every_frame_its_time_over_tcp() {
    reports("tcp", EventTime::parse("2026-06-01T07:00:12.345678Z").unwrap());
}

#[test]
fn reports_give_every_frame_its_time_over_udp() {
    reports("udp", EventTime::parse("1999-12-31T23:59:59.999999Z").unwrap());
}

#[test]
fn without_a_start_the_first_frame_is_of_now() {
    let now_us = || {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        now.as_micros() as f64
    };
    let server = serve(&junction());
    let before = now_us();
    let client = Client::play(&server.url(), "tcp");
    client.wait_frames(1);
    until("a report", || !client.reports().is_empty());
    let (packets, reports) = (client.rtp(), client.reports());
    let first = reports[0].time_us(packets[0].timestamp);
    assert!(first >= before - 20.0 && first <= now_us(), "{} us later", first - before);
}

#[test]
fn over_ipv6() {
    let bind = std::net::IpAddr::from(std::net::Ipv6Addr::LOCALHOST);
    if std::net::TcpListener::bind((bind, 0)).is_err() {
        println!("skipped: this machine has no IPv6");
        return;
    }
    let server = Server::start(Options { bind, ..Options::new(junction()) }).unwrap();
    assert!(server.url().starts_with("rtsp://[::1]:"), "{}", server.url());
    for protocols in ["tcp", "udp"] {
        Client::play(&server.url(), protocols).wait_frames(2);
    }
}
