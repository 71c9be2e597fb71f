//! The index on a server keeps the contract: over the shim, which has the engine of the real server
//! inside and speaks its protocol.

mod common;
mod contract;
mod model;

use tempfile::TempDir;
use wayside_index::shim::{Shim, ShimOptions};
use wayside_index::{ServerIndex, ServerOptions};

/// A server.
struct OverShim {
    // Stops before its directory goes.
    shim: Shim,
    _dir: TempDir,
}

impl OverShim {
    fn options(&self) -> ServerOptions {
        ServerOptions::new(&self.shim.url(), "passages", common::DIMENSION)
    }
}

impl contract::World for OverShim {
    type Index = ServerIndex;

    fn new() -> Result<Self, String> {
        let dir = TempDir::new().expect("a directory");
        let shim = Shim::start(dir.path(), ShimOptions::default()).expect("a server");
        Ok(Self { shim, _dir: dir })
    }

    fn open(&self) -> ServerIndex {
        ServerIndex::open(self.options()).expect("an index")
    }

    fn open_small(&self, points_max: u64) -> ServerIndex {
        ServerIndex::open(ServerOptions { points_max, ..self.options() }).expect("an index")
    }
}

contract::contract_suite!(crate::OverShim);
