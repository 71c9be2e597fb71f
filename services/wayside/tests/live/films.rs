//! Clips of a textured scene.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use gst::prelude::*;
use gstreamer as gst;
use wayside_capture::Mp4Writer;
use wayside_picture::Picture;

use crate::common::{clips, root};

/// Size of these clips, pixels. Motion JPEG over RTP counts in eights (RFC 2435, 3.1).
pub const SIZE: (u32, u32) = (320, 176);

/// H.264 with B-frames, 160 x 96, 25 frames a second.
pub fn bframes() -> PathBuf {
    root().join("pipelines/capture/tests/clips/bframes.mp4")
}

/// H.265 with B-frames, 160 x 96, 25 frames a second.
pub fn hevc() -> PathBuf {
    root().join("pipelines/capture/tests/clips/hevc.mp4")
}

/// A scene of 320 x 176 in which only a corner flickers, 5 frames a second, H.264, 2 s, one key frame:
/// the motion gate has an easy time, and the picture is not frozen.
pub fn quiet() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| {
        let pictures = (0..10).map(|n| scene(|x, y| (x < 8 && y < 8).then_some([60 + n * 15; 3])));
        h264("quiet.mp4", 5, pictures)
    })
}

/// A scene of 320 x 176 through which a block moves, 25 frames a second, H.264, 2 s.
pub fn busy() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| {
        let at = |n: u32| n * 5..n * 5 + 40;
        let inside = |n, x, y: u32| at(n).contains(&x) && (90..130).contains(&y);
        let pictures = (0..50).map(|n| scene(|x, y| inside(n, x, y).then_some([220, 220, 40])));
        h264("busy.mp4", 25, pictures)
    })
}

/// [`quiet`] as Motion JPEG.
pub fn mjpeg() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| {
        let path = place("quiet.mkv");
        gst::init().unwrap();
        let pipeline = gst::parse::launch(&format!(
            "filesrc location={} ! qtdemux ! decodebin ! videoconvert ! \
             video/x-raw,format=I420 ! jpegenc ! matroskamux ! filesink location={}",
            quiet().display(),
            path.display()
        ));
        let pipeline = pipeline.unwrap();
        pipeline.set_state(gst::State::Playing).unwrap();
        let kinds = [gst::MessageType::Eos, gst::MessageType::Error];
        let wait = gst::ClockTime::from_seconds(300);
        let message = pipeline.bus().unwrap().timed_pop_filtered(wait, &kinds).unwrap();
        pipeline.set_state(gst::State::Null).unwrap();
        assert_eq!(message.type_(), gst::MessageType::Eos, "{message:?}");
        path
    })
}

/// Where clips of this run lie.
pub fn place(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("live");
    std::fs::create_dir_all(&dir).unwrap();
    // Two runs at once do not write the same file.
    dir.join(format!("{}-{name}", std::process::id()))
}

fn h264(name: &str, fps: u32, pictures: impl Iterator<Item = Picture>) -> PathBuf {
    let path = place(name);
    let mut writer = Mp4Writer::create(&path, SIZE.0, SIZE.1, fps, 1).unwrap();
    for (n, picture) in (0_u32..).zip(pictures) {
        writer.write(&picture, Duration::from_secs(1) * n / fps).unwrap();
    }
    writer.finish().unwrap();
    path
}

/// Tiles of different greys with something painted over them.
fn scene(paint: impl Fn(u32, u32) -> Option<[u8; 3]>) -> Picture {
    clips::picture(SIZE, |x, y| {
        let tile = (x / 16).wrapping_mul(2_654_435_761) ^ (y / 16).wrapping_mul(2_246_822_519);
        Some(paint(x, y).unwrap_or([70 + (tile >> 24 & 0x7f) as u8; 3]))
    })
}
