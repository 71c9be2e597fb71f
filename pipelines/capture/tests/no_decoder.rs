//! A codec without a decoder. Alone in its process, because it takes the decoders away.

mod common;

use gst::prelude::*;
use gstreamer as gst;

#[test]
fn the_codec_and_what_to_install_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("clip.mp4");
    common::encode(&path, "openh264enc ! h264parse ! mp4mux", &common::steady(5));
    assert!(common::open(&path).is_ok());

    let kinds = gst::ElementFactoryType::DECODER;
    let caps = gst::Caps::new_empty_simple("video/x-h264");
    for factory in gst::ElementFactory::factories_with_type(kinds, gst::Rank::NONE) {
        if factory.can_sink_any_caps(&caps) {
            factory.set_rank(gst::Rank::NONE);
        }
    }
    let error = common::open(&path).err().expect("no decoder is left");
    insta::assert_snapshot!(common::message(&error, dir.path()));
}
