//! Signal logs in files, for sites whose controllers do not report to the bus.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use wayside_rules::signals::{SignalHistory, SignalRecord};
use wayside_site::Site;

use crate::failure::Failure;
use crate::replay::inputs;
use crate::sites::Loaded;

/// How often a file is read again.
const EVERY: Duration = Duration::from_secs(1);

/// A site, and what its signal log has said.
pub(crate) struct SiteSignals {
    path: PathBuf,
    site: Arc<Site>,
    read: Option<(String, Instant)>,
}

impl SiteSignals {
    /// Reads the log, where there is one. Returns its records with it.
    pub(crate) fn open(loaded: &Loaded) -> Result<(Self, SignalHistory), Failure> {
        let mut signals = Self::of(loaded);
        let mut history = SignalHistory::new(&signals.site.file().signals);
        if let Some(log) = signals.log() {
            signals.read(&log)?.into_iter().for_each(|record| history.push(record));
        }
        Ok((signals, history))
    }

    /// The same, whose log is read at the first look.
    pub(crate) fn of(loaded: &Loaded) -> Self {
        Self { path: loaded.path.clone(), site: Arc::clone(&loaded.site), read: None }
    }

    pub(crate) fn site(&self) -> &Site {
        &self.site
    }

    /// Another site file holds.
    pub(crate) fn replace(&mut self, loaded: &Loaded) {
        self.site = Arc::clone(&loaded.site);
        self.path.clone_from(&loaded.path);
        self.read = None;
    }

    /// What is new, at most once a second: a controller may append to its log. What was known already
    /// is older than the last of its group, and ignored by whoever takes it.
    pub(crate) fn look(&mut self) -> Vec<SignalRecord> {
        let Some(log) = self.log() else { return Vec::new() };
        if self.read.as_ref().is_some_and(|(_, looked)| looked.elapsed() < EVERY) {
            return Vec::new();
        }
        self.read(&log).unwrap_or_else(|failure| {
            tracing::error!("site {}: {failure}", self.site.id());
            let digest = self.read.take().map_or_else(String::new, |(digest, _)| digest);
            self.read = Some((digest, Instant::now()));
            Vec::new()
        })
    }

    fn log(&self) -> Option<PathBuf> {
        self.site.file().signals.log.as_ref().map(|log| inputs::beside(&self.path, log))
    }

    fn read(&mut self, log: &Path) -> Result<Vec<SignalRecord>, Failure> {
        let digest = inputs::text(log)?.sha256;
        let known = self.read.as_ref().is_some_and(|(known, _)| *known == digest);
        let records = if known { Vec::new() } else { inputs::signal_records(&self.site, log)?.0 };
        self.read = Some((digest, Instant::now()));
        Ok(records)
    }
}
