//! One process per directory. The lock is the system's and goes with the process; the file's
//! content, the process id, is only there to be named in an error.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::error::IndexError;

const FILE: &str = "lock";
/// Digits that a process id can have; what is longer is none.
const PID_BYTES_MAX: u64 = 20;

/// A directory held by this process, until it is dropped.
#[derive(Debug)]
pub(super) struct DirLock {
    _file: File,
}

impl DirLock {
    pub(super) fn take(dir: &Path) -> Result<Self, IndexError> {
        let failed = |error: std::io::Error| IndexError::io(dir, "opened", &error);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(dir.join(FILE))
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                // What cannot be read is not named.
                let _ = Read::by_ref(&mut file).take(PID_BYTES_MAX).read_to_string(&mut text);
                let pid = text.trim().parse().ok();
                return Err(IndexError::Locked { dir: dir.to_owned(), pid });
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        file.set_len(0).map_err(failed)?;
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        file.write_all(std::process::id().to_string().as_bytes()).map_err(failed)?;
        Ok(Self { _file: file })
    }
}
