//! Pictures of the worker in this very process.

use std::sync::Arc;

use wayside_evidence::{Footage, FootageError};
use wayside_ingest::live::{Clips, Refused};
use wayside_proto::{ClipRequest, EvidenceFailure, RedactedClip};

struct Own(Clips);

/// The redaction of this process.
pub(crate) fn own_worker(clips: Clips) -> Arc<dyn Footage> {
    Arc::new(Own(clips))
}

impl Footage for Own {
    fn fetch(&self, request: &ClipRequest, _: Option<&str>) -> Result<RedactedClip, FootageError> {
        self.0.ask(request).map_err(|refused| {
            let said = refused.to_string();
            match refused {
                Refused::Failed(cause, detail) => FootageError::lasting(cause, detail),
                Refused::Busy => FootageError::passing(EvidenceFailure::WorkerGone, said),
                Refused::NotYet(_) => FootageError::passing(EvidenceFailure::NoPictures, said),
            }
        })
    }
}
