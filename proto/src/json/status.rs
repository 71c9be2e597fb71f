//! Lines of signal reports, health and dead letters.

use serde::Serialize;

use super::observation::clock_source;
use super::parts::{hex, json, rounded_f32};
use crate::{CameraHealth, DeadLetter, GapCause, ReportSource, SignalReport};

/// The line of a signal report, without a line break. `source` is `log` or `lamp`; a lamp names the
/// camera that saw it.
#[must_use]
pub fn signal_report_line(report: &SignalReport) -> String {
    let (source, camera) = match &report.source {
        ReportSource::Log => ("log", None),
        ReportSource::Lamp(camera) => ("lamp", Some(camera.as_str())),
    };
    json(&SignalReportLine {
        site: report.site.as_str(),
        group: &report.group,
        state: report.state.as_str(),
        time: report.time.to_string(),
        source,
        camera,
    })
}

/// The line of a camera's health, without a line break. `away` says why no pictures come; null while
/// they do.
#[must_use]
pub fn health_line(health: &CameraHealth) -> String {
    let stood_down = health.stood_down.iter().map(|reason| StandDownLine {
        condition: &reason.condition,
        since: reason.since.to_string(),
        detail: &reason.detail,
    });
    let frames = &health.frames;
    json(&HealthLine {
        site: health.site.as_str(),
        camera: health.camera.as_str(),
        run: health.run.as_str(),
        time: health.time.to_string(),
        connected: health.away.is_none(),
        away: health.away.map(GapCause::as_str),
        detail: &health.detail,
        stood_down: stood_down.collect(),
        frame_rate: rounded_f32(health.frame_rate),
        frames: FramesLine {
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
        clock_source: clock_source(health.clock_source),
        clock_offset_us: health.clock_offset_us,
        clock_uncertainty_us: health.clock_uncertainty_us,
        inference_ms: rounded_f32(health.inference_ms),
        provider: &health.provider,
        provider_fallback: &health.provider_fallback,
    })
}

/// The line of a dead letter, without a line break. `value` is in hex, and may be shorter than
/// `value_bytes` says. It is null for a passage, also where the letter has it: an appearance embedding
/// is written nowhere as text.
#[must_use]
pub fn dead_letter_line(letter: &DeadLetter) -> String {
    json(&DeadLetterLine {
        topic: &letter.topic,
        partition: letter.partition,
        offset: letter.offset,
        key: &letter.key,
        time: letter.time.to_string(),
        id: letter.id.as_deref(),
        value: (!letter.is_perishable()).then(|| hex(&letter.value)),
        value_bytes: letter.value_bytes,
        error: &letter.error,
        consumer: &letter.consumer,
        requeued: letter.requeued,
    })
}

#[derive(Serialize)]
struct SignalReportLine<'a> {
    site: &'a str,
    group: &'a str,
    state: &'static str,
    time: String,
    source: &'static str,
    camera: Option<&'a str>,
}

#[derive(Serialize)]
struct HealthLine<'a> {
    site: &'a str,
    camera: &'a str,
    run: &'a str,
    time: String,
    connected: bool,
    away: Option<&'static str>,
    detail: &'a str,
    stood_down: Vec<StandDownLine<'a>>,
    frame_rate: f64,
    frames: FramesLine,
    clock_source: &'static str,
    clock_offset_us: Option<i64>,
    clock_uncertainty_us: u32,
    inference_ms: f64,
    provider: &'a str,
    provider_fallback: &'a str,
}

#[derive(Serialize)]
struct StandDownLine<'a> {
    condition: &'a str,
    since: String,
    detail: &'a str,
}

#[derive(Serialize)]
struct FramesLine {
    received: u64,
    looked: u64,
    still: u64,
    lost: u64,
    stalled: u64,
    undecodable: u64,
    overload: u64,
    stood_down: u64,
    under_way: u64,
}

#[derive(Serialize)]
struct DeadLetterLine<'a> {
    topic: &'a str,
    partition: u32,
    offset: u64,
    key: &'a str,
    time: String,
    id: Option<&'a str>,
    value: Option<String>,
    value_bytes: u64,
    error: &'a str,
    consumer: &'a str,
    requeued: bool,
}
