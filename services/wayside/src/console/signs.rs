//! What signs show, for a console that does not drive them: worked out from their messages on the bus, as every place
//! with these signs works it out. Nothing is written, and no sign is told anything.

use std::path::Path;
use std::sync::Arc;

use wayside_bus::Bus;
use wayside_dms::{DmsError, Options, Service};

use crate::signs;
use crate::sites::Sites;

/// Name of a source that never writes.
const NOBODY: &str = "console";

/// Follows the signs of these sites; none where they have none, or cannot be followed, which is logged.
pub(super) fn looking(
    bus: &Arc<dyn Bus>,
    sites: &Sites,
    templates: Option<&Path>,
    pages_url: Option<&str>,
) -> Option<Service> {
    let templates = match signs::templates(templates) {
        Ok(templates) => templates,
        Err(failure) => {
            tracing::warn!("the console shows no signs: {failure}");
            return None;
        }
    };
    let options = Options {
        feed: false,
        tell: false,
        pages_url: pages_url.map(|url| url.trim_end_matches('/').to_owned()),
        ..Options::new(NOBODY, templates)
    };
    match Service::start(Arc::clone(bus), &signs::site_files(sites), options) {
        Ok(service) => Some(service),
        Err(DmsError::NoSign) => None,
        Err(error) => {
            tracing::warn!("the console shows no signs: {error}");
            None
        }
    }
}
