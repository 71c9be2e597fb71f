//! SHA-256 of files.

use std::fmt::Write as _;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::{ErrorKind, InferenceError};

/// SHA-256 of a file, in lower-case hexadecimal, and its size in bytes.
///
/// # Errors
/// The file cannot be read.
pub fn sha256_of(file: &Path) -> Result<(String, u64), InferenceError> {
    let unreadable = |error: std::io::Error| {
        let problem = format!("cannot read {}", file.display());
        InferenceError::new(ErrorKind::Io, problem).because(error)
    };
    let mut opened = std::fs::File::open(file).map_err(unreadable)?;
    let (mut hash, mut size) = (Sha256::new(), 0_u64);
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = opened.read(&mut buffer).map_err(unreadable)?;
        if count == 0 {
            return Ok((hexadecimal(&hash.finalize()), size));
        }
        hash.update(&buffer[..count]);
        size += count as u64;
    }
}

/// As [`sha256_of`], of bytes in memory.
pub(crate) fn sha256_of_bytes(bytes: &[u8]) -> (String, u64) {
    (hexadecimal(&Sha256::digest(bytes)), bytes.len() as u64)
}

/// Bytes as lower-case hexadecimal digits.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
