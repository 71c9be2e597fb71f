//! `wayside site draw|reference`: pictures of a camera's view, without people and plates.

use std::path::Path;

use wayside_capture::{Reader, ReaderOptions};
use wayside_inference::Detector;
use wayside_inference::regions::{RegionOptions, regions_with};
use wayside_picture::{Picture, PixelRect, Scaler};
use wayside_redaction::Redactor;
use wayside_site::Site;
use wayside_site::model::{Camera, Footage};

use crate::background::median;
use crate::cli::{ModelArgs, ViewArgs};
use crate::failure::Failure;
use crate::models;
use crate::replay::inputs;

/// Width at which the camera watch compares.
const REFERENCE_WIDTH_PX: u32 = 320;

/// Draws the site over the empty road.
pub(super) fn draw(view: &ViewArgs, out: &Path) -> Result<(), Failure> {
    let (site, _) = inputs::site(&view.site)?;
    let camera = inputs::camera(&site, view.camera.as_deref())?;
    let picture = empty_road(view, &site, camera)?;
    let drawn = wayside_report::draw_site(&site, &camera.id, &picture);
    save(&drawn, out)?;
    println!("{} shows camera {} with the site drawn over it", out.display(), camera.id);
    Ok(())
}

/// Keeps the empty road for the camera watch.
pub(super) fn reference(view: &ViewArgs, out: &Path) -> Result<(), Failure> {
    let (site, _) = inputs::site(&view.site)?;
    let camera = inputs::camera(&site, view.camera.as_deref())?;
    let picture = empty_road(view, &site, camera)?;
    let (width, height) = (camera.width_px, camera.height_px);
    if (picture.width, picture.height) != (width & !1, height & !1) {
        return Err(Failure::input(format!(
            "camera {}: the recording is {}x{}, the calibration is for {width}x{height}\n  hint: record the stream that will be watched",
            camera.id, picture.width, picture.height
        )));
    }
    // The watch compares small pictures; nobody can be known in one, should the detector have missed
    // them.
    let width = REFERENCE_WIDTH_PX.min(picture.width);
    let height = (width * picture.height / picture.width).max(2) & !1;
    let mut scaler = Scaler::new();
    let small = scaler.scale(&picture, picture.rect(), width, height).map_err(Failure::failed)?;
    let rgb = image::RgbImage::from_raw(small.width, small.height, small.to_rgb())
        .ok_or_else(|| Failure::failed("a picture has too few pixels"))?;
    save(&rgb, out)?;
    println!(
        "{} shows the empty road of camera {}; name it in its [camera.watch] as `reference`",
        out.display(),
        camera.id
    );
    Ok(())
}

fn save(picture: &image::RgbImage, out: &Path) -> Result<(), Failure> {
    picture
        .save_with_format(out, image::ImageFormat::Png)
        .map_err(|error| Failure::failed(format!("{} cannot be written: {error}", out.display())))
}

/// The median over seconds of the camera's recording.
fn empty_road(view: &ViewArgs, site: &Site, camera: &Camera) -> Result<Picture, Failure> {
    let recording = match (&view.video, &camera.source) {
        (Some(video), _) => video.to_owned(),
        (None, Some(source)) => inputs::beside(&view.site, source),
        (None, None) => {
            return Err(Failure::input(format!(
                "camera {} has no source\n  hint: name a recording with --video",
                camera.id
            )));
        }
    };
    let source = inputs::source(&recording, camera.sequence_fps)?;
    let mut reader = Reader::open(&source, ReaderOptions::default()).map_err(Failure::input)?;
    let picture = median(|| reader.next(), view.at)
        .map_err(Failure::input)?
        .ok_or_else(|| Failure::input(format!("{} has no frames", recording.display())))?;
    let regions = |detector: &Detector| regions_with(site, &camera.id, RegionOptions::of(detector));
    hidden(picture, site.file().footage_of(&camera.id), &view.models, regions)
}

/// The picture without people and plates (PV-1): moving ones are gone from a median, standing ones
/// are found by the detector, which looks at the whole and at `regions`. Without a detector the whole
/// picture is made coarse.
pub(crate) fn hidden(
    mut picture: Picture,
    footage: Footage,
    args: &ModelArgs,
    regions: impl Fn(&Detector) -> Vec<PixelRect>,
) -> Result<Picture, Failure> {
    match models::open(args, footage, &mut |text| eprintln!("{text}"))
        .and_then(|models| models.detector())
    {
        Ok(mut detector) => {
            let mut tiles = regions(&detector);
            tiles.push(picture.rect());
            let found = detector
                .detect(&picture, &tiles)
                .map_err(|error| Failure::failed(error.report()))?;
            let road_users: Vec<_> =
                found.iter().map(|found| (found.class, found.box_px)).collect();
            Redactor::new(picture.width, picture.height).redact(&mut picture, &road_users);
        }
        Err(failure) => {
            eprintln!(
                "the picture is made coarse, since no detector can look for people: {failure}"
            );
            let whole = picture.rect();
            picture.pixelate(whole, COARSE_PX).map_err(Failure::failed)?;
        }
    }
    Ok(picture)
}

/// Blocks that hide a face and a plate and leave kerbs and lines to be seen.
const COARSE_PX: u32 = 8;
