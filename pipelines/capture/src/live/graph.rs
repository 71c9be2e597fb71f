//! The GStreamer pipeline of a session.
//!
//! `rtspsrc`, and once its video stream is there: `depayloader ! parser ! queue ! decoder !
//! videoconvert ! appsink`. Sound and metadata are never asked for.

use std::sync::{Arc, Mutex, PoisonError};

use crossbeam_channel::Sender;
use gst::prelude::*;
use gstreamer as gst;

use super::event::{EndedWhy, LiveEvent};
use super::gate::Gate;
use super::nal::Codec;
use super::notes::Note;
use super::rtp::RTP_HZ;
use super::shared::Shared;
use super::source::{LiveOptions, LiveSource, Transport};
use super::{decoder, probes, tls};
use crate::CaptureError;
use crate::elements::{codec_hint, codec_name, make};
use crate::reader::convert_and_sink;

/// More units than this never wait for a decoder.
const UNITS_MAX: usize = 128;

/// A pipeline, not started.
pub(super) struct Graph {
    pub(super) pipeline: gst::Pipeline,
    pub(super) source: gst::Element,
    /// True when nothing may be added any more; locked while something is.
    pub(super) closed: Arc<Mutex<bool>>,
}

/// What is needed to link a stream when it comes.
struct Linker {
    pipeline: gst::glib::WeakRef<gst::Pipeline>,
    shared: Arc<Shared>,
    notes: Sender<Note>,
    options: LiveOptions,
    closed: Arc<Mutex<bool>>,
}

impl Graph {
    pub(super) fn new(
        source: &LiveSource,
        options: &LiveOptions,
        shared: &Arc<Shared>,
        notes: &Sender<Note>,
    ) -> Result<Self, CaptureError> {
        let pipeline = gst::Pipeline::new();
        let element = make("rtspsrc")?;
        set_up(&element, source, options);
        tls::trust(source, &element, shared)?;
        select_video(&element, shared);
        watch_manager(&element, shared);
        let closed = Arc::new(Mutex::new(false));
        let linker = Linker {
            pipeline: pipeline.downgrade(),
            shared: shared.clone(),
            notes: notes.clone(),
            options: options.clone(),
            closed: closed.clone(),
        };
        element.connect_pad_added(move |_, pad| linker.stream_came(pad));
        pipeline.add(&element).map_err(refused)?;
        Ok(Self { pipeline, source: element, closed })
    }
}

fn refused(error: gst::glib::BoolError) -> CaptureError {
    CaptureError::Library { cause: format!("the pipeline cannot be built ({})", error.message) }
}

fn set_up(element: &gst::Element, source: &LiveSource, options: &LiveOptions) {
    let protocols = match (source.tls(), source.effective_transport()) {
        (true, _) => "tcp+tls",
        (_, Transport::Tcp) => "tcp",
        (_, Transport::Udp) => "udp",
    };
    let timeout_us = u64::try_from(options.connect_timeout.as_micros()).unwrap_or(u64::MAX).max(1);
    element.set_property("location", &source.url);
    element.set_property_from_str("protocols", protocols);
    element.set_property("latency", source.jitter_ms);
    element.set_property("drop-on-latency", false);
    element.set_property("do-retransmission", false);
    element.set_property("timeout", timeout_us);
    element.set_property("tcp-timeout", timeout_us);
    if let Some(credentials) = &source.credentials {
        element.set_property("user-id", credentials.user());
        element.set_property("user-pw", credentials.password());
    }
}

/// Asks for the first video stream that can be read, and for nothing else.
fn select_video(element: &gst::Element, shared: &Arc<Shared>) {
    let shared = shared.clone();
    element.connect("select-stream", false, move |args| {
        let number = args.get(1).and_then(|v| v.get::<u32>().ok());
        let caps = args.get(2).and_then(|v| v.get::<gst::Caps>().ok());
        let wanted = number.zip(caps).is_some_and(|(number, caps)| {
            let Some(description) = caps.structure(0) else { return false };
            let media = description.get::<&str>("media").unwrap_or("unknown");
            let name = description.get::<&str>("encoding-name").unwrap_or("unknown");
            let hz = description.get::<i32>("clock-rate").unwrap_or(RTP_HZ as i32);
            let mut stream = shared.stream();
            if media != "video" {
                note(&mut stream.others, media);
                return false;
            }
            if Codec::from_encoding(name).is_none() || hz != RTP_HZ as i32 {
                note(&mut stream.unreadable, name);
                return false;
            }
            *stream.selected.get_or_insert(number) == number
        });
        Some(wanted.to_value())
    });
}

/// Streams on offer that are remembered.
const OFFERS_MAX: usize = 8;

fn note(names: &mut Vec<String>, name: &str) {
    if names.len() < OFFERS_MAX && !names.iter().any(|known| known == name) {
        names.push(name.to_owned());
    }
}

