//! What a draft changes that stored observations cannot show.

use std::collections::BTreeMap;

use wayside_inference::regions::{RegionOptions, regions_with};
use wayside_picture::PixelRect;
use wayside_rules::signals::SignalRecord;
use wayside_site::Site;

use super::keys::KeyChange;
use crate::models;

/// Keys of a camera by which pictures become tracks on the road.
const CALIBRATION: [&str; 3] = ["calibration", "width_px", "height_px"];
/// Tables that say where the detector looks.
const ROAD: [&str; 5] = ["lane", "stop_line", "conflict_area", "crossing", "no_stopping_zone"];

/// One sentence for each thing that the result does not show.
#[must_use]
pub fn warnings(
    in_force: &Site,
    draft: &Site,
    keys: &[KeyChange],
    signals: &[SignalRecord],
) -> Vec<String> {
    let mut warnings = cameras(in_force, draft, keys);
    if keys.iter().any(|key| key.steps().next().is_some_and(|kind| ROAD.contains(&kind))) {
        warnings.extend(unseen(in_force, draft));
    }
    for change in keys {
        let steps: Vec<&str> = change.steps().collect();
        match steps.as_slice() {
            ["site", "start"] => warnings.push(
                "site.start differs: observations and signals keep the times that they were stored with"
                    .to_owned(),
            ),
            ["signals", "log"] => warnings.push(
                "signals.log differs: both judgements use the signals of the site file in force"
                    .to_owned(),
            ),
            ["signal_group", id]
                if change.old.is_none() && signals.iter().all(|record| record.group != *id) =>
            {
                warnings.push(format!(
                    "signal group {id} is new: no record says what it showed, so what it controls is void"
                ));
            }
            _ => {}
        }
    }
    let sections = |change: &KeyChange| {
        change.steps().next() == Some("section") || change.key.starts_with("rules.section_speed")
    };
    if keys.iter().any(sections) {
        warnings.push(
            "sections are not judged again: passages expire within minutes, so none are stored"
                .to_owned(),
        );
    }
    let counts = |change: &KeyChange| {
        ["rules.flow", "rules.pedestrian_on_red"].iter().any(|rule| change.key.starts_with(rule))
    };
    if keys.iter().any(counts) {
        warnings.push("counts of people and traffic are not compared".to_owned());
    }
    warnings
}

fn cameras(in_force: &Site, draft: &Site, keys: &[KeyChange]) -> Vec<String> {
    let mut by_camera: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for change in keys {
        let mut steps = change.steps();
        if let (Some("camera"), Some(id)) = (steps.next(), steps.next()) {
            let rest: Vec<&str> = steps.collect();
            by_camera.entry(id).or_default().push(rest.join("."));
        }
    }
    let mut warnings = Vec::new();
    for (id, changed) in by_camera {
        if in_force.camera(id).is_none() {
            warnings.push(format!(
                "camera {id} is new: nothing that it would see is stored under the site file in force"
            ));
            continue;
        }
        if draft.camera(id).is_none() {
            warnings.push(format!(
                "camera {id} is not in the draft: its observations are judged under the site file in force alone"
            ));
            continue;
        }
        let of_calibration =
            |key: &&String| key.split('.').next().is_some_and(|first| CALIBRATION.contains(&first));
        let (calibration, other): (Vec<&String>, Vec<&String>) =
            changed.iter().partition(of_calibration);
        let list =
            |keys: &[&String]| keys.iter().map(|key| key.as_str()).collect::<Vec<_>>().join(", ");
        if !calibration.is_empty() {
            warnings.push(format!(
                "camera {id}: the draft changes {}, and the stored tracks were put on the road with the old values: the effect is NOT shown. Replay a recording under the draft to see it",
                list(&calibration)
            ));
        }
        if !other.is_empty() {
            warnings.push(format!(
                "camera {id}: the draft changes {}, which stored observations do not show",
                list(&other)
            ));
        }
    }
    warnings
}

/// Cameras whose detector would look where it has not looked.
fn unseen(in_force: &Site, draft: &Site) -> Vec<String> {
    // Without the program's own manifest nobody knows where it looks.
    let Ok(manifest) = models::manifest(None) else { return Vec::new() };
    let regions = |site: &Site, camera: &str| -> Option<Vec<PixelRect>> {
        let name = models::name_for(None, site.file().footage_of(camera));
        let model = manifest.model(name).ok()?;
        let (layout, (height, width)) = (model.detection.as_ref()?, model.input.size_px()?);
        let options = RegionOptions::for_model(width.max(height), &layout.found_by_height_px);
        Some(regions_with(site, camera, options))
    };
    let mut warnings = Vec::new();
    for camera in &in_force.file().cameras {
        let same_view =
            draft.camera(&camera.id).is_some_and(|new| new.calibration == camera.calibration);
        if !same_view {
            continue;
        }
        let (Some(old), Some(new)) = (regions(in_force, &camera.id), regions(draft, &camera.id))
        else {
            continue;
        };
        if new.iter().any(|rect| !covered(*rect, &old)) {
            warnings.push(format!(
                "camera {}: the draft has road in parts of the picture where the detector did not look, so vehicles there may not be stored (`wayside site regions` shows both)",
                camera.id
            ));
        }
    }
    warnings
}

/// Whether every pixel of `rect` lies in one of `rects`, to a tenth of its sides.
fn covered(rect: PixelRect, rects: &[PixelRect]) -> bool {
    let inside = |x: u32, y: u32| {
        rects
            .iter()
            .any(|r| (r.x..r.x + r.width).contains(&x) && (r.y..r.y + r.height).contains(&y))
    };
    (0..10).all(|row| {
        (0..10).all(|column| {
            inside(
                rect.x + rect.width * (2 * column + 1) / 20,
                rect.y + rect.height * (2 * row + 1) / 20,
            )
        })
    })
}
