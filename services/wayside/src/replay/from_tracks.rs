//! Observations from a tracks file.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use wayside_ingest::tracks_file;
use wayside_proto::{CameraId, ClockSource, Content, Observation, RunId};
use wayside_rules::signals::SignalHistory;
use wayside_site::Site;

use super::outputs::OutputFolder;
use super::progress::Progress;
use super::session::Session;
use super::{Ended, Plan, Watched, digest, inputs};
use crate::cli::ReplayArgs;
use crate::failure::Failure;

/// The camera's name where the site has none: a simulation, or a radar.
const NO_CAMERA: &str = "tracks";

pub(super) fn replay(
    args: &ReplayArgs,
    site: Site,
    signals: SignalHistory,
    mut digests: BTreeMap<&'static str, String>,
    path: &Path,
    cancel: &AtomicBool,
) -> Result<(Plan, OutputFolder, Watched), Failure> {
    let unreadable = |error: std::io::Error| Failure::unreadable(path, &error);
    let file = File::open(path).map_err(unreadable)?;
    digests.insert("tracks", digest::of_path(path).map_err(unreadable)?);
    let camera = match (&args.camera, site.file().cameras.as_slice()) {
        (Some(id), _) => inputs::camera(&site, Some(id))?.id.clone(),
        (None, [only]) => only.id.clone(),
        (None, _) => NO_CAMERA.to_owned(),
    };
    let start = site.start();
    let plan = Plan {
        run: RunId(start.to_string()),
        camera,
        start,
        inputs: digests,
        name: path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
        site,
    };
    let name = path.display().to_string();
    let instants = tracks_file::read(&name, start, file).map_err(Failure::input)?;
    let folder = OutputFolder::prepare(&args.out)?;
    let mut session = Session::start(&plan.site, signals, &folder)?;
    let progress = Progress::new(None, "samples", !args.quiet && !args.json);
    let began = Instant::now();
    let mut ended = Ended::Whole;
    for (sequence, instant) in instants.enumerate() {
        if cancel.load(Ordering::Relaxed) {
            ended = Ended::Cancelled;
            break;
        }
        let instant = match instant {
            Ok(instant) => instant,
            // Nothing useful came out: the file is refused as a whole.
            Err(error) if session.frames == 0 => return Err(Failure::input(error)),
            Err(error) => {
                ended = Ended::Broken(error.to_string());
                break;
            }
        };
        session.observe(&Observation {
            site: plan.site.id(),
            camera: CameraId(plan.camera.clone()),
            run: plan.run.clone(),
            sequence: sequence as u64,
            time: instant.time,
            clock_source: ClockSource::Recording,
            clock_uncertainty_us: 0,
            content: Content::Tracks { tracks: instant.tracks, skipped_still: false },
        })?;
        let (violations, voids) = session.tally();
        progress.step(violations, voids);
    }
    progress.finish();
    if session.frames == 0 {
        return Err(Failure::input(format!(
            "{name} has no tracks\n  hint: it has a head line only; export it again"
        )));
    }
    session.close();
    let judged = session.finish(&folder)?;
    let watched = Watched {
        judged,
        cards: BTreeMap::new(),
        ended,
        tiles: None,
        models: Vec::new(),
        fitness: None,
        pictures: false,
        evidence: None,
        warnings: Vec::new(),
        took_s: began.elapsed().as_secs_f64(),
    };
    Ok((plan, folder, watched))
}
