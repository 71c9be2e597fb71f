//! Runs a model of any task on a grey picture: to see that it runs, and how fast.

use std::time::{Duration, Instant};

use ort::session::Session;
use ort::value::TensorRef;

use super::model::{open_model, unusable};
use super::{Provider, Runtime};
use crate::manifest::Model;
use crate::store::ModelFile;
use crate::{ErrorKind, InferenceError};

/// What a free height or width of the input becomes.
const SIDE_PX: usize = 64;

/// The most values that go in.
const VALUES_MAX: usize = 1 << 28;

/// An open model with a grey input, for one thread. Says nothing of what the model is good for.
pub struct Trial {
    session: Session,
    name: String,
    shape: Vec<usize>,
    input: Vec<f32>,
    provider: Provider,
    fallback: Option<String>,
}

impl Trial {
    /// Opens a model on the processor, with one thread, and holds its tensors against the manifest.
    ///
    /// # Errors
    /// A file that cannot be read or is no ONNX model; tensors that differ from the manifest.
    pub fn open(
        runtime: &Runtime,
        model: &Model,
        file: impl Into<ModelFile>,
    ) -> Result<Self, InferenceError> {
        Self::open_on(runtime, model, file, Provider::Cpu, 1)
    }

    /// The same on this provider, with `batch` pictures at a time where the file leaves their number
    /// free. Where the provider cannot be opened the processor takes its place, and
    /// [`Self::fallback`] says why.
    ///
    /// # Errors
    /// As for [`Self::open`]; a batch that makes the input too large.
    pub fn open_on(
        runtime: &Runtime,
        model: &Model,
        file: impl Into<ModelFile>,
        provider: Provider,
        batch: usize,
    ) -> Result<Self, InferenceError> {
        let file = file.into();
        let opened = open_model(runtime, model, &file, provider, 1)?;
        // Where the file leaves an extent free, the manifest may say it.
        let extents = opened.input_shape.iter().zip(&model.input.shape).enumerate();
        let shape: Vec<usize> = extents
            .map(|(index, (&found, &wanted))| match usize::try_from(found.max(wanted)) {
                Ok(extent) => extent,
                Err(_) if index == 0 => batch.max(1),
                Err(_) => SIDE_PX,
            })
            .collect();
        let values = shape.iter().try_fold(1_usize, |all, &extent| all.checked_mul(extent));
        let Some(values) = values.filter(|&values| values <= VALUES_MAX) else {
            return Err(unusable(model, &file).because(format!("its input {shape:?} is too large")));
        };
        let [low, high] = model.input.range;
        let grey = (low + high) / 2.0;
        let name = model.name.clone();
        let (provider, fallback) = (opened.provider, opened.fallback);
        let input = vec![grey; values];
        Ok(Self { session: opened.session, name, shape, input, provider, fallback })
    }

    /// What really runs it.
    #[must_use]
    pub fn provider(&self) -> Provider {
        self.provider
    }

    /// Why the processor runs it although another provider was asked for.
    #[must_use]
    pub fn fallback(&self) -> Option<&str> {
        self.fallback.as_deref()
    }

    /// Extents of what goes in; the first is the batch.
    #[must_use]
    pub fn input_shape(&self) -> &[usize] {
        &self.shape
    }

    /// Runs it once, and says how long that took.
    ///
    /// # Errors
    /// The model fails, or gives numbers that are none.
    pub fn run(&mut self) -> Result<Duration, InferenceError> {
        let problem = format!("the model {} failed on a grey picture", self.name);
        let failed = |cause: &dyn std::fmt::Display| {
            InferenceError::new(ErrorKind::Inference, problem.clone()).because(cause)
        };
        let tensor = TensorRef::from_array_view((&self.shape[..], &self.input[..]))
            .map_err(|error| failed(&error.message()))?;
        let began = Instant::now();
        let outputs =
            self.session.run(ort::inputs![tensor]).map_err(|error| failed(&error.message()))?;
        let took = began.elapsed();
        for (name, output) in outputs.iter() {
            let (_, data) =
                output.try_extract_tensor::<f32>().map_err(|error| failed(&error.message()))?;
            if !data.iter().all(|value| value.is_finite()) {
                return Err(failed(&format!("its output `{name}` has values that are no numbers")));
            }
        }
        Ok(took)
    }
}
