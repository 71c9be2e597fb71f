//! Receipts of recordings that the console deletes.

use std::sync::Arc;

use wayside_bus::Bus;
use wayside_proto::{Deletion, EventTime};

/// The chain of recordings that engineers brought.
const CHAIN: &str = "console/recordings";

/// Says that `count` recordings go now.
pub(super) fn recordings(bus: &Arc<dyn Bus>, count: u64, now: EventTime) -> Result<(), String> {
    let policy = "brought to the console".to_owned();
    let deletion = Deletion { deleted: count, span: None, limit: now, when: now, policy };
    wayside_retention::receipt(bus.as_ref(), CHAIN, deletion).map_err(|error| error.to_string())
}
