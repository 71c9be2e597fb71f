//! Pictures into and out of the decoder.

use std::sync::Arc;
use std::time::Instant;

use gst::prelude::*;
use gstreamer as gst;
use gstreamer_app as gst_app;

use crate::live::event::{LiveEvent, LiveFrame};
use crate::live::nal::Codec;
use crate::live::rtp::rtp_of;
use crate::live::shared::Shared;
use crate::reader::{Layout, listen_on_this_thread};

/// Writes down what goes into the decoder.
pub(in crate::live) fn watch_decoder(pad: &gst::Pad, codec: Codec, shared: &Arc<Shared>) {
    let shared = shared.clone();
    pad.add_probe(gst::PadProbeType::BUFFER, move |_, info| {
        let Some(buffer) = info.buffer() else { return gst::PadProbeReturn::Ok };
        listen_on_this_thread(&shared);
        let contents = buffer.map_readable().map(|map| codec.contents(&map)).unwrap_or_default();
        if let Some(pts) = buffer.pts().filter(|_| contents.picture) {
            if let Some(gate) = shared.stream().gate.as_mut() {
                gate.taken();
            }
            shared.ledger().entered(pts.nseconds(), contents.key);
        }
        gst::PadProbeReturn::Ok
    });
}

/// Hands decoded pictures to the caller.
pub(in crate::live) fn deliver(sink: &gst_app::AppSink, shared: &Arc<Shared>) {
    let (frames, end) = (shared.clone(), shared.clone());
    let mut layout: Option<(gst::Caps, Layout)> = None;
    let callbacks = gst_app::AppSinkCallbacks::builder()
        .new_sample(move |sink| {
            let sample = sink.pull_sample().map_err(|_| gst::FlowError::Eos)?;
            let told = frame(&sample, &mut layout, &frames)
                .is_none_or(|frame| frames.outlet.send(LiveEvent::Frame(frame)));
            if told { Ok(gst::FlowSuccess::Ok) } else { Err(gst::FlowError::Flushing) }
        })
        .eos(move |_| {
            let rest = end.ledger().finish();
            if let Some(loss) = rest {
                damage(&end, loss.frames, loss.cause.as_deref());
            }
        })
        .build();
    sink.set_callbacks(callbacks);
}

fn frame(
    sample: &gst::Sample,
    layout: &mut Option<(gst::Caps, Layout)>,
    shared: &Shared,
) -> Option<LiveFrame> {
    let decoded = Instant::now();
    let (buffer, caps) = (sample.buffer()?, sample.caps()?);
    let pts = buffer.pts()?.nseconds();
    let corrupt = buffer.flags().intersects(gst::BufferFlags::CORRUPTED | gst::BufferFlags::GAP);
    let (usable, loss) = shared.ledger().left(pts, corrupt);
    if let Some(loss) = loss {
        damage(shared, loss.frames, loss.cause.as_deref());
    }
    if !usable {
        return None;
    }
    let rtp = rtp_of(pts);
    let arrived = {
        let mut stream = shared.stream();
        stream.frames += 1;
        stream.arrival_of(rtp)
    };
    let Some(arrived) = arrived else {
        damage(shared, 1, Some("the decoder gave a picture a time of its own"));
        return None;
    };
    if layout.as_ref().is_none_or(|(known, _)| known.as_ref() != caps) {
        *layout = Layout::new(caps).map(|layout| (caps.to_owned(), layout));
    }
    let picture = match layout {
        Some((_, layout)) => layout.picture(buffer),
        None => Err(format!("pictures of this format are not supported ({caps})")),
    };
    match picture {
        Ok(picture) => Some(LiveFrame { rtp, picture, decoded, arrived }),
        Err(cause) => {
            damage(shared, 1, Some(&cause));
            None
        }
    }
}

fn damage(shared: &Shared, frames: u64, cause: Option<&str>) {
    let cause = cause.unwrap_or("the decoder gave no picture");
    let text = match frames {
        1 => format!("1 picture is left out: {cause}"),
        n => format!("{n} pictures are left out: {cause}"),
    };
    shared.outlet.send(LiveEvent::Damage { text });
}
