//! Which rules exact motion breaks.
//!
//! The definitions are those of `wayside-rules`, without noise: what lies so near a limit that a
//! camera cannot tell is marked as not certain.

use wayside_proto::RoadUserClass;

use super::mover::Mover;
use super::path::Path;
use crate::cycle::Cycle;
use crate::road::{
    AREA_M, BOX_S_MAX, ENTER_S_MAX, GRACE_S, KERB_M, NO_STOPPING_S_MAX, OVERRUN_M_MIN, STAND_S_MIN,
    WRONG_WAY_M_MIN, WRONG_WAY_S_MIN, ZONE_EDGE_M, ZONE_M,
};

/// Below this a vehicle stands, metres a second.
const STANDS_MS: f64 = 0.2;
/// A stand is over where the vehicle is this far on, metres.
const AWAY_M: f64 = 1.5;
/// How far a dwell must be beyond its limit to be certain, seconds.
const DWELL_MARGIN_S: f64 = 1.0;
/// How far beyond grace, and before green, a crossing must be to be certain, seconds.
const RED_MARGIN_S: f64 = 0.3;
/// How deep in the conflict area a front has entered it, metres.
const ENTERED_M: f64 = 0.5;

/// A rule was broken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Broken {
    pub(crate) rule: &'static str,
    pub(crate) at_us: i64,
    pub(crate) track: u64,
    pub(crate) class: RoadUserClass,
    pub(crate) value: f64,
    pub(crate) certain: bool,
}

/// What a mover has done so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Deeds {
    crossed: Option<Crossed>,
    stand: Option<Stand>,
    against: Option<(i64, f64)>,
}

/// Crossed the stop line on red.
#[derive(Clone, Copy, Debug)]
struct Crossed {
    at_us: i64,
    into_red_s: f64,
    certain: bool,
    stood: bool,
}

/// Has come to stand, `s` metres along its way.
#[derive(Clone, Copy, Debug)]
struct Stand {
    from_us: i64,
    last_us: i64,
    s: f64,
}

/// Looks at a vehicle that has moved from `before_s` within `dt` seconds up to `now_us`. Nothing
/// before instant 0 was seen.
pub(crate) fn look(
    mover: &mut Mover,
    before_s: f64,
    now_us: i64,
    dt: f64,
    arm: usize,
    cycle: &Cycle,
    out: &mut Vec<Broken>,
) {
    if mover.path.enters() {
        line(mover, before_s, now_us, dt, arm, cycle, out);
    }
    stand(mover, now_us, out);
    if mover.path == Path::Wrong && mover.deeds.against.is_none() && now_us >= 0 {
        mover.deeds.against = Some((now_us, mover.s));
    }
}

/// Judges what a vehicle that leaves the picture, or the end of the stream, leaves behind.
pub(crate) fn leave(mover: &mut Mover, now_us: i64, out: &mut Vec<Broken>) {
    if let Some(stand) = mover.deeds.stand.take() {
        judge_stand(mover, &stand, out);
    }
    if let Some((from_us, from_s)) = mover.deeds.against.take() {
        let (distance_m, duration_s) = (mover.s - from_s, (now_us - from_us) as f64 / 1e6);
        if distance_m >= WRONG_WAY_M_MIN && duration_s >= WRONG_WAY_S_MIN {
            let certain = distance_m > WRONG_WAY_M_MIN + 3.0 && duration_s > WRONG_WAY_S_MIN + 0.5;
            out.push(broken(mover, "wrong_way", from_us, distance_m, certain));
        }
    }
}

fn broken(mover: &Mover, rule: &'static str, at_us: i64, value: f64, certain: bool) -> Broken {
    Broken { rule, at_us, track: mover.id, class: mover.class, value, certain }
}

