//! How a model runs: on what, with how many threads, and how many pictures at a time.

use super::Provider;
use super::model::{OpenModel, unusable};
use crate::InferenceError;
use crate::manifest::Model;
use crate::store::ModelFile;

/// How a detector or an embedder runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunOptions {
    /// What runs the model. Where it cannot be opened the processor does, and the detector's or
    /// embedder's `fallback` says why.
    pub provider: Provider,
    /// Threads within one operator. More than one changes neither the result nor, on a core with
    /// two hyperthreads, the speed.
    pub intra_threads: usize,
}

impl Default for RunOptions {
    fn default() -> Self {
        Self { provider: Provider::Cpu, intra_threads: 1 }
    }
}

/// The most that a model with a fixed batch may ask for.
const FIXED_MAX: i64 = 64;

/// How many pictures a model takes in one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Batch {
    /// Exactly so many; what is missing stays grey.
    Fixed(usize),
    /// As many as there are, up to this.
    Free(usize),
}

impl Batch {
    /// What the opened file says; `free_max` bounds the memory where it leaves the number free.
    pub(crate) fn of(
        opened: &OpenModel,
        free_max: usize,
        model: &Model,
        file: &ModelFile,
    ) -> Result<Self, InferenceError> {
        match opened.input_shape.first() {
            Some(&-1) => Ok(Self::Free(free_max)),
            Some(&count @ 1..=FIXED_MAX) => Ok(Self::Fixed(count as usize)),
            other => {
                let cause = format!("input: a batch of {other:?} is not from 1 to {FIXED_MAX}");
                Err(unusable(model, file).because(cause))
            }
        }
    }

    /// The most pictures of one run, at least 1.
    pub(crate) fn per_run(self) -> usize {
        let (Self::Fixed(count) | Self::Free(count)) = self;
        count.max(1)
    }

    /// Places of the input for so many pictures.
    pub(crate) fn slots(self, pictures: usize) -> usize {
        match self {
            Self::Fixed(count) => count,
            Self::Free(_) => pictures,
        }
    }
}
