//! A client that is not ours (GStreamer's `rtspsrc`), and one of a few lines that asks by hand.
#![allow(dead_code)] // Each test file uses its part.
#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

pub mod by_hand;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use gst::prelude::*;
use gstreamer as gst;
use gstreamer_app as gst_app;
use wayside_camera::{Event, EventSink, Options, Server};

/// How long a busy machine may take for what is there in a moment on a quiet one.
pub const SOON: Duration = Duration::from_secs(120);

/// The clip of the example: H.264 with B-frames.
pub fn junction() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/junction/clip.mp4")
}

/// A clip of the test data.
pub fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

/// A moving picture of `frames` frames at 25 a second, encoded and put into a file by GStreamer.
pub fn clip(path: &Path, encode: &str, frames: u32, (width, height): (u32, u32)) -> PathBuf {
    gst::init().unwrap();
    let pipeline = gst::parse::launch(&format!(
        "videotestsrc num-buffers={frames} pattern=ball ! \
         video/x-raw,format=I420,width={width},height={height},framerate=25/1 ! {encode} ! \
         filesink location={}",
        path.display()
    ))
    .unwrap();
    pipeline.set_state(gst::State::Playing).unwrap();
    let kinds = [gst::MessageType::Eos, gst::MessageType::Error];
    let wait = gst::ClockTime::from_seconds(SOON.as_secs());
    let message = pipeline.bus().unwrap().timed_pop_filtered(wait, &kinds).unwrap();
    pipeline.set_state(gst::State::Null).unwrap();
    assert_eq!(message.type_(), gst::MessageType::Eos, "{message:?}");
    path.to_owned()
}

pub const H264_MP4: &str = "openh264enc gop-size=10 ! h264parse ! mp4mux";

/// What was heard from a server.
#[derive(Clone, Default)]
pub struct Events(Arc<Mutex<Vec<String>>>);

impl Events {
    pub fn sink(&self) -> EventSink {
        let list = Arc::clone(&self.0);
        EventSink::new(move |event: &Event| list.lock().unwrap().push(event.to_string()))
    }

    pub fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    pub fn has(&self, part: &str) -> bool {
        self.all().iter().any(|event| event.contains(part))
    }
}

pub fn serve(clip: &Path) -> Server {
    Server::start(Options::new(clip)).unwrap()
}

/// An RTP packet as it came out of `rtspsrc`.
#[derive(Clone, Debug)]
pub struct Rtp {
    pub sequence: u16,
    pub timestamp: u32,
    pub marker: bool,
    pub payload: Vec<u8>,
    pub at: Instant,
}

/// A sender report as it came into `rtspsrc`.
#[derive(Clone, Copy, Debug)]
pub struct Report {
    pub ntp: u64,
    pub rtp: u32,
    /// RTP packets that had come before it.
    pub after: usize,
}

impl Report {
    /// Capture time of an RTP timestamp as a client works it out, microseconds since 1970.
    pub fn time_us(&self, timestamp: u32) -> f64 {
        let ntp_s = self.ntp as f64 / 4_294_967_296.0;
        let whole = (self.ntp >> 32) as f64 - 2_208_988_800.0;
        let ticks = f64::from(timestamp.wrapping_sub(self.rtp).cast_signed());
        (whole + ntp_s.fract()) * 1e6 + ticks / 0.09
    }
}

#[derive(Default)]
struct Heard {
    rtp: Vec<Rtp>,
    reports: Vec<Report>,
}

/// `rtspsrc ! appsink`, and what passed through it.
pub struct Client {
    pipeline: gst::Pipeline,
    heard: Arc<Mutex<Heard>>,
}

impl Client {
    /// Plays over `tcp` or `udp`.
    pub fn play(url: &str, protocols: &str) -> Self {
        Self::play_with(url, protocols, |_| ())
    }

