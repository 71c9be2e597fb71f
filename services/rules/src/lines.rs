//! When a vehicle's front crosses a stop line, and how sure that is.
//!
//! With d the signed distance of the front beyond the line and s its standard deviation across the
//! line, a crossing is where d changes sign between two measured states, interpolated linearly. Its
//! 95% interval begins where d + 1.96 s leaves zero (until then the front was before the line for
//! certain) and ends where d - 1.96 s does (from then on it is beyond). Both ends are moved out by
//! the clock's uncertainty and by the bound of the interpolation: with an acceleration of up to
//! 8 m/s² the path deviates from a straight line by a dt²/8, which takes dt²/v to drive (at most
//! dt/2). A front that jumps back before anything was decided has not crossed; one that was
//! decided crosses again only after it has been 5 m before the line.

use wayside_proto::EventTime;
use wayside_site::geometry::Vec2;

use crate::map::{Line, Map};
use crate::standing::Stand;
use crate::track::{Sample, Step};

/// Acceleration that bounds the interpolation, metres a second squared.
const ACCELERATION_MAX: f64 = 8.0;
/// How deep in the conflict area a front has entered it, metres.
const ENTERED_M: f64 = 0.5;
/// How far beyond a line without a conflict area a vehicle has gone on, metres.
const GONE_ON_M: f64 = 5.0;
/// How far back a vehicle must go to cross again, metres.
const REARM_M: f64 = 5.0;
/// How long a vehicle must be slow to have come to a stand, seconds.
const STAND_S: f64 = 1.0;
/// Stop lines watched for one track.
const WATCHES_MAX: usize = 4;

/// One track near one stop line.
#[derive(Clone, Debug)]
pub(crate) struct LineWatch {
    pub(crate) line: usize,
    first: View,
    last: View,
    /// Since when the front is no longer before the line for certain.
    unsure_since: Option<EventTime>,
    pub(crate) pending: Option<Crossing>,
    decided: bool,
}

/// A state as seen from a line.
#[derive(Clone, Copy, Debug)]
struct View {
    time: EventTime,
    beyond_m: f64,
    sideways_m: f64,
    margin_m: f64,
    speed_ms: f64,
}

/// A crossing that is not decided yet.
#[derive(Clone, Debug)]
pub(crate) struct Crossing {
    pub(crate) at: EventTime,
    /// None where the track began too near the line to tell.
    pub(crate) low: Option<EventTime>,
    /// None until the front is beyond the line for certain.
    pub(crate) high: Option<EventTime>,
    slack_s: f64,
    pub(crate) speed_ms: f64,
    pub(crate) speed_margin_ms: f64,
    /// The lane, by its place in the map.
    pub(crate) lane: usize,
    /// Where the front was.
    pub(crate) point: Vec2,
    /// 1.96 standard deviations sideways, metres.
    pub(crate) lateral_m: f64,
    pub(crate) entered: Option<EventTime>,
    /// The longest time without a measurement from the line on, seconds.
    pub(crate) unmeasured_s: f64,
    pub(crate) stood: Option<Stood>,
}

/// How a vehicle stood beyond the line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stood {
    pub(crate) begin: EventTime,
    pub(crate) end: EventTime,
    pub(crate) overrun_m: f64,
    pub(crate) margin_m: f64,
}

impl Crossing {
    /// Whether nothing more can change the judgement.
    pub(crate) fn is_ripe(&self) -> bool {
        self.entered.is_some() && self.high.is_some()
    }
}

impl LineWatch {
    fn view(line: &Line, sample: &Sample) -> View {
        let from_line = line.see(sample.front);
        View {
            time: sample.time,
            beyond_m: from_line.beyond_m,
            sideways_m: from_line.sideways_m,
            margin_m: 1.96 * sample.cov.sigma_along(line.along.x, line.along.y),
            speed_ms: sample.velocity.dot(&line.along),
        }
    }

    /// Takes the next state. True where the front has crossed with it.
    fn step(&mut self, map: &Map, step: &Step, clock_s: f64, stand: Option<&Stand>) -> bool {
        let Some(line) = map.lines.get(self.line) else { return false };
        let now = Self::view(line, &step.now);
        let last = std::mem::replace(&mut self.last, now);
        if self.decided && now.beyond_m < -REARM_M {
            self.decided = false;
        }
        let (before, after) = (last.beyond_m + last.margin_m, now.beyond_m + now.margin_m);
        if after < 0.0 {
            self.unsure_since = None;
        } else if before < 0.0 {
            self.unsure_since = Some(zero(last.time, before, now.time, after));
        }
        if now.beyond_m < 0.0 {
            self.pending = None;
            return false;
        }
        let crossed = last.beyond_m < 0.0
            && !self.decided
            && self.cross(map, line, step, &last, &now, clock_s);
        if let Some(pending) = &mut self.pending {
            follow(pending, map, line, step, &last, &now, stand);
        }
        crossed
    }

