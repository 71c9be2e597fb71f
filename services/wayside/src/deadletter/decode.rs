//! Whether this version can read a record, and what it says.

use wayside_bus::Topic;
use wayside_proto::convert::{FrameProblem, Message};
use wayside_proto::{
    CameraHealth, Citation, DeadLetter, Evidence, Observation, Outcome, Passage, Receipt,
    RuleStandDown, SignMessage, SignalReport, TravelTime, json,
};

/// The line of the message in these bytes of a topic.
///
/// # Errors
/// Why this version cannot read it, as one sentence.
pub fn line(topic: Topic, value: &[u8]) -> Result<String, String> {
    fn read<M: Message>(value: &[u8], line: impl Fn(&M) -> String) -> Result<String, FrameProblem> {
        M::from_bytes(value).map(|message| line(&message))
    }
    let line = match topic {
        Topic::Observations => read::<Observation>(value, json::observation_line),
        Topic::Passages => read::<Passage>(value, json::passage_line),
        Topic::Signals => read::<SignalReport>(value, json::signal_report_line),
        Topic::Violations => read::<Outcome>(value, json::line),
        Topic::Health => read::<CameraHealth>(value, json::health_line),
        Topic::TravelTimes => read::<TravelTime>(value, json::travel_time_line),
        Topic::Receipts => read::<Receipt>(value, json::receipt_line),
        Topic::DeadLetter => read::<DeadLetter>(value, json::dead_letter_line),
        Topic::Evidence => read::<Evidence>(value, json::evidence_line),
        Topic::Citations => read::<Citation>(value, json::citation_line),
        Topic::StandDowns => read::<RuleStandDown>(value, json::stand_down_line),
        Topic::Signs => read::<SignMessage>(value, json::sign_message_line),
    };
    line.map_err(|problem| problem.to_string())
}

/// As [`line`], of the record of a letter.
///
/// # Errors
/// Why it cannot be read, as one sentence.
pub fn of_letter(letter: &DeadLetter) -> Result<(Topic, String), String> {
    if letter.is_perishable() {
        return Err("a passage expires within minutes, so letters do not keep its bytes".to_owned());
    }
    let topic = Topic::parse(&letter.topic)
        .ok_or_else(|| format!("this version knows no topic {}", letter.topic))?;
    let kept = letter.value.len() as u64;
    if kept < letter.value_bytes {
        return Err(format!(
            "the letter has only the first {kept} of its {} bytes",
            letter.value_bytes
        ));
    }
    if kept == 0 {
        return Err("the letter has no bytes of it".to_owned());
    }
    line(topic, &letter.value)
        .map(|line| (topic, line))
        .map_err(|why| format!("this version cannot read it either: {why}"))
}
