//! What GStreamer's threads tell the reader.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::complaints::Listener;
use super::ledger::Ledger;

/// Written by the streaming threads, read by the reader.
#[derive(Debug, Default)]
pub(super) struct Shared {
    ledger: Mutex<Ledger>,
    seen: Mutex<Seen>,
}

/// What was found in the file so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// Whether a video stream is linked.
    pub(super) video: bool,
    /// Caps names of the streams that are no video.
    pub(super) others: Vec<String>,
    /// Whether every stream was announced.
    pub(super) complete: bool,
    /// Name of the video decoder's factory.
    pub(super) decoder: Option<String>,
    /// Caps name of what goes into it.
    pub(super) codec: Option<String>,
    /// A link that failed, which should never happen.
    pub(super) failure: Option<String>,
}

impl Shared {
    pub(super) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listener for Shared {
    fn complained(&self, text: &str) {
        self.ledger().complained(text);
    }
}
