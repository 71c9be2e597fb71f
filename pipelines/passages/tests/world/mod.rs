//! Vehicles on a straight road with a gate, seen by one camera.

#![allow(dead_code)]

use wayside_passages::{Action, Appearance, Gates, Refusal};
use wayside_proto::{
    BoxPx, CameraId, ClockSource, Content, Covariance2, EventTime, Gap, GapCause, Observation,
    Passage, PassageContent, PassingVehicle, RoadUserClass, RunId, SiteId, TrackId, TrackState,
};
use wayside_site::Site;

/// The site that tests of the site file use, and a section whose entry the camera sees.
pub fn site() -> Site {
    let mut text = include_str!("../../../../site/tests/data/junction.toml").to_owned();
    text.push_str(include_str!("../../../../site/tests/data/section_entry.toml"));
    Site::parse("test", &text).expect("a sound site")
}

/// How a test's vehicle looks: the number of its track.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen(pub f32);

impl Appearance for Seen {
    fn mean(looks: &[Self]) -> Option<Vec<f32>> {
        looks.first().map(|first| vec![1.0, first.0])
    }
}

pub const START: EventTime = EventTime(1_780_000_000_000_000);

/// Metres beyond the gate (the line y = 232 of lanes that come from the north), and a lane's middle.
pub fn state(track: u64, beyond_m: f64, speed_ms: f64, sigma_m: f64) -> TrackState {
    let x = 40.0 + 30.0 * (track % 12) as f32;
    TrackState {
        id: TrackId(track),
        class: RoadUserClass::Car,
        class_confidence: 1.0,
        confidence: 0.9,
        box_px: Some(BoxPx { x0: x, y0: 100.0, x1: x + 28.0, y1: 140.0 }),
        front_m: [218.4, 232.0 - beyond_m],
        front_cov_m2: Covariance2::isotropic(sigma_m),
        heading_rad: -std::f64::consts::FRAC_PI_2,
        heading_sigma_rad: 0.02,
        velocity_ms: [0.0, -speed_ms],
        velocity_cov_m2s2: Covariance2::isotropic(0.3),
        length_m: 4.5,
        width_m: 1.8,
        measured: true,
    }
}

pub fn at(seconds: f64) -> EventTime {
    START.plus_s(seconds)
}

pub struct World {
    pub gates: Gates<Seen>,
    pub said: Vec<Passage>,
    pub looks: usize,
    /// Whether the model gives an answer.
    pub model: bool,
    sequence: u64,
}

impl World {
    pub fn new() -> Self {
        Self {
            gates: Gates::new(&site(), "south"),
            said: Vec::new(),
            looks: 0,
            model: true,
            sequence: 0,
        }
    }

    pub fn frame(&mut self, seconds: f64, tracks: Vec<TrackState>) {
        self.take(at(seconds), Content::Tracks { tracks, skipped_still: false });
    }

    pub fn still(&mut self, seconds: f64, tracks: Vec<TrackState>) {
        self.take(at(seconds), Content::Tracks { tracks, skipped_still: true });
    }

    pub fn gap(&mut self, from: f64, to: f64, cause: GapCause) {
        let gap = Gap { from: at(from), to: at(to), cause, frames: 1 };
        self.take(at(to), Content::Gap(gap));
    }

    fn take(&mut self, time: EventTime, content: Content) {
        let observation = Observation {
            site: SiteId::from("junction"),
            camera: CameraId::from("south"),
            run: RunId::from("run"),
            sequence: self.sequence,
            time,
            clock_source: ClockSource::Recording,
            clock_uncertainty_us: 1_000,
            content,
        };
        self.sequence += 1;
        for action in self.gates.observe(&observation) {
            self.act(action);
        }
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Look(look) => {
                self.looks += 1;
                let seen = Seen(look.track.0 as f32);
                let answer = if self.model { Ok(seen) } else { Err(Refusal::Model) };
                self.gates.looked(&look, answer);
            }
            Action::Publish(passage) => self.said.push(passage),
        }
    }

    /// Drives one vehicle by the gate: `way` gives metres beyond the gate at an instant.
    pub fn drive(&mut self, seconds: f64, fps: f64, way: impl Fn(f64) -> f64) {
        let frames = (seconds * fps) as u32;
        for k in 0..frames {
            let t = f64::from(k) / fps;
            let speed = (way(t + 0.01) - way(t - 0.01)) / 0.02;
            self.frame(t, vec![state(7, way(t), speed, 0.1)]);
        }
    }

    pub fn finish(&mut self) {
        for action in self.gates.finish() {
            self.act(action);
        }
        self.check();
    }

    pub fn vehicles(&self) -> Vec<(&Passage, &PassingVehicle)> {
        self.said.iter().filter_map(|said| Some((said, said.vehicle()?))).collect()
    }

    pub fn gaps(&self) -> Vec<Gap> {
        let gap = |said: &Passage| match said.content {
            PassageContent::Gap(gap) => Some(gap),
            _ => None,
        };
        self.said.iter().filter_map(gap).collect()
    }

    /// What holds of everything that an end says, whatever happens.
    fn check(&self) {
        let mut marked = EventTime(i64::MIN);
        for (number, said) in self.said.iter().enumerate() {
            assert_eq!(said.sequence, number as u64, "numbers follow one another");
            assert_eq!(said.expires, said.time.plus_s(600.0));
            assert!(number > 0 || said.content == PassageContent::Mark, "the first word is a mark");
            match &said.content {
                PassageContent::Mark => {
                    assert!(said.time > marked, "marks go on");
                    marked = said.time;
                }
                PassageContent::Vehicle(vehicle) => {
                    assert!(said.time > marked, "what was said to be complete is");
                    assert!(vehicle.looks >= 1 && vehicle.looks <= 3);
                    assert!(!vehicle.embedding.is_empty());
                    assert!(vehicle.speed_ms >= 0.0);
                }
                PassageContent::Gap(gap) => {
                    assert!(gap.from <= gap.to && said.time >= gap.to);
                    assert!(gap.from >= marked, "what was said to be complete is");
                }
            }
        }
    }
}
