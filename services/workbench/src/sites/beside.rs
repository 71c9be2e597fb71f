//! What lies beside a site file and is named in it: signal logs that engineers bring, and passwords of cameras.
//!
//! Neither holds before the site file names it. A log has its content in its name, a password the address that it
//! is for: what runs never changes under somebody's hands, and a password goes nowhere else.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use wayside_site::model::Rtsp;

use super::shelf::{Shelf, ShelfError};

/// Most bytes of a signal log.
pub const LOG_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Most bytes of a password.
pub const PASSWORD_BYTES_MAX: usize = 512;
/// Most logs of a site, and most passwords.
const FILES_MAX: usize = 64;
/// Digits of a digest in a name.
const DIGITS: usize = 16;

impl Shelf {
    /// Keeps a signal log of a site and says by which name its file can name it. A site that is not saved yet
    /// keeps it where new sites go.
    ///
    /// # Errors
    /// Where there is no folder for it, or too many are there.
    pub fn keep_log(&self, site: &str, text: &str, lines: bool) -> Result<String, ShelfError> {
        let end = if lines { "jsonl" } else { "csv" };
        let name = format!("{site}-signals-{}.{end}", digits(text.as_bytes()));
        self.keep(site, &format!("{site}-signals-"), &name, text.as_bytes())?;
        Ok(name)
    }

    /// Keeps the password of a camera for this address alone, and says by which name the file can name it.
    ///
    /// # Errors
    /// As [`Shelf::keep_log`].
    pub fn keep_password(
        &self,
        site: &str,
        camera: &str,
        url: &str,
        password: &str,
    ) -> Result<String, ShelfError> {
        let name = password_name(site, camera, url);
        self.keep(site, &format!("{site}-password-"), &name, password.as_bytes())?;
        Ok(name)
    }

    fn keep(&self, site: &str, kind: &str, name: &str, bytes: &[u8]) -> Result<(), ShelfError> {
        // A name of a path has no place in a name of a file.
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if site.is_empty() || site.len() > 64 || !site.bytes().all(plain) {
            return Err(ShelfError::Unknown(site.chars().take(64).collect()));
        }
        let beside = self.path(site).or_else(|| self.drafts()).ok_or(ShelfError::NoFolder)?;
        let folder = folder_of(&beside);
        let io = |cause| ShelfError::Io { what: "it cannot be kept beside the site file", cause };
        let path = folder.join(name);
        let others = fs::read_dir(&folder).map_err(io)?.flatten();
        let others = others.filter(|entry| entry.file_name().to_string_lossy().starts_with(kind));
        if !path.exists() && others.count() >= FILES_MAX {
            return Err(ShelfError::TooManyBeside);
        }
        let mut file =
            tempfile::Builder::new().prefix(".beside").tempfile_in(&folder).map_err(io)?;
        file.write_all(bytes).map_err(io)?;
        file.as_file().sync_all().map_err(io)?;
        // For its owner alone, as the temporary file is.
        file.persist(&path).map_err(|error| io(error.error))?;
        Ok(())
    }
}

/// The folder of a file.
fn folder_of(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new(".")).to_owned()
}

/// Whether the password that a camera names was kept for it and for this very address.
pub(super) fn is_own_password(site: &str, camera: &str, rtsp: &Rtsp) -> bool {
    rtsp.password_file.as_deref() == Some(password_name(site, camera, &rtsp.url).as_str())
}

fn password_name(site: &str, camera: &str, url: &str) -> String {
    // Lengths keep `a-b` and `c` from being `a` and `b-c`.
    let whose = format!("{}/{site}/{}/{camera}/{url}", site.len(), camera.len());
    format!("{site}-password-{}", digits(whose.as_bytes()))
}

fn digits(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    hex.get(..DIGITS).unwrap_or_default().to_owned()
}
