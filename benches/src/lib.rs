//! Traffic for benches: any number of vehicles that circulate on the lanes of the example junction.
//!
//! `rules.rs` beside it measures the rules with it. The runs against whole programs (`run.py`, and the
//! plain Python loop in `peer/`) need no code from here.
//!
//! Deliberately absent: anything the program links; realism beyond positions, speeds and signal
//! phases that keep every rule at work.

use wayside_proto::{
    CameraId, ClockSource, Content, Covariance2, Observation, RoadUserClass, RunId, TrackId,
    TrackState,
};
use wayside_rules::signals::{SignalHistory, read_csv};
use wayside_site::Site;

const SITE: &str = include_str!("../../examples/junction/site.toml");
const SIGNALS: &str = include_str!("../../examples/junction/signals.csv");

/// Frames a second.
const FPS: f64 = 12.5;

/// From one end of the junction's roads to the other, metres.
const ROAD_M: f64 = 440.0;

/// The first lanes of the site file are those that lead in; each goes on straight into one that leads
/// out.
const INBOUND: usize = 8;

/// Vehicles on an endless round along the lanes of the example junction.
pub struct Traffic {
    site: Site,
    signals: SignalHistory,
}

/// A place on a lane.
struct Place {
    front_m: [f64; 2],
    direction: [f64; 2],
}

impl Traffic {
    /// The example junction with its signals.
    ///
    /// # Errors
    /// What is wrong with the example, as text.
    pub fn load() -> Result<Self, String> {
        let site = Site::parse("site.toml", SITE).map_err(|errors| format!("{errors:?}"))?;
        let records =
            read_csv("signals.csv", SIGNALS, &site).map_err(|errors| format!("{errors:?}"))?;
        let signals = SignalHistory::with_records(&site.file().signals, records);
        Ok(Self { site, signals })
    }

    /// The junction.
    #[must_use]
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// Its signals.
    #[must_use]
    pub fn signals(&self) -> &SignalHistory {
        &self.signals
    }

    /// `frames` observations of `vehicles` vehicles each.
    #[must_use]
    pub fn observations(&self, vehicles: usize, frames: usize) -> Vec<Observation> {
        (0..frames).map(|frame| self.observation(vehicles, frame)).collect()
    }

    fn observation(&self, vehicles: usize, frame: usize) -> Observation {
        let seconds = frame as f64 / FPS;
        let mut tracks: Vec<TrackState> =
            (0..vehicles).map(|vehicle| self.state(vehicle, seconds)).collect();
        tracks.sort_by_key(|track| track.id);
        Observation {
            site: self.site.id(),
            camera: CameraId("north".to_owned()),
            run: RunId("bench".to_owned()),
            sequence: frame as u64,
            time: self.site.start().plus_s(seconds),
            clock_source: ClockSource::Recording,
            clock_uncertainty_us: 0,
            content: Content::Tracks { tracks, skipped_still: false },
        }
    }

    /// Speeds from 0 (a tenth of them stand) to 18 m/s. Each vehicle drives in by a lane, straight on
    /// and out on the other side; then it goes on as a new track on another lane.
    fn state(&self, vehicle: usize, seconds: f64) -> TrackState {
        let speed = if vehicle.is_multiple_of(10) { 0.0 } else { 4.0 + (vehicle % 15) as f64 };
        let way = (vehicle as f64 * 7.31) % 4000.0 + speed * seconds;
        let round = (way / ROAD_M) as usize;
        let lane = &self.site.file().lanes[(vehicle + 5 * round) % INBOUND];
        let place = along(&lane.centreline_m, way % ROAD_M);
        let [x, y] = place.direction;
        let class =
            if vehicle.is_multiple_of(13) { RoadUserClass::Bus } else { RoadUserClass::Car };
        TrackState {
            id: TrackId((vehicle * 1000 + round) as u64),
            class,
            class_confidence: 0.9,
            confidence: 0.8,
            box_px: None,
            front_m: place.front_m,
            front_cov_m2: Covariance2::isotropic(0.2),
            heading_rad: if x.abs() > y.abs() {
                if x > 0.0 { 0.0 } else { core::f64::consts::PI }
            } else {
                core::f64::consts::FRAC_PI_2.copysign(y)
            },
            heading_sigma_rad: 0.03,
            velocity_ms: [x * speed, y * speed],
            velocity_cov_m2s2: Covariance2::isotropic(0.3),
            length_m: 4.5,
            width_m: 1.8,
            measured: true,
        }
    }
}

/// The point `distance_m` along a lane, which here is straight, and its direction.
fn along(centreline: &[[f64; 2]], distance_m: f64) -> Place {
    let (first, last) = (centreline[0], centreline[centreline.len() - 1]);
    let [dx, dy] = [last[0] - first[0], last[1] - first[1]];
    let length = (dx * dx + dy * dy).sqrt();
    let direction = [dx / length, dy / length];
    Place {
        front_m: [first[0] + direction[0] * distance_m, first[1] + direction[1] * distance_m],
        direction,
    }
}

#[cfg(test)]
mod tests {
    use wayside_proto::Content;
    use wayside_rules::Engine;

    use super::Traffic;

    /// A bench of rules that never come to a conclusion would measure nothing.
    #[test]
    fn the_traffic_keeps_rules_at_work() {
        let traffic = Traffic::load().expect("the example is sound");
        let mut engine = Engine::new(traffic.site());
        let mut outcomes = 0;
        for observation in traffic.observations(100, 500) {
            if let Content::Tracks { tracks, .. } = &observation.content {
                assert_eq!(tracks.len(), 100);
                assert!(tracks.is_sorted_by(|a, b| a.id < b.id));
            }
            outcomes += engine.observe(&observation, traffic.signals()).len();
        }
        let (rest, counts) = engine.finish(traffic.signals());
        assert!(outcomes + rest.len() > 20, "only {outcomes} outcomes");
        assert!(!counts.flow.is_empty());
        assert_eq!(counts.invalid_states + counts.out_of_order, 0);
    }
}
