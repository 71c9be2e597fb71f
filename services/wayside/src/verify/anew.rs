//! An independent look: detector, tracker and rules over the redacted clip of a package, with the models
//! at hand.
//!
//! The clip shows less than the camera saw (everything but the vehicle and the background is hidden, and it
//! was encoded again), and it begins shortly before the event, so a rule that needs longer cannot be
//! found again. What is not found again is therefore not shown, and no fault of the package.

use std::io::Write;
use std::sync::atomic::AtomicBool;

use wayside_capture::{Expected, Reader, ReaderOptions, Source};
use wayside_inference::regions::{RegionOptions, regions_with};
use wayside_ingest::lamps::LampReader;
use wayside_ingest::video::{self, Detect, Origin, Processed, Stages};
use wayside_package::{Holds, Package, Part};
use wayside_proto::{Content, EventTime, Outcome, Quantity, Verdict};
use wayside_rules::Engine;
use wayside_rules::signals::SignalHistory;
use wayside_site::Site;
use wayside_tracking::{Tracker, TrackerConfig};

use crate::cli::ModelArgs;
use crate::models;

/// How far the event time of the independent look may be from the stated one, seconds, besides what the
/// clock allows: two crossings of one line by one vehicle are further apart.
const EVENT_S_MAX: f64 = 1.0;

/// What an independent look found.
pub struct Looked {
    /// Whether it found the same rule broken at the same place, within the stated intervals. Never `No`.
    pub holds: Holds,
    /// One sentence.
    pub sentence: String,
}

/// Looks at the clip of a whole package.
pub fn look(package: &Package<'_>, args: &ModelArgs) -> Looked {
    let not_shown = |why: String| Looked {
        holds: Holds::NotShown,
        sentence: format!("Not shown by an independent look at the clip: {why}"),
    };
    let outcome = match package.outcome() {
        Ok(outcome) => outcome,
        Err(problem) => return not_shown(format!("{problem}.")),
    };
    match outcomes(package, &outcome, args) {
        Err(why) => not_shown(why),
        Ok((found, frames, model)) => compare(&outcome, &found, frames, &model),
    }
}

/// What the rules conclude from the clip, how many frames were looked at, and with which model.
fn outcomes(
    package: &Package<'_>,
    outcome: &Outcome,
    args: &ModelArgs,
) -> Result<(Vec<Outcome>, usize, String), String> {
    let said = |problem: wayside_package::Problem| format!("{problem}.");
    let site = package.site().map_err(said)?;
    let instants = package.clip_frames().map_err(said)?;
    let records = package.signals().map_err(said)?;
    let signals = SignalHistory::with_records(&site.file().signals, records);
    let camera = site
        .camera(outcome.camera.as_str())
        .ok_or_else(|| format!("the site file has no camera `{}`.", outcome.camera))?
        .clone();
    let failed = |error: &dyn std::fmt::Display| {
        format!("{}.", error.to_string().lines().next().unwrap_or_default().trim_end_matches('.'))
    };
    // A decoder reads files, not memory.
    let mut file = tempfile::Builder::new().suffix(".mp4").tempfile().map_err(|e| failed(&e))?;
    file.write_all(package.part(Part::Clip)).map_err(|e| failed(&e))?;
    let source = Source::parse(file.path(), 0.0);
    let unread = |_: &dyn std::fmt::Display| "the clip cannot be decoded.".to_owned();
    let mut reader = Reader::open(&source, ReaderOptions::default()).map_err(|e| unread(&e))?;
    let info = reader.info().clone();
    let expected = Expected { width_px: camera.width_px, height_px: camera.height_px };
    expected.check(&info).map_err(|error| failed(&error))?;
    let models = models::open(args, site.file().footage_of(&camera.id), &mut |_: &str| ())
        .map_err(|error| failed(&error))?;
    let mut detector = models.detector().map_err(|error| failed(&error))?;
    let calibrated = site
        .camera_model(&camera.id)
        .ok_or_else(|| format!("camera {} has no calibration.", camera.id))?;
    let config = TrackerConfig {
        score_high: detector.layout().score_min,
        score_low: detector.layout().score_low,
        ..TrackerConfig::default()
    };
    let tracker = Tracker::new(calibrated.clone(), &site.file().lanes, config);
    let tiles = regions_with(&site, &camera.id, RegionOptions::of(&detector));
    let detect: Detect =
        Box::new(move |picture| detector.detect(picture, &tiles).map_err(|error| error.report()));
    let stages = Stages {
        detectors: vec![detect],
        tracker,
        lamps: LampReader::new(&[]),
        gate: None,
        ends: None,
    };
    let start = instants.first().copied().unwrap_or(outcome.event_time);
    let origin = Origin {
        site: site.id(),
        camera: outcome.camera.clone(),
        run: outcome.run.clone(),
        start,
        clock_uncertainty_us: package.manifest().clock.uncertainty_us,
        fps: info.fps,
    };
    let mut judged = Judged::new(&site, &signals, &instants);
    let cancel = AtomicBool::new(false);
    let mut sink = |processed: Processed| -> Result<(), String> {
        judged.observe(processed);
        Ok(())
    };
    let run = video::run(&origin, || reader.next(), stages, &cancel, &mut sink)
        .map_err(|_| "the clip cannot be looked at whole.".to_owned())?;
    if !matches!(run.ended, video::Ended::Whole) {
        return Err("the clip cannot be decoded to its end.".to_owned());
    }
    let name = models.model().name.clone();
    let (found, frames) = judged.finish();
    if frames != instants.len() {
        let stated = instants.len();
        return Err(format!(
            "{frames} frames could be decoded, and the package states {stated} instants."
        ));
    }
    Ok((found, frames, name))
}

