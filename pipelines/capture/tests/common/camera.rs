//! A camera that serves a clip, and a session that plays it.
#![allow(dead_code, clippy::unwrap_used)] // Each test file uses its part; all is test code.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError};
use wayside_camera::{Options, Server};
use wayside_capture::live::{
    Ended, LiveEvent, LiveFrame, LiveOptions, LiveSource, Session, Transport, Unit,
};

use crate::common;

/// Ticks between two pictures of every clip here.
pub const STEP: i64 = 3600;

/// How long a busy machine may take for what is there in a moment on a quiet one.
pub const SOON: Duration = Duration::from_secs(120);

/// The usual options, with time for a busy machine to connect.
pub fn patient() -> LiveOptions {
    LiveOptions { connect_timeout: SOON / 2, ..LiveOptions::default() }
}

/// H.264 with B-frames, 40 pictures, a key frame every ten.
pub fn bframes() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clips/bframes.mp4")
}

/// H.265 with B-frames and open groups, 40 pictures, a key frame every ten.
pub fn hevc() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clips/hevc.mp4")
}

/// H.264 without B-frames, 40 pictures, a key frame every ten.
pub fn plain(dir: &Path) -> PathBuf {
    let path = dir.join("plain.mp4");
    let tail = "openh264enc gop-size=10 ! h264parse ! mp4mux";
    common::encode(&path, tail, &common::steady(40));
    path
}

/// Motion JPEG, 40 pictures.
pub fn mjpeg(dir: &Path) -> PathBuf {
    let path = dir.join("clip.mkv");
    common::encode(&path, "jpegenc ! matroskamux", &common::steady(40));
    path
}

pub fn serve(clip: &Path) -> Server {
    Server::start(Options::new(clip)).unwrap()
}

pub fn source(url: &str, transport: Transport) -> LiveSource {
    LiveSource { url: url.to_owned(), transport, credentials: None, jitter_ms: 100, tls_ca: None }
}

/// A session and its events.
pub struct Play {
    pub session: Session,
    pub events: Receiver<LiveEvent>,
}

impl Play {
    pub fn open(source: &LiveSource) -> Self {
        Self::with(source, &patient(), 64)
    }

    pub fn with(source: &LiveSource, options: &LiveOptions, room: usize) -> Self {
        let (sender, events) = crossbeam_channel::bounded(room);
        let session = Session::open(source, options, sender).unwrap();
        Self { session, events }
    }

    /// Events up to the one that is `last`, or the end of the session.
    pub fn until(
        &mut self,
        wait: Duration,
        mut last: impl FnMut(&LiveEvent) -> bool,
    ) -> Vec<LiveEvent> {
        let deadline = Instant::now() + wait;
        let mut out = Vec::new();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.events.recv_timeout(left) {
                Ok(event) => {
                    let done = last(&event) || matches!(event, LiveEvent::Ended(_));
                    out.push(event);
                    if done {
                        return out;
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    let (count, last) = (out.len(), out.last());
                    panic!("nothing more within {wait:?}, after {count} events: {last:?}")
                }
                Err(RecvTimeoutError::Disconnected) => return out,
            }
        }
    }

    /// Events up to this many frames.
    pub fn frames(&mut self, count: usize) -> Vec<LiveEvent> {
        let mut left = count;
        self.until(SOON, |event| {
            left -= usize::from(matches!(event, LiveEvent::Frame(_)));
            left == 0
        })
    }

    /// The end.
    pub fn ended(&mut self, wait: Duration) -> Ended {
        match self.until(wait, |_| false).pop() {
            Some(LiveEvent::Ended(ended)) => ended,
            other => panic!("the session ended with {other:?}"),
        }
    }
}

pub fn frames(events: &[LiveEvent]) -> Vec<&LiveFrame> {
    events.iter().filter_map(|e| if let LiveEvent::Frame(f) = e { Some(f) } else { None }).collect()
}

pub fn units(events: &[LiveEvent]) -> Vec<&Unit> {
    events.iter().filter_map(|e| if let LiveEvent::Unit(u) = e { Some(u) } else { None }).collect()
}

/// Pictures that the decoder did not make, by the events' texts.
pub fn left_out(events: &[LiveEvent]) -> usize {
    let counts = events.iter().filter_map(|event| match event {
        LiveEvent::Damage { text } => text
            .contains(" left out: ")
            .then(|| text.split(' ').next().unwrap().parse::<usize>().unwrap()),
        _ => None,
    });
    counts.sum()
}

/// Every unit that was not dropped gave one frame or was told to be left out, those in the decoder
/// at the end left aside, and every frame shows the picture of its timestamp. `first` is the
/// timestamp of the clip's first picture.
pub fn assert_true(events: &[LiveEvent], first: i64) {
    let (frames, units) = (frames(events), units(events));
    let latest = frames.last().expect("a frame").rtp;
    let mut missing = 0;
    for unit in units.iter().filter(|unit| unit.rtp <= latest && unit.dropped.is_none()) {
        let count = frames.iter().filter(|frame| frame.rtp == unit.rtp).count();
        assert!(count <= 1, "unit {} at {}", unit.index, unit.rtp);
        missing += 1 - count;
    }
    assert_eq!(missing, left_out(events));
    for frame in frames {
        let unit = units.iter().find(|unit| unit.rtp == frame.rtp).expect("its unit");
        assert!(unit.dropped.is_none());
        assert_eq!(frame.arrived, unit.arrived);
        assert!(frame.decoded >= unit.arrived.mono);
        let ticks = frame.rtp - first;
        assert_eq!(ticks % STEP, 0, "at {}", frame.rtp);
        let number = ticks / STEP % 40;
        assert!(common::number_near(&frame.picture, number as u64), "picture {number}");
    }
}
