//! The readers, and what must hold whatever they are given.

use std::io::Write;
use std::sync::OnceLock;

use flate2::Compression;
use flate2::write::GzEncoder;
use wayside_package::keys::RingKey;
use wayside_package::{Holds, KeyRing, Package, SigningKey, verify};
use wayside_proto::EventTime;
use wayside_rules::signals::{SignalFileError, SignalRecord, read_csv, read_jsonl};
use wayside_site::Site;

const SITE: &str = include_str!("../../examples/junction/site.toml");
const SIGNALS_CSV: &str = include_str!("../../examples/junction/signals.csv");
const SIGNALS_JSONL: &str = "\
{\"time_s\": 0.0, \"group\": \"N\", \"state\": \"red\"}
{\"time_s\": 12.5, \"group\": \"N\", \"state\": \"green\"}

{\"time_s\": 40, \"group\": \"E\", \"state\": \"yellow\"}
";
/// Sealed with the key whose 32 bytes are all 7.
const PACKAGE: &[u8] = include_bytes!("../../services/package/tests/sample.zip");
const TRACKS: &str = "\
time_s,track,class,x_m,y_m,heading_deg,speed_ms,length_m,width_m
-0.040,7,car,215.2,300.0,180.0,13.9,4.5,1.8
-0.040,bus-2,bus,230.0,224.8,90.0,0.0,12.0,2.5
0.000,7,car,215.2,299.4,180.0,13.9,4.5,1.8
0.000,bus-2,bus,230.0,224.8,90.0,0.0,12.0,2.5
0.000,p1,person,200.0,230.0,271.5,1.2,0.4,0.5
0.040,7,car,215.2,298.9,180.0,13.9,4.5,1.8
";

/// What a reader said, with numbers and quoted parts taken out, so that alike messages are alike.
pub type Said = String;

/// One reader.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name on the command line.
    pub name: &'static str,
    /// Sound files to start from.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Gives the reader an input. Ok is what it said, Err what did not hold.
    pub check: fn(&[u8]) -> Result<Said, String>,
}

/// All readers.
pub const TARGETS: &[Target] = &[
    Target { name: "site", seeds: site_seeds, check: site },
    Target { name: "signals-csv", seeds: || vec![SIGNALS_CSV.into()], check: signals_csv },
    Target { name: "signals-jsonl", seeds: || vec![SIGNALS_JSONL.into()], check: signals_jsonl },
    Target { name: "tracks", seeds: track_seeds, check: tracks },
    Target { name: "package", seeds: || vec![PACKAGE.to_vec()], check: package },
];

fn site_seeds() -> Vec<Vec<u8>> {
    let head: Vec<&str> = SITE.lines().take(40).collect();
    vec![SITE.into(), head.join("\n").into()]
}

fn track_seeds() -> Vec<Vec<u8>> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    let zipped = gzip.write_all(TRACKS.as_bytes()).and_then(|()| gzip.finish());
    std::iter::once(TRACKS.into()).chain(zipped).collect()
}

/// Text without its particulars.
fn outline(text: &str) -> Said {
    let plain: String = text.split('`').step_by(2).collect();
    plain.chars().filter(|c| c.is_ascii_alphabetic() || *c == ' ').take(160).collect()
}

fn site(input: &[u8]) -> Result<Said, String> {
    let text = String::from_utf8_lossy(input);
    let parsed = Site::parse("fuzz.toml", &text);
    if parsed != Site::parse("fuzz.toml", &text) {
        return Err("two answers to one file".to_owned());
    }
    match parsed {
        Ok(site) => {
            for camera in &site.file().cameras {
                if site.camera_model(&camera.id).is_none() {
                    return Err(format!("camera {} has no model", camera.id));
                }
            }
            Ok("sound".to_owned())
        }
        Err(errors) => {
            let first = errors.first().ok_or("refused without a word")?;
            let lines = text.lines().count().max(1);
            for error in &errors {
                if error.problem.trim().is_empty() {
                    return Err("an error that says nothing".to_owned());
                }
                if error.line.is_some_and(|line| line == 0 || line > lines + 1) {
                    return Err(format!("line {:?} of {lines}", error.line));
                }
            }
            Ok(outline(&first.problem))
        }
    }
}

