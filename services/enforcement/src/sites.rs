//! The site files that an enforcer knows, and signals that do not come over the bus.

use std::collections::BTreeMap;

use wayside_proto::SiteId;
use wayside_rules::signals::SignalHistory;
use wayside_site::Site;

#[derive(Default)]
pub(crate) struct Sites {
    all: BTreeMap<SiteId, (Site, SignalHistory)>,
}

impl Sites {
    pub(crate) fn insert(&mut self, site: Site, signals: SignalHistory) {
        self.all.insert(site.id(), (site, signals));
    }

    /// A site, and its signals as far as they do not come over the bus.
    pub(crate) fn get(&self, id: &SiteId) -> Option<(Site, SignalHistory)> {
        self.all.get(id).cloned()
    }

    pub(crate) fn get_mut(&mut self, id: &SiteId) -> Option<&mut (Site, SignalHistory)> {
        self.all.get_mut(id)
    }
}
