//! The progress bar. Silent where nobody watches.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::count::Counts;

/// A bar on a terminal, or nothing.
pub(super) struct Bar {
    bar: ProgressBar,
}

impl Bar {
    /// A bar over so many seconds of event time.
    pub(super) fn new(seconds: u32, wanted: bool) -> Self {
        if !wanted || !std::io::stderr().is_terminal() {
            return Self { bar: ProgressBar::hidden() };
        }
        let template = "{elapsed_precise} {wide_bar:.cyan/white} {pos:>6}/{len} s of traffic  {msg}  {eta} left";
        let style =
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::new(u64::from(seconds)).with_style(style);
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar }
    }

    /// So far.
    pub(super) fn set(&self, at_us: i64, counts: &Counts) {
        self.bar.set_position((at_us / 1_000_000).unsigned_abs());
        if !self.bar.is_hidden() {
            self.bar.set_message(format!("{} observations", counts.observations));
        }
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
