//! One client: its place in the events, and what of the newest it has seen.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::watch;
use wayside_http::Clock;
use wayside_proto::SiteId;

use super::frame::Counts;
use super::hub::{BEHIND_MAX, Hub, Next};
use super::tracks::{ALL_EVERY, Beat};

/// What every client gets first: when to come back after the connection broke, milliseconds.
const HELLO: &[u8] = b"retry: 1000\n\n";

/// One client. Dropping it leaves the hub.
#[derive(Debug)]
pub struct Client {
    hub: Arc<Hub>,
    clock: Clock,
    /// The next event that it gets.
    cursor: u64,
    seen: Counts,
    /// Whether it is coming back, and has not caught up yet.
    patient: bool,
    hello: Option<Bytes>,
    greeting: Option<Bytes>,
    /// Number of the last beat whose tracks it has.
    beats: u64,
    clocks: u64,
    site: Option<SiteId>,
    tracks: bool,
    next: watch::Receiver<u64>,
    beat: watch::Receiver<Arc<Beat>>,
    open: watch::Receiver<bool>,
}

type Watched = (watch::Receiver<u64>, watch::Receiver<Arc<Beat>>, watch::Receiver<bool>);

impl Client {
    pub(super) fn new(
        hub: Arc<Hub>,
        clock: Clock,
        (cursor, seen): (u64, Counts),
        (beats, greeting): (u64, Option<Bytes>),
        (next, beat, open): Watched,
    ) -> Self {
        Self {
            hub,
            clock,
            cursor,
            seen,
            patient: true,
            hello: Some(Bytes::from_static(HELLO)),
            greeting,
            beats,
            clocks: 0,
            site: None,
            tracks: true,
            next,
            beat,
            open,
        }
    }

    /// The same with tracks and clock of one site alone.
    #[must_use]
    pub fn of_site(mut self, site: Option<SiteId>) -> Self {
        self.site = site;
        self
    }

    /// The same without tracks.
    #[must_use]
    pub fn without_tracks(mut self) -> Self {
        self.tracks = false;
        self
    }

    /// What is there now, if anything: events first, then the newest tracks and the clock.
    pub fn ready(&mut self) -> Option<Bytes> {
        if let Some(first) = self.hello.take().or_else(|| self.greeting.take()) {
            return Some(first);
        }
        match self.hub.next(self.cursor, &self.seen, self.patient, self.clock.now()) {
            Next::Events(batch) => {
                self.cursor = batch.to();
                for (seen, new) in self.seen.iter_mut().zip(batch.counts) {
                    *seen += new;
                }
                Some(batch.bytes)
            }
            Next::Missed(told, cursor, counts) => {
                (self.cursor, self.seen, self.patient) = (cursor, counts, false);
                Some(told)
            }
            Next::Nothing => {
                self.patient = false;
                self.newest()
            }
        }
    }

    fn newest(&mut self) -> Option<Bytes> {
        let beat = Arc::clone(&self.beat.borrow_and_update());
        if beat.clock.0 > self.clocks {
            self.clocks = beat.clock.0;
            let clock = beat.clock(self.site.as_ref());
            return Some(clock).filter(|clock| !clock.is_empty());
        }
        let every = if self.site.is_some() { 1 } else { ALL_EVERY };
        // Those of all sites come with every fifth beat.
        if !self.tracks || !beat.number.is_multiple_of(every) || beat.number <= self.beats {
            return None;
        }
        let (tracks, number) = match beat.tracks(self.beats, self.site.as_ref()) {
            Some(tracks) => (tracks, beat.number),
            // It has not seen every beat.
            None => self.hub.tracks_since(self.beats, self.site.as_ref()),
        };
        self.beats = number - number % every;
        Some(tracks).filter(|tracks| !tracks.is_empty())
    }

    /// What comes next; none where the hub was closed.
    pub async fn next(&mut self) -> Option<Bytes> {
        loop {
            // Marked before looking, so that what comes meanwhile wakes.
            self.next.mark_unchanged();
            self.beat.mark_unchanged();
            if !*self.open.borrow() {
                return None;
            }
            if let Some(bytes) = self.ready() {
                return Some(bytes);
            }
            let changed = tokio::select! {
                changed = self.next.changed() => changed,
                changed = self.beat.changed() => changed,
                changed = self.open.changed() => changed,
            };
            changed.ok()?;
        }
    }

    /// How many events it is behind.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.next.borrow().saturating_sub(self.cursor) > BEHIND_MAX
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.hub.leave();
    }
}
