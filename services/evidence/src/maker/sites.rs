//! One package of a site at a time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use wayside_proto::SiteId;

use crate::chain::Ends;

/// The chains of the sites, each with its lock.
#[derive(Debug, Default)]
pub(super) struct Sites {
    all: Mutex<BTreeMap<SiteId, Chain>>,
}

#[derive(Debug, Default)]
struct Chain {
    ends: Arc<Mutex<Ends>>,
    /// The highest number that is published. Apart, since whoever tells must not wait for the store.
    published: Option<u64>,
}

impl Sites {
    /// The chain of a site, and the highest number that is published of it.
    pub(super) fn of(&self, site: &SiteId) -> (Arc<Mutex<Ends>>, Option<u64>) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let chain = all.entry(site.clone()).or_default();
        (Arc::clone(&chain.ends), chain.published)
    }

    pub(super) fn published(&self, site: &SiteId, number: u64) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let chain = all.entry(site.clone()).or_default();
        chain.published = chain.published.max(Some(number));
    }

    /// Waits until no other package of the site is on its way into the chain.
    pub(super) fn enter(ends: &Mutex<Ends>) -> MutexGuard<'_, Ends> {
        ends.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
