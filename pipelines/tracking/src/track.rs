//! One track: its hypotheses, its votes, its age.

use wayside_proto::{BoxPx, EventTime, RoadUserClass, TrackId};
use wayside_site::geometry::{CameraModel, Vec2, direction};

use crate::class_vote::ClassVote;
use crate::config::TrackerConfig;
use crate::cuboid::{Edges, Shape};
use crate::filter::{EdgeUse, Filter};
use crate::heading::Lanes;
use crate::prior::{self, Group};
use crate::standing::{Standing, Verdict};

/// A track.
#[derive(Clone, Debug)]
pub(crate) struct Track {
    pub id: TrackId,
    pub vote: ClassVote,
    /// The class that sizes and motion are taken from.
    pub class: RoadUserClass,
    /// Headings that are still possible, the likeliest first, with the logarithms of their weights.
    pub hypotheses: Vec<(f64, Filter)>,
    pub born: EventTime,
    pub last_hit: EventTime,
    pub hits: u32,
    pub confirmed: bool,
    /// The detection of the newest frame.
    pub measured: Option<(BoxPx, f32)>,
    pub standing: Standing,
    /// Way driven forwards, metres, and the farthest place that was reached so.
    pub forwards_m: f64,
    pub farthest_m: Vec2,
    /// For how long its footprint has lain on an older track's, seconds.
    pub doubled_s: f64,
}

/// Hypotheses this much less likely than the best are given up (natural logarithm).
const GIVE_UP: f64 = 8.0;
/// After this long only the likeliest is kept, seconds.
const DECIDE_S: f64 = 2.0;
/// Variance of a pseudo-measurement that a standing vehicle's speed is zero, metres a second.
const STAND_SIGMA_MS: f64 = 0.05;
/// A vehicle that backs this far, and by what its place may be off, without having gone forwards,
/// looks the other way, metres.
const BACKWARDS_M: f64 = 2.0;
/// The same where the lane says that it looks the right way: it takes more to be a wrong-way driver
/// than to be a wrong guess.
const BACKWARDS_IN_LANE_M: f64 = 5.0;
/// And faster than this, metres a second.
const BACKWARDS_MS: f64 = 0.7;
/// Nobody reverses faster than this, metres a second, so a short way is enough then, metres.
const FAST_MS: f64 = 4.0;
const FAST_M: f64 = 1.0;
/// A vehicle known to have gone forwards may reverse this much farther before it is turned, metres.
const REVERSING_M_MAX: f64 = 5.0;
/// Standard deviation of the angle between a vehicle and its lane, seen for one second, radians.
const FOLLOW_SIGMA_RAD: f64 = 0.1;
/// Share of votes that another class needs to change sizes.
const RESIZE_SHARE: f32 = 0.6;

impl Track {
    /// The likeliest hypothesis.
    pub fn filter(&self) -> Option<&Filter> {
        self.hypotheses.first().map(|(_, filter)| filter)
    }

    /// The box around the part in the picture.
    pub fn edges(&self, camera: &CameraModel) -> Option<Edges> {
        self.filter()?.cuboid().edges_in_picture(Shape::of(self.class), camera)
    }

    /// Moves all hypotheses ahead.
    pub fn predict(&mut self, dt_s: f64) {
        let (class, stands) = (self.class, self.standing.stands());
        for (_, filter) in &mut self.hypotheses {
            filter.predict(dt_s, class, stands);
        }
        self.hypotheses.retain(|(_, filter)| filter.is_sound());
        self.measured = None;
    }

    /// Takes in a detection that belongs to the track.
    #[allow(clippy::too_many_arguments)]
    pub fn update(
        &mut self,
        time: EventTime,
        dt_s: f64,
        (class, score, box_px): (RoadUserClass, f32, BoxPx),
        measured: &Edges,
        usable: &[EdgeUse; 4],
        lanes: &Lanes,
        camera: &CameraModel,
        config: &TrackerConfig,
    ) {
        self.vote.add(class, score);
        self.hits = self.hits.saturating_add(1);
        self.last_hit = time;
        self.measured = Some((box_px, score));
        self.settle_class(camera);
        let mut ahead = None;
        for (index, (weight, filter)) in self.hypotheses.iter_mut().enumerate() {
            match filter.update(measured, usable, self.class, camera, config, 2) {
                Some(update) => {
                    *weight += update.log_likelihood;
                    if index == 0 {
                        ahead = update.ahead_m;
                    }
                }
                None => *weight -= GIVE_UP,
            }
        }
        self.follow_lane(dt_s, lanes);
        self.choose(time);
        self.turn_if_backing(lanes);
        self.stand_or_start(dt_s, ahead);
        if self.hits >= config.confirm_hits {
            self.confirmed = true;
        }
    }

