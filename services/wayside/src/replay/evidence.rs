//! Evidence packages of a replay's violations.

use std::sync::Arc;

use serde::Serialize;
use wayside_clips::Source;
use wayside_evidence::Store;
use wayside_rules::signals::SignalRecord;
use wayside_site::Site;

use super::outputs::{OBSERVATIONS, OutputFolder};
use super::progress::Progress;
use super::session::Judged;
use super::{Plan, inputs};
use crate::cli::ReplayArgs;
use crate::evidence::{self, Recorded, Recording, Sealing};
use crate::failure::Failure;
use crate::models::Models;

/// What packages need, checked before the work begins.
pub(super) struct Prepared {
    sealing: Sealing,
    store: Arc<Store>,
    site_toml: String,
    signals: Vec<SignalRecord>,
}

/// The packages of a replay.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Packages {
    /// Where they are.
    pub store: String,
    /// Id of the key that signed.
    pub key_id: String,
    /// One for each violation, in order of time.
    pub packages: Vec<Recorded>,
}

impl Packages {
    /// Violations that have one.
    pub fn sealed(&self) -> usize {
        self.packages.iter().filter(|recorded| recorded.package.is_some()).count()
    }
}

impl Prepared {
    /// Opens key and store, where packages are wanted.
    pub(super) fn open(
        args: &ReplayArgs,
        site: &Site,
        site_toml: &str,
    ) -> Result<Option<Self>, Failure> {
        let Some(place) = &args.evidence else { return Ok(None) };
        let sealing = args.seal.open()?;
        let store = evidence::store(place)?;
        let own = site.file().signals.log.as_ref().map(|log| inputs::beside(&args.site, log));
        let signals = match args.signals.clone().or(own) {
            Some(log) => inputs::signal_records(site, &log)?.0,
            None => Vec::new(),
        };
        Ok(Some(Self { sealing, store, site_toml: site_toml.to_owned(), signals }))
    }

    /// Makes them. `lamps` is what lamps showed in the picture.
    pub(super) fn make(
        mut self,
        (args, plan, folder): (&ReplayArgs, &Plan, &OutputFolder),
        model: &Models,
        source: wayside_capture::Source,
        judged: &Judged,
        lamps: Vec<SignalRecord>,
    ) -> Result<Packages, Failure> {
        self.signals.extend(lamps);
        let observations = folder.file(OBSERVATIONS);
        let (name, sha256) = (model.model().name.as_str(), model.model().sha256.as_str());
        let mut eyes = model.eyes()?;
        // Signal heads stay clear: an event on red is worth nothing without them.
        let lamps =
            plan.site.camera(&plan.camera).map(|camera| wayside_clips::signals(&camera.lamps));
        eyes.set_signals(lamps.unwrap_or_default());
        let recording = Recording {
            site: &plan.site,
            site_toml: &self.site_toml,
            signals: self.signals,
            observations: &observations,
            source: Source::recording(source, plan.start),
            eyes,
            about: evidence::about(Some((name, sha256))),
        };
        let store = self.store.place().to_owned();
        let key_id = self.sealing.key.verifying().id().to_string();
        let violations = judged
            .outcomes
            .iter()
            .filter(|outcome| outcome.verdict == wayside_proto::Verdict::Violation)
            .count() as u64;
        let progress = Progress::new(Some(violations), "packages", !args.quiet && !args.json);
        let packages =
            evidence::record(recording, &judged.outcomes, self.sealing, self.store, |made| {
                progress.step(made, 0);
            })?;
        progress.finish();
        Ok(Packages { store, key_id, packages })
    }
}
