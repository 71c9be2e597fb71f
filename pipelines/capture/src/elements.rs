//! The GStreamer elements that Wayside uses, and the packages they come in.

use gstreamer as gst;

use crate::CaptureError;

/// One element, for `wayside doctor`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElementStatus {
    /// Name of the element.
    pub name: &'static str,
    /// What it is for.
    pub purpose: &'static str,
    /// Whether Wayside cannot do without it.
    pub required: bool,
    /// Whether it is installed.
    pub found: bool,
    /// The Debian and Ubuntu package.
    pub package_debian: &'static str,
}

const BASE: &str = "gstreamer1.0-plugins-base";
const GOOD: &str = "gstreamer1.0-plugins-good";
const BAD: &str = "gstreamer1.0-plugins-bad";
const LIBAV: &str = "gstreamer1.0-libav";

/// Name, purpose, required, package.
const ELEMENTS: [(&str, &str, bool, &str); 31] = [
    ("filesrc", "reading files", true, "libgstreamer1.0-0"),
    ("appsrc", "pictures into GStreamer", true, BASE),
    ("appsink", "pictures out of GStreamer", true, BASE),
    ("decodebin", "finding the decoder of a file", true, BASE),
    ("videoconvert", "pixel formats", true, BASE),
    ("qtdemux", "MP4 and MOV files", true, GOOD),
    ("matroskademux", "MKV and WebM files", false, GOOD),
    ("avidemux", "AVI files", false, GOOD),
    ("h264parse", "H.264", true, BAD),
    ("avdec_h264", "decoding H.264", true, LIBAV),
    ("h265parse", "H.265", false, BAD),
    ("avdec_h265", "decoding H.265", false, LIBAV),
    ("jpegdec", "decoding Motion JPEG and JPEG sequences", false, GOOD),
    ("pngdec", "decoding PNG sequences", false, GOOD),
    ("mp4mux", "writing MP4", true, GOOD),
    ("filesink", "writing files", true, "libgstreamer1.0-0"),
    ("openh264enc", "writing annotated video, first choice", false, BAD),
    ("vp9enc", "writing annotated video, second choice", false, GOOD),
    ("avenc_mpeg4", "writing annotated video, third choice", false, LIBAV),
    ("vp9parse", "writing VP9 into MP4", false, BAD),
    ("mpeg4videoparse", "writing MPEG-4 into MP4", false, BAD),
    ("rtspsrc", "live cameras", true, GOOD),
    ("rtpbin", "live cameras: RTP and RTCP", true, GOOD),
    ("rtpjitterbuffer", "live cameras: order and pace of packets", true, GOOD),
    ("rtph264depay", "live cameras with H.264", true, GOOD),
    ("rtph265depay", "live cameras with H.265", false, GOOD),
    ("rtpjpegdepay", "live cameras with Motion JPEG", false, GOOD),
    ("jpegparse", "live cameras with Motion JPEG", false, BAD),
    ("matroskamux", "evidence clips of Motion JPEG", false, GOOD),
    ("giostreamsink", "evidence clips in memory", true, BASE),
    ("giostreamsrc", "evidence clips in memory", true, BASE),
];

/// Every element that Wayside may use. All are reported missing when GStreamer does not start.
#[must_use]
pub fn probe_elements() -> Vec<ElementStatus> {
    let started = gst::init().is_ok();
    ELEMENTS
        .iter()
        .map(|&(name, purpose, required, package_debian)| ElementStatus {
            name,
            purpose,
            required,
            found: started && gst::ElementFactory::find(name).is_some(),
            package_debian,
        })
        .collect()
}

/// Starts GStreamer; cheap when it runs already.
pub(crate) fn start() -> Result<(), CaptureError> {
    gst::init().map_err(|e| CaptureError::Library { cause: format!("it does not start ({e})") })
}

pub(crate) fn make(name: &str) -> Result<gst::Element, CaptureError> {
    gst::ElementFactory::make(name).build().map_err(|_| {
        let known = ELEMENTS.iter().find(|row| row.0 == name);
        CaptureError::MissingElement {
            element: name.to_owned(),
            purpose: known.map_or("video", |row| row.1),
            package: known.map_or("gstreamer1.0-tools", |row| row.3),
        }
    })
}

/// Codec of a caps name: its name for people, and the element and package that decode it.
const CODECS: [(&str, &str, &str, &str); 12] = [
    ("video/x-h264", "H.264", "avdec_h264", LIBAV),
    ("video/x-h265", "H.265", "avdec_h265", LIBAV),
    ("image/jpeg", "Motion JPEG", "jpegdec", GOOD),
    ("image/png", "PNG", "pngdec", GOOD),
    ("video/x-vp8", "VP8", "vp8dec", GOOD),
    ("video/x-vp9", "VP9", "vp9dec", GOOD),
    ("video/x-av1", "AV1", "av1dec", BAD),
    ("video/mpeg", "MPEG-1, -2 or -4 Part 2", "avdec_mpeg4", LIBAV),
    ("video/x-divx", "DivX", "avdec_mpeg4", LIBAV),
    ("video/x-msmpeg", "Microsoft MPEG-4", "avdec_msmpeg4", LIBAV),
    ("video/x-wmv", "Windows Media Video", "avdec_wmv3", LIBAV),
    ("video/x-prores", "ProRes", "avdec_prores", LIBAV),
];

/// Name of the codec for people.
pub(crate) fn codec_name(caps_name: &str) -> String {
    CODECS
        .iter()
        .find(|row| row.0 == caps_name)
        .map_or_else(|| caps_name.to_owned(), |row| row.1.to_owned())
}

/// Which element decodes it, and where it comes from.
pub(crate) fn codec_hint(caps_name: &str) -> String {
    match CODECS.iter().find(|row| row.0 == caps_name) {
        Some((_, _, element, package)) => {
            format!("Install the Debian package {package} (element `{element}`).")
        }
        None => format!("Install the Debian package {LIBAV}, or convert the file to H.264."),
    }
}

/// Name of a container for people.
pub(crate) fn container_name(caps_name: &str) -> String {
    match caps_name {
        "video/quicktime" | "audio/x-m4a" => "MP4",
        "video/x-matroska" | "video/webm" => "Matroska",
        "video/x-msvideo" => "AVI",
        "video/mpegts" => "MPEG transport stream",
        "video/x-flv" => "FLV",
        other => return codec_name(other),
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_here_is_found_and_nonsense_is_not() {
        let status = probe_elements();
        for element in status.iter().filter(|e| e.required) {
            assert!(element.found, "{} ({})", element.name, element.package_debian);
        }
        let error = make("no_such_element").unwrap_err();
        insta::assert_snapshot!(error, @"the GStreamer element `no_such_element` (video) is missing. Install the Debian package gstreamer1.0-tools; `wayside doctor` lists all.");
    }
}
