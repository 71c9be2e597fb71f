//! Ctrl-C.

#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::Command;

use super::Cases;
use crate::common::{clips, interrupt, lines, names, object, plain, run_with, sites, until};

/// A runner at the beginning, and then a parked truck for hours.
fn long_tracks(dir: &Path) {
    sites::write(dir, sites::SITE, sites::SIGNALS);
    let parked = (0..400_000).map(|n| {
        let time = 12.0 + f64::from(n) / 10.0;
        (time, format!("{time:.2},7,truck,240.0,260.0,90,0,9.0,2.5\n"))
    });
    let rows = sites::crossing(8.0, "1").into_iter().chain(parked).collect();
    fs::write(dir.join("tracks.csv"), sites::tracks(rows)).unwrap();
}

fn written(cases: &Cases) -> u64 {
    fs::metadata(cases.out().join("observations.binpb.partial")).map_or(0, |file| file.len())
}

#[test]
fn tracks_are_kept_and_marked_as_partial() {
    let cases = Cases::new();
    long_tracks(cases.path());
    let ran = run_with(cases.replay(&["--tracks", "tracks.csv"]), |child| {
        // The runner is over when the first hundred kilobytes are out.
        until("output", || written(&cases) > 100_000);
        interrupt(child);
    });
    assert_eq!(ran.code, Some(4), "{ran:?}");
    assert_eq!(ran.stderr, "");
    assert!(ran.stdout.contains("PARTIAL: interrupted; what was finished is kept"), "{ran:?}");
    partial(&cases.out());
    assert_eq!(lines(&cases.out().join("violations.jsonl")).len(), 1);
    assert!(!plain(&ran.stdout, cases.path()).contains("panicked"));
}

/// The results of an interrupted replay: whole files that say that they are not all.
fn partial(out: &Path) {
    let left: Vec<String> =
        names(out).into_iter().filter(|name| name.ends_with(".partial")).collect();
    assert_eq!(left, Vec::<String>::new());
    assert_eq!(object(&out.join("certificate.json"))["partial"], true);
    let report = fs::read_to_string(out.join("report.html")).unwrap();
    assert!(report.contains("interrupted before its end"));
}

fn long_clip(cases: &Cases) -> Command {
    sites::write(cases.path(), sites::SITE, sites::SIGNALS);
    clips::empty_road(&cases.path().join("clip.mp4"), clips::SIZE, 600);
    cases.replay(&[])
}

fn under_way(cases: &Cases) -> bool {
    fs::metadata(cases.out().join("annotated.mp4.partial")).is_ok_and(|file| file.len() > 0)
        || written(cases) > 0
}

#[test]
fn a_video_is_kept_and_marked_as_partial() {
    let cases = Cases::new();
    let ran = run_with(long_clip(&cases), |child| {
        until("a frame", || under_way(&cases));
        interrupt(child);
    });
    assert_eq!(ran.code, Some(4), "{ran:?}");
    assert_eq!(ran.stderr, "");
    partial(&cases.out());
    let frames = object(&cases.out().join("certificate.json"))["frames"].as_u64().unwrap();
    assert!((1..600).contains(&frames), "{frames}");
    assert_eq!(clips::frames(&cases.out().join("annotated.mp4")) as u64, frames);
}

/// The second one does not wait; where the first was quicker, its results are whole.
#[test]
fn twice() {
    let cases = Cases::new();
    let ran = run_with(long_clip(&cases), |child| {
        until("a frame", || under_way(&cases));
        interrupt(child);
        std::thread::sleep(std::time::Duration::from_millis(15));
        interrupt(child);
    });
    match ran.code {
        // The certificate comes last: where it is there, the first had just done its work.
        Some(130) if !cases.out().join("certificate.json").exists() => {}
        Some(130) => partial(&cases.out()),
        Some(4) => partial(&cases.out()),
        other => panic!("{other:?}: {ran:?}"),
    }
}
