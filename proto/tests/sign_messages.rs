//! Messages of signs: what is written is read back the same, what breaks the contract is refused with its
//! reason, and none has a form without an expiry (SG-1).

mod common;
#[path = "common/signs.rs"]
mod strategies;

use proptest::prelude::*;
use strategies::message;
use wayside_proto::convert::Message;
use wayside_proto::json::sign_message_line;
use wayside_proto::{
    EventTime, SignContent, SignId, SignMessage, SignMessageId, SignPictogram, SignText, SiteId,
    wire,
};

proptest! {
    #[test]
    fn messages_survive_the_wire_and_have_a_line(message in message()) {
        let bytes = message.to_bytes().expect("sound");
        prop_assert_eq!(SignMessage::from_bytes(&bytes), Ok(message.clone()));
        let line = sign_message_line(&message);
        let value: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        prop_assert!(value.is_object() && !line.contains('\n'));
    }
}

fn sound() -> SignMessage {
    let (site, sign) = (SiteId::from("junction"), SignId::from("north"));
    let not_before = EventTime(1_780_300_000_000_000);
    let id = SignMessageId::of(&site, &sign, "pedestrians", not_before);
    SignMessage {
        site,
        sign,
        source: "signs-1".to_owned(),
        time: EventTime(1_780_300_000_200_000),
        content: SignContent::Text(SignText {
            id,
            slot: "pedestrians".to_owned(),
            priority: 200,
            not_before,
            expires: not_before.plus_s(20.0),
            lines: vec!["PEDESTRIANS".to_owned(), "WAIT".to_owned()],
            multi: "[jp3][jl3]PEDESTRIANS[nl]WAIT".to_owned(),
            pictogram: Some(SignPictogram::PedestrianCrossing),
        }),
    }
}

#[test]
fn lines_are_pinned() {
    let alive = SignMessage { content: SignContent::Alive, ..sound() };
    insta::assert_snapshot!([sign_message_line(&sound()), sign_message_line(&alive)].join("\n"));
}

#[test]
fn names_of_messages_follow_from_what_they_are() {
    let (site, sign) = (SiteId::from("junction"), SignId::from("north"));
    let id = SignMessageId::of(&site, &sign, "queue", EventTime(5));
    assert_eq!(id, SignMessageId::of(&site, &sign, "queue", EventTime(5)));
    assert_ne!(id, SignMessageId::of(&site, &sign, "queue", EventTime(6)));
    assert_ne!(id, SignMessageId::of(&site, &SignId::from("nort"), "hqueue", EventTime(5)));
}

fn broken(change: impl Fn(&mut wire::SignMessage, &mut wire::SignText)) -> String {
    let mut message = wire::SignMessage::try_from(&sound()).expect("sound");
    let Some(wire::sign_message::Content::Text(mut text)) = message.content.take() else {
        panic!("a text")
    };
    change(&mut message, &mut text);
    if text.id != "absent" {
        message.content = Some(wire::sign_message::Content::Text(text));
    }
    SignMessage::try_from(message).expect_err("refused").to_string()
}

#[test]
fn messages_that_break_the_contract_are_refused() {
    let said = [
        broken(|message, _| message.sign = "../etc".to_owned()),
        broken(|message, _| message.source.clear()),
        broken(|message, _| message.time_us = i64::MAX),
        broken(|_, text| text.id = "absent".to_owned()),
        broken(|_, text| text.id = "7".to_owned()),
        broken(|_, text| text.slot = "a\u{7}".to_owned()),
        broken(|_, text| text.priority = 0),
        broken(|_, text| text.priority = 256),
        // No expiry, one that is over before it begins, and one that is too far away.
        broken(|_, text| text.expires_us = 0),
        broken(|_, text| text.expires_us = text.not_before_us),
        broken(|_, text| text.expires_us = text.not_before_us + 3_600_000_001),
        broken(|_, text| text.lines = vec!["A".to_owned(); 9]),
        broken(|_, text| text.lines = vec!["A".repeat(65)]),
        broken(|_, text| text.lines = vec![" ".to_owned()]),
        broken(|_, text| (text.lines, text.pictogram) = (Vec::new(), 0)),
        broken(|_, text| text.multi = "Ä".to_owned()),
        broken(|_, text| text.multi = "A".repeat(1_025)),
        broken(|_, text| text.pictogram = 6),
    ];
    insta::assert_snapshot!(said.join("\n"));
}
