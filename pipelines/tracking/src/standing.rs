//! A standing vehicle does not creep, and a start is noticed.

/// Whether a road user stands, and for how long it has looked so.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Standing {
    stands: bool,
    slow_s: f64,
    /// Mean of how far the boxes lie ahead of where the vehicle is held to stand, metres, with its
    /// variance.
    ahead_m: f64,
    variance_m2: f64,
}

/// What to do with the filter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Verdict {
    /// It moves: nothing.
    Moves,
    /// It stands: hold the speed at zero.
    Stands,
    /// It has just started, and may be this far from where it stood, metres.
    Started(f64),
}

/// Slower than this looks like standing, metres a second.
const SLOW_MS: f64 = 0.4;
/// For this long, seconds.
const SLOW_S: f64 = 0.5;
/// Time over which boxes are averaged to notice a start, seconds.
const MEMORY_S: f64 = 0.25;
/// A mean this many sigmas away is a start.
const START_SIGMAS: f64 = 3.0;
/// And at least this far, metres.
const START_M: f64 = 0.15;

impl Standing {
    /// Whether it stands.
    pub fn stands(&self) -> bool {
        self.stands
    }

    /// Takes in one measured frame: the filtered speed with its sigma, and how far the box lies
    /// ahead of the prediction with its sigma (white noise only).
    pub fn step(
        &mut self,
        dt_s: f64,
        speed_ms: f64,
        speed_sigma_ms: f64,
        ahead: Option<(f64, f64)>,
    ) -> Verdict {
        if self.stands {
            let Some((shift_m, sigma_m)) = ahead else { return Verdict::Stands };
            let share = dt_s / (MEMORY_S + dt_s);
            self.ahead_m += share * (shift_m - self.ahead_m);
            let rest = 1.0 - share;
            self.variance_m2 = rest * rest * self.variance_m2 + share * share * sigma_m * sigma_m;
            let limit = (START_SIGMAS * self.variance_m2.sqrt()).max(START_M);
            if self.ahead_m.abs() <= limit {
                return Verdict::Stands;
            }
            let slack_m = 1.5 * self.ahead_m.abs();
            *self = Self::default();
            return Verdict::Started(slack_m);
        }
        let slow = speed_ms.abs() < SLOW_MS && speed_sigma_ms < 1.5;
        self.slow_s = if slow { self.slow_s + dt_s } else { 0.0 };
        if self.slow_s < SLOW_S {
            return Verdict::Moves;
        }
        *self = Self { stands: true, ..Self::default() };
        Verdict::Stands
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jitter_is_no_start_and_a_start_is_noticed_within_half_a_second() {
        let mut standing = Standing::default();
        let dt = 0.08;
        for _ in 0..8 {
            standing.step(dt, 0.1, 0.3, None);
        }
        assert!(standing.stands());
        for k in 0..200 {
            let jitter = if k % 3 == 0 { 0.2 } else { -0.1 };
            assert_eq!(standing.step(dt, 0.0, 0.1, Some((jitter, 0.15))), Verdict::Stands);
        }
        let mut fast = standing;
        let noticed = (1..=6).any(|k| {
            let t = f64::from(k) * dt;
            matches!(fast.step(dt, 0.0, 0.1, Some((1.5 * t, 0.1))), Verdict::Started(_))
        });
        assert!(noticed);
    }
}
