//! Opens a store by its address.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use object_store::prefix::PrefixStore;
use tokio::runtime::{Builder, Runtime};

use super::s3::{self, S3Options};
use super::{Store, StoreError, StoreFault};

/// How long one call may take, the client's own retries included.
const CALL_MAX: Duration = Duration::from_secs(90);

impl Store {
    /// Opens a directory, which is made where it does not exist, or `s3://BUCKET[/PREFIX]` with what
    /// `s3` says.
    ///
    /// # Errors
    /// Where the address is none, the directory cannot be made, or the options are not whole. Whether a
    /// bucket answers is seen with the first call.
    pub fn open(place: &str, s3: &S3Options) -> Result<Self, StoreError> {
        let refused = |cause: String| StoreError {
            doing: "opened",
            uri: String::new(),
            place: place.to_owned(),
            fault: StoreFault::Refused,
            cause,
        };
        let inner: Arc<dyn ObjectStore> = match place.split_once("://") {
            Some(("s3", rest)) => {
                let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
                let store = s3::open(bucket, s3).map_err(&refused)?;
                let prefix = prefix.trim_matches('/');
                if prefix.is_empty() {
                    Arc::new(store)
                } else {
                    Arc::new(PrefixStore::new(store, prefix))
                }
            }
            Some((scheme, _)) => {
                let cause = format!("{scheme:?} is no kind of store; a directory or s3:// is");
                return Err(refused(cause));
            }
            None => {
                let dir = PathBuf::from(place);
                let failed = |error: &dyn std::fmt::Display| refused(error.to_string());
                std::fs::create_dir_all(&dir).map_err(|error| failed(&error))?;
                let local = LocalFileSystem::new_with_prefix(&dir)
                    .map_err(|error| failed(&error))?
                    .with_fsync(true);
                Arc::new(local)
            }
        };
        let runtime = runtime().map_err(|error| refused(error.to_string()))?;
        Ok(Self { inner, runtime, place: place.to_owned(), call_max: CALL_MAX })
    }
}

fn runtime() -> std::io::Result<Runtime> {
    Builder::new_multi_thread()
        .worker_threads(1)
        .max_blocking_threads(4)
        .thread_name("store")
        .enable_all()
        .build()
}
