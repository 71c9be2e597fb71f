//! The progress bar: frames, speed, events found. Silent where nobody watches.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A bar on a terminal, or nothing.
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar of `total` steps named `unit` where standard error is a terminal and `wanted`.
    pub fn new(total: Option<u64>, unit: &str, wanted: bool) -> Self {
        if !wanted || !std::io::stderr().is_terminal() {
            return Self { bar: ProgressBar::hidden() };
        }
        let template = if total.is_some() {
            format!(
                "{{elapsed_precise}} {{wide_bar:.cyan/white}} {{pos:>6}}/{{len}} {unit}  {{per_sec}}  {{msg}}  {{eta}} left"
            )
        } else {
            format!("{{elapsed_precise}} {{spinner}} {{pos:>6}} {unit}  {{per_sec}}  {{msg}}")
        };
        let style = ProgressStyle::with_template(&template)
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .with_key(
                "per_sec",
                |state: &indicatif::ProgressState, w: &mut dyn std::fmt::Write| {
                    // A terminal that cannot be written to has nobody watching.
                    let _ = write!(w, "{:>5.1}/s", state.per_sec());
                },
            );
        let bar = ProgressBar::new(total.unwrap_or(0)).with_style(style);
        bar.set_message(found(0, 0));
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar }
    }

    /// One step further.
    pub fn step(&self, violations: usize, voids: usize) {
        self.bar.inc(1);
        if self.bar.position().is_multiple_of(8) {
            self.bar.set_message(found(violations, voids));
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

fn found(violations: usize, voids: usize) -> String {
    let plural = if violations == 1 { "" } else { "s" };
    format!("{violations} violation{plural}, {voids} void")
}
