//! Recordings that are missing, damaged or of the wrong kind.

use std::fs;

use super::Cases;
use crate::common::{clips, object, run, sites};

#[test]
fn recordings() {
    let mut cases = Cases::new();
    let dir = cases.path().to_owned();
    sites::write(&dir, sites::SITE, sites::SIGNALS);
    cases.refused("no such video", cases.replay(&[]));
    cases.refused("no such --video", cases.replay(&["--video", "other.mp4"]));
    fs::write(dir.join("clip.mp4"), []).unwrap();
    cases.refused("empty video", cases.replay(&[]));
    fs::write(dir.join("notes.mp4"), "these are notes\n".repeat(100)).unwrap();
    cases.refused("text", cases.replay(&["--video", "notes.mp4"]));
    fs::create_dir(dir.join("folder")).unwrap();
    cases.refused("folder without pictures", cases.replay(&["--video", "folder"]));
    clips::empty_road(&dir.join("small.mp4"), (160, 90), 3);
    cases.refused("another size", cases.replay(&["--video", "small.mp4"]));
    clips::empty_road(&dir.join("tall.mp4"), (320, 240), 3);
    cases.refused("another aspect", cases.replay(&["--video", "tall.mp4"]));
    insta::assert_snapshot!(cases.text);
}

#[test]
fn sound_alone() {
    let mut cases = Cases::new();
    let dir = cases.path().to_owned();
    sites::write(&dir, sites::SITE, sites::SIGNALS);
    let sound = ["-f", "lavfi", "-i", "sine=duration=1", "-c:a", "aac"];
    if clips::ffmpeg(&sound, &dir.join("clip.mp4")) {
        cases.refused("only audio", cases.replay(&[]));
        insta::assert_snapshot!(cases.text);
    }
}

/// Without the index at its end an MP4 file cannot be read at all; with the index in front, what is
/// there is read, and the rest is told.
#[test]
fn truncated_recordings() {
    let mut cases = Cases::new();
    let dir = cases.path().to_owned();
    sites::write(&dir, sites::SITE, sites::SIGNALS);
    clips::empty_road(&dir.join("whole.mp4"), clips::SIZE, 30);
    let bytes = fs::read(dir.join("whole.mp4")).unwrap();
    fs::write(dir.join("head.mp4"), &bytes[..200]).unwrap();
    cases.refused("nothing but a head", cases.replay(&["--video", "head.mp4"]));
    fs::write(dir.join("half.mp4"), &bytes[..bytes.len() * 2 / 3]).unwrap();
    let ran = run(cases.replay(&["--video", "half.mp4", "--json"]));
    assert_eq!(ran.code, Some(4), "{ran:?}");
    let certificate = object(&cases.out().join("certificate.json"));
    assert_eq!(certificate["partial"], true);
    let frames = certificate["frames"].as_u64().unwrap();
    assert!((1..30).contains(&frames), "{frames}");
    let cause = ran.json()["partial"].as_str().unwrap().to_owned();
    assert!(cause.contains("half.mp4"), "{cause}");
    let report = fs::read_to_string(cases.out().join("report.html")).unwrap();
    assert!(report.contains("broke off"), "the report does not say that the recording broke off");
    insta::assert_snapshot!(cases.text);
}

#[test]
fn sequences_need_a_rate() {
    let mut cases = Cases::new();
    let dir = cases.path().to_owned();
    let site = sites::SITE.replace("clip.mp4", "frames/%05d.png");
    sites::write(&dir, &site, sites::SIGNALS);
    fs::create_dir(dir.join("frames")).unwrap();
    let picture = image::RgbImage::from_pixel(320, 180, image::Rgb([90; 3]));
    for n in 0..4 {
        picture.save(dir.join(format!("frames/{n:05}.png"))).unwrap();
    }
    cases.refused("no sequence_fps", cases.replay(&[]));
    insta::assert_snapshot!(cases.text);
    let site = site.replace("width_px", "sequence_fps = 10.0\nwidth_px");
    sites::write(&dir, &site, sites::SIGNALS);
    let summary = run(cases.replay(&["--json"])).succeeded().json();
    assert_eq!(summary["frames"], 4);
}

/// The decoders are taken away by GStreamer's own switch.
#[test]
fn a_codec_without_a_decoder() {
    let mut cases = Cases::new();
    let dir = cases.path().to_owned();
    sites::write(&dir, sites::SITE, sites::SIGNALS);
    clips::empty_road(&dir.join("clip.mp4"), clips::SIZE, 3);
    let mut command = cases.replay(&[]);
    command.env(
        "GST_PLUGIN_FEATURE_RANK",
        "avdec_h264:NONE,openh264dec:NONE,v4l2h264dec:NONE,vah264dec:NONE,vaapih264dec:NONE,nvh264dec:NONE",
    );
    cases.refused("no decoder", command);
    insta::assert_snapshot!(cases.text);
}

#[test]
fn cameras() {
    let mut cases = Cases::new();
    let dir = cases.path().to_owned();
    sites::write(&dir, sites::SITE, sites::SIGNALS);
    cases.refused("no such camera", cases.replay(&["--camera", "mast"]));
    cases.refused(
        "no such camera for tracks",
        cases.replay(&["--camera", "mast", "--tracks", "site.toml"]),
    );
    let (_, rest) = sites::SITE.split_once("[[camera]]").unwrap();
    let (camera, _) = rest.split_once("[signals]").unwrap();
    let second = format!("[[camera]]{}", camera.replace("pole", "mast"));
    sites::write(
        &dir,
        &sites::SITE.replace("[signals]", &format!("{second}[signals]")),
        sites::SIGNALS,
    );
    cases.refused("several cameras", cases.replay(&[]));
    sites::write(&dir, &sites::SITE.replace("source = \"clip.mp4\"\n", ""), sites::SIGNALS);
    cases.refused("no source", cases.replay(&[]));
    insta::assert_snapshot!(cases.text);
}
