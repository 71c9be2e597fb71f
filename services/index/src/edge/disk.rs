//! What files take up.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Bytes of a block, by the standard, whatever the file system's are.
const BLOCK_BYTES: u64 = 512;

/// Bytes on disk of everything below `path`; what goes away meanwhile counts nothing. Files here are
/// sparse: their length says little.
pub(crate) fn bytes(path: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(path) else { return 0 };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => bytes(&entry.path()),
            Ok(metadata) => metadata.blocks() * BLOCK_BYTES,
            Err(_) => 0,
        })
        .sum()
}
