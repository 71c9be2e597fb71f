//! Whether there is light enough to see road users.

use crate::config::WatchConfig;
use crate::latch::Verdict;
use crate::small::Small;

/// Mean and spread of luma.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Brightness {
    pub(crate) mean: f64,
    /// From the 10th to the 90th percentile.
    pub(crate) spread: f64,
}

impl Brightness {
    pub(crate) fn of(picture: &Small) -> Self {
        let [low, high] = [10, 90].map(|percent| f64::from(picture.percentile(percent)));
        Self { mean: picture.mean(), spread: high - low }
    }

    /// Dark is low and flat; lamps on a dark road make it uneven.
    pub(crate) fn verdict(self, config: &WatchConfig) -> Verdict {
        let dark =
            self.mean < config.dark_mean_luma_enter && self.spread < config.dark_spread_luma_enter;
        let bright = self.mean >= config.dark_mean_luma_leave
            || self.spread >= config.dark_spread_luma_leave;
        match (dark, bright) {
            (true, _) => Verdict::Bad,
            (false, true) => Verdict::Good,
            (false, false) => Verdict::Open,
        }
    }
}
