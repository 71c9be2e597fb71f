//! A camera's health as `/healthz` shows it.

use serde_json::{Value, json};
use wayside_proto::{CameraHealth, ClockSource};

/// The last health of a camera.
pub(super) fn health(health: &CameraHealth) -> Value {
    let frames = health.frames;
    json!({
        "time": health.time.to_string(),
        "connected": health.away.is_none(),
        "away": health.away.map(wayside_proto::GapCause::as_str),
        "detail": health.detail,
        "stood_down": health.stood_down.iter().map(|reason| json!({
            "condition": reason.condition,
            "since": reason.since.to_string(),
            "detail": reason.detail,
        })).collect::<Vec<_>>(),
        "frame_rate": health.frame_rate,
        "frames": {
            "received": frames.received,
            "looked": frames.looked,
            "still": frames.still,
            "lost": frames.lost,
            "stalled": frames.stalled,
            "undecodable": frames.undecodable,
            "overload": frames.overload,
            "stood_down": frames.stood_down,
            "under_way": frames.under_way,
        },
        "clock_source": match health.clock_source {
            ClockSource::Recording => "recording",
            ClockSource::Rtcp => "rtcp",
            ClockSource::Arrival => "arrival",
        },
        "clock_offset_us": health.clock_offset_us,
        "clock_uncertainty_us": health.clock_uncertainty_us,
        "inference_ms": health.inference_ms,
        "provider": health.provider,
        "provider_fallback": health.provider_fallback,
    })
}