fn line(
    mover: &mut Mover,
    before_s: f64,
    now_us: i64,
    dt: f64,
    arm: usize,
    cycle: &Cycle,
    out: &mut Vec<Broken>,
) {
    let line_s = Path::line_s();
    if before_s < line_s && mover.s >= line_s {
        let ago_s = (mover.s - line_s) / (mover.s - before_s) * dt;
        let at_us = now_us - (ago_s * 1e6) as i64;
        let red_us = cycle.red_for_us(arm, at_us).filter(|_| at_us >= 0);
        mover.deeds.crossed = red_us.map(|red_us| {
            let into_red_s = red_us as f64 / 1e6;
            let green_in_s = cycle.green_in_us(arm, at_us) as f64 / 1e6;
            let certain = into_red_s > GRACE_S + RED_MARGIN_S
                && green_in_s > RED_MARGIN_S
                && mover.v > 1.0
                // The red must have begun in view: else its begin is not on record.
                && at_us > red_us;
            Crossed { at_us, into_red_s, certain, stood: false }
        });
    }
    let Some(mut crossed) = mover.deeds.crossed else { return };
    let beyond_m = mover.s - line_s;
    if !crossed.stood
        && beyond_m > OVERRUN_M_MIN
        && let Some(stand) = mover.deeds.stand
    {
        let stood_s = (now_us - stand.from_us.max(crossed.at_us)) as f64 / 1e6;
        let in_red = cycle.red_for_us(arm, now_us).is_some();
        if stood_s >= STAND_S_MIN && mover.path.at(mover.s, 0.0).1 > AREA_M - ENTERED_M {
            crossed.stood = true;
            mover.deeds.crossed = Some(crossed);
            if in_red && crossed.into_red_s > GRACE_S {
                let green_in_s = cycle.green_in_us(arm, now_us) as f64 / 1e6;
                let certain = crossed.into_red_s > GRACE_S + 2.0 * RED_MARGIN_S
                    && beyond_m > 2.0 * OVERRUN_M_MIN
                    && green_in_s > 1.0
                    && crossed.at_us > (crossed.into_red_s * 1e6) as i64;
                out.push(broken(mover, "stop_line", crossed.at_us, beyond_m, certain));
            }
        }
    }
    if mover.path.at(mover.s, 0.0).1 < AREA_M - ENTERED_M {
        mover.deeds.crossed = None;
        let entered_s = (now_us - crossed.at_us) as f64 / 1e6;
        if !crossed.stood && entered_s <= ENTER_S_MAX && crossed.into_red_s > GRACE_S {
            let certain = crossed.certain && entered_s < ENTER_S_MAX - 1.0;
            out.push(broken(mover, "red_light", crossed.at_us, crossed.into_red_s, certain));
        }
    }
}

fn stand(mover: &mut Mover, now_us: i64, out: &mut Vec<Broken>) {
    if now_us < 0 {
        return;
    }
    let stands = mover.v < STANDS_MS;
    match mover.deeds.stand {
        None if stands => {
            mover.deeds.stand = Some(Stand { from_us: now_us, last_us: now_us, s: mover.s });
        }
        Some(stand) if mover.s - stand.s < AWAY_M => {
            let last_us = if stands { now_us } else { stand.last_us };
            mover.deeds.stand = Some(Stand { last_us, ..stand });
        }
        Some(stand) => {
            mover.deeds.stand = None;
            judge_stand(mover, &stand, out);
        }
        None => {}
    }
}

fn judge_stand(mover: &Mover, stand: &Stand, out: &mut Vec<Broken>) {
    let dwell_s = (stand.last_us - stand.from_us) as f64 / 1e6;
    let (across, outward) = mover.path.at(stand.s - mover.length_m / 2.0, mover.aside_m);
    let (rule, limit_s) = if across.abs() < AREA_M && outward.abs() < AREA_M {
        ("box_junction", BOX_S_MAX)
    } else if (KERB_M..ZONE_EDGE_M).contains(&across) && (ZONE_M.0..ZONE_M.1).contains(&outward) {
        ("no_stopping", NO_STOPPING_S_MAX)
    } else {
        return;
    };
    if dwell_s > limit_s {
        let inside = AREA_M - outward.abs() > 1.0 || rule != "box_junction";
        let certain = dwell_s > limit_s + DWELL_MARGIN_S && inside;
        out.push(broken(mover, rule, stand.from_us, dwell_s, certain));
    }
}
