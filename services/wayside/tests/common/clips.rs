//! Tiny recordings.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use wayside_capture::{Mp4Writer, Reader, ReaderOptions, Source};
use wayside_picture::{Matrix, Picture};

/// Size of the tiny clips, pixels.
pub const SIZE: (u32, u32) = (320, 180);

/// Frames a second of the tiny clips.
pub const FPS: u32 = 10;

/// A grey road with `paint` over it, as RGB of a pixel.
pub fn picture(
    (width, height): (u32, u32),
    paint: impl Fn(u32, u32) -> Option<[u8; 3]>,
) -> Picture {
    let pixel = |i: u32| {
        let (x, y) = (i % width, i / width);
        paint(x, y).unwrap_or([90 + ((x ^ y) % 16) as u8; 3])
    };
    let rgb: Vec<u8> = (0..width * height).flat_map(pixel).collect();
    Picture::from_rgb(width, height, &rgb, Matrix::Bt709).expect("a picture")
}

/// Writes a clip of the pictures, [`FPS`] a second.
pub fn write(path: &Path, size: (u32, u32), pictures: impl IntoIterator<Item = Picture>) {
    let mut writer = Mp4Writer::create(path, size.0, size.1, FPS, 1).expect("a writer");
    for (n, picture) in (0u32..).zip(pictures) {
        let pts = Duration::from_secs(1) * n / FPS;
        writer.write(&picture, pts).expect("a frame");
    }
    writer.finish().expect("a clip");
}

/// A clip of an empty road.
pub fn empty_road(path: &Path, size: (u32, u32), frames: usize) {
    write(path, size, std::iter::repeat_with(|| picture(size, |_, _| None)).take(frames));
}

/// The first seconds of a recording, written anew.
pub fn beginning(from: &Path, to: &Path, seconds: f64) {
    let source = Source::parse(from, 0.0);
    let mut reader = Reader::open(&source, ReaderOptions::default()).expect("the recording");
    let info = reader.info().clone();
    let rate = (info.fps.expect("a rate") * 1000.0).round() as u32;
    let mut writer = Mp4Writer::create(to, info.width, info.height, rate, 1000).expect("a writer");
    while let Some(frame) = reader.next().expect("a frame") {
        if frame.pts.as_secs_f64() >= seconds {
            break;
        }
        writer.write(&frame.picture, frame.pts).expect("a frame");
    }
    writer.finish().expect("a clip");
}

/// How many frames a recording has.
pub fn frames(path: &Path) -> usize {
    let source = Source::parse(path, 0.0);
    let mut reader = Reader::open(&source, ReaderOptions::default()).expect("a recording");
    std::iter::from_fn(|| reader.next().expect("a frame")).count()
}

/// Runs the `ffmpeg` program; false, with the reason printed, where it is not there or cannot.
pub fn ffmpeg(arguments: &[&str], to: &Path) -> bool {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-y"]).args(arguments).arg(to).stdin(Stdio::null());
    let done = command.status().is_ok_and(|status| status.success());
    if !done {
        println!("skipped: no ffmpeg, or it cannot do {arguments:?}");
    }
    done
}
