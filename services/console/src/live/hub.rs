//! What all clients share.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::watch;
use wayside_proto::{CameraId, EventTime, SiteId};

use super::client::Client;
use super::frame::{Counts, Topic, data, frame, json};
use super::ring::{Batch, RING_BYTES_MAX, RING_EVENTS_MAX, Ring};
use super::tracks::{Beat, Tracks};
use crate::shapes::{LiveMissed, LiveReset, MissedTopic};
use crate::state::Change;

/// Events that a client may be behind, however long that takes.
pub const BEHIND_MAX: u64 = 256;
/// Seconds that a client may be behind, however many events that are.
pub const BEHIND_S: f64 = 2.0;

/// Numbers events and hands them to clients.
#[derive(Debug)]
pub struct Hub {
    epoch: String,
    inner: Mutex<Inner>,
    /// Number of the event that comes next. Its sender going away ends every client.
    next: watch::Sender<u64>,
    beat: watch::Sender<Arc<Beat>>,
    clients: AtomicUsize,
    missed: AtomicUsize,
    open: watch::Sender<bool>,
}

#[derive(Debug)]
struct Inner {
    ring: Ring,
    tracks: Tracks,
    /// Cameras with new tracks since the last beat.
    new: BTreeSet<(SiteId, CameraId)>,
    clock: u64,
}

/// What a client gets next.
pub(super) enum Next {
    /// Nothing is there.
    Nothing,
    /// Events, in order.
    Events(Batch),
    /// It was too slow: how much it missed, and where it goes on.
    Missed(Bytes, u64, Counts),
}

impl Hub {
    /// A hub that starts at `now`, which tells its ids from those of earlier runs.
    #[must_use]
    pub fn new(now: EventTime) -> Self {
        Self::with_limits(now, RING_EVENTS_MAX, RING_BYTES_MAX)
    }

