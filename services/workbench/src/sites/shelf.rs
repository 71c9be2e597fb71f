//! The site files that the program runs on, and what an engineer may change in them.
//!
//! A file is replaced whole and at once, and the one before stays beside it. Whoever saves says which text
//! was changed; a file that somebody else has changed meanwhile is left alone.
//!
//! What names secrets and files of the machine (`password_env`, `password_file`, `tls_ca`, paths out of
//! the folder) may be kept and not set from a browser: an engineer's session must not become a way to read
//! the machine.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use wayside_site::Site;

use super::beside::is_own_password;
use super::check::{Checked, check};

/// Most site files.
const SITES_MAX: usize = 10_000;

/// A site file and which text of it that is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StoredFile {
    /// The text.
    pub toml: String,
    /// Its SHA-256, hex: to be sent with a changed text.
    pub sha256: String,
}

/// A site that can be edited here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ListedSite {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// Whether its file can be replaced.
    pub writable: bool,
    /// Its cameras.
    pub cameras: Vec<ListedCamera>,
}

/// A camera of a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ListedCamera {
    /// Its id.
    pub id: String,
    /// Width of the picture that was calibrated, pixels.
    pub width_px: u32,
    /// Its height.
    pub height_px: u32,
    /// Whether it has a stream.
    pub live: bool,
    /// Whether it has a recording.
    pub recording: bool,
}

/// What became of saving.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Saved {
    /// The site.
    pub site: Option<String>,
    /// SHA-256 of what is stored now; empty where nothing is.
    pub sha256: String,
    /// What was found in the text. Where it is not sound, nothing was saved.
    #[serde(flatten)]
    pub checked: Checked,
}

/// Why a file cannot be read or saved.
#[derive(Debug, thiserror::Error)]
pub enum ShelfError {
    /// No such site.
    #[error("there is no site `{0}` here")]
    Unknown(String),
    /// It exists already.
    #[error("there is a site `{0}` already\n  hint: choose another id in [site], or edit that one")]
    Exists(String),
    /// The id changed.
    #[error(
        "the file is of the site `{was}`, the text of `{is}`\n  hint: a site keeps its id; make a new site for another junction"
    )]
    OtherSite {
        /// The file's.
        was: String,
        /// The text's.
        is: String,
    },
    /// Somebody else changed it.
    #[error(
        "the file was changed meanwhile\n  hint: load it again and repeat your changes; yours are kept in the page"
    )]
    Changed,
    /// A key that a browser may not set.
    #[error(
        "`{key}` of camera `{camera}` cannot be set from here: {why}\n  hint: whoever runs the machine sets it in the file itself"
    )]
    NotFromHere {
        /// The key.
        key: &'static str,
        /// The camera; `-` where it is of the site.
        camera: String,
        /// Why.
        why: &'static str,
    },
    /// New sites have no folder.
    #[error(
        "new sites cannot be made here: the program was given single files\n  hint: start it with a folder, `--sites DIR`"
    )]
    NoFolder,
    /// There are too many.
    #[error("there are {SITES_MAX} sites already\n  hint: take some out of the folder")]
    Full,
    /// Too many logs or passwords lie there.
    #[error(
        "too many files of this site lie beside its site file already\n  hint: whoever runs the machine takes out those that it does not name"
    )]
    TooManyBeside,
    /// The system.
    #[error("{what}: {cause}")]
    Io {
        /// What was tried.
        what: &'static str,
        /// What the system said.
        cause: std::io::Error,
    },
}

/// The site files of a program.
#[derive(Debug)]
pub struct Shelf {
    files: Mutex<BTreeMap<String, PathBuf>>,
    folder: Option<PathBuf>,
}

impl Shelf {
    /// Files by the id of their site; `folder` takes new ones.
    #[must_use]
    pub fn new(files: BTreeMap<String, PathBuf>, folder: Option<PathBuf>) -> Self {
        Self { files: Mutex::new(files), folder }
    }

