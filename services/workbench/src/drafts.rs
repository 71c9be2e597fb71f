//! Pictures that are being calibrated on: redacted, in memory only, for an hour.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use wayside_proto::EventTime;

use crate::engine::Frame;
use crate::ids::Id;

/// Most pictures at once; the oldest goes.
const DRAFTS_MAX: usize = 16;
/// How long one is kept, seconds.
const KEEP_S: f64 = 3_600.0;

/// The pictures.
#[derive(Debug, Default)]
pub struct Drafts(Mutex<BTreeMap<String, (EventTime, Arc<Frame>)>>);

impl Drafts {
    /// Keeps a picture, and says under which id.
    ///
    /// # Errors
    /// Where the system has no randomness.
    pub fn keep(&self, frame: Frame, now: EventTime) -> io::Result<String> {
        let id = Id::random()?.to_string();
        let mut drafts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        drafts.retain(|_, (came, _)| came.plus_s(KEEP_S) > now);
        while drafts.len() >= DRAFTS_MAX {
            let oldest = drafts.iter().min_by_key(|(_, (came, _))| *came).map(|(id, _)| id.clone());
            let Some(oldest) = oldest else { break };
            drafts.remove(&oldest);
        }
        drafts.insert(id.clone(), (now, Arc::new(frame)));
        Ok(id)
    }

    /// The picture of an id.
    #[must_use]
    pub fn get(&self, id: &str, now: EventTime) -> Option<Arc<Frame>> {
        let drafts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (came, frame) = drafts.get(id)?;
        (came.plus_s(KEEP_S) > now).then(|| Arc::clone(frame))
    }
}
