//! What libav's decoders complain about while they decode.
//!
//! GStreamer's elements pass a picture on although libav made parts of it up, and set no flag. The
//! only sign is a line in GStreamer's log of the category `libav`. A decoder with one thread writes
//! it on the thread that brought the frame, so the thread knows whose frame it is.

use std::cell::RefCell;
use std::sync::{Arc, Once, Weak};

use gst::prelude::*;
use gstreamer as gst;

/// Who wants to know what a decoder complains about.
pub(crate) trait Listener: Send + Sync {
    /// About the frame that last went in.
    fn complained(&self, text: &str);
}

thread_local! {
    static LISTENER: RefCell<Option<Weak<dyn Listener>>> = const { RefCell::new(None) };
}

/// Errors of libav that leave the picture whole, or are about the stream's bookkeeping.
const HARMLESS: [&str; 4] = [
    "mmco: unref short failure",
    "number of reference frames",
    "co located POCs unavailable",
    "Increasing reorder buffer",
];

/// Hears libav from now on, once in a process. Standard error stays as quiet as it was.
pub(crate) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // The category exists only once its plugin is loaded.
        let loaded = gst::ElementFactory::find("avdec_h264").and_then(|f| f.load().ok());
        let Some(category) = loaded.and_then(|_| gst::DebugCategory::get("libav")) else { return };
        if category.threshold() < gst::DebugLevel::Error {
            // Nobody asked for a log: ours must not bring GStreamer's own to standard error.
            if std::env::var_os("GST_DEBUG").is_none() {
                gst::log::remove_default_log_function();
            }
            category.set_threshold(gst::DebugLevel::Error);
        }
        gst::log::set_active(true);
        gst::log::add_log_function(|category, level, _, _, _, _, message| {
            if level == gst::DebugLevel::Error && category.name() == "libav" {
                let text = message.get().map(|text| text.trim().to_owned()).unwrap_or_default();
                heard(&text);
            }
        });
    });
}

/// Complaints on this thread are about the frame that last went into this listener's decoder.
pub(crate) fn listen_on_this_thread<L: Listener + 'static>(listener: &Arc<L>) {
    LISTENER.with_borrow_mut(|current| {
        let same =
            current.as_ref().is_some_and(|c| c.as_ptr().cast::<L>() == Arc::as_ptr(listener));
        if !same {
            let weak: Weak<L> = Arc::downgrade(listener);
            *current = Some(weak);
        }
    });
}

fn heard(text: &str) {
    if HARMLESS.iter().any(|harmless| text.contains(harmless)) {
        return;
    }
    // A thread that is ending has no listener any more.
    let listener = LISTENER.try_with(|current| current.borrow().as_ref()?.upgrade()).ok().flatten();
    if let Some(listener) = listener {
        listener.complained(text.trim_end_matches('.'));
    }
}
