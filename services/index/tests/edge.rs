//! The embedded index keeps the contract.

mod common;
mod contract;
mod model;

use tempfile::TempDir;
use wayside_index::{EdgeIndex, EdgeOptions};

/// A directory.
struct Directory(TempDir);

impl contract::World for Directory {
    type Index = EdgeIndex;

    fn new() -> Result<Self, String> {
        Ok(Self(TempDir::new().expect("a directory")))
    }

    fn open(&self) -> EdgeIndex {
        common::open(self.0.path()).expect("an index")
    }

    fn open_small(&self, points_max: u64) -> EdgeIndex {
        let options = EdgeOptions { points_max, ..common::OPTIONS };
        EdgeIndex::open(self.0.path(), options).expect("an index")
    }
}

contract::contract_suite!(crate::Directory);
