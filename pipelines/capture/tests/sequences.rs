//! Rows of images.

#![allow(clippy::unwrap_used)] // Its helpers are test code too.

mod common;

use std::path::Path;

use common::{assert_whole, encode, frames, message, open, read_all, steady};
use wayside_capture::{CaptureError, Reader, ReaderOptions, Source};
use wayside_picture::Picture;

fn images(dir: &Path, encoder: &str, name: &str, count: u64) {
    // One file a frame: the encoder's output, split by file.
    for n in 0..count {
        let path = dir.join(name.replace('#', &format!("{n:05}")));
        let picture = common::picture(n, common::WIDTH, common::HEIGHT);
        common::encode_pictures(&path, encoder, [(picture, 0)]);
    }
}

#[test]
fn jpeg_images_by_pattern_folder_and_glob() {
    let dir = tempfile::tempdir().unwrap();
    images(dir.path(), "jpegenc quality=95", "f_#.jpg", 12);
    for pattern in ["f_%05d.jpg", "", "f_*.jpg"] {
        let path = dir.path().join(pattern);
        let info = open(&path).unwrap().info().clone();
        assert_eq!((info.container.as_str(), info.frames_estimate), ("image sequence", Some(12)));
        assert_eq!(info.duration.unwrap().as_millis(), 480);
        assert_whole(&frames(&path), &steady(12));
    }
}

#[test]
fn png_images_in_colour() {
    let dir = tempfile::tempdir().unwrap();
    images(dir.path(), "videoconvert ! video/x-raw,format=RGB ! pngenc", "#.png", 5);
    let frames = frames(dir.path());
    assert_whole(&frames, &steady(5));
    let want = common::picture(3, common::WIDTH, common::HEIGHT);
    let off = |a: &[u8], b: &[u8]| a.iter().zip(b).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
    let got = &frames[3].picture;
    assert!(off(&got.y, &want.y) <= 3 && off(&got.u, &want.u) <= 3 && off(&got.v, &want.v) <= 3);
}

#[test]
fn white_and_black_of_a_jpeg_become_limited_range() {
    let dir = tempfile::tempdir().unwrap();
    for (name, pattern) in [("1.jpg", "white"), ("2.jpg", "black")] {
        let path = dir.path().join(name);
        common::launch(&format!(
            "videotestsrc num-buffers=1 pattern={pattern} ! video/x-raw,format=RGB,width=64,height=48 \
             ! videoconvert ! jpegenc quality=95 ! filesink location={}",
            path.display()
        ));
    }
    let frames = frames(dir.path());
    let mean = |n: usize| {
        let picture: &Picture = &frames[n].picture;
        picture.mean_luma(picture.rect()).unwrap()
    };
    assert!((mean(0) - 235.0).abs() < 2.0, "{}", mean(0));
    assert!((mean(1) - 16.0).abs() < 2.0, "{}", mean(1));
}

#[test]
fn an_odd_last_column_is_cut_off() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("1.png");
    common::launch(&format!(
        "videotestsrc num-buffers=1 ! video/x-raw,format=RGB,width=33,height=17 ! pngenc ! filesink location={}",
        path.display()
    ));
    let info = open(dir.path()).unwrap().info().clone();
    assert_eq!((info.width, info.height), (32, 16));
}

#[test]
fn bad_images_are_gaps_with_their_names() {
    let dir = tempfile::tempdir().unwrap();
    images(dir.path(), "jpegenc", "#.jpg", 10);
    let file = |n: u32| dir.path().join(format!("{n:05}.jpg"));
    std::fs::remove_file(file(2)).unwrap();
    std::fs::write(file(4), b"").unwrap();
    let whole = std::fs::read(file(6)).unwrap();
    std::fs::write(file(6), &whole[..whole.len() / 2]).unwrap();
    std::fs::write(file(9), b"no picture").unwrap();

    let mut reader = open(&dir.path().join("%05d.jpg")).unwrap();
    let items = read_all(&mut reader);
    let good: Vec<u64> = items.iter().flatten().map(|frame| frame.index).collect();
    assert_eq!(good, [0, 1, 3, 5, 7, 8]);
    for frame in items.iter().flatten() {
        assert!(common::number_near(&frame.picture, frame.index));
        assert_eq!(frame.pts.as_millis() as u64, 40 * frame.index);
    }
    let errors: Vec<&CaptureError> = items.iter().filter_map(|item| item.as_ref().err()).collect();
    assert!(errors.iter().all(|error| error.is_recoverable()));
    let text: Vec<String> = errors.iter().map(|error| message(error, dir.path())).collect();
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn a_change_of_size_is_reported() {
    let dir = tempfile::tempdir().unwrap();
    images(dir.path(), "jpegenc", "#.jpg", 4);
    encode(
        &dir.path().join("00002.jpg"),
        "videoscale ! video/x-raw,width=80,height=48 ! jpegenc",
        &[0],
    );
    let items = read_all(&mut open(dir.path()).unwrap());
    assert_eq!(items.len(), 3);
    let error = items[2].as_ref().unwrap_err();
    assert!(!error.is_recoverable());
    insta::assert_snapshot!(
        message(error, dir.path()).replace(&dir.path().display().to_string(), "FOLDER")
    );
}

#[test]
fn nothing_to_show() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("notes.txt"), b"hello").unwrap();
    let empty = open(dir.path()).err().unwrap();
    insta::assert_snapshot!(empty.to_string().replace(&dir.path().display().to_string(), "FOLDER"));
    let none = open(&dir.path().join("a_%04d.png")).err().unwrap();
    insta::assert_snapshot!(message(&none, dir.path()));
    std::fs::write(dir.path().join("1.jpg"), [0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 0xff, 0xd9])
        .unwrap();
    let broken = open(&dir.path().join("*.jpg")).err().unwrap();
    insta::assert_snapshot!(message(&broken, dir.path()));
    let source = Source::Sequence { pattern: dir.path().join("*.jpg"), fps: 0.0 };
    let rate = Reader::open(&source, ReaderOptions::default()).err().unwrap();
    insta::assert_snapshot!(message(&rate, dir.path()));
}
