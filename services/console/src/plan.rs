//! The plan of a junction, out of its site file. Pure.

use std::collections::BTreeMap;

use wayside_site::Site;
use wayside_site::geometry::{CameraModel, Homography, Polyline, Vec2};
use wayside_site::model::{ClassName, DrivingSide, SignalGroupKind};

use crate::shapes::{
    AreaPlan, CameraPlan, CrossingPlan, ExitLinePlan, LanePath, LanePlan, LimitPlan, RulePlan,
    SignalGroupPlan, SitePlan, StopLinePlan, rounded,
};

/// Drawn around everything, metres.
const MARGIN_M: f64 = 5.0;
/// Distance between the points of a lane that are looked for in a picture, metres.
const STEP_M: f64 = 2.0;
/// Points of a lane that are looked for.
const STEPS_MAX: usize = 500;
/// What is further than this is not drawn as seen by a camera, metres.
const SEEN_M: f64 = 150.0;
/// Rows of a picture in which its far edge is looked for.
const ROWS: u32 = 128;

/// The plan of a site.
#[must_use]
pub fn plan(site: &Site) -> SitePlan {
    let file = site.file();
    let head = &file.site;
    let name = if head.name.is_empty() { &head.id } else { &head.name };
    SitePlan {
        id: head.id.clone(),
        name: name.clone(),
        timezone: head.timezone.clone(),
        driving_side: match head.driving_side {
            DrivingSide::Right => "right".to_owned(),
            DrivingSide::Left => "left".to_owned(),
        },
        latitude_deg: head.position.map(|position| position.latitude_deg),
        longitude_deg: head.position.map(|position| position.longitude_deg),
        bounds_m: bounds(site),
        lanes: file
            .lanes
            .iter()
            .map(|lane| LanePlan {
                id: lane.id.clone(),
                approach: lane.approach.clone(),
                centreline_m: lane.centreline_m.clone(),
                width_m: lane.width_m,
                classes: lane.classes.as_ref().map(|classes| classes.iter().map(class).collect()),
                exits: lane.exits.clone(),
            })
            .collect(),
        stop_lines: file
            .stop_lines
            .iter()
            .map(|line| StopLinePlan {
                id: line.id.clone(),
                line_m: line.line_m,
                lanes: line.lanes.clone(),
                signal_group: line.signal_group.clone(),
            })
            .collect(),
        exit_lines: file
            .exit_lines
            .iter()
            .map(|line| ExitLinePlan { id: line.id.clone(), line_m: line.line_m })
            .collect(),
        conflict_areas: file
            .conflict_areas
            .iter()
            .map(|area| AreaPlan { id: area.id.clone(), polygon_m: area.polygon_m.clone() })
            .collect(),
        crossings: file
            .crossings
            .iter()
            .map(|crossing| CrossingPlan {
                id: crossing.id.clone(),
                axis_m: crossing.axis_m,
                width_m: crossing.width_m,
                signal_group: crossing.signal_group.clone(),
            })
            .collect(),
        no_stopping_zones: file
            .no_stopping_zones
            .iter()
            .map(|zone| AreaPlan { id: zone.id.clone(), polygon_m: zone.polygon_m.clone() })
            .collect(),
        signal_groups: file
            .signal_groups
            .iter()
            .map(|group| SignalGroupPlan {
                id: group.id.clone(),
                kind: match group.kind {
                    SignalGroupKind::Vehicle => "vehicle".to_owned(),
                    SignalGroupKind::Pedestrian => "pedestrian".to_owned(),
                },
            })
            .collect(),
        cameras: file
            .cameras
            .iter()
            .filter_map(|camera| Some(seen(site, &camera.id, site.camera_model(&camera.id)?)))
            .collect(),
        rules: rules(site),
        limits: file
            .sections
            .iter()
            .filter_map(|section| {
                Some(LimitPlan {
                    section: section.id.clone(),
                    limit_ms: rounded(section.limit_kmh? / 3.6, 100.0),
                })
            })
            .collect(),
    }
}

fn class(name: &ClassName) -> String {
    wayside_proto::RoadUserClass::from(*name).as_str().to_owned()
}

/// The rules that are listed, in the order of the alphabet, with their thresholds.
fn rules(site: &Site) -> Vec<RulePlan> {
    let listed = serde_json::to_value(&site.file().rules).unwrap_or_default();
    let listed = listed.as_object().into_iter().flatten();
    let mut rules: Vec<RulePlan> = listed
        .filter_map(|(rule, thresholds)| {
            let numbers = thresholds.as_object()?.iter();
            let parameters: BTreeMap<String, f64> =
                numbers.filter_map(|(name, value)| Some((name.clone(), value.as_f64()?))).collect();
            Some(RulePlan { rule: rule.clone(), parameters })
        })
        .collect();
    rules.sort_by(|a, b| a.rule.cmp(&b.rule));
    rules
}

