//! How the engine keeps points: dot product, no graph, small log files.

use std::num::NonZeroUsize;

use qdrant_edge::{
    DEFAULT_VECTOR_NAME, Distance, EdgeConfig, EdgeOptimizersConfig, EdgeVectorParams,
    HnswIndexConfig, WalOptions,
};

/// A file of the log. The log is never read back (see `store`), so that it may be small.
const LOG_BYTES: usize = 4 << 20;

pub(crate) fn config(dimension: usize) -> EdgeConfig {
    let no_graph = HnswIndexConfig { m: 0, ..HnswIndexConfig::default() };
    EdgeConfig::builder()
        .vector(DEFAULT_VECTOR_NAME, EdgeVectorParams::builder(dimension, Distance::Dot).build())
        .on_disk_payload(true)
        .hnsw_config(no_graph)
        .optimizers(EdgeOptimizersConfig {
            default_segment_number: Some(1),
            ..EdgeOptimizersConfig::default()
        })
        .wal_options(WalOptions {
            segment_capacity: LOG_BYTES,
            segment_queue_len: 0,
            retain_closed: NonZeroUsize::MIN,
        })
        .build()
}
