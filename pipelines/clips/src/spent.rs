//! Where the time of a redaction goes.

use std::time::{Duration, Instant};

/// Time spent on one clip, by part. Decoding runs beside the rest: what is counted is how long it was
/// waited for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Waiting for decoded pictures, both passes.
    pub decode: Duration,
    /// Looking for road users.
    pub detect: Duration,
    /// Looking for faces in the offending vehicle.
    pub faces: Duration,
    /// Telling the offending vehicle's pixels from others'.
    pub outline: Duration,
    /// Learning the background and deciding what is hidden.
    pub learn: Duration,
    /// Hiding it.
    pub hide: Duration,
    /// Encoding clip and stills.
    pub encode: Duration,
    /// Frames of the clip.
    pub frames: u32,
    /// Frames in which road users were looked for.
    pub looks: u32,
}

impl Spent {
    /// Everything together.
    #[must_use]
    pub fn total(&self) -> Duration {
        self.decode + self.detect + self.faces + self.outline + self.learn + self.hide + self.encode
    }
}

/// Adds the time that `work` takes.
pub(crate) fn timed<T>(sum: &mut Duration, work: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let done = work();
    *sum += began.elapsed();
    done
}
