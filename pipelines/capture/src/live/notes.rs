//! What the pipeline says on its bus, and what it means for the session.

use crossbeam_channel::Sender;
use gst::prelude::*;
use gstreamer as gst;

use super::event::{Ended, EndedWhy};
use super::source::LiveSource;
use super::words::Scrubber;

/// Notes that wait at most; warnings beyond that are forgotten.
pub(super) const NOTES_MAX: usize = 64;

/// Something the session's own thread must hear of.
#[derive(Clone, Debug)]
pub(super) enum Note {
    /// The stream is linked.
    Linked,
    /// An element failed.
    Failure(Failure),
    /// An element warns.
    Warning(String),
    /// The stream ended.
    End,
    /// Something here ends the session.
    Stop(EndedWhy, String),
    /// The caller's channel is closed.
    NobodyListens,
}

/// An error message of GStreamer.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    error: gst::glib::Error,
    debug: String,
    /// Whether it comes from the source, not from parser or decoder.
    from_source: bool,
    /// Name of the element's factory.
    pub(super) element: String,
}

/// Forwards messages from now on, and keeps none on the bus.
pub(super) fn listen(bus: &gst::Bus, source: &gst::Element, notes: Sender<Note>) {
    let source = source.downgrade();
    bus.set_sync_handler(move |_, message| {
        let note = match message.view() {
            gst::MessageView::Error(e) => {
                let origin = message.src();
                let from_source = source.upgrade().zip(origin).is_some_and(|(source, origin)| {
                    origin == source.upcast_ref::<gst::Object>() || origin.has_as_ancestor(&source)
                });
                let factory = origin.and_then(|o| o.downcast_ref::<gst::Element>()?.factory());
                Some(Note::Failure(Failure {
                    error: e.error(),
                    debug: e.debug().map(|text| text.to_string()).unwrap_or_default(),
                    from_source,
                    element: factory.map(|f| f.name().to_string()).unwrap_or_default(),
                }))
            }
            // They leave room for what ends the session.
            gst::MessageView::Warning(w) if notes.len() < NOTES_MAX / 2 => {
                Some(Note::Warning(w.error().message().to_owned()))
            }
            gst::MessageView::Eos(_) => Some(Note::End),
            _ => None,
        };
        if let Some(note) = note {
            // The first of many says most.
            let _ = notes.try_send(note);
        }
        gst::BusSyncReply::Drop
    });
}

/// What a failure means. `linked`: pictures had come before.
pub(super) fn ended(
    failure: &Failure,
    linked: bool,
    source: &LiveSource,
    scrubber: &Scrubber,
) -> Ended {
    use gst::ResourceError as R;
    let is = |kind: R| failure.error.matches(kind);
    let debug = failure.debug.to_lowercase();
    let said = scrubber.clean(&reason(failure));
    let told = |why, cause: &str, hint: &str| say(why, source, cause, hint);
    if !failure.from_source {
        let cause = format!("{} cannot go on ({said})", failure.element);
        return told(EndedWhy::Undecodable, &cause, "Look at the stream with another program.");
    }
    if is(R::NotAuthorized) || debug.contains("unauthorized (401)") {
        return if source.credentials.is_some() {
            told(EndedWhy::Unauthorized, "it refuses user or password", "Check both.")
        } else {
            told(EndedWhy::Unauthorized, "it wants user and password", "Configure credentials.")
        };
    }
    if debug.contains("(403)") {
        return told(EndedWhy::Unauthorized, "it forbids access (403)", "Check the user's rights.");
    }
    if is(R::NotFound) && !debug.contains("resolv") || debug.contains("(404)") {
        let hint = "Check the path of the URL in the camera's manual or menu.";
        return told(EndedWhy::NotFound, "it has no such stream (404)", hint);
    }
    if debug.contains("tls") || debug.contains("certificate") {
        return told(
            EndedWhy::Refused,
            &format!("no encrypted connection ({said})"),
            "Give the certificate of the camera or of its authority, and check that the URL has the name in it.",
        );
    }
    if linked {
        return told(EndedWhy::Closed, "the connection broke off", "");
    }
    if let Some(status) = status(&debug) {
        let cause = format!("it refuses with RTSP status {status} ({said})");
        return told(EndedWhy::Refused, &cause, "Check transport and number of viewers.");
    }
    if is(R::OpenReadWrite) || is(R::OpenRead) || is(R::Read) || is(R::Write) || is(R::NotFound) {
        return told(
            EndedWhy::Unreachable,
            "nobody answers",
            "Check address, port, network and power.",
        );
    }
    told(EndedWhy::Failed, &said, "`wayside doctor` checks the installation.")
}

/// Camera, cause, hint.
pub(super) fn say(why: EndedWhy, source: &LiveSource, cause: &str, hint: &str) -> Ended {
    let text = format!("{}: {cause}. {hint}", source.shown());
    Ended { why, text: text.trim_end().to_owned() }
}

/// The status of an RTSP answer of class 4 or 5 in the details of an error: `Not Allowed (405)`.
fn status(debug: &str) -> Option<u16> {
    debug.split('(').skip(1).find_map(|part| {
        let digits = part.split(')').next()?;
        (digits.len() == 3).then(|| digits.parse::<u16>().ok())?.filter(|n| (400..600).contains(n))
    })
}

/// The most telling line of an error.
fn reason(failure: &Failure) -> String {
    let message = failure.error.message().trim().to_owned();
    // The details begin with a place in GStreamer's source.
    let details = failure.debug.lines().skip(1).map(str::trim).find(|line| !line.is_empty());
    match details {
        Some(details) => details.trim_end_matches('.').to_owned(),
        None => message,
    }
}
