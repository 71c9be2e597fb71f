//! From a decoded picture to what may leave the worker: redacted, annotated, kept.

use wayside_capture::Mp4Writer;
use wayside_picture::Picture;
use wayside_proto::{BoxPx, EventTime, Outcome, RoadUserClass, SignalColour, TrackState, Verdict};
use wayside_redaction::Redactor;
use wayside_report::{Annotator, Banner, FrameNotes, Severity, encode_still};

use super::outputs::{ANNOTATED, OutputFolder};
use super::stills::{StillFrame, StillRing};
use crate::failure::Failure;

/// Turns pictures into the annotated video and the stills of the report.
pub struct Pictures {
    redactor: Redactor,
    annotator: Annotator,
    video: Mp4Writer,
    ring: StillRing,
    start: EventTime,
}

/// What is drawn on a frame.
pub struct Drawn<'a> {
    /// Capture instant.
    pub time: EventTime,
    /// Road users in the picture, for redaction.
    pub road_users: &'a [(RoadUserClass, BoxPx)],
    /// Tracks.
    pub tracks: &'a [TrackState],
    /// Signals.
    pub signals: &'a [(String, Option<SignalColour>)],
    /// Outcomes that were decided at this frame.
    pub decided: &'a [Outcome],
}

impl Pictures {
    /// Starts the annotated video.
    pub fn start(
        site: &wayside_site::Site,
        camera: &str,
        size: (u32, u32),
        fps: (u32, u32),
        start: EventTime,
        folder: &OutputFolder,
    ) -> Result<Self, Failure> {
        let video = Mp4Writer::create(&folder.file(ANNOTATED), size.0, size.1, fps.0, fps.1)
            .map_err(Failure::failed)?;
        Ok(Self {
            redactor: Redactor::new(size.0, size.1),
            annotator: Annotator::new(site, camera).map_err(Failure::failed)?,
            video,
            ring: StillRing::default(),
            start,
        })
    }

    /// Takes the next picture.
    pub fn frame(&mut self, mut picture: Picture, drawn: &Drawn<'_>) -> Result<(), Failure> {
        // Nothing below this line sees a pixel that was not redacted (PV-1).
        self.redactor.redact(&mut picture, drawn.road_users);
        if self.ring.due(drawn.time) {
            let jpeg = encode_still(&picture, picture.rect(), picture.width);
            self.ring.keep(StillFrame { time: drawn.time, jpeg });
        }
        let banners: Vec<Banner> =
            drawn.decided.iter().map(|outcome| banner(outcome, self.start)).collect();
        let notes = FrameNotes {
            time: drawn.time,
            tracks: drawn.tracks,
            signals: drawn.signals,
            banners: &banners,
        };
        self.annotator.annotate(&mut picture, &notes);
        let pts = std::time::Duration::from_secs_f64(drawn.time.since_s(self.start).max(0.0));
        self.video.write(&picture, pts).map_err(Failure::failed)
    }

    /// The stills of the recent past.
    pub fn ring(&self) -> &StillRing {
        &self.ring
    }

    /// Ends the video.
    pub fn finish(self) -> Result<(), Failure> {
        self.video.finish().map_err(Failure::failed)
    }
}

fn banner(outcome: &Outcome, start: EventTime) -> Banner {
    let rule = outcome.rule.replace('_', " ");
    let at = outcome.event_time.since_s(start);
    let (text, severity) = match &outcome.verdict {
        Verdict::Violation => {
            let first = outcome.quantities.first();
            let value = first
                .map(|q| {
                    format!(", {} {:.1} {}", q.name.replace('_', " "), q.value, q.unit.as_str())
                })
                .unwrap_or_default();
            (format!("{rule}: track {} at {at:.1} s{value}", outcome.track), Severity::Violation)
        }
        Verdict::Void { cause, .. } => {
            let cause = cause.as_str().replace('_', " ");
            (format!("{rule} void: track {}, {cause}", outcome.track), Severity::Warning)
        }
    };
    Banner { text, severity, track: Some(outcome.track) }
}
