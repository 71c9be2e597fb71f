//! Clips and what is true of them.
#![allow(dead_code)] // Each test file uses its part.

pub mod pictures;
pub mod truth;

use std::path::{Path, PathBuf};

use wayside_capture::{Reader, ReaderOptions, Source};
use wayside_picture::Picture;
use wayside_proto::EventTime;

/// The start of every clip.
pub const START: EventTime = EventTime(1_780_000_000_000_000);

/// A path in the repository, or in the folder beside it that holds footage that does not ship; none where it
/// is absent, and then it says so.
pub fn file(path: &str) -> Option<PathBuf> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    if !file.is_file() {
        println!("skipped: no {path} beside the repository");
    }
    file.is_file().then_some(file)
}

/// The example of the repository.
pub const EXAMPLE: &str = "examples/junction/clip.mp4";

/// Another simulated junction.
pub const SIMULATED: &str = "../shared/sim/sample/day_195-245.mp4";

/// Real footage.
pub const REAL: [&str; 2] =
    ["../shared/footage/ahmetozlu_input.mp4", "../shared/footage/ckuhn_traffic.mp4"];

/// Decodes a clip, and ends when `take` returns false. False where the clip is absent.
pub fn decode(path: &str, take: impl FnMut(u64, EventTime, &Picture) -> bool) -> bool {
    let Some(file) = file(path) else { return false };
    decode_file(&file, take);
    true
}

/// Decodes a file.
pub fn decode_file(file: &Path, mut take: impl FnMut(u64, EventTime, &Picture) -> bool) {
    let source = Source::File(file.to_owned());
    let mut reader = Reader::open(&source, ReaderOptions::default()).expect("the clip opens");
    loop {
        let frame = match reader.next() {
            Ok(Some(frame)) => frame,
            Ok(None) => break,
            // Real footage has damaged frames.
            Err(error) if error.is_recoverable() => continue,
            Err(error) => panic!("{error}"),
        };
        let time = EventTime(START.0 + frame.pts.as_micros() as i64);
        if !take(frame.index, time, &frame.picture) {
            break;
        }
    }
}
