//! The figures of the policy. Chosen on rendered truth (`models/train/redaction`), fail closed.

use wayside_proto::BoxPx;

/// What is known of faces behind the offending vehicle's windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occupants {
    /// A face detector looked, and found what [`crate::evidence::FrameSightings::faces`] says. Pictures at which it did
    /// not look are treated as with `Unknown`.
    Detected,
    /// Nobody looked. Where the vehicle is so near that a face would show, the band of its windows is
    /// hidden.
    Unknown,
}

/// Settings of a redaction.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Boxes around the lamps of traffic signals, pixels. They change as a road user does and are taken for
    /// people, and an event on red is worth nothing without them: inside, only road users in motion
    /// that a detector found are hidden. Keep them tight.
    pub signals: Vec<BoxPx>,
    /// What is known of the offending vehicle's occupants.
    pub occupants: Occupants,
    /// Longest time from a picture to the nearest look for road users, microseconds.
    pub look_gap_us_max: i64,
    /// Fewest pictures of a clip.
    pub frames_min: usize,
    /// Most pictures of a clip; 52 kB of memory each at 1280x720, 33 kB of them its outline.
    pub frames_max: usize,
    /// Least height of the offending vehicle's box where it is largest, pixels.
    pub subject_height_px_min: f32,
    /// Largest mean share of the offending vehicle's box that others may cover, 0 to 1.
    pub subject_covered_max: f64,
    /// Largest share of one picture that may differ from the background, 0 to 1.
    pub changed_share_max: f64,
    /// Least share of the picture that must hold still, 0 to 1.
    pub still_share_min: f64,
    /// Score from which one sighting alone makes a standing road user.
    pub standing_score_alone: f32,
    /// Sum of scores over the clip from which weaker sightings at one place do, as a share of the
    /// clip's pictures.
    pub standing_score_mean: f32,
    /// Longest time for which a block of the mosaic keeps its colour, microseconds.
    pub hold_us: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            signals: Vec::new(),
            occupants: Occupants::Unknown,
            look_gap_us_max: 400_000,
            frames_min: 16,
            frames_max: 1500,
            subject_height_px_min: 16.0,
            subject_covered_max: 0.6,
            changed_share_max: 0.6,
            still_share_min: 0.25,
            standing_score_alone: 0.35,
            standing_score_mean: 0.05,
            hold_us: 500_000,
        }
    }
}
