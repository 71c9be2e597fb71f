//! Jobs on the disk: a folder each, with `job.json` and what came of it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::Job;
use crate::ids::Id;

/// Ended jobs that are kept; the oldest goes with its files.
const KEEP: usize = 50;
/// Bytes of a job's record that are read.
const RECORD_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// Folder of the results in a job's folder.
pub(super) const OUT: &str = "out";
/// What a replay saw.
pub(super) const OBSERVATIONS: &str = "observations.binpb";
/// Files of a result that may be fetched, and their media types.
pub(super) const FILES: [(&str, &str); 6] = [
    ("report.html", "text/html; charset=utf-8"),
    ("annotated.mp4", "video/mp4"),
    ("violations.jsonl", "application/x-ndjson"),
    ("voids.jsonl", "application/x-ndjson"),
    ("counts.json", "application/json"),
    ("certificate.json", "application/json"),
];

/// The folder of jobs.
#[derive(Debug)]
pub(super) struct Store(PathBuf);

impl Store {
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        Ok(Self(folder.to_owned()))
    }

    /// Every job that can be read, the newest first.
    pub(super) fn load(&self) -> Vec<Job> {
        let entries = fs::read_dir(&self.0).into_iter().flatten().flatten();
        let mut jobs: Vec<Job> = entries
            .filter_map(|entry| {
                let file = entry.path().join("job.json");
                let size = fs::metadata(&file).ok()?.len();
                (size <= RECORD_BYTES_MAX)
                    .then(|| serde_json::from_slice(&fs::read(&file).ok()?).ok())?
            })
            .collect();
        jobs.sort_by(|a, b| b.created.cmp(&a.created).then(a.id.cmp(&b.id)));
        jobs
    }

    /// Keeps it as it is now.
    pub(super) fn save(&self, job: &Job) -> io::Result<()> {
        let folder = self.0.join(&job.id);
        fs::create_dir_all(&folder)?;
        let bytes = serde_json::to_vec(job).map_err(io::Error::other)?;
        let beside = folder.join("job.json.new");
        fs::write(&beside, bytes)?;
        fs::rename(beside, folder.join("job.json"))
    }

    /// Where a job has its files.
    pub(super) fn folder(&self, id: &Id) -> PathBuf {
        self.0.join(id.to_string())
    }

    /// Deletes a job with its files.
    pub(super) fn remove(&self, id: &str) -> io::Result<()> {
        let Some(id) = Id::parse(id) else { return Ok(()) };
        fs::remove_dir_all(self.0.join(id.to_string()))
    }

    /// A file of a result and its media type. Names are of a list, so none leads out of the folder.
    pub(super) fn file(&self, id: &str, name: &str) -> Option<(PathBuf, &'static str)> {
        let id = Id::parse(id)?;
        let (name, media) = FILES.iter().find(|(known, _)| *known == name)?;
        let path = self.folder(&id).join(OUT).join(name);
        path.is_file().then_some((path, *media))
    }

    /// Lets the oldest ended ones go.
    pub(super) fn prune(&self, jobs: &mut Vec<Job>) {
        let mut ended = 0;
        jobs.retain(|job| {
            ended += usize::from(job.state.is_final());
            let stays = !job.state.is_final() || ended <= KEEP;
            if !stays && let Err(cause) = fs::remove_dir_all(self.0.join(&job.id)) {
                tracing::warn!("the files of job {} stay: {cause}", job.id);
            }
            stays
        });
    }
}
