//! What a replay tells the user at its end.

use std::fmt::Write;

use serde::Serialize;
use wayside_proto::{Outcome, Verdict};

use super::certificate::Certificate;
use super::evidence::Packages;
use super::fitness::Fitness;
use super::outputs::{ANNOTATED, OutputFolder, REPORT};
use super::{Ended, Plan, Watched};

/// The end of a replay, for a person or a script.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    site: String,
    camera: String,
    source: String,
    frames: u64,
    /// Those that were skipped because nothing moved.
    frames_still: u64,
    /// What one of them is called.
    #[serde(skip)]
    unit: &'static str,
    /// Seconds of footage.
    footage_s: f64,
    /// Seconds of work.
    took_s: f64,
    tracks: u64,
    violations: Vec<Line>,
    voids: usize,
    gaps: usize,
    /// Vehicles that passed the end of a section; none where the camera sees none.
    #[serde(skip_serializing_if = "Option::is_none")]
    passages: Option<u64>,
    partial: Option<String>,
    /// Whether the model was made for such footage; none without a model.
    model_fits_footage: Option<bool>,
    /// Why the result must not be relied on.
    unfit: Option<String>,
    warnings: Vec<String>,
    out: String,
    report: String,
    annotated: Option<String>,
    /// Packages of the violations, where they were wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<Packages>,
    observations_sha256: String,
    violations_sha256: String,
}

#[derive(Clone, Debug, Serialize)]
struct Line {
    id: String,
    rule: String,
    time_s: f64,
    event_time: String,
    class: &'static str,
    place: String,
    quantities: String,
}

impl Summary {
    pub(super) fn of(plan: &Plan, folder: &OutputFolder, watched: &Watched) -> Self {
        let judged = &watched.judged;
        let line = |outcome: &Outcome| Line {
            id: outcome.id.to_string(),
            rule: outcome.rule.to_owned(),
            time_s: outcome.event_time.since_s(plan.start),
            event_time: outcome.event_time.to_string(),
            class: wayside_proto::RoadUserClass::from(outcome.class).as_str(),
            place: outcome.lane.clone().unwrap_or_else(|| outcome.place.clone()),
            quantities: quantities(outcome),
        };
        let violations: Vec<Line> = judged
            .outcomes
            .iter()
            .filter(|outcome| outcome.verdict == Verdict::Violation)
            .map(line)
            .collect();
        Self {
            site: name(&plan.site),
            camera: plan.camera.clone(),
            source: plan.name.clone(),
            frames: judged.frames,
            frames_still: judged.frames_still,
            // Tracks come in samples; only a camera has tiles to look at.
            unit: if watched.tiles.is_some() { "frames" } else { "samples" },
            footage_s: judged.span.map_or(0.0, |(first, last)| last.since_s(first)),
            took_s: watched.took_s,
            tracks: judged.paths.tracks(),
            voids: judged.outcomes.len() - violations.len(),
            violations,
            gaps: judged.gaps.len(),
            passages: judged.passages.as_ref().map(|(vehicles, _)| *vehicles),
            partial: match &watched.ended {
                Ended::Whole => None,
                Ended::Cancelled => Some("interrupted; what was finished is kept".to_owned()),
                Ended::Broken(cause) => Some(cause.clone()),
            },
            model_fits_footage: watched.fitness.as_ref().map(Fitness::fits),
            unfit: watched.fitness.as_ref().and_then(|fitness| fitness.warning.clone()),
            warnings: watched.warnings.clone(),
            out: folder.file("").display().to_string(),
            report: folder.file(REPORT).display().to_string(),
            annotated: watched.pictures.then(|| folder.file(ANNOTATED).display().to_string()),
            evidence: watched.evidence.clone(),
            observations_sha256: String::new(),
            violations_sha256: String::new(),
        }
    }

    pub(super) fn certify(&mut self, certificate: &Certificate) {
        let digest = |name| certificate.outputs.get(name).cloned().unwrap_or_default();
        self.observations_sha256 = digest(super::outputs::OBSERVATIONS);
        self.violations_sha256 = digest(super::outputs::VIOLATIONS);
    }

    /// For a person.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        if let Some(unfit) = &self.unfit {
            let _ = writeln!(text, "NOT TO BE RELIED ON: {unfit}");
        }
        let _ = writeln!(
            text,
            "{}, camera {}: {} in {}",
            self.site,
            self.camera,
            self.source,
            plain_duration(self.took_s)
        );
        let speed = if self.took_s > 0.0 { self.frames as f64 / self.took_s } else { 0.0 };
        let _ = writeln!(
            text,
            "  {} {} ({} of footage), {speed:.1} {}/s, {}",
            self.frames,
            self.unit,
            plain_duration(self.footage_s),
            self.unit,
            counted(self.tracks, "track"),
        );
        let _ = writeln!(
            text,
            "  {}, {} void{}",
            counted(self.violations.len() as u64, "violation"),
            self.voids,
            if self.gaps > 0 {
                format!(", {} in the recording", counted(self.gaps as u64, "gap"))
            } else {
                String::new()
            }
        );
        if let Some(passages) = self.passages {
            let _ = writeln!(text, "  {} at ends of sections", counted(passages, "passage"));
        }
        for line in &self.violations {
            let _ = writeln!(
                text,
                "  {:>9.3} s  {:<14} {:<10} {:<8} {}",
                line.time_s, line.rule, line.class, line.place, line.quantities
            );
        }
        for warning in &self.warnings {
            let _ = writeln!(text, "  warning: {warning}");
        }
        if let Some(cause) = &self.partial {
            let _ = writeln!(text, "  PARTIAL: {}", cause.replace('\n', "\n  "));
        }
        if let Some(evidence) = &self.evidence {
            let (sealed, all) = (evidence.sealed() as u64, evidence.packages.len());
            let _ = writeln!(
                text,
                "  {} of {all} violations in {}, signed with key {}",
                counted(sealed, "evidence package"),
                evidence.store,
                evidence.key_id
            );
            for recorded in &evidence.packages {
                if let Some(why) = &recorded.failed {
                    let _ = writeln!(text, "  no package of {}: {why}", recorded.violation);
                }
            }
        }
        let _ = writeln!(text, "  report: {}", self.report);
        text
    }
}

/// The site's name; its id where it has none.
fn name(site: &wayside_site::Site) -> String {
    let head = &site.file().site;
    if head.name.is_empty() { head.id.clone() } else { head.name.clone() }
}

fn counted(count: u64, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

fn quantities(outcome: &Outcome) -> String {
    let one = |quantity: &wayside_proto::Quantity| {
        let bound =
            |bound: Option<f64>| bound.map_or("?".to_owned(), |bound| format!("{bound:.2}"));
        format!(
            "{} {:.2} {} [{}, {}]",
            quantity.name.replace('_', " "),
            quantity.value,
            quantity.unit.as_str(),
            bound(quantity.low),
            bound(quantity.high)
        )
    };
    outcome.quantities.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn plain_duration(seconds: f64) -> String {
    let whole = seconds.round() as u64;
    match (seconds < 90.0, whole / 3600) {
        (true, _) => format!("{seconds:.1} s"),
        (_, 0) => format!("{} min {} s", whole / 60, whole % 60),
        (_, hours) => format!("{hours} h {} min", whole % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_rounded_before_they_are_split() {
        let told = [0.04, 89.9, 119.7, 3599.4, 3600.2, 59_999.0].map(plain_duration);
        assert_eq!(
            told,
            ["0.0 s", "89.9 s", "2 min 0 s", "59 min 59 s", "1 h 0 min", "16 h 39 min"]
        );
    }
}