/// Watches packets where they come in, and sender reports.
fn watch_manager(element: &gst::Element, shared: &Arc<Shared>) {
    let shared = shared.clone();
    element.connect("new-manager", false, move |args| {
        let manager = args.get(1)?.get::<gst::Element>().ok()?;
        let reports = shared.clone();
        manager.connect_pad_added(move |_, pad| {
            if pad.name().starts_with("recv_rtcp_sink") {
                probes::watch_reports(pad, &reports);
            }
        });
        let packets = shared.clone();
        manager.connect("new-jitterbuffer", false, move |args| {
            let buffer = args.get(1)?.get::<gst::Element>().ok()?;
            probes::watch_entrance(&buffer.static_pad("sink")?, &packets);
            None
        });
        None
    });
}

impl Linker {
    fn stream_came(&self, pad: &gst::Pad) {
        let Some(pipeline) = self.pipeline.upgrade() else { return };
        let caps = pad.current_caps().unwrap_or_else(|| pad.query_caps(None));
        let encoding = caps.structure(0).and_then(|s| s.get::<&str>("encoding-name").ok());
        let Some(codec) = encoding.and_then(Codec::from_encoding) else { return };
        let linked = {
            let closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
            if *closed {
                return;
            }
            if self.shared.stream().gate.is_some() {
                // A new synchronisation source: times and numbers begin anew.
                let text = "the camera began another stream".to_owned();
                let _ = self.notes.try_send(Note::Stop(EndedWhy::Closed, text));
                return;
            }
            self.link(&pipeline, pad, codec)
        };
        match linked {
            Ok(decoder) => {
                let _ = self.notes.try_send(Note::Linked);
                let codec = codec_name(codec.caps_name());
                self.shared.outlet.send(LiveEvent::Connected { codec, decoder });
            }
            Err(error) => {
                let (why, text) = match error {
                    CaptureError::MissingElement { element, .. } => (
                        EndedWhy::Unsupported,
                        format!(
                            "it sends {}, and the element `{element}` is missing. {}",
                            codec_name(codec.caps_name()),
                            codec_hint(codec.caps_name()),
                        ),
                    ),
                    other => (EndedWhy::Failed, other.to_string()),
                };
                let _ = self.notes.try_send(Note::Stop(why, text));
            }
        }
    }

    fn link(
        &self,
        pipeline: &gst::Pipeline,
        pad: &gst::Pad,
        codec: Codec,
    ) -> Result<String, CaptureError> {
        let depay = make(match codec {
            Codec::H264 => "rtph264depay",
            Codec::H265 => "rtph265depay",
            Codec::Jpeg => "rtpjpegdepay",
        })?;
        let whole = make("capsfilter")?;
        let parse = make(match codec {
            Codec::H264 => "h264parse",
            Codec::H265 => "h265parse",
            Codec::Jpeg => "jpegparse",
        })?;
        let pictures = make("capsfilter")?;
        if codec.predicts() {
            parse.set_property("config-interval", -1i32);
            let caps = gst::Caps::builder(codec.caps_name())
                .field("stream-format", "byte-stream")
                .field("alignment", "au")
                .build();
            whole.set_property("caps", &caps);
            pictures.set_property("caps", &caps);
        }
        let queue = make("queue")?;
        // The gate bounds it, by dropping what can be dropped.
        for property in ["max-size-buffers", "max-size-bytes"] {
            queue.set_property(property, 0u32);
        }
        queue.set_property("max-size-time", 0u64);
        queue.set_property("silent", true);
        let chosen =
            decoder::choose(codec, self.options.hardware_decoders, self.options.decoder_threads)?;
        let (convert, sink) = convert_and_sink(1)?;

        let pad_of = |element: &gst::Element, name: &str| {
            element.static_pad(name).ok_or_else(|| CaptureError::Library {
                cause: format!("an element has no pad `{name}`"),
            })
        };
        {
            let mut stream = self.shared.stream();
            let waiting_max = self.options.units_in_decoder_max.clamp(1, UNITS_MAX);
            stream.codec = Some(codec);
            stream.gate = Some(Gate::new(codec, waiting_max));
            stream.decoder = Some((chosen.name.clone(), chosen.hardware));
        }
        let entrance = pad_of(&depay, "sink")?;
        probes::watch_packets(&entrance, &self.shared);
        let assembled = pad_of(&depay, "src")?;
        probes::open_segment(&assembled);
        probes::watch_assembled(&assembled, codec, &self.shared);
        probes::watch_units(&pad_of(&pictures, "src")?, codec, &self.shared);
        probes::watch_decoder(&pad_of(&chosen.element, "sink")?, codec, &self.shared);
        probes::deliver(&sink, &self.shared);

        let chain = [
            &depay,
            &whole,
            &parse,
            &pictures,
            &queue,
            &chosen.element,
            &convert,
            sink.upcast_ref(),
        ];
        pipeline.add_many(chain).map_err(refused)?;
        gst::Element::link_many(chain).map_err(refused)?;
        for element in chain.iter().rev() {
            element.sync_state_with_parent().map_err(refused)?;
        }
        pad.link(&entrance).map_err(|e| CaptureError::Library {
            cause: format!("the stream cannot be linked ({e})"),
        })?;
        Ok(chosen.name)
    }
}
