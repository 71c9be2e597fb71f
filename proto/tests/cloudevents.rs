//! CloudEvents: what is sent, and what is refused.

mod samples;

use serde_json::Value;
use wayside_proto::cloudevents::{self, CloudEvent};
use wayside_proto::{Verdict, VoidCause, json};

fn events() -> Vec<CloudEvent> {
    let void = Verdict::Void { cause: VoidCause::Gap, detail: "Frames are missing.".to_owned() };
    vec![
        cloudevents::outcome(&samples::outcome(Verdict::Violation)),
        cloudevents::outcome(&samples::outcome(void)),
        cloudevents::travel_time(&samples::travel_time()),
        cloudevents::receipt(&samples::receipt()),
        cloudevents::health(&samples::health()),
        cloudevents::citation(&samples::citation()),
    ]
}

#[test]
fn events_have_the_attributes_of_the_specification() {
    let text: Vec<String> = events().iter().map(CloudEvent::to_json).collect();
    for text in &text {
        let event: Value = serde_json::from_str(text).expect("JSON");
        for attribute in ["specversion", "id", "source", "type"] {
            assert!(event[attribute].as_str().is_some_and(|text| !text.is_empty()), "{text}");
        }
        assert_eq!(event["specversion"], "1.0");
        assert_eq!(event["datacontenttype"], "application/json");
        assert!(event["data"].is_object());
        // Names of attributes are lower-case letters and digits, and nothing else.
        for name in event.as_object().expect("an object").keys() {
            assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()), "{name}");
        }
    }
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn events_come_back_byte_for_byte() {
    for event in events() {
        let text = event.to_json();
        let back = CloudEvent::parse(&text).expect("an event");
        assert_eq!(back.to_json(), text);
    }
    let outcome = samples::outcome(Verdict::Violation);
    let event = CloudEvent::parse(&cloudevents::outcome(&outcome).to_json()).expect("an event");
    assert_eq!(event.data(), json::line(&outcome));
    assert!(json::parse_line(event.data(), 1).is_ok());
}

#[test]
fn a_violation_and_a_void_of_one_crossing_are_two_events() {
    let all = events();
    let mut names: Vec<_> = all.iter().map(|e| (e.source.clone(), e.id.clone())).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), all.len());
    assert_eq!(events()[0].id, all[0].id, "the same message is the same event");
}

#[test]
fn what_breaks_the_specification_is_refused() {
    let good: Value = serde_json::from_str(&events()[0].to_json()).expect("JSON");
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut event = good.clone();
        change(&mut event);
        CloudEvent::parse(&event.to_string()).expect_err("refused").to_string()
    };
    let without = |attribute: &'static str| {
        refused(&move |event: &mut Value| {
            event.as_object_mut().expect("an object").remove(attribute);
        })
    };
    let with = |attribute: &'static str, value: &'static str| {
        refused(&move |event: &mut Value| event[attribute] = value.into())
    };
    let messages = [
        without("specversion"),
        without("id"),
        without("source"),
        without("type"),
        without("data"),
        with("specversion", "0.3"),
        with("id", ""),
        with("source", ""),
        with("source", "/sites/a b"),
        with("source", "/sites/%4"),
        with("type", "a\nb"),
        with("subject", ""),
        with("time", "yesterday"),
        with("datacontenttype", "application/xml"),
        with("dataschema", "RuleOutcome"),
        refused(&|event: &mut Value| event["id"] = 7.into()),
        CloudEvent::parse("[]").expect_err("refused").to_string(),
        CloudEvent::parse(&" ".repeat(2 << 20)).expect_err("refused").to_string(),
    ];
    insta::assert_snapshot!(messages.join("\n"));
    // Attributes of others are no reason to refuse.
    let mut more = good.clone();
    more["traceparent"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".into();
    assert!(CloudEvent::parse(&more.to_string()).is_ok());
}
