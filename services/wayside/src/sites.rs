//! The site files of a worker, read again when they change.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use wayside_proto::SiteId;
use wayside_site::Site;

use crate::failure::Failure;
use crate::replay::inputs;

/// How often files are looked at.
const EVERY: Duration = Duration::from_secs(1);

/// A site file that is sound.
#[derive(Clone, Debug)]
pub(crate) struct Loaded {
    pub(crate) path: PathBuf,
    pub(crate) site: Arc<Site>,
    digest: String,
}

/// All site files of a worker.
pub(crate) struct Sites {
    files: BTreeMap<SiteId, Loaded>,
    /// Digests of texts that were refused, so that each is told once.
    refused: BTreeMap<PathBuf, String>,
    looked: Instant,
}

/// What became of a file that has changed.
pub(crate) enum Reload {
    /// It is sound and holds from now on.
    Applied(Loaded),
    /// It is not, and the one before it still holds.
    Refused(String),
}

impl Sites {
    /// Reads all files. Each has a site of its own.
    pub(crate) fn load(paths: &[PathBuf]) -> Result<Self, Failure> {
        let mut files: BTreeMap<SiteId, Loaded> = BTreeMap::new();
        for path in paths {
            let loaded = read(path)?;
            let id = loaded.site.id();
            if let Some(other) = files.get(&id) {
                return Err(Failure::input(format!(
                    "{} and {} are both of the site `{id}`\n  hint: give each junction an id of its own in [site]",
                    other.path.display(),
                    path.display()
                )));
            }
            files.insert(id, loaded);
        }
        Ok(Self { files, refused: BTreeMap::new(), looked: Instant::now() })
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Loaded> {
        self.files.values()
    }

    /// What has changed since the last look, at most once a second.
    pub(crate) fn changes(&mut self) -> Vec<Reload> {
        if self.looked.elapsed() < EVERY {
            return Vec::new();
        }
        self.looked = Instant::now();
        let known: Vec<Loaded> = self.files.values().cloned().collect();
        known.iter().filter_map(|known| self.look(known)).collect()
    }

    fn look(&mut self, known: &Loaded) -> Option<Reload> {
        // A file that is being replaced may be away for a moment.
        let digest = inputs::text(&known.path).ok()?.sha256;
        if digest == known.digest {
            self.refused.remove(&known.path);
            return None;
        }
        if self.refused.get(&known.path) == Some(&digest) {
            return None;
        }
        let refuse = |sites: &mut Self, why: String| {
            sites.refused.insert(known.path.clone(), digest.clone());
            Some(Reload::Refused(why))
        };
        let loaded = match read(&known.path) {
            Ok(loaded) => loaded,
            Err(failure) => return refuse(self, failure.to_string()),
        };
        if loaded.site.id() != known.site.id() {
            let why = format!(
                "{}: the site `{}` cannot become `{}` while it runs\n  hint: start the worker again",
                known.path.display(),
                known.site.id(),
                loaded.site.id()
            );
            return refuse(self, why);
        }
        self.files.insert(loaded.site.id(), loaded.clone());
        self.refused.remove(&known.path);
        Some(Reload::Applied(loaded))
    }
}

fn read(path: &Path) -> Result<Loaded, Failure> {
    let (site, text) = inputs::site(path)?;
    Ok(Loaded { path: path.to_owned(), site: Arc::new(site), digest: text.sha256 })
}
