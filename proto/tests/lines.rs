//! The line of every message, pinned; each is one JSON object.

mod samples;

use wayside_proto::json;
use wayside_proto::{
    CameraId, Content, EventTime, Gap, GapCause, Observation, ReportSource, SignalColour,
    SignalReport, SiteId,
};

#[test]
fn every_message_has_a_line() {
    let gap = Gap {
        from: EventTime(samples::TIME.0 - 2_000_000),
        to: samples::TIME,
        cause: GapCause::Overload,
        frames: 50,
    };
    let gap = Observation { content: Content::Gap(gap), ..samples::observation() };
    let report = |source| SignalReport {
        site: SiteId::from("junction"),
        group: "E".to_owned(),
        state: SignalColour::Yellow,
        time: samples::TIME,
        source,
    };
    let lines = [
        json::observation_line(&samples::observation()),
        json::observation_line(&gap),
        json::signal_report_line(&report(ReportSource::Log)),
        json::signal_report_line(&report(ReportSource::Lamp(CameraId::from("north")))),
        json::health_line(&samples::health()),
        json::passage_line(&samples::passage()),
        json::travel_time_line(&samples::travel_time()),
        json::receipt_line(&samples::receipt()),
        json::dead_letter_line(&samples::dead_letter("wayside.observations.v1")),
    ];
    for line in &lines {
        let value: serde_json::Value = serde_json::from_str(line).expect("JSON");
        assert!(value.is_object() && !line.contains('\n'), "{line}");
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn no_line_has_an_embedding() {
    let passage = samples::passage();
    let line = json::passage_line(&passage);
    assert!(!line.contains("0.6") && !line.contains("0.8"), "{line}");
    assert!(line.contains("\"embedding_dimensions\":2"), "{line}");
    let letter = json::dead_letter_line(&samples::dead_letter("wayside.passages.v1"));
    assert!(letter.contains("\"value\":null") && !letter.contains("0aff"), "{letter}");
}
