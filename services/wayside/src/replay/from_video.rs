//! Observations from a recording.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use wayside_capture::{Expected, Reader, ReaderOptions};
use wayside_inference::Detector;
use wayside_inference::manifest::{DetectionLayout, Model};
use wayside_inference::regions::{RegionOptions, regions_with};
use wayside_ingest::lamps::{LampChange, LampReader};
use wayside_ingest::sections::{self, Ends};
use wayside_ingest::video::{self, Detect, Origin, Processed, Stages};
use wayside_proto::{CameraId, Content, EventTime, RunId};
use wayside_report::ModelNote;
use wayside_rules::signals::{SignalHistory, SignalRecord, SignalSource};
use wayside_site::Site;
use wayside_site::model::{Camera, Footage};
use wayside_tracking::{Tracker, TrackerConfig};
use wayside_watch::{Gate, GateConfig};

use super::cards::{CardMaker, Cards};
use super::evidence::Prepared;
use super::fitness::{Fitness, made_for};
use super::outputs::OutputFolder;
use super::pictures::{Drawn, Pictures};
use super::progress::Progress;
use super::session::Session;
use super::{Ended, Plan, Watched, digest, inputs, looked};
use crate::cli::ReplayArgs;
use crate::failure::Failure;
use crate::models::{self, Models};

/// Damages that are named one by one.
const WARNINGS_MAX: usize = 5;

