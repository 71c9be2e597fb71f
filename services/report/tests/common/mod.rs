//! A small site and small data.
#![allow(dead_code)]

use std::sync::Arc;

use wayside_picture::{Matrix, Picture, PixelRect};
use wayside_proto::{
    CameraId, Covariance2, EventTime, MotorVehicleClass, Outcome, OutcomeId, Quantity,
    RoadUserClass, RunId, Signal, SignalColour, TrackId, TrackState, Unit, Verdict, VoidCause,
};
use wayside_report::{
    ClassCount, Counts, Digest, LaneFlow, ModelNote, OutcomeCard, PedestrianCount, Phase,
    ReportData, SignalTimeline, Span, Still, Tile, TilesView, TrackPath,
};
use wayside_site::Site;

/// A junction of one approach, seen by a camera 9 m up that looks north.
pub fn site(name: &str) -> Site {
    let text = format!(
        r#"
schema = 1
[site]
id = "small"
name = {name:?}
start = "2026-06-01T07:00:00Z"
[[camera]]
id = "north"
width_px = 1280
height_px = 720
[camera.calibration]
points = [
    {{ image_px = [{}], ground_m = [-8.0, 20.0] }},
    {{ image_px = [{}], ground_m = [9.0, 22.0] }},
    {{ image_px = [{}], ground_m = [12.0, 70.0] }},
    {{ image_px = [{}], ground_m = [-15.0, 65.0] }},
]
[[signal_group]]
id = "A"
[[lane]]
id = "in_1"
approach = "in"
centreline_m = [[0.0, 0.0], [0.0, 35.0]]
width_m = 3.2
[[stop_line]]
id = "line"
line_m = [[-1.6, 35.0], [1.6, 35.0]]
lanes = ["in_1"]
signal_group = "A"
conflict_area = "box"
[[conflict_area]]
id = "box"
polygon_m = [[-4.0, 37.0], [4.0, 37.0], [4.0, 45.0], [-4.0, 45.0]]
[[crossing]]
id = "zebra"
axis_m = [[-4.0, 36.0], [4.0, 36.0]]
width_m = 2.0
[rules.red_light]
"#,
        pixel(-8.0, 20.0),
        pixel(9.0, 22.0),
        pixel(12.0, 70.0),
        pixel(-15.0, 65.0),
    );
    Site::parse("small.toml", &text).expect("a sound site")
}

fn pixel(x: f64, y: f64) -> String {
    let (sin, cos) = (0.2_f64, 0.96_f64.sqrt());
    let depth = y * cos + 9.0 * sin;
    let down = 9.0 * cos - y * sin;
    format!("{:.3}, {:.3}", 640.0 + 1300.0 * x / depth, 360.0 + 1300.0 * down / depth)
}

/// A picture of one grey.
pub fn grey(width: u32, height: u32) -> Picture {
    let plane = |n: u32, value: u8| Arc::new(vec![value; n as usize]);
    let chroma = (width / 2) * (height / 2);
    Picture {
        width,
        height,
        y: plane(width * height, 100),
        u: plane(chroma, 128),
        v: plane(chroma, 128),
        matrix: Matrix::Bt709,
    }
}

/// A road user that drives north.
pub fn track(id: u64, class: RoadUserClass, front_m: [f64; 2]) -> TrackState {
    TrackState {
        id: TrackId(id),
        class,
        class_confidence: 0.9,
        confidence: 0.8,
        box_px: None,
        front_m,
        front_cov_m2: Covariance2 { xx: 0.1, xy: 0.02, yy: 0.6 },
        heading_rad: std::f64::consts::FRAC_PI_2,
        heading_sigma_rad: 0.1,
        velocity_ms: [0.0, 12.0],
        velocity_cov_m2s2: Covariance2::isotropic(0.4),
        length_m: 4.4,
        width_m: 1.8,
        measured: true,
    }
}

/// A red light, or a void of it.
pub fn outcome(site: &Site, track: u64, second: f64, verdict: Verdict) -> Outcome {
    let (name, camera, run) = (site.id(), CameraId::from("north"), RunId::from("run"));
    let time = site.start().plus_s(second);
    let id = OutcomeId::derive(&name, &camera, &run, TrackId(track), "red_light", "line", time);
    Outcome {
        id,
        rule: "red_light",
        rule_version: 1,
        site: name,
        camera,
        run,
        track: TrackId(track),
        class: MotorVehicleClass::Car,
        event_time: time,
        place: "line".to_owned(),
        approach: Some("in".to_owned()),
        lane: Some("in_1".to_owned()),
        quantities: vec![
            Quantity {
                name: "time_into_red",
                value: 1.88,
                low: Some(1.79),
                high: Some(1.97),
                unit: Unit::Second,
            },
            Quantity {
                name: "speed_at_line",
                value: 10.0,
                low: None,
                high: None,
                unit: Unit::MetrePerSecond,
            },
        ],
        signal: Some(Signal {
            group: "A".to_owned(),
            state: SignalColour::Red,
            since: Some(site.start().plus_s(second - 1.88)),
        }),
        verdict,
    }
}

