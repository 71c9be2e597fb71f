//! Any message of a sign that keeps the contract.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use wayside_proto::{
    EventTime, SignContent, SignId, SignMessage, SignMessageId, SignPictogram, SignText, SiteId,
};

use super::common::{id, name, time};

/// Any sound one.
pub fn message() -> impl Strategy<Value = SignMessage> {
    let content =
        prop_oneof![4 => text().prop_map(SignContent::Text), 1 => Just(SignContent::Alive)];
    (id(), id(), name(), time(), content).prop_map(|(site, sign, source, time, content)| {
        SignMessage { site: SiteId(site), sign: SignId(sign), source, time, content }
    })
}

fn text() -> impl Strategy<Value = SignText> {
    let span = (time(), 1..=3_600_000_000_i64);
    let texts = (vec("[A-ZÄÖÜ0-9]{1,9}( [A-Z]{1,6})?", 1..4), "[ -~]{0,60}");
    let pictogram = option::of(proptest::sample::select(SignPictogram::ALL.to_vec()));
    ("[0-9a-f]{32}", "[a-z_/]{1,20}", 1..=255_u8, span, texts, pictogram).prop_map(
        |(id, slot, priority, (not_before, life_us), (lines, multi), pictogram)| SignText {
            id: SignMessageId(id),
            slot,
            priority,
            not_before,
            expires: EventTime(not_before.0 + life_us),
            lines,
            multi,
            pictogram,
        },
    )
}
