//! What a client says by itself: why a connection fails, for instance. Questions only time out then.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::error::RDKafkaErrorCode as Code;

/// For how long a cause counts.
const FRESH: Duration = Duration::from_secs(30);
const TEXT_BYTES_MAX: usize = 500;

/// The newest cause that a client told, of each code.
#[derive(Debug, Default)]
pub(super) struct Said {
    told: Mutex<BTreeMap<i32, (Code, String, Instant)>>,
    fatal: AtomicBool,
}

impl Said {
    fn told(&self) -> MutexGuard<'_, BTreeMap<i32, (Code, String, Instant)>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn hear(&self, code: Code, reason: &str) {
        if code == Code::Fatal {
            self.fatal.store(true, Ordering::Release);
        }
        let end = reason.floor_char_boundary(TEXT_BYTES_MAX.min(reason.len()));
        let text = reason.get(..end).unwrap_or_default().to_owned();
        self.told().insert(code as i32, (code, text, Instant::now()));
    }

    /// Whether the client is of no use any more.
    pub(super) fn is_fatal(&self) -> bool {
        self.fatal.load(Ordering::Acquire)
    }

    /// The newest cause, refusals before mere silence.
    pub(super) fn newest(&self) -> Option<(Code, String)> {
        let told = self.told();
        let fresh = told.values().filter(|(code, _, at)| {
            at.elapsed() < FRESH && !matches!(code, Code::AllBrokersDown | Code::Fatal)
        });
        let newest = fresh.max_by_key(|(code, _, at)| (!super::fault::is_transient(*code), *at))?;
        Some((newest.0, newest.1.clone()))
    }

    /// A refusal: waiting does not help.
    pub(super) fn refusal(&self) -> Option<(Code, String)> {
        self.newest().filter(|(code, _)| {
            matches!(code, Code::Authentication | Code::SaslAuthenticationFailed | Code::SSL)
        })
    }
}
