//! What comes through when the stream is bad: less, and never anything false.

#![allow(clippy::unwrap_used)] // Its helpers are test code too.

#[path = "common/camera.rs"]
mod camera;
mod common;

use std::path::Path;
use std::time::{Duration, Instant};

use camera::{
    Play, SOON, assert_true, bframes, frames, hevc, left_out, patient, serve, source, units,
};
use wayside_camera::{Fault, FaultKind};
use wayside_capture::live::{LiveEvent, LiveOptions, Transport, Unit};
use wayside_proto::GapCause;

const SECOND: Duration = Duration::from_secs(1);
/// A decoder that is no further behind than this has caught up, ticks.
const CAUGHT_UP: i64 = 10 * camera::STEP;
/// Units that may wait for the decoder: so few that a burst is too much, or more than ever come.
const FEW: usize = 4;
const ANY: usize = 10_000;

/// Plays well, then badly for a second at least and until it is bad enough, then well again; gives the events.
fn through(
    clip: &Path,
    transport: Transport,
    kind: FaultKind,
    units_in_decoder_max: usize,
    bad_enough: impl Fn(&[LiveEvent]) -> bool,
) -> Vec<LiveEvent> {
    let server = serve(clip);
    let options = LiveOptions { units_in_decoder_max, ..patient() };
    let mut play = Play::with(&source(&server.url(), transport), &options, 1_024);
    let mut events = play.frames(5);
    let first = units(&events)[0].rtp;
    server.fault(Fault::forever(kind)).unwrap();
    let began = Instant::now();
    while began.elapsed() < SECOND || !bad_enough(&events) {
        assert!(began.elapsed() < SOON, "it is never bad enough");
        events.extend(play.events.recv_timeout(SECOND / 10));
    }
    server.heal().unwrap();
    let healed = Instant::now();
    let (mut unit_rtp, mut frame_rtp) = (None, None);
    events.extend(play.until(SOON, |event| {
        match event {
            LiveEvent::Unit(unit) => unit_rtp = unit.dropped.is_none().then_some(unit.rtp),
            LiveEvent::Frame(frame) => frame_rtp = Some(frame.rtp),
            _ => {}
        }
        // A second and a half after the fault: at least a key frame. And the decoder has caught up.
        let late = unit_rtp.zip(frame_rtp).map(|(unit, frame)| unit - frame);
        let is_unit = matches!(event, LiveEvent::Unit(_));
        is_unit && healed.elapsed() > 3 * SECOND / 2 && late.is_some_and(|ticks| ticks < CAUGHT_UP)
    }));
    assert!(!matches!(events.last(), Some(LiveEvent::Ended(_))), "{:?}", events.last());
    assert_true(&events, first);
    let (frames, units) = (frames(&events), units(&events));
    let last = units.last().unwrap();
    assert!(last.dropped.is_none() && last.rtp - frames.last().unwrap().rtp < CAUGHT_UP);
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
        let events = through(&clip, transport, loss.clone(), ANY, |events| {
            lost(events) > 3 && units(events).iter().any(|u| u.dropped == Some(GapCause::Lost))
        });
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
    let clip = camera::mjpeg(dir.path());
    let events = through(&clip, Transport::Udp, loss, FEW, |events| lost(events) > 0);
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
        let noise = |events: &[LiveEvent]| {
            let spoiled = |unit: &&&Unit| unit.dropped == Some(GapCause::Undecodable);
            units(events).iter().filter(spoiled).count() + left_out(events)
        };
        let garbage = FaultKind::Garbage { seed: 3 };
        // What is spoiled is told with the next picture that is not, so nothing can be waited for here.
        let events = through(&clip, transport, garbage, FEW, |_| true);
        assert!(noise(&events) >= 8, "{}", noise(&events));
    }
}

#[test]
fn a_burst_after_a_silence() {
    let first_second = std::cell::OnceCell::new();
    let events = through(&bframes(), Transport::Tcp, FaultKind::Hang, FEW, |_| {
        first_second.get_or_init(Instant::now).elapsed() > SECOND
    });
    assert_eq!(lost(&events), 0);
    // Arrivals tell the silence, timestamps do not.
    let units = units(&events);
    let silence = |pair: &[&Unit]| pair[1].arrived.mono - pair[0].arrived.mono;
    let longest = units.windows(2).map(silence).max().unwrap();
    assert!(longest > 3 * SECOND / 2, "{longest:?}");
    assert!(units.iter().all(|unit| unit.dropped != Some(GapCause::Lost)));
}
