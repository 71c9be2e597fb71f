//! For tests: a car that drives through the gate of a section.

use wayside_proto::{
    BoxPx, CameraId, ClockSource, Content, Covariance2, EventTime, Observation, RoadUserClass,
    RunId, SiteId, TrackId, TrackState,
};
use wayside_site::Site;

/// A site whose camera `south` sees the entry of a section, the line y = 232.
pub(crate) fn site() -> Site {
    let mut text = include_str!("../../../../site/tests/data/junction.toml").to_owned();
    text.push_str(include_str!("../../../../site/tests/data/section_entry.toml"));
    Site::parse("test", &text).expect("a sound site")
}

/// Frame `frame`, ten a second: the car crosses the gate after 3 s, at 10 m/s.
pub(crate) fn drive(frame: u32) -> Observation {
    let seconds = f64::from(frame) / 10.0;
    let car = TrackState {
        id: TrackId(1),
        class: RoadUserClass::Car,
        class_confidence: 1.0,
        confidence: 0.9,
        box_px: Some(BoxPx { x0: 10.0, y0: 10.0, x1: 50.0, y1: 50.0 }),
        front_m: [218.4, 262.0 - 10.0 * seconds],
        front_cov_m2: Covariance2::isotropic(0.1),
        heading_rad: -std::f64::consts::FRAC_PI_2,
        heading_sigma_rad: 0.02,
        velocity_ms: [0.0, -10.0],
        velocity_cov_m2s2: Covariance2::isotropic(0.3),
        length_m: 4.5,
        width_m: 1.8,
        measured: true,
    };
    Observation {
        site: SiteId::from("junction"),
        camera: CameraId::from("south"),
        run: RunId::from("run"),
        sequence: frame.into(),
        time: EventTime(1_780_000_000_000_000).plus_s(seconds),
        clock_source: ClockSource::Rtcp,
        clock_uncertainty_us: 1_000,
        content: Content::Tracks { tracks: vec![car], skipped_still: false },
    }
}
