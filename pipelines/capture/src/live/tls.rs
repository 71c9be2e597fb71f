//! Which certificates are trusted besides the system's.

use std::path::Path;

use gio::prelude::*;
use gstreamer as gst;

use super::source::LiveSource;
use crate::CaptureError;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// The system's own list is smaller.
const PEM_BYTES_MAX: u64 = 1 << 20;

/// Lets `rtspsrc` accept a certificate that the system does not trust, when one of the file does,
/// and only for the host that it names.
pub(super) fn trust(source: &LiveSource, element: &gst::Element) -> Result<(), CaptureError> {
    let Some(path) = source.tls_ca.as_deref().filter(|_| source.tls()) else { return Ok(()) };
    let trusted = read(path)?;
    element.connect("accept-certificate", false, move |args| {
        let accepted = (|| {
            let connection = args.get(1)?.get::<gio::TlsConnection>().ok()?;
            let peer = args.get(2)?.get::<gio::TlsCertificate>().ok()?;
            let identity =
                connection.downcast::<gio::TlsClientConnection>().ok()?.server_identity()?;
            // Certificates do not go from thread to thread; their texts do.
            Some(trusted.iter().any(|pem| {
                gio::TlsCertificate::from_pem(pem)
                    .is_ok_and(|ca| peer.verify(Some(&identity), Some(&ca)).is_empty())
            }))
        })();
        Some(accepted.unwrap_or(false).to_value())
    });
    Ok(())
}

/// The certificates of a PEM file, one text each. All can be read.
fn read(path: &Path) -> Result<Vec<String>, CaptureError> {
    let bad = |cause: String| CaptureError::BadSource {
        path: path.to_owned(),
        cause,
        hint: "Give a PEM file with the camera's certificate or that of its authority".to_owned(),
    };
    let length =
        std::fs::metadata(path).map_err(|e| bad(format!("it cannot be read ({e})")))?.len();
    if length > PEM_BYTES_MAX {
        return Err(bad(format!("{length} bytes are too many for certificates")));
    }
    let text = std::fs::read(path).map_err(|e| bad(format!("it cannot be read ({e})")))?;
    let text = String::from_utf8_lossy(&text);
    let blocks: Vec<String> = text
        .split(BEGIN)
        .skip(1)
        .filter_map(|rest| rest.split_once(END))
        .map(|(body, _)| format!("{BEGIN}{body}{END}\n"))
        .collect();
    if blocks.is_empty() {
        return Err(bad("there is no certificate in it".to_owned()));
    }
    for (n, block) in (1..).zip(&blocks) {
        gio::TlsCertificate::from_pem(block)
            .map_err(|e| bad(format!("certificate {n} cannot be read ({})", e.message())))?;
    }
    Ok(blocks)
}