/// Data in which nothing happened in 80 s.
pub fn nothing(site: &Site) -> ReportData {
    let from = site.start();
    ReportData {
        title: String::new(),
        camera: "north".to_owned(),
        video: Some("clip.mp4".to_owned()),
        span: Span { from, to: from.plus_s(80.0) },
        frames: 1000,
        speed: Some(3.2),
        counts: Counts { tracks: Vec::new(), lawful_crossings: 14 },
        signals: Vec::new(),
        outcomes: Vec::new(),
        voids: Vec::new(),
        gaps: Vec::new(),
        tracks: Vec::new(),
        lane_flows: Vec::new(),
        pedestrian_on_red: Vec::new(),
        unfit: None,
        warnings: Vec::new(),
        tiles: None,
        digests: vec![Digest { name: "Video".to_owned(), sha256: "0".repeat(64) }],
        models: Vec::new(),
        program_version: "0.0.0".to_owned(),
        partial: false,
        notices: Vec::new(),
    }
}

/// One violation with two stills, one void, a person, a count.
pub fn something(site: &Site) -> ReportData {
    let at = |second: f64| -> EventTime { site.start().plus_s(second) };
    let void = Verdict::Void {
        cause: VoidCause::IntervalStraddlesLimit,
        detail: "The limit of 0.30 s lies between 0.22 and 0.46 s.".to_owned(),
    };
    let still =
        |caption: &str| Still { caption: caption.to_owned(), jpeg: vec![0xff, 0xd8, 0xff, 0xd9] };
    let path = |id, class, x: f64| TrackPath {
        id: TrackId(id),
        class,
        points_m: (0..40).map(|i| (at(f64::from(i)), [x, f64::from(i) * 1.5])).collect(),
    };
    ReportData {
        signals: vec![SignalTimeline {
            group: "A".to_owned(),
            phases: vec![
                Phase { from: at(-5.0), to: at(20.0), state: Some(SignalColour::Green) },
                Phase { from: at(20.0), to: at(23.0), state: Some(SignalColour::Yellow) },
                Phase { from: at(23.0), to: at(60.0), state: Some(SignalColour::Red) },
                Phase { from: at(60.0), to: at(90.0), state: None },
            ],
        }],
        outcomes: vec![OutcomeCard {
            outcome: outcome(site, 12, 24.88, Verdict::Violation),
            stills: vec![still("Before the line"), still("At the line")],
        }],
        voids: vec![outcome(site, 13, 23.34, void)],
        tracks: vec![
            path(12, RoadUserClass::Car, 0.0),
            path(13, RoadUserClass::Bus, 0.5),
            path(14, RoadUserClass::Person, 3.0),
        ],
        counts: Counts {
            tracks: vec![ClassCount { class: RoadUserClass::Car, count: 1 }],
            lawful_crossings: 1,
        },
        lane_flows: vec![LaneFlow {
            lane: "in_1".to_owned(),
            vehicles: 2,
            per_hour: Some(90.0),
            occupancy: None,
        }],
        pedestrian_on_red: vec![PedestrianCount { crossing: "zebra".to_owned(), count: 1 }],
        tiles: Some(tiles()),
        models: vec![ModelNote {
            name: "small-net".to_owned(),
            purpose: "finds road users".to_owned(),
            made_for: "simulations".to_owned(),
            licence: "MIT".to_owned(),
            sha256: "1".repeat(64),
        }],
        ..nothing(site)
    }
}

/// Three parts of a picture, of which two begin in the same corner.
pub fn tiles() -> TilesView {
    let tile = |x, y, width, height, car_px| Tile {
        rect: PixelRect { x, y, width, height },
        scale: 416.0 / f64::from(width.max(height)),
        car_px,
        road: Some(0.315),
        people: Some(0.43),
    };
    TilesView {
        width: 1280,
        height: 720,
        tiles: vec![
            tile(0, 0, 930, 720, Some([48.6, 70.9])),
            tile(0, 0, 416, 416, None),
            tile(640, 180, 260, 260, Some([18.2, 66.0])),
        ],
        road: Some(0.944),
        road_large: Some(0.33),
        people: Some(1.0),
        people_large: Some(0.9996),
        still: Some(vec![0xff, 0xd8, 0xff, 0xd9]),
    }
}