    fn settle_class(&mut self, camera: &CameraModel) {
        let (winner, share) = self.vote.winner();
        let early = self.hits <= 4;
        if winner != self.class && (early || share >= RESIZE_SHARE) {
            self.class = winner;
            let [cx, cy, _] = camera.position_m();
            for (_, filter) in &mut self.hypotheses {
                filter.resize(winner, Vec2::new(cx, cy));
            }
        }
    }

    /// A vehicle in a lane looks along it, one way or the other.
    fn follow_lane(&mut self, dt_s: f64, lanes: &Lanes) {
        if prior::group(self.class) == Group::Person {
            return;
        }
        // Equal in sum whatever the frame rate.
        let sigma_rad = FOLLOW_SIGMA_RAD / dt_s.clamp(0.01, 1.0).sqrt();
        for (_, filter) in &mut self.hypotheses {
            if let Some(angle) = lanes.direction_at(filter.cuboid().centre_m) {
                filter.follow(angle, sigma_rad);
            }
        }
    }

    /// Orders the hypotheses and gives up those that have become unlikely.
    fn choose(&mut self, time: EventTime) {
        self.hypotheses.sort_by(|a, b| b.0.total_cmp(&a.0));
        let best = self.hypotheses.first().map_or(0.0, |(weight, _)| *weight);
        let decided = time.since_s(self.born) > DECIDE_S;
        self.hypotheses.retain(|(weight, _)| best - weight < GIVE_UP);
        if decided {
            self.hypotheses.truncate(1);
        }
        for (weight, _) in &mut self.hypotheses {
            *weight -= best;
        }
    }

    /// A vehicle that goes backwards for a way looks the other way: it was born against its lane,
    /// or the guess of its heading was of the wrong half circle.
    fn turn_if_backing(&mut self, lanes: &Lanes) {
        for (_, filter) in self.hypotheses.iter_mut().skip(1) {
            // Guesses that are not the best are not believed yet: turn them at once.
            if filter.speed_ms() + 2.0 * filter.speed_sigma_ms() < -0.7 {
                filter.turn_round();
            }
        }
        let Some((_, filter)) = self.hypotheses.first_mut() else { return };
        let centre = filter.cuboid().centre_m;
        let (heading, _) = filter.heading_rad();
        let ahead_m = (centre - self.farthest_m).dot(&direction(heading));
        if ahead_m >= 0.0 {
            self.forwards_m += ahead_m;
            self.farthest_m = centre;
            return;
        }
        let (_, covariance) = filter.front();
        let ahead = direction(heading);
        let doubt_m = 2.0 * covariance.sigma_along(ahead.x, ahead.y);
        let back = heading + std::f64::consts::PI;
        let lane_agrees = lanes.log_prior(centre, heading) > lanes.log_prior(centre, back) + 1.0;
        let least_m = if lane_agrees { BACKWARDS_IN_LANE_M } else { BACKWARDS_M };
        let limit_m = least_m + doubt_m + self.forwards_m.min(REVERSING_M_MAX);
        let speed_ms = filter.speed_ms();
        let fast = speed_ms + 3.0 * filter.speed_sigma_ms() < -FAST_MS && -ahead_m > FAST_M;
        if fast || (-ahead_m > limit_m && speed_ms < -BACKWARDS_MS) {
            filter.turn_round();
            self.forwards_m = -ahead_m;
            self.farthest_m = centre;
        }
    }

    fn stand_or_start(&mut self, dt_s: f64, ahead: Option<(f64, f64)>) {
        let Some((_, best)) = self.hypotheses.first() else { return };
        let verdict = self.standing.step(dt_s, best.speed_ms(), best.speed_sigma_ms(), ahead);
        for (_, filter) in &mut self.hypotheses {
            match verdict {
                Verdict::Moves => {}
                Verdict::Stands => filter.stand(STAND_SIGMA_MS),
                Verdict::Started(slack_m) => filter.release(slack_m),
            }
        }
    }
}