/// Around everything that is drawn; around the calibration where there is nothing.
fn bounds(site: &Site) -> [f64; 4] {
    let file = site.file();
    let lanes = file.lanes.iter().flat_map(|lane| &lane.centreline_m);
    let lines = file.stop_lines.iter().flat_map(|line| &line.line_m);
    let exits = file.exit_lines.iter().flat_map(|line| &line.line_m);
    let areas = file.conflict_areas.iter().flat_map(|area| &area.polygon_m);
    let zones = file.no_stopping_zones.iter().flat_map(|zone| &zone.polygon_m);
    let crossings = file.crossings.iter().flat_map(|crossing| &crossing.axis_m);
    let drawn = lanes.chain(lines).chain(exits).chain(areas).chain(zones).chain(crossings);
    let points = file.cameras.iter().flat_map(|camera| &camera.calibration.points);
    let around = |points: &mut dyn Iterator<Item = &[f64; 2]>| {
        points.fold(None, |around: Option<[f64; 4]>, &[x, y]| {
            Some(around.map_or([x, y, x, y], |[x0, y0, x1, y1]| {
                [x0.min(x), y0.min(y), x1.max(x), y1.max(y)]
            }))
        })
    };
    let [x0, y0, x1, y1] = around(&mut drawn.into_iter())
        .or_else(|| around(&mut points.map(|point| &point.ground_m)))
        .unwrap_or_default();
    [x0 - MARGIN_M, y0 - MARGIN_M, x1 + MARGIN_M, y1 + MARGIN_M]
}

fn seen(site: &Site, id: &str, model: &CameraModel) -> CameraPlan {
    let (width_px, height_px) = model.size_px();
    let homography = model.homography();
    let m = homography.matrix();
    let lanes = site.file().lanes.iter();
    CameraPlan {
        id: id.to_owned(),
        width_px,
        height_px,
        residual_m: rounded(homography.residual_m(), 1e4),
        ground_to_image: [
            m[(0, 0)],
            m[(0, 1)],
            m[(0, 2)],
            m[(1, 0)],
            m[(1, 1)],
            m[(1, 2)],
            m[(2, 0)],
            m[(2, 1)],
            m[(2, 2)],
        ],
        position_m: model.position_m().map(|metres| rounded(metres, 100.0)),
        view_m: view(homography, model.position_m(), (width_px, height_px)),
        lane_paths_px: lanes
            .filter_map(|lane| {
                let path_px =
                    path(&Polyline::new(&lane.centreline_m), homography, (width_px, height_px));
                (path_px.len() >= 2).then(|| LanePath { lane: lane.id.clone(), path_px })
            })
            .collect(),
    }
}

/// The longest stretch of a line that lies in the picture, pixels.
fn path(line: &Polyline, homography: &Homography, (width, height): (u32, u32)) -> Vec<[f64; 2]> {
    let inside = |[x, y]: &[f64; 2]| {
        (0.0..=f64::from(width)).contains(x) && (0.0..=f64::from(height)).contains(y)
    };
    let (mut best, mut run) = (Vec::new(), Vec::new());
    for point in steps(line) {
        match homography.to_image(point).filter(|px| inside(px)) {
            Some(px) => run.push(px.map(|value| rounded(value, 10.0))),
            None => run.clear(),
        }
        if run.len() > best.len() {
            best.clone_from(&run);
        }
    }
    best
}

/// Points along a line, its corners among them.
fn steps(line: &Polyline) -> Vec<Vec2> {
    let mut points = Vec::new();
    for pair in line.points().windows(2) {
        let [from, to] = pair else { continue };
        let count = (((to - from).norm() / STEP_M).ceil().max(1.0) as usize).min(STEPS_MAX);
        for step in 0..count {
            points.push(from + (to - from) * (step as f64 / count as f64));
        }
        if points.len() > STEPS_MAX {
            return points;
        }
    }
    points.extend(line.points().last());
    points
}

/// The part of the ground in the picture that is not too far: corners from the lower left around.
fn view(
    homography: &Homography,
    position_m: [f64; 3],
    (width, height): (u32, u32),
) -> Vec<[f64; 2]> {
    let at = Vec2::new(position_m[0], position_m[1]);
    let near = |x: f64, y: f64| {
        homography.to_ground([x, y]).filter(|ground| (ground - at).norm() <= SEEN_M)
    };
    let (w, h) = (f64::from(width), f64::from(height));
    let far = |x: f64| {
        let rows = (0..=ROWS).map(|row| f64::from(row) / f64::from(ROWS) * h);
        rows.into_iter().find_map(|y| near(x, y))
    };
    let corners = [near(0.0, h), near(w, h), far(w), far(0.0)];
    let corners: Option<Vec<Vec2>> = corners.into_iter().collect();
    let shown = |corner: &Vec2| [rounded(corner.x, 100.0), rounded(corner.y, 100.0)];
    corners.unwrap_or_default().iter().map(shown).collect()
}
