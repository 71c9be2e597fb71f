//! Cameras: picture, calibration, lamps.

use super::findings::{Findings, did_you_mean};
use super::locate::Path;
use super::{check_calibration, check_live};
use crate::geometry::CameraModel;
use crate::model::{Camera, Lamp, SiteFile};

const SIDE_PX: std::ops::RangeInclusive<u32> = 16..=8192;

/// The camera's model, where its calibration is sound.
pub(super) fn check(
    file: &SiteFile,
    index: usize,
    camera: &Camera,
    findings: &mut Findings<'_>,
) -> Option<CameraModel> {
    let path = Path::item("camera", index);
    let mut size_is_sound = true;
    for (key, side) in [("width_px", camera.width_px), ("height_px", camera.height_px)] {
        if !SIDE_PX.contains(&side) {
            size_is_sound = false;
            let problem = format!("{side} pixels; 16 to 8192 can be read");
            findings.error(&path.key(key), problem, "give the size of the decoded picture");
        } else if side % 2 == 1 {
            let hint = "compressed video has even sides; keep it only for a sequence of pictures";
            findings.warning(&path.key(key), format!("{side} pixels is odd"), hint);
        }
    }
    if camera.source.as_deref() == Some("") {
        findings.error(&path.key("source"), "empty", "name the recording, or leave the key out");
    }
    if let Some(fps) = camera.sequence_fps.filter(|fps| !(0.01..=1_000.0).contains(fps)) {
        let problem = format!("{fps} frames a second; 0.01 to 1000 can be replayed");
        findings.error(&path.key("sequence_fps"), problem, "count the pictures of one second");
    }
    if camera.clock_uncertainty_ms < 0.0 {
        let problem = format!("{} is below 0", camera.clock_uncertainty_ms);
        findings.error(&path.key("clock_uncertainty_ms"), problem, "give a half-width, 0 or more");
    }
    check_live::check(camera, &path, findings);
    for (lamp_index, lamp) in camera.lamps.iter().enumerate() {
        check_lamp(file, camera, lamp, &path.key("lamp").at(lamp_index), findings);
    }
    if size_is_sound { check_calibration::check(camera, &path, findings) } else { None }
}

fn check_lamp(
    file: &SiteFile,
    camera: &Camera,
    lamp: &Lamp,
    path: &Path,
    findings: &mut Findings<'_>,
) {
    let groups = file.signal_groups.iter().map(|group| group.id.as_str());
    if !groups.clone().any(|group| group == lamp.group) {
        let problem = format!("there is no signal group `{}`", lamp.group);
        findings.error(
            &path.key("group"),
            problem,
            did_you_mean(&lamp.group, groups, "signal groups"),
        );
    }
    let (w, h) = (f64::from(camera.width_px), f64::from(camera.height_px));
    let regions = [
        ("red_px", Some(lamp.red_px)),
        ("yellow_px", lamp.yellow_px),
        ("green_px", Some(lamp.green_px)),
    ];
    for (key, region) in regions.iter().filter_map(|(key, region)| region.map(|r| (key, r))) {
        let [left, top, right, bottom] = region;
        if right - left < 1.0 || bottom - top < 1.0 {
            let problem = format!("{left}, {top} to {right}, {bottom} holds no pixel");
            findings.error(&path.key(key), problem, "give left, top, right, bottom, in this order");
        } else if left < 0.0 || top < 0.0 || right > w || bottom > h {
            let problem = format!(
                "{left}, {top} to {right}, {bottom} leaves the picture of {w} x {h} pixels"
            );
            findings.error(
                &path.key(key),
                problem,
                "draw the lamp on a frame of the calibrated size",
            );
        }
    }
    if lamp.red_px == lamp.green_px {
        let hint = "each lamp of the head has its own place in the picture";
        findings.error(&path.key("green_px"), "the same region as `red_px`", hint);
    }
}
