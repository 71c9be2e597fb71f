//! Where the vectors of section passages are: in this process, or on a Qdrant server.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use wayside_enforcement::VECTOR_DIMENSION;
use wayside_index::{Index, ServerIndex, ServerOptions};

use crate::failure::Failure;

/// The environment variable that may hold the server's key.
const API_KEY: &str = "WAYSIDE_QDRANT_API_KEY";
/// Name of the collection on a server.
const COLLECTION: &str = "wayside-passages";

/// Arguments of commands that measure sections.
#[derive(Debug, Clone, Args)]
pub struct IndexArgs {
    /// Qdrant server for the vectors of section passages, its gRPC address; https for TLS. Its key comes from
    /// WAYSIDE_QDRANT_API_KEY. Where absent, they are kept in this process, in the folder `index` (or
    /// `index-INSTANCE`) of the data.
    #[arg(long, value_name = "URL", env = "WAYSIDE_QDRANT_URL")]
    pub qdrant: Option<String>,
    /// Certificate of the authority that signed the server's, PEM.
    #[arg(long, value_name = "FILE", requires = "qdrant")]
    pub qdrant_ca: Option<PathBuf>,
}

impl IndexArgs {
    /// Opens the index. Each process of a fleet has a folder of its own: what is in it comes back from the
    /// bus when a partition goes to another.
    pub fn open(&self, data: &Path, instance: Option<&str>) -> Result<Arc<dyn Index>, Failure> {
        let Some(url) = &self.qdrant else {
            let name = instance.map_or("index".to_owned(), |instance| format!("index-{instance}"));
            return embedded(&data.join(name));
        };
        let mut options = ServerOptions::new(url, COLLECTION, VECTOR_DIMENSION);
        options.api_key = std::env::var(API_KEY).ok().filter(|key| !key.is_empty());
        options.ca_file.clone_from(&self.qdrant_ca);
        options.jitter_seed = u64::from(std::process::id());
        Ok(Arc::new(ServerIndex::open(options).map_err(Failure::failed)?))
    }
}

#[cfg(feature = "edge")]
fn embedded(dir: &Path) -> Result<Arc<dyn Index>, Failure> {
    let options = wayside_index::EdgeOptions {
        dimension: VECTOR_DIMENSION,
        points_max: wayside_index::POINTS_MAX.min(200_000),
    };
    Ok(Arc::new(wayside_index::EdgeIndex::open(dir, options).map_err(Failure::failed)?))
}

#[cfg(not(feature = "edge"))]
fn embedded(_: &Path) -> Result<Arc<dyn Index>, Failure> {
    Err(Failure::input(
        "the site files name sections, and this build has no vector index of its own\n  hint: name a Qdrant server with --qdrant URL, or build with the feature `edge`",
    ))
}
