//! What comes through when the stream is bad: less, and never anything false.

#![allow(clippy::unwrap_used)] // Its helpers are test code too.

#[path = "common/camera.rs"]
mod camera;
mod common;

use std::path::Path;
use std::time::Duration;

use camera::{Play, assert_true, bframes, frames, hevc, left_out, serve, source, units};
use wayside_camera::{Fault, FaultKind};
use wayside_capture::live::{LiveEvent, LiveOptions, Transport};
use wayside_proto::GapCause;

const SECOND: Duration = Duration::from_secs(1);

/// Plays well, then badly for a while, then well again; gives the events.
fn through(clip: &Path, transport: Transport, kind: FaultKind, lasts: Duration) -> Vec<LiveEvent> {
    let server = serve(clip);
    let options = LiveOptions { units_in_decoder_max: 4, ..LiveOptions::default() };
    let mut play = Play::with(&source(&server.url(), transport), &options, 256);
    let mut events = play.frames(5);
    let first = units(&events)[0].rtp;
    server.fault(Fault::lasting(kind, lasts)).unwrap();
    events.extend(play.until(lasts + 4 * SECOND, {
        let mut healed = None;
        move |event| match event {
            // A second and a half after the fault: at least a key frame.
            LiveEvent::Unit(unit) => {
                let healed = *healed.get_or_insert(unit.arrived.mono + lasts + SECOND);
                unit.arrived.mono > healed + SECOND / 2
            }
            _ => false,
        }
    }));
    assert!(!matches!(events.last(), Some(LiveEvent::Ended(_))), "{:?}", events.last());
    assert_true(&events, first);
    let (frames, units) = (frames(&events), units(&events));
    let last = units.last().unwrap();
    assert!(last.dropped.is_none() && last.rtp - frames.last().unwrap().rtp < 10 * camera::STEP);
    let count = |cause| units.iter().filter(|unit| unit.dropped == cause).count();
    println!(
        "{} units, {} frames, {} left out, {} rubbish, {} lost, {} overload",
        units.len(),
        frames.len(),
        left_out(&events),
        count(Some(GapCause::Undecodable)),
        count(Some(GapCause::Lost)),
        count(Some(GapCause::Overload)),
    );
    events
}

fn lost(events: &[LiveEvent]) -> u32 {
    let lost = |e: &LiveEvent| if let LiveEvent::PacketsLost { count } = e { *count } else { 0 };
    events.iter().map(lost).sum()
}

#[test]
fn a_third_of_the_packets_lost() {
    let dir = tempfile::tempdir().unwrap();
    let loss = FaultKind::FrameLoss { share: 0.3, seed: 7 };
    for (clip, transport) in [(camera::plain(dir.path()), Transport::Tcp), (hevc(), Transport::Udp)]
    {
        let events = through(&clip, transport, loss.clone(), SECOND);
        assert!(lost(&events) > 3, "{}", lost(&events));
        assert!(units(&events).iter().any(|unit| unit.dropped == Some(GapCause::Lost)));
        assert!(units(&events).iter().all(|unit| unit.dropped != Some(GapCause::Overload)));
        assert_eq!(left_out(&events), 0);
    }
}

#[test]
fn motion_jpeg_loses_only_the_pictures_that_are_incomplete() {
    let dir = tempfile::tempdir().unwrap();
    let loss = FaultKind::FrameLoss { share: 0.2, seed: 7 };
    let events = through(&camera::mjpeg(dir.path()), Transport::Udp, loss, SECOND);
    let packets = lost(&events) as usize;
    let dropped = units(&events).iter().filter(|unit| unit.dropped.is_some()).count();
    assert!(packets > 0 && dropped <= 2 * packets, "{dropped} dropped, {packets} packets lost");
}

#[test]
fn noise_instead_of_pictures() {
    let dir = tempfile::tempdir().unwrap();
    for (clip, transport) in [
        (bframes(), Transport::Tcp),
        (hevc(), Transport::Tcp),
        (camera::mjpeg(dir.path()), Transport::Udp),
    ] {
        let events = through(&clip, transport, FaultKind::Garbage { seed: 3 }, SECOND / 2);
        let spoiled = units(&events)
            .iter()
            .filter(|unit| unit.dropped == Some(GapCause::Undecodable))
            .count();
        assert!(spoiled + left_out(&events) >= 8, "{spoiled} of 12");
    }
}

#[test]
fn a_burst_after_a_silence() {
    let events = through(&bframes(), Transport::Tcp, FaultKind::Hang, 2 * SECOND);
    assert_eq!(lost(&events), 0);
    // Arrivals tell the silence, timestamps do not.
    let units = units(&events);
    let silence =
        |pair: &[&wayside_capture::live::Unit]| pair[1].arrived.mono - pair[0].arrived.mono;
    let longest = units.windows(2).map(silence).max().unwrap();
    assert!(longest > 3 * SECOND / 2, "{longest:?}");
    assert!(units.iter().all(|unit| unit.dropped != Some(GapCause::Lost)));
}
