//! A clip and stills out of a recording: exact times, the same bytes each time, nothing unredacted on a disk,
//! and nothing at all where a frame is damaged.

#![allow(clippy::unwrap_used)] // Its helpers are test code too.

mod common;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use common::{eyes, recording, request, source, start};
use wayside_capture::{MemoryFile, Reader, ReaderOptions};
use wayside_clips::{ClipError, Source, redact};
use wayside_proto::EvidenceFailure;
use wayside_proto::convert::Message;

/// One test at a time: what each leaves in the folder for temporary files is looked at.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Names in the folder for temporary files.
fn listed(folder: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().filter_map(Result::ok);
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn a_clip_is_made_of_every_frame_and_is_the_same_each_time() {
    let _turn = turn();
    let folder = std::env::temp_dir();
    let before = listed(&folder);
    let (done, seen) = (Arc::new(AtomicBool::new(false)), folder.clone());
    let watch = {
        let done = Arc::clone(&done);
        std::thread::spawn(move || {
            let mut names = std::collections::BTreeSet::new();
            while !done.load(Ordering::Relaxed) {
                names.extend(listed(&seen));
                std::thread::sleep(Duration::from_millis(5));
            }
            names
        })
    };
    let request = request(9.5, 12.1);
    let clip = redact(&source(), &request, &mut eyes(false)).unwrap();
    done.store(true, Ordering::Relaxed);
    let mut during = watch.join().unwrap();
    during.retain(|name| !before.contains(name));
    // Only the redacted clip passes a disk, and it is gone afterwards.
    let made: Vec<_> = during.iter().filter(|name| name.starts_with("wayside-")).collect();
    assert!(
        !made.is_empty() && made.iter().all(|name| name.starts_with("wayside-redacted-")),
        "{made:?}"
    );
    assert!(listed(&folder).iter().all(|name| before.contains(name) || !made.contains(&name)));

    // The recording has 12.5 frames a second.
    let want: Vec<_> = (0..2000)
        .map(|n| start().plus_s(f64::from(n) * 0.08))
        .filter(|time| (request.from..=request.to).contains(time))
        .collect();
    assert_eq!(clip.frames, want);
    assert_eq!((clip.width_px, clip.height_px), (1280, 720));
    let stills: Vec<_> = clip.stills.iter().map(|still| (still.moment, still.time)).collect();
    for ((moment, time), (wanted, at)) in stills.iter().zip(&request.moments) {
        assert_eq!(moment, wanted);
        assert!(time.since_s(*at).abs() <= 0.04 && want.contains(time), "{moment:?} {time}");
    }
    for still in &clip.stills {
        let picture = image::load_from_memory(&still.jpeg).unwrap();
        assert_eq!((picture.width(), picture.height()), (1280, 720));
    }
    let redaction = &clip.redaction;
    assert_eq!(redaction.frames as usize, want.len());
    assert!(redaction.hidden_road_users > 0 && redaction.hidden_share > 0.0, "{redaction:?}");
    assert!(redaction.method.ends_with("windows hidden"), "{}", redaction.method);

    let file = wayside_capture::Source::Memory(MemoryFile::new("clip", clip.mp4.clone()));
    let mut reader = Reader::open(&file, ReaderOptions::default()).unwrap();
    assert_eq!(reader.info().codec, "H.264");
    let mut shown = Vec::new();
    while let Some(frame) = reader.next().unwrap() {
        shown.push(want[0].plus_s(frame.pts.as_secs_f64()));
    }
    let off = shown.iter().zip(&want).map(|(a, b)| a.since_s(*b).abs()).fold(0.0, f64::max);
    assert!(shown.len() == want.len() && off < 0.001, "{} frames, {off} s off", shown.len());
    assert!(clip.to_bytes().is_ok());

    let again = redact(&source(), &request, &mut eyes(false)).unwrap();
    assert!(again == clip, "the same pictures gave other bytes");
}

#[test]
fn a_frame_that_cannot_be_decoded_leaves_no_clip() {
    let _turn = turn();
    let mut bytes = std::fs::read(recording()).unwrap();
    let (third, half) = (bytes.len() / 16, bytes.len() / 3);
    for byte in &mut bytes[third..half] {
        *byte ^= 0x5a;
    }
    let file = wayside_capture::Source::Memory(MemoryFile::new("clip.mp4", bytes));
    let damaged = Source::recording(file, start());
    let error = redact(&damaged, &request(9.5, 12.1), &mut eyes(false)).unwrap_err();
    assert!(matches!(error, ClipError::Decode { .. }), "{error}");
    assert_eq!(error.failure(), EvidenceFailure::NoPictures);
    assert!(
        error.to_string().starts_with("camera junction/north, 2026-06-01T07:00:09.5"),
        "{error}"
    );
}

#[test]
fn what_cannot_be_given_is_said() {
    let _turn = turn();
    let mut eyes = eyes(false);
    let mut said = |request, cause: EvidenceFailure, words: &str| {
        let error = redact(&source(), &request, &mut eyes).unwrap_err();
        let text = error.to_string();
        assert_eq!(error.failure(), cause, "{text}");
        assert!(text.starts_with("camera junction/north, 2026-06-01T07:"), "{text}");
        assert!(text.contains(words), "{text}");
    };
    let mut far = request(9.5, 12.1);
    far.moments[2].1 = start().plus_s(30.0);
    let mut unknown = request(9.5, 12.1);
    unknown.subject.clear();
    let mut late = request(9.5, 12.1);
    (late.from, late.to) = (start().plus_s(900.0), start().plus_s(905.0));
    said(request(9.5, 70.0), EvidenceFailure::NotRedactable, "a clip of 60.500 s");
    said(request(9.5, 9.8), EvidenceFailure::NotRedactable, "4 pictures");
    said(far, EvidenceFailure::NoPictures, "no picture of the moment `after`");
    said(unknown, EvidenceFailure::NoTrack, "no box");
    said(late, EvidenceFailure::NoPictures, "no picture between these instants");
}

#[test]
fn a_worker_that_stops_gives_up() {
    let _turn = turn();
    let stop = Arc::new(AtomicBool::new(true));
    let error =
        redact(&source(), &request(9.5, 12.1), &mut eyes(false).stopped_by(stop)).unwrap_err();
    assert_eq!(error.failure(), EvidenceFailure::WorkerGone);
}
