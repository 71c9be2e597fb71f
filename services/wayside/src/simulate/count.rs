//! What came of a simulation.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value, json};
use wayside_city::Fault;

use crate::commands::simulate::SimulateArgs;

/// What was sent. What is broken on purpose counts as a record and not as an observation.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) observations: u64,
    pub(super) gaps: u64,
    pub(super) states: u64,
    pub(super) bytes: u64,
    pub(super) signals: u64,
    pub(super) passages: u64,
    pub(super) truths: u64,
    pub(super) records: u64,
    pub(super) skipped: u64,
}

impl Counts {
    pub(super) fn observation(&mut self, states: Option<u32>, bytes: usize) {
        self.observations += 1;
        self.gaps += u64::from(states.is_none());
        self.states += u64::from(states.unwrap_or(0));
        self.bytes += bytes as u64;
    }
}

/// The summary of a run.
pub(super) struct Summary<'a> {
    pub(super) args: &'a SimulateArgs,
    pub(super) sites: usize,
    pub(super) sections: usize,
    pub(super) cameras: u32,
    pub(super) counts: &'a Counts,
    pub(super) faults: Option<&'a BTreeMap<Fault, u64>>,
    pub(super) place: Option<String>,
    pub(super) behind_s_max: f64,
    pub(super) took_s: f64,
    pub(super) interrupted: bool,
}

impl Summary<'_> {
    fn each(&self, sum: u64) -> f64 {
        sum as f64 / (self.counts.observations.max(1)) as f64
    }

    fn rate(&self, sum: u64) -> f64 {
        sum as f64 / self.took_s.max(1e-9)
    }

    /// One JSON object.
    pub(super) fn json(&self) -> Value {
        let counts = self.counts;
        let faults = self.faults.map(|faults| {
            let counted = Fault::ALL.iter().map(|fault| {
                let count = faults.get(fault).copied().unwrap_or(0);
                (fault.as_str().to_owned(), json!(count))
            });
            Value::Object(counted.collect::<Map<_, _>>())
        });
        json!({
            "seed": self.args.seed,
            "start": self.args.start.to_string(),
            "seconds": self.args.seconds,
            "cameras": self.cameras,
            "sites": self.sites,
            "sections": self.sections,
            "observations": counts.observations,
            "gaps": counts.gaps,
            "track_states": counts.states,
            "signals": counts.signals,
            "passages": counts.passages,
            "truths": counts.truths,
            "records": counts.records,
            "skipped": counts.skipped,
            "bytes": counts.bytes,
            "bytes_per_observation": self.each(counts.bytes),
            "track_states_per_observation": self.each(counts.states),
            "observations_per_s": self.rate(counts.observations),
            "track_states_per_s": self.rate(counts.states),
            "took_s": self.took_s,
            "behind_s_max": self.behind_s_max,
            "faults": faults,
            "bus": self.place,
            "interrupted": self.interrupted,
        })
    }
}

impl fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.counts;
        writeln!(
            f,
            "{} cameras at {} sites, {} s from {}",
            self.cameras, self.sites, self.args.seconds, self.args.start
        )?;
        writeln!(
            f,
            "{} observations ({:.1} track states and {:.0} bytes each), {} gaps, {} signal reports, \
             {} messages of {} sections",
            counts.observations,
            self.each(counts.states),
            self.each(counts.bytes),
            counts.gaps,
            counts.signals,
            counts.passages,
            self.sections
        )?;
        writeln!(f, "rules truly broken: {} times", counts.truths)?;
        if let Some(faults) = self.faults {
            let each: Vec<String> =
                faults.iter().map(|(fault, count)| format!("{count} {}", fault.as_str())).collect();
            writeln!(f, "went wrong on purpose: {}", each.join(", "))?;
        }
        match &self.place {
            Some(place) => writeln!(f, "published to {place}")?,
            None => writeln!(f, "nothing was published")?,
        }
        if self.behind_s_max > 1.0 {
            writeln!(f, "fell behind by up to {:.1} s", self.behind_s_max)?;
        }
        writeln!(f, "took {:.1} s, {:.0} track states/s", self.took_s, self.rate(counts.states))?;
        if self.interrupted {
            writeln!(f, "interrupted before the end")?;
        }
        Ok(())
    }
}
