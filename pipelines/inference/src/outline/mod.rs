//! Tells which pixels around one vehicle are that vehicle, and which are of other road users.
//!
//! It only says which pixels to hide. Deliberately absent: a class for people (they are *others*, as other vehicles are),
//! and any number about a person (PV-3).

mod open;
mod window;

use ort::session::Session;
use ort::value::TensorRef;
use wayside_picture::{Picture, PixelRect, Scaler};
use wayside_proto::BoxPx;

use self::window::Window;
use crate::manifest::Model;
use crate::store::ModelFile;
use crate::{ErrorKind, InferenceError, RunOptions, Runtime};

/// What takes the place of what lies beyond the picture.
const PAD: f32 = 114.0;

/// Kinds that the model tells apart, in the order of its output.
const KINDS: usize = 3;
const OWN: usize = 1;
const OTHER: usize = 2;

/// Shares are kept in steps of 1/64, in which the last bits of kernels hardly show.
const STEPS: f32 = 64.0;

/// For each pixel of a part of a picture, how surely it is the vehicle's, and how surely another road user's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlineShares {
    /// The part of the picture.
    pub rect: PixelRect,
    /// Pixels of the result across that part.
    pub columns: usize,
    /// The same down it.
    pub rows: usize,
    /// How surely the vehicle's, row by row: 0 to 255.
    pub own: Vec<u8>,
    /// How surely another road user's, or of the vehicle's own rider: 0 to 255.
    pub other: Vec<u8>,
}

/// An open model of outlines: one session and its buffers, for one thread.
pub struct Outliner {
    session: Session,
    model: Model,
    side_px: u32,
    scaler: Scaler,
    input: Vec<f32>,
    part: Vec<f32>,
}

impl Outliner {
    /// Opens the model in `file`, which the manifest describes as `model`.
    ///
    /// # Errors
    /// A file that is missing, empty or no ONNX model; tensors that differ from the manifest; a model for another
    /// task, or whose input or output is of another kind.
    pub fn open(
        runtime: &Runtime,
        model: &Model,
        file: &ModelFile,
        options: RunOptions,
    ) -> Result<Self, InferenceError> {
        open::open(runtime, model, file, options)
    }

    /// Looks at the vehicle in `box_px` and a fifth of it around. None where nothing of that is in the picture.
    ///
    /// # Errors
    /// A failure of the runtime, or a model that gives what is no number.
    pub fn look(
        &mut self,
        picture: &Picture,
        box_px: &BoxPx,
    ) -> Result<Option<OutlineShares>, InferenceError> {
        let (name, side) = (&self.model.name, self.side_px as usize);
        let failed = |cause: &dyn std::fmt::Display| failed_run(name, cause);
        let Some(window) = Window::around(box_px, picture, self.side_px) else { return Ok(None) };
        let (columns, rows) = (window.columns as usize, window.rows as usize);
        let plane = side * side;
        self.input.clear();
        self.input.resize(KINDS * plane, PAD);
        self.part.clear();
        self.part.resize(3 * columns * rows, PAD);
        self.scaler
            .scale(picture, window.rect, window.columns, window.rows)
            .and_then(|part| {
                part.to_bgr_planar_f32(&mut self.part, window.columns, window.rows, PAD)
            })
            .map_err(|error| failed(&error))?;
        let lines = self.part.chunks_exact(columns).enumerate();
        for (at, line) in lines {
            let (colour, row) = (at / rows, at % rows);
            let start = colour * plane + (row + window.top as usize) * side + window.left as usize;
            if let Some(place) = self.input.get_mut(start..start + columns) {
                place.copy_from_slice(line);
            }
        }
        let ran = |error: ort::Error| failed(&error.message());
        let tensor =
            TensorRef::from_array_view(([1, 3, side, side], &self.input[..])).map_err(ran)?;
        let outputs = self.session.run(ort::inputs![tensor]).map_err(ran)?;
        let Some(output) = outputs.values().next() else {
            return Err(failed(&"it gave nothing"));
        };
        let (shape, data) = output.try_extract_tensor::<f32>().map_err(ran)?;
        if data.len() != KINDS * plane {
            let cause =
                format!("its output has the shape {shape}, not [1, {KINDS}, {side}, {side}]");
            return Err(failed(&cause));
        }
        if !data.iter().all(|share| share.is_finite()) {
            return Err(failed(&"some of its shares are no numbers"));
        }
        let kind = |kind: usize| {
            let rows = window.top as usize..window.top as usize + rows;
            rows.flat_map(|row| {
                let start = kind * plane + row * side + window.left as usize;
                data.iter().skip(start).take(columns).map(|share| step(*share))
            })
            .collect()
        };
        let (own, other) = (kind(OWN), kind(OTHER));
        Ok(Some(OutlineShares { rect: window.rect, columns, rows, own, other }))
    }

    /// The model, as the manifest describes it.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.model
    }
}

/// A share of 0 to 1 as 0 to 255, in steps of 1/64.
fn step(share: f32) -> u8 {
    ((share.clamp(0.0, 1.0) * STEPS).round() * (255.0 / STEPS)).round() as u8
}

fn failed_run(model: &str, cause: &dyn std::fmt::Display) -> InferenceError {
    InferenceError::new(ErrorKind::Inference, format!("the model {model} failed on a picture"))
        .because(cause)
}

#[cfg(test)]
mod tests;
