//! A topic as planned and as found, and how the two differ.

use std::collections::BTreeMap;
use std::fmt;

use crate::kafka::plan::TopicPlan;

/// A topic, as planned and as found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicState {
    /// How it is to be.
    pub plan: TopicPlan,
    /// Its name on the brokers.
    pub name: String,
    /// Replicas that it gets where it is made.
    pub replication: u16,
    /// How it is; none where it is not there.
    pub found: Option<TopicFound>,
}

/// A topic on the brokers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicFound {
    /// Partitions.
    pub partitions: u32,
    /// Replicas of its first partition.
    pub replication: u16,
    /// Values of the planned settings.
    pub settings: BTreeMap<String, String>,
    /// All settings that were made for this topic, planned or not.
    pub(super) own: BTreeMap<String, String>,
}

/// A difference between plan and brokers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TopicChange {
    /// The topic is made.
    Create,
    /// Partitions are added. Keys move to other partitions: nothing may run meanwhile.
    Partitions {
        /// As found.
        from: u32,
        /// As planned.
        to: u32,
    },
    /// It has more partitions than planned. Kafka cannot take them away.
    TooManyPartitions {
        /// As found.
        from: u32,
        /// As planned.
        to: u32,
    },
    /// It has another number of replicas than was asked for; `kafka-reassign-partitions` changes that.
    Replication {
        /// As found.
        from: u16,
        /// As asked for.
        to: u16,
    },
    /// A setting has another value.
    Setting {
        /// Its name.
        key: &'static str,
        /// As found.
        from: String,
        /// As planned.
        to: String,
    },
}

impl TopicChange {
    /// Whether [`Kafka::apply_topics`] can do it.
    #[must_use]
    pub fn is_possible(&self) -> bool {
        !matches!(self, Self::TooManyPartitions { .. } | Self::Replication { .. })
    }
}

impl fmt::Display for TopicChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Create => write!(f, "create"),
            Self::Partitions { from, to } => write!(f, "change partitions {from} -> {to}"),
            Self::TooManyPartitions { from, to } => {
                write!(f, "cannot change partitions {from} -> {to}: Kafka takes none away")
            }
            Self::Replication { from, to } => {
                write!(f, "cannot change replicas {from} -> {to}: kafka-reassign-partitions does")
            }
            Self::Setting { key, from, to } => write!(f, "change {key} {from} -> {to}"),
        }
    }
}

impl TopicState {
    /// What differs, in the order of the plan.
    #[must_use]
    pub fn changes(&self) -> Vec<TopicChange> {
        let Some(found) = &self.found else { return vec![TopicChange::Create] };
        let (from, to) = (found.partitions, self.plan.partitions);
        let mut changes = match from.cmp(&to) {
            std::cmp::Ordering::Less => vec![TopicChange::Partitions { from, to }],
            std::cmp::Ordering::Equal => Vec::new(),
            std::cmp::Ordering::Greater => vec![TopicChange::TooManyPartitions { from, to }],
        };
        if found.replication != self.replication {
            let (from, to) = (found.replication, self.replication);
            changes.push(TopicChange::Replication { from, to });
        }
        for (key, to) in &self.plan.settings {
            let from = found.settings.get(*key).cloned().unwrap_or_default();
            if from != *to {
                changes.push(TopicChange::Setting { key, from, to: to.clone() });
            }
        }
        changes
    }
}