    pub fn play_with(url: &str, protocols: &str, set: impl Fn(&gst::Element)) -> Self {
        gst::init().unwrap();
        let heard = Arc::new(Mutex::new(Heard::default()));
        let source = gst::ElementFactory::make("rtspsrc").build().unwrap();
        source.set_property("location", url);
        source.set_property_from_str("protocols", protocols);
        source.set_property("latency", 0_u32);
        set(&source);
        let list = Arc::clone(&heard);
        source.connect("new-manager", false, move |args| {
            let manager = args[1].get::<gst::Element>().unwrap();
            let list = Arc::clone(&list);
            manager.connect_pad_added(move |_, pad| watch_reports(pad, &list));
            None
        });
        let pipeline = gst::Pipeline::new();
        let sink = sink(&heard);
        pipeline.add_many([&source, sink.upcast_ref()]).unwrap();
        source.connect_pad_added(move |_, pad| {
            let target = sink.static_pad("sink").unwrap();
            if !target.is_linked() {
                pad.link(&target).unwrap();
            }
        });
        pipeline.set_state(gst::State::Playing).unwrap();
        Self { pipeline, heard }
    }

    pub fn rtp(&self) -> Vec<Rtp> {
        self.heard.lock().unwrap().rtp.clone()
    }

    pub fn reports(&self) -> Vec<Report> {
        self.heard.lock().unwrap().reports.clone()
    }

    pub fn count(&self) -> usize {
        self.heard.lock().unwrap().rtp.len()
    }

    pub fn frames(&self) -> usize {
        self.heard.lock().unwrap().rtp.iter().filter(|packet| packet.marker).count()
    }

    /// Waits for so many whole frames.
    #[track_caller]
    pub fn wait_frames(&self, frames: usize) {
        until("frames", || self.frames() >= frames);
    }

    /// The first error or end of the stream.
    pub fn ends(&self, wait: Duration) -> Option<String> {
        let kinds = [gst::MessageType::Eos, gst::MessageType::Error];
        let wait = gst::ClockTime::from_nseconds(wait.as_nanos() as u64);
        let message = self.pipeline.bus().unwrap().timed_pop_filtered(wait, &kinds)?;
        Some(match message.view() {
            gst::MessageView::Error(error) => format!("{} {:?}", error.error(), error.debug()),
            _ => "end".to_owned(),
        })
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.pipeline.set_state(gst::State::Null);
    }
}

fn watch_reports(pad: &gst::Pad, heard: &Arc<Mutex<Heard>>) {
    if !pad.name().starts_with("recv_rtcp_sink") {
        return;
    }
    let heard = Arc::clone(heard);
    pad.add_probe(gst::PadProbeType::BUFFER, move |_, info| {
        let map = info.buffer().unwrap().map_readable().unwrap();
        if map.get(1) == Some(&200) {
            let mut heard = heard.lock().unwrap();
            let after = heard.rtp.len();
            heard.reports.push(Report {
                ntp: u64::from_be_bytes(map[8..16].try_into().unwrap()),
                rtp: u32::from_be_bytes(map[16..20].try_into().unwrap()),
                after,
            });
        }
        gst::PadProbeReturn::Ok
    });
}

fn sink(heard: &Arc<Mutex<Heard>>) -> gst_app::AppSink {
    let heard = Arc::clone(heard);
    let callbacks = gst_app::AppSinkCallbacks::builder()
        .new_sample(move |sink| {
            let sample = sink.pull_sample().unwrap();
            let map = sample.buffer().unwrap().map_readable().unwrap();
            heard.lock().unwrap().rtp.push(Rtp {
                sequence: u16::from_be_bytes(map[2..4].try_into().unwrap()),
                timestamp: u32::from_be_bytes(map[4..8].try_into().unwrap()),
                marker: map[1] & 0x80 != 0,
                payload: map[12..].to_vec(),
                at: Instant::now(),
            });
            Ok(gst::FlowSuccess::Ok)
        })
        .build();
    gst_app::AppSink::builder().sync(false).callbacks(callbacks).build()
}

/// Waits until it is so.
#[track_caller]
pub fn until(what: &str, mut is: impl FnMut() -> bool) {
    let since = Instant::now();
    while !is() {
        assert!(since.elapsed() < SOON, "waited too long for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The frames: timestamps of whole frames in the order in which they came, from the first on, in
/// 90 kHz ticks.
pub fn timestamps(packets: &[Rtp]) -> Vec<i64> {
    let first = packets.first().map_or(0, |packet| packet.timestamp);
    let of = |packet: &Rtp| i64::from(packet.timestamp.wrapping_sub(first).cast_signed());
    packets.iter().filter(|packet| packet.marker).map(of).collect()
}
