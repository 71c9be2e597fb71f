//! Deletes what has outlived its retention, and tells how large the log is.

use std::time::{Duration, Instant};

use wayside_bus::{Log, Topic};
use wayside_ingest::live::WorkerClock;
use wayside_telemetry::{BusMetrics, span};

use crate::commands::run::IngestArgs;

/// How often.
const EVERY: Duration = Duration::from_secs(60);

pub(super) struct Retention {
    keep_us: i64,
    bytes_max: u64,
    last: Option<Instant>,
    metrics: BusMetrics,
}

impl Retention {
    pub(super) fn new(args: &IngestArgs) -> Self {
        Self {
            keep_us: i64::from(args.retention_h) * 3_600_000_000,
            bytes_max: args.retention_mib_max << 20,
            last: None,
            metrics: BusMetrics::new(),
        }
    }

    pub(super) fn look(&mut self, log: &Log, clock: &WorkerClock) {
        if self.last.is_some_and(|last| last.elapsed() < EVERY) {
            return;
        }
        self.last = Some(Instant::now());
        let before = clock.now().wall.0.saturating_sub(self.keep_us);
        for topic in Topic::ALL {
            let _span = span!(BusRetain, topic = topic.name()).entered();
            // What stays goes by size alone, and only far beyond what a worker ever writes of it.
            let before = if topic.stays() { i64::MIN } else { before };
            match log.retain(topic, before, self.bytes_max) {
                Ok(deleted) if deleted.records > 0 => {
                    self.metrics.deleted(super::topic_label(topic), deleted.records);
                    tracing::info!(
                        "{topic}: {} records ({} bytes) have outlived their retention and are deleted",
                        deleted.records,
                        deleted.bytes
                    );
                }
                Ok(_) => {}
                Err(error) => tracing::error!("{topic}: retention failed: {error}"),
            }
        }
        if let Ok(stats) = log.stats() {
            self.metrics.bytes(stats.file_bytes);
        }
    }
}
