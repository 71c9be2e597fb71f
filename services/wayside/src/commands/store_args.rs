//! Where evidence packages are kept: a folder, or a bucket.

use clap::Args;
use wayside_evidence::{S3Options, Store};

use crate::failure::Failure;

/// Arguments of every command that uses the store of packages.
#[derive(Debug, Clone, Args)]
pub struct StoreArgs {
    /// Where packages are kept: a folder, or s3://BUCKET[/PREFIX] with the usual variables AWS_REGION,
    /// AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or files that
    /// WAYSIDE_S3_ACCESS_KEY_ID_FILE, WAYSIDE_S3_SECRET_ACCESS_KEY_FILE and WAYSIDE_S3_CA_FILE name).
    #[arg(long, value_name = "PLACE", env = "WAYSIDE_STORE", default_value = "wayside-evidence")]
    pub store: String,
}

impl StoreArgs {
    /// Opens it. A folder is made where there is none.
    pub fn open(&self) -> Result<Store, Failure> {
        let s3 = S3Options::from_environment().map_err(Failure::input)?;
        Store::open(&self.store, &s3).map_err(Failure::failed)
    }
}