pub(super) fn replay(
    args: &ReplayArgs,
    site: Site,
    (signals, prepared): (SignalHistory, Option<Prepared>),
    mut digests: BTreeMap<&'static str, String>,
    cancel: &AtomicBool,
) -> Result<(Plan, OutputFolder, Watched), Failure> {
    let camera = inputs::camera(&site, args.camera.as_deref())?.clone();
    let path = recording(args, &camera)?;
    let source = inputs::source(&path, camera.sequence_fps)?;
    let mut reader = Reader::open(&source, ReaderOptions::default()).map_err(Failure::input)?;
    let info = reader.info().clone();
    let expected = Expected { width_px: camera.width_px, height_px: camera.height_px };
    expected
        .check(&info)
        .map_err(|error| Failure::input(format!("camera {}: {error}", camera.id)))?;
    let video_digest =
        digest::of_path(&digest_path(&path)).map_err(|error| Failure::unreadable(&path, &error))?;
    digests.insert("video", video_digest);
    let model = open_models(args, site.file().footage_of(&camera.id))?;
    digests.insert("model", model.model().sha256.clone());
    if let Some(file) = model.runtime_file() {
        let digest = digest::of_path(file).map_err(|error| Failure::unreadable(file, &error))?;
        digests.insert("onnxruntime", digest);
    }
    if args.motion_gate {
        digests.insert("motion_gate", "on".to_owned());
    }
    let mut notes = vec![note(&model)];
    let mut ends = None;
    if sections::sees_end(&site, &camera.id) {
        let embedder = models::embedder(&args.models)?;
        digests.insert("embedder", embedder.model().sha256.clone());
        notes.push(embedder_note(embedder.model()));
        ends = Ends::new(&site, &camera.id, sections::shared(embedder));
    }
    let fitness = Fitness::of(model.model(), &site, &camera.id);
    // Told before the work too: it may take long.
    if let (Some(warning), false) = (&fitness.warning, args.quiet || args.json) {
        eprintln!("warning: {warning}");
    }
    let start = site.start().plus_s(camera.offset_s);
    let plan = Plan {
        run: RunId(start.to_string()),
        camera: camera.id.clone(),
        start,
        inputs: digests,
        name: path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
        site,
    };
    let folder = OutputFolder::prepare(&args.out)?;
    let size = (info.width, info.height);
    let mut session = Session::start(&plan.site, signals, &folder)?;
    if ends.is_some() {
        session.keep_passages(&folder)?;
    }
    let mut pictures = None;
    if !args.no_pictures {
        let fps = ((info.fps.unwrap_or(25.0) * 1000.0).round() as u32, 1000);
        pictures = Some(Pictures::start(&plan.site, &plan.camera, size, fps, start, &folder)?);
    }
    let first = model.detector()?;
    let tracker = tracker(&plan.site, &camera, first.layout())?;
    let options = RegionOptions::of(&first);
    let tiles = regions_with(&plan.site, &camera.id, options);
    let mut view = looked::view(&plan.site, &camera.id, size, &tiles, options);
    let detectors = detectors(args, &model, first, &tiles)?;
    let groups: Vec<String> =
        plan.site.file().signal_groups.iter().map(|group| group.id.clone()).collect();
    let progress = if args.progress_lines {
        Progress::lines(info.frames_estimate)
    } else {
        Progress::new(info.frames_estimate, "frames", !args.quiet && !args.json)
    };
    let began = Instant::now();
    let mut cards = CardMaker::default();
    let mut lamps_showed = Vec::new();
    let mut sink = |processed: Processed| -> Result<(), Failure> {
        for record in processed.lamps.into_iter().filter_map(record) {
            session.signals().push(record.clone());
            lamps_showed.push(record);
        }
        let time = processed.observation.time;
        let before = session.observe(&processed.observation)?;
        session.passages(&processed.passages)?;
        if let (Some(pictures), Some(picture), Content::Tracks { tracks, .. }) =
            (&mut pictures, processed.picture, &processed.observation.content)
        {
            let shown = signal_states(session.signals(), &groups, time);
            let decided = &session.outcomes[before..];
            let road_users = &processed.road_users;
            pictures
                .frame(picture, &Drawn { time, road_users, tracks, signals: &shown, decided })?;
            cards.decided(decided);
            cards.step(time, &session.past(pictures.ring()));
        }
        let (violations, voids) = session.tally();
        progress.step(violations, voids);
        Ok(())
    };
    let gate = args.motion_gate.then(|| Gate::new(GateConfig::default(), size.0, size.1, &tiles));
    let lamps = LampReader::new(&camera.lamps);
    let stages = Stages { detectors, tracker, lamps, gate, ends };
    let run =
        video::run(&origin(&plan, &camera, info.fps), || reader.next(), stages, cancel, &mut sink)
            .map_err(|error| match error {
                video::RunError::Sink(failure) => failure,
                other => Failure::failed(other),
            })?;
    progress.finish();
    session.passages(&run.passages)?;
    let mut warnings = info.warnings();
    warnings.extend(run.damages.iter().take(WARNINGS_MAX).cloned());
    if run.damages.len() > WARNINGS_MAX {
        warnings.push(format!("{} more places are damaged", run.damages.len() - WARNINGS_MAX));
    }
    let ended = match run.ended {
        video::Ended::Whole => Ended::Whole,
        video::Ended::Cancelled => Ended::Cancelled,
        video::Ended::Broken(error) if session.frames == 0 => return Err(Failure::input(error)),
        video::Ended::Broken(error) => Ended::Broken(error.to_string()),
    };
    if session.frames == 0 && matches!(ended, Ended::Whole) {
        let cause = run.damages.first().map_or(String::new(), |damage| format!(": {damage}"));
        return Err(Failure::input(format!("{} has no frames{cause}", path.display())));
    }
    view.still = pictures.as_ref().and_then(|p| p.ring().nearest(start)).map(|s| s.jpeg.clone());
    let with_pictures = pictures.is_some();
    cards.decided(session.close());
    let cards = pictures
        .as_ref()
        .map_or_else(Cards::new, |pictures| cards.finish(&session.past(pictures.ring())));
    if let Some(pictures) = pictures {
        pictures.finish()?;
    }
    let judged = session.finish(&folder)?;
    let mut evidence = None;
    if let Some(prepared) = prepared.filter(|_| !matches!(ended, Ended::Cancelled)) {
        let place = (args, &plan, &folder);
        evidence = Some(prepared.make(place, &model, source, &judged, lamps_showed)?);
    }
    let watched = Watched {
        judged,
        cards,
        ended,
        tiles: Some(view),
        models: notes,
        fitness: Some(fitness),
        pictures: with_pictures,
        evidence,
        warnings,
        took_s: began.elapsed().as_secs_f64(),
    };
    Ok((plan, folder, watched))
}