    /// The same with other bounds of what is kept for clients that come back.
    #[must_use]
    pub fn with_limits(now: EventTime, events_max: usize, bytes_max: usize) -> Self {
        let inner = Inner {
            ring: Ring::new(events_max, bytes_max),
            tracks: Tracks::default(),
            new: BTreeSet::new(),
            clock: 0,
        };
        Self {
            epoch: format!("{:x}", now.0),
            inner: Mutex::new(inner),
            next: watch::Sender::new(1),
            beat: watch::Sender::default(),
            clients: AtomicUsize::new(0),
            missed: AtomicUsize::new(0),
            open: watch::Sender::new(true),
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The id of the last event.
    #[must_use]
    pub fn last_id(&self) -> String {
        format!("{}-{}", self.epoch, self.inner().ring.next() - 1)
    }

    /// Clients that are there.
    #[must_use]
    pub fn clients(&self) -> usize {
        self.clients.load(Ordering::Relaxed)
    }

    /// Events that clients have missed because they were too slow, over all of them.
    #[must_use]
    pub fn missed(&self) -> usize {
        self.missed.load(Ordering::Relaxed)
    }

    /// Bytes that are kept for clients that come back.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.inner().ring.bytes()
    }

    /// Tells all clients.
    pub fn publish(&self, changes: &[Change], now: EventTime) {
        if changes.is_empty() {
            return;
        }
        let data: Vec<(Topic, String)> = changes.iter().map(data).collect();
        self.push(data, now);
    }

    /// Tells all clients to ask for the state again.
    pub fn reset(&self, now: EventTime) {
        self.push(vec![(Topic::Reset, json(&LiveReset { missed: None }))], now);
    }

    fn push(&self, data: Vec<(Topic, String)>, now: EventTime) {
        let mut inner = self.inner();
        for (topic, data) in data {
            let number = inner.ring.next();
            let bytes = frame(topic.as_str(), Some((&self.epoch, number)), &data);
            inner.ring.push(topic, bytes, now);
        }
        let next = inner.ring.next();
        drop(inner);
        self.next.send_replace(next);
    }

    /// A camera has new tracks; they go out with the next beat.
    pub fn moved(&self, cameras: impl IntoIterator<Item = (SiteId, CameraId)>) {
        self.inner().new.extend(cameras);
    }

    /// Cameras with new tracks since this was asked last.
    pub(crate) fn take_moved(&self) -> BTreeSet<(SiteId, CameraId)> {
        std::mem::take(&mut self.inner().new)
    }

    /// Hands out tracks, and the clock where it is time: of all sites, and of each.
    pub(crate) fn beat(
        &self,
        tracks: Vec<((SiteId, CameraId), Bytes)>,
        clock: Option<(Bytes, BTreeMap<SiteId, Bytes>)>,
    ) {
        let mut inner = self.inner();
        let mut beat = inner.tracks.beat(tracks);
        beat.clock = match clock {
            Some((all, sites)) => {
                inner.clock += 1;
                (inner.clock, all, Arc::new(sites))
            }
            None => self.beat.borrow().clock.clone(),
        };
        drop(inner);
        self.beat.send_replace(Arc::new(beat));
    }

    /// Forgets tracks of sites that are not there any more.
    pub(crate) fn keep_sites(&self, keep: impl Fn(&SiteId) -> bool) {
        self.inner().tracks.keep(keep);
    }

    /// Ends every client.
    pub fn close(&self) {
        self.open.send_replace(false);
    }

    /// A client that begins with what comes next, or goes on after `last_id`.
    #[must_use]
    pub fn join(self: &Arc<Self>, last_id: Option<&str>, clock: wayside_http::Clock) -> Client {
        let inner = self.inner();
        let next = inner.ring.next();
        let (mut cursor, mut greeting) = (next, None);
        if let Some(last_id) = last_id {
            match self.place(&inner.ring, last_id) {
                Ok(after) => cursor = after,
                Err(missed) => {
                    let id = Some((self.epoch.as_str(), next - 1));
                    greeting = Some(frame("reset", id, &json(&LiveReset { missed })));
                }
            }
        }
        let seen = inner.ring.counts_before(cursor);
        let beats = inner.tracks.number();
        drop(inner);
        self.clients.fetch_add(1, Ordering::Relaxed);
        Client::new(
            Arc::clone(self),
            clock,
            (cursor, seen),
            (beats, greeting),
            (self.next.subscribe(), self.beat.subscribe(), self.open.subscribe()),
        )
    }

    /// The event after an id.
    ///
    /// # Errors
    /// How many events are gone that came after it, where that is known.
    fn place(&self, ring: &Ring, last_id: &str) -> Result<u64, Option<u64>> {
        let (epoch, number) = last_id.trim().rsplit_once('-').ok_or(None)?;
        let after =
            number.parse::<u64>().ok().and_then(|number| number.checked_add(1)).ok_or(None)?;
        if epoch != self.epoch || after > ring.next() {
            return Err(None);
        }
        if after < ring.first() {
            return Err(Some(ring.next() - after));
        }
        Ok(after)
    }

    pub(super) fn leave(&self) {
        self.clients.fetch_sub(1, Ordering::Relaxed);
    }

    /// What comes for a client at `cursor` that has seen so much. `patient` where it is coming back, and may be
    /// behind as far as the ring reaches.
    pub(super) fn next(&self, cursor: u64, seen: &Counts, patient: bool, now: EventTime) -> Next {
        let mut inner = self.inner();
        let (first, next) = (inner.ring.first(), inner.ring.next());
        let late = inner.ring.at(cursor).is_some_and(|at| now.since_s(at) > BEHIND_S);
        let slow = !patient && late && next.saturating_sub(cursor) > BEHIND_MAX;
        if cursor < first || slow {
            let counts = inner.ring.total;
            drop(inner);
            let topics = Topic::ALL.iter().zip(counts.iter().zip(seen));
            let topics: Vec<MissedTopic> = topics
                .filter(|(_, (now, seen))| now > seen)
                .map(|(topic, (now, seen))| MissedTopic {
                    topic: topic.as_str().to_owned(),
                    count: now - seen,
                })
                .collect();
            let count = next - cursor;
            self.missed.fetch_add(usize::try_from(count).unwrap_or(0), Ordering::Relaxed);
            let data = json(&LiveMissed { count, topics });
            return Next::Missed(
                frame("missed", Some((&self.epoch, next - 1)), &data),
                next,
                counts,
            );
        }
        inner.ring.batch(cursor).map_or(Next::Nothing, Next::Events)
    }

    /// Tracks that are new since a beat, and the number of the newest beat.
    pub(super) fn tracks_since(&self, seen: u64, site: Option<&SiteId>) -> (Bytes, u64) {
        let inner = self.inner();
        (inner.tracks.since(seen, site), inner.tracks.number())
    }
}
