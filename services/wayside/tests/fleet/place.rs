//! Where the bus of a test is, and the program over it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use wayside_broker::Broker;
use wayside_bus::{Bus, Kafka, KafkaOptions, Log, LogOptions};

use crate::common;
use crate::worker::Worker;

/// How long judging may take, on a busy machine and without optimisation.
const PATIENCE: Duration = Duration::from_secs(1_200);

/// A bus.
#[derive(Clone, Debug)]
pub enum Place {
    /// The embedded log in this folder.
    Embedded(PathBuf),
    /// Kafka, with this before the names of topics, and these further settings of consumers.
    Kafka { brokers: String, prefix: String, settings: Option<PathBuf> },
}

impl Place {
    /// A broker's topics of this prefix, made with so many partitions.
    pub fn on(broker: &Broker, prefix: &str, partitions: u32) -> Self {
        let (brokers, prefix) = (broker.bootstrap().to_owned(), prefix.to_owned());
        let place = Self::Kafka { brokers, prefix, settings: None };
        let mut apply = place.command("topics apply");
        apply.args(["--yes", "--partitions", &partitions.to_string()]);
        common::run(apply).succeeded();
        place
    }

    /// The same with settings of librdkafka, one a line.
    pub fn with(self, dir: &Path, lines: &str) -> Self {
        let Self::Kafka { brokers, prefix, .. } = self else { panic!("{self:?} has no settings") };
        let path = dir.join("kafka.properties");
        std::fs::write(&path, lines).unwrap();
        Self::Kafka { brokers, prefix, settings: Some(path) }
    }

    /// `wayside COMMAND` over this bus.
    pub fn command(&self, words: &str) -> Command {
        let mut command = common::command(words.split(' '));
        for name in ["", "_CONFIG", "_PREFIX", "_PASSWORD", "_PASSWORD_FILE"] {
            command.env_remove(format!("WAYSIDE_KAFKA{name}"));
        }
        command.env_remove("WAYSIDE_INSTANCE");
        match self {
            Self::Embedded(dir) => command.arg("--data").arg(dir),
            Self::Kafka { brokers, prefix, settings } => {
                command.args(["--kafka", brokers, "--kafka-prefix", prefix]);
                let settings =
                    settings.iter().flat_map(|path| ["--kafka-config".into(), path.clone()]);
                command.args(settings)
            }
        };
        command
    }

    /// The bus itself.
    pub fn open(&self) -> Arc<dyn Bus> {
        match self {
            Self::Embedded(dir) => Arc::new(Log::open(dir, LogOptions::default()).unwrap()),
            Self::Kafka { brokers, prefix, .. } => {
                let options = KafkaOptions { prefix: prefix.clone(), ..KafkaOptions::new(brokers) };
                Arc::new(Kafka::connect(options).unwrap())
            }
        }
    }

    /// The site files of a folder, in order.
    pub fn site_files(sites: &Path) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(sites).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
        files.sort();
        files
    }

    /// A `wayside enforce` of these site files under way. What it says is kept in `dir`.
    pub fn enforce(&self, sites: &Path, instance: &str, dir: &Path) -> Worker {
        let mut command = self.command("enforce");
        command.args(Self::site_files(sites)).args([
            "--instance",
            instance,
            "--http",
            "127.0.0.1:0",
        ]);
        command.env("WAYSIDE_LOG", "info").env_remove("WAYSIDE_QDRANT_URL");
        let dir = dir.join("said");
        std::fs::create_dir_all(&dir).unwrap();
        // Vectors are in the folder where it runs.
        command.current_dir(&dir);
        Worker::spawn(command, &dir)
    }

    /// Lets one enforcer judge all that is there, undisturbed.
    #[track_caller]
    pub fn judge(&self, sites: &Path, dir: &Path) {
        let partitions = self.open().partitions(wayside_bus::Topic::Observations).unwrap();
        let worker = self.enforce(sites, "calm", dir);
        until_judged(&[&worker], partitions);
        let ended = worker.stop();
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    }
}

/// How a fleet stands: partitions that somebody judges, and records of these that wait.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Standing {
    pub partitions: f64,
    pub lag: f64,
    /// Observations judged by the processes that are there now.
    pub judged: f64,
}

impl Standing {
    pub fn of(workers: &[&Worker]) -> Self {
        let sum = |name: &str| workers.iter().map(|worker| worker.metric(name, &[])).sum();
        Self {
            partitions: sum("wayside_consumer_partitions"),
            lag: sum("wayside_consumer_lag_records"),
            judged: sum("wayside_observations_judged_total"),
        }
    }
}

/// Waits until nothing is left to be judged: every partition is somebody's, nothing waits, and nothing
/// more comes for three seconds, while the processes tell of themselves every second.
#[track_caller]
pub fn until_judged(workers: &[&Worker], partitions: u32) {
    let mut since: Option<(Standing, std::time::Instant)> = None;
    let done = crate::comes(PATIENCE, || {
        let now = Standing::of(workers);
        if now.partitions != f64::from(partitions) || now.lag > 0.0 || now.judged == 0.0 {
            since = None;
            return false;
        }
        match &since {
            Some((before, at)) if *before == now => at.elapsed() > Duration::from_secs(3),
            _ => {
                since = Some((now, std::time::Instant::now()));
                false
            }
        }
    });
    let said: Vec<String> = workers.iter().map(|worker| worker.stderr()).collect();
    assert!(
        done,
        "still {:?} of {partitions} partitions\n{}",
        Standing::of(workers),
        said.join("\n")
    );
}
