//! `wayside.v1.CameraHealth`.

use super::ConvertError;
use super::check::{self, Checked, wrong, wrong_text};
use super::observation::{
    clock_source_from_wire, clock_source_to_wire, gap_cause_from_wire, gap_cause_to_wire,
};
use crate::{CameraHealth, CameraId, EventTime, FrameCounts, RunId, SiteId, StandDown, wire};

/// Bytes of one sentence.
const SENTENCE_BYTES_MAX: usize = 4_096;
/// Bytes of an address.
const URL_BYTES_MAX: usize = 512;
/// Reasons to stand down that one message may have.
const REASONS_MAX: usize = 32;

impl TryFrom<&CameraHealth> for wire::CameraHealth {
    type Error = ConvertError;

    fn try_from(health: &CameraHealth) -> Checked<Self> {
        let frames = health.frames;
        let message = Self {
            site: health.site.0.clone(),
            camera: health.camera.0.clone(),
            run: health.run.0.clone(),
            time_us: health.time.0,
            connected: health.away.is_none(),
            away: health.away.map_or(wire::GapCause::Unspecified, gap_cause_to_wire).into(),
            detail: health.detail.clone(),
            stood_down: health
                .stood_down
                .iter()
                .map(|reason| wire::StandDown {
                    condition: reason.condition.clone(),
                    since_us: reason.since.0,
                    detail: reason.detail.clone(),
                })
                .collect(),
            frame_rate: health.frame_rate,
            frames: Some(wire::FrameCounts {
                received: frames.received,
                looked: frames.looked,
                still: frames.still,
                lost: frames.lost,
                stalled: frames.stalled,
                undecodable: frames.undecodable,
                overload: frames.overload,
                stood_down: frames.stood_down,
                under_way: frames.under_way,
            }),
            clock_source: clock_source_to_wire(health.clock_source).into(),
            clock_offset_us: health.clock_offset_us,
            clock_uncertainty_us: health.clock_uncertainty_us,
            inference_ms: health.inference_ms,
            provider: health.provider.clone(),
            provider_fallback: health.provider_fallback.clone(),
            clips_url: health.clips_url.clone(),
        };
        check(&message)?;
        Ok(message)
    }
}

impl TryFrom<wire::CameraHealth> for CameraHealth {
    type Error = ConvertError;

    fn try_from(message: wire::CameraHealth) -> Checked<Self> {
        check(&message)?;
        let away =
            if message.connected { None } else { Some(gap_cause_from_wire("away", message.away)?) };
        let frames = message.frames.unwrap_or_default();
        Ok(Self {
            clock_source: clock_source_from_wire(message.clock_source)?,
            site: SiteId(message.site),
            camera: CameraId(message.camera),
            run: RunId(message.run),
            time: EventTime(message.time_us),
            away,
            detail: message.detail,
            stood_down: message
                .stood_down
                .into_iter()
                .map(|reason| StandDown {
                    condition: reason.condition,
                    since: EventTime(reason.since_us),
                    detail: reason.detail,
                })
                .collect(),
            frame_rate: message.frame_rate,
            frames: FrameCounts {
                received: frames.received,
                looked: frames.looked,
                still: frames.still,
                lost: frames.lost,
                stalled: frames.stalled,
                undecodable: frames.undecodable,
                overload: frames.overload,
                stood_down: frames.stood_down,
                under_way: frames.under_way,
            },
            clock_offset_us: message.clock_offset_us,
            clock_uncertainty_us: message.clock_uncertainty_us,
            inference_ms: message.inference_ms,
            provider: message.provider,
            provider_fallback: message.provider_fallback,
            clips_url: message.clips_url,
        })
    }
}

fn check(message: &wire::CameraHealth) -> Checked {
    check::id("site", &message.site)?;
    check::id("camera", &message.camera)?;
    check::name("run", &message.run)?;
    check::time("time_us", message.time_us)?;
    clock_source_from_wire(message.clock_source)?;
    if message.connected {
        if message.away != 0 {
            return Err(wrong("away", message.away, "absent while connected"));
        }
    } else {
        gap_cause_from_wire("away", message.away)?;
    }
    check::not_negative("frame_rate", message.frame_rate.into())?;
    check::not_negative("inference_ms", message.inference_ms.into())?;
    let sentences = [
        ("detail", &message.detail),
        ("provider", &message.provider),
        ("provider_fallback", &message.provider_fallback),
    ];
    for (field, text) in sentences {
        sentence(field, text)?;
    }
    if let Some(url) = &message.clips_url {
        web_address("clips_url", url)?;
    }
    if message.stood_down.len() > REASONS_MAX {
        let found = format!("{} reasons", message.stood_down.len());
        return Err(wrong("stood_down", found, format!("at most {REASONS_MAX} reasons")));
    }
    for (index, reason) in message.stood_down.iter().enumerate() {
        let at = |name: &str| format!("stood_down[{index}].{name}");
        check::id(&at("condition"), &reason.condition)?;
        check::time(&at("since_us"), reason.since_us)?;
        sentence(&at("detail"), &reason.detail)?;
    }
    Ok(())
}

/// An address that begins with http:// or https://, without user, spaces or control characters.
fn web_address(field: &str, url: &str) -> Checked {
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    let plain = |rest: &str| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_graphic());
    let named = |rest: &str| !rest.starts_with('/') && !rest.contains('@');
    if url.len() <= URL_BYTES_MAX && rest.is_some_and(|rest| plain(rest) && named(rest)) {
        return Ok(());
    }
    Err(wrong_text(field, url, "an http or https address without a user"))
}

fn sentence(field: &str, text: &str) -> Checked {
    if text.len() <= SENTENCE_BYTES_MAX {
        return Ok(());
    }
    Err(wrong(
        field,
        format!("{} bytes", text.len()),
        format!("at most {SENTENCE_BYTES_MAX} bytes"),
    ))
}
