//! What the engine says becomes an error of ours, a panic included: `qdrant-edge` panics where a flush
//! fails.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use qdrant_edge::OperationError;

use crate::error::IndexError;

/// Runs a call of the engine.
pub(super) fn engine<T>(
    dir: &Path,
    doing: &'static str,
    call: impl FnOnce() -> Result<T, OperationError>,
) -> Result<T, IndexError> {
    guarded(call).map_err(|cause| IndexError::Engine { dir: dir.to_owned(), doing, cause })
}

/// Runs a call of the engine, and gives what it said.
pub(super) fn guarded<T>(call: impl FnOnce() -> Result<T, OperationError>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(error.to_string()),
        Err(panic) => Err(panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
            .unwrap_or_else(|| "it panicked".to_owned())),
    }
}
