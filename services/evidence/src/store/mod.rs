//! Where packages are kept: a directory, or a bucket of an S3-compatible store. One trait fits both
//! (`object_store`), and so does one suite of tests.
//!
//! Objects are written once and never changed: [`Store::put_new`] stores where nothing is, else says
//! that something is. All that the chain of a site promises rests on that.

mod error;
mod open;
mod s3;

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use object_store::path::Path;
use object_store::{
    Error as ObjectError, GetOptions, ObjectStore, ObjectStoreExt as _, PutMode, PutOptions,
    PutPayload,
};
use tokio::runtime::Runtime;
use wayside_proto::EventTime;

pub use error::{StoreError, StoreFault};
pub use s3::S3Options;

/// Objects of one listing.
pub const LIST_MAX: usize = 1_000_000;

/// A directory or a bucket. Its calls wait: none may be made from within an asynchronous task.
pub struct Store {
    inner: Arc<dyn ObjectStore>,
    /// Drives the client; none of its threads outlives the store.
    runtime: Runtime,
    place: String,
    /// How long one call may take, its own retries included.
    call_max: Duration,
}

/// What became of an object that was to be new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It is stored, durably.
    Stored,
    /// Another is there already; it was left as it is.
    Exists,
}

/// An object of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Path below the store, with `/` between its parts.
    pub uri: String,
    /// Bytes.
    pub size_bytes: u64,
    /// When it was stored, by the clock of the store.
    pub stored_at: EventTime,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("place", &self.place).finish_non_exhaustive()
    }
}

impl Store {
    /// Where it is, for messages. No secret is in it.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Stores bytes where nothing is. `Stored` comes when they are durable: of a file and its directory
    /// when both are synchronised.
    ///
    /// # Errors
    /// Where the store refuses or cannot be reached in time.
    pub fn put_new(&self, uri: &str, bytes: Vec<u8>) -> Result<Put, StoreError> {
        let path = self.path(uri)?;
        let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        let payload = PutPayload::from(bytes);
        let put =
            self.call("stored", uri, async { self.inner.put_opts(&path, payload, options).await });
        match put {
            Ok(_) => Ok(Put::Stored),
            Err(error) if error.fault == StoreFault::Exists => Ok(Put::Exists),
            Err(error) => Err(error),
        }
    }

    /// The bytes of an object; none where it is not there.
    ///
    /// # Errors
    /// Where it has more than `bytes_max`, or the store cannot be reached in time.
    pub fn get(&self, uri: &str, bytes_max: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let path = self.path(uri)?;
        let got = self.call("read", uri, async {
            let found = self.inner.get_opts(&path, GetOptions::default()).await?;
            let size = found.meta.size;
            if size > bytes_max {
                return Ok(Err(size));
            }
            let bytes = found.bytes().await?;
            Ok(Ok(bytes.to_vec()))
        });
        match got {
            Ok(Ok(bytes)) => Ok(Some(bytes)),
            Ok(Err(found)) => {
                let fault = StoreFault::TooLarge { found, max: bytes_max };
                Err(self.error("read", uri, fault, String::new()))
            }
            Err(error) if error.fault == StoreFault::Absent => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether an object is there, and how large.
    ///
    /// # Errors
    /// Where the store cannot be reached in time.
    pub fn head(&self, uri: &str) -> Result<Option<Object>, StoreError> {
        let path = self.path(uri)?;
        match self.call("looked for", uri, async { self.inner.head(&path).await }) {
            Ok(meta) => Ok(Some(object(&meta))),
            Err(error) if error.fault == StoreFault::Absent => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Deletes an object. That it is not there is no error.
    ///
    /// # Errors
    /// Where the store refuses or cannot be reached in time.
    pub fn delete(&self, uri: &str) -> Result<(), StoreError> {
        let path = self.path(uri)?;
        match self.call("deleted", uri, async { self.inner.delete(&path).await }) {
            Err(error) if error.fault != StoreFault::Absent => Err(error),
            _ => Ok(()),
        }
    }

    /// The objects below a folder and its folders, in order of their paths.
    ///
    /// # Errors
    /// Where there are more than [`LIST_MAX`], or the store cannot be reached in time.
    pub fn list(&self, folder: &str) -> Result<Vec<Object>, StoreError> {
        let path = if folder.is_empty() { None } else { Some(self.path(folder)?) };
        let listed = self.call("listed", folder, async {
            let mut objects = Vec::new();
            let mut found = self.inner.list(path.as_ref());
            while let Some(meta) = found.next().await {
                if objects.len() >= LIST_MAX {
                    return Ok(None);
                }
                objects.push(object(&meta?));
            }
            Ok(Some(objects))
        })?;
        let too_many = StoreFault::TooLarge { found: LIST_MAX as u64 + 1, max: LIST_MAX as u64 };
        let mut objects =
            listed.ok_or_else(|| self.error("listed", folder, too_many, String::new()))?;
        objects.sort_by(|a, b| a.uri.cmp(&b.uri));
        Ok(objects)
    }

    fn path(&self, uri: &str) -> Result<Path, StoreError> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_' || c == '.';
        let is_name =
            |part: &str| !part.is_empty() && !part.starts_with('.') && part.chars().all(plain);
        if !uri.split('/').all(is_name) {
            let cause = "it is no path of letters, digits, `-`, `_` and `.`".to_owned();
            return Err(self.error("used", uri, StoreFault::Refused, cause));
        }
        Path::parse(uri)
            .map_err(|error| self.error("used", uri, StoreFault::Refused, error.to_string()))
    }

    fn call<T>(
        &self,
        doing: &'static str,
        uri: &str,
        future: impl Future<Output = Result<T, ObjectError>>,
    ) -> Result<T, StoreError> {
        let done = self
            .runtime
            .block_on(async { tokio::time::timeout(self.call_max, future).await })
            .map_err(|_| {
                let cause = format!("it took longer than {} s", self.call_max.as_secs());
                self.error(doing, uri, StoreFault::Unreachable, cause)
            })?;
        done.map_err(|error| self.error(doing, uri, StoreFault::of(&error), error::cause(&error)))
    }

    fn error(
        &self,
        doing: &'static str,
        uri: &str,
        fault: StoreFault,
        cause: String,
    ) -> StoreError {
        let (uri, place) = (uri.chars().take(200).collect(), self.place.clone());
        StoreError { doing, uri, place, fault, cause }
    }
}

fn object(meta: &object_store::ObjectMeta) -> Object {
    Object {
        uri: meta.location.to_string(),
        size_bytes: meta.size,
        stored_at: EventTime(meta.last_modified.timestamp_micros()),
    }
}