type Signals = Result<Vec<SignalRecord>, Vec<SignalFileError>>;

fn signals(input: &[u8], read: fn(&str, &str, &Site) -> Signals) -> Result<Said, String> {
    let text = String::from_utf8_lossy(input);
    static EXAMPLE: OnceLock<Option<Site>> = OnceLock::new();
    let example = EXAMPLE.get_or_init(|| Site::parse("site.toml", SITE).ok());
    let site = example.as_ref().ok_or("the example's site file is not sound")?;
    match read("fuzz.csv", &text, site) {
        Ok(records) => {
            if records.len() > text.lines().count() {
                return Err("more records than lines".to_owned());
            }
            Ok("sound".to_owned())
        }
        Err(errors) => {
            let first = errors.first().ok_or("refused without a word")?;
            if errors.len() > 21 || errors.iter().any(|error| error.problem.trim().is_empty()) {
                return Err(format!("{} errors, or one that says nothing", errors.len()));
            }
            Ok(outline(&first.problem))
        }
    }
}

fn signals_csv(input: &[u8]) -> Result<Said, String> {
    signals(input, read_csv)
}

fn signals_jsonl(input: &[u8]) -> Result<Said, String> {
    signals(input, read_jsonl)
}

fn tracks(input: &[u8]) -> Result<Said, String> {
    let start = EventTime::parse("2026-06-01T07:00:00Z").map_err(|error| error.to_string())?;
    let file = match wayside_ingest::tracks_file::read("fuzz.csv", start, input) {
        Ok(file) => file,
        Err(error) => return Ok(outline(&error.problem)),
    };
    let mut last = None;
    for instant in file {
        let instant = match instant {
            Ok(instant) => instant,
            Err(error) => return Ok(outline(&error.problem)),
        };
        if last.is_some_and(|last| instant.time <= last) {
            return Err("instants out of order".to_owned());
        }
        last = Some(instant.time);
        if !instant.tracks.is_sorted_by(|a, b| a.id < b.id) {
            return Err("tracks of an instant out of order, or one twice".to_owned());
        }
        for track in &instant.tracks {
            let [x, y] = track.front_m;
            let [vx, vy] = track.velocity_ms;
            let numbers = [x, y, vx, vy, track.heading_rad, track.length_m, track.width_m];
            if numbers.iter().any(|number| !number.is_finite()) {
                return Err(format!("a state that is not finite: {track:?}"));
            }
        }
    }
    Ok("sound".to_owned())
}

/// Nothing but the package itself is sound, and whatever is not is refused in words.
fn package(input: &[u8]) -> Result<Said, String> {
    let mut ring = KeyRing::new();
    ring.add(RingKey::new(SigningKey::from_seed(&[7; 32]).verifying(), ""));
    let report = verify(input, &ring);
    let opened = Package::open(input);
    if input == PACKAGE {
        return match (opened, report.holds()) {
            (Ok(_), Holds::Yes) => Ok("sound".to_owned()),
            (opened, _) => Err(format!("the package is refused: {opened:?}")),
        };
    }
    let Err(error) = opened else { return Err("a damaged package opens".to_owned()) };
    if report.holds() != Holds::No || report.places().is_empty() {
        return Err("a damaged package is not refused, or no place is named".to_owned());
    }
    let first = error.problems.first().ok_or("refused without a word")?;
    let bad = report.findings.iter().find(|finding| finding.holds == Holds::No);
    if first.what.trim().is_empty() || bad.is_none_or(|finding| finding.sentence.is_empty()) {
        return Err("an error that says nothing".to_owned());
    }
    Ok(outline(&error.to_string()))
}
