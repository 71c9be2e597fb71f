//! Compares the topics on the brokers with the plan, and makes them as planned.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rdkafka::admin::{
    AdminClient, AdminOptions, AlterConfig, ConfigSource, NewPartitions, NewTopic,
    ResourceSpecifier, TopicReplication,
};
use rdkafka::client::DefaultClientContext;
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};

use crate::error::BusError;
use crate::kafka::Kafka;
use crate::kafka::block::block_on;
use crate::kafka::difference::{TopicChange, TopicFound, TopicState};
use crate::kafka::plan::{TopicPlan, topic_plan};
use crate::kafka::shared::Shared;

/// How long the brokers take until a topic that was made is seen everywhere.
const SETTLE: Duration = Duration::from_secs(10);

impl Kafka {
    /// Compares the topics with the plan: so many partitions for those that are shared, and so many replicas
    /// (none: as many as there are brokers, at most three).
    ///
    /// # Errors
    /// Where the brokers cannot be asked.
    pub fn topics(
        &self,
        partitions: u32,
        replication: Option<u16>,
    ) -> Result<Vec<TopicState>, BusError> {
        let shared = self.shared();
        let timeout = shared.options.request_timeout;
        let (brokers, there) = shared.ask("asking for the topics", timeout, |asking, slice| {
            use rdkafka::consumer::Consumer as _;
            let metadata = asking.fetch_metadata(None, slice)?;
            let topics = metadata.topics().iter().filter(|topic| topic.error().is_none());
            let of = |topic: &rdkafka::metadata::MetadataTopic| {
                let replicas = topic.partitions().first().map_or(0, |p| p.replicas().len());
                (topic.name().to_owned(), (topic.partitions().len(), replicas))
            };
            Ok((metadata.brokers().len(), topics.map(of).collect::<BTreeMap<_, _>>()))
        })?;
        let replication =
            replication.unwrap_or_else(|| u16::try_from(brokers.clamp(1, 3)).unwrap_or(1));
        let admin = admin(shared)?;
        let mut states = Vec::new();
        for plan in topic_plan(partitions, replication) {
            let name = shared.name(plan.topic);
            let found = match there.get(&name) {
                Some((partitions, replicas)) => {
                    let (settings, own) = settings(shared, &admin, &name, &plan)?;
                    let partitions = u32::try_from(*partitions).unwrap_or(u32::MAX);
                    let replication = u16::try_from(*replicas).unwrap_or(u16::MAX);
                    Some(TopicFound { partitions, replication, settings, own })
                }
                None => None,
            };
            states.push(TopicState { plan, name, replication, found });
        }
        Ok(states)
    }

    /// Partitions of the topics that are shared, where they are there: the most that one of them has.
    ///
    /// # Errors
    /// Where the brokers cannot be asked.
    pub fn shared_partitions(&self) -> Result<Option<u32>, BusError> {
        let states = self.topics(crate::limits::PARTITIONS_MAX, None)?;
        let shared = states.iter().filter(|state| state.plan.partitions > 1);
        Ok(shared.filter_map(|state| Some(state.found.as_ref()?.partitions)).max())
    }

    /// Makes the topics as planned, as far as that is possible. What was done before an error stays done; once
    /// more does the rest.
    ///
    /// # Errors
    /// With the topic that the brokers refused.
    pub fn apply_topics(&self, states: &[TopicState]) -> Result<(), BusError> {
        let shared = self.shared();
        let admin = admin(shared)?;
        let timeout = shared.options.request_timeout;
        let options =
            AdminOptions::new().request_timeout(Some(timeout)).operation_timeout(Some(timeout));
        for state in states {
            let changes = state.changes();
            if changes.contains(&TopicChange::Create) {
                create(shared, &admin, &options, state)?;
                continue;
            }
            for change in &changes {
                if let TopicChange::Partitions { to, .. } = change {
                    let doing = format!("adding partitions to {}", state.name);
                    let new = NewPartitions::new(&state.name, *to as usize);
                    let done = block_on(admin.create_partitions([&new], &options));
                    each(shared, &doing, done.map(|all| all.into_iter().map(drop_name)))?;
                }
            }
            if changes.iter().any(|change| matches!(change, TopicChange::Setting { .. })) {
                alter(shared, &admin, &options, state)?;
            }
        }
        self.settle(states)
    }

