//! What is known of one picture: where the offending vehicle is, and who else is there.

use wayside_proto::{BoxPx, EventTime};

use super::look::Look;
use super::outline::Outline;
use super::subject::is_part;
use super::tracks::{Track, has_person};

/// A road user that is believed to stand before the offending vehicle was once seen with this score: weaker
/// ones are mostly wheels and windows of the vehicle itself.
const BEFORE_SCORE_MIN: f32 = 0.45;

/// The same for one behind it: there the vehicle's outline guards what is the vehicle's.
const BEHIND_SCORE_MIN: f32 = 0.3;

/// A road user other than the offending vehicle.
#[derive(Clone, Copy, Debug)]
pub(super) struct Other {
    pub box_px: BoxPx,
    /// Whether it is a person or has a rider.
    pub person: bool,
    /// Its strongest sighting's score.
    score: f32,
}

impl Other {
    /// Whether it may stand before the vehicle at `own`: people always may, vehicles do where they reach
    /// the ground nearer to the camera, lower in the picture.
    pub(super) fn before(&self, own: &BoxPx) -> bool {
        let lower = self.box_px.y1 >= own.y1 - 0.06 * (own.y1 - own.y0);
        self.is_certain() && (self.person || lower)
    }

    /// Whether it shows behind the vehicle at `own`, in the corners of its box.
    pub(super) fn behind(&self, own: &BoxPx) -> bool {
        self.score >= BEHIND_SCORE_MIN && !self.before(own)
    }

    fn is_certain(&self) -> bool {
        self.score >= BEFORE_SCORE_MIN
    }
}

/// What is known of one picture.
#[derive(Debug)]
pub(super) struct Frame {
    pub time: EventTime,
    pub own: Option<BoxPx>,
    pub others: Vec<Other>,
    pub faces: Look<BoxPx>,
    /// Which pixels are the vehicle's and which others', where a model looked.
    pub outline: Option<Outline>,
    /// Whether that is believed where it shows something; where it hides, it always is.
    pub shows: bool,
}

impl Frame {
    /// All frames of a clip with the tracks of other road users.
    pub(super) fn all(
        times: &[EventTime],
        own: Vec<Option<BoxPx>>,
        tracks: &[Track],
        faces: Vec<Look<BoxPx>>,
        outlines: Vec<(Option<Outline>, bool)>,
    ) -> Vec<Self> {
        let mut frames: Vec<Self> = times
            .iter()
            .zip(own)
            .zip(faces)
            .zip(outlines)
            .map(|(((time, own), faces), (outline, shows))| Self {
                time: *time,
                own,
                others: Vec::new(),
                faces,
                outline,
                shows,
            })
            .collect();
        for track in tracks.iter().filter(|track| track.is_credible()) {
            let class = track.class();
            let both: Vec<_> = track
                .seen
                .iter()
                .filter_map(|(frame, seen)| Some((frames.get(*frame)?.own?, *seen)))
                .collect();
            if is_part(class, &both) {
                continue;
            }
            let person = has_person(class);
            for (frame, box_px) in track.boxes(times) {
                if let Some(frame) = frames.get_mut(frame) {
                    frame.others.push(Other { box_px, person, score: track.score() });
                }
            }
        }
        frames
    }
}

impl Frame {
    pub(super) fn own(&self) -> Option<&BoxPx> {
        self.own.as_ref()
    }

    /// The boxes of others that are believed to be there.
    pub(super) fn boxes(&self) -> Vec<BoxPx> {
        self.others.iter().filter(|other| other.is_certain()).map(|other| other.box_px).collect()
    }
}