    /// All sites. One whose file is not sound just now has no name and no cameras.
    #[must_use]
    pub fn list(&self) -> Vec<ListedSite> {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner).clone();
        files.iter().map(|(id, path)| listed(id, path)).collect()
    }

    /// Whether new sites can be made.
    #[must_use]
    pub fn can_create(&self) -> bool {
        self.folder.is_some()
    }

    /// What a draft of a new site names is beside this; none where new sites have no folder.
    #[must_use]
    pub fn drafts(&self) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join("site.toml"))
    }

    /// A site file was found, or is elsewhere now.
    pub fn put(&self, site: &str, path: PathBuf) {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.insert(site.to_owned(), path);
    }

    /// Where the file of a site is.
    #[must_use]
    pub fn path(&self, site: &str) -> Option<PathBuf> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner).get(site).cloned()
    }

    /// The text of a site's file.
    ///
    /// # Errors
    /// Where there is none, or it cannot be read.
    pub fn read(&self, site: &str) -> Result<StoredFile, ShelfError> {
        let path = self.path(site).ok_or_else(|| ShelfError::Unknown(site.to_owned()))?;
        let toml = fs::read_to_string(&path)
            .map_err(|cause| ShelfError::Io { what: "the site file cannot be read", cause })?;
        let sha256 = digest(&toml);
        Ok(StoredFile { toml, sha256 })
    }

    /// Replaces the text whose digest is `sha256`. A text that is not sound is not saved.
    ///
    /// # Errors
    /// Where the file was changed meanwhile, is of another site, or sets what may not be set from here.
    pub fn save(&self, site: &str, toml: &str, sha256: &str) -> Result<Saved, ShelfError> {
        let path = self.path(site).ok_or_else(|| ShelfError::Unknown(site.to_owned()))?;
        // One at a time: the look and the change belong together.
        let _turn = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let before = fs::read_to_string(&path)
            .map_err(|cause| ShelfError::Io { what: "the site file cannot be read", cause })?;
        if digest(&before) != sha256 {
            return Err(ShelfError::Changed);
        }
        let (checked, sound) = check(toml);
        let id = Some(site.to_owned());
        let Some(sound) = sound else {
            return Ok(Saved { site: id, sha256: sha256.to_owned(), checked });
        };
        if sound.id().as_str() != site {
            return Err(ShelfError::OtherSite { was: site.to_owned(), is: sound.id().0 });
        }
        stays_here(toml, Some(&before))?;
        let beside = path.with_extension("toml.previous");
        replace(&beside, &before)?;
        replace(&path, toml)?;
        Ok(Saved { site: id, sha256: digest(toml), checked })
    }

    /// Makes the file of a new site.
    ///
    /// # Errors
    /// As [`Shelf::save`], and where the site exists.
    pub fn create(&self, toml: &str) -> Result<Saved, ShelfError> {
        let folder = self.folder.as_ref().ok_or(ShelfError::NoFolder)?;
        let (checked, sound) = check(toml);
        let Some(site) = sound.map(|sound| sound.id().0) else {
            return Ok(Saved { site: None, sha256: String::new(), checked });
        };
        stays_here(toml, None)?;
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        if files.len() >= SITES_MAX {
            return Err(ShelfError::Full);
        }
        // A site's id has letters, digits, `-` and `_` alone, so this stays in the folder.
        let path = folder.join(format!("{site}.toml"));
        if files.contains_key(&site) || path.exists() {
            return Err(ShelfError::Exists(site));
        }
        replace(&path, toml)?;
        files.insert(site.clone(), path);
        Ok(Saved { site: Some(site), sha256: digest(toml), checked })
    }
}

