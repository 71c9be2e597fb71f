//! The embedded log keeps the contract of a bus.

mod contract;

use tempfile::TempDir;
use wayside_bus::{Log, LogOptions};

/// A directory.
struct Directory(TempDir);

impl contract::World for Directory {
    type Bus = Log;

    fn new() -> Self {
        Self(TempDir::new().expect("a directory"))
    }

    fn open(&self) -> Log {
        Log::open(self.0.path(), LogOptions::default()).expect("a log")
    }
}

contract::contract_suite!(crate::Directory);
