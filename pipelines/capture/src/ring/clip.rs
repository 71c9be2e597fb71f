//! What a cut gives.

use wayside_proto::EventTime;

use crate::CaptureError;

/// A playable file in memory. **Not redacted** (PV-1): decode and redact it before anything is
/// written or sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Clip {
    /// The file.
    pub bytes: Vec<u8>,
    /// Event time of its first picture.
    pub from: EventTime,
    /// Event time of its last picture.
    pub to: EventTime,
    /// Pictures in it.
    pub frames: usize,
    /// Event time of each picture, in the order in which they are shown.
    pub times: Vec<EventTime>,
    /// `mp4` or `matroska`.
    pub container: &'static str,
    /// Name of the codec, such as H.264.
    pub codec: String,
}

impl std::fmt::Debug for Clip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Clip")
            .field("bytes", &self.bytes.len())
            .field("from", &self.from)
            .field("to", &self.to)
            .field("frames", &self.frames)
            .field("container", &self.container)
            .field("codec", &self.codec)
            .finish()
    }
}

/// Why nothing could be cut.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CutError {
    /// The ring holds nothing.
    #[error("the evidence ring is empty: no key frame has come since the camera connected")]
    Empty,
    /// The end lies before the beginning.
    #[error("a cut from {from} to {to} runs backwards")]
    Backwards {
        /// Beginning asked for.
        from: EventTime,
        /// End asked for.
        to: EventTime,
    },
    /// The ring no longer reaches back so far.
    #[error(
        "the evidence ring reaches back to {oldest}, not to {from}. Raise `evidence_window_s`, or its bound on memory where that is what it ran into."
    )]
    TooOld {
        /// Beginning asked for.
        from: EventTime,
        /// From when on there is something.
        oldest: EventTime,
    },
    /// The camera has not come so far.
    #[error("the evidence ring ends at {newest}, before {from}. Cut later, or look for a gap.")]
    NotYet {
        /// Beginning asked for.
        from: EventTime,
        /// Newest picture.
        newest: EventTime,
    },
    /// GStreamer did not make a file of it.
    #[error("the clip from {from} could not be made: {cause}")]
    Mux {
        /// Event time of its first picture.
        from: EventTime,
        /// What it said.
        cause: String,
    },
    /// GStreamer or one of its elements is missing.
    #[error(transparent)]
    Missing(#[from] CaptureError),
}