/// The recording that is meant.
pub fn recording(args: &ReplayArgs, camera: &Camera) -> Result<PathBuf, Failure> {
    match (&args.video, &camera.source) {
        (Some(video), _) => Ok(video.clone()),
        (None, Some(source)) => Ok(inputs::beside(&args.site, source)),
        (None, None) => Err(Failure::input(format!(
            "camera {} has no source\n  hint: name a recording with --video, or set `source` in the site file",
            camera.id
        ))),
    }
}

/// A pattern of an image sequence is digested as the folder it lies in.
fn digest_path(path: &std::path::Path) -> PathBuf {
    if path.exists() { path.to_owned() } else { path.parent().unwrap_or(path).to_owned() }
}

fn open_models(args: &ReplayArgs, footage: Footage) -> Result<Models, Failure> {
    let quiet = args.quiet;
    models::open(&args.models, footage, &mut |text| {
        if !quiet {
            eprintln!("{text}");
        }
    })
}

/// The tracker of a camera, for the scores of that detector.
fn tracker(site: &Site, camera: &Camera, layout: &DetectionLayout) -> Result<Tracker, Failure> {
    let model = site
        .camera_model(&camera.id)
        .ok_or_else(|| Failure::failed(format!("camera {} has no calibration", camera.id)))?;
    let config = TrackerConfig {
        score_high: layout.score_min,
        score_low: layout.score_low,
        ..TrackerConfig::default()
    };
    Ok(Tracker::new(model.clone(), &site.file().lanes, config))
}

fn detectors(
    args: &ReplayArgs,
    model: &Models,
    first: Detector,
    tiles: &[wayside_picture::PixelRect],
) -> Result<Vec<Detect>, Failure> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = args.threads.map_or(cores.saturating_sub(1).max(1), usize::from);
    std::iter::once(Ok(first))
        .chain((1..threads).map(|_| model.detector()))
        .map(|detector| {
            let mut detector = detector?;
            let tiles = tiles.to_vec();
            let detect: Detect = Box::new(move |picture| {
                detector.detect(picture, &tiles).map_err(|error| error.report())
            });
            Ok(detect)
        })
        .collect()
}

fn origin(plan: &Plan, camera: &Camera, fps: Option<f64>) -> Origin {
    Origin {
        site: plan.site.id(),
        camera: CameraId(plan.camera.clone()),
        run: plan.run.clone(),
        start: plan.start,
        clock_uncertainty_us: (camera.clock_uncertainty_ms * 1e3).round() as u32,
        fps,
    }
}

/// A head that shows nothing readable leaves no record; its last state is believed only as long as
/// `signals.state_s_max` says.
fn record(change: LampChange) -> Option<SignalRecord> {
    let LampChange { group, state, since } = change;
    Some(SignalRecord { time: since, group, state: state?, source: SignalSource::Lamp })
}

/// What each group shows at an instant.
pub fn signal_states(
    signals: &SignalHistory,
    groups: &[String],
    time: EventTime,
) -> Vec<(String, Option<wayside_proto::SignalColour>)> {
    groups
        .iter()
        .map(|group| {
            (group.clone(), signals.state_at(group, time).known().map(|known| known.state))
        })
        .collect()
}

fn embedder_note(model: &Model) -> ModelNote {
    ModelNote {
        name: model.name.clone(),
        purpose: "compares vehicles at the ends of a section".to_owned(),
        made_for: made_for(model).to_owned(),
        licence: model.licence.clone(),
        sha256: model.sha256.clone(),
    }
}

fn note(model: &Models) -> ModelNote {
    ModelNote {
        name: model.model().name.clone(),
        purpose: format!("finds road users (ONNX Runtime {})", model.runtime_version()),
        made_for: made_for(model.model()).to_owned(),
        licence: model.model().licence.clone(),
        sha256: model.model().sha256.clone(),
    }
}
