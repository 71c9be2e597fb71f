//! The errors of one track.

use crate::rng::Rng;

/// How much of an error is left after one frame.
const KEPT: f64 = 0.85;
/// sqrt(1 - KEPT²): the errors keep their standard deviation.
const NEW: f64 = 0.526_782_687_642_637;
/// Share of the frames in which the detector misses somebody who is there.
const MISSED: f64 = 0.02;

/// Errors in units of their standard deviations, from frame to frame.
#[derive(Clone, Debug)]
pub(crate) struct Noise {
    /// Along and aside.
    pub(crate) place: [f64; 2],
    pub(crate) velocity: [f64; 2],
    pub(crate) heading: f64,
    /// Frames that the track was seen in.
    pub(crate) frames: u32,
    pub(crate) measured: bool,
    pub(crate) score: f32,
}

impl Noise {
    pub(crate) fn new(rng: &mut Rng) -> Self {
        Self {
            place: [rng.normal(), rng.normal()],
            velocity: [rng.normal(), rng.normal()],
            heading: rng.normal(),
            frames: 0,
            measured: true,
            score: 0.0,
        }
    }

    /// The next frame.
    pub(crate) fn step(&mut self, rng: &mut Rng) {
        let [along, aside] = &mut self.place;
        let [faster, sideways] = &mut self.velocity;
        for error in [along, aside, faster, sideways, &mut self.heading] {
            *error = KEPT * *error + NEW * rng.normal();
        }
        let luck = rng.share();
        // A track begins with a detection.
        self.measured = self.frames == 0 || luck >= MISSED;
        self.score = if self.measured { 0.55 + 0.4 * luck as f32 } else { 0.0 };
        self.frames = self.frames.saturating_add(1);
    }

    /// Share of the votes for the class: it settles within a second or so.
    pub(crate) fn class_share(&self) -> f32 {
        let frames = self.frames.min(100) as f32;
        (0.7 + frames) / (1.0 + frames)
    }
}
