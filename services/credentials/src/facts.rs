//! What is said about a still or a clip.

use wayside_proto::EventTime;

/// What the credentials of one file say. All texts come from the package, none from a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The violation's id.
    pub violation: String,
    /// The part's name in the package, such as `stills/at_line.jpg`. Files of a violation differ in it.
    pub part: String,
    /// One line for people, such as `Red light, still 2 of 3`.
    pub title: String,
    /// The junction.
    pub site: String,
    /// The camera.
    pub camera: String,
    /// Name of the rule.
    pub rule: String,
    /// When the camera saw it: the still's instant, or the first frame's of the clip.
    pub captured_at: EventTime,
    /// Where the pictures come from.
    pub origin: Origin,
}

/// Where pictures come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A camera on a street.
    Camera,
    /// A rendering: a test, a demonstration.
    Simulation,
}

impl Origin {
    /// The term of the IPTC's vocabulary of digital source types.
    #[must_use]
    pub fn digital_source_type(self) -> &'static str {
        match self {
            Self::Camera => "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
            Self::Simulation => "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia",
        }
    }
}

/// What kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaKind {
    /// A still, JPEG.
    Still,
    /// A clip, MP4.
    Clip,
}

impl MediaKind {
    /// The media type.
    #[must_use]
    pub fn mime(self) -> &'static str {
        match self {
            Self::Still => "image/jpeg",
            Self::Clip => "video/mp4",
        }
    }
}
