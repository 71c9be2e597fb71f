//! The GStreamer elements that cut a recording into packets, and the packages they come in.

use gstreamer as gst;
use gstreamer::prelude::*;

use crate::error::CameraError;

const BASE: &str = "gstreamer1.0-plugins-base";
const BAD: &str = "gstreamer1.0-plugins-bad";
const LIBAV: &str = "gstreamer1.0-libav";

/// Name and package of those that are not among the good plugins.
const ELEMENTS: [(&str, &str); 11] = [
    ("filesrc", "libgstreamer1.0-0"),
    ("capsfilter", "libgstreamer1.0-0"),
    ("fakesink", "libgstreamer1.0-0"),
    ("videoconvert", BASE),
    ("videoscale", BASE),
    ("h264parse", BAD),
    ("h265parse", BAD),
    ("jpegparse", BAD),
    ("openh264enc", BAD),
    ("avdec_h264", LIBAV),
    ("avdec_h265", LIBAV),
];
const GOOD: &str = "gstreamer1.0-plugins-good";

pub(super) fn make(name: &str) -> Result<gst::Element, CameraError> {
    gst::ElementFactory::make(name).build().map_err(|_| CameraError::MissingElement {
        element: name.to_owned(),
        package: ELEMENTS.iter().find(|row| row.0 == name).map_or(GOOD, |row| row.1),
    })
}

/// The demultiplexer of a file that begins with these bytes; none where it is no recording.
///
/// GStreamer's own `parsebin` would find it too, but now and then loses the error of a damaged file and
/// waits for ever.
pub(super) fn demuxer(head: &[u8]) -> Option<&'static str> {
    match head {
        [0x1a, 0x45, 0xdf, 0xa3, ..] => Some("matroskademux"),
        [_, _, _, _, kind @ ..] if MP4_BOXES.iter().any(|name| kind.starts_with(name)) => {
            Some("qtdemux")
        }
        _ => None,
    }
}

/// Types of the box that an MP4 or MOV file begins with.
const MP4_BOXES: [&[u8]; 7] = [b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"];

/// The elements that make RTP packets of a stream with these caps; none where the codec is not served.
pub(super) fn payload(caps_name: &str) -> Option<Result<Vec<gst::Element>, CameraError>> {
    let (parser, format, payloader) = match caps_name {
        "video/x-h264" => ("h264parse", Some("video/x-h264"), "rtph264pay"),
        "video/x-h265" => ("h265parse", Some("video/x-h265"), "rtph265pay"),
        "image/jpeg" => ("jpegparse", None, "rtpjpegpay"),
        _ => return None,
    };
    let build = || {
        let mut elements = vec![make(parser)?];
        if let Some(format) = format {
            // One buffer is one frame, so that the payloader marks the end of each.
            let caps = gst::Caps::builder(format)
                .field("stream-format", "byte-stream")
                .field("alignment", "au")
                .build();
            let filter = make("capsfilter")?;
            filter.set_property("caps", &caps);
            elements.push(filter);
        }
        let payloader = make(payloader)?;
        payloader.set_property("mtu", MTU_BYTES);
        if format.is_some() {
            // Parameter sets before every key frame: a client may join, and lose packets, anywhere.
            payloader.set_property("config-interval", -1_i32);
        }
        elements.push(payloader);
        Ok(elements)
    };
    Some(build())
}

/// Largest RTP packet with its header; leaves room for IP, UDP and a tunnel in an Ethernet frame.
const MTU_BYTES: u32 = 1_400;

/// The elements that make H.264 of another size of a stream with these caps; none where the codec is
/// not served.
pub(super) fn scale(
    caps_name: &str,
    width_px: u32,
    height_px: u32,
) -> Option<Result<Vec<gst::Element>, CameraError>> {
    let (parser, decoder) = match caps_name {
        "video/x-h264" => ("h264parse", "avdec_h264"),
        "video/x-h265" => ("h265parse", "avdec_h265"),
        "image/jpeg" => ("jpegparse", "jpegdec"),
        _ => return None,
    };
    Some(scaler(parser, decoder, width_px, height_px))
}

fn scaler(
    parser: &str,
    decoder: &str,
    width_px: u32,
    height_px: u32,
) -> Result<Vec<gst::Element>, CameraError> {
    let filter = make("capsfilter")?;
    let caps = gst::Caps::builder("video/x-raw")
        .field("format", "I420")
        .field("width", i32::try_from(width_px).unwrap_or(i32::MAX))
        .field("height", i32::try_from(height_px).unwrap_or(i32::MAX))
        .field("pixel-aspect-ratio", gst::Fraction::new(1, 1))
        .build();
    filter.set_property("caps", &caps);
    let encoder = make("openh264enc")?;
    encoder.set_property("bitrate", 2_000_000_u32);
    encoder.set_property("gop-size", 25_u32);
    encoder.set_property_from_str("complexity", "low");
    let decode = [make(parser)?, make(decoder)?, make("videoconvert")?, make("videoscale")?];
    Ok(decode.into_iter().chain([filter, encoder]).collect())
}
