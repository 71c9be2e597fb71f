//! A context of the C2PA library that reaches no network.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use c2pa::http::http::{Request, Response};
use c2pa::http::{HttpResolverError, SyncHttpResolver};
use c2pa::{Context, Settings};

/// Counts requests that were refused; tests hold it at zero.
pub(crate) static REFUSED: AtomicU64 = AtomicU64::new(0);

/// Refuses each request. The library is built without an HTTP client; this holds where another crate
/// of a program switches one on.
struct Refuse;

impl SyncHttpResolver for Refuse {
    fn http_resolve(
        &self,
        _request: Request<Vec<u8>>,
    ) -> Result<Response<Box<dyn Read>>, HttpResolverError> {
        REFUSED.fetch_add(1, Ordering::Relaxed);
        Err(HttpResolverError::SyncHttpResolverNotImplemented)
    }
}

/// Settings: no request, no thumbnail, and `anchors` (PEM) as the authorities that are trusted.
pub(crate) fn context(anchors: Option<&str>) -> c2pa::Result<Arc<Context>> {
    let mut settings = serde_json::json!({
        "core": { "allowed_network_hosts": [] },
        "verify": { "ocsp_fetch": false, "remote_manifest_fetch": false },
        "builder": { "thumbnail": { "enabled": false } },
    });
    if let Some(anchors) = anchors {
        settings["trust"] = serde_json::json!({ "trust_anchors": anchors });
    }
    let settings = Settings::new().with_json(&settings.to_string())?;
    Ok(Context::new().with_settings(settings)?.with_resolver(Refuse).into_shared())
}
