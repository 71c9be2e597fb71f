//! How each topic is to be: partitions, retention, compaction. One table.

use crate::limits::{PARTITIONS_MAX, VALUE_BYTES_MAX};
use crate::topic::Topic;

/// Partitions of the topics that are shared between consumers, where nobody says otherwise.
pub const PARTITIONS_DEFAULT: u32 = 12;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
/// What `retention.ms` says where nothing goes by itself.
const FOREVER: i64 = -1;

/// How a topic is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicPlan {
    /// The topic.
    pub topic: Topic,
    /// How many partitions it has at least.
    pub partitions: u32,
    /// Kafka's settings of topics that Wayside states; others are left as they are.
    pub settings: Vec<(&'static str, String)>,
}

/// What differs between topics.
struct Row {
    topic: Topic,
    /// As many partitions as the others that are shared, or one.
    shared: bool,
    cleanup: &'static str,
    retention_ms: i64,
    segment_ms: i64,
}

/// Topics with `shared` have equally many partitions, so that a site's observations, signals and outcomes
/// have the same number in all of them: whoever consumes one knows where the others are.
///
/// Retention goes by when a record was written (`message.timestamp.type=LogAppendTime`), and a segment
/// goes as a whole: what is written just after a segment began stays up to `segment_ms` longer.
const TABLE: &[Row] = &[
    row(Topic::Observations, true, "delete", DAY_MS, HOUR_MS),
    // Appearance embeddings. They expire in minutes; the sweep deletes them sooner, with receipts.
    row(Topic::Passages, true, "delete", 15 * MINUTE_MS, MINUTE_MS),
    row(Topic::Signals, true, "delete", 7 * DAY_MS, 6 * HOUR_MS),
    row(Topic::Violations, true, "delete", 90 * DAY_MS, DAY_MS),
    row(Topic::Evidence, true, "delete", 90 * DAY_MS, DAY_MS),
    row(Topic::Citations, true, "delete", FOREVER, 7 * DAY_MS),
    // Not compacted: messages of a sign and signs of life of their sources share its key.
    row(Topic::Signs, true, "delete", 7 * DAY_MS, 6 * HOUR_MS),
    // The newest state of each camera, and history for a week.
    row(Topic::Health, true, "compact,delete", 7 * DAY_MS, 6 * HOUR_MS),
    row(Topic::DeadLetter, false, "delete", 30 * DAY_MS, DAY_MS),
    row(Topic::TravelTimes, true, "delete", 7 * DAY_MS, 6 * HOUR_MS),
    // Each has the hash of the one before: one chain, one partition.
    row(Topic::Receipts, false, "delete", FOREVER, 7 * DAY_MS),
    // Judging again must find what was known the first time. Not compacted: the rules of a camera share
    // its key, and the newest would take the others away.
    row(Topic::StandDowns, true, "delete", FOREVER, 7 * DAY_MS),
];

const fn row(
    topic: Topic,
    shared: bool,
    cleanup: &'static str,
    retention_ms: i64,
    segment_ms: i64,
) -> Row {
    Row { topic, shared, cleanup, retention_ms, segment_ms }
}

/// How all topics are to be, with so many partitions for those that are shared and so many replicas.
#[must_use]
pub fn topic_plan(partitions: u32, replication: u16) -> Vec<TopicPlan> {
    let partitions = partitions.clamp(1, PARTITIONS_MAX);
    let of = |row: &Row| TopicPlan {
        topic: row.topic,
        partitions: if row.shared { partitions } else { 1 },
        settings: vec![
            ("cleanup.policy", row.cleanup.to_owned()),
            ("retention.ms", row.retention_ms.to_string()),
            ("segment.ms", row.segment_ms.to_string()),
            // A value, its key and headers, and the framing of a batch.
            ("max.message.bytes", (VALUE_BYTES_MAX + 64 * 1024).to_string()),
            // With three replicas one may be away, and what is acknowledged is on two.
            ("min.insync.replicas", if replication >= 3 { "2" } else { "1" }.to_owned()),
            ("message.timestamp.type", "LogAppendTime".to_owned()),
            ("unclean.leader.election.enable", "false".to_owned()),
        ],
    };
    TABLE.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_is_planned_once_and_in_order() {
        let planned: Vec<Topic> = topic_plan(12, 3).iter().map(|plan| plan.topic).collect();
        assert_eq!(planned, Topic::ALL);
    }

    #[test]
    fn what_belongs_to_a_site_has_equally_many_partitions() {
        for plan in topic_plan(7, 1) {
            let alone = matches!(plan.topic, Topic::DeadLetter | Topic::Receipts);
            assert_eq!(plan.partitions, if alone { 1 } else { 7 }, "{}", plan.topic);
        }
    }

    #[test]
    fn what_stays_has_no_limit() {
        for row in TABLE {
            let alone = row.cleanup == "delete" && row.retention_ms == FOREVER;
            assert_eq!(row.topic.stays(), alone, "{}", row.topic);
        }
    }

    #[test]
    fn the_table() {
        let mut text = String::new();
        for plan in topic_plan(PARTITIONS_DEFAULT, 3) {
            text += &format!("{}: {} partitions\n", plan.topic, plan.partitions);
            for (key, value) in &plan.settings[..3] {
                text += &format!("  {key}={value}\n");
            }
        }
        let rest: Vec<String> =
            topic_plan(1, 3)[0].settings[3..].iter().map(|(k, v)| format!("{k}={v}")).collect();
        text += &format!("all: {}\n", rest.join(" "));
        insta::assert_snapshot!(text);
    }
}
