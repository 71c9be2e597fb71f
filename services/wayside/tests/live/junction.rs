//! The example junction as a live site.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use wayside_capture::{Mp4Writer, Reader, ReaderOptions, Source};
use wayside_picture::{PixelRect, Scaler};

use crate::common::root;
use crate::films::place;

/// The example's folder.
pub fn folder() -> PathBuf {
    root().join("examples/junction")
}

/// The example's site with these lines as its camera's `[camera.rtsp]`; its signals go beside it.
pub fn write(dir: &Path, rtsp: &str) {
    let text = std::fs::read_to_string(folder().join("site.toml")).unwrap();
    let live = format!("[camera.rtsp]\n{rtsp}\n[[signal_group]]");
    std::fs::write(dir.join("site.toml"), text.replacen("[[signal_group]]", &live, 1)).unwrap();
    std::fs::copy(folder().join("signals.csv"), dir.join("signals.csv")).unwrap();
}

/// The example's site, half as large, with these cameras in the place of its own: their names and the
/// lines of their `[camera.rtsp]`. Its signals go beside it.
pub fn write_half(dir: &Path, cameras: &[(&str, String)]) {
    let text = std::fs::read_to_string(folder().join("site.toml")).unwrap();
    let (head, rest) = text.split_once("[[camera]]").unwrap();
    let (camera, tail) = rest.split_once("[[signal_group]]").unwrap();
    let (_, points) = camera.split_once("[camera.calibration]").unwrap();
    let points: String = points.lines().map(halved).collect();
    let cameras: String = cameras
        .iter()
        .map(|(id, rtsp)| {
            format!(
                "[[camera]]\nid = \"{id}\"\nwidth_px = 640\nheight_px = 360\n\
                 [camera.calibration]{points}\n[camera.rtsp]\n{rtsp}\n\n"
            )
        })
        .collect();
    let text = format!("{head}{cameras}[[signal_group]]{tail}");
    std::fs::write(dir.join("site.toml"), text).unwrap();
    std::fs::copy(folder().join("signals.csv"), dir.join("signals.csv")).unwrap();
}

/// The same with every signal red since `start`: whoever crosses a stop line has an outcome.
pub fn write_half_red(dir: &Path, start: &str, cameras: &[(&str, String)]) {
    write_half(dir, cameras);
    let text = std::fs::read_to_string(dir.join("site.toml")).unwrap();
    let text = text
        .replace("2026-06-01T07:00:00Z", start)
        .replace("state_s_max = 120.0", "state_s_max = 3600.0");
    std::fs::write(dir.join("site.toml"), text).unwrap();
    let red = |group| format!("0,{group},red\n");
    let signals: String = ["N", "E", "S", "W"].into_iter().map(red).collect();
    std::fs::write(dir.join("signals.csv"), format!("time_s,group,state\n{signals}")).unwrap();
}

/// A line of the calibration with its picture point at half of its place.
fn halved(line: &str) -> String {
    let halved = || {
        let (before, rest) = line.split_once("image_px = [")?;
        let (point, after) = rest.split_once(']')?;
        let (x, y) = point.split_once(',')?;
        let half = |text: &str| text.trim().parse::<f64>().map(|value| value / 2.0).ok();
        Some(format!("{before}image_px = [{}, {}]{after}\n", half(x)?, half(y)?))
    };
    halved().unwrap_or_else(|| format!("{line}\n"))
}

/// The busiest seconds of the example, 9 to 17, at 640 x 360.
pub fn busiest() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| half("busiest.mp4", 9.0, 17.0))
}

/// A part of the example's clip at 640 x 360, with the times of its frames.
pub fn half(name: &str, from_s: f64, to_s: f64) -> PathBuf {
    slowed(name, from_s, to_s, 1)
}

/// The same at half the speed, for tests that wait for a violation: a gap where a frame was dropped makes it void, and
/// with half as many frames a second a machine that is half as fast still looks at each. Vehicles drive at half their
/// speeds, and run the same lights.
pub fn slow(name: &str, from_s: f64, to_s: f64) -> PathBuf {
    slowed(name, from_s, to_s, 2)
}

fn slowed(name: &str, from_s: f64, to_s: f64, times: u32) -> PathBuf {
    let path = place(name);
    let source = Source::parse(&folder().join("clip.mp4"), 0.0);
    let mut reader = Reader::open(&source, ReaderOptions::default()).unwrap();
    let info = reader.info().clone();
    let rate = (info.fps.unwrap() * 1000.0).round() as u32;
    let mut writer = Mp4Writer::create(&path, 640, 360, rate, 1000 * times).unwrap();
    let whole = PixelRect { x: 0, y: 0, width: info.width, height: info.height };
    let mut scaler = Scaler::new();
    let mut first = None;
    while let Some(frame) = reader.next().unwrap() {
        let at_s = frame.pts.as_secs_f64();
        if at_s >= to_s {
            break;
        }
        if at_s >= from_s {
            let begin = *first.get_or_insert(frame.pts);
            let small = scaler.scale(&frame.picture, whole, 640, 360).unwrap();
            writer.write(small, (frame.pts - begin) * times).unwrap();
        }
    }
    writer.finish().unwrap();
    path
}
