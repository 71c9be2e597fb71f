//! Downloads a model's file over https, bounded in size and time.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::checksum::hexadecimal;
use crate::manifest::Model;
use crate::{ErrorKind, InferenceError};

/// How long a download may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// To reach the server.
    pub(super) connect: Duration,
    /// Until the server answers.
    pub(super) answer: Duration,
    /// In all.
    pub(super) whole: Duration,
    /// Whether anything but https is refused, redirections included. Only tests say no.
    pub(super) https_only: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            answer: Duration::from_secs(30),
            whole: Duration::from_secs(15 * 60),
            https_only: true,
        }
    }
}

/// Fetches `url` into `target` by way of a partial file, which never has the final name before its
/// checksum was right and never outlives a failure.
///
/// # Errors
/// `Io` where writing failed, else `Download` with the cause.
pub(super) fn fetch(
    url: &str,
    model: &Model,
    target: &Path,
    limits: Limits,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(), InferenceError> {
    let failed = |cause: &dyn std::fmt::Display| {
        InferenceError::new(ErrorKind::Download, format!("cannot download {url}")).because(cause)
    };
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .https_only(limits.https_only)
        .max_redirects(5)
        .timeout_connect(Some(limits.connect))
        .timeout_recv_response(Some(limits.answer))
        .timeout_global(Some(limits.whole))
        .user_agent(concat!("wayside/", env!("CARGO_PKG_VERSION")))
        .build()
        .into();
    let mut response = agent.get(url).call().map_err(|error| failed(&error))?;
    // One byte more than the model has, so that a longer file is noticed.
    let mut body = response.body_mut().as_reader().take(model.size_bytes + 1);
    let partial = Partial::create(target)?;
    let mut file = partial.file()?;
    let (mut hash, mut done) = (Sha256::new(), 0_u64);
    let mut buffer = vec![0; 1 << 16];
    progress(0, model.size_bytes);
    loop {
        let count = body.read(&mut buffer).map_err(|error| failed(&error))?;
        if count == 0 {
            break;
        }
        hash.update(&buffer[..count]);
        file.write_all(&buffer[..count]).map_err(|error| unwritable(&partial.path, &error))?;
        done += count as u64;
        progress(done.min(model.size_bytes), model.size_bytes);
    }
    if done != model.size_bytes {
        let what = if done > model.size_bytes { "more than" } else { "only" };
        let shown = done.min(model.size_bytes);
        let size = model.size_bytes;
        return Err(failed(&format!("{what} {shown} bytes came, and the manifest says {size}")));
    }
    let found = hexadecimal(&hash.finalize());
    if found != model.sha256 {
        let sha256 = &model.sha256;
        return Err(failed(&format!("its SHA-256 is {found}, and the manifest says {sha256}")));
    }
    file.sync_all().map_err(|error| unwritable(&partial.path, &error))?;
    std::fs::rename(&partial.path, target).map_err(|error| unwritable(target, &error))
}

/// A file on its way; removed when dropped, unless it was renamed.
struct Partial {
    path: PathBuf,
}

impl Partial {
    fn create(target: &Path) -> Result<Self, InferenceError> {
        if let Some(folder) = target.parent() {
            std::fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
        }
        let mut name = target.file_name().unwrap_or_default().to_os_string();
        // Two processes may fetch at once; each has its own file.
        name.push(format!(".{}.partial", std::process::id()));
        Ok(Self { path: target.with_file_name(name) })
    }

    fn file(&self) -> Result<File, InferenceError> {
        File::create(&self.path).map_err(|error| unwritable(&self.path, &error))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // Gone already after a rename.
        let _ = std::fs::remove_file(&self.path);
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> InferenceError {
    InferenceError::new(ErrorKind::Io, format!("cannot write {}", path.display()))
        .because(error)
        .hint_at("make room, or name a folder for the cache that can be written to")
}
