//! The detectors that look at a clip before anything of it is shown.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use wayside_inference::manifest::{Model, ModelFootage};
use wayside_inference::{Detector, FaceDetector, InferenceError, OutlineShares, Outliner};
use wayside_picture::{Detection, Picture, PixelRect};
use wayside_proto::BoxPx;
use wayside_redaction::evidence::{Look, Outline};
use wayside_site::model::Footage;

use crate::tiles::tiles;

/// Score from which a road user is hidden; far below what is believed when vehicles are counted. The figure is
/// the one with which the policy's recall was measured (`examples/redaction_truth`).
pub const SCORE_LOW: f32 = 0.12;

/// A detector's description with [`SCORE_LOW`], to open it for redaction.
#[must_use]
pub fn for_redaction(model: &Model) -> Model {
    let mut model = model.clone();
    if let Some(layout) = &mut model.detection {
        layout.score_low = layout.score_low.min(SCORE_LOW);
    }
    model
}

/// How often detectors look. Between two looks the policy carries on what they saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Looks {
    /// Least time between two looks for road users, microseconds; 0 looks at every frame.
    pub road_users_us: i64,
    /// Least time between two looks for faces in the offending vehicle, microseconds.
    pub faces_us: i64,
}

impl Default for Looks {
    fn default() -> Self {
        // On rendered truth (day, night and rain at 12.5 frames a second, score 0.12) a look at every second
        // frame left nothing uncovered; one at every fourth did.
        Self { road_users_us: 150_000, faces_us: 150_000 }
    }
}

/// Detectors of one redaction thread: a session each, of its own.
pub struct Eyes {
    detector: Detector,
    faces: Option<FaceDetector>,
    outliner: Option<Outliner>,
    pub(crate) looks: Looks,
    /// Lamps of traffic signals, pixels: what stays clear although it changes.
    pub(crate) signals: Vec<BoxPx>,
    /// Size of the picture, and where in it to look.
    regions: ((u32, u32), Vec<PixelRect>),
    stop: Arc<AtomicBool>,
}

impl Eyes {
    /// A detector of road users, opened as [`for_redaction`] says: hiding too much is cheap. Without a detector of faces, the band of the offending vehicle's windows is hidden where a
    /// face in it would show.
    #[must_use]
    pub fn new(detector: Detector, faces: Option<FaceDetector>) -> Self {
        let regions = ((0, 0), Vec::new());
        let stop = Arc::new(AtomicBool::new(false));
        let (outliner, looks, signals) = (None, Looks::default(), Vec::new());
        Self { detector, faces, outliner, looks, signals, regions, stop }
    }

    /// The same with a model that tells the offending vehicle's pixels from those of others, where it was made for
    /// such footage. One that has seen renderings only is not used on any other.
    #[must_use]
    pub fn with_outliner(mut self, outliner: Outliner, footage: Footage) -> Self {
        let fits = outliner.model().footage == ModelFootage::Real || footage == Footage::Simulated;
        self.outliner = fits.then_some(outliner);
        self
    }

    /// From here on, lamps of traffic signals in these boxes stay clear; see [`crate::signals`].
    pub fn set_signals(&mut self, signals: Vec<BoxPx>) {
        self.signals = signals;
    }

    /// The same, looking more or less often.
    #[must_use]
    pub fn with_looks(mut self, looks: Looks) -> Self {
        self.looks = looks;
        self
    }

    /// The same, which gives up once `stop` is set.
    #[must_use]
    pub fn stopped_by(mut self, stop: Arc<AtomicBool>) -> Self {
        self.stop = stop;
        self
    }

    /// Name and SHA-256 of each detector.
    #[must_use]
    pub fn models(&self) -> Vec<(String, String)> {
        let faces = self.faces.as_ref().map(FaceDetector::model);
        let outliner = self.outliner.as_ref().map(Outliner::model);
        let all = std::iter::once(self.detector.model()).chain(faces).chain(outliner);
        all.map(|model| (model.name.clone(), model.sha256.clone())).collect()
    }

    /// Whether faces are looked for.
    #[must_use]
    pub fn sees_faces(&self) -> bool {
        self.faces.is_some()
    }

    /// Whether the offending vehicle's outline is looked for.
    #[must_use]
    pub fn sees_outlines(&self) -> bool {
        self.outliner.is_some()
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Road users anywhere in the picture.
    pub(crate) fn road_users(
        &mut self,
        picture: &Picture,
    ) -> Result<Vec<Detection>, InferenceError> {
        let size = (picture.width, picture.height);
        if self.regions.0 != size {
            self.regions = (size, tiles(size.0, size.1, self.detector.input_px()));
        }
        self.detector.detect(picture, &self.regions.1)
    }

    /// Faces in a part of the picture. Where there is no detector, or nothing of the part in the picture, nobody looked.
    pub(crate) fn faces(
        &mut self,
        picture: &Picture,
        part: &BoxPx,
    ) -> Result<Look<BoxPx>, InferenceError> {
        let Some(faces) = &mut self.faces else { return Ok(Look::NotLooked) };
        let Some(part) = PixelRect::covering(part, picture.width, picture.height) else {
            return Ok(Look::NotLooked);
        };
        let found = faces.find(picture, part)?;
        Ok(Look::Saw(found.into_iter().map(|face| face.box_px).collect()))
    }

    /// Which pixels around the offending vehicle are its; none without a model for it.
    pub(crate) fn outline(
        &mut self,
        picture: &Picture,
        own: &BoxPx,
    ) -> Result<Option<Outline>, InferenceError> {
        let Some(outliner) = &mut self.outliner else { return Ok(None) };
        Ok(outliner.look(picture, own)?.and_then(outline))
    }
}

/// What the model said, as the policy takes it.
#[must_use]
pub fn outline(shares: OutlineShares) -> Option<Outline> {
    let OutlineShares { rect, columns, rows, own, other } = shares;
    Outline::new(rect, (columns, rows), own, other)
}
