//! The evidence service's store, as review reads it.

use std::sync::Arc;

use wayside_evidence::Store;
use wayside_review::PackageStore;

/// Packages of this store.
#[derive(Debug)]
pub(super) struct Stored(pub(super) Arc<Store>);

impl PackageStore for Stored {
    fn get(&self, uri: &str, bytes_max: u64) -> Result<Option<Vec<u8>>, String> {
        self.0.get(uri, bytes_max).map_err(|error| error.to_string())
    }
}
