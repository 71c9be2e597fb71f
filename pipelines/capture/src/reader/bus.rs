//! What the pipeline says on its bus.

use gstreamer as gst;

use super::shared::Seen;
use crate::elements::{codec_hint, codec_name};
use crate::source::Source;
use crate::{CaptureError, Rotation};

/// What was heard so far.
#[derive(Debug, Default)]
pub(super) struct Heard {
    pub(super) failure: Option<Failure>,
    /// Caps name of a video stream without a decoder.
    missing: Option<String>,
    pub(super) rotation: Rotation,
    /// The last warning, in case nothing better explains a loss.
    pub(super) warning: Option<String>,
}

/// An error of the pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    no_video: bool,
    pub(super) text: String,
}

impl Heard {
    /// Takes all waiting messages.
    pub(super) fn listen(&mut self, bus: &gst::Bus) {
        while let Some(message) = bus.pop() {
            match message.view() {
                gst::MessageView::Error(e) if self.failure.is_none() => {
                    self.failure = Some(Failure::new(&e.error(), e.debug().as_deref()));
                }
                gst::MessageView::Warning(w) => {
                    self.warning = Some(plain(&w.error(), w.debug().as_deref()));
                }
                gst::MessageView::Tag(tag) => {
                    if let Some(turn) = tag.tags().get::<gst::tags::ImageOrientation>() {
                        self.rotation = Rotation::from_tag(turn.get());
                    }
                }
                gst::MessageView::Element(_) => {
                    if let Some(missing) = message.structure().and_then(missing_video) {
                        self.missing = Some(missing);
                    }
                }
                _ => {}
            }
        }
    }

    /// Why there is no first frame, once that is certain.
    pub(super) fn refusal(&self, source: &Source, seen: &Seen) -> Option<CaptureError> {
        let path = source.path().to_owned();
        let ended = self.failure.is_some() || seen.complete && !seen.video;
        if let Some(cause) = &seen.failure {
            return Some(CaptureError::Library { cause: cause.clone() });
        }
        if !ended {
            return None;
        }
        if let Some(missing) = &self.missing {
            let (codec, hint) = (codec_name(missing), codec_hint(missing));
            return Some(CaptureError::NoDecoder { path, codec, hint });
        }
        if !seen.video && seen.others.iter().any(|name| name.starts_with("audio/")) {
            return Some(CaptureError::AudioOnly { path, streams: seen.others.join(", ") });
        }
        Some(match &self.failure {
            Some(failure) if failure.no_video => {
                CaptureError::NotVideo { path, cause: failure.text.clone() }
            }
            Some(failure) => CaptureError::Unreadable {
                path,
                cause: format!("no frame could be read: {}", failure.text),
                hint: "Play the file with another program; if it plays, convert it to H.264 in MP4"
                    .to_owned(),
            },
            None => CaptureError::NotVideo { path, cause: "it has no video stream".to_owned() },
        })
    }
}

impl Failure {
    fn new(error: &gst::glib::Error, debug: Option<&str>) -> Self {
        let no_video = error.matches(gst::StreamError::TypeNotFound)
            || error.matches(gst::StreamError::WrongType);
        Self { no_video, text: plain(error, debug) }
    }
}

/// The message without the places in GStreamer's source that follow it.
fn plain(error: &gst::glib::Error, debug: Option<&str>) -> String {
    let message = error.message().trim().trim_end_matches('.').to_owned();
    // This message alone says nothing; the reason is in the last line of the rest.
    if message.starts_with("Internal data stream error")
        && let Some(reason) = debug.and_then(|d| d.lines().last())
    {
        return reason.trim().to_owned();
    }
    message
}

/// Caps name of the stream in a "missing-plugin" message, when it has pictures.
fn missing_video(structure: &gst::StructureRef) -> Option<String> {
    if structure.name() != "missing-plugin" {
        return None;
    }
    let caps = structure.get::<gst::Caps>("detail").ok()?;
    let name = caps.structure(0)?.name().to_string();
    (name.starts_with("video/") || name.starts_with("image/")).then_some(name)
}
