//! An event of a replay, to be seen again: what its camera saw around it, out of the job's own observations.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use wayside_console::plan::plan;
use wayside_console::shapes::{Scene, SceneFrame, SignalChange, SignalHistory, TrackJson};
use wayside_proto::{Content, EventTime, Observation};
use wayside_rules::signals::SignalRecord;
use wayside_site::Site;
use wayside_workbench::engine::SceneOrder;

use super::kept::{self, Kept};
use crate::failure::Failure;
use crate::replay::inputs;
use crate::whatif::file::ObservationFile;

/// How much is shown before and after the event, seconds.
const AROUND_S: f64 = 8.0;
/// Frames of one scene: 16 s at 50 a second.
const FRAMES_MAX: usize = 800;

/// The scene, in the shape in which the console tells those of events on the bus, and the plan that it is drawn on:
/// the site may be a draft that nobody knows.
pub(super) fn scene(order: &SceneOrder) -> Result<Value, Failure> {
    let Kept { site_file, signals } = kept::of(&order.folder);
    let (site, _) = inputs::site(&site_file)?;
    let time = EventTime::parse(&order.event.time).map_err(Failure::input)?;
    let (from, to) = (time.plus_s(-AROUND_S), time.plus_s(AROUND_S));
    let mut file = ObservationFile::open(&order.folder.join("out").join("observations.binpb"))?;
    let (mut frames, mut dropped) = (Vec::new(), 0);
    while let Some(seen) = file.next()? {
        if seen.time > to {
            break;
        }
        if seen.time < from || seen.camera.0 != order.event.camera {
            continue;
        }
        if frames.len() < FRAMES_MAX {
            frames.push(frame(&seen));
        } else {
            dropped += 1;
        }
    }
    let records = match signals {
        Some(path) => inputs::signal_records(&site, &path)?.0,
        None => Vec::new(),
    };
    let scene = Scene {
        event: order.event.id.clone(),
        camera: order.event.camera.clone(),
        track: order.event.track.unwrap_or_default(),
        from: from.to_string(),
        to: to.to_string(),
        // A recording is over: there is no more to come.
        complete: true,
        frames,
        dropped,
        signals: histories(&site, &records, (from, to)),
    };
    let told = |error: serde_json::Error| Failure::failed(error.to_string());
    let mut answer = serde_json::to_value(&scene).map_err(told)?;
    if let Value::Object(answer) = &mut answer {
        answer.insert("plan".to_owned(), json!(plan(&site)));
    }
    Ok(answer)
}

fn frame(seen: &Observation) -> SceneFrame {
    let (tracks, gap) = match &seen.content {
        Content::Tracks { tracks, .. } => (tracks.iter().map(TrackJson::from).collect(), None),
        Content::Gap(gap) => (Vec::new(), Some(gap.cause.as_str().to_owned())),
    };
    SceneFrame { time: seen.time.to_string(), tracks, gap }
}

/// What each group showed over the span: the state that held at its begin, and the changes in it.
fn histories(
    site: &Site,
    records: &[SignalRecord],
    (from, to): (EventTime, EventTime),
) -> Vec<SignalHistory> {
    let mut all: BTreeMap<&str, Vec<SignalChange>> =
        site.file().signal_groups.iter().map(|group| (group.id.as_str(), Vec::new())).collect();
    for record in records.iter().filter(|record| record.time <= to) {
        let Some(history) = all.get_mut(record.group.as_str()) else { continue };
        if record.time <= from {
            history.clear();
        }
        let state = record.state.as_str().to_owned();
        history.push(SignalChange { time: record.time.to_string(), state });
    }
    let history = |(group, history): (&str, _)| SignalHistory {
        group: group.to_owned(),
        history,
        dropped: 0,
    };
    all.into_iter().map(history).collect()
}
