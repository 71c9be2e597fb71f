//! The time of the service. Everything below takes it as a value; a test brings its own.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use wayside_proto::EventTime;

/// Says what time it is.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> EventTime + Send + Sync>);

impl Clock {
    /// This machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::from_fn(|| {
            let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            EventTime(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
        })
    }

    /// Another clock.
    pub fn from_fn(now: impl Fn() -> EventTime + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> EventTime {
        (self.0)()
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}
