//! The progress bar: frames, speed, events found. Silent where nobody watches. Lines of JSON for a program
//! that runs this one.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Steps between two lines.
const LINE_STEPS: u64 = 16;

/// A bar on a terminal, lines for a program, or nothing.
pub struct Progress {
    bar: ProgressBar,
    lines: bool,
}

impl Progress {
    /// A bar of `total` steps named `unit` where standard error is a terminal and `wanted`.
    pub fn new(total: Option<u64>, unit: &str, wanted: bool) -> Self {
        if !wanted || !std::io::stderr().is_terminal() {
            return Self { bar: ProgressBar::hidden(), lines: false };
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
        Self { bar, lines: false }
    }

    /// Lines on standard error, such as `{"done":16,"total":1050}`.
    pub fn lines(total: Option<u64>) -> Self {
        let bar = ProgressBar::hidden();
        bar.set_length(total.unwrap_or(0));
        Self { bar, lines: true }
    }

    /// One step further.
    pub fn step(&self, violations: usize, voids: usize) {
        self.bar.inc(1);
        if self.lines && self.bar.position().is_multiple_of(LINE_STEPS) {
            let total = self.bar.length().filter(|total| *total > 0);
            eprintln!("{}", serde_json::json!({ "done": self.bar.position(), "total": total }));
        }
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
