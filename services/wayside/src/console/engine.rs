//! What the workbench has done by the program: the same code as its commands.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use wayside_bus::Bus;
use wayside_capture::{Reader, ReaderOptions};
use wayside_http::Clock;
use wayside_picture::{Picture, PixelRect};
use wayside_proto::{CameraId, EventTime, SiteId};
use wayside_site::model::Footage;
use wayside_workbench::engine::{
    Engine, Frame, Outcome, Probe, ReplayOrder, SceneOrder, SignalLog, Watched, WhatifOrder,
};

use super::pictures::Cameras;
use super::{judged, logs, receipts, replayed, scenes};
use crate::background::median;
use crate::cli::ModelArgs;
use crate::commands::site_picture;
use crate::replay::inputs;
use crate::stills;

/// Quality of pictures to calibrate on: edges must be seen.
const JPEG_QUALITY: u8 = 90;

/// How long a live picture is waited for, and how often one is asked for.
const LIVE_MAX: Duration = Duration::from_secs(5);
const LIVE_LOOK: Duration = Duration::from_millis(100);

/// The program.
pub(super) struct Program {
    pub(super) bus: Arc<dyn Bus>,
    pub(super) models: ModelArgs,
    /// Where pictures of cameras come from.
    pub(super) cameras: Option<Arc<Cameras>>,
    pub(super) clock: Clock,
}

impl std::fmt::Debug for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Program")
    }
}

impl Engine for Program {
    fn frame(&self, file: &Path, at_s: f64, simulated: bool) -> Result<Frame, String> {
        // A picture by itself, or the empty road of a recording.
        let picture = match stills::read(file) {
            Ok(picture) => picture,
            Err(_) => empty_road(file, at_s)?,
        };
        let footage = if simulated { Footage::Simulated } else { Footage::Real };
        let quarters = quarters(&picture);
        let hidden = site_picture::hidden(picture, footage, &self.models, |_| quarters.clone());
        jpeg(&hidden.map_err(|failure| failure.to_string())?)
    }

    fn live_frame(&self, site: &str, camera: &str) -> Result<Frame, String> {
        let Some(cameras) = &self.cameras else {
            return Err(format!(
                "nobody here has pictures of camera {camera}\n  hint: bring a recording of it"
            ));
        };
        let (site, camera) = (SiteId(site.to_owned()), CameraId(camera.to_owned()));
        let began = Instant::now();
        loop {
            match cameras.frame(&site, &camera) {
                Ok(frame) => return Ok(frame),
                // The first question has pictures made.
                Err(none) if none.soon && began.elapsed() < LIVE_MAX => {
                    std::thread::sleep(LIVE_LOOK);
                }
                Err(none) => return Err(none.why),
            }
        }
    }

    fn probe(&self, file: &Path) -> Result<Probe, String> {
        let source = inputs::source(file, None).map_err(|failure| failure.to_string())?;
        let mut reader = Reader::open(&source, ReaderOptions::default()).map_err(explained)?;
        // A head that can be read may belong to pictures that cannot.
        let first = reader.next().map_err(explained)?;
        if first.is_none() {
            return Err("it has no frames".to_owned());
        }
        let info = reader.info();
        Ok(Probe {
            width_px: info.width,
            height_px: info.height,
            frame_rate: info.fps,
            duration_s: info.duration.map(|duration| duration.as_secs_f64()),
        })
    }

    fn replay(&self, order: &ReplayOrder, watched: &Watched) -> Result<Outcome, String> {
        replayed::replay(order, &self.models, watched)
    }

    fn whatif(&self, order: &WhatifOrder, watched: &Watched) -> Result<Outcome, String> {
        judged::whatif(&self.bus, order, watched)
    }

    fn scene(&self, order: &SceneOrder) -> Result<serde_json::Value, String> {
        scenes::scene(order).map_err(|failure| failure.to_string())
    }

    fn signal_log(&self, text: &str, lines: bool) -> Result<SignalLog, String> {
        logs::look(text, lines)
    }

    fn receipt(&self, count: u64, _bytes: u64, now: EventTime) -> Result<(), String> {
        receipts::recordings(&self.bus, count, now)
    }

    fn now(&self) -> EventTime {
        self.clock.now()
    }
}

fn empty_road(file: &Path, at_s: f64) -> Result<Picture, String> {
    let source = inputs::source(file, None).map_err(|failure| failure.to_string())?;
    let mut reader = Reader::open(&source, ReaderOptions::default()).map_err(explained)?;
    let picture = median(|| reader.next(), at_s).map_err(explained)?;
    picture.ok_or_else(|| "it has no frames".to_owned())
}

/// No site file says yet where people can be, so small ones are looked for everywhere.
fn quarters(picture: &Picture) -> Vec<PixelRect> {
    let (width, height) = (picture.width / 4 * 2, picture.height / 4 * 2);
    let at = |x, y| PixelRect { x, y, width, height };
    vec![at(0, 0), at(width, 0), at(0, height), at(width, height)]
}

fn explained(error: wayside_capture::CaptureError) -> String {
    // The name of an uploaded file is one of ours and says nothing to a person.
    error.to_string()
}

fn jpeg(picture: &Picture) -> Result<Frame, String> {
    let mut jpeg = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, JPEG_QUALITY)
        .encode(&picture.to_rgb(), picture.width, picture.height, image::ExtendedColorType::Rgb8)
        .map_err(|error| format!("the picture cannot be encoded: {error}"))?;
    Ok(Frame { jpeg, width_px: picture.width, height_px: picture.height })
}
