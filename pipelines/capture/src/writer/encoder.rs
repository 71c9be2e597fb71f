//! Which encoder writes annotated video.

use gst::prelude::*;
use gstreamer as gst;

use crate::CaptureError;
use crate::elements::make;

/// Encoders in order of preference, each with the parser that mp4mux needs after it.
///
/// OpenH264 (BSD) plays everywhere; VP9 (BSD) is slow; MPEG-4 Part 2 of libav (LGPL) plays in fewer
/// browsers. x264 is not in the list, because its licence (GPL) would reach whoever ships it along.
const ENCODERS: [(&str, &str); 3] =
    [("openh264enc", "h264parse"), ("vp9enc", "vp9parse"), ("avenc_mpeg4", "mpeg4videoparse")];

/// The first encoder that is installed, set up, with its parser.
pub(super) fn choose(
    width: u32,
    height: u32,
    fps_num: u32,
    fps_den: u32,
) -> Result<(gst::Element, Option<gst::Element>, &'static str), CaptureError> {
    let there = |name: &str| gst::ElementFactory::find(name).is_some();
    let (name, parser) = ENCODERS
        .into_iter()
        .find(|(encoder, parser)| there(encoder) && there(parser))
        .unwrap_or(ENCODERS[0]);
    let encoder = make(name)?;
    let parser = make(parser)?;
    let fps = f64::from(fps_num) / f64::from(fps_den);
    // A tenth of a bit a pixel keeps road markings and labels readable.
    let bits_a_second =
        (f64::from(width) * f64::from(height) * fps * 0.1).clamp(200_000.0, 40_000_000.0) as u32;
    let key_frames = (2.0 * fps).clamp(1.0, 600.0).round() as u32;
    let settings: Vec<(&str, String)> = match name {
        "openh264enc" => vec![
            ("bitrate", bits_a_second.to_string()),
            ("rate-control", "quality".to_owned()),
            ("gop-size", key_frames.to_string()),
            ("complexity", "low".to_owned()),
            ("multi-thread", "1".to_owned()),
            ("enable-frame-skip", "false".to_owned()),
        ],
        "vp9enc" => vec![
            ("target-bitrate", bits_a_second.to_string()),
            ("keyframe-max-dist", key_frames.to_string()),
            ("deadline", "1".to_owned()),
            ("cpu-used", "8".to_owned()),
            ("threads", "1".to_owned()),
        ],
        _ => vec![("bitrate", bits_a_second.to_string())],
    };
    for (property, value) in settings {
        if encoder.has_property(property) {
            encoder.set_property_from_str(property, &value);
        }
    }
    if name == "openh264enc" {
        end_quietly(&encoder);
    }
    Ok((encoder, Some(parser), name))
}

/// OpenH264 holds no frame back, yet the element asks it for one more at the end, which it answers
/// with a line on standard error. So the end goes around it.
fn end_quietly(encoder: &gst::Element) {
    let (Some(input), Some(output)) = (encoder.static_pad("sink"), encoder.static_pad("src"))
    else {
        return;
    };
    input.add_probe(gst::PadProbeType::EVENT_DOWNSTREAM, move |_, info| {
        if info.event().is_some_and(|event| event.type_() == gst::EventType::Eos)
            && let Some(gst::PadProbeData::Event(end)) = info.data.take()
        {
            output.push_event(end);
            return gst::PadProbeReturn::Handled;
        }
        gst::PadProbeReturn::Ok
    });
}

/// Lets the end of the stream pass the encoder by.
///
/// At the end `openh264enc` asks the library for pictures that it may still hold, and the library
/// prints an error to standard error, since it was given no picture. It holds none: each picture
/// leaves it at once, so that there is nothing to ask for.
pub(super) fn end_past(encoder: &gst::Element) {
    let (Some(sink), Some(source)) = (encoder.static_pad("sink"), encoder.static_pad("src")) else {
        return;
    };
    // Weak, because the probe lives as long as the encoder does.
    let source = source.downgrade();
    sink.add_probe(gst::PadProbeType::EVENT_DOWNSTREAM, move |_, info| {
        match (info.event(), source.upgrade()) {
            (Some(event), Some(source)) if event.type_() == gst::EventType::Eos => {
                source.push_event(event.clone());
                gst::PadProbeReturn::Drop
            }
            _ => gst::PadProbeReturn::Ok,
        }
    });
}
