//! Short-lived vectors of vehicles that pass an end of a section: Qdrant, embedded or as a server.
//!
//! A [`Point`] is one passage: which section and end, when, the class of the vehicle, a key by which
//! the caller finds the passage again, and the embedding of its appearance. [`Index::search`] finds
//! the passages of one end of one section in one window of time that look most alike.
//! [`Index::delete_before`] takes away what has expired and counts it exactly, for the receipt (PV-2).
//!
//! One trait, two implementations, one suite of tests (`tests/contract`): `EdgeIndex` (feature `edge`)
//! keeps the points in a directory of this process, `ServerIndex` (feature `server`) in a Qdrant server.
//! Both give the same hits: candidates come from the engine, similarities are computed here in
//! double precision from the stored vectors (`rank`), so that no instruction set and no order of
//! summation shows. No graph is built; every search is exact.
//!
//! Feature `shim` adds a server that speaks Qdrant's protocol over the embedded engine, for tests.
//!
//! Deliberately absent, because of the boundary: a search without section, end and window of time; a
//! search by picture or by plate; a point without expiry, or one that is kept for more than
//! [`RETENTION_US_MAX`]; a way to read a vector back; a subject that is no motor vehicle (the type of
//! [`Point::class`] has no variant for a person). Absent, too: the wall clock (times are event
//! times, and the caller says what has expired), chance, the receipts themselves.

mod error;
mod limits;
mod rank;
mod room;
mod types;

#[cfg(feature = "edge")]
mod edge;
#[cfg(feature = "server")]
mod server;
#[cfg(feature = "shim")]
pub mod shim;

#[cfg(feature = "edge")]
pub use edge::{EdgeIndex, EdgeOptions};
pub use error::IndexError;
pub use limits::{
    DIMENSION_MAX, KEY_BYTES_MAX, LIMIT_MAX, POINTS_MAX, QUERIES_MAX, RETENTION_US_MAX,
    SECTION_BYTES_MAX, TIME_US_MAX, UPSERT_POINTS_MAX, WINDOW_US_MAX,
};
#[cfg(feature = "server")]
pub use server::{ServerIndex, ServerOptions};
pub use types::{Deleted, End, Hit, Maintained, Point, PointId, Query};

/// A vector index of passages. Calls block the thread; any number of threads may call at once.
///
/// One process at a time may write and delete the points of a section: counts of deletions are
/// exact only then. The partition of the bus on which a section lies gives it one owner.
pub trait Index: Send + Sync {
    /// Stores points, or replaces those with the same id. Of two points with one id in a batch the
    /// later one counts. All are visible when the call returns. The embedded index has them on disk
    /// after the next [`Index::maintain`].
    ///
    /// # Errors
    /// [`IndexError::Point`] and [`IndexError::Batch`] before anything is stored;
    /// [`IndexError::Full`]; what the engine or the server says. After an error of the last kind some
    /// of the batch may be stored: upsert it again, it has the same ids.
    fn upsert(&self, points: &[Point]) -> Result<(), IndexError>;

    /// The passages of `query` that are most similar, best first, those of equal similarity in the
    /// order of their ids.
    ///
    /// # Errors
    /// [`IndexError::Query`]; what the engine or the server says.
    fn search(&self, query: &Query) -> Result<Vec<Hit>, IndexError>;

    /// [`Index::search`] for each query, in their order; one round trip to a server.
    ///
    /// # Errors
    /// Those of [`Index::search`]; [`IndexError::Batch`] for more than [`QUERIES_MAX`].
    fn search_many(&self, queries: &[Query]) -> Result<Vec<Vec<Hit>>, IndexError>;

    /// What [`Index::delete_before`] would delete now. A caller that keeps receipts notes this
    /// first, so that a crash between deletion and receipt leaves no deletion uncounted.
    ///
    /// # Errors
    /// As [`Index::delete_before`].
    fn due(&self, section: Option<&str>, expires_before: i64) -> Result<Deleted, IndexError>;

    /// Deletes the points of `section` (none: of all sections) whose expiry is before
    /// `expires_before` (microseconds), and counts them. The deletion is visible and durable when
    /// the call returns.
    ///
    /// # Errors
    /// [`IndexError::Query`] for a section or time that cannot be; what the engine or the server says.
    fn delete_before(
        &self,
        section: Option<&str>,
        expires_before: i64,
    ) -> Result<Deleted, IndexError>;

    /// The number of points, exactly.
    ///
    /// # Errors
    /// What the engine or the server says.
    fn count(&self) -> Result<u64, IndexError>;

    /// The number of points of a section, exactly.
    ///
    /// # Errors
    /// [`IndexError::Query`] for a section that cannot be; what the engine or the server says.
    fn count_of(&self, section: &str) -> Result<u64, IndexError>;

    /// Makes durable what was stored and takes the bytes of what was deleted off the disk. To be called
    /// every few seconds, from a thread that may wait: nothing happens in the background. A
    /// server looks after itself; there this only asks how it is.
    ///
    /// # Errors
    /// What the engine or the server says.
    fn maintain(&self) -> Result<Maintained, IndexError>;

    /// What this is, in one line, without secrets: `embedded Qdrant in DIR, 64 dimensions`.
    fn describe(&self) -> String;
}
