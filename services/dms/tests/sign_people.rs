//! Somebody steps on a crossing on red: the sign warns, and knows no more than that.

mod common;

use common::{SIGNS, World, never_shows, shows};
use std::time::Duration;
use wayside_bus::{Record, Topic};
use wayside_proto::convert::Message;
use wayside_proto::{
    CameraId, ClockSource, Content, Covariance2, EventTime, Observation, ReportSource,
    RoadUserClass, RunId, SignalColour, SignalReport, SiteId, TrackId, TrackState,
};

const NOTHING: Covariance2 = Covariance2 { xx: 0.01, xy: 0.0, yy: 0.01 };

fn walker(x_m: f64) -> TrackState {
    TrackState {
        id: TrackId(3),
        class: RoadUserClass::Person,
        class_confidence: 1.0,
        confidence: 0.9,
        box_px: None,
        front_m: [x_m, 228.4],
        front_cov_m2: NOTHING,
        heading_rad: 0.0,
        heading_sigma_rad: 0.1,
        velocity_ms: [1.4, 0.0],
        velocity_cov_m2s2: NOTHING,
        length_m: 0.5,
        width_m: 0.5,
        measured: true,
    }
}

/// Four seconds of walking east over the northern crossing, at ten frames a second.
fn walk(world: &World, begin: EventTime, run: &str) {
    let frames = (0..40_u32).map(|frame| {
        let observation = Observation {
            site: SiteId::from("junction"),
            camera: CameraId::from("south"),
            run: RunId::from(run),
            sequence: u64::from(frame),
            time: begin.plus_s(f64::from(frame) / 10.0),
            clock_source: ClockSource::Arrival,
            clock_uncertainty_us: 10_000,
            content: Content::Tracks {
                tracks: vec![walker(212.0 + f64::from(frame) * 0.14)],
                skipped_still: false,
            },
        };
        Record {
            key: "junction/south".to_owned(),
            time: observation.time.0,
            id: None,
            value: observation.to_bytes().expect("sound"),
        }
    });
    world.bus.append(Topic::Observations, frames.collect()).expect("stored");
}

fn signal(world: &World, state: SignalColour, since: EventTime) {
    let report = SignalReport {
        site: SiteId::from("junction"),
        group: "pN".to_owned(),
        state,
        time: since,
        source: ReportSource::Log,
    };
    let value = report.to_bytes().expect("sound");
    let record = Record { key: "junction".to_owned(), time: since.0, id: None, value };
    world.bus.append(Topic::Signals, vec![record]).expect("stored");
}

#[test]
fn on_red_the_sign_warns_and_on_green_it_does_not() {
    let world = World::new(SIGNS);
    let service = world.start("a");
    shows_nothing_yet(&service);
    let now = world.wall.now();
    signal(&world, SignalColour::Green, now.plus_s(-20.0));
    walk(&world, now.plus_s(-4.0), "green");
    never_shows(&service, "page", "PEDESTRIANS", Duration::from_secs(2));
    let now = world.wall.now();
    signal(&world, SignalColour::Red, now.plus_s(-8.0));
    walk(&world, now.plus_s(-4.0), "red");
    shows(&service, "page", "PEDESTRIANS");
}

/// The feed reads observations from the end: it must have begun.
fn shows_nothing_yet(service: &wayside_dms::Service) {
    common::until(service, "page", "heard", |state| state.state == wayside_dms::Standing::Blank);
}
