//! What cannot be seen from outside: the queue's bound and the watchdog.

use std::time::Instant;

use gst::prelude::*;

use super::*;

fn options(stall_ms: u64) -> ReaderOptions {
    ReaderOptions {
        queue_frames_max: 3,
        decoder_threads: 1,
        stall_timeout: Duration::from_millis(stall_ms),
    }
}

/// A reader of whatever `line` brings; it must end in an element named `end`.
fn reader(line: &str, stall_ms: u64) -> Result<Reader, CaptureError> {
    gst::init().unwrap();
    let (graph, convert) = Graph::empty(&options(stall_ms)).unwrap();
    let bin = gst::parse::bin_from_description(line, true).unwrap();
    graph.pipeline.add(&bin).unwrap();
    bin.link(&convert).unwrap();
    graph.shared.seen().video = true;
    Reader::run(&Source::File("test".into()), graph, options(stall_ms), None, None)
}

#[test]
fn a_source_that_says_nothing_is_an_error_in_time() {
    let started = Instant::now();
    let error =
        reader("appsrc caps=video/x-raw,format=I420,width=16,height=16", 300).err().unwrap();
    assert!(matches!(error, CaptureError::Stalled { frame: 0, .. }), "{error}");
    assert!(started.elapsed() < Duration::from_secs(120));
}

#[test]
fn a_source_that_falls_silent_is_an_error_after_its_frames() {
    gst::init().unwrap();
    // Long enough for a busy machine to hand over a frame that is there.
    let (graph, convert) = Graph::empty(&options(3_000)).unwrap();
    let caps = "video/x-raw,format=I420,width=16,height=16,framerate=10/1";
    let source = gstreamer_app::AppSrc::builder()
        .caps(&caps.parse().unwrap())
        .format(gst::Format::Time)
        .build();
    graph.pipeline.add(&source).unwrap();
    source.link(&convert).unwrap();
    for n in 0..2u64 {
        let mut buffer = gst::Buffer::with_size(384).unwrap();
        buffer.get_mut().unwrap().set_pts(gst::ClockTime::from_mseconds(100 * n));
        source.push_buffer(buffer).unwrap();
    }
    let silent = Source::File("silent.mp4".into());
    let mut reader = Reader::run(&silent, graph, options(3_000), None, None).unwrap();
    assert_eq!(reader.next().unwrap().unwrap().index, 0);
    assert_eq!(reader.next().unwrap().unwrap().index, 1);
    let error = reader.next().unwrap_err();
    assert!(matches!(error, CaptureError::Stalled { frame: 2, .. }), "{error}");
    assert_eq!(reader.next(), Ok(None));
}

#[test]
fn a_waiting_caller_stops_the_source() {
    let reader = reader(
        "videotestsrc num-buffers=500 ! capsfilter caps=video/x-raw,format=I420,width=64,height=64,framerate=25/1",
        5_000,
    );
    let mut reader = reader.unwrap();
    let passed = std::sync::Arc::new(std::sync::atomic::AtomicU32::new(0));
    let counter = passed.clone();
    let pad = reader.graph.sink.static_pad("sink").unwrap();
    pad.add_probe(gst::PadProbeType::BUFFER, move |_, _| {
        counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        gst::PadProbeReturn::Ok
    });
    // Three frames wait, and the source holds the next; once that many are there, nothing passes any more.
    let count = || passed.load(std::sync::atomic::Ordering::Relaxed);
    loop {
        let before = count();
        std::thread::sleep(Duration::from_millis(300));
        if count() == before {
            break;
        }
    }
    assert!(count() <= 8, "{} passed", count());
    let mut count = 0;
    while let Some(frame) = reader.next().unwrap() {
        assert_eq!(frame.pts.as_millis(), 40 * count);
        count += 1;
    }
    assert_eq!(count, 500);
    assert!(passed.load(std::sync::atomic::Ordering::Relaxed) > 490);
}
