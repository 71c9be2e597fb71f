//! From a camera of the site file to what its thread needs.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use wayside_capture::live::{LiveOptions, LiveSource, Transport};
use wayside_capture::ring::RingLimits;
use wayside_inference::Detector;
use wayside_inference::regions::{RegionOptions, regions_with};
use wayside_ingest::live::CameraSetup;
use wayside_ingest::sections::{Embed, Ends};
use wayside_live::CameraConfig;
use wayside_live::clock::{ClockConfig, Reference as ClockReference};
use wayside_proto::{CameraId, EventTime, RunId};
use wayside_site::Site;
use wayside_site::model::{Camera, ClockReference as ClockKey, Rtsp, Transport as TransportKey};
use wayside_tracking::{Tracker, TrackerConfig};
use wayside_watch::{Reference, WatchConfig};

use super::secrets;
use crate::commands::run::IngestArgs;
use crate::failure::Failure;
use crate::replay::inputs::beside;
use crate::stills;

/// How long an attempt to open a stream may take.
const CONNECT_MAX: Duration = Duration::from_secs(5);
/// The session itself knows best what was missing when the time is over, so it may tell first.
const CONNECT_MARGIN: Duration = Duration::from_millis(500);
/// Between the first attempts on two cameras, so that not all of them open at the same instant.
const SPREAD: Duration = Duration::from_millis(40);

/// What is the same for all cameras of a worker.
pub(super) struct Common<'a> {
    pub(super) args: &'a IngestArgs,
    pub(super) run: &'a RunId,
    pub(super) detector: &'a Detector,
    /// Where a camera sees the end of a section.
    pub(super) embed: Option<&'a Embed>,
}

/// The cameras of a site that have a stream.
pub(super) fn live(site: &Site) -> impl Iterator<Item = (&Camera, &Rtsp)> {
    site.file().cameras.iter().filter_map(|camera| Some((camera, camera.rtsp.as_ref()?)))
}

/// What one camera's thread needs to know; `number` is its place among the worker's cameras.
pub(super) fn setup(
    common: &Common<'_>,
    (path, site): (&Path, &Site),
    (camera, rtsp): (&Camera, &Rtsp),
    seen_until: Option<EventTime>,
    number: usize,
) -> Result<CameraSetup, Failure> {
    let model = site
        .camera_model(&camera.id)
        .ok_or_else(|| Failure::failed(format!("camera {} has no calibration", camera.id)))?;
    let layout = common.detector.layout();
    let tracker = TrackerConfig {
        score_high: layout.score_min,
        score_low: layout.score_low,
        ..TrackerConfig::default()
    };
    let regions = regions_with(site, &camera.id, RegionOptions::of(common.detector));
    let moved = camera.watch.moved_share_max;
    let number = u64::try_from(number).unwrap_or(0);
    Ok(CameraSetup {
        config: CameraConfig {
            site: site.id(),
            camera: CameraId(camera.id.clone()),
            run: common.run.clone(),
            size_px: (camera.width_px, camera.height_px),
            silence_us_max: (rtsp.silence_s_max * 1e6) as u64,
            connect_us_max: micros(CONNECT_MAX + CONNECT_MARGIN),
            spread_us: micros(SPREAD).saturating_mul(number),
            clock: ClockConfig {
                error_ms_max: rtsp.clock_error_ms_max,
                reference: match rtsp.clock_reference {
                    ClockKey::Worker => ClockReference::Worker,
                    ClockKey::FirstReport => ClockReference::FirstReport,
                },
                declared_us: (camera.clock_uncertainty_ms * 1e3).round() as u32,
            },
        },
        source: LiveSource {
            url: rtsp.url.clone(),
            transport: match rtsp.transport {
                TransportKey::Tcp => Transport::Tcp,
                TransportKey::Udp => Transport::Udp,
            },
            credentials: secrets::credentials(&camera.id, rtsp, path)?,
            jitter_ms: rtsp.jitter_ms,
            tls_ca: rtsp.tls_ca.as_ref().map(|name| beside(path, name)),
        },
        options: LiveOptions {
            hardware_decoders: common.args.hardware_decoders,
            connect_timeout: CONNECT_MAX,
            ..LiveOptions::default()
        },
        tracker: Tracker::new(model.clone(), &site.file().lanes, tracker),
        ends: common.embed.and_then(|embed| Ends::new(site, &camera.id, embed.clone())),
        lamps: camera.lamps.clone(),
        watch: WatchConfig {
            moved_width_share_enter: moved,
            moved_width_share_leave: moved / 2.0,
            ..WatchConfig::default()
        },
        reference: reference(camera, path)?,
        motion_gate: camera.watch.motion_gate && !common.args.no_motion_gate,
        regions: Arc::from(regions),
        ring: RingLimits {
            window: Duration::from_secs(common.args.evidence_window_s),
            bytes_max: (common.args.evidence_mib_max as usize) << 20,
        },
        seen_until,
    })
}

fn micros(span: Duration) -> u64 {
    u64::try_from(span.as_micros()).unwrap_or(u64::MAX)
}

/// The picture that was calibrated on.
fn reference(camera: &Camera, path: &Path) -> Result<Option<Reference>, Failure> {
    let Some(name) = &camera.watch.reference else { return Ok(None) };
    let file = beside(path, name);
    let refused = |why: String| {
        Failure::input(format!(
            "camera {}: {} cannot be its reference: {why}\n  hint: give a picture of the empty road with the proportions of {}x{}; `wayside site reference` makes one",
            camera.id,
            file.display(),
            camera.width_px,
            camera.height_px
        ))
    };
    let picture = stills::read(&file).map_err(&refused)?;
    let reference =
        Reference::from_picture(&picture).map_err(|error| refused(error.to_string()))?;
    if !reference.fits(camera.width_px, camera.height_px) {
        return Err(refused(format!("it is {}x{}", picture.width, picture.height)));
    }
    Ok(Some(reference))
}
