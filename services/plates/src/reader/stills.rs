//! The offending vehicle, cut out of the stills of a sealed package.

use image::RgbImage;
use wayside_package::{Package, Part};
use wayside_proto::{BoxPx, Content, EventTime, Observation};

use super::ReadError;
use super::crop::{decode, vehicle};

/// The part of each moment.
const MOMENTS: [(&str, Part); 3] =
    [("before", Part::Before), ("at_line", Part::AtLine), ("after", Part::After)];

/// A box further than this from the still's instant is of another place, seconds.
const BOX_APART_S_MAX: f64 = 0.15;

/// The vehicle in each still that has a box of it.
pub(super) fn vehicles(package: &Package<'_>) -> Result<Vec<RgbImage>, ReadError> {
    let manifest = package.manifest();
    let observations = package.observations().map_err(ReadError::Package)?;
    let mut found = Vec::new();
    for still in &manifest.stills {
        let Some((_, part)) = MOMENTS.iter().find(|(moment, _)| *moment == still.moment) else {
            continue;
        };
        let Some(box_px) = box_at(&observations, manifest, still.time) else { continue };
        let picture = decode(package.part(*part))
            .map_err(|cause| ReadError::Still { part: part.name(), cause })?;
        // Boxes are in pixels of the camera's pictures, which the clip has too.
        let size = (manifest.clip.width_px, manifest.clip.height_px);
        found.extend(vehicle(&picture, box_px, size));
    }
    Ok(found)
}

fn box_at(
    observations: &[Observation],
    manifest: &wayside_package::Manifest,
    time: EventTime,
) -> Option<BoxPx> {
    let apart_s = |other: &Observation| other.time.since_s(time).abs();
    let of_camera = observations.iter().filter(|seen| {
        seen.camera.to_string() == manifest.camera
            && seen.run.to_string() == manifest.run
            && apart_s(seen) <= BOX_APART_S_MAX
    });
    let boxes = of_camera.filter_map(|seen| {
        let Content::Tracks { tracks, .. } = &seen.content else { return None };
        let track = tracks.iter().find(|track| track.id.0 == manifest.track)?;
        Some((apart_s(seen), track.box_px?))
    });
    boxes.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, box_px)| box_px)
}
