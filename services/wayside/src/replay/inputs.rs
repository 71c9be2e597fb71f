//! What a replay reads: the site file, the signal log, and which camera is meant.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use wayside_capture::Source;
use wayside_rules::signals::{SignalHistory, SignalRecord, read_csv, read_jsonl};
use wayside_site::Site;
use wayside_site::model::Camera;

use super::digest;
use crate::failure::Failure;

/// Largest site file and signal log, bytes.
const TEXT_BYTES_MAX: u64 = 64 << 20;

/// A file that was read, and its digest.
#[derive(Clone, Debug)]
pub struct Text {
    /// What it holds.
    pub text: String,
    /// SHA-256.
    pub sha256: String,
}

/// Reads a text file of a bounded size.
pub fn text(path: &Path) -> Result<Text, Failure> {
    let unreadable = |error: std::io::Error| Failure::unreadable(path, &error);
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(TEXT_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > TEXT_BYTES_MAX {
        return Err(Failure::input(format!(
            "{} is larger than {} MiB\n  hint: is it the right file?",
            path.display(),
            TEXT_BYTES_MAX >> 20
        )));
    }
    let sha256 = digest::of_bytes(&bytes);
    let text = String::from_utf8(bytes).map_err(|error| {
        Failure::input(format!(
            "{} is not UTF-8 text (byte {})\n  hint: is it the right file?",
            path.display(),
            error.utf8_error().valid_up_to()
        ))
    })?;
    Ok(Text { text, sha256 })
}

/// A sound site file.
pub fn site(path: &Path) -> Result<(Site, Text), Failure> {
    let text = text(path)?;
    let name = path.display().to_string();
    let site = Site::parse(&name, &text.text).map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        Failure::input(lines.join("\n"))
    })?;
    Ok((site, text))
}

/// The camera that is meant: the named one, or the only one.
pub fn camera<'a>(site: &'a Site, wanted: Option<&str>) -> Result<&'a Camera, Failure> {
    let cameras = &site.file().cameras;
    let names = || cameras.iter().map(|camera| camera.id.as_str()).collect::<Vec<_>>().join(", ");
    match (wanted, cameras.as_slice()) {
        (Some(id), _) => site.camera(id).ok_or_else(|| {
            Failure::input(format!("the site has no camera `{id}`\n  hint: it has {}", names()))
        }),
        (None, [only]) => Ok(only),
        (None, []) => Err(Failure::input(
            "the site has no camera\n  hint: add a [[camera]] with its calibration, or replay --tracks",
        )),
        (None, _) => Err(Failure::input(format!(
            "the site has several cameras\n  hint: choose one with --camera: {}",
            names()
        ))),
    }
}

/// The signal history of the site: from `named`, else from the site's own log, else empty.
pub fn signals(
    site: &Site,
    site_path: &Path,
    named: Option<&Path>,
) -> Result<(SignalHistory, Option<Text>), Failure> {
    let own = site.file().signals.log.as_ref().map(|log| beside(site_path, log));
    let Some(path) = named.map(Path::to_owned).or(own) else {
        return Ok((SignalHistory::new(&site.file().signals), None));
    };
    let (records, text) = signal_records(site, &path)?;
    Ok((SignalHistory::with_records(&site.file().signals, records), Some(text)))
}

/// The records of a signal log.
pub fn signal_records(site: &Site, path: &Path) -> Result<(Vec<SignalRecord>, Text), Failure> {
    let text = text(path)?;
    let name = path.display().to_string();
    let lines =
        path.extension().is_some_and(|end| end == "jsonl" || end == "ndjson" || end == "json");
    let records =
        if lines { read_jsonl(&name, &text.text, site) } else { read_csv(&name, &text.text, site) };
    let records = records.map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        Failure::input(lines.join("\n"))
    })?;
    Ok((records, text))
}

/// A path in the site file is relative to the site file.
pub fn beside(site_path: &Path, name: &str) -> PathBuf {
    site_path.parent().unwrap_or_else(|| Path::new("")).join(name)
}

/// The recording at `path`. An image sequence needs `fps`, since its files do not tell it.
pub fn source(path: &Path, fps: Option<f64>) -> Result<Source, Failure> {
    let source = Source::parse(path, fps.unwrap_or(0.0));
    match (&source, fps) {
        (Source::Sequence { .. }, None) => Err(Failure::input(format!(
            "{} is an image sequence, and its frame rate is not known\n  hint: set `sequence_fps` of the camera in the site file",
            path.display()
        ))),
        _ => Ok(source),
    }
}
