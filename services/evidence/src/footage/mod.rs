//! Where redacted pictures come from: the worker that holds the camera's ring, a recording, or the
//! worker of this very process. What comes is redacted already (PV-1).

mod http;
mod pace;
mod picture;

pub use http::{HttpFootage, Token};
pub use pace::Pace;
pub use picture::PictureError;
use wayside_proto::{ClipRequest, EvidenceFailure, RedactedClip};

/// Gives the redacted pictures around one violation.
pub trait Footage: Send + Sync {
    /// The pictures that are asked for. `worker` is the address that the worker of the camera's run has
    /// told of itself, where it has.
    ///
    /// # Errors
    /// Where there are none now, or never will be.
    fn fetch(
        &self,
        request: &ClipRequest,
        worker: Option<&str>,
    ) -> Result<RedactedClip, FootageError>;
}

/// Why there are no pictures.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct FootageError {
    /// What is recorded where it stays so.
    pub cause: EvidenceFailure,
    /// Whether another try may do.
    pub passes: bool,
    /// One sentence for a person.
    pub detail: String,
}

impl FootageError {
    /// It may do later.
    #[must_use]
    pub fn passing(cause: EvidenceFailure, detail: impl Into<String>) -> Self {
        Self { cause, passes: true, detail: detail.into() }
    }

    /// It never will.
    #[must_use]
    pub fn lasting(cause: EvidenceFailure, detail: impl Into<String>) -> Self {
        Self { cause, passes: false, detail: detail.into() }
    }
}
