//! The anonymous tracks around an event, out of the bus.

use wayside_bus::{Bus, BusError, Topic};
use wayside_proto::convert::Message as _;
use wayside_proto::{Content, EventTime, Observation, SignalReport};

use crate::bus_read::span;
use crate::shapes::{Scene, SceneFrame, TrackJson};
use crate::sites::SiteEntry;
use crate::state::{Subject, signal_histories};

/// How much is shown before and after the event, seconds.
pub(crate) const AROUND_S: f64 = 8.0;
/// How far back the signals are looked for that held at the begin, seconds.
const SIGNALS_S: f64 = 300.0;
/// Frames of one scene: 16 s at 50 a second.
const FRAMES_MAX: usize = 800;
/// Reports of signals that are looked at.
const REPORTS_MAX: usize = 10_000;

/// The scene around an event.
///
/// # Errors
/// Where the bus cannot be read.
pub(crate) fn scene(bus: &dyn Bus, entry: &SiteEntry, event: &Subject) -> Result<Scene, BusError> {
    let (from, to) = (event.time.plus_s(-AROUND_S), event.time.plus_s(AROUND_S));
    let key = format!("{}/{}", event.site, event.camera);
    let (mut frames, mut dropped, mut complete) = (Vec::<SceneFrame>::new(), 0, false);
    span(bus, Topic::Observations, &event.site, (from, to), |stored| {
        if stored.key != key {
            return true;
        }
        if stored.time > to.0 {
            complete = true;
            return false;
        }
        // What cannot be read is with the dead letters of the rules.
        let Ok(seen) = Observation::from_bytes(&stored.value) else { return true };
        if seen.run != event.run || !overlaps(&seen, from, to) {
            return true;
        }
        if frames.len() < FRAMES_MAX {
            frames.push(frame(&seen));
        } else {
            dropped += 1;
        }
        true
    })?;
    Ok(Scene {
        event: event.id.clone(),
        camera: event.camera.0.clone(),
        track: event.track.0,
        from: from.to_string(),
        to: to.to_string(),
        complete,
        frames,
        dropped,
        signals: signal_histories(&entry.site, reports(bus, entry, event, from, to)?, from),
    })
}

fn overlaps(seen: &Observation, from: EventTime, to: EventTime) -> bool {
    match &seen.content {
        Content::Tracks { .. } => seen.time >= from && seen.time <= to,
        Content::Gap(gap) => gap.to >= from && gap.from <= to,
    }
}

fn frame(seen: &Observation) -> SceneFrame {
    match &seen.content {
        Content::Tracks { tracks, .. } => SceneFrame {
            time: seen.time.to_string(),
            tracks: tracks.iter().map(TrackJson::from).collect(),
            gap: None,
        },
        Content::Gap(gap) => SceneFrame {
            time: gap.from.to_string(),
            tracks: Vec::new(),
            gap: Some(gap.cause.as_str().to_owned()),
        },
    }
}

/// What was said of the signals up to the end of the span, in order of time.
fn reports(
    bus: &dyn Bus,
    entry: &SiteEntry,
    event: &Subject,
    from: EventTime,
    to: EventTime,
) -> Result<Vec<SignalReport>, BusError> {
    let since = from.plus_s(-SIGNALS_S);
    let within = |report: &&SignalReport| report.time >= since && report.time <= to;
    let mut reports: Vec<SignalReport> =
        entry.logged.iter().filter(within).take(REPORTS_MAX).cloned().collect();
    span(bus, Topic::Signals, &event.site, (since, to), |stored| {
        if let Ok(report) = SignalReport::from_bytes(&stored.value)
            && report.site == event.site
            && within(&&report)
        {
            reports.push(report);
        }
        reports.len() < REPORTS_MAX
    })?;
    reports.sort_by_key(|report| report.time);
    Ok(reports)
}
