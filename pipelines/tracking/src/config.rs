//! What can be set about the tracker, and what it is set to.

/// Settings of a [`crate::Tracker`]. The defaults suit a small COCO detector on a camera 7 to 12 m
/// above the road at 5 to 25 frames a second; times are in seconds so that they hold at any rate.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackerConfig {
    /// Detections at or above this score are matched first, and only they begin tracks, 0 to 1.
    pub score_high: f32,
    /// Detections below this score are ignored; between the two they only continue tracks, 0 to 1.
    pub score_low: f32,
    /// Detections that confirm a track.
    pub confirm_hits: u32,
    /// A track that is not confirmed ends after this long without a detection, seconds.
    pub tentative_coast_s_max: f64,
    /// A moving track ends after this long without a detection, seconds.
    pub moving_coast_s_max: f64,
    /// A standing track ends after this long without a detection, seconds.
    pub standing_coast_s_max: f64,
    /// A track hidden behind a nearer road user ends after this long without a detection, seconds.
    pub hidden_coast_s_max: f64,
    /// A moving track takes no detection of a low score after this long without any, seconds.
    pub doubtful_coast_s_max: f64,
    /// Detections whose lower edge lies farther from the camera are dropped, metres.
    pub range_m_max: f64,
    /// White noise of an edge of a box: at least this, pixels.
    pub edge_noise_px: f64,
    /// White noise of an edge of a box: plus this share of the box's width or height.
    pub edge_noise_share: f64,
    /// Error of an edge that stays for many frames (the detector's habit, a body that is no
    /// cuboid): at least this, pixels.
    pub edge_bias_px: f64,
    /// Error of an edge that stays for many frames: plus this share of the box's width or height.
    pub edge_bias_share: f64,
    /// Error of the front that no number of frames removes, besides the calibration's residual,
    /// metres.
    pub front_floor_m: f64,
    /// The same along the vehicle alone, metres: the body's ends are round.
    pub front_along_m: f64,
    /// The filter's own sigma of the front is multiplied by this: boxes err more often by much than
    /// a normal distribution does. Found on rendered clips from five poses, by day, night and rain.
    pub front_inflation: f64,
    /// Detections of one frame beyond this number are dropped, those of the lowest score first.
    pub detections_max: usize,
    /// Tracks beyond this number are not begun.
    pub tracks_max: usize,
}

impl Default for TrackerConfig {
    fn default() -> Self {
        Self {
            score_high: 0.4,
            score_low: 0.12,
            confirm_hits: 3,
            tentative_coast_s_max: 0.45,
            moving_coast_s_max: 1.4,
            standing_coast_s_max: 3.0,
            hidden_coast_s_max: 8.0,
            doubtful_coast_s_max: 0.5,
            range_m_max: 150.0,
            edge_noise_px: 0.8,
            edge_noise_share: 0.03,
            edge_bias_px: 0.8,
            edge_bias_share: 0.035,
            front_floor_m: 0.1,
            front_along_m: 0.25,
            front_inflation: 1.75,
            detections_max: 512,
            tracks_max: 1024,
        }
    }
}
