//! How observations are judged.

/// Most that the allowed lateness can be, seconds. What was decided this shortly before a restart
/// is offered to the log again, which knows it by its id: so the lateness may change in between.
pub(crate) const LATENESS_S_MAX: f64 = 10.0;

/// How observations are judged.
#[derive(Clone, Debug)]
pub struct Options {
    /// An observation is judged when its camera has gone on by this much event time, 0 to 10 s.
    pub lateness_s: f64,
    /// How far a restart goes back at most, seconds of event time. A track that is older is given
    /// up by a restart; a camera that is silent for so long begins anew.
    pub rewind_s_max: f64,
    /// Observations read at once; 1 to 10,000.
    pub records_max: usize,
    /// Bytes read at once.
    pub bytes_max: usize,
    /// Records after which the position is committed although nothing was decided; a restart reads so
    /// many more again.
    pub commit_records: u64,
    /// Whether signal reports are read from the bus.
    pub read_signals: bool,
    /// What claims to be later than this machine's clock by more than this is not believed, seconds:
    /// one camera whose clock is a year ahead must not wait for a year.
    pub ahead_s_max: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            lateness_s: 1.0,
            rewind_s_max: 3_600.0,
            records_max: 256,
            bytes_max: 8 * 1024 * 1024,
            commit_records: 64,
            read_signals: true,
            ahead_s_max: 600.0,
        }
    }
}

impl Options {
    /// The options, each within its bounds.
    pub(crate) fn sound(mut self) -> Self {
        let within = |value: f64, low: f64, high: f64, otherwise: f64| {
            if value.is_finite() { value.clamp(low, high) } else { otherwise }
        };
        self.lateness_s = within(self.lateness_s, 0.0, LATENESS_S_MAX, 1.0);
        self.rewind_s_max = within(self.rewind_s_max, 60.0, 86_400.0, 3_600.0);
        self.records_max = self.records_max.clamp(1, 10_000);
        self.ahead_s_max = within(self.ahead_s_max, 1.0, 1e9, 600.0);
        self.bytes_max = self.bytes_max.max(1);
        self
    }
}
