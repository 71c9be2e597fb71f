//! What several tests need: chance from a seed, copies of directories.
#![allow(dead_code)]

use std::path::Path;

/// Numbers that look like chance and come from a seed (SplitMix64).
pub struct Chance(pub u64);

impl Chance {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }
}

/// Copies the files of a log, but not SQLite's shared memory: it is made anew.
pub fn copy_log(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a directory");
    for file in ["log.sqlite", "log.sqlite-wal", "lock"] {
        if from.join(file).exists() {
            std::fs::copy(from.join(file), to.join(file)).expect("a copy");
        }
    }
}

/// What a message says, without the name of a directory that is another one each time.
pub fn said(error: &wayside_bus::BusError, dir: &Path) -> String {
    error.to_string().replace(&dir.display().to_string(), "DIR")
}
