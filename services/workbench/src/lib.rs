//! What a traffic engineer does in the console: take a picture and calibrate on it, draw and save a site
//! file, replay a recording, try a draft on stored observations, compare.
//!
//! `solve` is the calibration, `sites` the site files, `recordings`, `drafts` and `jobs` what is kept
//! meanwhile, [`engine`] what the program does for it, [`http`] the API.
//!
//! `solve`, `sites::compose` and `jobs::compare` are pure. Deliberately absent: decoding, models and rules
//! (the program's, behind [`engine::Engine`]), pictures that are not redacted, a recording that anybody
//! could fetch back, changes to what runs (the program reads a saved site file as it reads one that was
//! edited by hand).

mod drafts;
pub mod engine;
pub mod formats;
pub mod http;
mod ids;
pub mod jobs;
pub mod recordings;
pub mod sites;
pub mod solve;
mod spoken;

use std::path::Path;
use std::sync::Arc;

use drafts::Drafts;
use engine::Engine;
use jobs::{JobError, Jobs};
use recordings::{RecordingError, Recordings};
use sites::Shelf;

/// Settings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WorkbenchOptions {
    /// Most bytes of a recording.
    pub recording_bytes_max: u64,
    /// How long a recording is kept, seconds.
    pub recording_keep_s: f64,
}

impl Default for WorkbenchOptions {
    fn default() -> Self {
        Self { recording_bytes_max: 4 * 1024 * 1024 * 1024, recording_keep_s: 86_400.0 }
    }
}

/// The workbench of a program.
#[derive(Debug)]
pub struct Workbench {
    engine: Arc<dyn Engine>,
    shelf: Shelf,
    recordings: Recordings,
    drafts: Drafts,
    jobs: Jobs,
}

impl Workbench {
    /// In `folder`, which is made where it is missing.
    ///
    /// # Errors
    /// Where it cannot be used.
    pub fn open(
        folder: &Path,
        shelf: Shelf,
        engine: Arc<dyn Engine>,
        options: WorkbenchOptions,
    ) -> Result<Self, JobError> {
        let recordings = Recordings::open(
            &folder.join("recordings"),
            options.recording_bytes_max,
            options.recording_keep_s,
        )?;
        let jobs = Jobs::start(&folder.join("jobs"), Arc::clone(&engine))?;
        Ok(Self { engine, shelf, recordings, drafts: Drafts::default(), jobs })
    }

    /// Deletes recordings whose time is over; to be called every minute or so. What a job needs waits for it.
    ///
    /// # Errors
    /// Where one could not be deleted; it is tried again.
    pub fn tidy(&self) -> Result<(), RecordingError> {
        for id in self.recordings.over(self.engine.now()) {
            if !self.jobs.needs(&self.recordings.path(&id)?) {
                self.delete(&id)?;
            }
        }
        Ok(())
    }

    /// A site file was found, or has changed.
    pub fn found(&self, site: &str, path: std::path::PathBuf) {
        self.shelf.put(site, path);
    }

    /// Deletes a recording, with its receipt.
    fn delete(&self, id: &str) -> Result<(), RecordingError> {
        let receipt = |bytes| self.engine.receipt(1, bytes, self.engine.now());
        self.recordings.delete(id, receipt)
    }

    fn engine(&self) -> &dyn Engine {
        self.engine.as_ref()
    }

    fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    fn recordings(&self) -> &Recordings {
        &self.recordings
    }

    fn drafts(&self) -> &Drafts {
        &self.drafts
    }

    fn jobs(&self) -> &Jobs {
        &self.jobs
    }
}
