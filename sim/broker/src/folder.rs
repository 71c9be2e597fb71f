//! Temporary folders that do not stay behind, even where the process that made them was killed.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::BrokerError;

const LOCK: &str = "lock";

/// A folder for one broker. A temporary one is removed when this is dropped, or by the next that is made
/// after its owner was killed: the lock file beside it is then no longer held.
#[derive(Debug)]
pub struct Folder {
    pub path: PathBuf,
    lock: Option<(PathBuf, File)>,
}

impl Folder {
    /// One that stays.
    pub fn kept(path: &Path) -> Result<Self, BrokerError> {
        std::fs::create_dir_all(path).map_err(BrokerError::file(path))?;
        // Java resolves the paths in its settings against its own working directory.
        let path = path.canonicalize().map_err(BrokerError::file(path))?;
        Ok(Self { path, lock: None })
    }

    /// A new one, after the removal of those whose owner is gone.
    pub fn temporary() -> Result<Self, BrokerError> {
        let user = rustix::process::getuid().as_raw();
        Self::temporary_in(&std::env::temp_dir().join(format!("wayside-broker-{user}")))
    }

    fn temporary_in(parent: &Path) -> Result<Self, BrokerError> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        std::fs::create_dir_all(parent).map_err(BrokerError::file(parent))?;
        sweep(parent);
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = parent.join(format!("{}-{number}", std::process::id()));
            let lock_path = path.with_extension(LOCK);
            if path.exists() {
                continue;
            }
            let lock = File::create(&lock_path).map_err(BrokerError::file(&lock_path))?;
            match lock.try_lock() {
                Ok(()) => {}
                // Another process sweeps at this moment.
                Err(TryLockError::WouldBlock) => continue,
                Err(TryLockError::Error(cause)) => {
                    return Err(BrokerError::File { path: lock_path, cause });
                }
            }
            std::fs::create_dir(&path).map_err(BrokerError::file(&path))?;
            return Ok(Self { path, lock: Some((lock_path, lock)) });
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Some((lock_path, _lock)) = &self.lock {
            let _ = std::fs::remove_dir_all(&self.path);
            let _ = std::fs::remove_file(lock_path);
        }
    }
}

/// Removes what nobody holds. A failure is no reason not to start: the next one tries again.
fn sweep(parent: &Path) {
    let Ok(entries) = std::fs::read_dir(parent) else { return };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.extension().is_none_or(|extension| extension != LOCK) {
            continue;
        }
        let Ok(file) = File::open(&path) else { continue };
        if file.try_lock().is_ok() {
            let _ = std::fs::remove_dir_all(path.with_extension(""));
            let _ = std::fs::remove_file(&path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Folder;

    #[test]
    fn what_nobody_holds_is_removed_and_what_is_held_stays() {
        let parent = tempfile::tempdir().expect("a folder");
        let held = Folder::temporary_in(parent.path()).expect("a folder");
        let left = parent.path().join("1-0");
        std::fs::create_dir(&left).expect("a folder");
        std::fs::write(left.join("data"), b"x").expect("a file");
        std::fs::write(parent.path().join("1-0.lock"), b"").expect("a file");
        let next = Folder::temporary_in(parent.path()).expect("a folder");
        assert!(!left.exists() && !parent.path().join("1-0.lock").exists());
        assert!(held.path.exists() && next.path.exists() && held.path != next.path);
        let path = held.path.clone();
        drop(held);
        assert!(!path.exists() && !path.with_extension("lock").exists());
    }
}
