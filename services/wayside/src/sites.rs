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
    /// Where engineers make new ones.
    folder: Option<PathBuf>,
    looked: Instant,
}

/// Most site files of a folder.
const FOLDER_MAX: usize = 10_000;

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
        Ok(Self { files, refused: BTreeMap::new(), folder: None, looked: Instant::now() })
    }

    /// The same, and every sound site file of a folder: those that are there, and those that come while it runs. One
    /// that is not sound is told and waits until it is.
    pub(crate) fn load_with(paths: &[PathBuf], folder: Option<&Path>) -> Result<Self, Failure> {
        let mut sites = Self::load(paths)?;
        if let Some(folder) = folder {
            std::fs::create_dir_all(folder).map_err(|error| Failure::unwritable(folder, &error))?;
            sites.folder = Some(folder.to_owned());
        }
        for found in sites.found() {
            if let Reload::Refused(why) = found {
                tracing::warn!("a site file of the folder is left out for now:\n{why}");
            }
        }
        Ok(sites)
    }

    /// Site files of the folder that were not known.
    fn found(&mut self) -> Vec<Reload> {
        let Some(folder) = &self.folder else { return Vec::new() };
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut paths: Vec<PathBuf> = entries
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|end| end == "toml"))
            .take(FOLDER_MAX)
            .collect();
        paths.sort();
        paths.into_iter().filter_map(|path| self.find(path)).collect()
    }

    fn find(&mut self, path: PathBuf) -> Option<Reload> {
        let same = |known: &Loaded| {
            known.path == path
                || known
                    .path
                    .canonicalize()
                    .is_ok_and(|known| path.canonicalize().is_ok_and(|path| path == known))
        };
        if self.files.values().any(same) {
            return None;
        }
        let digest = inputs::text(&path).ok()?.sha256;
        if self.refused.get(&path) == Some(&digest) {
            return None;
        }
        let refused = match read(&path) {
            Ok(loaded) => match self.files.get(&loaded.site.id()) {
                None => {
                    self.files.insert(loaded.site.id(), loaded.clone());
                    self.refused.remove(&path);
                    return Some(Reload::Applied(loaded));
                }
                Some(other) => format!(
                    "{} and {} are both of the site `{}`\n  hint: give each junction an id of its own in [site]",
                    other.path.display(),
                    path.display(),
                    loaded.site.id()
                ),
            },
            Err(failure) => failure.to_string(),
        };
        self.refused.insert(path, digest);
        Some(Reload::Refused(refused))
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
        let mut changes: Vec<Reload> = known.iter().filter_map(|known| self.look(known)).collect();
        changes.extend(self.found());
        changes
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

    use super::*;

    const TEXT: &str = include_str!("../../../examples/junction/site.toml");

    fn told(found: &[Reload]) -> Vec<String> {
        found
            .iter()
            .map(|one| match one {
                Reload::Applied(loaded) => format!("applied {}", loaded.site.id()),
                Reload::Refused(why) => why.lines().next().unwrap_or_default().to_owned(),
            })
            .collect()
    }

    #[test]
    fn files_of_the_folder_come_when_they_are_sound_and_once() {
        let dir = tempfile::tempdir().unwrap();
        let named = dir.path().join("named.toml");
        std::fs::write(&named, TEXT).unwrap();
        let folder = dir.path().join("sites");
        let mut sites = Sites::load_with(&[named], Some(&folder)).unwrap();
        assert!(folder.is_dir() && sites.found().is_empty());
        let second = TEXT.replace("id = \"junction\"", "id = \"second\"");
        let file = folder.join("second.toml");
        std::fs::write(&file, second.replace("width_px = 1280", "width_px = \"wide\"")).unwrap();
        std::fs::write(folder.join("notes.txt"), "no site file").unwrap();
        let first = told(&sites.found());
        assert!(first.len() == 1 && first[0].contains("second.toml"), "{first:?}");
        assert!(sites.found().is_empty(), "it is told once");
        std::fs::write(&file, &second).unwrap();
        assert_eq!(told(&sites.found()), ["applied second"]);
        assert!(sites.found().is_empty());
        // Of two files of one site the first holds.
        std::fs::write(folder.join("again.toml"), TEXT).unwrap();
        let twice = told(&sites.found());
        assert!(twice.len() == 1 && twice[0].contains("are both of the site"), "{twice:?}");
        assert_eq!(sites.all().count(), 2);
    }

    #[test]
    fn the_folder_itself_may_be_among_the_named() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("site.toml");
        std::fs::write(&file, TEXT).unwrap();
        let mut sites = Sites::load_with(&[file], Some(dir.path())).unwrap();
        assert!(sites.found().is_empty() && sites.all().count() == 1);
    }
}
