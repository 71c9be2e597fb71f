//! `wayside replay`: recorded footage, or tracks, in; violations, observations, pictures and a
//! report out.

pub mod cards;
mod certificate;
pub mod digest;
mod evidence;
mod fitness;
mod from_tracks;
mod from_video;
pub mod inputs;
mod looked;
pub mod outputs;
mod paths;
mod pictures;
pub mod progress;
mod report;
mod session;
mod stills;
mod summary;

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use wayside_proto::{EventTime, RunId};
use wayside_report::{ModelNote, TilesView};
use wayside_site::Site;

use crate::cli::ReplayArgs;
use crate::failure::{Exit, Failure};
use cards::Cards;
use evidence::{Packages, Prepared};
use fitness::Fitness;
use outputs::OutputFolder;
use session::Judged;
pub use summary::Summary;

/// Everything that a replay reads, checked.
struct Plan {
    site: Site,
    camera: String,
    start: EventTime,
    run: RunId,
    inputs: BTreeMap<&'static str, String>,
    name: String,
}

/// What a source of observations leaves besides the judgement.
struct Watched {
    judged: Judged,
    cards: Cards,
    ended: Ended,
    tiles: Option<TilesView>,
    models: Vec<ModelNote>,
    /// Whether the model was made for the footage; none without a model.
    fitness: Option<Fitness>,
    pictures: bool,
    /// Where packages were wanted.
    evidence: Option<Packages>,
    warnings: Vec<String>,
    /// Seconds of work.
    took_s: f64,
}

/// How it ended.
enum Ended {
    Whole,
    Cancelled,
    Broken(String),
}

/// Replays and returns what to tell the user, with the exit code that says whether it is whole.
pub fn replay(args: &ReplayArgs, cancel: &AtomicBool) -> Result<(Summary, Option<Exit>), Failure> {
    let (site, site_text) = inputs::site(&args.site)?;
    let (signals, signals_text) = inputs::signals(&site, &args.site, args.signals.as_deref())?;
    let mut digests = BTreeMap::from([("site", site_text.sha256)]);
    if let Some(text) = &signals_text {
        digests.insert("signals", text.sha256.clone());
    }
    let prepared = Prepared::open(args, &site, &site_text.text)?;
    let watched;
    let plan;
    let folder;
    if let Some(tracks) = &args.tracks {
        (plan, folder, watched) =
            from_tracks::replay(args, site, signals, digests, tracks, cancel)?;
    } else {
        (plan, folder, watched) =
            from_video::replay(args, site, (signals, prepared), digests, cancel)?;
    }
    conclude(&plan, &folder, watched)
}

/// Writes report and certificate.
fn conclude(
    plan: &Plan,
    folder: &OutputFolder,
    watched: Watched,
) -> Result<(Summary, Option<Exit>), Failure> {
    let mut certificate = certificate::Certificate {
        format: 1,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        site: plan.site.id().0,
        camera: plan.camera.clone(),
        start: plan.start.to_string(),
        partial: !matches!(watched.ended, Ended::Whole),
        frames: watched.judged.frames,
        model_fits_footage: watched.fitness.as_ref().map(Fitness::fits),
        inputs: plan.inputs.clone(),
        outputs: BTreeMap::from([
            (outputs::OBSERVATIONS, watched.judged.observations_sha256.clone()),
            (outputs::VIOLATIONS, watched.judged.violations_sha256.clone()),
            (outputs::VOIDS, watched.judged.voids_sha256.clone()),
        ]),
    };
    if let Some((_, digest)) = &watched.judged.passages {
        certificate.outputs.insert(outputs::PASSAGES, digest.clone());
    }
    let exit = match &watched.ended {
        Ended::Whole => None,
        Ended::Cancelled | Ended::Broken(_) => Some(Exit::Partial),
    };
    let mut summary = Summary::of(plan, folder, &watched);
    let page = report::page(plan, &certificate, watched)?;
    folder.write(outputs::REPORT, page.as_bytes())?;
    let mut json = serde_json::to_vec_pretty(&certificate)
        .map_err(|error| Failure::failed(format!("the certificate cannot be written: {error}")))?;
    json.push(b'\n');
    folder.write(outputs::CERTIFICATE, &json)?;
    summary.certify(&certificate);
    Ok((summary, exit))
}
