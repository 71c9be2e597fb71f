//! Which certificates are trusted besides the system's.

use std::path::Path;
use std::sync::Arc;

use gio::prelude::*;
use gstreamer as gst;

use super::shared::Shared;
use super::source::LiveSource;
use crate::CaptureError;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// The system's own list is smaller.
const PEM_BYTES_MAX: u64 = 1 << 20;

/// Lets `rtspsrc` accept a certificate that the system does not trust, when one of the file does,
/// and only for the host that it names. Why one is refused is written down.
pub(super) fn trust(
    source: &LiveSource,
    element: &gst::Element,
    shared: &Arc<Shared>,
) -> Result<(), CaptureError> {
    if !source.tls() {
        return Ok(());
    }
    if !gio::TlsBackend::default().supports_tls() {
        return Err(CaptureError::MissingElement {
            element: "GIO TLS backend".to_owned(),
            purpose: "cameras with rtsps://",
            package: "glib-networking",
        });
    }
    let trusted = source.tls_ca.as_deref().map(read).transpose()?.unwrap_or_default();
    let shared = shared.clone();
    element.connect("accept-certificate", false, move |args| {
        let found = errors(args, &trusted);
        let accepted = found.is_some_and(|errors| errors.is_empty());
        if !accepted {
            shared.stream().certificate = Some(in_words(found));
        }
        Some(accepted.to_value())
    });
    Ok(())
}

/// What is wrong with the certificate that is asked about, in the eyes of the best of ours.
fn errors(args: &[gst::glib::Value], trusted: &[String]) -> Option<gio::TlsCertificateFlags> {
    let connection = args.get(1)?.get::<gio::TlsConnection>().ok()?;
    let peer = args.get(2)?.get::<gio::TlsCertificate>().ok()?;
    let system = args.get(3)?.get::<gio::TlsCertificateFlags>().ok()?;
    let identity = connection.downcast::<gio::TlsClientConnection>().ok()?.server_identity()?;
    // Certificates do not go from thread to thread; their texts do.
    let ours = trusted
        .iter()
        .filter_map(|pem| gio::TlsCertificate::from_pem(pem).ok())
        .map(|ca| peer.verify(Some(&identity), Some(&ca)));
    // A certificate that has nothing to do with it says nothing about it.
    let vague = gio::TlsCertificateFlags::GENERIC_ERROR;
    ours.chain([system]).min_by_key(|errors| (errors.contains(vague), errors.bits().count_ones()))
}

fn in_words(errors: Option<gio::TlsCertificateFlags>) -> String {
    use gio::TlsCertificateFlags as F;
    let words = [
        (F::UNKNOWN_CA, "nobody who is trusted signed it"),
        (F::BAD_IDENTITY, "it is for another name or address"),
        (F::NOT_ACTIVATED, "it is not valid yet"),
        (F::EXPIRED, "it has expired"),
        (F::REVOKED, "it was revoked"),
        (F::INSECURE, "its algorithm is weak"),
    ];
    let errors = errors.unwrap_or(F::GENERIC_ERROR);
    let found: Vec<_> =
        words.iter().filter(|(f, _)| errors.contains(*f)).map(|(_, w)| *w).collect();
    if found.is_empty() { "it cannot be checked".to_owned() } else { found.join(", ") }
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
