//! Why nothing could be read. No message has anything of a plate in it.

use wayside_inference::InferenceError;
use wayside_package::Problem;

/// Why a package's plate could not be read. That none was found is no error.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A still is no picture, or too large.
    #[error("{part}: the still cannot be decoded: {cause}")]
    Still {
        /// The part's name.
        part: &'static str,
        /// What the decoder said.
        cause: String,
    },
    /// A part of the package does not say where the vehicle is.
    #[error("the package does not say where the vehicle is: {0}")]
    Package(Problem),
    /// The recogniser failed.
    #[error("{}", .0.report())]
    Inference(InferenceError),
}

impl From<InferenceError> for ReadError {
    fn from(error: InferenceError) -> Self {
        Self::Inference(error)
    }
}