    /// Waits until brokers tell of every topic.
    fn settle(&self, states: &[TopicState]) -> Result<(), BusError> {
        use rdkafka::consumer::Consumer as _;
        let shared = self.shared();
        let begin = Instant::now();
        for state in states {
            loop {
                let doing = format!("waiting for {}", state.name);
                let there =
                    shared.ask(&doing, shared.options.request_timeout, |asking, slice| {
                        let metadata = asking.fetch_metadata(Some(&state.name), slice)?;
                        let mut partitions =
                            metadata.topics().iter().flat_map(|topic| topic.partitions());
                        Ok(partitions.clone().count() >= state.plan.partitions as usize
                            && partitions.all(|partition| partition.leader() >= 0))
                    })?;
                if there || begin.elapsed() > SETTLE {
                    break;
                }
                std::thread::sleep(Duration::from_millis(50));
            }
        }
        Ok(())
    }
}

type Admin = AdminClient<DefaultClientContext>;

fn admin(shared: &Shared) -> Result<Admin, BusError> {
    let made = shared.options.asking().create();
    made.map_err(|error| shared.error("making a client", &error, Duration::ZERO))
}

type Settings = BTreeMap<String, String>;

/// Values of the planned settings, and all that were made for the topic.
fn settings(
    shared: &Shared,
    admin: &Admin,
    name: &str,
    plan: &TopicPlan,
) -> Result<(Settings, Settings), BusError> {
    let doing = format!("asking for the settings of {name}");
    let failed = |error: KafkaError| shared.error(&doing, &error, Duration::ZERO);
    let options = AdminOptions::new().request_timeout(Some(shared.options.request_timeout));
    let answer = block_on(admin.describe_configs([&ResourceSpecifier::Topic(name)], &options));
    let mut resources = answer.map_err(failed)?;
    let resource = match resources.pop() {
        Some(Ok(resource)) => resource,
        Some(Err(code)) => return Err(failed(KafkaError::Global(code))),
        None => return Err(failed(KafkaError::Canceled)),
    };
    let (mut planned, mut own) = (BTreeMap::new(), BTreeMap::new());
    for entry in resource.entries {
        let value = entry.value.unwrap_or_default();
        if plan.settings.iter().any(|(key, _)| *key == entry.name) {
            planned.insert(entry.name.clone(), value.clone());
        }
        if entry.source == ConfigSource::DynamicTopic {
            own.insert(entry.name, value);
        }
    }
    Ok((planned, own))
}

fn create(
    shared: &Shared,
    admin: &Admin,
    options: &AdminOptions,
    state: &TopicState,
) -> Result<(), BusError> {
    let doing = format!("making {}", state.name);
    let partitions = i32::try_from(state.plan.partitions).unwrap_or(i32::MAX);
    let replicas = TopicReplication::Fixed(i32::from(state.replication));
    let mut new = NewTopic::new(&state.name, partitions, replicas);
    for (key, value) in &state.plan.settings {
        new = new.set(key, value);
    }
    let done = block_on(admin.create_topics([&new], options));
    // Another process may have made it meanwhile.
    let done = done.map(|all| {
        all.into_iter().map(drop_name).filter(|one| *one != Err(Code::TopicAlreadyExists))
    });
    each(shared, &doing, done)
}

/// Kafka replaces all settings of a topic; those that are nobody's plan are sent along.
fn alter(
    shared: &Shared,
    admin: &Admin,
    options: &AdminOptions,
    state: &TopicState,
) -> Result<(), BusError> {
    let doing = format!("changing the settings of {}", state.name);
    let mut alter = AlterConfig::new(ResourceSpecifier::Topic(&state.name));
    for (key, value) in state.found.iter().flat_map(|found| &found.own) {
        alter = alter.set(key, value);
    }
    for (key, value) in &state.plan.settings {
        alter = alter.set(key, value);
    }
    let done = block_on(admin.alter_configs([&alter], options));
    let done = done.map(|all| all.into_iter().map(|one| one.map(drop).map_err(|(_, code)| code)));
    each(shared, &doing, done)
}

fn drop_name(one: Result<String, (String, Code)>) -> Result<(), Code> {
    one.map(drop).map_err(|(_, code)| code)
}

fn each(
    shared: &Shared,
    doing: &str,
    done: Result<impl Iterator<Item = Result<(), Code>>, KafkaError>,
) -> Result<(), BusError> {
    let failed = |error: KafkaError| shared.error(doing, &error, shared.options.request_timeout);
    for one in done.map_err(failed)? {
        one.map_err(|code| failed(KafkaError::Global(code)))?;
    }
    Ok(())
}
