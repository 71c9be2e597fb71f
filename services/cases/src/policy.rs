//! Settings of review.

/// Settings of review. [`Policy::default`] is what a city begins with.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// How long a claim holds without a sign of life, 10 to 86,400 s.
    pub claim_s: u32,
    /// How long an approval can be undone before its citation is issued, 0 to 604,800 s.
    pub undo_s: u32,
    /// Share of cases that get a second review, 0 to 1.
    pub second_share: f64,
    /// Share of claims that get a known case, 0 to 0.5.
    pub known_share: f64,
    /// Share of errors above which a rule of a camera stands down, 0 to 1.
    pub error_rate_max: f64,
    /// Decided cases that it takes at least, 1 to 1,000,000.
    pub decided_min: u32,
    /// How far back decisions count in the ledger, 3,600 to 315,360,000 s.
    pub ledger_window_s: u32,
    /// How far a clock may be behind what is on record, 0 to 3,600 s (see [`crate::clock`]).
    pub clock_back_s_max: u32,
    /// Whether an approval needs a plate.
    pub plate_required: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            claim_s: 600,
            undo_s: 600,
            second_share: 0.1,
            known_share: 0.02,
            error_rate_max: 0.1,
            decided_min: 30,
            ledger_window_s: 30 * 86_400,
            clock_back_s_max: 60,
            plate_required: true,
        }
    }
}

/// A setting out of its range.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{name} = {value} is out of range: {low} to {high}")]
pub struct PolicyError {
    /// The setting.
    pub name: &'static str,
    /// Its value.
    pub value: f64,
    /// Least that is taken.
    pub low: f64,
    /// Most that is taken.
    pub high: f64,
}

impl Policy {
    /// Checks every range.
    ///
    /// # Errors
    /// At the first setting that is out of it.
    pub fn check(&self) -> Result<(), PolicyError> {
        let ranges = [
            ("claim_s", f64::from(self.claim_s), 10.0, 86_400.0),
            ("undo_s", f64::from(self.undo_s), 0.0, 604_800.0),
            ("second_share", self.second_share, 0.0, 1.0),
            ("known_share", self.known_share, 0.0, 0.5),
            ("error_rate_max", self.error_rate_max, 0.0, 1.0),
            ("decided_min", f64::from(self.decided_min), 1.0, 1_000_000.0),
            ("ledger_window_s", f64::from(self.ledger_window_s), 3_600.0, 315_360_000.0),
            ("clock_back_s_max", f64::from(self.clock_back_s_max), 0.0, 3_600.0),
        ];
        for (name, value, low, high) in ranges {
            // A NaN is in no range.
            if !(low..=high).contains(&value) {
                return Err(PolicyError { name, value, low, high });
            }
        }
        Ok(())
    }
}