fn listed(id: &str, path: &Path) -> ListedSite {
    let text = fs::read_to_string(path).unwrap_or_default();
    let site = Site::parse("site.toml", &text).ok();
    let head = site.as_ref().map(|site| site.file().site.name.clone());
    let cameras = site.iter().flat_map(|site| &site.file().cameras);
    let cameras = cameras.map(|camera| ListedCamera {
        id: camera.id.clone(),
        width_px: camera.width_px,
        height_px: camera.height_px,
        live: camera.rtsp.is_some(),
        recording: camera.source.is_some(),
    });
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = fs::metadata(folder.unwrap_or(Path::new(".")));
    ListedSite {
        id: id.to_owned(),
        name: head.filter(|name| !name.is_empty()).unwrap_or_else(|| id.to_owned()),
        // A file is replaced through its folder. Who may write there is seen when it is tried.
        writable: folder.is_ok_and(|folder| !folder.permissions().readonly()),
        cameras: cameras.collect(),
    }
}

/// Refuses what names secrets or files elsewhere, unless it stands in the file already.
fn stays_here(toml: &str, before: Option<&str>) -> Result<(), ShelfError> {
    let parse = |text: &str| Site::parse("site.toml", text).ok();
    let (Some(now), before) = (parse(toml), before.and_then(parse)) else { return Ok(()) };
    let known = |camera: &str| {
        before.as_ref().and_then(|site| site.file().cameras.iter().find(|c| c.id == camera))
    };
    let leaves = |path: &Option<String>| {
        path.as_deref().is_some_and(|path| {
            !Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
        })
    };
    for camera in &now.file().cameras {
        let old = known(&camera.id);
        let refuse = |key, why| ShelfError::NotFromHere { key, camera: camera.id.clone(), why };
        if let Some(rtsp) = &camera.rtsp {
            let was = old.and_then(|camera| camera.rtsp.as_ref());
            let secrets = [
                ("password_env", &rtsp.password_env, was.map(|was| &was.password_env)),
                ("password_file", &rtsp.password_file, was.map(|was| &was.password_file)),
                ("tls_ca", &rtsp.tls_ca, was.map(|was| &was.tls_ca)),
            ];
            for (key, value, was_value) in secrets {
                if value.is_none() {
                    continue;
                }
                if key == "password_file" && is_own_password(now.id().as_str(), &camera.id, rtsp) {
                    continue;
                }
                if was_value != Some(value) {
                    return Err(refuse(key, "it names a secret or a file of the machine"));
                }
                // A password goes to the address it was meant for.
                if was.is_some_and(|was| was.url != rtsp.url) {
                    return Err(refuse(
                        "url",
                        "the camera has a password, which would go elsewhere; give it again for this address",
                    ));
                }
            }
        }
        if leaves(&camera.source) && old.map(|old| &old.source) != Some(&camera.source) {
            return Err(refuse("source", "it leaves the folder of the site file"));
        }
        let reference = camera.watch.reference.clone();
        if leaves(&reference) && old.map(|old| &old.watch.reference) != Some(&reference) {
            return Err(refuse("watch.reference", "it leaves the folder of the site file"));
        }
    }
    let log = &now.file().signals.log;
    if leaves(log) && before.as_ref().map(|site| &site.file().signals.log) != Some(log) {
        let why = "it leaves the folder of the site file";
        return Err(ShelfError::NotFromHere { key: "signals.log", camera: "-".to_owned(), why });
    }
    Ok(())
}

/// The text, on the disk and then in its place.
fn replace(path: &Path, text: &str) -> Result<(), ShelfError> {
    let io = |cause| ShelfError::Io { what: "the site file cannot be written", cause };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".site").tempfile_in(folder).map_err(io)?;
    file.write_all(text.as_bytes()).map_err(io)?;
    file.as_file().sync_all().map_err(io)?;
    // The program that watches the file may run as somebody else.
    if let Ok(old) = fs::metadata(path) {
        fs::set_permissions(file.path(), old.permissions()).map_err(io)?;
    }
    file.persist(path).map_err(|error| io(error.error))?;
    fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(io)
}

fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
