//! The sites that the console knows. Files may change while it runs.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use wayside_proto::{SignalReport, SiteId};
use wayside_site::Site;

/// A site.
#[derive(Clone, Debug)]
pub struct SiteEntry {
    /// Its file, read and found sound.
    pub site: Arc<Site>,
    /// What its signals show by the log that the file names, in order of time: it does not come over the bus.
    pub logged: Arc<Vec<SignalReport>>,
}

impl SiteEntry {
    /// A site without a log of signals.
    #[must_use]
    pub fn new(site: Arc<Site>) -> Self {
        Self { site, logged: Arc::default() }
    }
}

/// The sites by id, shared by everything that shows them.
#[derive(Debug, Default)]
pub struct Sites {
    all: RwLock<BTreeMap<SiteId, SiteEntry>>,
    version: AtomicU64,
}

impl Sites {
    /// These sites. Of two with the same id the later one stays.
    #[must_use]
    pub fn new(sites: impl IntoIterator<Item = SiteEntry>) -> Self {
        let all = sites.into_iter().map(|entry| (entry.site.id(), entry)).collect();
        Self { all: RwLock::new(all), version: AtomicU64::new(0) }
    }

    fn read(&self) -> RwLockReadGuard<'_, BTreeMap<SiteId, SiteEntry>> {
        self.all.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The site with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<SiteEntry> {
        self.read().get(&SiteId(id.to_owned())).cloned()
    }

    /// All sites, in order of id.
    #[must_use]
    pub fn all(&self) -> Vec<SiteEntry> {
        self.read().values().cloned().collect()
    }

    /// A new site, or another file of a known one. What is shown follows within a second.
    pub fn put(&self, entry: SiteEntry) {
        self.all.write().unwrap_or_else(PoisonError::into_inner).insert(entry.site.id(), entry);
        self.version.fetch_add(1, Ordering::Release);
    }

    /// Forgets a site. Whether it was there.
    pub fn remove(&self, id: &str) -> bool {
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        let was = all.remove(&SiteId(id.to_owned())).is_some();
        drop(all);
        self.version.fetch_add(1, Ordering::Release);
        was
    }

    /// Changes with every change.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }
}
