//! Where the pictures of a clip come from.

use wayside_capture::MemoryFile;
use wayside_capture::ring::Clip;
use wayside_proto::EventTime;

/// Pictures with capture instants, not redacted. They are read twice.
#[derive(Clone, Debug)]
pub enum Source {
    /// A recording.
    Recording {
        /// The file or sequence.
        source: wayside_capture::Source,
        /// Capture instant of its first frame: the site's start and the camera's offset.
        start: EventTime,
    },
    /// What was cut out of a camera's evidence ring; in memory only.
    Ring(Vec<Part>),
}

/// Pictures of one format.
#[derive(Clone, Debug)]
pub struct Part {
    pub(crate) file: MemoryFile,
    /// Capture instants in the order in which pictures are shown.
    pub(crate) times: Vec<EventTime>,
}

impl Source {
    /// A recording whose first frame was taken at `start`.
    #[must_use]
    pub fn recording(source: wayside_capture::Source, start: EventTime) -> Self {
        Self::Recording { source, start }
    }

    /// What the evidence ring of a camera gave.
    #[must_use]
    pub fn ring(camera: &str, clips: Vec<Clip>) -> Self {
        let part = |clip: Clip| {
            let name = format!("camera {camera}, evidence from {}", clip.from);
            Part { file: MemoryFile::new(name, clip.bytes), times: clip.times }
        };
        Self::Ring(clips.into_iter().map(part).collect())
    }
}
