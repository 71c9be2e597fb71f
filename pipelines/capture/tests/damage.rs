//! Input that cannot be read, or not to its end.

#![allow(clippy::unwrap_used)] // Its helpers are test code too.

mod common;

use std::path::Path;

use common::{encode, message, number_near, open, read_all, steady};
use wayside_capture::CaptureError;

/// H.264 with a key frame every ten frames.
const H264: &str = "openh264enc gop-size=10 ! h264parse";

fn refused(path: &Path) -> CaptureError {
    open(path).err().expect("this cannot be opened")
}

#[test]
fn what_is_no_video() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    std::fs::write(at("empty.mp4"), b"").unwrap();
    std::fs::write(at("text.mp4"), "Dear all,\nthe recording is attached.\n".repeat(50)).unwrap();
    let noise: Vec<u8> =
        (0..5000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    std::fs::write(at("noise.mp4"), noise).unwrap();
    common::launch(&format!(
        "audiotestsrc num-buffers=20 ! vorbisenc ! matroskamux ! filesink location={}",
        at("sound.mkv").display()
    ));
    common::launch(&format!(
        "audiotestsrc num-buffers=20 ! wavenc ! filesink location={}",
        at("sound.wav").display()
    ));
    let names = ["none.mp4", "empty.mp4", "text.mp4", "noise.mp4", "sound.mkv", "sound.wav"];
    let text: Vec<String> =
        names.iter().map(|name| message(&refused(&at(name)), dir.path())).collect();
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn an_mp4_without_its_index() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("clip.mp4");
    encode(&path, &format!("{H264} ! mp4mux"), &steady(20));
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    insta::assert_snapshot!(message(&refused(&path), dir.path()));
}

/// What came before the end is right, and the end is an error.
fn cut_off(dir: &Path, name: &str, tail: &str, share: f64) -> (usize, String) {
    let path = dir.join(name);
    encode(&path, tail, &steady(60));
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..(whole.len() as f64 * share) as usize]).unwrap();
    let items = read_all(&mut open(&path).unwrap());
    let (last, good) = items.split_last().unwrap();
    for (n, frame) in (0..).zip(good) {
        let frame = frame.as_ref().unwrap();
        assert_eq!(frame.index, n);
        assert!(number_near(&frame.picture, n), "{name}: frame {n} shows another");
    }
    let error = last.as_ref().unwrap_err();
    let CaptureError::Undecodable { frame, fatal, .. } = error else { panic!("{error}") };
    assert!(*fatal);
    assert_eq!(*frame, good.len() as u64);
    (good.len(), message(error, dir))
}

#[test]
fn files_that_were_cut_off() {
    let dir = tempfile::tempdir().unwrap();
    let mut text = Vec::new();
    for (name, tail) in [
        ("clip.mp4", format!("{H264} ! mp4mux faststart=true")),
        ("clip.mkv", format!("{H264} ! matroskamux")),
        ("clip.avi", "jpegenc ! avimux".to_owned()),
    ] {
        let (good, message) = cut_off(dir.path(), name, &tail, 0.6);
        assert!((20..50).contains(&good), "{name}: {good} frames");
        // Sizes depend on the encoder's version.
        let mut digits = message.split("after ").next().unwrap().to_owned();
        digits.truncate(digits.find(": frame").unwrap_or(0));
        assert_eq!(digits, name);
        text.push(message);
    }
    println!("{}", text.join("\n"));
    assert!(
        text.iter()
            .all(|t| t.contains("the file ends early, after") && t.contains("fetch it again")),
        "{text:?}"
    );
}

#[test]
fn damage_in_the_middle_is_a_gap_up_to_the_next_key_frame() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("clip.mp4");
    encode(&path, &format!("{H264} ! mp4mux faststart=true"), &steady(60));
    let mut bytes = std::fs::read(&path).unwrap();
    let body = bytes.windows(4).position(|w| w == b"mdat").unwrap() + 4;
    let at = body + (bytes.len() - body) * 2 / 5;
    for byte in &mut bytes[at..at + 600] {
        *byte = 0xff;
    }
    std::fs::write(&path, bytes).unwrap();
    let items = read_all(&mut open(&path).unwrap());
    let good: Vec<u64> = items.iter().flatten().map(|frame| frame.index).collect();
    let errors: Vec<&CaptureError> = items.iter().filter_map(|item| item.as_ref().err()).collect();
    assert!(!errors.is_empty() && errors.iter().all(|error| error.is_recoverable()), "{errors:?}");
    assert!(good.len() >= 30 && good.len() < 60 && good.contains(&59), "{good:?}");
    for frame in items.iter().flatten() {
        assert!(number_near(&frame.picture, frame.index), "frame {}", frame.index);
        assert_eq!(frame.pts.as_millis() as u64, 40 * frame.index);
    }
    for error in errors {
        let CaptureError::Undecodable { frame, until, .. } = error else { panic!("{error}") };
        assert!(!good.contains(frame) && until.is_some());
        println!("{error}");
    }
}

#[test]
fn a_change_of_size_inside_a_stream_is_reported() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("clip.ts");
    let part = |name: &str, width: u32| {
        let file = dir.path().join(name);
        let pictures = (0..10).map(|n| (common::picture(n, width, 96), 40 * n));
        common::encode_pictures(
            &file,
            "openh264enc ! h264parse config-interval=-1 ! video/x-h264,stream-format=byte-stream",
            pictures,
        );
        std::fs::read(file).unwrap()
    };
    std::fs::write(&path, [part("a.h264", 160), part("b.h264", 192)].concat()).unwrap();
    let items = read_all(&mut open(&path).unwrap());
    let error = items.last().unwrap().as_ref().unwrap_err();
    assert!(matches!(error, CaptureError::SizeChanged { .. }), "{error}");
    insta::assert_snapshot!(message(error, dir.path()));
}
