//! Which element decodes.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use gst::prelude::*;
use gstreamer as gst;

use super::nal::Codec;
use crate::CaptureError;
use crate::elements::make;

/// Hardware decoders that started and then failed. The next session takes another.
static FAILED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// A decoder that runs.
pub(super) struct Decoder {
    pub(super) element: gst::Element,
    pub(super) name: String,
    pub(super) hardware: bool,
}

/// Remembers that a hardware decoder gave no picture.
pub(super) fn distrust(name: &str) {
    FAILED.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned());
}

/// The first hardware decoder that starts, where asked for, else the software decoder.
pub(super) fn choose(
    codec: Codec,
    hardware: bool,
    threads: usize,
) -> Result<Decoder, CaptureError> {
    if hardware {
        let distrusted = FAILED.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let names = hardware_decoders(codec);
        let found =
            names.iter().filter(|name| !distrusted.contains(*name)).find_map(|name| try_out(name));
        if let Some(element) = found {
            let name = factory_name(&element);
            return Ok(Decoder { element, name, hardware: true });
        }
    }
    let element = make(match codec {
        Codec::H264 => "avdec_h264",
        Codec::H265 => "avdec_h265",
        Codec::Jpeg => "jpegdec",
    })?;
    let settings = [
        ("max-threads", threads.clamp(1, 64).to_string()),
        ("output-corrupt", "false".to_owned()),
        ("max-errors", "-1".to_owned()),
        ("qos", "false".to_owned()),
    ];
    for (property, value) in settings {
        if element.has_property(property) {
            element.set_property_from_str(property, &value);
        }
    }
    let name = factory_name(&element);
    Ok(Decoder { element, name, hardware: false })
}

/// Names of the decoders that say they are hardware, best rank first.
fn hardware_decoders(codec: Codec) -> Vec<String> {
    let caps = gst::Caps::new_empty_simple(codec.caps_name());
    let kinds = gst::ElementFactoryType::DECODER;
    let mut factories: Vec<_> = gst::ElementFactory::factories_with_type(kinds, gst::Rank::NONE)
        .into_iter()
        .filter(|factory| {
            factory.metadata("klass").is_some_and(|class| class.contains("Hardware"))
                && factory.can_sink_any_caps(&caps)
        })
        .collect();
    factories.sort_by_key(|factory| (std::cmp::Reverse(factory.rank()), factory.name()));
    factories.iter().map(|factory| factory.name().to_string()).collect()
}

/// The element, when its device opens.
fn try_out(name: &str) -> Option<gst::Element> {
    let element = gst::ElementFactory::make(name).build().ok()?;
    let ready = element.set_state(gst::State::Ready);
    let _ = element.set_state(gst::State::Null);
    ready.is_ok().then_some(element)
}

fn factory_name(element: &gst::Element) -> String {
    element.factory().map(|factory| factory.name().to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_hardware_the_software_decoder_is_taken() {
        crate::elements::start().unwrap();
        let soft = choose(Codec::H264, false, 3).unwrap();
        assert_eq!((soft.name.as_str(), soft.hardware), ("avdec_h264", false));
        assert_eq!(soft.element.property::<i32>("max-threads"), 3);
        assert!(!soft.element.property::<bool>("output-corrupt"));
        // One that does not exist does not start; one that is distrusted is not asked.
        assert!(try_out("no_such_decoder").is_none());
        for name in hardware_decoders(Codec::H264) {
            distrust(&name);
        }
        assert_eq!(choose(Codec::H264, true, 1).unwrap().name, "avdec_h264");
        assert_eq!(choose(Codec::Jpeg, true, 1).unwrap().name, "jpegdec");
    }
}
