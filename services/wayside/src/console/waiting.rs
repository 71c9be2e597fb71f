//! How much waits for review, out of the desk of this process.

use std::collections::BTreeMap;
use std::sync::Arc;

use wayside_console::ReviewQueue;
use wayside_desk::Desk;

/// The queue of a desk.
#[derive(Clone)]
pub(super) struct OfDesk(pub(super) Arc<Desk>);

impl std::fmt::Debug for OfDesk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OfDesk")
    }
}

impl ReviewQueue for OfDesk {
    fn waiting(&self) -> Option<BTreeMap<String, u64>> {
        match self.0.waiting_by_site() {
            Ok(waiting) => Some(waiting),
            Err(error) => {
                tracing::warn!("the desk does not say how much waits: {error}");
                None
            }
        }
    }
}
