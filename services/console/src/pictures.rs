//! Where the console gets pictures of cameras.

use bytes::Bytes;
use wayside_proto::{CameraId, EventTime, SiteId};

/// A redacted picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The picture as JPEG: people, faces and plates cannot be made out in it.
    pub jpeg: Bytes,
    /// Capture instant of its frame.
    pub time: EventTime,
}

/// Why there is no picture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPicture {
    /// The camera is not one of this source.
    #[error("no worker tells of this camera")]
    Unknown,
    /// There is none now: the stream is gone, the camera stands down, what must be hidden cannot be hidden for
    /// certain. One sentence for a person.
    #[error("{0}")]
    NotNow(String),
    /// The worker cannot be asked. One sentence for a person.
    #[error("{0}")]
    Away(String),
}

/// Gives pictures of cameras, redacted.
pub trait Pictures: Send + Sync + std::fmt::Debug {
    /// The newest picture of a camera. May wait for a second or two; it is asked on a thread that may.
    ///
    /// # Errors
    /// Why there is none.
    fn newest(&self, site: &SiteId, camera: &CameraId) -> Result<Picture, NoPicture>;
}
