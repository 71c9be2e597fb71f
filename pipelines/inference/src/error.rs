//! What can go wrong between a picture and its detections, with what to do about it.

use std::fmt;

/// A failure of the runtime, the manifest, a model file or an inference.
///
/// `Display` gives one sentence; [`InferenceError::cause`] and [`InferenceError::hint`] complete it,
/// and [`InferenceError::report`] shows all three.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct InferenceError {
    kind: ErrorKind,
    problem: String,
    cause: Option<String>,
    hint: Option<String>,
}

/// Which part failed, for exit codes and for tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No ONNX Runtime library, or one that cannot be used.
    Runtime,
    /// The manifest of models.
    Manifest,
    /// A model file is nowhere to be had.
    ModelMissing,
    /// A model file is not the one of the manifest.
    ModelChecksum,
    /// A model cannot be read, or its tensors are not those of the manifest.
    ModelUnusable,
    /// A download failed.
    Download,
    /// Reading or writing a file failed.
    Io,
    /// The model ran and failed, or gave tensors of another shape.
    Inference,
}

impl InferenceError {
    pub(crate) fn new(kind: ErrorKind, problem: impl Into<String>) -> Self {
        Self { kind, problem: problem.into(), cause: None, hint: None }
    }

    pub(crate) fn because(mut self, cause: impl fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    pub(crate) fn hint_at(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Which part failed.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What lies behind it, in the words of the library or the system.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// What to do.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// Problem, cause and hint, a line each.
    #[must_use]
    pub fn report(&self) -> String {
        let mut text = self.problem.clone();
        for (name, part) in [("cause", &self.cause), ("hint", &self.hint)] {
            if let Some(part) = part {
                text.push_str(&format!("\n  {name}: {part}"));
            }
        }
        text
    }
}

impl fmt::Display for InferenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem)
    }
}
