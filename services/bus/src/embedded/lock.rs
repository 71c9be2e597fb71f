//! One process per directory. The lock is the system's and goes with the process; the file's
//! content, the process id, is only there to be named in an error, and to tell on the next opening
//! whether the last shutdown was clean.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::error::BusError;

const FILE: &str = "lock";
/// Digits that a process id can have; what is longer is none.
const PID_BYTES_MAX: u64 = 20;

/// A directory held by this process.
#[derive(Debug)]
pub(crate) struct DirLock {
    file: File,
    /// Whether the process before this one closed the log.
    pub(crate) was_clean: bool,
}

impl DirLock {
    pub(crate) fn take(dir: &Path) -> Result<Self, BusError> {
        let failed = |error: std::io::Error| BusError::io(dir, "opened", &error);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(dir.join(FILE))
            .map_err(failed)?;
        let taken = file.try_lock();
        let mut bytes = Vec::new();
        // A damaged lock file is no reason to refuse a log.
        let _ = Read::by_ref(&mut file).take(PID_BYTES_MAX).read_to_end(&mut bytes);
        let pid = String::from_utf8_lossy(&bytes).trim().parse::<u32>().ok();
        match taken {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(BusError::Locked { dir: dir.to_owned(), pid });
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        let lock = Self { file, was_clean: bytes.is_empty() };
        lock.say(&std::process::id().to_string()).map_err(failed)?;
        Ok(lock)
    }

    fn say(&self, text: &str) -> std::io::Result<()> {
        let mut file = &self.file;
        file.set_len(0)?;
        file.seek(SeekFrom::Start(0))?;
        file.write_all(text.as_bytes())
    }

    /// Notes that the log was closed. Where this fails, the next opening examines more than it
    /// need have.
    pub(crate) fn closed(&self) {
        let _ = self.say("");
    }
}