/// The rules over the frames of the clip, each at the instant that the package states for it.
struct Judged<'a> {
    engine: Engine,
    signals: &'a SignalHistory,
    instants: std::slice::Iter<'a, EventTime>,
    outcomes: Vec<Outcome>,
    frames: usize,
}

impl<'a> Judged<'a> {
    fn new(site: &Site, signals: &'a SignalHistory, instants: &'a [EventTime]) -> Self {
        let engine = Engine::new(site);
        Self { engine, signals, instants: instants.iter(), outcomes: Vec::new(), frames: 0 }
    }

    fn observe(&mut self, processed: Processed) {
        let mut observation = processed.observation;
        if !matches!(observation.content, Content::Tracks { .. }) {
            return;
        }
        self.frames += 1;
        let Some(instant) = self.instants.next() else { return };
        observation.time = *instant;
        self.outcomes.extend(self.engine.observe(&observation, self.signals));
    }

    fn finish(mut self) -> (Vec<Outcome>, usize) {
        self.outcomes.extend(self.engine.finish(self.signals).0);
        (self.outcomes, self.frames)
    }
}

fn compare(stated: &Outcome, found: &[Outcome], frames: usize, model: &str) -> Looked {
    let not_shown = |sentence: String| Looked { holds: Holds::NotShown, sentence };
    let apart_s = |other: &Outcome| other.event_time.since_s(stated.event_time).abs();
    let same_rule = |other: &&Outcome| other.rule == stated.rule && other.place == stated.place;
    let nearest = found.iter().filter(same_rule).min_by(|a, b| apart_s(a).total_cmp(&apart_s(b)));
    let looked = format!("{model} over the {frames} frames of the clip");
    let Some(other) = nearest.filter(|other| apart_s(other) <= EVENT_S_MAX) else {
        return not_shown(format!(
            "Not shown by an independent look ({looked}): it does not find {} at {} within {EVENT_S_MAX} s of the stated \
             time. The clip shows less than the camera saw.",
            stated.rule, stated.place
        ));
    };
    if let Verdict::Void { cause, .. } = &other.verdict {
        return not_shown(format!(
            "Not shown by an independent look ({looked}): it finds the event, and holds it for void ({}).",
            cause.as_str()
        ));
    }
    let outside: Vec<&str> = stated
        .quantities
        .iter()
        .filter(|quantity| {
            let same = other.quantities.iter().find(|other| other.name == quantity.name);
            !same.is_some_and(|same| meet(quantity, same))
        })
        .map(|quantity| quantity.name)
        .collect();
    if !outside.is_empty() {
        return not_shown(format!(
            "Not shown by an independent look ({looked}): it finds the same rule broken at the same place, and its \
             intervals do not meet those stated for {}.",
            outside.join(", ")
        ));
    }
    Looked {
        holds: Holds::Yes,
        sentence: format!(
            "An independent look ({looked}) finds {} broken at {} too, {:.2} s from the stated time, and its intervals meet \
             the stated ones.",
            stated.rule,
            stated.place,
            apart_s(other)
        ),
    }
}

/// Whether two intervals have a value in common; an unknown end is no bound.
fn meet(a: &Quantity, b: &Quantity) -> bool {
    let below = |low: Option<f64>, high: Option<f64>| match (low, high) {
        (Some(low), Some(high)) => low <= high,
        _ => true,
    };
    below(a.low, b.high) && below(b.low, a.high)
}