    fn cross(
        &mut self,
        map: &Map,
        line: &Line,
        step: &Step,
        last: &View,
        now: &View,
        clock_s: f64,
    ) -> bool {
        let Some(before) = step.before else { return false };
        let share = last.beyond_m / (last.beyond_m - now.beyond_m);
        let sideways = last.sideways_m + (now.sideways_m - last.sideways_m) * share;
        if !line.is_beside(sideways) {
            return false;
        }
        let mix = |a: f64, b: f64| a + (b - a) * share;
        let point = before.front + (step.now.front - before.front) * share;
        let Some((lane, direction)) = nearest_lane(map, line, point) else { return false };
        let velocity = before.velocity + (step.now.velocity - before.velocity) * share;
        let speed_ms = velocity.dot(&direction);
        let dt = step.dt_s();
        let bound = ACCELERATION_MAX * dt * dt / 8.0 / now.speed_ms.max(0.1);
        let slack_s = clock_s + bound.min(dt / 2.0);
        let at = zero(last.time, last.beyond_m, now.time, now.beyond_m);
        let low = self.unsure_since.or_else(|| {
            // Born within the margin: as far back as the margin takes to drive.
            let margin = self.first.beyond_m + self.first.margin_m;
            (self.first.speed_ms >= 1.0)
                .then(|| self.first.time.plus_s(-margin.max(0.0) / self.first.speed_ms))
        });
        let sigma = |s: &Sample| s.velocity_cov.sigma_along(direction.x, direction.y);
        self.pending = Some(Crossing {
            at,
            low: low.map(|low| low.min(at).plus_s(-slack_s)),
            high: None,
            slack_s,
            speed_ms,
            speed_margin_ms: 1.96 * mix(sigma(&before), sigma(&step.now)),
            lane,
            point,
            lateral_m: 1.96 * step.now.cov.sigma_along(line.across.x, line.across.y),
            entered: None,
            unmeasured_s: 0.0,
            stood: None,
        });
        true
    }
}

/// Follows a vehicle beyond the line until it has entered the conflict area.
fn follow(
    pending: &mut Crossing,
    map: &Map,
    line: &Line,
    step: &Step,
    last: &View,
    now: &View,
    stand: Option<&Stand>,
) {
    let (before, after) = (last.beyond_m - last.margin_m, now.beyond_m - now.margin_m);
    if pending.high.is_none() && after > 0.0 {
        let certain =
            if before < 0.0 { zero(last.time, before, now.time, after) } else { pending.at };
        pending.high = Some(certain.max(pending.at).plus_s(pending.slack_s));
    }
    if pending.entered.is_some() {
        return;
    }
    pending.unmeasured_s = pending.unmeasured_s.max(step.dt_s());
    let front = step.now.front;
    let entered = match line.area.and_then(|index| map.areas.get(index)) {
        Some(area) => area.bounds.contains(front) && area.polygon.depth(front) >= ENTERED_M,
        None => now.beyond_m >= GONE_ON_M,
    };
    if entered {
        pending.entered = Some(now.time);
        return;
    }
    let Some(stand) = stand.filter(|stand| !stand.is_away()) else { return };
    if now.time.since_s(stand.begin().max(pending.at)) >= STAND_S {
        let (front, cov) = stand.front();
        pending.stood = Some(Stood {
            begin: stand.begin().max(pending.at),
            end: stand.last_still,
            overrun_m: line.see(front).beyond_m,
            margin_m: 1.96 * cov.sigma_along(line.along.x, line.along.y),
        });
    }
}

/// Removes and returns the watches of lines that the track has left with something undecided.
pub(crate) fn leave(watches: &mut Vec<LineWatch>, map: &Map, front: Vec2) -> Vec<LineWatch> {
    let mut left = Vec::new();
    watches.retain(|watch| {
        let near = map.lines.get(watch.line).is_some_and(|line| line.watch.contains(front));
        if !near && watch.pending.is_some() {
            left.push(watch.clone());
        }
        near
    });
    left
}

/// Takes a step of a track. Calls `crossed` for each line that its front has just crossed.
pub(crate) fn update(
    watches: &mut Vec<LineWatch>,
    map: &Map,
    step: &Step,
    clock_s: f64,
    stand: Option<&Stand>,
    mut crossed: impl FnMut(usize, &Crossing),
) {
    for watch in watches.iter_mut() {
        if watch.step(map, step, clock_s, stand)
            && let Some(pending) = &watch.pending
        {
            crossed(watch.line, pending);
        }
    }
    for (index, line) in map.lines.iter().enumerate() {
        if watches.len() >= WATCHES_MAX {
            break;
        }
        if line.watch.contains(step.now.front) && watches.iter().all(|watch| watch.line != index) {
            let view = LineWatch::view(line, &step.now);
            watches.push(LineWatch {
                line: index,
                first: view,
                last: view,
                unsure_since: None,
                pending: None,
                decided: false,
            });
        }
    }
}

/// Marks what is pending as decided and returns it.
pub(crate) fn decide(watch: &mut LineWatch) -> Option<Crossing> {
    let pending = watch.pending.take()?;
    watch.decided = true;
    Some(pending)
}

/// The instant at which a value that goes from `a` to `b` is zero.
fn zero(from: EventTime, a: f64, to: EventTime, b: f64) -> EventTime {
    let share = if a == b { 1.0 } else { (a / (a - b)).clamp(0.0, 1.0) };
    from.plus_s(to.since_s(from) * share)
}

/// The lane of the line whose centreline is nearest sideways, and its direction there.
fn nearest_lane(map: &Map, line: &Line, point: Vec2) -> Option<(usize, Vec2)> {
    let mut best: Option<(f64, usize, Vec2)> = None;
    for &index in &line.lanes {
        let along = map.lanes.get(index)?.centreline.along(point)?;
        let off = along.left_m.abs();
        if best.is_none_or(|(nearest, ..)| off < nearest) {
            best = Some((off, index, along.direction));
        }
    }
    best.map(|(_, index, direction)| (index, direction))
}
