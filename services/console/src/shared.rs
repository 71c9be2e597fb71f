//! What the feed writes and requests read.

use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use wayside_http::Clock;
use wayside_proto::{EventTime, SiteId};

use crate::live::Hub;
use crate::shapes::{FeedCondition, FeedJson, Overview, SiteState};
use crate::sites::Sites;
use crate::state::State;

/// State and hub, which change together: whoever has both an answer and its event id has missed nothing.
#[derive(Debug)]
pub struct Shared {
    state: RwLock<State>,
    hub: Arc<Hub>,
    feed: Mutex<FeedStatus>,
    /// The time.
    pub clock: Clock,
}

/// How the feed is.
#[derive(Clone, Debug)]
pub(crate) struct FeedStatus {
    pub(crate) condition: FeedCondition,
    pub(crate) why: Option<String>,
    pub(crate) unreadable: u64,
}

impl Shared {
    /// Nothing is known yet but the sites.
    #[must_use]
    pub fn new(sites: &Sites, clock: Clock) -> Self {
        let mut state = State::default();
        for entry in sites.all() {
            state.put_site(entry.site, entry.logged);
        }
        let feed = FeedStatus { condition: FeedCondition::CatchingUp, why: None, unreadable: 0 };
        Self {
            state: RwLock::new(state),
            hub: Arc::new(Hub::new(clock.now())),
            feed: Mutex::new(feed),
            clock,
        }
    }

    /// The live events.
    #[must_use]
    pub fn hub(&self) -> &Arc<Hub> {
        &self.hub
    }

    /// To ask.
    pub fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// To change. Whoever changes it publishes before letting go.
    pub(crate) fn change(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn feed(&self, put: impl FnOnce(&mut FeedStatus)) {
        put(&mut self.feed.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// How the feed is.
    #[must_use]
    pub fn feed_json(&self) -> FeedJson {
        let feed = self.feed.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let dropped = self.state().dropped();
        FeedJson { state: feed.condition, why: feed.why, unreadable: feed.unreadable, dropped }
    }

    /// All junctions at a glance.
    #[must_use]
    pub fn overview(&self) -> Overview {
        let feed = self.feed_json();
        let state = self.state();
        state.overview(self.clock.now(), self.hub.last_id(), feed)
    }

    /// What goes on at a junction; none where it is not known.
    #[must_use]
    pub fn site_state(&self, site: &str) -> Option<SiteState> {
        let state = self.state();
        state.site_state(&SiteId(site.to_owned()), self.clock.now(), self.hub.last_id())
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> EventTime {
        self.clock.now()
    }
}
