//! Tiny clips whose frames tell their own number.
#![allow(dead_code, clippy::unwrap_used)] // Each test file uses its part; all is test code.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use gst::prelude::*;
use gstreamer as gst;
use gstreamer_app as gst_app;
use wayside_capture::{CaptureError, Frame, Reader, ReaderOptions, Source};
use wayside_picture::{Matrix, Picture, PixelRect};

pub const WIDTH: u32 = 160;
pub const HEIGHT: u32 = 96;

/// Luma of the marked part in frame `n`: neighbours differ by more than any coding error.
pub fn level(n: u64) -> u8 {
    40 + (n * 37 % 160) as u8
}

/// A picture with a still texture and a part whose luma tells the number.
pub fn picture(n: u64, width: u32, height: u32) -> Picture {
    let y = (0..width * height)
        .map(|i| {
            let (x, y) = (i % width, i / width);
            if x < width / 2 { level(n) } else { (60 + (x ^ y) % 64) as u8 }
        })
        .collect();
    let chroma = (width / 2 * height / 2) as usize;
    Picture::new(width, height, y, vec![110; chroma], vec![140; chroma], Matrix::Bt601).unwrap()
}

/// Whether a picture out of [`picture`] shows this number. JPEG takes the samples for full range,
/// so what comes back from there is squeezed.
pub fn number_near(picture: &Picture, expected: u64) -> bool {
    let rect = PixelRect { x: 8, y: 8, width: picture.width / 2 - 16, height: 32 };
    let (mean, level) = (picture.mean_luma(rect).unwrap(), f32::from(level(expected)));
    (mean - level).abs() < 5.0 || (mean - (16.0 + level * 219.0 / 255.0)).abs() < 2.0
}

/// Encodes frames with the given times through `tail`, such as `jpegenc ! avimux`.
pub fn encode(path: &Path, tail: &str, times_ms: &[u64]) {
    let pictures = (0..).zip(times_ms).map(|(n, t)| (picture(n, WIDTH, HEIGHT), *t));
    encode_pictures(path, tail, pictures);
}

pub fn encode_pictures(
    path: &Path,
    tail: &str,
    pictures: impl IntoIterator<Item = (Picture, u64)>,
) {
    gst::init().unwrap();
    let line = format!("appsrc name=src format=time ! {tail} ! filesink name=out");
    let pipeline = gst::parse::launch(&line).unwrap().downcast::<gst::Pipeline>().unwrap();
    pipeline.by_name("out").unwrap().set_property("location", path);
    let source = pipeline.by_name("src").unwrap().downcast::<gst_app::AppSrc>().unwrap();
    pipeline.set_state(gst::State::Playing).unwrap();
    let mut size = (0, 0);
    for (picture, time_ms) in pictures {
        if size != (picture.width, picture.height) {
            size = (picture.width, picture.height);
            let caps = gst::Caps::builder("video/x-raw")
                .field("format", "I420")
                .field("width", size.0 as i32)
                .field("height", size.1 as i32)
                .field("framerate", gst::Fraction::new(25, 1))
                .field("colorimetry", "bt601")
                .build();
            source.set_caps(Some(&caps));
        }
        let bytes = [&picture.y[..], &picture.u[..], &picture.v[..]].concat();
        let mut buffer = gst::Buffer::from_mut_slice(bytes);
        let inside = buffer.get_mut().unwrap();
        inside.set_pts(gst::ClockTime::from_mseconds(time_ms));
        inside.set_duration(gst::ClockTime::from_mseconds(40));
        source.push_buffer(buffer).unwrap();
    }
    source.end_of_stream().unwrap();
    finish(&pipeline);
}

/// Runs a whole gst-launch line to its end.
pub fn launch(line: &str) {
    gst::init().unwrap();
    let pipeline = gst::parse::launch(line).unwrap().downcast::<gst::Pipeline>().unwrap();
    pipeline.set_state(gst::State::Playing).unwrap();
    finish(&pipeline);
}

fn finish(pipeline: &gst::Pipeline) {
    let kinds = [gst::MessageType::Eos, gst::MessageType::Error];
    let message = pipeline
        .bus()
        .unwrap()
        .timed_pop_filtered(gst::ClockTime::from_seconds(30), &kinds)
        .expect("the encoder ends");
    assert_eq!(message.type_(), gst::MessageType::Eos, "{message:?}");
    pipeline.set_state(gst::State::Null).unwrap();
}

/// Times of `count` frames at 25 a second, milliseconds.
pub fn steady(count: u64) -> Vec<u64> {
    (0..count).map(|n| 40 * n).collect()
}

pub fn has(element: &str) -> bool {
    gst::init().unwrap();
    let found = gst::ElementFactory::find(element).is_some();
    if !found {
        println!("skipped: the GStreamer element {element} is not installed");
    }
    found
}

/// Encodes with the `ffmpeg` program; false, with the reason printed, where there is none or it
/// lacks the encoder.
pub fn ffmpeg(path: &Path, arguments: &[&str], count: u64) -> bool {
    use std::io::Write;
    let size = format!("{WIDTH}x{HEIGHT}");
    let child = Command::new("ffmpeg")
        .args(["-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", &size])
        .args(["-r", "25", "-i", "-"])
        .args(arguments)
        .arg(path)
        .stdin(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        println!("skipped: the program ffmpeg is not installed");
        return false;
    };
    let mut input = child.stdin.take().unwrap();
    for n in 0..count {
        let p = picture(n, WIDTH, HEIGHT);
        if input.write_all(&[&p.y[..], &p.u[..], &p.v[..]].concat()).is_err() {
            break;
        }
    }
    drop(input);
    let done = child.wait().unwrap().success();
    if !done {
        println!("skipped: this ffmpeg cannot encode with {arguments:?}");
    }
    done
}

pub fn open(path: &Path) -> Result<Reader, CaptureError> {
    Reader::open(&Source::parse(path, 25.0), ReaderOptions::default())
}

/// All frames and all errors in order.
pub fn read_all(reader: &mut Reader) -> Vec<Result<Frame, CaptureError>> {
    let mut out = Vec::new();
    loop {
        match reader.next() {
            Ok(None) => return out,
            Ok(Some(frame)) => out.push(Ok(frame)),
            Err(error) => out.push(Err(error)),
        }
    }
}

pub fn frames(path: &Path) -> Vec<Frame> {
    read_all(&mut open(path).unwrap()).into_iter().map(|item| item.unwrap()).collect()
}

/// Every frame is there, in order, at its time.
pub fn assert_whole(frames: &[Frame], times_ms: &[u64]) {
    assert_eq!(frames.len(), times_ms.len());
    for (n, (frame, time)) in (0..).zip(frames.iter().zip(times_ms)) {
        assert_eq!(frame.index, n);
        let off = frame.pts.abs_diff(Duration::from_millis(*time - times_ms[0]));
        assert!(off < Duration::from_millis(1), "frame {n} at {:?}", frame.pts);
        assert!(number_near(&frame.picture, n), "frame {n} shows another");
        assert!(!frame.pts_repaired);
    }
}

/// The message with the folder of the test taken out.
pub fn message(error: &CaptureError, dir: &Path) -> String {
    error.to_string().replace(&format!("{}/", dir.display()), "")
}
