//! Turns motor vehicles in a picture into vectors, for sections (two cameras, one stretch of road).
//!
//! Deliberately absent: people and bicycles, which cannot be asked for ([`Vehicle`] has no variant
//! for them, PV-3); a search by picture; keeping vectors (they expire elsewhere, within minutes).

mod crop;
mod open;
mod vector;
mod vehicle;

use ort::session::Session;
use ort::value::TensorRef;
use wayside_picture::{Picture, Scaler};

use self::vector::DIMENSIONS;
pub use self::vector::Embedding;
pub use self::vehicle::{Refused, Vehicle};
use crate::manifest::Model;
use crate::runtime::options::Batch;
use crate::store::ModelFile;
use crate::{ErrorKind, InferenceError, Provider, RunOptions, Runtime};

/// An open embedder of motor vehicles: one session and its buffers, for one worker thread.
pub struct Embedder {
    session: Session,
    model: Model,
    provider: Provider,
    fallback: Option<String>,
    width_px: u32,
    height_px: u32,
    /// Vehicles in one run; what a fixed batch lacks stays grey.
    batch: Batch,
    scaler: Scaler,
    input: Vec<f32>,
}

/// The most vehicles in one run: bounds the memory.
const BATCH_MAX: usize = 16;

impl Embedder {
    /// Opens the model in `file`, which the manifest describes as `model`. The file's checksum is
    /// the store's affair.
    ///
    /// # Errors
    /// A file that is missing, empty or no ONNX model; tensors that differ from the manifest; a
    /// model for another task, or whose input is not BGR bytes stretched to a fixed size.
    pub fn open(
        runtime: &Runtime,
        model: &Model,
        file: &ModelFile,
        options: RunOptions,
    ) -> Result<Self, InferenceError> {
        open::open(runtime, model, file, options)
    }

    /// A vector for each vehicle, in their order, or why there is none.
    ///
    /// Only a motor vehicle can be asked for. This does not compile:
    ///
    /// ```compile_fail,E0308
    /// # fn f(embedder: &mut wayside_inference::Embedder, picture: &wayside_picture::Picture) {
    /// use wayside_inference::Vehicle;
    /// use wayside_proto::{BoxPx, RoadUserClass};
    /// let box_px = BoxPx { x0: 0.0, y0: 0.0, x1: 40.0, y1: 90.0 };
    /// let person = Vehicle { class: RoadUserClass::Person, box_px };
    /// # let _ = embedder.embed(picture, &[person]);
    /// # }
    /// ```
    ///
    /// while this does:
    ///
    /// ```
    /// # fn f(embedder: &mut wayside_inference::Embedder, picture: &wayside_picture::Picture) {
    /// use wayside_inference::Vehicle;
    /// use wayside_proto::{BoxPx, MotorVehicleClass};
    /// let box_px = BoxPx { x0: 0.0, y0: 0.0, x1: 40.0, y1: 90.0 };
    /// let car = Vehicle { class: MotorVehicleClass::Car, box_px };
    /// # let _ = embedder.embed(picture, &[car]);
    /// # }
    /// ```
    ///
    /// A motorcycle is blanked over the upper part of its box, where its rider sits, before the
    /// model sees it.
    ///
    /// # Errors
    /// A failure of the runtime, or a model that gives numbers of no direction.
    pub fn embed(
        &mut self,
        picture: &Picture,
        vehicles: &[Vehicle],
    ) -> Result<Vec<Result<Embedding, Refused>>, InferenceError> {
        let mut accepted = Vec::with_capacity(vehicles.len());
        let mut answers = Vec::with_capacity(vehicles.len());
        for vehicle in vehicles {
            match vehicle.source(picture) {
                Ok(source) => {
                    accepted.push((answers.len(), source));
                    // Overwritten below; a run that fails ends the call.
                    answers.push(Err(Refused::Outside));
                }
                Err(refused) => answers.push(Err(refused)),
            }
        }
        for chunk in accepted.chunks(self.batch.per_run()) {
            let sources: Vec<_> = chunk.iter().map(|&(_, source)| source).collect();
            let vectors = self.run(picture, &sources)?;
            for (&(place, _), vector) in chunk.iter().zip(vectors) {
                answers[place] = Ok(vector);
            }
        }
        Ok(answers)
    }

    /// The model, as the manifest describes it.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// What really runs the model.
    #[must_use]
    pub fn provider(&self) -> Provider {
        self.provider
    }

    /// Why the processor runs the model although another provider was asked for.
    #[must_use]
    pub fn fallback(&self) -> Option<&str> {
        self.fallback.as_deref()
    }

    /// Fills the input with these crops, runs the model, and reads a vector for each.
    fn run(
        &mut self,
        picture: &Picture,
        sources: &[crop::Source],
    ) -> Result<Vec<Embedding>, InferenceError> {
        let (width, height) = (self.width_px, self.height_px);
        let values = 3 * width as usize * height as usize;
        let slots = self.batch.slots(sources.len());
        self.input.clear();
        self.input.resize(slots * values, crop::BLANK);
        let failed = |cause: &dyn std::fmt::Display| failed_run(&self.model.name, cause);
        for (slot, source) in self.input.chunks_exact_mut(values).zip(sources) {
            source
                .fill(&mut self.scaler, picture, slot, (width, height))
                .map_err(|error| failed(&error))?;
        }
        let shape = [slots, 3, height as usize, width as usize];
        let tensor = TensorRef::from_array_view((shape, &self.input[..]))
            .map_err(|error| failed(&error.message()))?;
        let outputs =
            self.session.run(ort::inputs![tensor]).map_err(|error| failed(&error.message()))?;
        let Some(output) = outputs.values().next() else {
            return Err(failed(&"it gave nothing"));
        };
        let (shape, data) =
            output.try_extract_tensor::<f32>().map_err(|error| failed(&error.message()))?;
        let as_announced = matches!(shape[..], [n, d]
            if usize::try_from(n) == Ok(slots) && usize::try_from(d) == Ok(DIMENSIONS));
        if !as_announced || data.len() != slots * DIMENSIONS {
            let cause = format!("its output has the shape {shape}, not [{slots}, {DIMENSIONS}]");
            return Err(failed(&cause));
        }
        let rows = data.chunks_exact(DIMENSIONS).take(sources.len());
        rows.map(|row| {
            Embedding::of(row).ok_or_else(|| {
                failed(&"its numbers for one vehicle have no direction (all 0, or not numbers)")
            })
        })
        .collect()
    }
}

fn failed_run(model: &str, cause: &dyn std::fmt::Display) -> InferenceError {
    InferenceError::new(ErrorKind::Inference, format!("the model {model} failed on a picture"))
        .because(cause)
}

#[cfg(test)]
mod tests;
