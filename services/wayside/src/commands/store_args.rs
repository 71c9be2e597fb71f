//! Where evidence packages are kept: a folder, or a bucket.

use clap::Args;
use wayside_evidence::{S3Options, Store};

use crate::failure::Failure;

/// Arguments of every command that uses the store of packages.
#[derive(Debug, Clone, Args)]
pub struct StoreArgs {
    /// Where packages are kept: a folder, or s3://BUCKET[/PREFIX], reached as `wayside evidence` does.
    #[arg(long, value_name = "DIR|s3://", env = "WAYSIDE_EVIDENCE_STORE")]
    pub store: String,
}

impl StoreArgs {
    /// Opens it. A folder that is not there is an error: nothing would be found in a new one.
    pub fn open(&self) -> Result<Store, Failure> {
        if !self.store.contains("://") && !std::path::Path::new(&self.store).is_dir() {
            return Err(Failure::input(format!(
                "{} is no folder with packages\n  hint: name the --store of `wayside evidence`",
                self.store
            )));
        }
        let s3 = S3Options::from_environment().map_err(Failure::input)?;
        Store::open(&self.store, &s3).map_err(Failure::failed)
    }
}
