//! The GStreamer elements that cut a recording into packets, and the packages they come in.

use gstreamer as gst;
use gstreamer::prelude::*;

use crate::error::CameraError;

const BASE: &str = "gstreamer1.0-plugins-base";
const GOOD: &str = "gstreamer1.0-plugins-good";
const BAD: &str = "gstreamer1.0-plugins-bad";

/// Name and package.
const ELEMENTS: [(&str, &str); 11] = [
    ("filesrc", "libgstreamer1.0-0"),
    ("parsebin", BASE),
    ("decodebin", BASE),
    ("videoconvert", BASE),
    ("videoscale", BASE),
    ("h264parse", BAD),
    ("h265parse", BAD),
    ("jpegparse", BAD),
    ("openh264enc", BAD),
    ("qtdemux", GOOD),
    ("rtph264pay", GOOD),
];

pub(super) fn make(name: &str) -> Result<gst::Element, CameraError> {
    gst::ElementFactory::make(name).build().map_err(|_| CameraError::MissingElement {
        element: name.to_owned(),
        package: ELEMENTS.iter().find(|row| row.0 == name).map_or(GOOD, |row| row.1),
    })
}

/// The element and its successors that make RTP packets of a stream with these caps; none where the
/// codec is not served.
pub(super) fn tail(caps_name: &str) -> Option<Result<Vec<gst::Element>, CameraError>> {
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

/// Decoded pictures to H.264 of another size.
pub(super) fn scaler(width_px: u32, height_px: u32) -> Result<Vec<gst::Element>, CameraError> {
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
    Ok(vec![make("videoconvert")?, make("videoscale")?, filter, encoder])
}
