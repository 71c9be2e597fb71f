//! Why there is no redacted clip.

use wayside_capture::CaptureError;
use wayside_inference::InferenceError;
use wayside_proto::{EventTime, EvidenceFailure};
use wayside_redaction::evidence::NotRedactable;

/// Which clip it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// Site and camera, `site/camera`.
    pub camera: String,
    /// First instant that was asked for.
    pub from: EventTime,
    /// Last instant that was asked for.
    pub to: EventTime,
}

impl std::fmt::Display for About {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "camera {}, {} to {}", self.camera, self.from, self.to)
    }
}

/// Why there is no redacted clip. There never is half of one.
#[derive(Debug, thiserror::Error)]
pub enum ClipError {
    /// More is asked for than one clip may hold.
    #[error("{about}: {cause}. {hint}.")]
    TooMuch {
        /// Which clip.
        about: About,
        /// What is too much.
        cause: String,
        /// What to do.
        hint: &'static str,
    },
    /// A frame could not be decoded.
    #[error("{about}: the pictures cannot be decoded: {cause}")]
    Decode {
        /// Which clip.
        about: About,
        /// What capture says.
        cause: Box<CaptureError>,
    },
    /// The pictures do not have the capture instants that were written down with them.
    #[error(
        "{about}: picture {index} has the time {found} in its file and {expected} in the evidence ring. The stream's time stamps are damaged."
    )]
    Times {
        /// Which clip.
        about: About,
        /// Number of the picture in its file, from 0.
        index: u64,
        /// The instant that the file gives.
        found: EventTime,
        /// The instant that was written down.
        expected: EventTime,
    },
    /// There is no picture where one is needed.
    #[error("{about}: {cause}. {hint}.")]
    NoPictures {
        /// Which clip.
        about: About,
        /// What is missing.
        cause: String,
        /// What to do.
        hint: &'static str,
    },
    /// A detector failed; without it nothing can be redacted.
    #[error("{about}: the picture at {time} cannot be redacted: {cause}")]
    Detector {
        /// Which clip.
        about: About,
        /// Which picture.
        time: EventTime,
        /// What the runtime says.
        cause: Box<InferenceError>,
    },
    /// The policy says that what must be hidden cannot be hidden for certain.
    #[error("{about}: {cause}")]
    NotRedactable {
        /// Which clip.
        about: About,
        /// What the policy says.
        cause: NotRedactable,
    },
    /// The redacted pictures could not be encoded.
    #[error("{about}: the redacted pictures cannot be encoded: {cause}. {hint}.")]
    Encode {
        /// Which clip.
        about: About,
        /// What went wrong.
        cause: String,
        /// What to do.
        hint: &'static str,
    },
    /// The worker is being stopped.
    #[error("{about}: the worker was stopped while it redacted")]
    Stopped {
        /// Which clip.
        about: About,
    },
}

impl ClipError {
    /// The cause in the words of the evidence topic.
    #[must_use]
    pub fn failure(&self) -> EvidenceFailure {
        match self {
            Self::NotRedactable { cause: NotRedactable::NoSubject, .. } => EvidenceFailure::NoTrack,
            Self::NotRedactable { .. } | Self::Detector { .. } | Self::TooMuch { .. } => {
                EvidenceFailure::NotRedactable
            }
            Self::Decode { .. }
            | Self::Times { .. }
            | Self::NoPictures { .. }
            | Self::Encode { .. } => EvidenceFailure::NoPictures,
            Self::Stopped { .. } => EvidenceFailure::WorkerGone,
        }
    }
}
