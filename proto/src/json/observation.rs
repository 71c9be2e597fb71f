//! The line of an observation.

use serde::Serialize;

use super::parts::{GapLine, json, rounded, rounded_f32};
use crate::{ClockSource, Content, Covariance2, Observation, TrackState};

/// The line of an observation, without a line break: `tracks` where the frame was looked at, `gap`
/// where it was not. Covariances are [xx, xy, yy].
#[must_use]
pub fn observation_line(observation: &Observation) -> String {
    let (tracks, skipped_still, gap) = match &observation.content {
        Content::Tracks { tracks, skipped_still } => {
            (Some(tracks.iter().map(TrackLine::from).collect()), *skipped_still, None)
        }
        Content::Gap(gap) => (None, false, Some(GapLine::from(gap))),
    };
    json(&ObservationLine {
        site: observation.site.as_str(),
        camera: observation.camera.as_str(),
        run: observation.run.as_str(),
        sequence: observation.sequence,
        time: observation.time.to_string(),
        clock_source: clock_source(observation.clock_source),
        clock_uncertainty_us: observation.clock_uncertainty_us,
        skipped_still,
        tracks,
        gap,
    })
}

/// The name of a clock source in lines.
pub(super) fn clock_source(source: ClockSource) -> &'static str {
    match source {
        ClockSource::Recording => "recording",
        ClockSource::Rtcp => "rtcp",
        ClockSource::Arrival => "arrival",
    }
}

#[derive(Serialize)]
struct ObservationLine<'a> {
    site: &'a str,
    camera: &'a str,
    run: &'a str,
    sequence: u64,
    time: String,
    clock_source: &'static str,
    clock_uncertainty_us: u32,
    skipped_still: bool,
    tracks: Option<Vec<TrackLine>>,
    gap: Option<GapLine>,
}

#[derive(Serialize)]
struct TrackLine {
    id: u64,
    class: &'static str,
    class_confidence: f64,
    confidence: f64,
    measured: bool,
    box_px: Option<[f64; 4]>,
    front_m: [f64; 2],
    front_cov_m2: [f64; 3],
    heading_rad: f64,
    heading_sigma_rad: f64,
    velocity_ms: [f64; 2],
    velocity_cov_m2s2: [f64; 3],
    length_m: f64,
    width_m: f64,
}

impl From<&TrackState> for TrackLine {
    fn from(track: &TrackState) -> Self {
        let covariance = |c: &Covariance2| [c.xx, c.xy, c.yy].map(rounded);
        Self {
            id: track.id.0,
            class: track.class.as_str(),
            class_confidence: rounded_f32(track.class_confidence),
            confidence: rounded_f32(track.confidence),
            measured: track.measured,
            box_px: track.box_px.map(|b| [b.x0, b.y0, b.x1, b.y1].map(rounded_f32)),
            front_m: track.front_m.map(rounded),
            front_cov_m2: covariance(&track.front_cov_m2),
            heading_rad: rounded(track.heading_rad),
            heading_sigma_rad: rounded(track.heading_sigma_rad),
            velocity_ms: track.velocity_ms.map(rounded),
            velocity_cov_m2s2: covariance(&track.velocity_cov_m2s2),
            length_m: rounded(track.length_m),
            width_m: rounded(track.width_m),
        }
    }
}
