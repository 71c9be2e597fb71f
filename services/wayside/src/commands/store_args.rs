//! Where evidence packages are kept: a folder, or a bucket.

use clap::Args;
use wayside_evidence::{S3Options, Store};

use crate::failure::Failure;

/// Arguments of every command that uses the store of packages.
#[derive(Debug, Clone, Args)]
pub struct StoreArgs {
    /// Where packages are kept: a folder, or s3://BUCKET[/PREFIX], reached as `wayside evidence` does.
    // Always there but before a further word, as in `wayside review token`.
    #[arg(long, value_name = "DIR|s3://", env = "WAYSIDE_EVIDENCE_STORE", required = true)]
    pub store: Option<String>,
}

impl StoreArgs {
    /// Opens it. A folder that is not there is an error: nothing would be found in a new one.
    pub fn open(&self) -> Result<Store, Failure> {
        let store = self.store.as_deref().ok_or_else(|| Failure::input("--store is missing"))?;
        if !store.contains("://") && !std::path::Path::new(store).is_dir() {
            return Err(Failure::input(format!(
                "{store} is no folder with packages\n  hint: name the --store of `wayside evidence`"
            )));
        }
        let s3 = S3Options::from_environment().map_err(Failure::input)?;
        Store::open(store, &s3).map_err(Failure::failed)
    }
}
